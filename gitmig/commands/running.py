"""What upgrade, downgrade, stamp, current and ensure-version share: the environment that they run in, with env.py or without."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, TextIO

from gitmig.adapters.connecting import application_config, connecting_config
from gitmig.adapters.environ import environment
from gitmig.adapters.githead import read_head
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate
from gitmig.config import expand_url, import_paths, sqlite_file
from gitmig.errors import UsageError, redact
from gitmig.graph import UnknownRevision
from gitmig.graph.routes import Move
from gitmig.script.load import Revisions, script_folder

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.settings import Outcome, Progress, Settings

Plan = Callable[[tuple[str, ...]], Sequence[Move]]
"""From the version rows to the moves to make."""
Say = Callable[[str], None]
CommandName = Literal["upgrade", "downgrade", "stamp", "current", "ensure_version"]


def _silent(text: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a command runs. ``say`` is told warnings, and each revision unless ``told`` is. ``wait`` is for how many seconds another run is
    waited for; ``lock_timeout`` and ``statement_timeout`` are the server's for each statement, in seconds; None is the usual.
    ``looks_back``: where the database is only asked, its history is too. ``output`` gets the SQL of an offline run (None is stdout)."""

    say: Say = _silent
    told: Progress | None = None
    wait: float | None = None
    lock_timeout: float | None = None
    statement_timeout: float | None = None
    single_transaction: bool = False
    run_skipped: bool = False
    looks_back: bool = False
    sql: bool = False
    tag: str | None = None
    output: TextIO | None = None


USUAL = RunOptions()


@dataclass(frozen=True, slots=True)
class Older:
    """Code that a run takes from another commit: ``sources`` of revisions by id, and that commit's ``env`` (None: it has no env.py)."""

    sources: Mapping[str, bytes]
    env: bytes | None


def run(
    project: Project,
    revisions: Revisions,
    command: CommandName,
    plan: Plan,
    options: RunOptions,
    *,
    target: str | Sequence[str] | None = None,
    start: tuple[str, ...] | None = None,
    look: Callable[[MigrationContext, tuple[str, ...]], None] | None = None,
    older: Older | None = None,
) -> Outcome:
    """Runs env.py (or without one the built-in environment) with ``plan``.

    ``target`` is what env.py sees as the revision argument, ``start`` the rows that an offline run begins with; ``look`` is called with the
    connected context and the rows before the plan is made. Raises DatabaseError, ConfigError, and what the plan raises; of a row that no
    file here defines it is said where it lives.
    """
    from gitmig.adapters.codecache import CodeCache
    from gitmig.adapters.database import readable
    from gitmig.compat.alembic.scriptdirectory import ScriptDirectory
    from gitmig.runtime.environment import EnvironmentContext, run_environment
    from gitmig.runtime.script_module import Scripts
    from gitmig.runtime.settings import Outcome

    _importable(project)
    if not options.sql:
        creating = command in ("upgrade", "stamp", "ensure_version")
        project = replace(project, config=connecting_config(project.config, project.tree, environment(), creating=creating))
    elif project.config.app is not None:
        # env.py of Flask-Migrate asks the application also where it only prints.
        project = replace(project, config=application_config(project.config, project.tree))
    config = project.config
    if config.search_path and not options.sql:
        from gitmig.adapters.searchpath import use_search_path

        use_search_path(config.search_path, creating=command in ("upgrade", "stamp", "ensure_version"))
    settings = _settings(project, options)
    sources = {} if older is None else dict(older.sources)
    scripts = Scripts(revisions.graph, revisions.by_id, project.root, CodeCache(settings.history_folder), _sources=sources)

    def planned(rows: tuple[str, ...], context: MigrationContext) -> Sequence[Move]:
        if look is not None:
            look(context, rows)
        try:
            return plan(rows)
        except UnknownRevision as error:
            if options.sql:
                raise
            from gitmig.commands.missing import located

            raise located(project, revisions, error, rows, context) from error

    opts: dict[str, Any] = {
        "fn": planned,
        "command": command,
        "destination_rev": target,
        "settings": settings,
    }
    if options.tag is not None:
        opts["tag"] = options.tag
    if command == "current":
        opts["dont_mutate"] = True
    if command == "ensure_version":
        opts["ensure_version"] = True
    if options.sql:
        opts |= {"as_sql": True, "starting_rev": start or None}
        if options.output is not None:
            opts["output_buffer"] = options.output
    env_config = _env_config(project, command, options, target)
    env_file = project.root / script_folder(project.tree, config, locate(project)) / "env.py"
    has_env = env_file.is_file() if older is None else older.env is not None
    url = None if has_env or config.url is None else expand_url(config.url, environment(), config.source)
    if command == "current" and url is not None and (file := sqlite_file(url)) is not None and not Path(file).exists():
        # Connecting would make an empty file, and who only asks changes nothing.
        return Outcome(database=redact(url))
    shown = env_file.relative_to(project.root).as_posix() if env_file.is_relative_to(project.root) else str(env_file)
    with readable(url or _url_for_messages(project)):
        directory = ScriptDirectory.over(config, scripts)
        source = None if older is None else older.env
        context = run_environment(EnvironmentContext(env_config, directory, **opts), env_file if has_env else None, shown, url, source)
    return context.outcome


def offline_range(revision: str) -> tuple[str | None, str]:
    """ "a:b" taken apart; without a colon the first is None."""
    start, colon, end = revision.partition(":")
    if not colon:
        return None, revision
    if ":" in end or not end:
        raise UsageError(f"'{revision}' is no range", "Write it as `from:to`, for example `base:head`.")
    return start or "base", end


def refuse_range(revision: str, command: str) -> None:
    """Raises UsageError for a range where the database itself says where it is."""
    if ":" in revision:
        raise UsageError(
            f"the range '{revision}' means nothing without --sql: the database says where it is",
            f"`gitmig {command} {revision.partition(':')[2] or 'heads'}`, or add --sql to print the SQL of the range.",
        )


def _settings(project: Project, options: RunOptions) -> Settings:
    from gitmig.runtime.settings import LOCK_TIMEOUT, Settings
    from gitmig.script.timeouts import Timeouts

    config = project.config
    head = read_head(project.root)
    return Settings(
        say=options.say,
        lock_timeout=LOCK_TIMEOUT if options.wait is None else options.wait,
        timeouts=Timeouts(options.lock_timeout, options.statement_timeout).over(Timeouts(config.lock_timeout, config.statement_timeout)),
        stops=True,
        told=options.told,
        single_transaction=options.single_transaction,
        run_skipped=options.run_skipped,
        looks_back=options.looks_back,
        database="" if config.database is None else f" --database {config.database}",
        history="off" if not config.history_table else "file" if config.alembic_files else "table",
        history_table=config.history_table,
        history_folder=None if head is None else head.git_dir / "gitmig",
        head=head,
    )


def _env_config(project: Project, command: str, options: RunOptions, target: str | Sequence[str] | None) -> Any:
    from gitmig.runtime.envconfig import EnvConfig

    tenant = project.config.tenant
    # The x-argument by which env.py files in the manner of Alembic's cookbook know the tenant.
    named = [] if tenant is None else [f"tenant={tenant}"]
    x = [*named, *project.options.x_arguments] or None
    arguments = SimpleNamespace(
        x=x, cmd=(command, [], []), sql=options.sql, tag=options.tag, revision=target, name=project.config.ini_section
    )
    config = project.config
    # Flask-Migrate keeps its ini, with the logging that env.py reads, beside env.py.
    beside = project.root / script_folder(project.tree, config, locate(project)) / "alembic.ini"
    if config.ini_path is None and beside.is_file():
        config = replace(config, ini_path=beside.as_posix(), ini_section="alembic")
    return EnvConfig(config, environment(), cmd_opts=arguments, output_buffer=options.output, connecting=not options.sql)


def _importable(project: Project) -> None:
    """The project's own modules come first, and `import alembic` in scripts finds gitmig."""
    from gitmig.compat.alembic import install

    for path in reversed(import_paths(project.config)):
        folder = str(Path(project.root, path))
        if folder not in sys.path:
            sys.path.insert(0, folder)
    install()


def _url_for_messages(project: Project) -> str | None:
    """The configured URL as far as it can be told; env.py may have used another."""
    return project.config.url
