"""The header of a revision file, read without running the file.

`revision`, `down_revision`, `branch_labels` and `depends_on` are what module-level assignments make of literals,
concatenation, f-strings, collections and names bound so; anything else is an error that names the line.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

from gitmig.errors import RevisionFileError
from gitmig.graph.graph import NOT_IN_IDS

if TYPE_CHECKING:
    import ast
    import symtable

FIELDS = ("revision", "down_revision", "branch_labels", "depends_on")


class Declaration(NamedTuple):
    """``# gitmig: touches users, orders`` (``tables``), or ``# gitmig: pure data`` (no tables). ``line`` counts from 1."""

    line: int
    tables: tuple[str, ...] = ()

    @property
    def pure_data(self) -> bool:
        return not self.tables


class Header(NamedTuple):
    """What a revision file says about itself. A tuple, because thousands are made whenever the graph is read.

    ``id`` is None where the file binds no `revision` (its name then is the id).

    ``longdoc`` is the docstring without the white space around it; ``upgrades`` and ``downgrades`` tell whether the module
    binds those names.
    """

    id: str | None
    down: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    longdoc: str = ""
    upgrades: bool = True
    downgrades: bool = True
    declarations: tuple[Declaration, ...] = ()

    @property
    def doc(self) -> str:
        """The docstring's first paragraph."""
        return self.longdoc.split("\n\n", 1)[0]


def read_header(content: bytes, path: str) -> Header:
    """The header of the source file ``content``; ``path`` serves messages. Raises RevisionFileError with path and line."""
    with warnings.catch_warnings():
        # An invalid escape somewhere in a body is told when the file is run, not by everything that only reads it.
        warnings.simplefilter("ignore")
        return parse_header(content, path)


def parse_header(content: bytes, path: str) -> Header:
    """`read_header`, for callers that read many files and quiet Python's syntax warnings themselves."""
    return _read_plain(content) or _read_by_ast(content, path)


# -- the usual file, by pattern --------------------------------------------------------------------------------------

_WORDS = r"\b(?:revision|down_revision|branch_labels|depends_on)\b"


class _Patterns(NamedTuple):
    usual: re.Pattern[str]
    field: re.Pattern[str]
    rest: re.Pattern[str]
    cookie: re.Pattern[bytes]


@cache
def _patterns() -> _Patterns:
    """Compiled when a file is parsed: a run that finds all headers in the cache needs none of them."""
    usual = rf'''
    (?:[ \t]*(?:\#[^\n]*)?\n)*
    (?:"""(?P<doc>[^"\\]*(?:"(?!"")[^"\\]*)*)"""[ \t]*\n)?
    (?:
        (?:
            [ \t]*(?:\#[^\n]*)?
          | (?:import|from)[ ](?![^\n]*{_WORDS})[\w., *]+
          | from[ ][\w.]+[ ]import[ ]\((?![^)]*{_WORDS})[\w\s,]*\)
        )[ \t]*\n
    )*
    (?P<fields>
        (?:
            (?:
                [ \t]*
              | (?:revision|down_revision|branch_labels|depends_on)(?:[ ]*:[ ]*[\w.\[\], |]+?)?[ ]*=[ ]*
                (?:None|'[^'\\\n]+'|"[^"\\\n]+")[ \t]*
            )(?:\#[^\n]*)?\n
        )*
    )
    '''
    field = r"""^(revision|down_revision|branch_labels|depends_on)[ :][^=\n]*=[ ]*(?:None|'([^'\\\n]+)'|"([^"\\\n]+)")"""
    return _Patterns(
        re.compile(usual, re.VERBOSE),
        re.compile(field, re.MULTILINE),
        # Followed by a quote, the word ends a string; nothing can be bound that way.
        re.compile(_WORDS + r"(?!['\"])"),
        re.compile(rb"[^\n]*\n?[^\n]*coding[:=]"),
    )


def _read_plain(content: bytes) -> Header | None:
    """The header of a file in the usual form; None where anything is unusual. Must agree with `_read_by_ast`."""
    patterns = _patterns()
    if b"\r" in content or b"\f" in content or b"gitmig:" in content or patterns.cookie.match(content):
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    match = patterns.usual.match(text)
    if match is None or patterns.rest.search(text, match.end()):
        return None
    found = patterns.field.findall(match["fields"])
    fields = {name: single or double for name, single, double in found}
    if len(fields) != len(found) or "down_revision" not in fields or not fields.get("revision"):
        return None
    if len(found) != match["fields"].count("=") - sum(value.count("=") for value in fields.values()):
        # An "=" in a comment beside the fields: not worth telling apart here.
        return None
    id = fields["revision"]
    if any(character in NOT_IN_IDS for character in id):
        return None
    try:
        bound = _functions(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Header(
        id,
        _one(fields["down_revision"]),
        _one(fields.get("branch_labels")),
        _one(fields.get("depends_on")),
        (match["doc"] or "").strip(),
        *bound,
    )


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _functions(source: str | bytes) -> tuple[bool, bool]:
    """Whether the module binds `upgrade` and `downgrade`. Raises SyntaxError: the whole source is parsed."""
    import symtable

    table = symtable.symtable(source, "<revision>", "exec")  # type: ignore[arg-type]  # bytes are read as a file's are
    return _binds(table, "upgrade"), _binds(table, "downgrade")


def _binds(table: symtable.SymbolTable, name: str) -> bool:
    try:
        symbol = table.lookup(name)
    except KeyError:
        return False
    return symbol.is_assigned() or symbol.is_imported()


# -- any file, by its syntax tree --------------------------------------------------------------------------------------


def _read_by_ast(content: bytes, path: str) -> Header:
    from gitmig.script.folding import docstring, fold_module

    tree = parse(content, path)
    try:
        upgrades, downgrades = _functions(content)
    except SyntaxError as error:
        raise _no_python(path, error) from error
    declarations: tuple[Declaration, ...] = ()
    if b"gitmig:" in content:
        from gitmig.script.source import decode

        declarations = read_declarations(decode(content, path).text)
    values = fold_module(tree, FIELDS, path)
    return _header(values, docstring(tree), upgrades, downgrades, declarations, path)


def parse(content: bytes, path: str) -> ast.Module:
    """The syntax tree of ``content``, whose bytes say their own encoding. Raises RevisionFileError."""
    import ast

    try:
        return ast.parse(content)
    except SyntaxError as error:
        raise _no_python(path, error) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise RevisionFileError(f"{path}: is not Python: {error}", "Correct the file, or delete it.") from error


def _no_python(path: str, error: SyntaxError) -> RevisionFileError:
    line = f":{error.lineno}" if error.lineno else ""
    return RevisionFileError(f"{path}{line}: does not parse: {error.msg}", "Correct the file, or delete it.")


def _header(
    values: dict[str, tuple[object, int]],
    doc: str,
    upgrades: bool,
    downgrades: bool,
    declarations: tuple[Declaration, ...],
    path: str,
) -> Header:
    """The header from the fields' values, each with the line it was bound on."""
    id: str | None = None
    if "revision" in values:
        value, line = values["revision"]
        if not isinstance(value, str) or not value:
            raise RevisionFileError(f"{path}:{line}: `revision` is {value!r}, not an id", 'Write `revision = "<id>"`.')
        id = value
        check_id(id, f"{path}:{line}")
    if "down_revision" not in values:
        raise RevisionFileError(f"{path}: has no `down_revision`", "Add `down_revision = None`, or the id of its parent in place of None.")
    return Header(
        id,
        _names(values, "down_revision", path),
        _names(values, "branch_labels", path),
        _names(values, "depends_on", path),
        doc.strip(),
        upgrades,
        downgrades,
        declarations,
    )


def check_id(id: str, where: str) -> None:
    """Raises RevisionFileError where ``id`` holds a character that the grammar of names needs."""
    bad = sorted({character for character in id if character in NOT_IN_IDS})
    if bad:
        raise RevisionFileError(
            f"{where}: {', '.join(map(repr, bad))} cannot be part of a revision id, as in {id!r}",
            "Letters, digits and `_` are safe.",
        )


def _names(values: dict[str, tuple[object, int]], field: str, path: str) -> tuple[str, ...]:
    value, line = values.get(field, (None, 0))
    match value:
        case None:
            return ()
        case "" if field == "branch_labels":
            # Alembic takes the empty label, which no name can mean.
            return ()
        case str():
            names: tuple[object, ...] = (value,)
        case tuple() | list():
            names = tuple(value)
        case set() | frozenset():
            names = tuple(sorted(value, key=str))
        case _:
            names = (value,)
    texts = tuple(name for name in names if isinstance(name, str) and name)
    if len(texts) != len(names):
        raise RevisionFileError(
            f"{path}:{line}: `{field}` is {value!r}, not an id, several ids, or None",
            f'Write `{field} = "<id>"`, `{field} = ("<id>", "<id>")` or `{field} = None`.',
        )
    return tuple(dict.fromkeys(texts))


# -- what an author declares in comments -------------------------------------------------------------------------------

_DECLARATION = re.compile(r"#\s*gitmig:\s*(?:(?P<pure>pure\s+data)|touches\s+(?P<tables>[^#]+?))\s*(?:#|$)")


def read_declarations(text: str) -> tuple[Declaration, ...]:
    """Every ``# gitmig: touches ...`` and ``# gitmig: pure data`` comment of a source, in order; it must be Python."""
    if "gitmig:" not in text:
        return ()
    import io
    import tokenize

    found: list[Declaration] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        match = _DECLARATION.match(token.string)
        if match is None:
            continue
        tables = tuple(name.strip() for name in (match["tables"] or "").split(",") if name.strip())
        if tables or match["pure"]:
            found.append(Declaration(token.start[0], tables))
    return tuple(found)


# -- sourceless files ----------------------------------------------------------------------------------------------------


def read_compiled(content: bytes, path: str) -> Header:
    """The header of a .pyc file, from its code's constants. Raises RevisionFileError."""
    import marshal
    from importlib.util import MAGIC_NUMBER

    from gitmig.script.bytecode import fold_code

    if content[:4] != MAGIC_NUMBER:
        raise RevisionFileError(f"{path}: was compiled by another version of Python", "Compile it again with this one.")
    try:
        code = marshal.loads(content[16:])
    except (ValueError, EOFError, TypeError) as error:
        raise RevisionFileError(f"{path}: is no compiled Python file", "Compile it again.") from error
    if not isinstance(code, CodeType):
        raise RevisionFileError(f"{path}: is no compiled Python file", "Compile it again.")
    values, bound = fold_code(code, FIELDS, path)
    doc = values.pop("__doc__", (None, 0))[0]
    return _header(values, doc if isinstance(doc, str) else "", "upgrade" in bound, "downgrade" in bound, (), path)
