"""The text of a column on SQLite: its definition, its default, the check of its type, and what a change of type does to its values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gitmig.ddl.elements import add_column
from gitmig.schema.sqlitesql import Clause, ColumnText, read_column, same, tokens
from gitmig.schema.sqlitetypes import affinity


def column_text(compiler: Any, column: sa.Column[Any], references: bool, primary_key: bool) -> ColumnText:
    """The column's definition as SQLAlchemy writes it, with the clauses asked for."""
    words = add_column(compiler, column, inline_references=references, inline_primary_key=primary_key)
    read = read_column(words.removeprefix("ADD COLUMN "))
    clauses = tuple(_parenthesised(clause) for clause in read.clauses)
    return replace(read, clauses=clauses)


def _parenthesised(clause: Clause) -> Clause:
    if clause.kind != "default":
        return clause
    body = default_text(clause.body)
    return replace(clause, text=f"DEFAULT {body}", body=body)


def default_text(text: str) -> str:
    """A default as SQLite takes it: all but literals and three keywords stands in parentheses."""
    read = tokens(text)
    signed = len(read) == 2 and read[0].text in "+-" and read[1].kind == "number"
    blob = len(read) == 2 and read[0].word == "X" and read[1].kind == "string"
    if len(read) == 1 or signed or blob or (read and read[0].text == "(" and _is_one_group(text)):
        return text
    return f"({text})"


def _is_one_group(text: str) -> bool:
    """Whether the parenthesis that opens the text closes at its end."""
    depth, read = 0, tokens(text)
    for place, token in enumerate(read):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return place == len(read) - 1
    return False


def made_by_type(clause: Clause, column: str, named: str | None) -> bool:
    """A check that a Boolean or an Enum made: ``column IN (literals)``, without a name or with that of the type."""
    if clause.kind != "check" or not (clause.name is None or same(clause.name, named)):
        return False
    read = tokens(clause.body)[1:-1]
    if len(read) < 5 or not same(read[0].name, column) or read[1].word != "IN" or read[2].text != "(" or read[-1].text != ")":
        return False
    return all(token.kind in ("string", "number") or token.text in (",", "-") for token in read[3:-1])


def needs_cast(old: str, new: str) -> bool:
    """Whether values are copied over CAST: where that changes their form and loses nothing that the new type could keep.

    CAST turns text into a number by its first digits ('2024-05-01' into 2024), so text is left to the new column's affinity, which
    converts what is a number as a whole and keeps the rest. Of numbers, all can become text, and fractions integers.
    """
    before, after = affinity(old), affinity(new)
    if before == after:
        return False
    if after == "TEXT":
        return "JSON" not in new.upper()
    numbers = ("INTEGER", "REAL")
    plain = before in numbers or (before == "NUMERIC" and old.upper().startswith(("NUMERIC", "DECIMAL")))
    return plain and after in numbers


def squeezed(text: str) -> str:
    return " ".join(token.text.lower() if token.kind == "word" else token.text for token in tokens(text))
