"""The environment that a command runs in: what ``context`` speaks to, env.py, and what happens without one."""

from __future__ import annotations

import sys
import traceback
import types
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from gitmig.adapters.database import connected, is_missing_driver, is_unreadable_url, is_wrong_url
from gitmig.errors import CommandError, ConfigError, GitmigError, UsageError
from gitmig.runtime import context
from gitmig.runtime.migration import MigrationContext
from gitmig.runtime.script_module import Scripts
from gitmig.runtime.settings import STANDALONE, Settings

_NO_URL = 'Write `url = "..."` into the configuration, or give --url.'


class EnvironmentContext:
    """``config`` is what env.py sees as ``context.config``, ``script`` the project's revisions. ``opts`` are those of MigrationContext.

    As a context manager it is what ``context`` speaks to inside the block.
    """

    def __init__(self, config: Any, script: Any, **kw: Any) -> None:
        self.config = config
        self.script = script
        self.context_opts = kw
        self._migration_context: MigrationContext | None = None
        self._contexts: list[MigrationContext] = []
        self._entered: AbstractContextManager[None] | None = None

    def __enter__(self) -> EnvironmentContext:
        self._entered = context.active(self)
        self._entered.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        assert self._entered is not None
        self._entered.__exit__(*exception)

    @property
    def settings(self) -> Settings:
        """How the run goes: what the command said, else what goes with the revisions."""
        return self.context_opts.get("settings") or getattr(self.script, "run_settings", None) or STANDALONE

    def is_offline_mode(self) -> bool:
        return bool(self.context_opts.get("as_sql", False))

    def requires_connection(self) -> bool:
        return not self.is_offline_mode()

    def is_transactional_ddl(self) -> bool:
        return self.get_context().is_transactional_ddl()

    def get_head_revision(self) -> str | None:
        heads = self._scripts().graph.heads()
        if len(heads) > 1:
            raise CommandError(
                "Multiple head revisions are present for given argument 'head'; please specify a specific target revision, "
                "'<branchname>@head' to narrow to a specific head, or 'heads' for all heads",
                f"They are {', '.join(heads)}; context.get_head_revisions() gives all that must run.",
            )
        return heads[0] if heads else None

    def get_head_revisions(self) -> tuple[str, ...]:
        return self._scripts().graph.real_heads()

    def get_starting_revision_argument(self) -> str | tuple[str, ...] | None:
        if self._migration_context is not None:
            rows = self._migration_context.get_current_heads()
            return rows[0] if len(rows) == 1 else rows or None
        if "starting_rev" in self.context_opts:
            return self.context_opts["starting_rev"]  # type: ignore[no-any-return]
        raise CommandError("No starting revision argument is available", "Give a range, such as `gitmig upgrade a:b --sql`.")

    def get_revision_argument(self) -> str | tuple[str, ...] | None:
        from gitmig.graph.names import many, relative

        target = self.context_opts.get("destination_rev")
        graph = self._scripts().graph
        if target is None or (isinstance(target, str) and relative(graph, target) is not None):
            return target
        ids = many(graph, target)
        return ids[0] if len(ids) == 1 else ids or None

    def get_tag_argument(self) -> str | None:
        return self.context_opts.get("tag")

    def get_x_argument(self, as_dictionary: bool = False) -> list[str] | dict[str, str]:
        given = list(getattr(getattr(self.config, "cmd_opts", None), "x", None) or ())
        if not as_dictionary:
            return given
        return {name: value for name, _, value in (argument.partition("=") for argument in given)}

    def configure(
        self,
        connection: Any = None,
        url: Any = None,
        dialect_name: str | None = None,
        dialect_opts: Mapping[str, Any] | None = None,
        transactional_ddl: bool | None = None,
        transaction_per_migration: bool = False,
        output_buffer: Any = None,
        starting_rev: str | None = None,
        tag: str | None = None,
        template_args: Mapping[str, Any] | None = None,
        render_as_batch: bool = False,
        target_metadata: Any = None,
        include_name: Any = None,
        include_object: Any = None,
        include_schemas: bool = False,
        process_revision_directives: Any = None,
        compare_type: Any = True,
        compare_server_default: Any = False,
        render_item: Any = None,
        literal_binds: bool = False,
        upgrade_token: str = "upgrades",
        downgrade_token: str = "downgrades",
        alembic_module_prefix: str = "op.",
        sqlalchemy_module_prefix: str = "sa.",
        user_module_prefix: str | None = None,
        on_version_apply: Any = None,
        autogenerate_plugins: Sequence[str] | None = None,
        **kw: Any,
    ) -> None:
        """Called by env.py, perhaps several times: the last one counts for the next ``run_migrations()``. Raises UsageError.

        What a call leaves out of the parameters above it sets back; ``kw`` (version_table, mssql_batch_separator, options of packages)
        stay for the calls that follow, and so do transactional_ddl, output_buffer, starting_rev and tag, all as in Alembic.
        """
        opts = self.context_opts
        lasting = {"transactional_ddl": transactional_ddl, "output_buffer": output_buffer, "starting_rev": starting_rev, "tag": tag}
        opts.update({name: value for name, value in lasting.items() if value is not None})
        opts.update(
            render_as_batch=render_as_batch,
            target_metadata=target_metadata,
            transaction_per_migration=transaction_per_migration,
            include_name=include_name,
            include_object=include_object,
            include_schemas=include_schemas,
            process_revision_directives=process_revision_directives,
            compare_type=compare_type,
            compare_server_default=compare_server_default,
            literal_binds=literal_binds,
            upgrade_token=upgrade_token,
            downgrade_token=downgrade_token,
            alembic_module_prefix=alembic_module_prefix,
            sqlalchemy_module_prefix=sqlalchemy_module_prefix,
            user_module_prefix=user_module_prefix,
            on_version_apply=tuple(on_version_apply) if isinstance(on_version_apply, Collection) else _one(on_version_apply),
        )
        if render_item is not None:
            opts["render_item"] = render_item
        if autogenerate_plugins is not None:
            opts["autogenerate_plugins"] = autogenerate_plugins
        if template_args and "template_args" in opts:
            opts["template_args"].update(template_args)
        opts.update(kw)
        opts.setdefault("script", self.script)
        opts.setdefault("settings", self.settings)
        defaults = getattr(self.config, "settings", None)
        if defaults is not None:
            opts.setdefault("version_table", defaults.version_table)
            opts.setdefault("version_table_schema", defaults.version_table_schema)
        if opts.get("output_buffer") is None:
            opts["output_buffer"] = getattr(self.config, "output_buffer", None) or sys.stdout
        if starting_rev is not None and connection is not None and not self.is_offline_mode():
            raise CommandError("Can't specify current_rev to context when using a database connection", "Leave starting_rev out.")
        self._migration_context = MigrationContext.configure(
            None if self.is_offline_mode() and connection is None else connection,
            url,
            dialect_name,
            environment_context=self,
            dialect_opts=dialect_opts,
            opts=opts,
        )
        self._contexts.append(self._migration_context)

    def run_migrations(self, **kw: Any) -> None:
        part = getattr(getattr(self.config, "settings", None), "part", None)
        # One of several databases: each has its own functions in a revision, as in Alembic's multidb template. An env.py that goes
        # through all of them by itself, as Flask-Migrate's does, is here for this one alone.
        if part is not None and kw.setdefault("engine_name", part) != part:
            return
        self.get_context().run_migrations(**kw)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        self.get_context().execute(sql, execution_options)

    def static_output(self, text: str) -> None:
        self.get_context().impl.static_output(text)

    def begin_transaction(self) -> AbstractContextManager[Any]:
        return self.get_context().begin_transaction()

    def get_context(self) -> MigrationContext:
        if self._migration_context is None:
            raise UsageError("No context has been configured yet", "Call context.configure() in env.py before this.")
        return self._migration_context

    @property
    def ran(self) -> bool:
        """Whether env.py came to run_migrations()."""
        return any(context.ran for context in self._contexts)

    @property
    def reached(self) -> str:
        """What is said of the database where env.py fails: nothing where no revision was begun there."""
        found = [context for context in self._contexts if context.ran and not context.as_sql and context.outcome.done]
        if not found:
            return ""
        rows = ", ".join(found[-1].outcome.committed) or "base (nothing is applied)"
        return f"The migrations had run before: the database is at {rows}."

    @property
    def configured(self) -> MigrationContext | None:
        """The MigrationContext that was run; while none was, the last one that env.py has configured."""
        return next((context for context in reversed(self._contexts) if context.ran), self._migration_context)

    def get_bind(self) -> Any:
        return self.get_context().impl.bind

    def get_impl(self) -> Any:
        return self.get_context().impl

    def _scripts(self) -> Scripts:
        found = self.script
        assert found is not None, "this environment has no revisions"
        return found  # type: ignore[no-any-return]


def run_environment(
    environment: EnvironmentContext, env_file: Path | None, shown: str, url: str | None, source: bytes | None = None
) -> MigrationContext:
    """Runs env.py, or without one (None) does what gitmig's own env.py does.

    ``shown`` is env.py's path for messages, ``url`` the expanded URL for the built-in environment, ``source`` what is run in place of the
    file's content. Raises ConfigError where env.py
    raises, or never comes to run_migrations().
    """
    with environment:
        if env_file is None:
            built_in(environment, url)
        else:
            _run_env(env_file, shown, environment, source)
    found = environment.configured
    if found is None:
        raise ConfigError(f"{shown} never calls context.configure()", "Call it, then context.run_migrations(); or delete the file.")
    if not environment.ran:
        part = getattr(getattr(environment.config, "settings", None), "part", None)
        whose = "" if part is None else f" for the database '{part or 'default'}' (engine_name={part!r})"
        raise ConfigError(f"{shown} never calls context.run_migrations(){whose}", "Call it after context.configure(); or delete the file.")
    return found


def built_in(environment: EnvironmentContext, url: str | None) -> None:
    """What is done where a project has no env.py, over the database ``url``."""
    if url is None:
        raise ConfigError("no database URL is configured", _NO_URL)
    if environment.is_offline_mode():
        environment.configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"})
        with environment.begin_transaction():
            environment.run_migrations()
        return
    with connected(url) as connection:
        environment.configure(connection=connection)
        with environment.begin_transaction():
            environment.run_migrations()


def load_env(env_file: Path, source: bytes | None = None) -> None:
    """Runs env.py (or ``source`` in its place) as a module of its own. Whatever it raises comes out."""
    module = types.ModuleType("env_py")
    module.__file__ = str(env_file)
    exec(compile(env_file.read_bytes() if source is None else source, str(env_file), "exec", dont_inherit=True), module.__dict__)


def _run_env(env_file: Path, shown: str, environment: EnvironmentContext, source: bytes | None) -> None:
    try:
        load_env(env_file, source)
    except GitmigError:
        raise
    except SystemExit as error:
        said = "" if error.code is None else repr(error.code)
        raise ConfigError(
            f"{shown}{_line_in(env_file, error)}: it ends the process by sys.exit({said})",
            f"{environment.reached} Let env.py come to its end, or raise an exception.".lstrip(),
        ) from error
    except Exception as error:
        if isinstance(error, SyntaxError) and error.filename == str(env_file):
            raise ConfigError(f"{shown}:{error.lineno}: does not parse: {error.msg}", "Correct the file.") from error
        # Told by whoever knows the URL.
        if hasattr(error, "orig") or is_missing_driver(error) or is_unreadable_url(error) or is_wrong_url(error):
            raise
        if isinstance(error, KeyError) and error.args == ("url",):  # SQLAlchemy's engine_from_config
            raise ConfigError("no database URL is configured", _NO_URL) from error
        line = _line_in(env_file, error)
        raise ConfigError(
            f"{shown}{line}: {type(error).__name__}: {_one_line(error)}",
            f"{environment.reached} Correct env.py; --traceback shows the whole way.".lstrip(),
        ) from error


def _one(given: Any) -> tuple[Any, ...]:
    return () if given is None else (given,)


def _line_in(file: Path, error: BaseException) -> str:
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(file)]
    return f":{lines[-1]}" if lines else ""


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
