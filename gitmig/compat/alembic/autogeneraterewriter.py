"""``alembic.autogenerate.rewriter``: operation objects replaced, one kind at a time, before they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

from gitmig.compat.alembic.opsbase import DowngradeOps, MigrateOperation, MigrationScript, OpContainer, UpgradeOps
from gitmig.compat.alembic.util import to_list
from gitmig.runtime.dispatch import Dispatcher

__all__ = ["Rewriter"]

_F = TypeVar("_F", bound=Callable[..., Any])


class Rewriter:
    """A ``process_revision_directives`` made of functions: ``@rewriter.rewrites(ops.AddColumnOp)`` marks one that is given
    (context, revision, op) and gives an operation, a list of them, or None to leave it out."""

    _traverse: ClassVar[Dispatcher] = Dispatcher()
    """How containers are gone through, by their class."""

    _chained: tuple[Any, ...] = ()

    def __init__(self) -> None:
        self.dispatch = Dispatcher()

    def chain(self, other: Any) -> Rewriter:
        """A rewriter that does what this one does and then what ``other`` does, a rewriter or any function of the kind."""
        made = Rewriter()
        made.dispatch = self.dispatch
        made._chained = (*self._chained, other)
        return made

    def rewrites(self, operator: Any) -> Callable[[_F], _F]:
        """A decorator for the function of a class of operations."""
        return self.dispatch.dispatch_for(operator)

    def _rewrite(self, context: Any, revision: Any, directive: MigrateOperation) -> Iterator[MigrateOperation]:
        function = self.dispatch.find(directive)
        if function is None or self in directive._mutations:
            yield directive
            return
        for each in to_list(function(context, revision, directive), []) or ():
            each._mutations = each._mutations | {self}
            yield each

    def __call__(self, context: Any, revision: Any, directives: list[MigrationScript]) -> None:
        self.process_revision_directives(context, revision, directives)
        for each in self._chained:
            each(context, revision, directives)

    def process_revision_directives(self, context: Any, revision: Any, directives: list[Any]) -> None:
        self._traverse_list(context, revision, directives)

    def _traverse_for(self, context: Any, revision: Any, directive: MigrateOperation) -> Any:
        """What becomes of a directive: a list."""
        directives = list(self._rewrite(context, revision, directive))
        for each in directives:
            self._traverse.dispatch(each)(self, context, revision, each)
        return directives

    def _traverse_list(self, context: Any, revision: Any, directives: list[Any]) -> None:
        directives[:] = [made for each in directives for made in self._traverse_for(context, revision, each)]

    def _traverse_script(self, context: Any, revision: Any, directive: MigrationScript) -> None:
        """Raises ValueError where a container of a script becomes several or none."""
        ups: list[UpgradeOps] = []
        for each in directive.upgrade_ops_list:
            made = self._traverse_for(context, revision, each)
            if len(made) != 1:
                raise ValueError("Can only return single object for UpgradeOps traverse")
            ups.append(made[0])
        directive.upgrade_ops = ups
        downs: list[DowngradeOps] = []
        for down in directive.downgrade_ops_list:
            made = self._traverse_for(context, revision, down)
            if len(made) != 1:
                raise ValueError("Can only return single object for DowngradeOps traverse")
            downs.append(made[0])
        directive.downgrade_ops = downs

    def _traverse_op_container(self, context: Any, revision: Any, directive: OpContainer) -> None:
        self._traverse_list(context, revision, directive.ops)

    def _traverse_any_directive(self, context: Any, revision: Any, directive: MigrateOperation) -> None:
        """What holds nothing."""


Rewriter._traverse.dispatch_for(MigrationScript)(Rewriter._traverse_script)
Rewriter._traverse.dispatch_for(OpContainer)(Rewriter._traverse_op_container)
Rewriter._traverse.dispatch_for(MigrateOperation)(Rewriter._traverse_any_directive)
