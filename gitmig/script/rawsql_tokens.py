"""SQL text as sqlglot's tokens, and a reader over them. What a grammar does not expect raises ``Unread``: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_WORD = re.compile(r"\S+")
SQLGLOT_NAMES = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite", "mssql": "tsql", "oracle": "oracle"}


class Unread(Exception):
    """A statement that is not understood to its end. The text says what was met."""


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: "word" (keyword or plain name), "quoted" (a quoted name), "string", "number" or "sign".

    ``start`` and ``end`` cut the source.
    """

    text: str
    kind: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """A keyword or plain name in upper case; "" for anything else."""
        return self.text.upper() if self.kind == "word" else ""


def statements(text: str, dialect: str) -> Iterator[tuple[str, list[Token]]]:
    """The statements of ``text``: each as source and tokens. Raises Unread where it has no tokens."""
    tokens = _tokens(text, dialect)
    current: list[Token] = []
    compound = False
    for token in tokens:
        if token.text == ";" and token.kind == "sign" and not (compound and not _is_end(current)):
            if current:
                yield text[current[0].start : current[-1].end], current
            current, compound = [], False
            continue
        current.append(token)
        compound = compound or (len(current) < 5 and token.word == "TRIGGER" and current[0].word == "CREATE" and dialect == "sqlite")
    if current:
        yield text[current[0].start : current[-1].end], current


def _is_end(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[-1].word == "END"


def _tokens(text: str, dialect: str) -> list[Token]:
    import sqlglot
    from sqlglot.errors import SqlglotError

    name = SQLGLOT_NAMES.get(dialect)
    if name is None:
        raise Unread(f"SQL of {dialect}")
    try:
        found = sqlglot.tokenize(text, read=name)
    except SqlglotError as error:
        raise Unread(f"not SQL: {str(error).splitlines()[0]}") from None
    result: list[Token] = []
    for token in found:
        raw = text[token.start : token.end + 1]
        if token.token_type.name == "STRING" and len(raw) < len(token.text):
            # What follows a word that sqlglot takes for a command is one token to it, of which only the end is told.
            first = token.end + 1 - len(token.text)
            result += [replace(each, start=each.start + first, end=each.end + first) for each in _tokens(token.text, dialect)]
            continue
        kind = _kind(token.token_type.name, raw)
        if kind == "word":
            # Some keywords of two words ("PRIMARY KEY") are one token to sqlglot.
            result += [Token(part[0], kind, token.start + part.start(), token.start + part.end()) for part in _WORD.finditer(raw)]
        else:
            result.append(Token(token.text, kind, token.start, token.end + 1))
    return result


def _kind(token_type: str, raw: str) -> str:
    if token_type == "IDENTIFIER":
        return "quoted"
    if token_type == "STRING" or raw[:1] in ("'", "$") or raw[:2].upper() in ("E'", "N'", "B'", "X'"):
        return "string"
    if token_type == "NUMBER":
        return "number"
    if raw[:1] == '"':
        return "string"  # MySQL's other quotes
    if raw[:1].isalpha() or raw[:1] == "_":
        return "word"
    return "sign"


class Reader:
    """Reads one statement from left to right. ``fold`` is what the dialect does to a name without quotes."""

    def __init__(self, source: str, tokens: Sequence[Token], dialect: str) -> None:
        self.source = source
        self.dialect = dialect
        self._tokens = tokens
        self._offset = tokens[0].start
        self.at = 0

    @property
    def token(self) -> Token | None:
        return self._tokens[self.at] if self.at < len(self._tokens) else None

    @property
    def done(self) -> bool:
        return self.at >= len(self._tokens)

    def sees(self, *words: str) -> bool:
        """Whether these words (or signs) come next."""
        for ahead, word in enumerate(words):
            token = self._tokens[self.at + ahead] if self.at + ahead < len(self._tokens) else None
            if token is None or (token.word != word and not (token.kind == "sign" and token.text == word)):
                return False
        return True

    def takes(self, *words: str) -> bool:
        """Go past these words if they come next."""
        if not self.sees(*words):
            return False
        self.at += len(words)
        return True

    def takes_one(self, *words: str) -> str | None:
        """Go past the one of ``words`` that comes next, and tell which."""
        for word in words:
            if self.takes(word):
                return word
        return None

    def need(self, *words: str) -> None:
        if not self.takes(*words):
            raise self.unread()

    def unread(self) -> Unread:
        token = self.token
        return Unread(f"at {token.text!r}" if token is not None else "at its end")

    def end(self) -> None:
        """The statement must end here."""
        if not self.done:
            raise self.unread()

    def next(self) -> Token:
        token = self.token
        if token is None:
            raise self.unread()
        self.at += 1
        return token

    def name(self) -> str:
        """A name, folded as the dialect folds it."""
        token = self.next()
        if token.kind == "quoted":
            return token.text
        if token.kind == "word":
            return token.text.lower() if self.dialect == "postgresql" else token.text
        if token.kind == "string" and self.dialect == "sqlite":
            return token.text
        self.at -= 1
        raise self.unread()

    def path(self) -> tuple[str, str | None]:
        """A name that may have a schema before it: (name, schema)."""
        first = self.name()
        if self.takes("."):
            return self.name(), first
        return first, None

    def names(self) -> list[str]:
        """Names in brackets."""
        self.need("(")
        found = [self.name()]
        while self.takes(","):
            found.append(self.name())
        self.need(")")
        return found

    def string(self) -> str:
        token = self.next()
        if token.kind != "string":
            self.at -= 1
            raise self.unread()
        return token.text

    def integer(self) -> int:
        negative = self.takes("-")
        token = self.next()
        if token.kind != "number" or not token.text.isdigit():
            self.at -= 1
            raise self.unread()
        return -int(token.text) if negative else int(token.text)

    def text(self, first: int, last: int) -> str:
        """The source of the tokens from ``first`` to before ``last``."""
        if first >= last:
            raise self.unread()
        return self.source[self._tokens[first].start - self._offset : self._tokens[last - 1].end - self._offset]

    def bracketed(self) -> str:
        """The source inside the brackets that open here, which are balanced."""
        self.need("(")
        first = self.at
        depth = 1
        while depth:
            token = self.next()
            if token.kind == "sign":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
        return self.text(first, self.at - 1)

    def expression(self, *stops: str) -> str:
        """The source of an expression: up to a comma, a closing bracket or one of the words ``stops`` outside of brackets."""
        first = self.at
        depth = 0
        while (token := self.token) is not None:
            if depth == 0 and ((token.kind == "sign" and token.text in (",", ")")) or (self.at > first and token.word in stops)):
                break
            if token.kind == "sign":
                depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(token.text, 0)
            self.at += 1
        return self.text(first, self.at)
