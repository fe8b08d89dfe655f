"""``alembic.autogenerate``: models against a database, as data, as operation objects, as Python and as revision files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from gitmig.compat.alembic.autogeneratecontext import AutogenContext
from gitmig.compat.alembic.autogeneraterewriter import Rewriter
from gitmig.compat.alembic.compare import _populate_migration_script, _produce_net_changes
from gitmig.compat.alembic.comparing import comparators
from gitmig.compat.alembic.opsbase import DowngradeOps, MigrationScript, UpgradeOps
from gitmig.compat.alembic.render import (
    _indent,
    _render_cmd_body,
    _render_python_into_templatevars,
    render_op_text,
    renderers,
)
from gitmig.compat.alembic.rendernative import natively as natively  # how gitmig's own operations are written is known from here on
from gitmig.compat.alembic.util import CommandError, rev_id
from gitmig.runtime.migration import MigrationContext

__all__ = [
    "AutogenContext",
    "RevisionContext",
    "Rewriter",
    "_produce_net_changes",
    "_render_migration_diffs",
    "comparators",
    "compare_metadata",
    "produce_migrations",
    "render_op_text",
    "render_python_code",
    "renderers",
]


def compare_metadata(context: Any, metadata: Any) -> Any:
    """What the models have more or less than the database of ``context``, as Alembic's tuples; changes of a column are a list of them."""
    script = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    return script.upgrade_ops.as_diffs()


def produce_migrations(context: Any, metadata: Any) -> MigrationScript:
    """As `compare_metadata`, as operation objects in both directions."""
    autogen_context = AutogenContext(context, metadata=metadata)
    script = MigrationScript(None, UpgradeOps([]), DowngradeOps([]))
    _populate_migration_script(autogen_context, script)
    return script


def render_python_code(
    up_or_down_op: UpgradeOps | DowngradeOps,
    sqlalchemy_module_prefix: str = "sa.",
    alembic_module_prefix: str = "op.",
    render_as_batch: bool = False,
    imports: Sequence[str] = (),
    render_item: Callable[..., Any] | None = None,
    migration_context: Any = None,
    user_module_prefix: str | None = None,
) -> str:
    """The operations as the body of ``upgrade()`` or ``downgrade()``."""
    opts = {
        "sqlalchemy_module_prefix": sqlalchemy_module_prefix,
        "alembic_module_prefix": alembic_module_prefix,
        "render_item": render_item,
        "render_as_batch": render_as_batch,
        "user_module_prefix": user_module_prefix,
    }
    if migration_context is None:
        migration_context = MigrationContext.configure(dialect=DefaultDialect())
    autogen_context = AutogenContext(migration_context, opts=opts, autogenerate=False)
    autogen_context.imports = set(imports)
    return _indent(_render_cmd_body(up_or_down_op, autogen_context))


def _render_migration_diffs(context: Any, template_args: dict[Any, Any]) -> None:
    """The difference as ``upgrades``, ``downgrades`` and ``imports`` of a template."""
    autogen_context = AutogenContext(context)
    upgrade_ops = UpgradeOps([], upgrade_token=context.opts.get("upgrade_token", "upgrades"))
    downgrade_ops = DowngradeOps([], downgrade_token=context.opts.get("downgrade_token", "downgrades"))
    _produce_net_changes(autogen_context, upgrade_ops)
    script = MigrationScript(None, upgrade_ops, upgrade_ops.reverse_into(downgrade_ops))
    _render_python_into_templatevars(autogen_context, script, template_args)


class RevisionContext:
    """What ``command.revision`` makes: one script from its arguments, which env.py's runs fill, and which becomes files."""

    def __init__(
        self,
        config: Any,
        script_directory: Any,
        command_args: dict[str, Any],
        process_revision_directives: Callable[..., Any] | None = None,
    ) -> None:
        self.config = config
        self.script_directory = script_directory
        self.command_args = command_args
        self.process_revision_directives = process_revision_directives
        self.template_args: dict[str, Any] = {"config": config}
        self.generated_revisions: list[Any] = [self._default_revision()]
        self._fresh = True
        self._filled: set[int] = set()

    def _default_revision(self) -> MigrationScript:
        arguments = self.command_args
        return MigrationScript(
            arguments["rev_id"] or rev_id(),
            UpgradeOps([]),
            DowngradeOps([]),
            message=arguments["message"],
            imports=set(),
            head=arguments["head"],
            splice=arguments["splice"],
            branch_label=arguments["branch_label"],
            version_path=arguments["version_path"],
            depends_on=arguments["depends_on"],
        )

    def run_autogenerate(self, rev: Any, migration_context: Any) -> None:
        """Raises CommandError for a database that is behind the revisions."""
        self._run_environment(rev, migration_context, True)

    def run_no_autogenerate(self, rev: Any, migration_context: Any) -> None:
        self._run_environment(rev, migration_context, False)

    def _run_environment(self, rev: Any, migration_context: Any, autogenerate: bool) -> None:
        if autogenerate:
            if self.command_args["sql"]:
                raise CommandError("Using --sql with --autogenerate does not make any sense")
            directory = self.script_directory
            if set(directory.get_revisions(rev)) != set(directory.get_revisions("heads")):
                raise CommandError("Target database is not up to date.")
        script = self.generated_revisions[-1]
        if self._fresh:
            script.upgrade_ops_list[-1].upgrade_token = migration_context.opts.get("upgrade_token") or "upgrades"
            script.downgrade_ops_list[-1].downgrade_token = migration_context.opts.get("downgrade_token") or "downgrades"
            self._fresh = False
        else:
            script.upgrade_ops_list.append(UpgradeOps([], upgrade_token=migration_context.opts["upgrade_token"]))
            script.downgrade_ops_list.append(DowngradeOps([], downgrade_token=migration_context.opts["downgrade_token"]))
        autogen_context = AutogenContext(migration_context, autogenerate=autogenerate)
        self._last_autogen_context = autogen_context
        if autogenerate:
            _populate_migration_script(autogen_context, script)
        for hook in (self.process_revision_directives, migration_context.opts.get("process_revision_directives")):
            if hook:
                hook(migration_context, rev, self.generated_revisions)
        self._filled |= {id(each) for each in self.generated_revisions}

    def _to_script(self, migration_script: MigrationScript) -> Any:
        arguments = dict(self.template_args)
        if id(migration_script) in self._filled:
            autogen_context = self._last_autogen_context
            autogen_context.imports = set(migration_script.imports)
            _render_python_into_templatevars(autogen_context, migration_script, arguments)
        assert migration_script.rev_id is not None
        return self.script_directory.generate_revision(
            migration_script.rev_id,
            migration_script.message,
            refresh=True,
            head=migration_script.head,
            splice=migration_script.splice,
            branch_labels=migration_script.branch_label,
            version_path=migration_script.version_path,
            depends_on=migration_script.depends_on,
            **arguments,
        )

    def generate_scripts(self) -> Iterator[Any]:
        """Writes a file for each script that is left in the list."""
        for each in self.generated_revisions:
            yield self._to_script(each)
