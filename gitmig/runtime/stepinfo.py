"""How one step is told: the line for people, and what ``on_version_apply`` callbacks get."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitmig.graph.routes import Move
from gitmig.graph.rows import Delete, Insert, Update
from gitmig.runtime.script_module import Scripts


def arrow(ids: Iterable[str]) -> str:
    """Ids in one text, as Alembic joins them."""
    return ", ".join(ids)


def ends(move: Move, scripts: Scripts | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """From where to where a step leads: parents and revision, or, for a stamp, the rows that change."""
    if move.direction == "stamp" or scripts is None or move.revision not in scripts.graph:
        return rows_moved(move)
    below = scripts.graph.down(move.revision)
    return (below, (move.revision,)) if move.direction == "upgrade" else ((move.revision,), below)


def rows_moved(move: Move) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rows of the version table that go, and those that come."""
    gone: list[str] = []
    come: list[str] = []
    for change in move.changes:
        match change:
            case Insert(version):
                come.append(version)
            case Update(old, new):
                gone.append(old)
                come.append(new)
            case Delete(version):
                gone.append(version)
    return tuple(gone), tuple(come)


def headline(move: Move, scripts: Scripts | None, *, doc: bool = True) -> str:
    """ "Running upgrade a -> b, add users", as Alembic says it."""
    name = "stamp_revision" if move.direction == "stamp" else move.direction
    start, end = ends(move, scripts)
    line = f"Running {name} {arrow(start)} -> {arrow(end)}"
    if doc and move.direction != "stamp" and scripts is not None and (words := scripts.revisions[move.revision].doc):
        line += f", {' '.join(words.split())}"
    return line


def migration_info(move: Move, scripts: Scripts | None) -> MigrationInfo:
    """The step as ``on_version_apply`` callbacks get it."""
    upward = move.direction != "downgrade"
    if move.direction == "stamp" or scripts is None or move.revision not in scripts.graph:
        down, up = rows_moved(move)
    else:
        down, up = scripts.graph.parents(move.revision), (move.revision,)
    return MigrationInfo(None if scripts is None else scripts.revision_map, upward, move.direction == "stamp", up, down)


class MigrationInfo:
    """What Alembic gives to ``on_version_apply``: the step by its revisions. ``revision_map`` finds them by their ids."""

    def __init__(
        self,
        revision_map: Any,
        is_upgrade: bool,
        is_stamp: bool,
        up_revisions: str | tuple[str, ...],
        down_revisions: str | tuple[str, ...],
    ) -> None:
        self.revision_map = revision_map
        self.is_upgrade = is_upgrade
        self.is_stamp = is_stamp
        self.up_revision_ids = _several(up_revisions)
        self.down_revision_ids = _several(down_revisions)

    @property
    def is_migration(self) -> bool:
        """Whether a script runs: a stamp runs none."""
        return not self.is_stamp

    @property
    def up_revision_id(self) -> str | None:
        return self.up_revision_ids[0] if self.up_revision_ids else None

    @property
    def source_revision_ids(self) -> tuple[str, ...]:
        return self.down_revision_ids if self.is_upgrade else self.up_revision_ids

    @property
    def destination_revision_ids(self) -> tuple[str, ...]:
        return self.up_revision_ids if self.is_upgrade else self.down_revision_ids

    @property
    def up_revision(self) -> Any:
        found = self.up_revisions
        return found[0] if found else None

    @property
    def up_revisions(self) -> tuple[Any, ...]:
        return self._revisions(self.up_revision_ids)

    @property
    def down_revisions(self) -> tuple[Any, ...]:
        return self._revisions(self.down_revision_ids)

    @property
    def source_revisions(self) -> tuple[Any, ...]:
        return self._revisions(self.source_revision_ids)

    @property
    def destination_revisions(self) -> tuple[Any, ...]:
        return self._revisions(self.destination_revision_ids)

    def _revisions(self, ids: tuple[str, ...]) -> tuple[Any, ...]:
        return () if self.revision_map is None else tuple(self.revision_map.get_revision(id) for id in ids)


def _several(ids: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if ids is None else (ids,) if isinstance(ids, str) else tuple(ids)
