"""Reading what a project's env.py gives to ``context.configure()``.

It runs in offline mode, and the run ends where migrations would start. Most projects say what autogenerate needs only where they connect:
options that the text names and the offline run does not configure are read in a second run, online on a stand-in for a connection.
"""

from __future__ import annotations

import io
import logging.config
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitmig.adapters.importerrors import importing
from gitmig.adapters.seal import stand_in_connections
from gitmig.config import Config
from gitmig.errors import ModelsError
from gitmig.ports import Tree

PARAMETERS = (
    "connection",
    "url",
    "dialect_name",
    "dialect_opts",
    "transactional_ddl",
    "transaction_per_migration",
    "output_buffer",
    "starting_rev",
    "tag",
    "template_args",
    "render_as_batch",
    "target_metadata",
    "include_name",
    "include_object",
    "include_schemas",
    "process_revision_directives",
    "compare_type",
    "compare_server_default",
    "render_item",
    "literal_binds",
    "upgrade_token",
    "downgrade_token",
    "alembic_module_prefix",
    "sqlalchemy_module_prefix",
    "user_module_prefix",
    "on_version_apply",
    "autogenerate_plugins",
)
"""The parameters of ``context.configure()`` in their order: env.py may give them without their names."""
ONLINE = (
    "alembic_module_prefix",
    "autogenerate_plugins",
    "compare_server_default",
    "compare_type",
    "downgrade_token",
    "include_name",
    "include_object",
    "include_schemas",
    "process_revision_directives",
    "render_as_batch",
    "render_item",
    "sqlalchemy_module_prefix",
    "template_args",
    "upgrade_token",
    "user_module_prefix",
    "version_table",
    "version_table_schema",
)
"""Those that autogenerate heeds."""


@dataclass(frozen=True, slots=True)
class Captured:
    """The keyword arguments of env.py's ``configure()``; of several calls before the first run, the last one counts, as in Alembic.

    ``config`` is what env.py saw as ``context.config``. ``note`` is a sentence on what could not be read, else empty.
    """

    options: Mapping[str, Any]
    config: Any = None
    note: str = ""

    @property
    def target_metadata(self) -> tuple[Any, ...]:
        """The MetaData objects, none where env.py says None."""
        target = self.options.get("target_metadata")
        if target is None:
            return ()
        return tuple(target) if isinstance(target, Sequence) else (target,)


def env_path(config: Config) -> str:
    """Where env.py would be, as trees take it."""
    return "env.py" if config.script_location == "." else f"{config.script_location.rstrip('/')}/env.py"


def capture_env(config: Config, tree: Tree, env_config: Any, *, script: Any = None, x_arguments: Sequence[str] = ()) -> Captured:
    """Run env.py of ``tree`` without a database and give what it configured.

    ``env_config`` is what it sees as ``context.config``, ``script`` as ``context.script``. Call it in the child process only: env.py is
    the user's code. Raises FileNotFoundError where there is no env.py, ModelsError where it cannot run offline or configures nothing.
    """
    path = env_path(config)
    source = tree.read(path)
    offline = _run(Stage(env_config, script, tuple(x_arguments)), source, path, config, tree)
    missing = [name for name in ONLINE if name not in offline and re.search(rf"\b{name}\b".encode(), source)]
    if not missing:
        return Captured(offline, env_config)
    try:
        with stand_in_connections():
            online = _run(Stage(env_config, script, tuple(x_arguments), offline=False), source, path, config, tree)
    except ModelsError as error:
        return Captured(offline, env_config, f"{path} names {', '.join(missing)} where it connects, which is left out: {error.message}")
    return Captured({**offline, **online}, env_config)


def _run(stage: Stage, source: bytes, path: str, config: Config, tree: Tree) -> dict[str, Any]:
    from gitmig.runtime import context

    module = types.ModuleType("env_py")
    module.__file__ = str(Path(config.root) / path)
    vars(module)["open"] = _open_to_read
    what = f"{path} cannot be run without a database"
    try:
        with context.active(stage), _quiet_logging(), importing(what, config, tree), suppress(Ended):
            exec(compile(source, module.__file__, "exec"), vars(module))
    except ModelsError as error:
        raise ModelsError(error.message, f"{error.hint} {_models_hint(config)}".strip()) from error
    finally:
        # What env.py defines (process_revision_directives) is called later, and may write.
        if vars(module).get("open") is _open_to_read:
            del vars(module)["open"]
    if stage.options is None:
        raise ModelsError(f"{path} never calls context.configure()", _models_hint(config))
    return {name: value for name, value in stage.options.items() if name != "connection"}


def _open_to_read(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
    """What env.py has as ``open``. Alembic's multidb template writes the SQL of an offline run to files; here nothing is written."""
    if set(mode) & set("wax+"):
        return io.BytesIO() if "b" in mode else io.StringIO()
    return open(file, mode, *arguments, **options)  # noqa: PTH123


def _models_hint(config: Config) -> str:
    file = config.files[0] if config.files else "pyproject.toml"
    name = "[tool.gitmig]" if file.endswith(".toml") else "[gitmig] of gitmig.ini"
    value = '["app.models:Base"]' if file.endswith(".toml") else "app.models:Base"
    return f"Or say where the models are, in {name}: `models = {value}`."


class Ended(BaseException):
    """The run has come to its migrations; no ``except Exception`` of env.py may stop it."""


@dataclass(slots=True)
class Stage:
    """What ``context`` is while env.py is read: Alembic's EnvironmentContext."""

    config: Any
    script: Any
    x_arguments: tuple[str, ...]
    options: dict[str, Any] | None = None
    tag: str | None = None
    offline: bool = True

    def is_offline_mode(self) -> bool:
        return self.offline

    def requires_connection(self) -> bool:
        return not self.offline

    def configure(self, *arguments: Any, **options: Any) -> None:
        """Keeps what was given, under the names of the parameters."""
        given = {**dict(zip(PARAMETERS, arguments, strict=False)), **options}
        self.options = {name: value for name, value in given.items() if name != "connection" or value is not None}

    def begin_transaction(self) -> AbstractContextManager[None]:
        return nullcontext()

    def run_migrations(self, **arguments: Any) -> None:
        """The end of the run; where env.py goes through several databases by itself, only that of the one that is asked for."""
        part = getattr(getattr(self.config, "settings", None), "part", None)
        if part is None or arguments.get("engine_name", part) == part:
            raise Ended

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Nothing is executed here."""

    def static_output(self, text: str) -> None:
        """Nothing is printed here."""

    def is_transactional_ddl(self) -> bool:
        return True

    def get_x_argument(self, as_dictionary: bool = False) -> list[str] | dict[str, str]:
        if not as_dictionary:
            return list(self.x_arguments)
        pairs = [argument.partition("=") for argument in self.x_arguments]
        return {name: value for name, _, value in pairs}

    def get_tag_argument(self) -> str | None:
        return self.tag

    def get_revision_argument(self) -> str:
        return "head"

    def get_starting_revision_argument(self) -> str | None:
        return None

    def get_head_revision(self) -> str | None:
        return None

    def get_head_revisions(self) -> tuple[str, ...]:
        return ()

    def get_impl(self) -> None:
        """There is no dialect's implementation here."""

    def get_bind(self) -> None:
        """Offline there is no connection, as in Alembic."""

    def get_context(self) -> types.SimpleNamespace:
        """A stand-in for the MigrationContext: what was configured."""
        options = self.options or {}
        return types.SimpleNamespace(
            opts=dict(options), as_sql=self.offline, config=self.config, script=self.script, bind=None, connection=None
        )


@contextmanager
def _quiet_logging() -> Iterator[None]:
    """env.py sets up the process's logging from its ini file; while it is only read, it does not."""
    before = logging.config.fileConfig

    def unchanged(*arguments: Any, **options: Any) -> None:
        return None

    logging.config.fileConfig = unchanged
    try:
        yield
    finally:
        logging.config.fileConfig = before
