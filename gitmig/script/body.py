"""Operations as the body of ``upgrade()`` or ``downgrade()``, in Alembic's directives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from typing_extensions import assert_never

from gitmig import ops
from gitmig.errors import SchemaError
from gitmig.ops.raw import Importing
from gitmig.ops.union import members
from gitmig.schema import serial
from gitmig.schema.casting import cast
from gitmig.schema.normal import identity_defaults
from gitmig.schema.spelling import dialect_named, text_element
from gitmig.schema.tableoptions import alter_sql
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    PrimaryKey,
    ServerDefault,
    Table,
    TableName,
    Unique,
    kind_of,
)
from gitmig.script import tablesource as parts
from gitmig.script.batchsource import BatchChoice, batch_choice, conventional_name, dropped
from gitmig.script.enumsource import set_enum_values, type_call
from gitmig.script.layout import Argument, Call, Code, call, lay_out, listing, literal, quoted
from gitmig.script.prefixes import Given, prefixed
from gitmig.script.typesource import OMITTED, Style, Writer

INDENT = 4


@dataclass(frozen=True, slots=True)
class Section:
    """Steps that stand together. ``only``: the dialects that they are for, where that is not all of them."""

    steps: tuple[ops.Step, ...]
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of both functions, indented by four blanks, and the import lines that they need, sorted."""

    upgrade: tuple[str, ...]
    downgrade: tuple[str, ...]
    imports: tuple[str, ...]


def body(upgrade: Sequence[Section], downgrade: Sequence[Section], style: Style) -> Body:
    """A revision's functions. Raises ModelsError for a type that has no source, SchemaError for an operation that has none."""
    writer = Writer(style)
    up, down = statements(upgrade, writer), statements(downgrade, writer)
    return Body(up, down, tuple(sorted(writer.imports)))


def statements(sections: Sequence[Section], writer: Writer) -> tuple[str, ...]:
    """The lines of one function; none for no steps."""
    result: list[str] = []
    for section in sections:
        if not section.only:
            result += _lines(section.steps, writer, INDENT)
            continue
        inner = _lines(section.steps, writer, INDENT + 4)
        if inner:
            asked = f"{writer.style.directives}get_context().dialect.name"
            result += [" " * INDENT + f"if {asked} {_condition(section.only)}:", *inner, ""]
    while result and not result[-1]:
        result.pop()
    return tuple(result)


def _condition(dialects: Sequence[str]) -> str:
    """MariaDB's server speaks through either of two dialects."""
    names = sorted({other for name in dialects for other in (("mariadb", "mysql") if name in ("mariadb", "mysql") else (name,))})
    return f"== {quoted(names[0])}" if len(names) == 1 else f"in ({', '.join(map(quoted, names))})"


def _lines(steps: Iterable[ops.Step], writer: Writer, indent: int) -> list[str]:
    result: list[str] = []
    every = tuple(_spread(steps))
    prefixes = (writer.style.directives, writer.style.sqlalchemy)
    for name, group in _by_table(every, writer):
        choice = batch_choice(group, writer.style) if name is not None else BatchChoice(False)
        scribe = Scribe(writer, name if choice.batch else None, every)
        codes = [prefixed(code, *prefixes) for step in group for code in scribe.code(step, group)]
        if not codes:
            continue
        if not choice.batch or name is None:
            result += [line for code in codes for line in lay_out(code, indent)]
            continue
        head = Call("op.batch_alter_table", (Argument(quoted(name.name)), *parts.schema_keyword(name), *choice.arguments()))
        result += lay_out(prefixed(head, *prefixes), indent, "with ", " as batch_op:")
        result += [line for code in codes for line in lay_out(code, indent + 4)]
        result.append("")  # a blank line ends the block
    while result and not result[-1]:
        result.pop()
    return result


def _spread(steps: Iterable[ops.Step]) -> Iterator[ops.Step]:
    """Groups as their members."""
    for step in steps:
        if isinstance(step.op, ops.AlterTable) and not step.op.table_options:
            yield from _spread(ops.steps(step.before, members(step.op)))
        else:
            yield step


def _by_table(steps: Iterable[ops.Step], writer: Writer) -> Iterator[tuple[TableName | None, list[ops.Step]]]:
    """Neighbours that change the same table; every other step stands alone."""
    group: list[ops.Step] = []
    current: TableName | None = None
    for step in steps:
        name = _changed_table(step.op, writer)
        if group and name == current and name is not None:
            group.append(step)
            continue
        if group:
            yield current, group
        group, current = [step], name
    if group:
        yield current, group


def _changed_table(operation: ops.Operation, writer: Writer) -> TableName | None:
    match operation:
        case ops.AlterColumn(change=change) if change.serial is not ops.UNSET:
            return None  # half of it is no directive of a batch block
        case ops.AddConstraint(name, PrimaryKey() | Unique() as key) if parts.key_sql(name, key, writer) is not None:
            return None  # nor is this
        case ops.AddColumn(table=table) | ops.DropColumn(table=table) | ops.AlterColumn(table=table):
            return table
        case ops.AddConstraint(table=table) | ops.DropConstraint(table=table) | ops.CreateIndex(table=table):
            return table
        case ops.DropIndex(table=table) | ops.SetTableComment(table=table):
            return table
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes the steps of one group; ``batch`` is the table of its batch block, ``every`` are all steps of the section."""

    writer: Writer
    batch: TableName | None = None
    every: tuple[ops.Step, ...] = ()

    @property
    def owner(self) -> str:
        return "batch_op" if self.batch is not None else "op"

    def _later(self, step: ops.Step) -> Iterator[ops.Step]:
        return dropwhile(lambda each: each is not step, self.every)

    def code(self, step: ops.Step, group: Sequence[ops.Step]) -> list[Code]:
        """The statements of one step. ``group`` are the steps on the same table around it."""
        match step.op:
            case ops.CreateTable(table):
                return [parts.table(self.writer, table), *(self._create_index(table.name, index) for index in table.indexes)]
            case ops.DropTable(name):
                return [self._call("drop_table", quoted(name.name), *parts.schema_keyword(name))]
            case ops.RenameTable(old, new):
                return [self._call("rename_table", quoted(old.name), quoted(new.name), *parts.schema_keyword(old))]
            case ops.SetTableComment(name, comment):
                return [self._comment(name, comment, step.before.table(name).comment)]
            case ops.AddColumn(name, column, checks=checks):
                code = parts.column(self.writer, column, checks, _bound_check(column, group))
                return [] if code == OMITTED else [self._on(name, "add_column", code)]
            case ops.DropColumn(name, column_name):
                return [self._on(name, "drop_column", quoted(column_name))]
            case ops.AlterColumn():
                return list(self._alterations(step, step.op))
            case ops.AddConstraint(name, constraint):
                return [] if _made_by_type(constraint, group) else [self._add_constraint(step.op)]
            case ops.DropConstraint():
                return [] if _made_by_type(step.op.constraint, group) else [self._drop_constraint(step, step.op)]
            case ops.CreateIndex(name, index):
                return [self._create_index(name, index)]
            case ops.DropIndex(name, index_name, index=known):
                final = None if index_name is None else quoted(index_name)
                return [self._drop_index(name, parts.name_of(known, self.owner) if known is not None else final)]
            case ops.CreateEnum(enum):
                return [type_call(enum.key(), enum.values, "create")]
            case ops.DropEnum(name):
                return [type_call(name, (), "drop")]
            case ops.SetEnumValues():
                return list(set_enum_values(self.writer, step, step.op, self._later(step)))
            case ops.CreateSequence(sequence):
                return [self._execute(call("sa.schema.CreateSequence", self.writer.sequence(sequence)))]
            case ops.DropSequence(name):
                named = call("sa.Sequence", quoted(name.name))
                sequence_code = Call("sa.Sequence", (*named.arguments, *parts.schema_keyword(name)))
                return [self._execute(call("sa.schema.DropSequence", sequence_code))]
            case ops.CreateSchema(schema_name, if_not_exists):
                arguments = parts.keywords([("if_not_exists", "True" if if_not_exists else None)])
                return [self._execute(Call("sa.schema.CreateSchema", (Argument(quoted(schema_name)), *arguments)))]
            case ops.DropSchema(schema_name):
                return [self._execute(call("sa.schema.DropSchema", quoted(schema_name)))]
            case ops.Execute(sql):
                return [self._execute(quoted(self.writer.sql(sql)))]
            case ops.Nothing():
                return []
            case ops.AlterTable(table=name, table_options=changed) if changed:
                return [self._sql(sql) for sql in alter_sql(name, changed, self.writer.style.dialects[0])]
            case ops.AlterTable():
                return [code for each in _spread([step]) for code in self.code(each, group)]
            case ops.InsertRows() | ops.Opaque():
                raise SchemaError(f"'{step.op.describe()}' cannot be written as source", "Write the revision by hand")
            case ops.Custom():
                if isinstance(step.op, Importing):
                    self.writer.imports.update(step.op.imports())
                return [Given(line) for line in step.op.source()]
            case _:
                assert_never(step.op)

    # calls

    def _call(self, directive: str, *arguments: Code | Argument) -> Call:
        return Call(f"{self.owner}.{directive}", tuple(each if isinstance(each, Argument) else Argument(each) for each in arguments))

    def _on(self, name: TableName, directive: str, *arguments: Code | Argument) -> Call:
        """A directive whose first argument is the table, which a batch block says itself."""
        if self.batch is not None:
            return self._call(directive, *arguments)
        return self._call(directive, quoted(name.name), *arguments, *parts.schema_keyword(name))

    def _named(self, name: Code | None, table: TableName, directive: str, *arguments: Code | Argument) -> Call:
        """A directive whose first arguments are a name and the table."""
        first: Code = "None" if name is None else name
        if self.batch is not None:
            return self._call(directive, first, *arguments)
        return self._call(directive, first, quoted(table.name), *arguments, *parts.schema_keyword(table))

    def _execute(self, code: Code) -> Code:
        return call("op.execute", code)

    # tables and columns

    def _comment(self, name: TableName, comment: str | None, existing: str | None) -> Call:
        kept = parts.keywords([("existing_comment", None if existing is None else quoted(existing))])
        if comment is None:
            return self._on(name, "drop_table_comment", *kept)
        return self._on(name, "create_table_comment", quoted(comment), *kept)

    def _alterations(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[Code]:
        """One directive; to make or unmake PostgreSQL's SERIAL takes the statements for its sequence beside it."""
        counts, table, name = op.change.serial, op.table, op.name
        change = replace(op.change, serial=ops.UNSET)
        if counts is ops.UNSET:
            yield self._alter_column(step, op)
            return
        if counts:
            if change.given():
                yield self._alter_column(step, replace(op, change=change))
            yield self._sql(serial.create_sql(table, name, step.after.table(table).column(name).type))
            change = ops.ColumnChange(default=ServerDefault("sql", serial.default_sql(table, name)))
            yield self._alter_column(step, replace(op, change=change))
            yield self._sql(serial.start_sql(table, name))
        else:
            yield self._alter_column(step, replace(op, change=ops.ColumnChange(default=None)))
            yield self._sql(serial.drop_sql(table, name))
            if change.given():
                yield self._alter_column(step, replace(op, change=change))

    def _sql(self, sql: str) -> Code:
        return self._execute(quoted(text_element(sql).text))

    def _alter_column(self, step: ops.Step, op: ops.AlterColumn) -> Call:
        before = step.before.table(op.table)
        column = before.column(op.name)
        given = op.change.given()
        default = _default_of(given, column)
        pairs: list[tuple[str, Code | None]] = [
            ("existing_type", self.writer.type(column.type)),
            ("type_", self.writer.type(given["type"]) if "type" in given else None),
            ("nullable", literal(given["nullable"]) if "nullable" in given else None),
            ("server_default", self._server_default(*default) if default is not None else None),
            ("comment", _text(given["comment"]) if "comment" in given else None),
            ("new_column_name", quoted(given["name"]) if "name" in given and given["name"] != op.name else None),
        ]
        if "autoincrement" in given:
            pairs.append(("autoincrement", literal(given["autoincrement"] is not False)))
        if "nullable" not in given:
            pairs.append(("existing_nullable", literal(column.nullable)))
        kept = (column.default, column.computed, column.identity)
        if (default is None or "identity" in given) and any(each is not None for each in kept):
            pairs.append(("existing_server_default", self._server_default(*kept)))
        if column.comment is not None:
            pairs.append(("existing_comment", quoted(column.comment)))
        if "autoincrement" not in given and self._counts_by_itself(before, column):
            pairs.append(("existing_autoincrement", "True"))
        using = op.using
        if using is None and "type" in given and "postgresql" in self.writer.style.dialects:
            using = cast(column.name, column.type, given["type"])
        if using is not None:
            pairs.append(("postgresql_using", quoted(using)))
        return self._on(op.table, "alter_column", quoted(op.name), *parts.keywords(pairs))

    def _server_default(self, default: ServerDefault | None, computed: object, identity: object) -> Code:
        if isinstance(identity, Identity):
            return self.writer.identity(identity)
        if isinstance(computed, Computed):
            return self.writer.computed(computed)
        return "None" if default is None else self.writer.default(default)

    def _counts_by_itself(self, table: Table, column: Column) -> bool:
        """MySQL's MODIFY takes AUTO_INCREMENT away unless it is said again."""
        if not {"mysql", "mariadb"} & set(self.writer.style.dialects) or table.primary_key is None:
            return False
        if column.autoincrement is True:
            return True
        alone = table.primary_key.columns == (column.name,) and column.default is None and column.identity is None
        free = column.autoincrement == "ignore_fk" or not any(column.name in key.columns for key in table.foreign_keys)
        return column.autoincrement in ("auto", "ignore_fk") and alone and free and "INT" in column.type.path.upper()

    # constraints and indexes

    def _add_constraint(self, op: ops.AddConstraint) -> Code:
        value = op.constraint
        name = parts.name_of(value, self.owner)
        if name is None and value.made is not None and not isinstance(value, PrimaryKey):
            name = quoted(value.made)  # said outright, so that the way back can drop it by this name
        if name is None and self.batch is not None and self.writer.style.names_in_batch:
            name = quoted(conventional_name(op.table, value))
        sql = parts.key_sql(op.table, value, self.writer) if isinstance(value, (PrimaryKey, Unique)) else None
        if sql is not None:
            return self._sql(sql)
        match value:
            case PrimaryKey(columns=columns):
                return self._named(name, op.table, "create_primary_key", listing(map(quoted, columns)))
            case Unique(columns=columns):
                more = (*parts.keywords(parts.timing(value)), *parts.dialect_keywords(self.writer, value.options))
                return self._named(name, op.table, "create_unique_constraint", listing(map(quoted, columns)), *more)
            case Check():
                more = (*parts.keywords(parts.timing(value)), *parts.dialect_keywords(self.writer, value.options))
                return self._named(name, op.table, "create_check_constraint", parts.check_sql(self.writer, value), *more)
            case Exclude():
                more = (*parts.keywords(parts.exclude_keywords(self.writer, value)), *parts.dialect_keywords(self.writer, value.options))
                return self._named(name, op.table, "create_exclude_constraint", *parts.exclude_elements(value), *more)
            case ForeignKey():
                return self._foreign_key(name, op.table, value)
            case _:
                assert_never(value)

    def _foreign_key(self, name: Code | None, table: TableName, key: ForeignKey) -> Call:
        first: Code = "None" if name is None else name
        here = [] if self.batch is not None else [quoted(table.name)]
        columns = listing(map(quoted, key.columns))
        targets = listing(map(quoted, key.target_columns))
        schemas: list[tuple[str, Code | None]] = [("referent_schema", None if key.target.schema is None else quoted(key.target.schema))]
        if self.batch is None:
            schemas.insert(0, ("source_schema", None if table.schema is None else quoted(table.schema)))
        more = (*parts.keywords([*parts.reference(key), *schemas]), *parts.dialect_keywords(self.writer, key.options))
        return self._call("create_foreign_key", first, *here, quoted(key.target.name), columns, targets, *more)

    def _drop_constraint(self, step: ops.Step, op: ops.DropConstraint) -> Call:
        found = dropped(step, op)
        name: Code | None = None
        if found is not None and found.name is not None:
            name = parts.name_of(found, self.owner)
        elif op.name is not None:
            name = quoted(op.name)
        elif found is not None:
            name = quoted(found.made or conventional_name(op.table, found))
        kind = op.kind or (kind_of(found) if found is not None else None)
        type_ = parts.keywords([("type_", None if kind in (None, "exclude") else quoted(str(kind)))])
        return self._named(name, op.table, "drop_constraint", *type_)

    def _create_index(self, table: TableName, index: Index) -> Call:
        elements = listing(parts.index_element(self.writer, each) for each in index.elements)
        unique = Argument(literal(index.unique), "unique")
        more = parts.dialect_keywords(self.writer, index.options)
        return self._named(parts.name_of(index, self.owner), table, "create_index", elements, unique, *more)

    def _drop_index(self, table: TableName | None, name: Code | None) -> Call:
        first: Code = "None" if name is None else name
        if self.batch is not None or table is None:
            return self._call("drop_index", first)
        return self._call("drop_index", first, Argument(quoted(table.name), "table_name"), *parts.schema_keyword(table))


def _made_by_type(constraint: object, group: Sequence[ops.Step]) -> bool:
    """A check that the type of a column makes: the line that adds or changes the column brings or takes it."""
    if not isinstance(constraint, Check) or not constraint.type_bound:
        return False
    for step in group:
        match step.op:
            case ops.AddColumn(column=column) if column.name == constraint.column:
                return True
            case ops.AlterColumn(name=name, change=change) if name == constraint.column and change.type is not ops.UNSET:
                return True
            case ops.DropColumn(name=name) if name == constraint.column and constraint.name is None:
                return True
            case _:
                continue
    return False


def _bound_check(column: Column, group: Sequence[ops.Step]) -> Check | None:
    """The check that the type of an added column makes."""
    for step in group:
        match step.op:
            case ops.AddConstraint(constraint=Check() as check) if check.type_bound and check.column == column.name:
                return check
            case _:
                continue
    return None


def _default_of(given: dict[str, object], before: Column) -> tuple[ServerDefault | None, object, object] | None:
    """The new default of any of the three sorts; None where nothing of it changes."""
    if not {"default", "computed", "identity"} & given.keys():
        return None
    default, identity = given.get("default"), given.get("identity")
    if isinstance(identity, Identity) and before.identity is not None:
        # What the old one says and the new one leaves out goes back to PostgreSQL's default only when that is said.
        usual = identity_defaults(dict(identity.options), before.type, dialect_named("postgresql"))
        options = {key: usual[key] for key, _ in before.identity.options if key in usual} | dict(identity.options)
        identity = replace(identity, options=tuple(sorted(options.items())))
    return (default if isinstance(default, ServerDefault) else None, given.get("computed"), identity)


def _text(value: str | None) -> Code:
    return "None" if value is None else quoted(value)
