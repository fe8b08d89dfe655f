"""Runs inside gitmig while it upgrades a real database: after each revision, is the replayed schema the one that is there now?

One line of JSON a revision goes to the file that ``GITMIG_OBSERVER`` names: its id, "equal", "opaque" or "unequal", and why.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gitmig import context
from gitmig.adapters.reflect import reflect
from gitmig.replay import Recorded, touched, unread
from gitmig.runtime.recorder import Recorder
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, Table, TableName
from gitmig.script.header import read_header


@dataclass(slots=True)
class _Seen:
    recorder: Recorder | None = None
    declared: set[TableName] = field(default_factory=set)


_seen = _Seen()


def observe(ctx: Any, step: Any, heads: Any, run_args: Any, **_: Any) -> None:
    """``on_version_apply`` of the history's env.py."""
    if not step.is_upgrade:
        return
    metadata = ctx.opts.get("target_metadata")
    if _seen.recorder is None:
        start = Schema()
        _seen.recorder = Recorder(
            dialect_named(ctx.dialect.name),
            start,
            naming_convention=metadata.naming_convention if metadata is not None else None,
            version_table=ctx.opts.get("version_table") or "alembic_version",
            config=context.config,
        )
    recorder = _seen.recorder
    for revision in step.up_revisions:
        source = Path(revision.path).read_bytes()
        operations = recorder.record(revision, source, revision.path, read_header(source, revision.path).declarations)
        told = [str(each) for each in unread(Recorded(revision.id, operations))]
        _seen.declared |= set(touched(operations))
        live = reflect(ctx.connection, schemas=(None, *sorted(recorder.schema.schemas)))
        verdict, why = _compared(recorder.schema, live, ctx)
        if told:
            verdict = "opaque"
        with Path(os.environ["GITMIG_OBSERVER"]).open("a", encoding="utf-8") as file:
            line = {"history": os.environ["GITMIG_HISTORY"], "revision": revision.id, "verdict": verdict, "told": told, "why": why}
            file.write(json.dumps(line) + "\n")
        if verdict != "equal":
            recorder.schema = _ours_left_out(live, ctx)  # so that each revision is judged by itself


def _compared(replayed: Schema, live: Schema, ctx: Any) -> tuple[str, list[str]]:
    here = normalise(_ours_left_out(_with_made_names(replayed), ctx), ctx.dialect)
    there = normalise(_ours_left_out(live, ctx), ctx.dialect)
    here, there = (_without(each, _seen.declared) for each in (here, there))
    why = _differences(here, there)
    return ("unequal" if why else "equal"), why


def _with_made_names(schema: Schema) -> Schema:
    """Constraints without a name under the one that the server gave them; it may be one that a new table of that name would not get."""

    def named(constraint: Any) -> Any:
        made = constraint is not None and constraint.name is None and constraint.made is not None
        return replace(constraint, name=constraint.made) if made else constraint

    tables = {}
    for name, table in schema.tables.items():
        parts = {part: tuple(map(named, getattr(table, part))) for part in ("uniques", "checks", "excludes", "foreign_keys")}
        tables[name] = replace(table, primary_key=named(table.primary_key), **parts)
    return replace(schema, tables=tables)


def _ours_left_out(schema: Schema, ctx: Any) -> Schema:
    table = ctx.opts.get("version_table") or "alembic_version"
    return _without(schema, {name for name in schema.tables if name.name == table or name.name.startswith("gitmig")})


def _without(schema: Schema, names: set[TableName]) -> Schema:
    tables = {name: table for name, table in schema.tables.items() if name not in names}
    return replace(schema, tables=tables, schemas=frozenset(name for name in schema.schemas if name != "gitmig"))


def _differences(here: Schema, there: Schema) -> list[str]:
    found = []
    for kind in ("tables", "enums", "sequences"):
        left, right = getattr(here, kind), getattr(there, kind)
        for name in sorted({*left, *right}, key=lambda each: each.sort_key()):
            if left.get(name) == right.get(name):
                continue
            if name not in left or name not in right:
                found.append(f"{kind} {name}: only {'replayed' if name in left else 'live'}")
            elif isinstance(left[name], Table):
                found += [f"{name}: {line}" for line in _table(left[name], right[name])]
            else:
                found.append(f"{kind} {name}: {left[name]} / {right[name]}")
    return found


def _table(left: Table, right: Table) -> list[str]:
    found = []
    for part in ("columns", "uniques", "checks", "excludes", "foreign_keys", "indexes"):
        here, there = getattr(left, part), getattr(right, part)
        found += [f"replayed {each}" for each in here if each not in there]
        found += [f"live {each}" for each in there if each not in here]
    for part in ("primary_key", "comment", "options"):
        if getattr(left, part) != getattr(right, part):
            found.append(f"{part}: replayed {getattr(left, part)} / live {getattr(right, part)}")
    return found
