"""The names by which a revision file knows the modules of directives and of SQLAlchemy: env.py may have others than ``op`` and ``sa``."""

from __future__ import annotations

from dataclasses import replace

from typing_extensions import assert_never

from gitmig.script.layout import Argument, Call, Code, Dictionary, Display, Method

DIRECTIVES, SQLALCHEMY = "op.", "sa."


class Given(str):
    """Source that env.py itself wrote: it stays as it is."""

    __slots__ = ()


def prefixed(code: Code, directives: str, sqlalchemy: str) -> Code:
    """``code`` with ``directives`` in the place of ``op.`` and ``sqlalchemy`` in that of ``sa.``; either may be empty."""
    if (directives, sqlalchemy) == (DIRECTIVES, SQLALCHEMY):
        return code
    return _Renaming(directives, sqlalchemy).code(code)


class _Renaming:
    def __init__(self, directives: str, sqlalchemy: str) -> None:
        self._prefixes = ((DIRECTIVES, directives), (SQLALCHEMY, sqlalchemy))

    def code(self, code: Code) -> Code:
        match code:
            case Given():
                return code
            case str():
                return self._name(code)
            case Call(function, arguments):
                return Call(self._name(function), self._arguments(arguments))
            case Method(base, name, arguments):
                return Method(self.code(base), name, self._arguments(arguments))
            case Display(brackets, items):
                return Display(brackets, tuple(map(self.code, items)))
            case Dictionary(pairs):
                return Dictionary(tuple((self.code(key), self.code(value)) for key, value in pairs))
            case _:
                assert_never(code)

    def _arguments(self, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
        return tuple(replace(each, value=self.code(each.value)) for each in arguments)

    def _name(self, text: str) -> str:
        return next((new + text[len(old) :] for old, new in self._prefixes if text.startswith(old)), text)
