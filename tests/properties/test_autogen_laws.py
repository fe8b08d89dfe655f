"""The laws of a diff: it leads where it should, there is nothing left to do then, it leads back, and its source says the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gitmig import ops
from gitmig.autogen.backward import backward
from gitmig.autogen.classify import classify
from gitmig.autogen.diff import diff
from gitmig.autogen.naming import canonical_text, default_message
from gitmig.autogen.several import shared
from gitmig.revision import Revision
from gitmig.runtime.recorder import Recorder
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, Table
from gitmig.script.body import Body, Section, body
from gitmig.script.typesource import Style
from tests.dialects.test_reflect import differences
from tests.properties.strategies import histories, schemas

DIALECTS = ("sqlite", "postgresql", "mariadb", "mysql")


def bare(schema: Schema, dialect: Any) -> Schema:
    """The normal form without the names of constraints: one that the server makes counts as none."""
    found = normalise(schema, dialect)
    return Schema({name: _bare(table) for name, table in found.tables.items()}, found.enums, found.sequences)


def _bare(table: Table) -> Table:
    def nameless(things: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted((replace(each, name=None) for each in things), key=repr))

    key = None if table.primary_key is None else replace(table.primary_key, name=None)
    return replace(table, primary_key=key, uniques=nameless(table.uniques), foreign_keys=nameless(table.foreign_keys))


def pairs() -> st.SearchStrategy[tuple[Schema, Schema]]:
    """Two schemas with nothing in common, or one and what some operations make of it."""

    def grown(history: tuple[Schema, tuple[ops.Operation, ...]]) -> tuple[Schema, Schema]:
        start, operations = history
        after = start
        for operation in operations:
            after = operation.apply(after)
        return start, after

    return st.one_of(st.tuples(schemas(max_tables=3), schemas(max_tables=3)), histories().map(grown))


def used(schema: Schema) -> Schema:
    """Without what no models could say: types and schemas that nothing uses, unnamed checks."""
    from gitmig.schema.freeze import schema_of

    tables = [replace(table, checks=tuple(check for check in table.checks if check.name)) for table in schema]
    return schema_of(tables, schema.sequences.values())


def steps_between(before: Schema, after: Schema, dialect: Any) -> tuple[ops.Step, ...]:
    return ops.steps(before, diff(before, after, dialect))


@pytest.mark.parametrize("name", DIALECTS)
@given(schema=schemas())
def test_nothing_differs_from_itself(name: str, schema: Schema) -> None:
    assert diff(schema, schema, dialect_named(name)) == ()


@pytest.mark.parametrize("name", DIALECTS)
@given(pair=pairs())
def test_a_diff_leads_to_the_other_schema_and_back(name: str, pair: tuple[Schema, Schema]) -> None:
    dialect = dialect_named(name)
    before, after = map(used, pair)
    forward = steps_between(before, after, dialect)
    reached = forward[-1].after if forward else before
    assert bare(reached, dialect) == bare(after, dialect)
    assert diff(reached, after, dialect) == ()
    back = ops.steps(reached, backward(forward, dialect))
    left = back[-1].after if back else reached
    assert bare(left, dialect) == bare(before, dialect)


@pytest.mark.parametrize("name", DIALECTS)
@given(pair=pairs())
def test_the_same_input_gives_the_same_text(name: str, pair: tuple[Schema, Schema]) -> None:
    dialect = dialect_named(name)
    before, after = map(used, pair)
    first = steps_between(before, after, dialect)
    turned = Schema(dict(reversed(after.tables.items())), dict(reversed(after.enums.items())), after.sequences, after.schemas)
    second = steps_between(before, turned, dialect)
    assert canonical_text([step.op for step in first]) == canonical_text([step.op for step in second])
    assert _written(first, name) == _written(second, name)


@pytest.mark.parametrize("style", ["own", "alembic"])
@pytest.mark.parametrize("name", DIALECTS)
@given(pair=pairs())
def test_source_written_and_read_back_makes_the_same_schema(name: str, style: str, pair: tuple[Schema, Schema]) -> None:
    dialect = dialect_named(name)
    before, after = (normal_names(used(each), name) for each in pair)
    forward = steps_between(before, after, dialect)
    assume(forward)
    back = ops.steps(forward[-1].after, backward(forward, dialect))
    written = _written(forward, name, back, alembic=style == "alembic")
    made = _recorded(written.upgrade, written.imports, before, dialect)
    assert bare(made, dialect) == bare(after, dialect), "\n".join(written.upgrade)
    assert diff(made, after, dialect) == (), "\n".join(written.upgrade)
    left = _recorded(written.downgrade, written.imports, made, dialect)
    assert bare(left, dialect) == bare(before, dialect), "\n".join(
        (*written.upgrade, "--", *written.downgrade, *differences(bare(left, dialect), bare(before, dialect)))
    )


@pytest.mark.parametrize("name", DIALECTS)
@given(pair=pairs())
def test_every_change_has_words(name: str, pair: tuple[Schema, Schema]) -> None:
    dialect = dialect_named(name)
    before, after = map(used, pair)
    steps = steps_between(before, after, dialect)
    found = [finding for _, finding in classify(steps, dialect)]
    assert bool(found) == bool(steps)
    assert all(finding.summary for finding in found)
    assert all(finding.safe or finding.reason for finding in found)
    assert not steps or default_message([step.op for step in steps])


@given(pair=pairs())
def test_steps_of_several_dialects_keep_their_order(pair: tuple[Schema, Schema]) -> None:
    before, after = map(used, pair)
    by_dialect = {name: steps_between(before, after, dialect_named(name)) for name in DIALECTS}
    joined = shared(by_dialect)
    for name, steps in by_dialect.items():
        mine = [_told(step.op) for part in joined if name in part.dialects for step in part.steps]
        assert mine == [_told(step.op) for step in steps]


def _told(operation: ops.Operation) -> str:
    """What becomes of keys into a dropped table differs, and no source says it."""
    if isinstance(operation, ops.DropTable):
        operation = replace(operation, references="refuse")
    return canonical_text([operation])


def normal_names(schema: Schema, name: str) -> Schema:
    """Constraints without a name know the one that the server gives, as in a replayed schema."""
    from gitmig.schema.madenames import with_made_names

    made = Schema()
    for table in schema:
        made = made.with_table(with_made_names(table, made, name))
    return replace(schema, tables=made.tables)


def _written(forward: tuple[ops.Step, ...], name: str, back: tuple[ops.Step, ...] = (), *, alembic: bool = False) -> Body:
    batch = "never" if name != "sqlite" else "always" if alembic else "rebuild"
    return body([Section(forward)], [Section(back)], Style((name,), batch, names_in_batch=alembic))


def _recorded(lines: tuple[str, ...], imports: tuple[str, ...], before: Schema, dialect: Any) -> Schema:
    text = "\n".join(
        ["import sqlalchemy as sa", "from gitmig import op", *imports, "def upgrade():", *lines, "" if lines else "    pass", ""]
    )
    recorder = Recorder(dialect, before)
    recorded = recorder.record(Revision("r", (), (), (), "r.py"), text.encode(), "r.py")
    unread = [each for each in recorded if isinstance(each, ops.Opaque)]
    assert not unread, f"{unread}\n{text}"
    return recorder.schema
