"""``alembic.ddl.impl``: the class that packages subclass to teach a dialect, registered by its ``__dialect__``.

Each of its methods does what gitmig does by itself. A run asks the class that a package has registered, and goes through a method of it
where the package has overridden that one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from typing_extensions import assert_never

from gitmig import ops
from gitmig.compat.alembic.ddlautogen import ComparisonResult
from gitmig.ddl import constructs
from gitmig.ops import UNSET
from gitmig.runtime import implementations
from gitmig.runtime.building import Builder
from gitmig.runtime.directives import run_on
from gitmig.runtime.run import Run
from gitmig.schema.freeze import freeze_column, freeze_constraint, freeze_index, freeze_table
from gitmig.schema.typecompare import same_default, same_type
from gitmig.schema.values import Schema, TableName

_impls: dict[str, type[DefaultImpl]] = {}


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("gitmig", "alembic")


class ImplMeta(type):
    """Registers the classes by their ``__dialect__``."""

    def __init__(cls, classname: str, bases: tuple[type, ...], dict_: dict[str, Any]) -> None:
        super().__init__(classname, bases, dict_)
        if "__dialect__" not in dict_:
            return
        _impls[dict_["__dialect__"]] = cls  # type: ignore[assignment]
        if not _is_ours(cls.__module__):
            implementations.register(dict_["__dialect__"], made_for)


class DefaultImpl(metaclass=ImplMeta):
    __dialect__ = "default"

    transactional_ddl: bool = False
    command_terminator: str = ";"
    type_synonyms: ClassVar[tuple[set[str], ...]] = ({"NUMERIC", "DECIMAL"},)
    type_arg_extract: ClassVar[Any] = ()
    identity_attrs_ignore: ClassVar[tuple[str, ...]] = ("order", "on_null")

    def __init__(
        self,
        dialect: Any,
        connection: Any,
        as_sql: bool,
        transactional_ddl: bool | None,
        output_buffer: Any,
        context_opts: dict[str, Any],
    ) -> None:
        self.dialect = dialect
        self._connection = connection
        self.as_sql = as_sql
        self.output_buffer = output_buffer
        self.memo: dict[Any, Any] = {}
        self.context_opts = context_opts
        self.literal_binds: bool = bool(context_opts.get("literal_binds", False))
        if transactional_ddl is not None:
            self.transactional_ddl = transactional_ddl
        self.context: Any = None
        self._natively: list[Callable[[ops.Operation], None]] = []

    @classmethod
    def get_by_dialect(cls, dialect: Any) -> type[DefaultImpl]:
        """The class of a dialect; of one that nobody has taught, DefaultImpl."""
        return _impls.get(dialect.name, DefaultImpl)

    @property
    def connection(self) -> Any:
        return self._connection if self.context is None else self.context.connection

    @property
    def bind(self) -> Any:
        return self.connection

    # -- the run

    def perform(self, operation: ops.Operation, natively: Callable[[ops.Operation], None]) -> None:
        """What a run calls: the method that a package has overridden for it, else gitmig's own way."""
        self._natively.append(natively)
        try:
            if not self._by_method(operation):
                natively(operation)
        finally:
            self._natively.pop()

    def _by_method(self, op: ops.Operation) -> bool:
        """Whether a method of a package's has carried it out."""
        match op:
            case ops.CreateTable(table):
                return self._call("create_table", constructs.table_of(table), **_said(if_not_exists=op.if_not_exists))
            case ops.DropTable(name):
                return self._call("drop_table", constructs.stub(name), **_said(if_exists=op.if_exists))
            case ops.RenameTable(old, new):
                return self._call("rename_table", old.name, new.name, schema=old.schema)
            case ops.SetTableComment(name, comment):
                method = "drop_table_comment" if comment is None else "create_table_comment"
                return self._call(method, constructs.stub(name, comment=comment))
            case ops.AddColumn(name):
                said = _said(if_not_exists=op.if_not_exists, inline_references=op.references is not None, inline_primary_key=op.primary_key)
                return self._call("add_column", name.name, constructs.added_column(op), schema=name.schema, **said)
            case ops.DropColumn(name, column):
                keywords = {**_said(if_exists=op.if_exists), **dict(op.options)}
                return self._call("drop_column", name.name, constructs.stub(name, (column,)).c[column], schema=name.schema, **keywords)
            case ops.AlterColumn():
                return self._call("alter_column", op.table.name, op.name, **_altering(op))
            case ops.AddConstraint(name, constraint):
                return self._call("add_constraint", constructs.constraint_of(name, constraint))
            case ops.DropConstraint(name) if op.name is not None:
                gone = constructs.named_constraint(name, op.name, op.kind)
                return self._call("drop_constraint", gone, **_said(if_exists=op.if_exists))
            case ops.CreateIndex(name, index):
                return self._call("create_index", constructs.index_of(name, index), **_said(if_not_exists=op.if_not_exists))
            case ops.DropIndex() if op.table is not None:
                stub = constructs.stub(op.table, ("x",))
                return self._call("drop_index", sa.Index(op.name, stub.c.x), **_said(if_exists=op.if_exists))
            case ops.InsertRows():
                return self._call("bulk_insert", op.target, list(op.rows or ()), multiinsert=op.multiinsert)
            case (
                ops.DropConstraint()
                | ops.DropIndex()
                | ops.AlterTable()
                | ops.CreateEnum()
                | ops.DropEnum()
                | ops.SetEnumValues()
                | ops.CreateSequence()
                | ops.DropSequence()
                | ops.CreateSchema()
                | ops.DropSchema()
                | ops.Execute()
                | ops.Opaque()
                | ops.Nothing()
            ):
                return False
            case ops.Custom():
                return False
            case _:
                assert_never(op)

    def _call(self, method: str, *args: Any, **keywords: Any) -> bool:
        if not self._is_overridden(method):
            return False
        getattr(self, method)(*args, **keywords)
        return True

    def _is_overridden(self, method: str) -> bool:
        """Whether a class of a package's defines the method."""
        return not _is_ours(next(each.__module__ for each in type(self).__mro__ if method in vars(each)))

    def _do(self, operation: ops.Operation) -> None:
        """gitmig's own way: that of the run which is asking, else of the context's run, else on the connection."""
        if self._natively:
            self._natively[-1](operation)
        elif self.context is not None:
            run_on(self.context).natively(operation)
        else:
            from gitmig.ddl import statements

            for statement in statements(ops.Step(operation, Schema(), Schema()), self.dialect, offline=self.as_sql):
                statement.run(self.connection, self.memo)

    def _build(self) -> Builder:
        run: Run = run_on(self.context)
        return Builder(run)

    def _exec(
        self, construct: Any, execution_options: Mapping[str, Any] | None = None, multiparams: Any = None, params: Mapping[str, Any] = {}
    ) -> Any:
        """Executes, or offline prints, a construct or text."""
        construct = sa.text(construct) if isinstance(construct, str) else construct
        if self.as_sql:
            bound = construct.bindparams(**params) if params and isinstance(construct, sa.TextClause) else construct
            if self.context is not None:
                self.context.execute(bound)
                return None
            literal = self.literal_binds and not isinstance(bound, sa.schema.DDLElement)
            compiled = bound.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True} if literal else {})
            text = str(compiled).replace("\t", "    ").strip()
            self.static_output(text + self.command_terminator)
            return None
        connection = self.connection
        if execution_options:
            connection = connection.execution_options(**execution_options)
        if multiparams is not None:
            return connection.execute(construct, multiparams)
        return connection.execute(construct, dict(params)) if params else connection.execute(construct)

    def execute(self, sql: Any, execution_options: dict[str, Any] | None = None) -> None:
        self._exec(sql, execution_options)

    def static_output(self, text: str) -> None:
        """``text`` and an empty line, offline."""
        self.output_buffer.write(f"{text}\n\n")
        self.output_buffer.flush()

    def start_migrations(self) -> None:
        """Called when a run begins; packages override it."""

    def emit_begin(self) -> None:
        self.static_output(f"BEGIN{self.command_terminator}")

    def emit_commit(self) -> None:
        self.static_output(f"COMMIT{self.command_terminator}")

    def version_table_impl(self, *, version_table: str, version_table_schema: str | None, version_table_pk: bool, **kw: Any) -> sa.Table:
        """The table that holds the current revisions."""
        table = sa.Table(version_table, sa.MetaData(), sa.Column("version_num", sa.String(32), nullable=False), schema=version_table_schema)
        if version_table_pk:
            table.append_constraint(sa.PrimaryKeyConstraint("version_num", name=f"{version_table}_pkc"))
        return table

    # -- what is done

    def create_table(self, table: sa.Table, **kw: Any) -> None:
        self._do(ops.CreateTable(freeze_table(table), bool(kw.get("if_not_exists"))))

    def drop_table(self, table: sa.Table, **kw: Any) -> None:
        self._do(ops.DropTable(_name(table), bool(kw.get("if_exists")), "dangle" if self.dialect.name == "sqlite" else "refuse"))

    def rename_table(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        self._do(ops.RenameTable(TableName(old_table_name, schema), TableName(new_table_name, schema)))

    def create_table_comment(self, table: sa.Table) -> None:
        self._do(ops.SetTableComment(_name(table), table.comment))

    def drop_table_comment(self, table: sa.Table) -> None:
        self._do(ops.SetTableComment(_name(table), None))

    def create_column_comment(self, column: sa.Column[Any]) -> None:
        self._do(ops.AlterColumn(_name(column.table), column.name, ops.ColumnChange(comment=column.comment)))

    def add_column(
        self,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        table = TableName(table_name, schema)
        if isinstance(column.table, sa.Table):
            primary_key = bool(inline_primary_key and column.primary_key)
            self._do(ops.AddColumn(table, freeze_column(column), bool(if_not_exists), primary_key))
            return
        added = self._build().add_column(
            table, column, if_not_exists=if_not_exists, inline_references=inline_references, inline_primary_key=inline_primary_key
        )
        self._do(added[0])

    def drop_column(
        self, table_name: str, column: sa.Column[Any], *, schema: str | None = None, if_exists: bool | None = None, **kw: Any
    ) -> None:
        options = tuple(sorted((key, value) for key, value in kw.items() if isinstance(value, (str, int, bool))))
        self._do(ops.DropColumn(TableName(table_name, schema), column.name, bool(if_exists), options))

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        server_default: Any = False,
        name: str | None = None,
        type_: Any | None = None,
        schema: str | None = None,
        autoincrement: bool | None = None,
        comment: str | Literal[False] | None = False,
        existing_comment: str | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = None,
        existing_nullable: bool | None = None,
        existing_autoincrement: bool | None = None,
        **kw: Any,
    ) -> None:
        for operation in self._build().alter_column(
            TableName(table_name, schema),
            column_name,
            nullable=nullable,
            comment=comment,
            server_default=server_default,
            new_column_name=name,
            type_=type_,
            existing_type=existing_type,
            existing_server_default=False if existing_server_default is None else existing_server_default,
            existing_nullable=existing_nullable,
            existing_comment=existing_comment,
            autoincrement=autoincrement,
            existing_autoincrement=existing_autoincrement,
            **kw,
        ):
            if isinstance(operation, ops.AlterColumn):  # what a type brings along is an operation of its own
                self._do(operation)

    def add_constraint(self, const: Any, **kw: Any) -> None:
        self._do(ops.AddConstraint(_name(const.parent), freeze_constraint(const)))

    def drop_constraint(self, const: Any, **kw: Any) -> None:
        kind = _KINDS.get(const.__visit_name__)
        self._do(ops.DropConstraint(_name(const.parent), const.name, kind, if_exists=bool(kw.get("if_exists"))))

    def create_index(self, index: sa.Index, **kw: Any) -> None:
        assert index.table is not None
        self._do(ops.CreateIndex(_name(index.table), freeze_index(index), bool(kw.get("if_not_exists"))))

    def drop_index(self, index: sa.Index, **kw: Any) -> None:
        assert index.table is not None
        self._do(ops.DropIndex(_name(index.table), index.name, freeze_index(index), bool(kw.get("if_exists"))))

    def bulk_insert(self, table: Any, rows: list[dict[str, Any]], multiinsert: bool = True) -> None:
        """Raises TypeError for anything but a list of dictionaries."""
        if not isinstance(rows, list):
            raise TypeError("List expected")
        if rows and not isinstance(rows[0], dict):
            raise TypeError("List of dictionaries expected")
        name = TableName(str(table.name), getattr(table, "schema", None))
        self._do(ops.InsertRows(name, len(rows), table, rows, multiinsert))

    # -- batch blocks

    def prep_table_for_batch(self, batch_impl: Any, table: sa.Table) -> None:
        """Before a table is rebuilt; gitmig's rebuild needs nothing done."""

    def requires_recreate_in_batch(self, batch_op: Any) -> bool:
        """Whether a batch block of this dialect rebuilds the table."""
        return bool(batch_op.is_rebuilt()) if hasattr(batch_op, "is_rebuilt") else False

    def cast_for_batch_migrate(self, existing: Any, existing_transfer: dict[str, Any], new_type: Any) -> None:
        """A column's values in a rebuild are cast where the family of its type changes."""
        if existing.type._type_affinity is not new_type._type_affinity:
            existing_transfer["expr"] = sa.cast(existing_transfer["expr"], new_type)

    # -- autogenerate

    def compare_type(self, inspector_column: sa.Column[Any], metadata_column: sa.Column[Any]) -> bool:
        """Whether the types differ."""
        before, after = freeze_column(inspector_column).type, freeze_column(metadata_column).type
        return not same_type(before, after, self.dialect) and not self._synonyms(inspector_column, metadata_column)

    def _synonyms(self, one: sa.Column[Any], other: sa.Column[Any]) -> bool:
        """Whether the types' names are among ``type_synonyms`` together, and all else in them is the same."""
        words = [str(column.type.compile(dialect=self.dialect)).upper() for column in (one, other)]
        names = [text.partition("(")[0].strip() for text in words]
        rests = [text.partition("(")[2] for text in words]
        return rests[0] == rests[1] and any(set(names) <= batch for batch in self.type_synonyms)

    def compare_server_default(
        self,
        inspector_column: sa.Column[Any],
        metadata_column: sa.Column[Any],
        rendered_metadata_default: str | None,
        rendered_inspector_default: str | None,
    ) -> bool:
        """Whether the server defaults differ."""
        before, after = freeze_column(inspector_column), freeze_column(metadata_column)
        return not same_default(before.default, after.default, after.type, self.dialect)

    def correct_for_autogen_constraints(
        self, conn_uniques: set[Any], conn_indexes: set[Any], metadata_unique_constraints: set[Any], metadata_indexes: set[Any]
    ) -> None:
        """What the database has of its own may be taken out of the sets, before they are compared."""

    def correct_for_autogen_foreignkeys(self, conn_fks: set[Any], metadata_fks: set[Any]) -> None:
        """As ``correct_for_autogen_constraints``."""

    def adjust_reflected_dialect_options(self, reflected_object: dict[str, Any], kind: str) -> dict[str, Any]:
        return dict(reflected_object.get("dialect_options", {}))

    def autogen_column_reflect(self, inspector: Any, table: sa.Table, column_info: dict[str, Any]) -> None:
        """Called for each column that is reflected; packages override it."""

    def compare_indexes(self, metadata_index: sa.Index, reflected_index: sa.Index) -> ComparisonResult:
        return _compared(metadata_index, reflected_index, freeze_index)

    def compare_unique_constraint(
        self, metadata_constraint: sa.UniqueConstraint, reflected_constraint: sa.UniqueConstraint
    ) -> ComparisonResult:
        return _compared(metadata_constraint, reflected_constraint, freeze_constraint)

    def compare_check_constraint(
        self, metadata_constraint: sa.CheckConstraint, reflected_constraint: sa.CheckConstraint
    ) -> ComparisonResult:
        return _compared(metadata_constraint, reflected_constraint, freeze_constraint)

    def render_ddl_sql_expr(self, expr: Any, is_server_default: bool = False, **kw: Any) -> str:
        """An expression as SQL text of the dialect, values written in."""
        text = str(expr.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True, "include_table": False}))
        # Drivers that take %s have their own percent signs doubled; a revision file is no statement for a driver yet.
        return text.replace("%%", "%") if self.dialect.identifier_preparer._double_percents else text

    def render_type(self, type_obj: Any, autogen_context: Any) -> str | Literal[False]:
        """The type as Python; False leaves it to autogenerate."""
        return False


_KINDS: dict[str, Any] = {
    "primary_key_constraint": "primary",
    "foreign_key_constraint": "foreignkey",
    "unique_constraint": "unique",
    "check_constraint": "check",
    "column_check_constraint": "check",
    "table_or_column_check_constraint": "check",
    "exclude_constraint": "exclude",
}


def impl_of(context: Any) -> DefaultImpl:
    """The implementation of a context's dialect."""
    found = context.impl
    return found if isinstance(found, DefaultImpl) else made_for(context)


def made_for(context: Any) -> DefaultImpl:
    kind = DefaultImpl.get_by_dialect(context.dialect)
    opts = context.opts
    connection = context.connection
    made = kind(context.dialect, connection, context.as_sql, opts.get("transactional_ddl"), opts.get("output_buffer"), opts)
    made.context = context
    return made


def _name(table: Any) -> TableName:
    return TableName(str(table.name), table.schema)


def _said(**flags: bool) -> dict[str, bool]:
    return {name: True for name, value in flags.items() if value}


def _altering(op: ops.AlterColumn) -> dict[str, Any]:
    """The keywords that Alembic gives to ``alter_column``."""
    from gitmig.compat.alembic.opsmap import altered

    made = altered(op)
    keywords = {key: value for key, value in made.kw.items() if value is not UNSET}
    return {
        "nullable": made.modify_nullable,
        "server_default": made.modify_server_default,
        "name": made.modify_name,
        "type_": made.modify_type,
        "schema": made.schema,
        "existing_type": made.existing_type,
        "existing_server_default": made.existing_server_default,
        "existing_nullable": made.existing_nullable,
        "comment": made.modify_comment,
        "existing_comment": made.existing_comment,
        **keywords,
    }


def _compared(one: Any, other: Any, freeze: Callable[[Any], Any]) -> ComparisonResult:
    from dataclasses import replace

    left, right = freeze(one), freeze(other)
    if replace(left, name=None) == replace(right, name=None):
        return ComparisonResult.Equal()
    return ComparisonResult.Different(f"{right!r} to {left!r}")
