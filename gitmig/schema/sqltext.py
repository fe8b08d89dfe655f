"""SQL expressions brought to one spelling, so that what a server gives back can be compared with what was written.

The spelling is a tree of sqlglot's without its parentheses (the tree itself says what binds to what). Rules, and where they come from:

- PostgreSQL stores an expression parsed and prints it anew (manual, "pg_get_constraintdef"): IN becomes ``= ANY (ARRAY[...])``, BETWEEN two
  comparisons, ``!=`` ``<>``; literals get the type that they were resolved to (``'a'::character varying``), columns of character types
  ``::text``. Casts of literals, and casts to character types, are left out; other casts of columns are kept, since they change arithmetic.
- MySQL and MariaDB print names in backticks and strings with their character set (``_utf8mb4'a'``); names of columns have no case there,
  nor on SQLite (manuals: "Identifier Case Sensitivity"; "CREATE TABLE").
- What sqlglot cannot read is compared as text, white space and outer parentheses aside.
"""

from __future__ import annotations

import functools
import re
from typing import Any

_SQLGLOT = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite", "mssql": "tsql", "oracle": "oracle"}
_PIECES = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\s+|[^\s'\"`]+", re.S)
_JSON_PATH = re.compile(r'\s+(?=(?:[^"]*"[^"]*")*[^"]*$)')  # white space outside of double quotes
_COLUMN = re.compile(r"Column\(this=([a-z_][a-z0-9_]*)\)")
_TEXTUAL = {"TEXT", "VARCHAR", "CHAR", "BPCHAR", "NVARCHAR", "NCHAR", "NAME"}


@functools.lru_cache(maxsize=4096)
def canonical_sql(text: str, dialect: str) -> str:
    """The one spelling of an expression on a dialect (by SQLAlchemy's name of it)."""
    plain = squeezed(text)
    if re.fullmatch(r"[a-z_][a-z0-9_]*", plain):
        return plain
    tree = _parsed(plain, dialect)
    if tree is None:
        return plain
    told = _told(tree, dialect)
    bare = _COLUMN.fullmatch(told)
    return told if bare is None else bare[1]


def squeezed(text: str) -> str:
    """White space and outer parentheses aside; what stands in quotes is left alone."""
    pieces = [" " if piece.isspace() else piece for piece in _PIECES.findall(text)]
    result = "".join(pieces).strip()
    while len(inner := unwrapped(result)) < len(result):
        result = inner
    return result


def unwrapped(text: str) -> str:
    """The text without one pair of parentheses around all of it, if it has one."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for match in _PIECES.finditer(text):
        piece = match.group()
        if piece[0] in "'\"`":
            continue
        for offset, character in enumerate(piece):
            depth += (character == "(") - (character == ")")
            if depth == 0 and match.start() + offset < len(text) - 1:
                return text
    return text[1:-1].strip()


def lowered(text: str) -> str:
    """In lower case, but for what stands in quotes."""
    return "".join(piece if piece[0] in "'\"`" else piece.lower() for piece in _PIECES.findall(text))


def _parsed(text: str, dialect: str) -> Any:
    import sqlglot
    from sqlglot.errors import SqlglotError

    for each in (text, f"ROW({text})"):  # without its outer parentheses a row is no expression
        try:
            return sqlglot.parse_one(each, read=_SQLGLOT.get(dialect))
        except (SqlglotError, RecursionError):
            continue
    return None


def _told(node: Any, dialect: str) -> str:
    """The tree as text: kinds, arguments, and nothing of how it was written."""
    from sqlglot import exp

    if isinstance(node, (list, tuple)):
        return ", ".join(_told(each, dialect) for each in node)
    if not isinstance(node, exp.Expression):
        return str(getattr(node, "name", node))
    while (reduced := _reduced(node, dialect)) is not node:
        node = reduced
    if isinstance(node, exp.Identifier):
        return _name(node, dialect)
    if isinstance(node, exp.Literal):
        return f"'{node.this}'" if node.args.get("is_string") else str(node.this)
    if isinstance(node, exp.Anonymous):
        return f"{str(node.this).lower()}({_told(node.expressions, dialect)})"
    arguments = [f"{key}={_told(value, dialect)}" for key, value in sorted(node.args.items()) if value not in (None, False, [])]
    return f"{type(node).__name__}({', '.join(arguments)})"


def _reduced(node: Any, dialect: str) -> Any:
    """One rule applied at the root of the tree, or the tree itself."""
    from sqlglot import exp

    match node:
        case exp.Paren():
            return node.this
        case exp.Column() if node.args.get("table"):
            return exp.Column(this=node.this)  # an expression of DDL speaks of one table only
        case exp.Introducer():
            return node.expression
        case exp.Cast() if dialect == "postgresql":
            return _uncast(node)
        case exp.EQ() | exp.NEQ():
            return _membership(node)
        case exp.In() if len(node.expressions) == 1 and not node.args.get("query"):
            return exp.EQ(this=node.this, expression=node.expressions[0])
        case exp.Not(this=exp.Paren() as inner):
            return exp.Not(this=_bare(inner))  # looked at again: what it negates may be an equality
        case exp.Not(this=exp.EQ() as equal):
            return exp.NEQ(this=equal.this, expression=equal.expression)
        case exp.Not(this=exp.In(expressions=[only])):
            return exp.NEQ(this=node.this.this, expression=only)
        case exp.Anonymous(this=str(name)) if name.lower() == "octet_length" and dialect in ("mysql", "mariadb"):
            return exp.Length(this=node.expressions[0], binary=True)  # as MariaDB prints length()
        case exp.Between():
            low = exp.GTE(this=node.this, expression=node.args["low"], copy=False)
            return exp.And(this=low, expression=exp.LTE(this=node.this.copy(), expression=node.args["high"]))
        case exp.JSONPath(expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=str(key))]):
            return exp.Literal.string(key)
        case exp.JSONBExtract(expression=exp.Literal(this=str(path))) | exp.JSONBExtractScalar(expression=exp.Literal(this=str(path))):
            # The path is an array: '{a, b}' is '{a,b}'.
            plain = exp.Literal.string(path.replace(", ", ","))
            return type(node)(this=node.this, expression=plain) if ", " in path else node
        case exp.Lambda(this=path, expressions=[exp.Identifier() as column]):
            return exp.JSONExtract(this=exp.Column(this=column), expression=path)  # `a -> 'x'` among a function's arguments
        case exp.Anonymous(this=str(name)) if name.lower().startswith("jsonb_path_") and dialect == "postgresql":
            return _with_printed_path(node)
        case exp.JSONExtractScalar() | exp.JSONExtract() if node.args.get("only_json_types"):
            return type(node)(this=node.this, expression=node.expression)
        case _:
            return node


def _with_printed_path(call: Any) -> Any:
    """The path of jsonb_path_exists() and its like, without white space and with "!=", as PostgreSQL prints one."""
    from sqlglot import exp

    old = [each.this if isinstance(each, exp.Cast) else each for each in call.expressions]
    new = [exp.Literal.string(_JSON_PATH.sub("", each.name).replace("<>", "!=")) if isinstance(each, exp.Literal) else each for each in old]
    return call if new == call.expressions else exp.Anonymous(this=call.this, expressions=new)


def _name(node: Any, dialect: str) -> str:
    name = str(node.this)
    if dialect == "postgresql" and node.args.get("quoted"):
        return name
    return name.lower()


def _bare(node: Any) -> Any:
    from sqlglot import exp

    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _uncast(cast: Any) -> Any:
    """What PostgreSQL put a cast around: a literal, or anything cast to a character type; else the cast itself."""
    from sqlglot import exp

    inner = _bare(cast.this)
    if isinstance(inner, exp.Literal):
        text = str(inner.this)
        if cast.args["to"].this not in exp.DataType.NUMERIC_TYPES or not re.fullmatch(r"-?\d+(\.\d+)?", text):
            return inner
        number = exp.Literal.number(text.removeprefix("-"))
        return exp.Neg(this=number) if text.startswith("-") else number
    if isinstance(inner, exp.Null) or (isinstance(inner, exp.Neg) and isinstance(inner.this, exp.Literal)):
        return inner
    to = cast.args["to"]
    of = to.expressions[0] if to.this == exp.DataType.Type.ARRAY and to.expressions else to
    return inner if getattr(of.this, "name", str(of.this)) in _TEXTUAL else cast


def _membership(node: Any) -> Any:
    """``x = ANY (ARRAY[a, b])`` as ``x IN (a, b)``, ``x <> ALL (ARRAY[...])`` as its negation; else the node itself."""
    from sqlglot import exp

    held = node.expression
    if (isinstance(node, exp.EQ) and isinstance(held, exp.Any)) or (isinstance(node, exp.NEQ) and isinstance(held, exp.All)):
        inner = held.this
    elif isinstance(node, exp.NEQ) and isinstance(held, exp.Anonymous) and str(held.this).lower() == "all" and len(held.expressions) == 1:
        inner = held.expressions[0]
    else:
        return node
    while isinstance(inner, (exp.Paren, exp.Cast)):
        inner = inner.this
    if not isinstance(inner, exp.Array):
        return node
    found = exp.In(this=node.this, expressions=list(inner.expressions))
    return found if isinstance(node, exp.EQ) else exp.Not(this=found)
