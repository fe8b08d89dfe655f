"""Which refs tell what others have, in every kind of clone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gitmig.adapters.gitrepo import discover
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.publication import Published, published, published_refs
from gitmig.config import Config
from gitmig.errors import ConfigError

FILE = 'revision = "{}"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'


@pytest.fixture(autouse=True)
def _hermetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada\nemail = a@b\n[init]\ndefaultBranch = main\n")
    for name in [each for each in os.environ if each.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, id: str) -> None:
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (versions / f"{id}.py").write_text(FILE.format(id))
    git(folder, "add", ".")
    git(folder, "commit", "-qm", id)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """Branch main with revision "a", branch topic with "b" too."""
    server = tmp_path / "server"
    server.mkdir()
    git(server, "init", "-q")
    commit(server, "a")
    git(server, "switch", "-qc", "topic")
    commit(server, "b")
    git(server, "switch", "-q", "main")
    return server


def clone(server: Path, *options: str) -> Path:
    folder = server.with_name("clone")
    git(server.parent, "clone", "-q", *options, server.as_uri(), str(folder))
    return folder


def facts(folder: Path, *refs: str) -> Published:
    config = Config(folder.as_posix(), "pyproject.toml [tool.gitmig]", **({"published": refs} if refs else {}))
    return published(discover(folder), "", config, HeaderCache(str(folder / ".git" / "gitmig")), lambda package, path: None)


def test_a_usual_clone_asks_origin_head_and_tells_what_was_pushed_elsewhere(server: Path) -> None:
    found = facts(clone(server))
    assert (found.refs, found.everything) == (("origin/HEAD",), None)
    assert (set(found.by_id), set(found.pushed)) == ({"a"}, {"b"})


def test_without_origin_head_main_and_master_stand_for_it(server: Path) -> None:
    folder = clone(server)
    git(folder, "remote", "set-head", "origin", "--delete")
    assert facts(folder).refs == ("origin/main",)
    git(folder, "update-ref", "refs/remotes/origin/master", "origin/topic")
    git(folder, "update-ref", "-d", "refs/remotes/origin/main")
    assert facts(folder).refs == ("origin/master",)


def test_the_default_of_the_branch_s_own_remote_comes_before_origin_main(server: Path) -> None:
    folder = clone(server)
    git(folder, "remote", "add", "other", server.as_uri())
    git(folder, "fetch", "-q", "other")
    git(folder, "remote", "set-head", "origin", "--delete")
    git(folder, "branch", "-q", "--set-upstream-to", "other/main")
    git(folder, "remote", "set-head", "other", "topic")
    assert facts(folder).refs == ("other/HEAD",)


def test_a_remote_of_another_name_is_enough(server: Path) -> None:
    folder = clone(server, "-o", "github")
    assert facts(folder).refs == ("github/HEAD",)
    git(folder, "remote", "set-head", "github", "--delete")
    assert facts(folder).refs == ("github/main",)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--depth=1",), "this is a shallow clone"),
        (("--depth=1", "--no-single-branch"), "this is a shallow clone"),
        (("--single-branch",), "this is a single-branch clone"),
        (("--single-branch", "-o", "github"), "this is a single-branch clone"),
    ],
)
def test_in_a_clone_that_lacks_something_every_committed_revision_counts(server: Path, options: tuple[str, ...], why: str) -> None:
    folder = clone(server, *options)
    commit(folder, "c")
    found = facts(folder)
    assert (found.refs, found.everything, set(found.by_id)) == ((), why, {"a", "c"})


def test_where_nothing_resolves_so_does_what_a_merge_under_way_brings(server: Path) -> None:
    assert set(facts(server).by_id) == {"a"}
    git(server, "merge", "-q", "--no-commit", "--no-ff", "topic")
    found = facts(server)
    assert (found.everything, set(found.by_id)) == ("no published ref was found", {"a", "b"})


def test_a_repository_without_a_commit_has_published_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    found = facts(tmp_path)
    assert (found.everything, found.by_id) == ("no published ref was found", {})


def test_refs_that_were_written_down_count_alone_and_must_be_there(server: Path) -> None:
    folder = clone(server)
    assert set(facts(folder, "origin/topic").by_id) == {"a", "b"}
    with pytest.raises(ConfigError, match="`published` names origin/release"):
        published_refs(discover(folder), Config(folder.as_posix(), "x", published=("origin/release",)))
