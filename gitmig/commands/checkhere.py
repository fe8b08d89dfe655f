"""What `check` finds beside the models: published revisions that the work tree changes, and databases that do not fit the files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from gitmig.adapters.environ import environment
from gitmig.adapters.gitrepo import Blobs, Repository, discover, split_nul
from gitmig.adapters.publication import published_refs
from gitmig.commands.databases import Named, other_databases, own_database
from gitmig.commands.edited import Edited
from gitmig.commands.inuse import words
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate
from gitmig.commands.standing import Stands
from gitmig.config import expand_url, sqlite_file
from gitmig.errors import ConfigError, GitError
from gitmig.script.header import Header
from gitmig.script.load import Revisions, header_of, is_revision_file, version_folders
from gitmig.script.meaning import same_meaning


def edited_here(project: Project, revisions: Revisions) -> Iterator[Edited]:
    """Published revisions that the work tree has otherwise, or no more, than where this branch left the published ref.

    Without git there is nothing to compare with. Raises ConfigError for a published ref that is not there.
    """
    try:
        repository = discover(project.root)
    except GitError:
        return
    for ref, base in _bases(project, repository):
        seen: set[str] = set()
        with Blobs(repository) as blobs:
            for path in _changed(project, repository, base):
                old = blobs.read(f"{base}:{path}")
                header = header_of(lambda old=old: old, path)  # type: ignore[misc]
                if not isinstance(header, Header) or header.id is None or header.id in seen:
                    continue
                seen.add(header.id)
                now = revisions.by_id.get(header.id)
                if now is None:
                    yield Edited(header.id, path, "deleted", ref)
                    continue
                new = project.tree.read(now.path)
                if not same_meaning(old, new):
                    yield Edited(header.id, path, "moved" if same_meaning(old, new, links=False) else "edited", ref)


def _bases(project: Project, repository: Repository) -> Iterator[tuple[str, str]]:
    """Each published ref with the commit where this branch left it."""
    refs, why = published_refs(repository, project.config)
    if why is not None:
        # What is committed counts, as far as somebody else can have it from here.
        refs = ("HEAD",) if repository.git("remote").strip() else ()
    for ref in refs:
        base = repository.attempt("merge-base", "HEAD", ref)
        if base.returncode == 0:
            yield ref, base.stdout.decode().strip()


def _changed(project: Project, repository: Repository, base: str) -> Iterator[str]:
    """Revision files that the work tree changes or lacks, by their paths from the top."""
    prefix = repository.prefix(project.root)
    folders = [posixpath.normpath(prefix + each) for each in version_folders(project.tree, project.config, locate(project))]
    specs = [f":(top,literal){each}" for each in folders if not each.startswith(("../", "/"))]
    if not specs:
        return
    for path in split_nul(repository.git("diff", "--name-only", "-z", "--no-renames", "--diff-filter=MDT", base, "--", *specs)):
        if is_revision_file(path, project.config.sourceless):
            yield path


def databases_to_check(project: Project) -> tuple[Named, ...]:
    """The project's own database, where it is known without running anything and can be there, and the others of the configuration."""
    config = project.config
    if config.database is not None:
        return (own_database(project),)
    one = config.tenants is None and not config.binds and not config.engines and not any(each.models for each in config.databases)
    own = (own_database(project),) if one and (config.url is not None or config.app is not None) and not _no_file(project) else ()
    return (*own, *other_databases(project))


def _no_file(project: Project) -> bool:
    if project.config.url is None:
        return False
    try:
        file = sqlite_file(expand_url(project.config.url, environment(), project.config.source))
    except ConfigError:
        return False
    return file is not None and not Path(project.root, file).exists()


def messages_of(database: Stands) -> Iterator[str]:
    """What is worth saying of a database and is no fault of the files."""
    name = words(database.name)
    if not database.answered:
        yield f"{name[:1].upper()}{name[1:]} was not asked: {database.why_silent()}"
    for each in database.unknown:
        if each["revision"] in database.rows:
            yield f"{name[:1].upper()}{name[1:]} is at {each['revision']}, which no file here defines: it lives {each['words']}."


def fault_lines(database: Stands) -> Iterator[str]:
    """What does not fit between a database and the files, with what to do."""
    name = words(database.name)
    option = "" if database.name is None else f" --database {database.name}"
    for each in database.skipped:
        yield f"Revision {each['revision']} ({each['path']}) never ran on {name}, although {each['above']} above it did."
    if database.skipped:
        yield f"`gitmig{option} sync` steps back over what was moved, and forward; `gitmig{option} upgrade --run-skipped` runs it late."
    for each in database.differing:
        commit = f" (commit {each['commit'][:10]})" if each["commit"] else ""
        when = f"{each['at'][:10]}{commit}"
        yield f"Revision {each['revision']} ran on {name} on {when} from a text that means something else than {each['path']}."
    if database.differing:
        yield "Bring that text back (git log -p shows it), and write a new revision for what is to change."
