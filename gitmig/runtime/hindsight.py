"""What the database looks like at some point of the history, for a run that prints: the revisions below it are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gitmig.schema.values import Schema

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.recorder import Recorder
    from gitmig.runtime.script_module import Scripts


class Hindsight:
    """Schemas at version rows, found when a statement cannot be written without."""

    def __init__(self, context: MigrationContext, scripts: Scripts, arguments: Mapping[str, Any]) -> None:
        self._context = context
        self._scripts = scripts
        self._arguments = arguments
        self._recorded: tuple[str, ...] = ()
        self._recorder: Recorder | None = None
        self._found: dict[frozenset[str], Schema] = {}

    def at(self, rows: tuple[str, ...]) -> Schema:
        """The schema when everything that ``rows`` imply has run. What cannot be read of a revision is not in it."""
        key = frozenset(rows)
        if key not in self._found:
            self._found[key] = self._record(rows)
        return self._found[key]

    def _record(self, rows: tuple[str, ...]) -> Schema:
        graph = self._scripts.graph
        order = tuple(reversed(graph.sorted(graph.ancestors(*rows))))
        if self._recorder is None or order[: len(self._recorded)] != self._recorded:
            self._recorder, self._recorded = self._new_recorder(), ()
        for id in order[len(self._recorded) :]:
            self._recorder.record(self._scripts.revisions[id], self._scripts.source(id), self._scripts.path(id))
        self._recorded = order
        return self._recorder.schema

    def _new_recorder(self) -> Recorder:
        from gitmig.runtime.recorder import Recorder

        context = self._context
        environment = context.environment_context
        return Recorder(
            context.dialect,
            naming_convention=context.naming_convention,
            arguments=self._arguments,
            version_table=context.version_table,
            config=context.config,
            x_arguments=environment.get_x_argument() if environment is not None else (),
        )
