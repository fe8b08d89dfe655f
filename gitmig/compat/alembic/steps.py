"""The steps of ``alembic.runtime.migration``: one revision run up or down, or one change of the version rows without running anything."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from gitmig.compat.alembic.revision import RevisionMap
from gitmig.compat.alembic.script import Script
from gitmig.graph.routes import Move
from gitmig.graph.rows import Delete, Insert, RowChange, Update, applied, downgrade_changes, upgrade_changes
from gitmig.runtime.stepinfo import MigrationInfo, rows_moved

__all__ = ["HeadMaintainer", "MigrationInfo", "MigrationStep", "RevisionStep", "StampStep"]


class MigrationStep:
    """What a run consists of. Whoever makes steps of his own gives them ``from_revisions_no_deps``, ``to_revisions_no_deps`` and `move`."""

    is_upgrade: bool
    migration_fn: Callable[..., Any]
    from_revisions_no_deps: tuple[str, ...]
    to_revisions_no_deps: tuple[str, ...]

    @property
    def doc(self) -> str | None:
        return None

    @property
    def is_downgrade(self) -> bool:
        return not self.is_upgrade

    @property
    def name(self) -> str:
        """ "upgrade", "downgrade" or "stamp_revision"."""
        return self.migration_fn.__name__

    @property
    def short_log(self) -> str:
        """ "upgrade a -> b"."""
        return f"{self.name} {', '.join(self.from_revisions_no_deps)} -> {', '.join(self.to_revisions_no_deps)}"

    def __str__(self) -> str:
        return f"{self.short_log}, {self.doc}" if self.doc else self.short_log

    @classmethod
    def upgrade_from_script(cls, revision_map: RevisionMap, script: Script) -> RevisionStep:
        return RevisionStep(revision_map, script, True)

    @classmethod
    def downgrade_from_script(cls, revision_map: RevisionMap, script: Script) -> RevisionStep:
        return RevisionStep(revision_map, script, False)

    def move(self, rows: tuple[str, ...]) -> Move:
        """The step over a version table that holds ``rows``."""
        raise NotImplementedError


class RevisionStep(MigrationStep):
    """``revision``'s script is run, up or down."""

    def __init__(self, revision_map: RevisionMap, revision: Script, is_upgrade: bool) -> None:
        self.revision_map = revision_map
        self.revision = revision
        self.is_upgrade = is_upgrade

    @property
    def migration_fn(self) -> Callable[..., Any]:  # type: ignore[override]
        """The script's function; its file is run when this is asked for."""
        function: Callable[..., Any] = getattr(self.revision.module, self.name)
        return function

    @property
    def name(self) -> str:
        return "upgrade" if self.is_upgrade else "downgrade"

    def __repr__(self) -> str:
        return f"RevisionStep({self.revision.revision!r}, is_upgrade={self.is_upgrade!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RevisionStep) and (other.revision, other.is_upgrade) == (self.revision, self.is_upgrade)

    def __hash__(self) -> int:
        return hash((self.revision.revision, self.is_upgrade))

    @property
    def doc(self) -> str | None:
        return self.revision.doc

    @property
    def from_revisions(self) -> tuple[str, ...]:
        return self.revision._normalized_down_revisions if self.is_upgrade else (self.revision.revision,)

    @property
    def to_revisions(self) -> tuple[str, ...]:
        return (self.revision.revision,) if self.is_upgrade else self.revision._normalized_down_revisions

    @property
    def from_revisions_no_deps(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.revision._versioned_down_revisions if self.is_upgrade else (self.revision.revision,)

    @property
    def to_revisions_no_deps(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.revision.revision,) if self.is_upgrade else self.revision._versioned_down_revisions

    @property
    def insert_version_num(self) -> str:
        return self.revision.revision

    @property
    def delete_version_num(self) -> str:
        return self.revision.revision

    @property
    def info(self) -> MigrationInfo:
        """What ``on_version_apply`` gets of the step."""
        return MigrationInfo(self.revision_map, self.is_upgrade, False, self.revision.revision, self.revision._all_down_revisions)

    def move(self, rows: tuple[str, ...]) -> Move:
        id, graph = self.revision.revision, self.revision_map.graph
        changes = upgrade_changes(graph, rows, id) if self.is_upgrade else downgrade_changes(graph, rows, id)
        return Move(id, "upgrade" if self.is_upgrade else "downgrade", rows, changes, applied(rows, changes))


class StampStep(MigrationStep):
    """The rows ``from_`` become ``to_``; nothing is run."""

    def __init__(
        self,
        from_: str | Collection[str] | None,
        to_: str | Collection[str] | None,
        is_upgrade: bool,
        branch_move: bool,
        revision_map: RevisionMap | None = None,
    ) -> None:
        self.from_ = _ids(from_)
        self.to_ = _ids(to_)
        self.is_upgrade = is_upgrade
        self.branch_move = branch_move
        self.revision_map = revision_map
        self.migration_fn = self.stamp_revision

    def stamp_revision(self, **kw: Any) -> None:
        """Runs nothing."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StampStep) and (self.from_, self.to_, self.is_upgrade, self.branch_move) == (
            other.from_,
            other.to_,
            other.is_upgrade,
            other.branch_move,
        )

    def __hash__(self) -> int:
        return hash((self.from_, self.to_, self.is_upgrade, self.branch_move))

    @property
    def from_revisions(self) -> tuple[str, ...]:
        return self.from_

    @property
    def to_revisions(self) -> tuple[str, ...]:
        return self.to_

    @property
    def from_revisions_no_deps(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.from_

    @property
    def to_revisions_no_deps(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.to_

    @property
    def insert_version_num(self) -> str:
        return self.to_[0]

    @property
    def delete_version_num(self) -> str:
        return self.from_[0]

    @property
    def info(self) -> MigrationInfo:
        up, down = (self.to_, self.from_) if self.is_upgrade else (self.from_, self.to_)
        return MigrationInfo(self.revision_map, self.is_upgrade, True, up, down)

    def move(self, rows: tuple[str, ...]) -> Move:
        gone = [id for id in self.from_ if id in rows and id not in self.to_]
        come = [id for id in self.to_ if id not in rows]
        changes: list[RowChange] = [Update(old, new) for old, new in zip(gone, come, strict=False)]
        changes = [*(Delete(id) for id in gone[len(come) :]), *changes, *(Insert(id) for id in come[len(gone) :])]
        subject = (self.to_ or self.from_)[0]
        return Move(subject, "stamp", rows, tuple(changes), applied(rows, changes))


def stamp_step(move: Move, revision_map: RevisionMap) -> StampStep:
    """A move of a stamp as Alembic's step."""
    gone, come = rows_moved(move)
    graph = revision_map.graph
    upward = bool(come) and not any(id in graph and come[0] in graph.ancestors(id) for id in gone)
    return StampStep(gone, come, upward, not gone or not come, revision_map)


class HeadMaintainer:
    """The version rows of a context's database, changed step by step."""

    def __init__(self, context: Any, heads: Collection[str]) -> None:
        self.context = context
        self.heads = set(heads)

    def update_to_step(self, step: MigrationStep) -> None:
        """Makes the change of rows that belongs to ``step``."""
        move = step.move(tuple(sorted(self.heads)))
        self._apply(*move.changes)
        self.heads = set(move.after)

    def _insert_version(self, version: str) -> None:
        self._apply(Insert(version))
        self.heads.add(version)

    def _delete_version(self, version: str) -> None:
        self._apply(Delete(version))
        self.heads.discard(version)

    def _update_version(self, from_: str, to_: str) -> None:
        self._apply(Update(from_, to_))
        self.heads = self.heads - {from_} | {to_}

    def _apply(self, *changes: RowChange) -> None:
        context = self.context
        if context.as_sql:
            for change in changes:
                context.execute(context.version.statement(change))
        else:
            context.version.apply(context.connection, changes)


def _ids(value: str | Collection[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)
