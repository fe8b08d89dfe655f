"""What a batch block is given beside its operations, and what it does to a table besides: on the draft of an SQLite table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import topological

from gitmig import ops
from gitmig.ddl import constructs
from gitmig.ddl.elements import format_type
from gitmig.ddl.sqlitecolumns import column_text
from gitmig.ddl.sqlitedraft import Draft
from gitmig.schema.sqlitesql import Clause, of_table, read_column, read_constraint, same, with_loud_actions
from gitmig.schema.sqlitetypes import as_reflected


def as_batch(draft: Draft) -> None:
    """The form that a table has after Alembic's batch block, where it says the same: types as reflection reads them, keys and named
    checks of columns behind the columns, actions of foreign keys in capitals."""
    draft.in_batch = True
    key = next((each.columns for each in draft.text().all_clauses() if each.kind == "primary"), ())
    for i, column in enumerate(draft.columns):
        # One column of the type INTEGER, and of no other spelling, is the table's row id.
        if not (len(key) == 1 and same(key[0], column.name)):
            column = replace(column, type=as_reflected(column.type) if column.type else "")
        moved = [clause for clause in column.clauses if _is_moved(clause)]
        draft.columns[i] = replace(column, clauses=tuple(clause for clause in column.clauses if clause not in moved))
        draft.constraints += [of_table(column, clause) for clause in moved]
    for i, clause in enumerate(draft.constraints):
        if clause.kind == "foreignkey":
            draft.constraints[i] = replace(clause, text=with_loud_actions(clause.text))


def settle_key(draft: Draft, group: Sequence[ops.Operation]) -> None:
    """A table without a key (because its column was dropped, or from the start) has the new columns for one that say ``primary_key``."""
    added = [op.column for op in group if isinstance(op, ops.AddColumn)]
    names = [column.name for column in added if isinstance(column.original, sa.Column) and column.original.primary_key]
    if names and not any(each.kind == "primary" for each in draft.text().all_clauses()):
        draft.append_key(draft.key_name, names)


def apply_convention(draft: Draft, convention: Mapping[str, Any]) -> None:
    """Names for the keys that have none, as SQLAlchemy's naming convention makes them."""
    metadata = sa.MetaData(naming_convention=dict(convention))
    columns: list[sa.Column[Any]] = [sa.Column(column.name) for column in draft.columns]
    table = sa.Table(draft.table.name, metadata, *columns, schema=draft.table.schema)
    for i, column in enumerate(draft.columns):
        kept = []
        for clause in column.clauses:
            name = _conventional(draft, table, clause)
            if name is None or clause.kind in ("primary", "check"):
                kept.append(clause)
            else:
                kept.append(replace(clause, name=name, text=f"CONSTRAINT {draft.quoted(name)} {clause.text}"))
        draft.columns[i] = replace(column, clauses=tuple(kept))
    for i, clause in enumerate(draft.constraints):
        name = _conventional(draft, table, clause)
        if name is not None:
            draft.constraints[i] = replace(clause, name=name, text=f"CONSTRAINT {draft.quoted(name)} {clause.text}")


def _conventional(draft: Draft, table: sa.Table, clause: Clause) -> str | None:
    """The name by the convention; None where there is one already, or none can be made."""
    if clause.name is not None or clause.kind not in ("primary", "unique", "foreignkey"):
        return None
    made: Any
    if clause.kind == "primary":
        made = sa.PrimaryKeyConstraint(*clause.columns)
    elif clause.kind == "unique":
        made = sa.UniqueConstraint(*clause.columns)
    else:
        targets = clause.target_columns or clause.columns
        target = sa.Table(str(clause.target), table.metadata, extend_existing=True)
        for name in targets:
            if name not in target.c:
                target.append_column(sa.Column(name))
        made = sa.ForeignKeyConstraint(list(clause.columns), [target.c[name] for name in targets])
    table.append_constraint(made)
    text = str(draft.compiler.process(made))
    return read_constraint(text).name


def apply_arguments(draft: Draft, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> list[sa.Index]:
    """``table_args`` and ``table_kwargs``: more columns and constraints; gives the indexes among them."""
    if not arguments and not keywords:
        return []
    columns: list[sa.Column[Any]] = [sa.Column(column.name) for column in draft.columns]
    arguments = [_unbound(each) for each in arguments]
    # The key's own column must be one that AUTOINCREMENT is said of; the old key is in the draft already.
    table = sa.Table(draft.table.name, sa.MetaData(), *columns, *arguments, schema=draft.table.schema, **keywords)
    known = {column.name for column in draft.columns}
    for added in table.columns:
        if added.name not in known:
            draft.columns.append(column_text(draft.compiler, added, False, False))
            draft.add_type_checks(added.name, added.type)
    for constraint in sorted(table.constraints, key=lambda each: each._creation_order):
        text = "" if isinstance(constraint, sa.PrimaryKeyConstraint) and not constraint.columns else draft.compiler.process(constraint)
        if text and not getattr(constraint, "_type_bound", False):
            draft.append(text)
    if keywords.get("sqlite_autoincrement"):
        _count(draft)
    words = [word.strip() for word in draft.options.split(",") if word.strip()]
    words += ["WITHOUT ROWID"] if not keywords.get("sqlite_with_rowid", True) and "WITHOUT ROWID" not in words else []
    words += ["STRICT"] if keywords.get("sqlite_strict") and "STRICT" not in words else []
    draft.options = ", ".join(words)
    return sorted(table.indexes, key=lambda index: str(index.name))


def _count(draft: Draft) -> None:
    """AUTOINCREMENT, which SQLite takes in the definition of the key's one column only."""
    key = next((each for each in draft.text().all_clauses() if each.kind == "primary"), None)
    if key is None or len(key.columns) != 1 or draft.text().counts:
        return
    draft.without_key()
    place = draft.position(key.columns[0])
    clause = Clause("primary", "PRIMARY KEY AUTOINCREMENT", columns=key.columns)
    draft.columns[place] = draft.columns[place].with_clause(clause)


def override(draft: Draft, columns: Sequence[sa.Column[Any]]) -> None:
    """``reflect_args``: columns that are said in place of what was found."""
    for given in columns:
        bound = given if given.table is not None else sa.Table(draft.table.name, sa.MetaData(), given).columns[given.name]
        place = draft.position(given.name)
        new = column_text(draft.compiler, bound, False, False)
        kept = tuple(each for each in draft.columns[place].clauses if each.kind in ("primary", "unique", "foreignkey", "check"))
        draft.columns[place] = replace(new, clauses=(*new.clauses, *kept))
        draft.add_type_checks(new.name, bound.type)


def listen(draft: Draft, listeners: Sequence[tuple[str, Any]]) -> None:
    """``listeners`` of ``reflect_kwargs``: what a "column_reflect" function puts in place of a column's type, nullability or default."""
    heard = [function for name, function in listeners if name == "column_reflect"]
    table = constructs.stub(draft.table)
    for place, column in enumerate(draft.columns if heard else ()):
        default = next((clause.body for clause in column.clauses if clause.kind == "default"), None)
        found = draft.dialect._resolve_type_affinity(column.type)  # type: ignore[attr-defined]  # as SQLAlchemy's reflection reads it
        given = {"name": column.name, "type": found, "nullable": not column.has("notnull"), "default": default, "primary_key": 0}
        info = dict(given)
        for function in heard:
            function(None, table, info)
        if info["type"] is not found:
            new = read_column(f"x {format_type(draft.compiler, sa.types.to_instance(info['type']))}")
            column = replace(column.without("collate"), type=new.type, clauses=(*new.clauses, *column.without("collate").clauses))
        if info["nullable"] != given["nullable"]:
            column = column.without("notnull", "null")
            if not info["nullable"]:
                column = column.with_clause(Clause("notnull", "NOT NULL", columns=(column.name,)))
        if info["default"] != default:
            column = column.without("default")
            if info["default"] is not None:
                column = column.with_clause(draft.default_clause(column.name, sa.text(str(info["default"]))))
        draft.columns[place] = column


def reorder(draft: Draft, groups: Sequence[Sequence[str]]) -> None:
    """``partial_reordering``: each group of columns in the order given. Raises CircularDependencyError where they contradict."""
    pairs = [(draft.resolve(left), draft.resolve(right)) for group in groups for left, right in zip(group, list(group)[1:], strict=False)]
    if pairs:
        names = [column.name for column in draft.columns]
        ordered = list(topological.sort(pairs, names))
        draft.columns.sort(key=lambda column: ordered.index(column.name))


def _is_moved(clause: Clause) -> bool:
    return clause.kind in ("unique", "foreignkey") or (clause.kind == "check" and clause.name is not None)


def _unbound(item: Any) -> Any:
    """A copy that can go onto a table, of an item that a script keeps."""
    if isinstance(item, sa.Index) and item.table is not None:
        return sa.Index(item.name, *(column.name for column in item.columns), unique=item.unique)
    bound = vars(item).get("parent") is not None or vars(item).get("table") is not None
    return item._copy() if bound and isinstance(item, (sa.Column, sa.Constraint)) else item
