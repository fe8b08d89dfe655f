"""`sync`: moves a local database to this checkout, over revisions that the checkout lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gitmig.adapters.child import call
from gitmig.adapters.elsewhere import Whereabouts, find
from gitmig.adapters.githead import blob_id, read_head
from gitmig.adapters.history import Entry
from gitmig.adapters.machine import ran_here
from gitmig.commands.asking import project_options
from gitmig.commands.databases import refuse_shared
from gitmig.commands.missing import Missing, find_missing
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate, project_revisions
from gitmig.commands.running import USUAL, RunOptions, run
from gitmig.commands.syncevents import Loss, Walk
from gitmig.commands.syncjobs import files_to_json
from gitmig.commands.upgrade import upgrade
from gitmig.config import may_be_several
from gitmig.errors import CheckFailed, DatabaseError, UsageError
from gitmig.graph.routes import Move, retreat_route, upgrade_route
from gitmig.script.load import Revisions, version_folders

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.settings import Outcome

MayRun = Callable[[Sequence[Whereabouts]], None]
"""Is shown the code that is not this machine's; raises UsageError unless somebody says that it may run."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is: the version rows, what its history says of revisions that this checkout lacks or has with another text,
    SQLAlchemy's name of its dialect; ``url`` is for this process only, ``database`` without password. ``skipped`` lie under the rows and
    never ran."""

    rows: tuple[str, ...]
    entries: tuple[Entry, ...]
    dialect: str
    url: Any
    database: str
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What would be lost: ``rows`` of a table, or values of a column that are not NULL."""

    loss: Loss
    rows: int

    def __str__(self) -> str:
        what = "value" if self.loss.column else "row"
        return f"{self.loss} ({self.rows} {what}{'s' * (self.rows != 1)})"


@dataclass(frozen=True, slots=True)
class Step:
    """One revision on the way. ``where`` is None for one of this checkout; ``unsure`` are operations whose effect on data is not known."""

    revision: str
    direction: str
    doc: str = ""
    where: Whereabouts | None = None
    unsure: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        where = None if self.where is None else self.where.to_json()
        return {"revision": self.revision, "direction": self.direction, "doc": self.doc, "elsewhere": where, "unsure": list(self.unsure)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What `sync` would do. ``back`` newest first, ``forward`` oldest first; ``losses`` only what holds data now. ``groups`` are the ids
    stepped back over with the tree of one commit each (None: the work tree). ``lacking`` are the rows that this checkout lacks."""

    place: Place
    missing: Missing
    back: tuple[Step, ...]
    forward: tuple[Step, ...]
    losses: tuple[Counted, ...] = ()
    groups: tuple[tuple[str | None, tuple[str, ...]], ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self.back, *self.forward)

    @property
    def keeps_data(self) -> bool:
        """Whether every step is known to lose nothing."""
        return not self.losses and not any(step.unsure for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        losses = [
            {
                "table": each.loss.table,
                "schema": each.loss.schema,
                "column": each.loss.column,
                "count": each.rows,
                "revision": each.loss.revision,
            }
            for each in self.losses
        ]
        return {"before": list(self.place.rows), "steps": [step.to_json() for step in self.steps], "losses": losses}


@dataclass(slots=True)
class _Seen:
    dialect: str = ""
    url: Any = None
    counts: list[Counted] = field(default_factory=list)


def place_of(project: Project, revisions: Revisions) -> Place:
    """Asks the database. Raises DatabaseError, ConfigError; UsageError where it is not this person's own."""
    refuse_shared(project, "sync")
    seen = _Seen()

    def look(context: MigrationContext, rows: tuple[str, ...]) -> None:
        seen.dialect, seen.url = context.dialect.name, context.connection.engine.url

    outcome = run(project, revisions, "current", lambda rows: (), RunOptions(looks_back=True), look=look)
    if seen.url is not None:
        refuse_shared(project, "sync", seen.url.render_as_string(hide_password=False))
    found = outcome.standing
    entries = () if found is None or found.entries is None else tuple(each for each in found.entries.values() if each.source is not None)
    return Place(outcome.before, entries, seen.dialect, seen.url, outcome.database, () if found is None else found.skipped)


def plan_of(project: Project, may_run: MayRun) -> Plan:
    """What has to be done. Nothing is changed, but scripts that are stepped back over are recorded, so ``may_run`` is asked before.

    Raises what `place_of` raises, and DatabaseError for a step that is missing or irreversible.
    """
    if may_be_several(project.config) and project.config.database is None:
        raise UsageError("there are several databases here, and sync moves one", "Choose it: `gitmig --database NAME sync`.")
    revisions = project_revisions(project)
    place = place_of(project, revisions)
    missing = find_missing(project, revisions, place.rows, place.entries)
    if missing.lost:
        raise _lost(missing)
    graph = missing.revisions.graph
    lacking = tuple(row for row in place.rows if row not in revisions.graph)
    gone = [id for id in graph.ancestors(*place.rows) if id not in revisions.graph]
    # What a rebase slipped under applied revisions: these are stepped back over as they were applied, and come again after it.
    down = retreat_route(graph, place.rows, [*gone, *place.skipped])
    moved = [move.revision for move in down if move.revision in revisions.graph and move.revision not in place.skipped]
    missing = _with_moved(project, missing, place, moved)
    rows = down[-1].after if down else place.rows
    up = upgrade_route(revisions.graph, rows, "heads")
    if down:
        may_run(strangers(project, [missing.found[move.revision] for move in down if move.revision in missing.found]))
    groups = _groups(down, missing)
    if not place.rows:
        # An empty database has nothing to lose.
        steps = (Step(move.revision, "upgrade", " ".join(revisions.by_id[move.revision].doc.split())) for move in up)
        return Plan(place, missing, (), tuple(steps))
    if not down and not up:
        return Plan(place, missing, (), ())
    back, forward, walk = _read(project, place, missing, rows, groups, up)
    losses = _count(project, revisions, [loss for step, told in (*back, *forward) for loss in walk.losses(step.revision, told)])
    return Plan(place, missing, tuple(step for step, _ in back), tuple(step for step, _ in forward), losses, groups, lacking)


def _with_moved(project: Project, missing: Missing, place: Place, moved: Sequence[str]) -> Missing:
    """``missing`` with the texts by which revisions of this checkout ran that have another one now."""
    entries = [each for each in place.entries if each.revision in moved]
    folders = version_folders(project.tree, project.config, locate(project))
    found = find(project.root, folders, [each.revision for each in entries], entries) if entries else {}
    ran = {id: each for id, each in found.items() if each.header is not None and each.blob == each.applied}
    return replace(missing, found={**missing.found, **ran})


def strangers(project: Project, found: Sequence[Whereabouts]) -> list[Whereabouts]:
    """Those whose code neither local branches and reflogs reach nor this machine ran before."""
    head = read_head(project.root)
    known = frozenset[str]() if head is None else ran_here(head.common_dir)
    return [each for each in found if not each.local and blob_id(each.source or b"") not in known]


def refuse_strangers(found: Sequence[Whereabouts]) -> None:
    """The `MayRun` of where nobody can be asked. Raises CheckFailed."""
    if found:
        raise CheckFailed(
            f"the code of {', '.join(each.revision for each in found)} is not this machine's", "`gitmig sync` shows it, and asks."
        )


def apply(project: Project, plan: Plan, options: RunOptions, *, quiet: bool = False) -> Outcome:
    """Makes the steps. Raises what `upgrade` and `downgrade` raise; what is done by then stays, and `sync` goes on from there."""
    given = {
        "wait": options.wait,
        "lock_timeout": options.lock_timeout,
        "statement_timeout": options.statement_timeout,
    }
    for commit, drop in plan.groups:
        request = {
            **project_options(project),
            "files": files_to_json(plan.missing.found),
            "drop": list(drop),
            "options": {name: value for name, value in given.items() if value is not None},
            "quiet": quiet,
        }
        call("sync_retreat", request, project_root=project.root, tree_spec=_tree(commit), allow_database=True)
    return upgrade(project, "heads", options)


def _tree(commit: str | None) -> dict[str, Any]:
    return {"kind": "worktree"} if commit is None else {"kind": "commit", "oid": commit}


def _groups(down: Sequence[Move], missing: Missing) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    """The steps back with the commit whose other files they run with: that of the newest revision of their line."""
    graph = missing.revisions.graph
    trees: dict[str, str | None] = {}
    groups: list[tuple[str | None, list[str]]] = []
    for move in down:
        above = [id for id in graph.children(move.revision) if id in trees]
        own = missing.found[move.revision].tree if move.revision in missing.found else None
        tree = trees[above[0]] if above else own
        trees[move.revision] = tree
        if groups and groups[-1][0] == tree:
            groups[-1][1].append(move.revision)
        else:
            groups.append((tree, [move.revision]))
    return tuple((tree, tuple(ids)) for tree, ids in groups)


_Told = tuple[Step, list[Mapping[str, Any]]]


def _read(
    project: Project,
    place: Place,
    missing: Missing,
    rows: tuple[str, ...],
    groups: Sequence[tuple[str | None, Sequence[str]]],
    up: Sequence[Move],
) -> tuple[list[_Told], list[_Told], Walk]:
    """The steps with their events, from children that record the scripts. Raises DatabaseError where one cannot be stepped back over."""
    common = {**project_options(project), "dialect": _dialect(place)}
    wanted = {**common, "rows": list(rows), "up": [move.revision for move in up]}
    answer = call("sync_forward", wanted, project_root=project.root)
    forward = [(_step(each, "upgrade", None), each["events"]) for each in answer["steps"]]
    back: list[_Told] = []
    refused: list[tuple[str, Whereabouts | None, str]] = []
    for commit, drop in groups:
        request = {
            **common,
            "files": files_to_json(missing.found),
            "schema": answer["schema"],
            "missing": [id for _, ids in groups for id in ids if id not in place.skipped],
            "drop": [id for id in drop if id not in place.skipped],
        }
        for each in call("sync_back", request, project_root=project.root, tree_spec=_tree(commit))["steps"]:
            where = missing.found.get(each["revision"])
            back.append((_step(each, "downgrade", where), each["events"]))
            if each["refused"] is not None:
                refused.append((f"revision '{each['revision']}' ({each['path'].rpartition(':')[2]})", where, each["refused"]))
    if refused:
        raise _irreversible(refused)
    return back, forward, Walk()


def _dialect(place: Place) -> str:
    return str(place.url.get_dialect().name if place.url is not None else place.dialect)


def _step(told: Mapping[str, Any], direction: str, where: Whereabouts | None) -> Step:
    unsure = tuple(each["words"] for each in told["events"] if each["kind"] == "unsure")
    return Step(told["revision"], direction, " ".join(told["doc"].split()), where, unsure)


def _count(project: Project, revisions: Revisions, losses: Sequence[Loss]) -> tuple[Counted, ...]:
    """How much there is of each now; nothing of what is empty or not there."""
    if not losses:
        return ()
    seen = _Seen()

    def look(context: MigrationContext, rows: tuple[str, ...]) -> None:
        import sqlalchemy as sa

        connection = context.connection
        inspector = sa.inspect(connection)
        for loss in losses:
            if not inspector.has_table(loss.table, schema=loss.schema):
                continue
            if loss.column is not None and loss.column not in {each["name"] for each in inspector.get_columns(loss.table, loss.schema)}:
                continue
            table = sa.table(loss.table, schema=loss.schema)
            what = sa.func.count() if loss.column is None else sa.func.count(sa.column(loss.column))
            found = connection.execute(sa.select(what).select_from(table)).scalar() or 0
            if found:
                seen.counts.append(Counted(loss, found))

    run(project, revisions, "current", lambda rows: (), USUAL, look=look)
    return tuple(seen.counts)


def _lost(missing: Missing) -> DatabaseError:
    ids = ", ".join(missing.lost)
    return DatabaseError(
        f"the database has {ids}, which lives nowhere that can be seen from here: no ref, reflog or stash has its file, and no history "
        "its source",
        "Nothing was changed. `git fetch` may bring its file; or bring the database back to a copy that is older; or, if you are sure of "
        "where it is, `gitmig stamp --purge REVISION`.",
    )


def _irreversible(refused: Sequence[tuple[str, Whereabouts | None, str]]) -> DatabaseError:
    what, where, why = refused[0]
    more = f" (and {len(refused) - 1} more cannot be stepped back either)" if len(refused) > 1 else ""
    lives = f"; it lives {where.words()}" if where is not None else ""
    return DatabaseError(
        f"{what} {why}{more}{lives}",
        "Nothing was changed. Write its downgrade() where it lives and upgrade there once more from a fresh database; or go back to that "
        "branch, and take a copy before you upgrade next time: `gitmig sync --snapshot` restores one; or begin with a fresh database.",
    )
