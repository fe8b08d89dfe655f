"""The jobs of the child process: by name, from a JSON request to a JSON result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gitmig.adapters.child import child_root, child_tree
from gitmig.adapters.environ import environment
from gitmig.adapters.headercache import HeaderCache
from gitmig.autogen.classify import Finding
from gitmig.commands.autogenerate import Asked, Difference, Proposed, compare, compare_with, frozen, propose
from gitmig.commands.baseline import Baseline, Source
from gitmig.commands.loading import Models, load_environment, load_models
from gitmig.commands.newrevision import NewFile, Placement, RevisionRequest
from gitmig.commands.project import Options, Project
from gitmig.config import Config, read_config, replay_dialects, use_database, use_url
from gitmig.errors import ConfigError, ModelsError
from gitmig.schema.jsonform import from_json, to_json
from gitmig.script.load import load_revisions

if TYPE_CHECKING:
    from gitmig.commands.firstrevision import First

Job = Callable[[Mapping[str, Any]], "dict[str, Any]"]
_Loaded = TypeVar("_Loaded")


def _source(request: Mapping[str, Any]) -> Source:
    tree, root = child_tree(), child_root()
    config = _config(request, root)
    cache_dir = request.get("cache_dir")
    revisions = load_revisions(tree, config, HeaderCache(cache_dir) if cache_dir else None)
    return Source(config, tree, revisions, cache_dir, tuple(request.get("x_arguments") or ()))


def _read(path: str) -> bytes | None:
    try:
        return child_tree().read(path)
    except FileNotFoundError:
        return None


def _config(request: Mapping[str, Any], root: str, read: Callable[[str], bytes | None] = _read) -> Config:
    named = list(request.get("config_files") or ())
    config = read_config(read, root, named=named, section=request.get("section"))
    if config is None:
        raise ConfigError(f"there is no gitmig configuration in {root}", "`gitmig init` makes one; -c FILE names one.")
    url = request.get("url") or environment().get("GITMIG_URL")
    config = use_url(config, url) if url else config
    # A database has its own URL; of a tenant's schema it is the URL of the server.
    return use_database(config, request["database"]) if request.get("database") else config


def _asked(request: Mapping[str, Any]) -> Asked:
    return Asked(
        request.get("against") or "replay",
        RevisionRequest(
            message=request.get("message"),
            head=request.get("head") or "head",
            splice=bool(request.get("splice")),
            branch_labels=tuple(request.get("branch_labels") or ()),
            version_path=request.get("version_path"),
            id=request.get("rev_id"),
            depends_on=tuple(request.get("depends_on") or ()),
        ),
    )


def _models(source: Source) -> Models:
    return load_models(source.config, source.tree, x_arguments=source.x_arguments)


def autogenerate(request: Mapping[str, Any]) -> dict[str, Any]:
    """The revision that the models ask for.

    Request: ``against`` ("replay", "scratch", "database"), ``message``, ``head``, ``splice``, ``branch_labels``, ``version_path``,
    ``rev_id``, ``depends_on``, ``cache_dir``, ``config_files``, ``section``, ``url``, ``database``, ``x_arguments``, ``even_empty`` (call
    env.py's process_revision_directives for no change too); all may be left out.
    Result: ``changes`` (summary, safe, reason, effect), ``source`` (None: nothing to do), ``revision``, ``path`` (from the project's
    root), ``down``, ``message``, ``opaque``, ``closure`` (the project's files that were imported), ``messages``.
    """
    from gitmig.commands.parts import load_parts, refuse_chosen
    from gitmig.commands.proposedparts import propose_parts

    source = _source(request)
    refuse_chosen(source)
    parts = load_parts(source)
    even_empty = bool(request.get("even_empty"))
    if parts:
        return _told(source, parts[0].models, propose_parts(source, parts, _asked(request), even_empty=even_empty))
    models = _models(source)
    if not callable(models.options.get("process_revision_directives")):
        return _told(source, models, propose(source, models, _asked(request)))
    # Operations as Alembic's objects cost time to import; few projects ask for them.
    from gitmig.commands.directing import propose_directed

    return _told(source, models, propose_directed(source, models, _asked(request), even_empty=even_empty))


def _told(source: Source, models: Models, proposed: Proposed) -> dict[str, Any]:
    file = proposed.file
    return {
        **_difference(proposed.difference, models),
        "source": None if file is None else file.content.decode(source.config.output_encoding),
        "revision": None if file is None else file.id,
        "path": None if file is None else file.path,
        "down": [] if file is None else list(file.down),
        "message": proposed.message,
    }


def _difference(difference: Difference, models: Models) -> dict[str, Any]:
    return {
        "changes": [_change(each) for each in difference.findings],
        "opaque": list(difference.opaque),
        "closure": list(models.files),
        "messages": list(difference.messages),
    }


def _change(finding: Finding) -> dict[str, Any]:
    return {"summary": finding.summary, "safe": finding.safe, "reason": finding.reason, "effect": finding.effect}


def diff(request: Mapping[str, Any]) -> dict[str, Any]:
    """How the models differ from the baseline. Request as for ``autogenerate``, with ``form``: "table", "ops" or "sql"; ``before`` is a
    schema as JSON to compare with in place of a baseline.

    Result: ``changes``, ``opaque``, ``closure``, ``messages``, and ``lines``: the operations as Python or as SQL, by dialect.
    """
    from gitmig.commands.difftext import lines_of
    from gitmig.commands.parts import compare_parts, load_parts, part_lines, together

    source = _source(request)
    parts = load_parts(source)
    if parts and request.get("before") is None:
        differences = compare_parts(parts, _asked(request))
        lines = part_lines(parts, differences, request.get("form") or "table")
        return {**_difference(together(differences), parts[0].models), "lines": lines}
    models = _models(source)
    before = request.get("before")
    if before is not None:
        known = from_json(before)
        difference = compare_with(source, models, lambda _dialect: Baseline(known))
    else:
        difference = compare(source, models, request.get("against") or "replay")
    return {**_difference(difference, models), "lines": lines_of(source, models, difference, request.get("form") or "table")}


def freeze(request: Mapping[str, Any]) -> dict[str, Any]:
    """The models as a schema. Result: ``schema`` as JSON."""
    return {"schema": to_json(frozen(_models(_source(request))))}


def baseline(request: Mapping[str, Any]) -> dict[str, Any]:
    """The first revision of a database that has tables and no history. Request as for ``autogenerate``.

    Result: as of ``autogenerate``, where ``changes`` are how the database differs from what the revision makes; ``databases``: those that
    it was held against, a list of ``name`` (None where the project has one), ``tables`` (how many), ``database`` (URL, no password).
    """
    from gitmig.commands.firstrevision import first_of_parts, first_revision
    from gitmig.commands.parts import load_parts

    # With --database, the revision has a part for the others all the same.
    whole = _source({**request, "database": None})
    asked = replace(_asked(request), against="replay")
    parts = load_parts(whole)
    chosen = [part for part in parts if request.get("database") in (None, part.shown)]
    if chosen:
        firsts: dict[str | None, First] = {}
        firsts.update(first_of_parts(whole, parts, chosen, asked))
        source, models = whole, parts[0].models
    else:
        source = _source(request)
        models = _models(source)
        firsts = {source.config.database: first_revision(source, models, asked)}
    found = [(name, finding) for name, first in firsts.items() for finding in first.findings]
    told = [_change(replace(each, summary=f"{name}: {each.summary}") if chosen else each) for name, each in found]
    return {
        **_told(source, models, next(iter(firsts.values())).proposed),
        "changes": told,
        "databases": [{"name": name, "tables": first.tables, "database": first.database} for name, first in firsts.items()],
        "messages": list(dict.fromkeys(note for first in firsts.values() for note in first.notes)),
    }


def adopting(request: Mapping[str, Any]) -> dict[str, Any]:
    """One question of `gitmig adopt`: ``ask`` is "graph" or "upgrade" (of the real Alembic), "ours" (gitmig's upgrade), "env".

    Request also: ``scratch`` (the URL of the database to upgrade), ``config_files``, ``section``, ``url``, ``database``, ``x_arguments``.
    Results are those of the functions in `gitmig.commands.adoptjobs`.
    """
    from gitmig.commands import adoptjobs

    config = _config(request, child_root())
    match request["ask"]:
        case "graph":
            return adoptjobs.alembic_graph(config, request)
        case "upgrade":
            return adoptjobs.alembic_upgrade(config, request)
        case "ours":
            return adoptjobs.scratch_upgrade(config, request)
        case _:
            return adoptjobs.env_facts(_source(request))


def join(request: Mapping[str, Any]) -> dict[str, Any]:
    """Whether heads agree, and the revision that joins them.

    Request: ``heads``, ``message``, ``branch_labels``, ``version_path``, ``rev_id``, and what every job takes. Result: ``verdict``,
    ``proofs`` (by dialect, or by database where a revision is for several; see `gitmig.commands.proving.told`), ``changes`` (what the
    models ask for beyond both sides), ``file`` (None where the heads cannot be joined; else ``revision``, ``path``, ``down``, ``source``),
    ``messages``.
    """
    from gitmig.commands.joining import join as join_heads
    from gitmig.commands.joining import join_parts
    from gitmig.commands.parts import bare_parts, load_parts
    from gitmig.commands.proving import told

    source = _source(request)
    asked = _asked(request).revision
    if bare_parts(source):
        parts, why = _if_any(source, lambda: load_parts(source))
        joined = join_parts(source, parts or bare_parts(source), request["heads"], asked)
    else:
        models, why = _if_any(source, lambda: _models(source))
        dialects = models.dialects(source.config) if models is not None else replay_dialects(source.config, environment(), None)
        joined = join_heads(source, models, dialects, request["heads"], asked)
    file, difference = joined.file, joined.difference
    return {
        "verdict": joined.verdict,
        "proofs": {name: [told(each) for each in found] for name, found in joined.proofs.items()},
        "changes": [] if difference is None else [_change(each) for each in difference.findings],
        "file": None if file is None else _file(source, file),
        "messages": [*why, *(difference.messages if difference is not None else ())],
    }


def _if_any(source: Source, load: Callable[[], _Loaded]) -> tuple[_Loaded | None, tuple[str, ...]]:
    """The models, or None with the reason where the project names none: its revisions are joined all the same."""
    try:
        return load(), ()
    except ModelsError as error:
        if source.config.models or source.config.app or any(database.models for database in source.config.databases):
            raise
        return None, (f"The models were not compared: {error.message}.",)


def environment_revision(request: Mapping[str, Any]) -> dict[str, Any]:
    """An empty revision for which env.py runs (`revision_environment`).

    Request: as for ``autogenerate``; for a merge ``parents`` and ``folder`` too. Result: ``file`` (None where env.py wants none; else
    ``revision``, ``path``, ``down``, ``source``), ``messages``.
    """
    from gitmig.commands.directing import environment_file, plain_revision

    source = _source(request)
    captured = load_environment(source.config, source.tree, x_arguments=source.x_arguments)
    if captured is None:
        raise ConfigError(f"{source.config.source}: `revision_environment` is on, and there is no env.py", "Turn it off, or write one.")
    asked = _asked(request).revision
    if request.get("parents"):
        placement = Placement(tuple(request["parents"]), asked.branch_labels, (), request["folder"])
        assert asked.id is not None
        file: NewFile | None = environment_file(source, captured, placement, asked.id, asked.message)
    else:
        url = captured.options.get("url")
        named = None if url is None else str(url)
        file = plain_revision(source, captured, asked, lambda: replay_dialects(source.config, environment(), named)[0])
    return {
        "file": None if file is None else _file(source, file),
        "messages": [captured.note] if captured.note else [],
    }


def _file(source: Source, file: NewFile) -> dict[str, Any]:
    return {
        "revision": file.id,
        "path": file.path,
        "down": list(file.down),
        "source": file.content.decode(source.config.output_encoding),
    }


def member(request: Mapping[str, Any]) -> dict[str, Any]:
    """A command on one of several databases: see `gitmig.commands.member.work`. Request also: ``database``, its name."""
    from gitmig.commands.member import work

    return work(_project(request), request)


def standing(request: Mapping[str, Any]) -> dict[str, Any]:
    """Where a database stands: see `gitmig.commands.standing.Stands`. Request: ``database``, its name or None, and what every job takes."""
    from gitmig.commands.standing import told

    return told(_project(request), lambda text: print(text, file=sys.stderr))


def _project(request: Mapping[str, Any]) -> Project:
    options = Options(x_arguments=tuple(request.get("x_arguments") or ()), database=request.get("database"))
    return Project(_config(request, child_root()), Path(child_root()), child_tree(), options)


def forecast(request: Mapping[str, Any]) -> dict[str, Any]:
    """Which revisions of different branches contradict each other; nothing of them is run.

    Request: ``forest`` (see `Forest.to_json`), ``heads`` (numbers), ``dialect``. Result: see `forecastproofs.forecast_json`.
    """
    from gitmig.adapters.gitrepo import Blobs, discover
    from gitmig.commands.forecastproofs import forecast as foretell
    from gitmig.commands.forecastproofs import forecast_json
    from gitmig.compat import alembic
    from gitmig.merging.forest import forest_from_json

    alembic.install()
    forest = forest_from_json(request["forest"])
    with Blobs(discover(child_root())) as blobs:
        return forecast_json(forest, foretell(forest, request["heads"], blobs.read, request["dialect"]))


def sync_forward(request: Mapping[str, Any]) -> dict[str, Any]:
    """What `sync` would run upwards: see `gitmig.commands.syncjobs.forward`."""
    from gitmig.commands.syncjobs import forward

    return forward(request, _config(request, child_root(), _read_disk))


def sync_back(request: Mapping[str, Any]) -> dict[str, Any]:
    """What `sync` would step back over: see `gitmig.commands.syncjobs.back`."""
    from gitmig.commands.syncjobs import back

    return back(request, _config(request, child_root(), _read_disk))


def sync_retreat(request: Mapping[str, Any]) -> dict[str, Any]:
    """Steps a database back with scripts of another commit: see `gitmig.commands.syncjobs.retreat`.

    The database is that of this checkout's configuration; the other commit's only says where its env.py and its modules are.
    """
    from gitmig.commands.syncjobs import at_commit, retreat

    config = _config(request, child_root(), _read_disk)
    try:
        theirs = _config({**request, "config_files": ()}, child_root())
    except ConfigError:
        theirs = None
    return retreat(request, at_commit(config, theirs))


def _read_disk(path: str) -> bytes | None:
    file = Path(child_root(), path)
    return file.read_bytes() if file.is_file() else None


JOBS: Mapping[str, Job] = {
    "adopting": adopting,
    "autogenerate": autogenerate,
    "baseline": baseline,
    "diff": diff,
    "environment_revision": environment_revision,
    "forecast": forecast,
    "freeze": freeze,
    "join": join,
    "member": member,
    "standing": standing,
    "sync_back": sync_back,
    "sync_forward": sync_forward,
    "sync_retreat": sync_retreat,
}
