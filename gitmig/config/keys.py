"""The keys that configuration knows, their types, and one file's section or table turned into typed values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import pathsep
from typing import Any, Literal

from gitmig.config.durations import FORMS, seconds
from gitmig.config.roles import ROLES
from gitmig.config.texts import Ini, Place
from gitmig.config.values import CheckoutSettings, CommitSettings, DatabaseSettings, Hook, MergeSettings, TenantSettings
from gitmig.errors import ConfigError

Owner = Literal["gitmig", "alembic"]
Kind = Literal["text", "words", "paths", "number", "flag", "duration"]
KEYS: Mapping[str, Kind] = {
    "script_location": "text",
    "url": "text",
    "models": "words",
    "dialect": "words",
    "app": "text",
    "version_table": "text",
    "version_table_schema": "text",
    "lock_timeout": "duration",
    "statement_timeout": "duration",
    "history_table": "text",
    "published": "words",
    "file_template": "text",
    "truncate_slug_length": "number",
    "timezone": "text",
    "version_locations": "paths",
    "recursive_version_locations": "flag",
    "prepend_sys_path": "paths",
    "path_separator": "text",
    "version_path_separator": "text",
    "output_encoding": "text",
    "sourceless": "flag",
    "revision_environment": "flag",
    "jobs": "number",
    "binds": "flag",
    "head_file": "flag",
}
MODES = ("stage", "review", "check", "off")
TABLES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "commit": {"autogenerate": MODES, "unsafe": MODES, "missing": ("warn", "fail")},
    "merge": {"heads": ("merge", "rebase", "ask", "fail"), "finish": ("stop", "amend", "later")},
    "checkout": {"sync": ("notify", "auto", "off")},
}
SEPARATORS = {"space": " ", "newline": "\n", "os": pathsep, ":": ":", ";": ";"}
_TOKEN = re.compile(r"%%|%\(here\)s")


@dataclass(frozen=True, slots=True)
class Source:
    """What one file says. ``values`` are typed, ``main`` is every key of the section as text; ``name`` is "FILE [SECTION]"."""

    owner: Owner
    kind: Literal["toml", "ini"]
    section: str
    place: Place
    values: Mapping[str, Any]
    main: Mapping[str, str]
    commit: CommitSettings | None = None
    databases: tuple[DatabaseSettings, ...] = ()
    engines: tuple[DatabaseSettings, ...] = ()
    tenants: TenantSettings | None = None
    hooks: tuple[Hook, ...] | None = None
    merge: MergeSettings | None = None
    checkout: CheckoutSettings | None = None

    @property
    def name(self) -> str:
        return f"{self.place.path} [{self.section}]"


def toml_source(owner: Owner, table: Mapping[str, Any], place: Place, here: str) -> Source:
    """[tool.gitmig] or [tool.alembic]. Raises ConfigError for an unknown key of ours or a value of another type."""
    section = f"tool.{owner}"
    read = _Reader(place, section)
    flat: dict[str, Any] = {}
    tables: dict[str, Mapping[str, Any]] = {}
    for key, value in table.items():
        if key == "sqlalchemy" and isinstance(value, dict):
            flat.update({f"sqlalchemy.{name}": each for name, each in value.items()})
        elif isinstance(value, dict) and owner == "gitmig":
            tables[key] = value
        else:
            flat[key] = value
    hooks = flat.pop("post_write_hooks", None)
    values: dict[str, Any] = {}
    main: dict[str, str] = {}
    for key, value in flat.items():
        filled = _fill(value, here)
        main[key] = _as_text(filled)
        if key == "sqlalchemy.url":
            values.setdefault("url", read.typed(key, "text", filled))
        elif _is_ours(owner, key):
            values[key] = read.typed(key, KEYS[key], filled)
        elif owner == "gitmig" and not key.startswith("sqlalchemy."):
            raise read.unknown(key, [*KEYS, *TABLES, "databases", "tenants", "post_write_hooks", "sqlalchemy.url"])
    if "url" in flat:
        values["url"] = read.typed("url", "text", _fill(flat["url"], here))
    main["here"] = here
    return Source(
        owner,
        "toml",
        section,
        place,
        _finish(owner, values),
        main,
        read.commit(tables),
        read.databases({name: tables["databases"][name] for name in tables.get("databases", {})}),
        (),
        read.tenants(tables.get("tenants")),
        None if hooks is None else tuple(read.toml_hook(hook, here) for hook in hooks),
        read.merge(tables),
        read.checkout(tables),
    )


def ini_source(owner: Owner, name: str, ini: Ini) -> Source:
    """The section ``name`` of an ini file with the sections that belong to it. Raises ConfigError as `toml_source`."""
    section = ini.section(name)
    place = ini.place
    read = _Reader(place, name)
    values: dict[str, Any] = {}
    for key, value in section.values.items():
        if key == "sqlalchemy.url":
            values.setdefault("url", value)
        elif _is_ours(owner, key):
            # An empty value is no value, as Alembic has it; an empty history_table turns the history off.
            if value or key == "history_table":
                values[key] = read.from_text(key, KEYS[key], value, section.values)
        elif owner == "gitmig" and key not in section.defaults and difflib.get_close_matches(key, KEYS, cutoff=0.8):
            # Other keys are env.py's own, as in Alembic's ini; one that is a letter off is a mistake.
            raise read.unknown(key, list(KEYS))
    if section.values.get("url"):
        values["url"] = section.values["url"]
    for key in section.unresolved & KEYS.keys() - {"url"}:
        raise ConfigError(f"{place.at(f'{name}.{key}', name)}: '{key}' names something that is not there", "Define it in [DEFAULT].")
    tables: dict[str, Mapping[str, Any]] = {}
    databases: dict[str, Mapping[str, Any]] = {}
    for title in ini.names():
        parts = title.split(".", 2)
        if owner != "gitmig" or parts[0] != "gitmig" or len(parts) < 2:
            continue
        other = ini.section(title)
        own = {key: value for key, value in other.values.items() if key not in other.defaults}
        if parts[1] == "databases" and len(parts) == 3:
            databases[parts[2]] = own
        else:
            tables[title.removeprefix("gitmig.")] = own
    return Source(
        owner,
        "ini",
        name,
        place,
        _finish(owner, values),
        section.values,
        read.commit(tables),
        read.databases(databases),
        _engines(section.values.get("databases"), ini),
        read.tenants(tables.get("tenants")),
        read.ini_hooks(ini.section("post_write_hooks").values) if "post_write_hooks" in ini.names() else None,
        read.merge(tables),
        read.checkout(tables),
    )


def _is_ours(owner: Owner, key: str) -> bool:
    """Whether we read that key. In Alembic's files a timeout is one that env.py reads."""
    return key in KEYS and (owner == "gitmig" or KEYS[key] != "duration")


def _engines(names: str | None, ini: Ini) -> tuple[DatabaseSettings, ...]:
    """The databases of Alembic's multidb template; none where a name has no section with a URL: then the key is the project's own."""
    found = []
    for name in re.split(r",\s*", names.strip()) if names else ():
        url = ini.section(name).values.get("sqlalchemy.url") if name in ini.names() else None
        if not url:
            return ()
        # Alembic's URLs know no "$$".
        found.append(DatabaseSettings(name, url.replace("$", "$$")))
    return tuple(found)


def _finish(owner: Owner, values: dict[str, Any]) -> dict[str, Any]:
    """Alembic's URLs know no "$$"; theirs keep the dollars that they hold, except in "${NAME}"."""
    if owner == "alembic" and values.get("url"):
        values["url"] = re.sub(r"\$(?!\{[A-Za-z_]\w*\})", "$$", values["url"])
    return values


@dataclass(frozen=True, slots=True)
class _Reader:
    """Typed reading of one section's values, with complaints that name file, line and key."""

    place: Place
    section: str

    def bad(self, key: str, text: str, hint: str, table: str = "") -> ConfigError:
        section = f"{self.section}.{table}" if table else self.section
        return ConfigError(f"{self.place.at(f'{section}.{key}', section, self.section)}: {text}", hint)

    def unknown(self, key: str, known: Sequence[str], table: str = "") -> ConfigError:
        section = f"{self.section}.{table}" if table else self.section
        near = difflib.get_close_matches(key, known, n=2)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Known are: {', '.join(sorted(known))}."
        return self.bad(key, f"unknown key '{key}' in [{section}]", hint, table)

    def typed(self, key: str, kind: Kind, value: object) -> Any:
        """A TOML value of the type that ``key`` wants."""
        match kind, value:
            case "text", str():
                return value
            case "flag", bool():
                return value
            case "number", int() if not isinstance(value, bool):
                return value
            case "duration", int() | float() if not isinstance(value, bool) and value >= 0:
                return float(value)
            case "duration", str() if (length := seconds(value)) is not None:
                return length
            case "words" | "paths", str():
                return (value,)
            case "words" | "paths", list() if all(isinstance(item, str) for item in value):
                return tuple(item for item in value if item)
            case _:
                raise self.bad(key, f"'{key}' must be {_WANTED[kind]}, not {value!r}", f"For example: `{key} = {_EXAMPLE[kind]}`.")

    def from_text(self, key: str, kind: Kind, value: str, section: Mapping[str, str]) -> Any:
        """An ini value turned into the type that ``key`` wants."""
        match kind:
            case "text":
                return value
            case "duration":
                return self.typed(key, kind, value)
            case "number":
                if not re.fullmatch(r"\s*[+-]?\d+\s*", value):
                    raise self.bad(key, f"'{key}' must be a whole number, not {value!r}", f"For example: `{key} = 40`.")
                return int(value)
            case "flag":
                word = value.strip().lower()
                if word not in _FLAGS:
                    raise self.bad(key, f"'{key}' must be true or false, not {value!r}", f"For example: `{key} = true`.")
                return _FLAGS[word]
            case "words":
                return tuple(re.split(r"[\s,]+", value.strip(" \t\r\n,")))
            case "paths":
                return self.paths(key, value, section)

    def paths(self, key: str, value: str, section: Mapping[str, str]) -> tuple[str, ...]:
        """Split by ``path_separator``; without one as old Alembic did: by commas and blanks, the import path by ":" as well."""
        name = section.get("path_separator") or (section.get("version_path_separator") if key == "version_locations" else None)
        if name and name not in SEPARATORS:
            raise self.bad("path_separator", f"unknown path_separator {name!r}", f"Known are: {', '.join(sorted(SEPARATORS))}.")
        if name:
            parts = value.split() if name == "space" else value.split(SEPARATORS[name])
        else:
            parts = re.split(r"[\s,]+" if key == "version_locations" else r"[\s,]+|:(?![\\/])", value)
        return tuple(part.strip() for part in parts if part.strip())

    def commit(self, tables: Mapping[str, Mapping[str, Any]]) -> CommitSettings | None:
        """The commit table; the other tables that we know are checked on the way, and unknown ones refused."""
        for name, table in tables.items():
            if name in ("databases", "tenants"):
                continue
            if name not in TABLES:
                raise self.unknown(name, [*KEYS, *TABLES, "databases", "tenants", "post_write_hooks"])
            for key, value in table.items():
                if key not in TABLES[name]:
                    raise self.unknown(key, list(TABLES[name]), name)
                if value not in TABLES[name][key]:
                    words = ", ".join(TABLES[name][key])
                    raise self.bad(key, f"'{key}' in [{self.section}.{name}] cannot be {value!r}", f"It is one of: {words}.", name)
        return CommitSettings(**tables["commit"]) if "commit" in tables else None

    def merge(self, tables: Mapping[str, Mapping[str, Any]]) -> MergeSettings | None:
        """The merge table, which `commit` has checked."""
        return MergeSettings(**tables["merge"]) if "merge" in tables else None

    def checkout(self, tables: Mapping[str, Mapping[str, Any]]) -> CheckoutSettings | None:
        """The checkout table, which `commit` has checked."""
        return CheckoutSettings(**tables["checkout"]) if "checkout" in tables else None

    def databases(self, tables: Mapping[str, Any]) -> tuple[DatabaseSettings, ...]:
        found = []
        for name, table in tables.items():
            path = f"databases.{name}"
            if not isinstance(table, Mapping):
                raise self.bad(name, f"'databases.{name}' must be a table", f"Write [{self.section}.{path}] with a url.", "databases")
            for key in table:
                if key not in ("url", "role", "models"):
                    raise self.unknown(key, ["url", "role", "models"], path)
            if not isinstance(table.get("url"), str) or not table["url"]:
                raise self.bad("url", f"[{self.section}.{path}] has no url", 'Write `url = "..."` there.', path)
            if table.get("role", "local") not in ROLES:
                raise self.bad("role", f"'role' cannot be {table['role']!r}", f"It is one of: {', '.join(ROLES)}.", path)
            models = table.get("models", ())
            words = self.from_text("models", "words", models, {}) if isinstance(models, str) else self.typed("models", "words", [*models])
            found.append(DatabaseSettings(name, table["url"], table.get("role"), words))
        return tuple(found)

    def tenants(self, table: Mapping[str, Any] | None) -> TenantSettings | None:
        """[tool.gitmig.tenants]: which there are, and where each lives."""
        if table is None:
            return None
        known = ("names", "call", "query", "schema", "url")
        for key in table:
            if key not in known:
                raise self.unknown(key, list(known), "tenants")
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key in ("names", "schema"):
                values[key] = self.from_text(key, "words", value, {}) if isinstance(value, str) else self.typed(key, "words", value)
            else:
                values[key] = self.typed(key, "text", value)
        for group, text in ((known[:3], "which tenants there are"), (known[3:], "where a tenant lives")):
            said = [key for key in group if values.get(key) or (key == "names" and key in values)]
            if len(said) != 1:
                hint = f"Write one of {', '.join(group)}."
                raise self.bad((said or ["tenants"])[-1], f"[{self.section}.tenants] must say once {text}", hint, "tenants")
        where = values.get("url") or values["schema"][0]
        if "{tenant}" not in where:
            raise self.bad("schema", f"every tenant would live in {where!r}", 'Write "{tenant}" where its name goes.', "tenants")
        return TenantSettings(values.get("names", ()), values.get("call"), values.get("query"), values.get("schema", ()), values.get("url"))

    def toml_hook(self, hook: object, here: str) -> Hook:
        if not isinstance(hook, Mapping) or not isinstance(hook.get("name"), str):
            raise self.bad("name", "a post-write hook has no name", 'Write `name = "..."` in it.', "post_write_hooks")
        return Hook(hook["name"], {key: _as_text(_fill(value, here)) for key, value in hook.items() if key != "name"})

    def ini_hooks(self, values: Mapping[str, str]) -> tuple[Hook, ...]:
        names = [name for name in re.split(r"[\s,]+", values.get("hooks", "")) if name]
        return tuple(
            Hook(name, {key.removeprefix(f"{name}."): value for key, value in values.items() if key.startswith(f"{name}.")})
            for name in names
        )


_FLAGS = {"true": True, "yes": True, "on": True, "y": True, "t": True, "1": True}
_FLAGS |= {"false": False, "no": False, "off": False, "n": False, "f": False, "0": False}
_WANTED: Mapping[Kind, str] = {
    "text": "a string",
    "words": "a string or a list of strings",
    "paths": "a string or a list of strings",
    "number": "a whole number",
    "flag": "true or false",
    "duration": FORMS,
}
_EXAMPLE: Mapping[Kind, str] = {"text": '"..."', "words": '["..."]', "paths": '["..."]', "number": "40", "flag": "true", "duration": '"5s"'}


def _fill(value: Any, here: str) -> Any:
    """``%(here)s`` and "%%" in a TOML string, however deep; any other percent sign is itself."""
    match value:
        case str():
            return _TOKEN.sub(lambda token: "%" if token[0] == "%%" else here, value)
        case list():
            return [_fill(item, here) for item in value]
        case _:
            return value


def _as_text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return "\n".join(str(item) for item in value)
        case _:
            return str(value)
