"""What a context's run is done with: the printer offline, the executor online."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from gitmig.runtime.migrationcontext import MigrationContext

if TYPE_CHECKING:
    from gitmig.runtime.printer import Printer


class Running:
    """The `Machinery` of every environment."""

    def printer(self, context: MigrationContext) -> Printer:
        # Imported where they are needed: most runs find nothing to do.
        from gitmig.runtime.printer import Printer

        return Printer(context, context.dialect, context.output_buffer, literal_binds=bool(context.opts.get("literal_binds")))

    def run(self, context: MigrationContext, keywords: dict[str, Any]) -> None:
        from gitmig.runtime.runner import run_offline, run_online

        if context.printer is not None:
            run_offline(context, cast("Printer", context.printer), keywords)
        else:
            run_online(context, keywords)
