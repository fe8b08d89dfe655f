"""The version table's rows, step for step as Alembic leaves them in a real database."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from gitmig.errors import GraphError
from gitmig.graph import RevisionGraph, routes, rows
from tests.properties.graphs import graphs

FILE = """
revision = {0.id!r}
down_revision = {0.down!r} or None
branch_labels = {0.labels!r} or None
depends_on = {0.depends_on!r} or None
def upgrade(): pass
def downgrade(): pass
"""


class Alembic:
    """The graph as Alembic's files, and an empty database."""

    def __init__(self, graph: RevisionGraph, folder: Path) -> None:
        (folder / "versions").mkdir()
        for node in graph.nodes.values():
            (folder / "versions" / f"{node.id}.py").write_text(FILE.format(node))
        self.scripts = ScriptDirectory(str(folder))
        self.engine = sa.create_engine("sqlite://")
        self.connection = self.engine.connect()

    def run(self, steps: str, target: object) -> list[set[str]]:
        """The rows after each step of ``_upgrade_revs``, ``_downgrade_revs`` or ``_stamp_revs``."""
        seen: list[set[str]] = []
        context = MigrationContext.configure(
            self.connection,
            opts={
                "fn": lambda heads, _: getattr(self.scripts, steps)(target, heads),
                "on_version_apply": [lambda heads, **_: seen.append(set(heads))],
            },
        )
        with context.begin_transaction():
            context.run_migrations()
        self.connection.commit()
        return seen

    def rows(self) -> set[str]:
        return set(MigrationContext.configure(self.connection).get_current_heads())

    def close(self) -> None:
        self.connection.close()
        self.engine.dispose()


@settings(max_examples=25)
@given(st.data())
def test_every_step_leaves_alembics_rows(data: st.DataObject) -> None:
    graph = data.draw(graphs(7, labels=False))
    with tempfile.TemporaryDirectory() as folder:
        alembic = Alembic(graph, Path(folder))
        try:
            now: tuple[str, ...] = ()
            for _ in range(4):
                direction = data.draw(st.sampled_from(["upgrade", "downgrade"]))
                target = data.draw(st.sampled_from([*graph, "heads" if direction == "upgrade" else "base"]))
                now = same_rows(graph, alembic, now, direction, target)
        finally:
            alembic.close()


def same_rows(graph: RevisionGraph, alembic: Alembic, now: tuple[str, ...], direction: str, target: str) -> tuple[str, ...]:
    route = routes.upgrade_route if direction == "upgrade" else routes.downgrade_route
    try:
        theirs = alembic.run(f"_{direction}_revs", target)
    except CommandError:
        with pytest.raises(GraphError):
            route(graph, now, target)
        return now
    moves = route(graph, now, target)
    assert len(moves) == len(theirs)
    after = moves[-1].after if moves else now
    assert set(after) == alembic.rows()
    assert len(after) == len(set(after))
    if {frozenset(move.after) for move in moves} != {frozenset(rows) for rows in theirs}:
        # The order of independent revisions may differ; then the rows in between do too.
        assert len(graph.heads()) > 1 or any(graph.is_merge_point(id) or graph.dependencies(id) for id in graph)
    return after


@settings(max_examples=15)
@given(st.data())
def test_a_stamp_leaves_alembics_rows(data: st.DataObject) -> None:
    graph = data.draw(graphs(7, labels=False))
    with tempfile.TemporaryDirectory() as folder:
        alembic = Alembic(graph, Path(folder))
        try:
            now: tuple[str, ...] = ()
            for _ in range(3):
                target = data.draw(st.sampled_from([*graph, "base"]))
                alembic.run("_stamp_revs", target)
                moves = routes.stamp_route(graph, now, target)
                now = moves[-1].after if moves else now
                assert set(now) == alembic.rows()
        finally:
            alembic.close()


@given(st.data())
def test_moves_chain_and_changes_apply(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    now: tuple[str, ...] = ()
    for move in routes.upgrade_route(graph, now, "heads"):
        assert move.before == now
        now = rows.applied(now, move.changes)
        assert move.after == now
        assert move.revision in now


@given(st.data())
def test_knowing_what_is_applied_changes_no_answer(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    top = data.draw(st.lists(st.sampled_from(list(graph)), min_size=1, max_size=3, unique=True))
    active = graph.ancestors(*top)
    for id in (at := graph.maximal(active)):
        assert set(rows.downgrade_changes(graph, at, id)) == set(rows.downgrade_changes(graph, at, id, active))
