"""Changes to a revision file's header in place: every byte outside the value stays as it is."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from gitmig.errors import RevisionFileError
from gitmig.script.header import FIELDS, parse, read_header
from gitmig.script.source import Source, decode

FieldValue = str | tuple[str, ...] | None
"""None, one id, or several."""


def edit_header(content: bytes, changes: Mapping[str, FieldValue], path: str) -> bytes:
    """``content`` with the fields of ``changes`` (`revision`, `down_revision`, `branch_labels`, `depends_on`) set.

    A field that the file lacks is added below the last one. Raises RevisionFileError where the file does not parse, or binds
    a field in a way that has no single value to replace.
    """
    source = decode(content, path)
    lines = source.lines()
    places = _places(parse(content, path), path)
    quote = _quote(source, lines, places)
    edits: list[tuple[int, int, str]] = []
    for field, value in changes.items():
        if field not in FIELDS:
            raise ValueError(f"{field!r} is not part of a header")
        text = _written(value, quote)
        if field in places:
            start, end = _span(lines, places[field].value)
            edits.append((start, end, text))
        elif value is not None:
            edits.append(_added(source, lines, places, f"{field} = {text}", path))
    changed = source.text
    for start, end, text in sorted(edits, key=lambda edit: edit[0], reverse=True):
        changed = changed[:start] + text + changed[end:]
    result = source.encode(changed)
    _check(result, changes, path)
    return result


def line_of(content: bytes, field: str, path: str) -> int | None:
    """The line, from 1, on which the module last binds ``field``; None where it does not, or cannot be parsed."""
    try:
        tree = parse(content, path)
    except RevisionFileError:
        return None
    found = [statement.lineno for statement in tree.body if field in _names(statement)]
    return found[-1] if found else None


class _Place:
    """Where a field's value stands."""

    __slots__ = ("statement", "value")

    def __init__(self, statement: ast.stmt, value: ast.expr) -> None:
        self.statement = statement
        self.value = value


def _places(tree: ast.Module, path: str) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for statement in tree.body:
        bound = [name for name in _names(statement) if name in FIELDS]
        for name in bound:
            match statement:
                case ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(value=ast.expr() as value):
                    fits = name not in places
                case _:
                    fits, value = False, ast.Constant(None)
            if not fits:
                raise RevisionFileError(
                    f"{path}:{statement.lineno}: `{name}` is not bound by one plain assignment, so it cannot be edited",
                    f"Write `{name} = ...` once, on a line of its own.",
                )
            places[name] = _Place(statement, value)
    return places


def _names(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign() | ast.AugAssign():
            return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return [name]
    return []


def _span(lines: list[str], node: ast.expr) -> tuple[int, int]:
    """Where ``node`` begins and ends in the text, in characters; the tree counts columns in UTF-8 bytes."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode("utf-8")[:column].decode("utf-8"))

    assert node.end_lineno is not None and node.end_col_offset is not None
    return place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)


def _added(source: Source, lines: list[str], places: dict[str, _Place], text: str, path: str) -> tuple[int, int, str]:
    if not places:
        raise RevisionFileError(f"{path}: has no header to add to", 'Write `revision = "<id>"` first.')
    last = max(place.statement.end_lineno or place.statement.lineno for place in places.values())
    end = sum(len(line) for line in lines[:last])
    ended = end > 0 and source.text[end - 1] in "\r\n"
    return (end, end, f"{text}{source.newline}" if ended else f"{source.newline}{text}")


def _quote(source: Source, lines: list[str], places: dict[str, _Place]) -> str:
    """The quote that the header uses."""
    for place in places.values():
        start, end = _span(lines, place.value)
        for character in source.text[start:end]:
            if character in "'\"":
                return character
    return '"'


def _written(value: FieldValue, quote: str) -> str:
    if value is None or value == ():
        return "None"
    if isinstance(value, str):
        return _text(value, quote)
    if len(value) == 1:
        return _text(value[0], quote)
    return f"({', '.join(_text(each, quote) for each in value)})"


def _text(value: str, quote: str) -> str:
    inner = repr(f"'{value}" if quote == '"' else f'"{value}')
    # repr chooses the other quote than the one in front, and escapes as that one needs.
    return quote + inner[2:] if inner[0] == quote else repr(value)


def _check(result: bytes, changes: Mapping[str, FieldValue], path: str) -> None:
    header = read_header(result, path)
    now: dict[str, tuple[str, ...]] = {
        "revision": (header.id,) if header.id else (),
        "down_revision": header.down,
        "branch_labels": header.labels,
        "depends_on": header.depends_on,
    }
    for field, value in changes.items():
        wanted = () if value is None else (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
        if now[field] != wanted:
            raise RevisionFileError(f"{path}: `{field}` could not be set to {value!r}", "Edit the file by hand.")
