"""SQLite: what ALTER TABLE can do there, and a rebuild of the table for all else.

https://www.sqlite.org/lang_altertable.html says what is native, and how a table is rebuilt: create the new one, copy, drop the old one,
rename, create indexes and triggers again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler

from gitmig import ops
from gitmig.ddl import constructs, elements, sqlitebatch
from gitmig.ddl.elements import alter_table, format_column_name, format_table_name
from gitmig.ddl.generic import Generic, advanced
from gitmig.ddl.sqlitecolumns import column_text
from gitmig.ddl.sqlitedraft import Draft
from gitmig.ddl.statement import AnyStatement, Row, Statement
from gitmig.errors import ArgumentMissing, SchemaError
from gitmig.schema.sqlitesql import TableText, in_schema, mentions, read_table, same, tokens
from gitmig.schema.values import Schema, TableName

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_Altering = ops.AddColumn | ops.DropColumn | ops.AlterColumn | ops.AddConstraint | ops.DropConstraint

# DROP COLUMN came with 3.35.0 (https://www.sqlite.org/changes.html).
_DROP_COLUMN = (3, 35, 0)
# What AlterColumn may change without a word to SQLite, which keeps none of it, or by RENAME COLUMN.
_NATIVE_CHANGES = frozenset(["name", "comment", "autoincrement", "identity"])


class NoSuchTable(SchemaError, sa.exc.NoSuchTableError):
    """A batch block changes a table that is not there; scripts catch it by SQLAlchemy's name, as with Alembic."""

    __str__ = SchemaError.__str__


class SqliteText(sa.schema.DDLElement):
    """A statement that is put together as text."""

    inherit_cache = False

    def __init__(self, text: str) -> None:
        self.text = text


def temporary_name(table: str) -> str:
    """The name of a table while it is rebuilt: Alembic's."""
    return f"_alembic_tmp_{table}"[:50]


class Sqlite(Generic):
    """``live``: the rows of sqlite_master that ``live_query`` asks for; None where there is no database, and ``before`` says it all."""

    def __init__(self, dialect: Dialect, offline: bool = False, live: Sequence[Row] | None = None) -> None:
        super().__init__(dialect, offline)
        self.live = live

    def statements(self, step: ops.Step) -> Iterator[AnyStatement]:
        op = step.op
        if isinstance(op, _Altering):
            yield from self._altering(step.before, op)
        elif not isinstance(op, ops.SetTableComment):  # SQLite keeps no comments
            yield from super().statements(step)

    def _altering(self, before: Schema, op: _Altering) -> Iterator[AnyStatement]:
        unknown = self.live is None and op.table not in before.tables
        if not self.is_native(before, op) and not (unknown and isinstance(op, ops.AddColumn)):
            yield from self.rebuild(before, op.table, (op,), None)
        elif isinstance(op, ops.AddColumn):
            if not (op.if_not_exists and self._has_column(before, op.table, op.column.name)):
                yield from super().add_column(replace(op, if_not_exists=False))
        elif isinstance(op, ops.DropColumn):
            if unknown or not op.if_exists or self._has_column(before, op.table, op.name):
                column = constructs.stub(op.table, (op.name,)).columns[op.name]
                yield Statement(elements.DropColumn(op.table.name, column, schema=op.table.schema))
        elif isinstance(op, ops.AlterColumn) and isinstance(op.change.name, str) and op.change.name != op.name:
            yield self.column(op, elements.ColumnName, op.change.name)

    def alter_table(self, step: ops.Step, op: ops.AlterTable) -> Iterator[AnyStatement]:
        """One rebuild for each run of operations on one table, unless every one of them is native."""
        before = step.before
        members = ops.members(op)
        if not members and op.recreate == "always":
            yield from self.rebuild(before, op.table, (), op)
        for table, run in groupby(members, key=_table_of):
            group = tuple(run)
            if table is not None and (is_batch_rebuild(op, table, group) or not all(self.is_native(before, each) for each in group)):
                yield from self.rebuild(before, table, group, op if table == op.table else None)
                for member in group:
                    before = advanced(before, member)
                continue
            for member in group:
                after = advanced(before, member)
                yield from self.statements(ops.Step(member, before, after))
                before = after

    # What is known of a table

    def text_of(self, before: Schema, name: TableName) -> TableText | None:
        """The table's definition: as the database has it, else as it would be created; None where neither is known."""
        for kind, table, _, sql in self.live or ():
            if kind == "table" and same(table, name.name) and sql:
                return read_table(sql)
        known = before.tables.get(name)
        if known is None:
            return None
        return read_table(str(sa.schema.CreateTable(constructs.table_of(known)).compile(dialect=self.dialect)))

    def _indexes_of(self, before: Schema, name: TableName) -> list[tuple[str, str]]:
        """Name and text of each index that was created as one."""
        if self.live is not None:
            return [(index, sql) for kind, index, table, sql in self.live if kind == "index" and same(table, name.name) and sql]
        known = before.tables.get(name)
        found = []
        for each in known.indexes if known is not None else ():
            index = constructs.index_of(name, each)
            found.append((str(index.name), str(sa.schema.CreateIndex(index).compile(dialect=self.dialect)).strip()))
        return found

    def _has_column(self, before: Schema, table: TableName, name: str) -> bool:
        text = self.text_of(before, table)
        return text is not None and text.column(name) is not None

    # What is native

    def is_native(self, before: Schema, op: ops.Operation) -> bool:
        """Whether the operation needs no rebuild."""
        match op:
            case ops.AddColumn():
                return op.before_column is None and op.after_column is None and not op.primary_key and self._can_be_added(op)
            case ops.DropColumn():
                return self._can_be_dropped(before, op)
            case ops.AlterColumn():
                return set(op.change.given()) <= _NATIVE_CHANGES
            case ops.AddConstraint() | ops.DropConstraint():
                return False
            case _:
                return True

    def _can_be_added(self, op: ops.AddColumn) -> bool:
        """The rules of lang_altertable.html, section 5."""
        compiler: Any = self.dialect.ddl_compiler(self.dialect, cast("Any", None))
        column = column_text(compiler, constructs.added_column(op), op.references is not None, op.primary_key)
        default = next((clause.body for clause in column.clauses if clause.kind == "default"), "NULL")
        constant = not default.startswith("(") and not default.upper().startswith("CURRENT_")
        missing = default.upper() == "NULL"
        if column.has("primary") or column.has("unique") or not constant:
            return False
        if (column.has("notnull") and missing and not column.generated) or (column.has("foreignkey") and not missing):
            return False
        return not any(clause.kind == "generated" and tokens(clause.text)[-1].word == "STORED" for clause in column.clauses)

    def _can_be_dropped(self, before: Schema, op: ops.DropColumn) -> bool:
        """The rules of lang_altertable.html, section 4; a view or trigger that needs the column is for SQLite to find."""
        version = getattr(getattr(self.dialect, "dbapi", None), "sqlite_version_info", _DROP_COLUMN)
        if tuple(version) < _DROP_COLUMN:
            return False
        text = self.text_of(before, op.table)
        column = text.column(op.name) if text is not None else None
        if text is None or column is None:
            return True
        if any(clause.kind in ("primary", "unique", "foreignkey") for clause in column.clauses):
            return False
        rest = [clause for each in text.columns if each is not column for clause in each.clauses] + list(text.constraints)
        if any(same(each, op.name) for clause in rest for each in clause.columns):
            return False
        return not any(mentions(sql, (op.name,)) for _, sql in self._indexes_of(before, op.table))

    # The rebuild

    def rebuild(
        self, before: Schema, table: TableName, group: Sequence[ops.Operation], batch: ops.AlterTable | None
    ) -> Iterator[AnyStatement]:
        """The table made anew with the group's changes; its rows, indexes and triggers, and what refers to it, stay."""
        arguments = batch.batch if batch is not None else None
        draft = self._draft(before, table, arguments)
        if batch is not None and (batch.batch is not None or batch.recreate == "always"):
            sqlitebatch.as_batch(draft)
        indexes = dict(self._indexes_of(before, table))
        extra: list[sa.Index] = []
        if arguments is not None:
            copied = getattr(arguments, "copy_from", None)
            if copied is not None:
                indexes = {str(index.name): self._create_index(index) for index in _sorted(copied.indexes)}
            if getattr(arguments, "naming_convention", None):
                sqlitebatch.apply_convention(draft, arguments.naming_convention)
            sqlitebatch.override(draft, [each for each in getattr(arguments, "reflect_args", ()) if isinstance(each, sa.Column)])
            sqlitebatch.listen(draft, getattr(arguments, "reflect_kwargs", {}).get("listeners", ()))
        head: list[AnyStatement] = []
        tail: list[AnyStatement] = []
        for op in group:
            self._apply(draft, op, indexes, head, tail)
        if batch is not None and is_batch_rebuild(batch, table, group):
            sqlitebatch.settle_key(draft, group)
        if arguments is not None:
            extra = sqlitebatch.apply_arguments(draft, getattr(arguments, "table_args", ()), getattr(arguments, "table_kwargs", {}))
            sqlitebatch.reorder(draft, getattr(arguments, "partial_reordering", ()))
        yield from head
        given = getattr(arguments, "copy_from", None) is not None  # the draft began as what the script says, not as what is there
        if given or (batch is not None and batch.recreate == "always") or draft.text() != draft.old:
            yield from self._rebuilt(draft, indexes)
        yield from (Statement(SqliteText(self._create_index(index))) for index in extra)
        yield from tail

    def _draft(self, before: Schema, table: TableName, arguments: Any) -> Draft:
        copied = getattr(arguments, "copy_from", None)
        if copied is not None:
            text: TableText | None = read_table(str(sa.schema.CreateTable(copied).compile(dialect=self.dialect)))
        else:
            text = self.text_of(before, table)
        if text is None and self.live is not None:
            raise NoSuchTable(f"table {table} has to be rebuilt, and there is no such table")
        if text is None:
            raise ArgumentMissing(
                f"This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with "
                f'which to reflect the table "{table}"',
                "Give its definition as copy_from= of batch_alter_table, or run the upgrade on the database instead of printing it.",
            )
        return Draft(self.dialect, table, text)

    def _create_index(self, index: sa.Index) -> str:
        return str(sa.schema.CreateIndex(index).compile(dialect=self.dialect)).strip()

    def _apply(self, draft: Draft, op: ops.Operation, indexes: dict[str, str], head: list[AnyStatement], tail: list[AnyStatement]) -> None:
        """The operation on the draft. What SQLite does by itself, in order, before and after the rebuild, goes to ``head`` and ``tail``."""
        match op:
            case ops.AddColumn():
                draft.add_column(op)
            case ops.DropColumn():
                draft.drop_column(op)
            case ops.AlterColumn():
                draft.alter_column(op)
                if isinstance(op.change.name, str) and op.change.name != op.name:
                    old, new = draft.renames[-1]
                    tail.append(Statement(elements.ColumnName(draft.table.name, old, new, schema=draft.table.schema)))
            case ops.AddConstraint():
                draft.add_constraint(op)
            case ops.DropConstraint():
                draft.drop_constraint(op)
            case ops.CreateIndex():
                tail.append(self.create_index(op))
            case ops.DropIndex():
                found = next((name for name in indexes if same(name, op.name)), None)
                if found is not None:
                    del indexes[found]
                place = tail if found is None else head
                place.append(self.drop_index(ops.Step(op, Schema(), Schema()), op))
            case _:
                pass  # a comment, which SQLite does not keep

    def _rebuilt(self, draft: Draft, indexes: dict[str, str]) -> Iterator[AnyStatement]:
        """The procedure of lang_altertable.html, section 7. The one who runs it has foreign keys off, and a transaction around."""
        name = draft.table
        temporary = TableName(temporary_name(name.name), name.schema)
        if any(kind == "table" and same(table, temporary.name) for kind, table, _, _ in self.live or ()):
            raise SchemaError(
                f"table {temporary} stands in the way: a batch of Alembic's was interrupted",
                f'See that {name} still has its rows, then: DROP TABLE "{temporary.name}"',
            )
        old, new = self._quoted(name), self._quoted(temporary)
        referred = self._is_referred(name)

        def text(sql: str) -> Statement:
            return Statement(SqliteText(sql), foreign_keys_off=referred)

        yield text(draft.text().render(new))
        yield text(self._copy(draft, old, new))
        if draft.old.counts and draft.text().counts:
            yield from map(text, self._keep_count(name, temporary))
        yield text(f"DROP TABLE {old}")
        # Views and triggers that speak of the table would stop the renaming, as the table is not there: in legacy mode nobody asks them.
        yield text("PRAGMA legacy_alter_table = ON")
        yield text(f"ALTER TABLE {new} RENAME TO {self._quoted(TableName(name.name))}")
        yield text("PRAGMA legacy_alter_table = OFF")
        for sql in indexes.values():
            if not _speaks_of(sql, draft):
                yield text(in_schema(sql, name.schema))
        for kind, _, table, trigger in self.live or ():
            if kind == "trigger" and same(table, name.name) and trigger:
                yield text(in_schema(trigger, name.schema))

    def _copy(self, draft: Draft, old: str, new: str) -> str:
        quote = self.dialect.identifier_preparer.quote
        columns = [column for column in draft.columns if column.name in draft.copied]
        if not columns:
            # Nothing but new columns: the rows themselves stay.
            return f"INSERT INTO {new} (rowid) SELECT rowid FROM {old}"
        names = ", ".join(quote(column.name) for column in columns)
        values = ", ".join(
            f"CAST({quote(column.name)} AS {column.type}) AS {quote(column.name)}" if column.name in draft.casts else quote(column.name)
            for column in columns
        )
        return f"INSERT INTO {new} ({names}) SELECT {values} FROM {old}"

    def _is_referred(self, name: TableName) -> bool:
        """Whether rows of another table may point into this one: dropping it with foreign keys enforced would take them along."""
        if self.live is None:
            return True
        for kind, table, _, sql in self.live:
            if kind != "table" or not sql or same(table, name.name) or name.name.lower() not in sql.lower():
                continue
            if any(same(clause.target, name.name) for clause in read_table(sql).all_clauses()):
                return True
        return False

    def _keep_count(self, name: TableName, temporary: TableName) -> Iterator[str]:
        """AUTOINCREMENT's last number, which may be above all that are left (https://www.sqlite.org/autoinc.html)."""
        sequence = self._quoted(TableName("sqlite_sequence", name.schema))
        old, new = (f"'{each.name.replace(chr(39), chr(39) * 2)}'" for each in (name, temporary))
        yield f"DELETE FROM {sequence} WHERE name = {new}"
        yield f"INSERT INTO {sequence} (name, seq) SELECT {new}, seq FROM {sequence} WHERE name = {old}"

    def _quoted(self, name: TableName) -> str:
        preparer = self.dialect.identifier_preparer
        quoted = preparer.quote(name.name)
        return f"{preparer.quote_schema(name.schema)}.{quoted}" if name.schema else quoted


def _table_of(op: ops.Operation) -> TableName | None:
    """The table that a rebuild for the operation would be of."""
    match op:
        case (
            ops.AddColumn()
            | ops.DropColumn()
            | ops.AlterColumn()
            | ops.AddConstraint()
            | ops.DropConstraint()
            | ops.CreateIndex()
            | ops.DropIndex()
            | ops.SetTableComment()
        ):
            return op.table
        case _:
            return None


def is_batch_rebuild(op: ops.AlterTable, table: TableName, group: Sequence[ops.Operation]) -> bool:
    """Whether Alembic's batch block would rebuild the table: on request, or for more than new columns and indexes."""
    if table != op.table or op.recreate == "never":
        return False
    plain = (ops.AddColumn, ops.CreateIndex, ops.DropIndex, ops.SetTableComment)
    more = any(not isinstance(each, plain) or _makes_check(each) for each in group)
    return op.recreate == "always" or (op.batch is not None and more)


def _makes_check(op: ops.Operation) -> bool:
    """Whether a column is added whose type makes a check for itself: in a batch block, as Alembic has it, that takes a rebuild."""
    if not isinstance(op, ops.AddColumn):
        return False
    type_ = constructs.added_column(op).type
    return isinstance(type_, (sa.Boolean, sa.Enum)) and bool(type_.create_constraint)


def _speaks_of(sql: str, draft: Draft) -> bool:
    """Whether an index is over a column that is gone."""
    there = {column.name.lower() for column in draft.columns if column.name in draft.copied}
    gone = [name for name in draft.dropped if name.lower() not in there]
    opening = next((token.start for token in tokens(sql) if token.text == "("), 0)
    return mentions(sql[opening:], gone)


def _sorted(indexes: Any) -> list[sa.Index]:
    return sorted(indexes, key=lambda index: str(index.name))


@compiles(SqliteText)
def visit_text(element: SqliteText, compiler: DDLCompiler, **kw: Any) -> str:
    return element.text


@compiles(elements.RenameTable, "sqlite")
def visit_rename_table(element: elements.RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = format_table_name(compiler, element.new_table_name, None)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME TO {new}"


@compiles(elements.ColumnName, "sqlite")
def visit_column_name(element: elements.ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    old, new = format_column_name(compiler, element.column_name), format_column_name(compiler, element.newname)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME COLUMN {old} TO {new}"
