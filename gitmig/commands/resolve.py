"""`resolve`: one head out of several, proved first; a merge revision, or the unpublished side put on top of the other."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gitmig.adapters.backup import Edit, back_up, take_back, undo, write_edits
from gitmig.adapters.gitrepo import Repository, discover
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.publication import Published, published
from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.inuse import ask_all, asked, with_databases
from gitmig.commands.project import Project
from gitmig.commands.relinking import order_of, refuse_published, relinking, sides_of
from gitmig.commands.revisions import locate, open_heads, project_revisions, require_script_folder
from gitmig.errors import CheckFailed
from gitmig.ports import Prompter
from gitmig.script.headfile import head_file_content, head_file_path
from gitmig.script.load import Revisions, load_revisions

Strategy = Literal["merge", "rebase"]


@dataclass(frozen=True, slots=True)
class ResolveRequest:
    """What was asked for. ``strategy`` None: as the configuration and what is published say. ``sure``: revisions that were pushed to a
    branch of one's own may move."""

    strategy: Strategy | None = None
    message: str | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done. ``edits`` are files by their path from the repository's top; none where the sides cannot be joined.

    ``proofs`` are those of the child, by dialect. ``moved`` are revisions that get new parents, ``onto`` what they follow then.
    """

    heads: tuple[str, ...]
    verdict: str
    proofs: Mapping[str, Sequence[Mapping[str, Any]]]
    strategy: Strategy | None = None
    edits: tuple[Edit, ...] = ()
    head: str | None = None
    moved: tuple[str, ...] = ()
    onto: str | None = None
    changes: tuple[Change, ...] = ()
    messages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "heads": list(self.heads),
            "verdict": self.verdict,
            "proofs": {name: list(found) for name, found in self.proofs.items()},
            "strategy": self.strategy,
            "head": self.head,
            "moved": list(self.moved),
            "onto": self.onto,
            "files": [edit.path for edit in self.edits],
            "changes": [each.to_json() for each in self.changes],
            "messages": list(self.messages),
        }


def plan(project: Project, request: ResolveRequest, prompter: Prompter) -> Plan | None:
    """Prove the heads of the work tree and decide what makes one of them; None where there is one already.

    Raises CheckFailed where a person has to decide and nobody can be asked, and for published revisions; ModelsError, GraphError,
    RevisionFileError, ConfigError, GitError.
    """
    revisions = project_revisions(project)
    require_script_folder(project)
    heads = open_heads(revisions)
    if not heads:
        return None
    repository = discover(project.root)
    answer = ask(project, "join", {"heads": list(heads), "message": request.message})
    messages = tuple(answer["messages"])
    if answer["file"] is None:
        return Plan(heads, answer["verdict"], answer["proofs"], messages=messages)
    facts = with_databases(_published(project, repository), ask_all(project, asked(project)))
    if facts.everything is not None:
        messages += (f"Every committed revision counts as published: {facts.everything}.",)
    sides = sides_of(revisions, heads)
    strategy = request.strategy or _strategy(project, facts, revisions, sides, prompter)
    changes = changes_of(answer)
    if strategy == "merge":
        file = answer["file"]
        content = file["source"].encode(project.config.output_encoding)
        edit = Edit(_from_top(project, repository, file["path"]), None, content)
        edits = (edit, *_head_file(project, repository, revisions, heads, file["revision"]))
        return Plan(heads, answer["verdict"], answer["proofs"], "merge", edits, file["revision"], (), None, changes, messages)
    order = order_of(facts, revisions, sides)
    moved = tuple(id for head in order[1:] for id in sides[head])
    refuse_published(facts, revisions, moved, prompter, sure=request.sure)
    headers = [
        Edit(_from_top(project, repository, each.path), each.before, each.after) for each in relinking(project.tree, revisions, order)
    ]
    edits = (*headers, *_head_file(project, repository, revisions, heads, order[-1]))
    if changes:
        messages += ("The models differ from what both sides make; `gitmig revision --autogenerate` writes the rest.",)
    return Plan(heads, answer["verdict"], answer["proofs"], "rebase", edits, order[-1], moved, order[0], changes, messages)


def _head_file(project: Project, repository: Repository, revisions: Revisions, joined: Sequence[str], head: str) -> Iterator[Edit]:
    """The file of heads as it will be, where the configuration wants it."""
    if not project.config.head_file:
        return
    path = head_file_path(project.tree, project.config, locate(project))
    before = project.tree.read(path) if project.tree.exists(path) else None
    yield Edit(_from_top(project, repository, path), before, head_file_content({*revisions.graph.heads(), head} - {*joined} | {head}))


def apply(project: Project, wanted: Plan) -> str:
    """Write the plan's files, with a backup made first; its ref. Raises GitmigError, and then everything is as it was."""
    repository = discover(project.root)
    ref = back_up(repository, wanted.edits, f"resolve {', '.join(wanted.heads)}")
    write_edits(repository, wanted.edits)
    try:
        after = load_revisions(project.tree, project.config, None, locate(project))
        if len(after.graph.heads()) >= len(wanted.heads):
            raise CheckFailed(f"the result would have {len(after.graph.heads())} heads", "Everything was put back as it was.")
    except BaseException:
        take_back(repository, wanted.edits)
        raise
    return ref


def undo_last(project: Project) -> tuple[str, ...]:
    """Take back the last `resolve` of this work tree; the paths that changed, from the repository's top.

    Raises as `adapters.backup.undo` does.
    """
    return tuple(edit.path for edit in undo(discover(project.root)))


def patch(wanted: Plan) -> Iterator[str]:
    """The plan's files as a patch that `git apply` takes, line by line without line ends."""
    for edit in wanted.edits:
        before = (edit.before or b"").decode("utf-8", "surrogateescape").splitlines()
        after = (edit.after or b"").decode("utf-8", "surrogateescape").splitlines()
        if edit.before is None:
            yield f"diff --git a/{edit.path} b/{edit.path}"
            yield "new file mode 100644"
        source = "/dev/null" if edit.before is None else f"a/{edit.path}"
        yield from difflib.unified_diff(before, after, source, f"b/{edit.path}", lineterm="")


def _published(project: Project, repository: Repository) -> Published:
    cache = HeaderCache(str(Path(repository.common_dir, "gitmig")))
    return published(repository, repository.prefix(project.root), project.config, cache, locate(project))


def _strategy(project: Project, facts: Published, revisions: Revisions, sides: Mapping[str, Sequence[str]], prompter: Prompter) -> Strategy:
    """What the configuration says; where it says nothing, a rebase if just one side was published, else a merge."""
    wanted = project.config.merge.heads
    if wanted == "fail":
        raise CheckFailed(f"there are {len(sides)} heads: {', '.join(sides)}", "`gitmig resolve --merge` or `--rebase` makes one of them.")
    if wanted == "ask":
        if not prompter.interactive:
            raise CheckFailed(
                "`merge.heads` is ask, and nobody can be asked here", "Say `gitmig resolve --merge` or `gitmig resolve --rebase`."
            )
        choice = prompter.choose(f"Heads {', '.join(sides)} agree. What makes one of them?", ["a merge revision", "a rebase"])
        return "merge" if choice == 0 else "rebase"
    if wanted is not None:
        return wanted
    open_sides = [head for head, ids in sides.items() if not any(facts.ref_of(revisions.by_id[id]) for id in ids)]
    return "rebase" if len(open_sides) == len(sides) - 1 else "merge"


def _from_top(project: Project, repository: Repository, path: str) -> str:
    return repository.prefix(Path(project.root, path).parent) + Path(path).name
