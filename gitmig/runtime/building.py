"""What a directive's arguments mean, as operations: shared by ``op`` (performed at once) and by batch blocks (collected).

The values carry, as ``original``, the SQLAlchemy objects that the script passed or that stand for what it named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from gitmig import ops
from gitmig.runtime.constructs import Constructs
from gitmig.schema import freeze
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.values import Check, Column, Constraint, ConstraintKind, ForeignKey, Options, Table, TableName, options

_KINDS: Mapping[str, ConstraintKind] = {
    "primary": "primary",
    "foreignkey": "foreignkey",
    "unique": "unique",
    "check": "check",
    "exclude": "exclude",
}

_RESTATING = ("mysql", "mariadb")
"""Dialects whose ALTER of a column says the whole column."""


class Setting(Protocol):
    """What building needs to know of a run."""

    @property
    def dialect(self) -> Any: ...

    @property
    def naming_convention(self) -> Mapping[str, Any] | None: ...

    @property
    def keeps_unsaid(self) -> bool: ...


class Builder:
    """Makes operations in the setting of one run."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    @property
    def constructs(self) -> Constructs:
        return Constructs(self._setting.naming_convention)

    def create_table(
        self, name: str, items: Sequence[Any], if_not_exists: bool | None, keywords: dict[str, Any]
    ) -> tuple[sa.Table, ops.CreateTable]:
        table = self.constructs.table(name, *items, **keywords)
        # A database is given the construct itself; reading it as a value would cost as much as compiling it.
        executes = getattr(self._setting, "executes", False)
        value = Table(TableName(str(table.name), table.schema), original=table) if executes else freeze.freeze_table(table)
        return table, ops.CreateTable(value, bool(if_not_exists))

    def drop_table(self, name: str, schema: str | None, if_exists: bool | None) -> ops.DropTable:
        # SQLite lets a referenced table go; the others refuse.
        references: Literal["dangle", "refuse"] = "dangle" if self._setting.dialect.name == "sqlite" else "refuse"
        return ops.DropTable(TableName(name, schema), bool(if_exists), references)

    def add_column(
        self,
        table: TableName,
        column: sa.Column[Any],
        *,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
        before_column: str | None = None,
        after_column: str | None = None,
    ) -> list[ops.Operation]:
        """The column, then each key, check and index that it brings and that ADD COLUMN does not say itself."""
        bound, column = self.constructs.with_column(table.name, column, table.schema)
        frozen = freeze.freeze_table(bound)
        value = next(each for each in frozen.columns if each.name == column.name)
        inline = inline_references and len(frozen.foreign_keys) == 1
        operations: list[ops.Operation] = [
            ops.AddColumn(
                table,
                value,
                if_not_exists=bool(if_not_exists),
                primary_key=bool(inline_primary_key and column.primary_key),
                references=frozen.foreign_keys[0] if inline else None,
                checks=tuple(check for check in frozen.checks if not check.type_bound and check.column == column.name),
                before_column=before_column,
                after_column=after_column,
            )
        ]
        keys: list[ForeignKey] = [] if inline else list(frozen.foreign_keys)
        bound_checks = [check for check in frozen.checks if check.type_bound and self._is_emitted(check.original)]
        brought: tuple[Constraint, ...] = (*keys, *frozen.uniques, *bound_checks)
        operations += [ops.AddConstraint(table, each) for each in brought]
        operations += [ops.CreateIndex(table, index) for index in frozen.indexes]
        return operations

    def _is_emitted(self, constraint: Any) -> bool:
        """Whether this dialect needs the constraint of a type (a native BOOLEAN or ENUM needs none), and can add it by ALTER TABLE."""
        rule = getattr(constraint, "_create_rule", None)
        if rule is not None and not rule(self._setting.dialect.ddl_compiler(self._setting.dialect, None)):
            return False
        return rule is None or self._setting.dialect.name != "sqlite"

    def drop_column(self, table: TableName, name: str, keywords: dict[str, Any]) -> ops.DropColumn:
        if_exists = bool(keywords.pop("if_exists", None))
        return ops.DropColumn(table, name, if_exists, _plain_options(keywords))

    def alter_column(
        self,
        table: TableName,
        name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: Any = None,
        existing_type: Any = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        **keywords: Any,
    ) -> list[ops.Operation]:
        """``False`` stands for "not given" where None means "drop it", as in Alembic."""
        using = keywords.pop("postgresql_using", None)
        autoincrement = keywords.pop("autoincrement", None)
        existing_autoincrement = keywords.pop("existing_autoincrement", None)
        old = self._type(existing_type)
        new = self._type(type_)
        existing = ops.ColumnChange(
            type=ops.UNSET if old is None else old,
            nullable=ops.UNSET if existing_nullable is None else bool(existing_nullable),
            autoincrement=ops.UNSET if existing_autoincrement is None else existing_autoincrement,
            comment=ops.UNSET if existing_comment is None else existing_comment,
            **self._defaults(existing_server_default),
        )
        change = ops.ColumnChange(
            name=ops.UNSET if new_column_name is None else str(new_column_name),
            type=ops.UNSET if new is None else new,
            nullable=ops.UNSET if nullable is None else bool(nullable),
            autoincrement=ops.UNSET if autoincrement is None else autoincrement,
            comment=ops.UNSET if comment is False else comment,
            **self._changed_defaults(server_default, existing),
        )
        if self._setting.dialect.name in _RESTATING and not self._setting.keeps_unsaid and (old is not None or new is not None):
            existing = _without_unsaid(existing)
        alter = ops.AlterColumn(table, name, change, existing, using, _plain_options(keywords))
        if new is None:
            return [alter]
        had = self._type_checks(table, name, existing_type) if old is not None else []
        # A check without a name has to be looked up. On MySQL and MariaDB it may never have been kept.
        looks_up = self._setting.dialect.name not in _RESTATING
        gone = [ops.DropConstraint(table, each.name, "check", each) for each in had if each.name or looks_up]
        come = [ops.AddConstraint(table, each) for each in self._type_checks(table, new_column_name or name, type_)]
        return [*gone, alter, *come]

    def _type(self, given: Any) -> Any:
        return None if given is None else freeze_type(sa.types.to_instance(given))

    def _type_checks(self, table: TableName, column: str, type_: Any) -> list[Check]:
        """The checks that a type (Boolean, Enum) makes for itself here."""
        bound = self.constructs.table(table.name, sa.Column(column, type_), schema=table.schema)
        return [check for check in freeze.freeze_table(bound).checks if check.type_bound and self._is_emitted(check.original)]

    def _defaults(self, given: Any) -> dict[str, Any]:
        """``server_default`` as the attributes of a ColumnChange: it may be text, an expression, Computed or Identity; False is nothing."""
        if given is False:
            return {}
        if given is None:
            return {"default": None}
        column = freeze_default(given)
        if column.computed is not None:
            return {"computed": column.computed}
        if column.identity is not None:
            return {"identity": column.identity}
        return {"default": column.default}

    def _changed_defaults(self, given: Any, existing: ops.ColumnChange) -> dict[str, Any]:
        """As ``_defaults``; None drops whichever of the three the script says is there."""
        if given is not None:
            changed = self._defaults(given)
            counted = existing.identity is not ops.UNSET and existing.identity is not None
            return {"identity": None, **changed} if counted and "default" in changed else changed
        if existing.identity is not ops.UNSET and existing.identity is not None:
            return {"identity": None}
        if existing.computed is not ops.UNSET and existing.computed is not None:
            return {"computed": None}
        return {"default": None}

    def create_index(self, table: TableName, name: str | None, columns: Sequence[Any], keywords: dict[str, Any]) -> ops.CreateIndex:
        if_not_exists = bool(keywords.pop("if_not_exists", None))
        if isinstance(columns, str):
            columns = [columns]
        index = self.constructs.index(name, table.name, columns, table.schema, **keywords)
        return ops.CreateIndex(table, freeze.freeze_index(index), if_not_exists)

    def drop_index(self, name: str | None, table: str | None, schema: str | None, keywords: dict[str, Any]) -> ops.DropIndex:
        """``index`` of the operation holds the keywords given (postgresql_concurrently ...); its elements are unknown."""
        if_exists = bool(keywords.pop("if_exists", None))
        stub = self.constructs.stub(table or "no_table", schema, ("x",))
        index = sa.Index(name, stub.c.x, **keywords)
        value = replace(freeze.freeze_index(index), elements=())
        return ops.DropIndex(TableName(table, schema) if table else None, None if name is None else str(name), value, if_exists, schema)

    def primary_key(self, table: TableName, name: str | None, columns: Sequence[str], keywords: dict[str, Any]) -> ops.AddConstraint:
        return self._adding(table, self.constructs.primary_key(name, table.name, columns, table.schema, **keywords))

    def unique(self, table: TableName, name: str | None, columns: Sequence[str], keywords: dict[str, Any]) -> ops.AddConstraint:
        return self._adding(table, self.constructs.unique(name, table.name, columns, table.schema, **keywords))

    def check(self, table: TableName, name: str | None, condition: Any, keywords: dict[str, Any]) -> ops.AddConstraint:
        return self._adding(table, self.constructs.check(name, table.name, condition, table.schema, **keywords))

    def exclude(self, table: TableName, name: str | None, elements: Sequence[Any], keywords: dict[str, Any]) -> ops.AddConstraint:
        return self._adding(table, self.constructs.exclude(name, table.name, elements, table.schema, **keywords))

    def foreign_key(
        self,
        table: TableName,
        target: TableName,
        name: str | None,
        columns: Sequence[str],
        target_columns: Sequence[str],
        keywords: dict[str, Any],
    ) -> ops.AddConstraint:
        key = self.constructs.foreign_key(
            name, (table.name, table.schema), (target.name, target.schema), columns, target_columns, **keywords
        )
        return self._adding(table, key)

    def _adding(self, table: TableName, constraint: sa.Constraint) -> ops.AddConstraint:
        return ops.AddConstraint(table, freeze.freeze_constraint(constraint))

    def drop_constraint(self, table: TableName, name: str | None, type_: str | None, if_exists: bool | None = None) -> ops.DropConstraint:
        if type_ is not None and type_ not in _KINDS:
            raise TypeError(f"'type' can be one of {', '.join(sorted(map(repr, _KINDS)))}")
        kind = _KINDS[type_] if type_ else None
        # Alembic lets the convention have its say on names that are dropped too: "ck" around the bare name of a check.
        stub = self.constructs.named(kind, name, table.name, table.schema)
        final = stub.name if isinstance(stub.name, str) else name
        return ops.DropConstraint(table, None if final is None else str(final), kind, if_exists=bool(if_exists))


def _without_unsaid(existing: ops.ColumnChange) -> ops.ColumnChange:
    """What Alembic's MODIFY takes for what the script does not say: it states the whole column, and this is what it states of the rest."""
    usual = ops.ColumnChange(nullable=True, default=None, computed=None, autoincrement=False, comment=None)
    return replace(existing, **{name: value for name, value in usual.given().items() if name not in existing.given()})


def freeze_default(given: Any) -> Column:
    """A column that holds what was given as a ``server_default``."""
    if isinstance(given, (sa.Computed, sa.Identity)):
        return freeze.freeze_column(sa.Column("x", sa.types.NULLTYPE, given))
    return freeze.freeze_column(sa.Column("x", sa.types.NULLTYPE, server_default=given))


def _plain_options(keywords: Mapping[str, Any]) -> Options:
    """The keywords that have a form as values; what else a script passed (objects) meant nothing to Alembic either."""
    return options({name: value for name, value in keywords.items() if isinstance(value, (str, int, float, bool))})
