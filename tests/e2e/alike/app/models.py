"""The application's models, as they are today: scripts import them although they should not."""

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Setting(Base):
    __tablename__ = "app_setting"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), index=True)
    value: Mapped[str | None] = mapped_column(sa.Text())
    enabled: Mapped[bool] = mapped_column(sa.Boolean(create_constraint=True, name="ck_app_setting_enabled"), default=True)
