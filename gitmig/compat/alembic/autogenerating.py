"""What ``alembic.command`` makes of the models: revision files, or the list of what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gitmig.compat.alembic.configfile import Config
from gitmig.compat.alembic.script import Script
from gitmig.compat.alembic.scriptdirectory import ScriptDirectory
from gitmig.compat.alembic.scripterrors import command_errors
from gitmig.runtime.environment import EnvironmentContext

_CHECK: Mapping[str, Any] = {
    "message": None,
    "autogenerate": True,
    "sql": False,
    "head": "head",
    "splice": False,
    "branch_label": None,
    "version_path": None,
    "rev_id": None,
    "depends_on": None,
}


def generated(
    config: Config, directory: ScriptDirectory, arguments: Mapping[str, Any], directives: Any, *, run_env: bool
) -> Script | list[Script | None] | None:
    """The revision files that ``command.revision`` writes by env.py and its ``process_revision_directives``."""
    made = _context(config, directory, arguments, directives)
    if run_env:
        _run(config, directory, made, autogenerate=arguments["autogenerate"], sql=arguments["sql"])
    with command_errors():
        scripts = list(made.generate_scripts())
    return scripts[0] if len(scripts) == 1 else scripts or None


def pending(config: Config, directory: ScriptDirectory) -> tuple[list[Any], Any]:
    """What the models ask for and no revision makes, as Alembic's tuples; and the RevisionContext that has it."""
    made = _context(config, directory, _CHECK, None)
    _run(config, directory, made, autogenerate=True, sql=False)
    script = made.generated_revisions[-1]
    return [diff for upgrade_ops in script.upgrade_ops_list for diff in upgrade_ops.as_diffs()], made


def _context(config: Config, directory: ScriptDirectory, arguments: Mapping[str, Any], directives: Any) -> Any:
    # It brings the whole of autogenerate, which a plain revision does not need.
    from gitmig.compat.alembic.autogenerate import RevisionContext

    return RevisionContext(config, directory, dict(arguments), process_revision_directives=directives)


def _run(config: Config, directory: ScriptDirectory, made: Any, *, autogenerate: bool, sql: bool) -> None:
    def plan(rev: Any, context: Any) -> Iterable[Any]:
        if autogenerate:
            made.run_autogenerate(rev, context)
        else:
            made.run_no_autogenerate(rev, context)
        return []

    options = {"fn": plan, "as_sql": sql, "template_args": made.template_args, "revision_context": made}
    with EnvironmentContext(config, directory, **options):
        directory.run_env()
