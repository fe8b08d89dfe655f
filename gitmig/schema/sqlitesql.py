"""SQLite's CREATE TABLE, read and written as text.

SQLite keeps the text of each definition, and that text is the only place that says all of it: collations, ON CONFLICT, AUTOINCREMENT,
unnamed checks. So a definition is taken apart into pieces that are kept to the letter, changed where something changes, and put
together again. Grammar: https://www.sqlite.org/lang_createtable.html.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

from gitmig.errors import SchemaError

ClauseKind: TypeAlias = Literal["primary", "notnull", "null", "unique", "check", "default", "collate", "foreignkey", "generated"]

_R = TypeVar("_R")

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
      | (?P<number>\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d[\w.]*)
      | (?P<word>[^\W\d][\w$]*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_COLUMN_CLAUSES = frozenset(
    ("CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS")
)
_TABLE_CLAUSES = frozenset(["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"])


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """In upper case; "" for what is not a bare word."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str | None:
        """The identifier that it may be, without its quotes; None for what cannot be one."""
        if self.kind == "word":
            return self.text
        if self.kind == "string":
            return self.text[1:-1].replace("''", "'")
        if self.kind == "quoted":
            quote = self.text[0]
            return self.text[1:-1] if quote == "[" else self.text[1:-1].replace(quote * 2, quote)
        return None


@dataclass(frozen=True, slots=True)
class Clause:
    """One constraint of a column or a table, to the letter. ``columns``: those that it names (of a check or an expression: every
    identifier in it); ``body``: the expression of a check, default or generated column, in its parentheses where it has them."""

    kind: ClauseKind
    text: str
    name: str | None = None
    columns: tuple[str, ...] = ()
    target: str | None = None
    target_columns: tuple[str, ...] = ()
    body: str = ""

    @property
    def bare(self) -> str:
        """Its text without CONSTRAINT and name."""
        read = tokens(self.text)
        return self.text[read[2].start :] if read[0].word == "CONSTRAINT" else self.text


@dataclass(frozen=True, slots=True)
class ColumnText:
    """``spelled`` is the name as it stands there, with its quotes."""

    name: str
    spelled: str
    type: str
    clauses: tuple[Clause, ...] = ()

    def render(self) -> str:
        return " ".join(part for part in (self.spelled, self.type, *(clause.text for clause in self.clauses)) if part)

    def has(self, kind: ClauseKind) -> bool:
        return any(clause.kind == kind for clause in self.clauses)

    def without(self, *kinds: ClauseKind) -> ColumnText:
        return replace(self, clauses=tuple(clause for clause in self.clauses if clause.kind not in kinds))

    def with_clause(self, clause: Clause) -> ColumnText:
        """With the clause at the end; a default goes first, where SQLAlchemy has it too."""
        clauses = (clause, *self.clauses) if clause.kind == "default" else (*self.clauses, clause)
        return replace(self, clauses=clauses)

    @property
    def generated(self) -> bool:
        return self.has("generated")


@dataclass(frozen=True, slots=True)
class TableText:
    """``options`` is what follows the closing parenthesis: WITHOUT ROWID, STRICT."""

    name: str
    columns: tuple[ColumnText, ...]
    constraints: tuple[Clause, ...]
    options: str = ""

    def column(self, name: str) -> ColumnText | None:
        """Names are compared as SQLite does: without case."""
        return next((each for each in self.columns if same(each.name, name)), None)

    def render(self, spelled: str) -> str:
        """CREATE TABLE under the name ``spelled`` (quoted, with its schema)."""
        items = [column.render() for column in self.columns] + [constraint.text for constraint in self.constraints]
        return f"CREATE TABLE {spelled} (\n\t" + ", \n\t".join(items) + "\n)" + (f" {self.options}" if self.options else "")

    @property
    def counts(self) -> bool:
        """AUTOINCREMENT stands in it."""
        clauses = (*self.constraints, *(clause for column in self.columns for clause in column.clauses))
        return any("AUTOINCREMENT" in words(clause.text) for clause in clauses if clause.kind == "primary")

    def all_clauses(self) -> tuple[Clause, ...]:
        return (*(clause for column in self.columns for clause in column.clauses), *self.constraints)


def same(left: str | None, right: str | None) -> bool:
    return left is not None and right is not None and left.lower() == right.lower()


def tokens(sql: str) -> list[Token]:
    """The tokens that are no space or comment."""
    found = [Token(str(match.lastgroup), match.group(), match.start(), match.end()) for match in _TOKEN.finditer(sql)]
    return [token for token in found if token.kind != "space"]


def words(sql: str) -> frozenset[str]:
    """Its bare words, in upper case."""
    return frozenset(token.word for token in tokens(sql) if token.word)


def identifiers(sql: str) -> frozenset[str]:
    """What may be a column's name in it, in lower case: words and quoted names that no parenthesis follows; no text in single quotes."""
    read = tokens(sql)
    found = set()
    for position, token in enumerate(read):
        called = position + 1 < len(read) and read[position + 1].text == "("
        if token.kind in ("word", "quoted") and not (called and token.kind == "word") and token.name is not None:
            found.add(token.name.lower())
    return frozenset(found)


def renamed(sql: str, old: str, spelled: str) -> str:
    """``sql`` with the column ``old`` under its new name, ``spelled`` as it shall stand there."""
    read = tokens(sql)
    result, done = [], 0
    for position, token in enumerate(read):
        called = position + 1 < len(read) and read[position + 1].text == "(" and token.kind == "word"
        if token.kind in ("word", "quoted") and same(token.name, old) and not called:
            result += [sql[done : token.start], spelled]
            done = token.end
    return "".join([*result, sql[done:]])


def read_table(sql: str) -> TableText:
    """The definition taken apart. Raises SchemaError for what is no CREATE TABLE with columns."""
    reader = _Reader(sql)
    reader.expect("CREATE")
    reader.skip("TEMP", "TEMPORARY")
    reader.expect("TABLE")
    if reader.skip("IF"):
        reader.expect("NOT")
        reader.expect("EXISTS")
    name = reader.identifier()
    if reader.skip_mark("."):
        name = reader.identifier()
    reader.expect_mark("(")
    columns, constraints = [], []
    while True:
        if reader.peek_word() in _TABLE_CLAUSES:
            constraints.append(reader.table_constraint())
            # SQLite wants no comma between two table constraints.
            while reader.peek_word() in _TABLE_CLAUSES:
                constraints.append(reader.table_constraint())
        else:
            columns.append(reader.column())
        if not reader.skip_mark(","):
            break
    reader.expect_mark(")")
    return TableText(name, tuple(columns), tuple(constraints), reader.rest())


def read_column(sql: str) -> ColumnText:
    """A column's definition, as in CREATE TABLE. Raises SchemaError."""
    reader = _Reader(sql)
    return reader.done(reader.column())


def read_constraint(sql: str) -> Clause:
    """A table's constraint, as in CREATE TABLE. Raises SchemaError."""
    reader = _Reader(sql)
    return reader.done(reader.table_constraint())


class _Reader:
    """A cursor over the tokens."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokens(sql)
        self.position = 0

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.position + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def peek_word(self, ahead: int = 0) -> str:
        token = self.peek(ahead)
        return token.word if token else ""

    def next(self) -> Token:
        token = self.peek()
        if token is None:
            raise self.error("its end")
        self.position += 1
        return token

    def error(self, where: str) -> SchemaError:
        return SchemaError(
            f"SQLite's definition cannot be read at {where}: {' '.join(self.sql.split())[:200]}",
            "Please report it with this text; meanwhile the table can be changed with op.execute()",
        )

    def expect(self, word: str) -> None:
        token = self.next()
        if token.word != word:
            raise self.error(repr(token.text))

    def expect_mark(self, mark: str) -> None:
        token = self.next()
        if token.text != mark:
            raise self.error(repr(token.text))

    def skip(self, *choices: str) -> bool:
        if self.peek_word() in choices:
            self.position += 1
            return True
        return False

    def skip_mark(self, mark: str) -> bool:
        token = self.peek()
        if token is not None and token.text == mark:
            self.position += 1
            return True
        return False

    def identifier(self) -> str:
        token = self.next()
        if token.name is None:
            raise self.error(repr(token.text))
        return token.name

    def done(self, result: _R) -> _R:
        """``result``, when nothing is left behind it."""
        left = self.peek()
        if left is not None:
            raise self.error(repr(left.text))
        return result

    def rest(self) -> str:
        token = self.peek()
        return "" if token is None else self.sql[token.start : self.tokens[-1].end].rstrip(";").rstrip()

    def since(self, start: int) -> str:
        """The text from the token at ``start`` up to the cursor."""
        return self.sql[self.tokens[start].start : self.tokens[self.position - 1].end]

    def parenthesised(self) -> str:
        """The text of the parentheses that open at the cursor."""
        start, depth = self.position, 0
        while True:
            token = self.next()
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0:
                return self.since(start)

    def column(self) -> ColumnText:
        spelled = self.peek()
        name = self.identifier()
        start = self.position
        while (token := self.peek()) is not None and token.word not in _COLUMN_CLAUSES and token.text not in (",", ")"):
            if token.text == "(":
                self.parenthesised()
            else:
                self.position += 1
        type_ = self.since(start) if self.position > start else ""
        clauses = []
        while self.peek_word() in _COLUMN_CLAUSES:
            clauses.append(self.column_clause(name))
        assert spelled is not None
        return ColumnText(name, spelled.text, type_, tuple(clauses))

    def column_clause(self, column: str) -> Clause:
        start = self.position
        name = self.identifier() if self.skip("CONSTRAINT") else None
        word = self.next().word
        own = (column,)
        body, target = "", None
        targets: tuple[str, ...] = ()
        kind: ClauseKind
        match word:
            case "PRIMARY":
                kind = "primary"
                self.expect("KEY")
                self.skip("ASC", "DESC")
                self.on_conflict()
                self.skip("AUTOINCREMENT")
            case "NOT":
                kind = "notnull"
                self.expect("NULL")
                self.on_conflict()
            case "NULL":
                kind = "null"
                self.on_conflict()
            case "UNIQUE":
                kind = "unique"
                self.on_conflict()
            case "CHECK":
                kind = "check"
                body = self.parenthesised()
                self.on_conflict()
            case "DEFAULT":
                kind = "default"
                body = self.default()
            case "COLLATE":
                kind = "collate"
                body = self.identifier()
            case "REFERENCES":
                kind = "foreignkey"
                target, targets = self.references()
            case "GENERATED" | "AS":
                kind = "generated"
                if word == "GENERATED":
                    self.expect("ALWAYS")
                    self.expect("AS")
                body = self.parenthesised()
                self.skip("STORED", "VIRTUAL")
            case _:
                raise self.error(repr(word))
        columns = own if kind not in ("check", "generated") else (*own, *sorted(identifiers(body) - {column.lower()}))
        return Clause(kind, self.since(start), name, columns, target, targets, body)

    def default(self) -> str:
        start = self.position
        token = self.peek()
        if token is not None and token.text == "(":
            return self.parenthesised()
        if token is not None and token.text in ("+", "-"):
            self.position += 1
        token = self.next()
        following = self.peek()
        if token.word == "X" and following is not None and following.kind == "string" and following.start == token.end:
            self.position += 1  # a blob: X'00'
        elif token.kind == "word" and following is not None and following.text == "(":
            self.parenthesised()  # a call, which SQLite wants in parentheses and scripts write without
        return self.since(start)

    def on_conflict(self) -> None:
        if self.peek_word() == "ON" and self.peek_word(1) == "CONFLICT":
            self.position += 3

    def names(self) -> tuple[str, ...]:
        """The columns in the parentheses at the cursor, without what follows each of them (COLLATE, DESC)."""
        found: list[str] = []
        depth, first = 0, True
        while True:
            token = self.next()
            if token.text == "(":
                depth += 1
            elif token.text == ")":
                depth -= 1
                if depth == 0:
                    return tuple(found)
            elif token.text == "," and depth == 1:
                first = True
            elif first and token.name is not None:
                found.append(token.name)
                first = False

    def references(self) -> tuple[str, tuple[str, ...]]:
        """After REFERENCES: the target and its columns; the cursor moves behind all that belongs to it."""
        target = self.identifier()
        following = self.peek()
        columns = self.names() if following is not None and following.text == "(" else ()
        while True:
            if self.peek_word() == "ON":
                self.position += 2
                if not self.skip("CASCADE", "RESTRICT"):
                    self.position += 2  # SET NULL, SET DEFAULT, NO ACTION
            elif self.peek_word() == "MATCH":
                self.position += 2
            elif self.peek_word() == "DEFERRABLE" or (self.peek_word() == "NOT" and self.peek_word(1) == "DEFERRABLE"):
                self.position += 1 if self.peek_word() == "DEFERRABLE" else 2
                if self.skip("INITIALLY"):
                    self.position += 1
            else:
                return target, columns

    def table_constraint(self) -> Clause:
        start = self.position
        name = self.identifier() if self.skip("CONSTRAINT") else None
        word = self.next().word
        match word:
            case "PRIMARY" | "UNIQUE":
                if word == "PRIMARY":
                    self.expect("KEY")
                columns = self.names()
                self.on_conflict()
                return Clause("primary" if word == "PRIMARY" else "unique", self.since(start), name, columns)
            case "CHECK":
                body = self.parenthesised()
                self.on_conflict()
                return Clause("check", self.since(start), name, tuple(sorted(identifiers(body))), body=body)
            case "FOREIGN":
                self.expect("KEY")
                columns = self.names()
                self.expect("REFERENCES")
                target, targets = self.references()
                return Clause("foreignkey", self.since(start), name, columns, target, targets)
            case _:
                raise self.error(repr(word))


def of_table(column: ColumnText, clause: Clause) -> Clause:
    """A key or check in a column's definition as a constraint of the table, as SQLAlchemy writes it."""
    read = tokens(clause.text)
    name = f"CONSTRAINT {read[1].text} " if clause.name is not None else ""
    text = clause.bare
    if clause.kind == "unique":
        text = f"UNIQUE ({column.spelled}){text[len('UNIQUE') :]}"
    elif clause.kind == "foreignkey":
        words = tokens(text)
        rest = 2
        targets = ""
        if clause.target_columns:
            rest = next(i for i, token in enumerate(words) if token.text == ")") + 1
            targets = f" ({', '.join(token.text for token in words[3 : rest - 1] if token.text != ',')})"
        tail = f" {text[words[rest].start :]}" if rest < len(words) else ""
        text = f"FOREIGN KEY({column.spelled}) REFERENCES {words[1].text}{targets}{tail}"
    return read_constraint(name + text)


def with_loud_actions(sql: str) -> str:
    """A foreign key's clause with its words (CASCADE, SET NULL, DEFERRED) in upper case, as SQLAlchemy's reflection reads them."""
    read, result, done = tokens(sql), [], 0
    start = next((i for i, token in enumerate(read) if token.word == "REFERENCES"), len(read))
    depth = 0
    for token in read[start + 2 :]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.word:
            result += [sql[done : token.start], token.word]
            done = token.end
    return "".join([*result, sql[done:]])


def in_schema(sql: str, schema: str | None, quote: str = '"') -> str:
    """The text of a CREATE INDEX or CREATE TRIGGER as SQLite keeps it (without a schema), for the attached database ``schema``."""
    if schema is None:
        return sql
    read = tokens(sql)
    position = next(i for i, token in enumerate(read) if token.word in ("INDEX", "TRIGGER")) + 1
    if read[position].word == "IF":
        position += 3
    escaped = schema.replace(quote, quote * 2)
    place = read[position].start
    return f"{sql[:place]}{quote}{escaped}{quote}.{sql[place:]}"


def mentions(sql: str, names: Collection[str]) -> bool:
    """Whether one of the names may be meant in ``sql``."""
    found = identifiers(sql)
    return any(name.lower() in found for name in names)
