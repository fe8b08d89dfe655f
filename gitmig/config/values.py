"""Settings as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from gitmig.config.roles import Role

CommitMode = Literal["stage", "review", "check", "off"]
EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CommitSettings:
    """[tool.gitmig.commit]: what the pre-commit hook does with a change, with an unsafe change, and without its interpreter."""

    autogenerate: CommitMode = "stage"
    unsafe: CommitMode = "review"
    missing: Literal["warn", "fail"] = "warn"


@dataclass(frozen=True, slots=True)
class MergeSettings:
    """[tool.gitmig.merge]: what makes one head of several (None: nobody said), and how a clean merge gets its revision."""

    heads: Literal["merge", "rebase", "ask", "fail"] | None = None
    finish: Literal["stop", "amend", "later"] = "stop"


@dataclass(frozen=True, slots=True)
class CheckoutSettings:
    """[tool.gitmig.checkout]: whether a change of branches tells of the database, moves it where that loses nothing, or does neither."""

    sync: Literal["notify", "auto", "off"] = "notify"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """One further database of [tool.gitmig.databases.NAME]."""

    name: str
    url: str
    role: Role | None = None
    models: tuple[str, ...] = ()
    """Where it has models of its own it is one of several databases that every revision is for: its part is ``upgrade_<name>()``."""


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """[tool.gitmig.tenants]: the same schema many times.

    One of ``names``, ``call`` ("package.module:function") and ``query`` says which tenants there are; one of ``schemas`` (the tenant's own
    first, the others follow on PostgreSQL's search path) and ``url`` where each lives, with "{tenant}" for its name.
    """

    names: tuple[str, ...] = ()
    call: str | None = None
    query: str | None = None
    schemas: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """One post-write hook: ``options`` holds its keys (type, entrypoint, executable, options, cwd, ...)."""

    name: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that configuration can say. Paths under ``root`` are relative to it and posix; others are absolute.

    ``source`` names the file (and table or section) that it came from, for messages. ``style`` is "gitmig" where gitmig's own
    configuration exists and "alembic" where only Alembic's does: there models and options come from env.py.
    URLs are templates, as written: `gitmig.config.expand_url` makes one ready for use.
    """

    root: str
    source: str
    style: Literal["gitmig", "alembic"] = "gitmig"
    script_location: str = "migrations"
    url: str | None = None
    models: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    app: str | None = None
    version_table: str = "alembic_version"
    version_table_schema: str | None = None
    lock_timeout: float | None = None
    statement_timeout: float | None = None
    """In seconds, of the statements of revisions; 0 is no limit, None what the server says."""
    history_table: str = "gitmig_history"
    published: tuple[str, ...] = ("origin/HEAD",)
    commit: CommitSettings = CommitSettings()
    merge: MergeSettings = MergeSettings()
    checkout: CheckoutSettings = CheckoutSettings()
    databases: tuple[DatabaseSettings, ...] = ()
    file_template: str = "%(rev)s_%(slug)s"
    truncate_slug_length: int = 40
    timezone: str | None = None
    version_locations: tuple[str, ...] = ()
    recursive_version_locations: bool = False
    prepend_sys_path: tuple[str, ...] = ()
    output_encoding: str = "utf-8"
    sourceless: bool = False
    revision_environment: bool = False
    hooks: tuple[Hook, ...] = ()
    main_options: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Every key of the section as text, for env.py's ``config.get_main_option``."""
    ini_path: str | None = None
    toml_path: str | None = None
    ini_section: str = "alembic"
    files: tuple[str, ...] = ()
    """The files that were read, relative to ``root``."""
    jobs: int = 4
    """How many databases are worked on at once."""
    engines: tuple[DatabaseSettings, ...] = ()
    """What an ini file names as Alembic's multidb template does: `databases = a, b` and a section with a URL for each."""
    tenants: TenantSettings | None = None
    binds: bool = False
    head_file: bool = False
    """Whether each bind of the Flask application is a database of its own, with a part in every revision."""
    part: str | None = None
    """What ``upgrade(engine_name)`` is given, where ``--database`` chose one of several."""
    tenant: str | None = None
    """The tenant that ``--database`` chose."""
    search_path: tuple[str, ...] = ()
    """The schemas in which the tenant's names are looked up, its own first."""
    database: str | None = None
    """The name of the database that ``url`` is, where ``--database`` chose one."""
    alembic_files: tuple[str, ...] = ()
    """Those of ``files`` that are Alembic's: where there are any, Alembic works on the same database too."""


def may_be_several(config: Config) -> bool:
    """Whether one command may mean several databases: parts, binds, engines, tenants."""
    parts = any(database.models for database in config.databases)
    return bool(parts or config.binds or config.engines or config.tenants is not None)
