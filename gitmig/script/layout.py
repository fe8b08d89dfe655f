"""Python expressions laid out as ``ruff format`` lays them out (its default settings), so that formatting a generated file changes nothing.

The rules are those of black's style (https://docs.astral.sh/ruff/formatter/black/): what fits into 88 columns stands on one line; else the
arguments of a call move to a line of their own, and if they do not fit there, one to a line with a comma after the last.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gitmig.schema.values import Scalar

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; ``keyword`` None is a positional one."""

    value: Code
    keyword: str | None = None

    def flat(self) -> str:
        return f"{self.keyword}={flat(self.value)}" if self.keyword else flat(self.value)


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``."""

    function: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """``base.name(arguments)`` on another expression."""

    base: Code
    name: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Display:
    """A list or a tuple; ``brackets`` are "[]" or "()"."""

    brackets: str
    items: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    pairs: tuple[tuple[Code, Code], ...]


Code: TypeAlias = "str | Call | Method | Display | Dictionary"
"""An expression; a plain string is source text that cannot be broken."""


def call(function: str, *positional: Code, **keywords: Code) -> Call:
    """A call whose keyword arguments are all plain names."""
    return Call(function, (*map(Argument, positional), *(Argument(value, name) for name, value in keywords.items())))


def listing(items: Iterable[Code]) -> Display:
    return Display("[]", tuple(items))


def quoted(text: str) -> str:
    """A string literal: double quotes, unless single ones save escapes."""
    body = repr('"' + text)[2:-1]  # with a double quote in it repr always chooses single quotes as its own
    single, double = text.count("'"), text.count('"')
    if double > single:
        return f"'{body}'"
    return '"' + body.replace("\\'", "'").replace('"', '\\"') + '"'


def literal(value: Scalar) -> str:
    """None, a bool, a number or a string as source."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return f'float("{value}")'
        return repr(value).replace("e+", "e")
    return repr(value)


def python(value: object) -> Code:
    """Plain data (scalars, lists, tuples, dictionaries with string keys) as code. Raises TypeError for anything else."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return literal(value)
    if isinstance(value, list):
        return listing(map(python, value))
    if isinstance(value, tuple):
        return Display("()", tuple(map(python, value)))
    if isinstance(value, Mapping):
        return Dictionary(tuple((python(key), python(each)) for key, each in value.items()))
    raise TypeError(f"{value!r} has no literal form")


def width(text: str) -> int:
    """Columns that the text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def flat(code: Code) -> str:
    """The expression on one line."""
    match code:
        case str():
            return code
        case Call(function, arguments):
            return f"{function}({_flat_arguments(arguments)})"
        case Method(base, name, arguments):
            return f"{flat(base)}.{name}({_flat_arguments(arguments)})"
        case Display(brackets, items):
            inner = ", ".join(map(flat, items))
            comma = "," if brackets == "()" and len(items) == 1 else ""
            return f"{brackets[0]}{inner}{comma}{brackets[1]}"
        case Dictionary(pairs):
            return "{" + ", ".join(f"{flat(key)}: {flat(value)}" for key, value in pairs) + "}"


def _flat_arguments(arguments: tuple[Argument, ...]) -> str:
    return ", ".join(each.flat() for each in arguments)


def lay_out(code: Code, indent: int = 0, prefix: str = "", suffix: str = "") -> list[str]:
    """The lines of ``prefix`` + expression + ``suffix``, the first one indented by ``indent`` blanks too."""
    whole = _line(indent, prefix + flat(code) + suffix)
    if width(whole) <= WIDTH:
        return [whole]
    match code:
        case str():
            return [whole]
        case Call(function, arguments):
            return _broken(prefix + function, arguments, indent, suffix) if arguments else [whole]
        case Method(base=Method()):
            return _chain(code, indent, prefix, suffix)
        case Method(base, name, arguments):
            return _one_method(base, name, arguments, indent, prefix, suffix)
        case Display(brackets, items):
            if not items:
                return [whole]
            inner = [line for item in items for line in lay_out(item, indent + 4, suffix=",")]
            return [_line(indent, prefix + brackets[0]), *inner, _line(indent, brackets[1] + suffix)]
        case Dictionary(pairs):
            if not pairs:
                return [whole]
            inner = [line for key, value in pairs for line in lay_out(value, indent + 4, f"{flat(key)}: ", ",")]
            return [_line(indent, prefix + "{"), *inner, _line(indent, "}" + suffix)]


def _line(indent: int, text: str) -> str:
    return " " * indent + text


def _broken(function: str, arguments: tuple[Argument, ...], indent: int, suffix: str) -> list[str]:
    """A call whose arguments do not stand on the line of its name."""
    together = _line(indent + 4, _flat_arguments(arguments))
    if width(together) <= WIDTH:
        inner = [together]
    elif len(arguments) == 1:  # a lone argument gets no comma
        inner = _argument(arguments[0], indent + 4, "")
    else:
        inner = [line for each in arguments for line in _argument(each, indent + 4, ",")]
    return [_line(indent, f"{function}("), *inner, _line(indent, f"){suffix}")]


def _argument(argument: Argument, indent: int, suffix: str) -> list[str]:
    return lay_out(argument.value, indent, f"{argument.keyword}=" if argument.keyword else "", suffix)


def _one_method(base: Code, name: str, arguments: tuple[Argument, ...], indent: int, prefix: str, suffix: str) -> list[str]:
    """The base stays whole if the line up to the method's bracket fits, and is broken first otherwise."""
    head = f"{prefix}{flat(base)}.{name}"
    if arguments and width(_line(indent, f"{head}(")) <= WIDTH:
        return _broken(head, arguments, indent, suffix)
    tail = f".{name}({_flat_arguments(arguments)}){suffix}"
    lines = lay_out(base, indent, prefix, tail)
    if not arguments or width(lines[-1]) <= WIDTH or len(lines) == 1:
        return lines
    opened = lay_out(base, indent, prefix, f".{name}(")
    return [*opened[:-1], *_broken(opened[-1].strip().removesuffix("("), arguments, indent, suffix)]


def _chain(code: Method, indent: int, prefix: str, suffix: str) -> list[str]:
    """Two methods or more: each on a line of its own."""
    links: list[Method] = []
    rest: Code = code
    while isinstance(rest, Method):
        links.append(rest)
        rest = rest.base
    lines = lay_out(rest, indent, prefix)
    for place, link in enumerate(reversed(links)):
        last = place == len(links) - 1
        lines += lay_out(Call(f".{link.name}", link.arguments), indent, suffix=suffix if last else "")
    return lines
