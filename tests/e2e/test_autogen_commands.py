"""revision --autogenerate, diff and check, as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PYPROJECT = '[tool.gitmig]\nscript_location = "migrations"\nurl = "sqlite:///app.db"\nmodels = ["app.models:Base"]\n'
MODELS = """from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), index=True)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "models.py").write_text(MODELS)
    return tmp_path


def gitmig(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gitmig", *words], cwd=folder, capture_output=True, text=True, check=False)


def test_a_model_becomes_a_revision_and_then_nothing_is_left_to_do(project: Path) -> None:
    assert gitmig(project, "check").returncode == 1
    made = gitmig(project, "revision", "--autogenerate")
    assert made.returncode == 0, made.stderr
    (file,) = (project / "migrations" / "versions").glob("*_create_users.py")
    assert 'op.create_index(op.f("ix_users_name"), "users", ["name"], unique=False)' in file.read_text()
    checked = gitmig(project, "check")
    assert (checked.returncode, checked.stdout) == (0, "No new upgrade operations detected.\n"), checked.stderr
    assert gitmig(project, "revision", "--autogenerate").stdout.startswith("Nothing to do")
    assert len(list((project / "migrations" / "versions").glob("*.py"))) == 1


def test_diff_tells_the_difference_as_json_and_as_sql(project: Path) -> None:
    found = gitmig(project, "diff", "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["changes"][0]["summary"] == "create table users"
    assert "CREATE TABLE users" in gitmig(project, "diff", "--sql").stdout


def test_a_table_whose_module_was_not_imported_is_not_dropped(project: Path) -> None:
    (project / "app" / "orders.py").write_text(
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.models import Base\n\n\n"
        'class Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    )
    (project / "app" / "__init__.py").write_text("import app.orders\n")
    assert gitmig(project, "revision", "--autogenerate").returncode == 0
    (project / "app" / "__init__.py").write_text("")
    found = gitmig(project, "check")
    assert found.returncode == 2
    assert "app/orders.py:6" in found.stderr
