"""Operation objects: what a revision does, as objects that packages subclass, rewrite, render and invoke. Names are Alembic's.

They are mutable and hold SQLAlchemy's objects; `gitmig.ops` are the values behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any


class MigrateOperation:
    """The base of every operation object, and of those that packages define."""

    _mutations: frozenset[Any] = frozenset()
    """The rewriters that have had their turn with it."""

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary of the user's own, kept with the operation."""
        found: dict[Any, Any] = self.__dict__.setdefault("info", {})
        return found

    def reverse(self) -> MigrateOperation:
        """The operation that undoes this one. Raises NotImplementedError where there is none."""
        raise NotImplementedError

    def to_diff_tuple(self) -> Any:
        """The operation as `compare_metadata` tells it."""
        raise NotImplementedError


class AlterTableOp(MigrateOperation):
    """The base of those that change one table."""

    def __init__(self, table_name: str, *, schema: str | None = None) -> None:
        self.table_name = table_name
        self.schema = schema


class OpContainer(MigrateOperation):
    """Operations in their order."""

    def __init__(self, ops: Sequence[MigrateOperation] = ()) -> None:
        self.ops: list[MigrateOperation] = list(ops)

    def is_empty(self) -> bool:
        """Whether it holds nothing; an empty container inside counts as something."""
        return not self.ops

    def as_diffs(self) -> Any:
        """The operations as `compare_metadata` tells them, those of containers inside among them."""
        return list(OpContainer._ops_as_diffs(self))

    @classmethod
    def _ops_as_diffs(cls, migrations: OpContainer) -> Iterator[Any]:
        for operation in migrations.ops:
            if isinstance(operation, OpContainer):
                yield from cls._ops_as_diffs(operation)
            else:
                yield operation.to_diff_tuple()


class ModifyTableOps(OpContainer):
    """The changes of one table."""

    def __init__(self, table_name: str, ops: Sequence[MigrateOperation], *, schema: str | None = None) -> None:
        super().__init__(ops)
        self.table_name = table_name
        self.schema = schema

    def reverse(self) -> ModifyTableOps:
        return ModifyTableOps(self.table_name, _reversed(self.ops), schema=self.schema)


class UpgradeOps(OpContainer):
    """What ``upgrade()`` does. ``upgrade_token`` is the name under which the template finds its lines."""

    def __init__(self, ops: Sequence[MigrateOperation] = (), upgrade_token: str = "upgrades") -> None:
        super().__init__(ops)
        self.upgrade_token = upgrade_token

    def reverse_into(self, downgrade_ops: DowngradeOps) -> DowngradeOps:
        """``downgrade_ops``, holding what undoes these."""
        downgrade_ops.ops[:] = _reversed(self.ops)
        return downgrade_ops

    def reverse(self) -> DowngradeOps:
        return self.reverse_into(DowngradeOps())


class DowngradeOps(OpContainer):
    """What ``downgrade()`` does."""

    def __init__(self, ops: Sequence[MigrateOperation] = (), downgrade_token: str = "downgrades") -> None:
        super().__init__(ops)
        self.downgrade_token = downgrade_token

    def reverse(self) -> UpgradeOps:
        return UpgradeOps(_reversed(self.ops))


class MigrationScript(MigrateOperation):
    """One revision file to be: what `process_revision_directives` is given and may change.

    ``upgrade_ops`` and ``downgrade_ops`` may be one, none or several (one for each database of an environment with several).
    """

    def __init__(
        self,
        rev_id: str | None,
        upgrade_ops: UpgradeOps,
        downgrade_ops: DowngradeOps,
        *,
        message: str | None = None,
        imports: set[str] = set(),  # noqa: B006  the signature is Alembic's; it is never changed in place
        head: str | None = None,
        splice: bool | None = None,
        branch_label: Any = None,
        version_path: Any = None,
        depends_on: Any = None,
    ) -> None:
        self.rev_id = rev_id
        self.message = message
        self.imports = imports
        self.head = head
        self.splice = splice
        self.branch_label = branch_label
        self.version_path = version_path
        self.depends_on = depends_on
        self.upgrade_ops = upgrade_ops
        self.downgrade_ops = downgrade_ops

    @property
    def upgrade_ops(self) -> UpgradeOps | None:
        """The only UpgradeOps, None where there is none. Raises ValueError where there are several."""
        if len(self._upgrade_ops) > 1:
            raise ValueError(
                "This MigrationScript instance has a multiple-entry list for UpgradeOps; please use the upgrade_ops_list attribute."
            )
        return self._upgrade_ops[0] if self._upgrade_ops else None

    @upgrade_ops.setter
    def upgrade_ops(self, given: UpgradeOps | Iterable[UpgradeOps]) -> None:
        self._upgrade_ops = [given] if isinstance(given, UpgradeOps) else list(given)

    @property
    def downgrade_ops(self) -> DowngradeOps | None:
        """As ``upgrade_ops``."""
        if len(self._downgrade_ops) > 1:
            raise ValueError(
                "This MigrationScript instance has a multiple-entry list for DowngradeOps; please use the downgrade_ops_list attribute."
            )
        return self._downgrade_ops[0] if self._downgrade_ops else None

    @downgrade_ops.setter
    def downgrade_ops(self, given: DowngradeOps | Iterable[DowngradeOps]) -> None:
        self._downgrade_ops = [given] if isinstance(given, DowngradeOps) else list(given)

    @property
    def upgrade_ops_list(self) -> list[UpgradeOps]:
        return self._upgrade_ops

    @property
    def downgrade_ops_list(self) -> list[DowngradeOps]:
        return self._downgrade_ops


def _reversed(operations: Sequence[MigrateOperation]) -> list[MigrateOperation]:
    return [operation.reverse() for operation in reversed(operations)]
