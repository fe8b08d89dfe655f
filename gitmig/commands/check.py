"""`check`: do the models, the revisions and the graph agree?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gitmig.adapters.gitrepo import discover
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.headercache import header_cache
from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.baseline import Against
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate, open_heads, project_revisions
from gitmig.script.headfile import stale_head_file
from gitmig.script.load import Revisions, load_revisions

if TYPE_CHECKING:
    from gitmig.commands.edited import Edited
    from gitmig.commands.standing import Stands


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. ``heads`` are given where there are several that nobody keeps apart by labels; ``changes`` are what the models
    ask for and no revision makes; ``edited`` published revisions that the work tree has otherwise; ``databases`` those that were asked;
    ``stale_head_file`` the file of heads where it does not name them."""

    changes: tuple[Change, ...] = ()
    heads: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    edited: tuple[Edited, ...] = ()
    databases: tuple[Stands, ...] = ()
    stale_head_file: str | None = None

    @property
    def clean(self) -> bool:
        if self.stale_head_file is not None:
            return False
        return not (self.changes or self.heads or self.edited or any(each.skipped or each.differing for each in self.databases))

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "clean": self.clean,
            "changes": [each.to_json() for each in self.changes],
            "heads": list(self.heads),
            "messages": list(self.messages),
            "edited": [each.to_json() for each in self.edited],
            "databases": [each.to_json() for each in self.databases],
            "stale_head_file": self.stale_head_file,
        }


def check(project: Project, *, against: Against = "replay", staged: bool = False) -> Checked:
    """Compare. A graph that cannot be read (GraphError, RevisionFileError), models that cannot (ModelsError) and revisions that cannot
    (CheckFailed) are raised."""
    if staged:
        tree, revisions = _staged_revisions(project)
        stale = stale_head_file(tree, project.config, revisions, locate(project))
        answer = ask(project, "diff", {"form": "table"}, staged=True, against=against)
        return Checked(changes_of(answer), open_heads(revisions), tuple(answer["messages"]), stale_head_file=stale)
    from gitmig.commands.checkhere import databases_to_check, edited_here, messages_of
    from gitmig.commands.inuse import ask_all

    revisions = project_revisions(project)
    with ThreadPoolExecutor(max_workers=1) as pool:
        asked = pool.submit(ask_all, project, databases_to_check(project))
        answer = ask(project, "diff", {"form": "table"}, against=against)
        databases = asked.result()
    stale = stale_head_file(project.tree, project.config, revisions, locate(project))
    messages = (*answer["messages"], *(line for each in databases for line in messages_of(each)))
    return Checked(changes_of(answer), open_heads(revisions), messages, tuple(edited_here(project, revisions)), databases, stale)


def _staged_revisions(project: Project) -> tuple[GitTree, Revisions]:
    repository = discover(project.root)
    tree = GitTree(repository, repository.prefix(project.root))
    return tree, load_revisions(tree, project.config, header_cache(project.root), locate(project))
