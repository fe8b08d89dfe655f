"""Column types, defaults and SQL as Python source, with the imports that they need."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gitmig.errors import ModelsError
from gitmig.schema.enumtypes import ENUMS, enum_behind
from gitmig.schema.spelling import DIALECTS, dialect_named, for_dialect, spell, spell_default, text_element
from gitmig.schema.values import Computed, Identity, Sequence, ServerDefault, Sql, Type, Value
from gitmig.script.layout import Argument, Call, Code, Dictionary, Display, Method, literal, python, quoted
from gitmig.script.prefixes import DIRECTIVES, SQLALCHEMY, Given

_DIALECTS = "sqlalchemy.dialects."
# How SQLAlchemy's portable expressions read on its default dialect: written back as themselves they stay portable.
_PORTABLE = {"now()": "sa.func.now()", "true": "sa.true()", "false": "sa.false()", "CURRENT_TIMESTAMP": "sa.func.current_timestamp()"}

RenderItem = Callable[[str, Any], "tuple[str, tuple[str, ...]] | None"]
"""A hook of env.py's (``render_item``): (kind, SQLAlchemy object) to source (`OMITTED`: not at all) and import lines, or None: ours."""
OMITTED = Given("")
"""What stands for a column or constraint that the hook leaves out."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a project wants its revisions written.

    ``dialects``: names of those that the revision will run on, the most important first. ``batch``: "always" groups the changes of a table
    into batch blocks, "rebuild" only those that SQLite makes in one rebuild, "never" writes plain calls. ``names_in_batch``: constraints
    added in a batch block get a name, which Alembic demands. ``user_module_prefix`` is env.py's, ``render_item`` its hook;
    ``directives`` and ``sqlalchemy`` are the prefixes that it has for ``op.`` and ``sa.``.
    """

    dialects: tuple[str, ...] = ("sqlite",)
    batch: str = "never"
    names_in_batch: bool = False
    user_module_prefix: str | None = None
    render_item: RenderItem | None = None
    directives: str = DIRECTIVES
    sqlalchemy: str = SQLALCHEMY


@dataclass(slots=True)
class Writer:
    """Turns values into code and gathers import lines on the way."""

    style: Style
    imports: set[str] = field(default_factory=set)

    @property
    def dialect(self) -> Any:
        return dialect_named(self.style.dialects[0]) if self.style.dialects[0] in DIALECTS else None

    def on_postgresql(self) -> bool:
        return "postgresql" in self.style.dialects

    def hooked(self, kind: str, thing: Any) -> Code | None:
        """What the project's own ``render_item`` says of a SQLAlchemy object."""
        if self.style.render_item is None or thing is None:
            return None
        found = self.style.render_item(kind, thing)
        if found is None:
            return None
        self.imports.update(found[1])
        return Given(found[0])

    # types

    def type(self, value: Type, constraint_name: Code | None = None) -> Code:
        """A column type. ``constraint_name`` is that of the check which the type makes, where a naming convention made it.

        Raises ModelsError for a type that has no source.
        """
        code = self._type(value)
        if constraint_name is None or not isinstance(code, Call):
            return code
        named = tuple(Argument(constraint_name, "name") if each.keyword == "name" else each for each in code.arguments)
        return replace(code, arguments=named)

    def _type(self, value: Type) -> Code:
        hooked = self.hooked("type", value.original)
        if hooked is not None:
            return hooked
        if self.on_postgresql():
            behind = enum_behind(value)
            if native_enum(behind):
                return self._enum(behind)
        code = self._bare_type(value)
        grouped: dict[Type, list[str]] = {}
        for dialect, variant in value.variants:
            grouped.setdefault(variant, []).append(dialect)
        for variant, dialects in sorted(grouped.items(), key=lambda pair: pair[1]):
            code = Method(code, "with_variant", (Argument(self.type(variant)), *(Argument(quoted(each)) for each in dialects)))
        return code

    def _enum(self, value: Type) -> Code:
        """PostgreSQL's type is created by a line of its own, so the column must not create it again."""
        kept = {key: each for key, each in value.args if key in ("*", "name", "schema", "quote")}
        native = Type("sqlalchemy.dialects.postgresql.ENUM", tuple(sorted({**kept, "create_type": False}.items())))
        if self.style.dialects == ("postgresql",) and not value.variants:
            return self._bare_type(native)
        variants = dict(value.variants)
        variants.setdefault("postgresql", native)
        code = self._bare_type(value)
        for dialect, variant in sorted(variants.items()):
            written = self._bare_type(variant) if dialect == "postgresql" else self.type(variant)
            code = Method(code, "with_variant", (Argument(written), Argument(quoted(dialect))))
        return code

    def _bare_type(self, value: Type) -> Code:
        arguments = dict(value.args)
        if value.path.startswith("sqlalchemy."):
            return Call(self._sqlalchemy_name(value.path), self.arguments(arguments))
        if "*ddl" in arguments:
            return self._from_repr(value)
        return Call(self._user_name(value), self.arguments(arguments))

    def arguments(self, named: Mapping[str, Value]) -> tuple[Argument, ...]:
        """A type's arguments: "*" are the positional ones."""
        positional = named.get("*", ())
        items = positional if isinstance(positional, tuple) else (positional,)
        keys = sorted(named.keys() - {"*"}, key=lambda key: (key not in ("name", "schema"), key))
        rest = [Argument(self.value(named[key]), key) for key in keys]
        return (*(Argument(self.value(each)) for each in items), *rest)

    def _sqlalchemy_name(self, path: str) -> str:
        if path.startswith(_DIALECTS):
            dialect, _, name = path.removeprefix(_DIALECTS).partition(".")
            if "." not in name:
                self.imports.add(f"from sqlalchemy.dialects import {dialect}")
                return f"{dialect}.{name}"
        elif path.count(".") == 1 or path.startswith("sqlalchemy.types."):
            return f"sa.{path.removeprefix('sqlalchemy.')}"
        self.imports.add(f"import {path.rpartition('.')[0]}")
        return path

    def _user_name(self, value: Type) -> str:
        module, name = user_class(value)
        if "<locals>" in name:
            raise ModelsError(
                f"the type {name} of {module} is made inside a function, so no revision file can import it",
                "Define it at the module's top level.",
            )
        if module == "__main__":
            raise ModelsError(f"the type {name} is defined in a script that is run, not imported", "Move it into a module.")
        if self.style.user_module_prefix is not None:
            return f"{self.style.user_module_prefix}{name}"
        self.imports.add(f"import {module}")
        return f"{module}.{name}"

    def _from_repr(self, value: Type) -> Code:
        """A type that only its repr describes: read as Python, its names resolved."""
        module, name = user_class(value)
        try:
            tree = ast.parse(value.source or "", mode="eval").body
        except SyntaxError as error:
            raise ModelsError(
                f"the type {module}.{name} cannot be written as source: its repr is {value.source}",
                "Give the class a __repr__ that is the Python call which makes it, or write the revision by hand.",
            ) from error
        code = self._expression(tree, module)
        if isinstance(code, Call):
            return replace(code, function=self._user_name(value))
        return code

    def _expression(self, node: ast.expr, module: str) -> Code:
        match node:
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                positional = [Argument(self._expression(each, module)) for each in args]
                named = [Argument(self._expression(each.value, module), each.arg) for each in keywords]
                return Call(self._resolved(name, module), (*positional, *named))
            case ast.List(elts=items):
                return Display("[]", tuple(self._expression(each, module) for each in items))
            case ast.Tuple(elts=items):
                return Display("()", tuple(self._expression(each, module) for each in items))
            case ast.Constant(value=constant) if constant is None or isinstance(constant, (str, bool, int, float)):
                return literal(constant)
            case _:
                return ast.unparse(node)

    def _resolved(self, name: str, module: str) -> str:
        import sqlalchemy

        if hasattr(sqlalchemy, name):
            return f"sa.{name}"
        self.imports.add(f"import {module}")
        return f"{module}.{name}"

    # values

    def value(self, value: Value) -> Code:
        """An option or argument, read as ``schema.thaw`` reads it: pairs are a dictionary, other tuples a list."""
        match value:
            case None | bool() | int() | float() | str():
                return literal(value)
            case Sql():
                return self.text(value)
            case Type():
                return self.type(value)
            case Sequence():
                return self.sequence(value)
            case tuple() if value and all(isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], str) for each in value):
                return Dictionary(tuple((quoted(str(pair[0])), self.value(pair[1])) for pair in value))  # type: ignore[index]
            case tuple():
                return Display("[]", tuple(map(self.value, value)))
            case _:
                return python(str(value))

    def sql(self, value: Sql) -> str:
        """The SQL in the spelling of the most important dialect, as ``text()`` takes it."""
        told = spell(value)
        text = told.text
        if told.expression and self.dialect is not None:
            text = for_dialect(dict(told.spelled), self.dialect) or text
        return text_element(text).text

    def text(self, value: Sql) -> Code:
        """``sa.text(...)``."""
        return Call("sa.text", (Argument(quoted(self.sql(value))),))

    def default(self, value: ServerDefault) -> Code:
        """What stands behind ``server_default=``."""
        match value.kind:
            case "literal":
                return quoted(value.text)
            case "fetched":
                return "sa.FetchedValue()"
            case "sql":
                hooked = self.hooked("server_default", value.original)
                if hooked is not None:
                    return hooked
                told = spell_default(value)
                if told.expression and told.text in _PORTABLE:
                    return _PORTABLE[told.text]
                return self.text(Sql(told.text, expression=told.expression, spelled=told.spelled))

    def computed(self, value: Computed) -> Code:
        arguments = [Argument(quoted(self.sql(value.sql)))]
        if value.persisted is not None:
            arguments.append(Argument(literal(value.persisted), "persisted"))
        return Call("sa.Computed", tuple(arguments))

    def identity(self, value: Identity) -> Code:
        named: dict[str, Value] = {"always": value.always}
        if value.on_null is not None:
            named["on_null"] = value.on_null
        named.update(value.options)
        return Call("sa.Identity", self.arguments(named))

    def sequence(self, value: Sequence) -> Code:
        named: dict[str, Value] = dict(value.options)
        if value.schema is not None:
            named["schema"] = value.schema
        return Call("sa.Sequence", (Argument(quoted(value.name)), *self.arguments(named)))


def native_enum(value: Type) -> bool:
    """Whether PostgreSQL has a type of its own for it, which the project makes."""
    arguments = dict(value.args)
    variants = dict(value.variants)
    if "postgresql" in variants and value.path in ENUMS:
        return native_enum(variants["postgresql"])
    named = isinstance(arguments.get("name"), str)
    return value.path in ENUMS and named and arguments.get("native_enum") is not False and arguments.get("create_type") is not False


def user_class(value: Type) -> tuple[str, str]:
    """The module of a user's type, and its name there (dotted for a class inside a class)."""
    if value.original is not None and not value.path.startswith("sqlalchemy."):
        cls = type(value.original)
        return cls.__module__, cls.__qualname__
    parts = value.path.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        if ".".join(parts[:cut]) in sys.modules:
            return ".".join(parts[:cut]), ".".join(parts[cut:])
    return ".".join(parts[:-1]), parts[-1]
