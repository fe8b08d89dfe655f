from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from gitmig.adapters import headercache, headerparse
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.headercache import HeaderCache, find_git_dir, header_cache
from gitmig.config import Config
from gitmig.errors import RevisionFileError
from gitmig.ports import Entry
from gitmig.script.header import Header
from gitmig.script.load import load_revisions

# The test runner has threads; the real thing does not fork then, and here it is made to.
FORKS = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
TEXT = "revision = {!r}\ndown_revision = None\ndef upgrade(): pass\n# gitmig: touches a, b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "v").mkdir()
    for name in ("a", "b"):
        write(tmp_path / "v" / f"{name}.py", TEXT.format(name))
    return tmp_path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths that were parsed, not taken from the cache."""
    paths: list[str] = []
    parse = headerparse._parse_one

    def watched(tree: DiskTree, path: str) -> Header | RevisionFileError:
        paths.append(path)
        return parse(tree, path)

    monkeypatch.setattr(headerparse, "_parse_one", watched)
    yield paths


def write(path: Path, content: str, age: int = 10) -> None:
    """Write a file as if it had been written ``age`` seconds ago; only its change time tells."""
    path.write_text(content)
    when = path.stat().st_mtime_ns - age * 1_000_000_000 + 1
    os.utime(path, ns=(when, when))


def ids(folder: Path, cache: HeaderCache) -> list[str]:
    config = Config(str(folder), "x", version_locations=("v",))
    return list(load_revisions(DiskTree(folder), config, cache).by_id)


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as old, whatever the clock says."""
    monkeypatch.setattr(headercache, "_settled", lambda stamp, now: True)


def test_a_second_run_parses_nothing(folder: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = folder / "cache"
    first = load_revisions(DiskTree(folder), Config(str(folder), "x", version_locations=("v",)), HeaderCache(str(cache)))
    assert parsed == ["v/a.py", "v/b.py"]
    parsed.clear()
    second = load_revisions(DiskTree(folder), Config(str(folder), "x", version_locations=("v",)), HeaderCache(str(cache)))
    assert parsed == []
    assert dict(first.headers) == dict(second.headers)
    assert second.headers["a"].declarations[0].tables == ("a", "b")
    assert first.graph == second.graph


def test_a_changed_file_is_parsed_again(folder: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = HeaderCache(str(folder / "cache"))
    ids(folder, cache)
    parsed.clear()
    write(folder / "v" / "b.py", TEXT.format("c"))
    assert ids(folder, cache) == ["a", "c"]
    assert parsed == ["v/b.py"]


def test_a_change_of_equal_size_under_the_old_date_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = HeaderCache(str(folder / "cache"))
    ids(folder, cache)
    path = folder / "v" / "b.py"
    before = path.stat()
    path.write_text(TEXT.format("c"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ids(folder, cache) == ["a", "c"]


def test_a_file_written_just_now_is_not_trusted_yet(folder: Path, parsed: list[str]) -> None:
    cache = HeaderCache(str(folder / "cache"))
    (folder / "v" / "b.py").write_text(TEXT.format("b"))
    for _ in range(2):
        parsed.clear()
        (folder / "v" / "b.py").touch()
        ids(folder, cache)
        assert "v/b.py" in parsed


def test_deleted_files_are_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = HeaderCache(str(folder / "cache"))
    ids(folder, cache)
    size = sum(path.stat().st_size for path in (folder / "cache").iterdir())
    (folder / "v" / "b.py").unlink()
    assert ids(folder, cache) == ["a"]
    assert sum(path.stat().st_size for path in (folder / "cache").iterdir()) < size


def test_a_bad_file_is_never_remembered(folder: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = HeaderCache(str(folder / "cache"))
    write(folder / "v" / "b.py", "revision = (")
    for _ in range(2):
        parsed.clear()
        with pytest.raises(RevisionFileError, match=r"v/b\.py:1"):
            ids(folder, cache)
        assert "v/b.py" in parsed


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "other", "folder"])
def test_a_damaged_cache_only_costs_time(folder: Path, damage: str, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = HeaderCache(str(folder / "cache"))
    ids(folder, cache)
    (file,) = (folder / "cache").iterdir()
    content = file.read_bytes()
    match damage:
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(content[:-7])
        case "flipped":
            file.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        case "other":
            file.write_bytes(b"something else altogether")
        case "folder":
            file.unlink()
            file.mkdir()
    parsed.clear()
    assert ids(folder, cache) == ["a", "b"]
    assert parsed == ["v/a.py", "v/b.py"]


def test_a_cache_that_cannot_be_written_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    (folder / "file").write_text("")
    assert ids(folder, HeaderCache(str(folder / "file" / "cache"))) == ["a", "b"]
    assert ids(folder, HeaderCache(None)) == ["a", "b"]
    full = folder / "full"
    full.mkdir()
    monkeypatch.setattr(os, "replace", no_room)
    assert ids(folder, HeaderCache(str(full))) == ["a", "b"]
    assert list(full.iterdir()) == []


def no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_two_projects_in_one_repository_do_not_disturb_each_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    cache = HeaderCache(str(folder / "cache"))
    other = folder / "other"
    shutil.copytree(folder / "v", other / "v")
    (other / "v" / "b.py").write_text(TEXT.format("z"))
    assert ids(folder, cache) == ["a", "b"]
    assert ids(other, cache) == ["a", "z"]
    assert ids(folder, cache) == ["a", "b"]


class Blobs:
    """A tree whose files have blob ids."""

    def __init__(self, files: dict[str, tuple[str, bytes]]) -> None:
        self.files = files
        self.reads: list[str] = []

    def read(self, path: str) -> bytes:
        self.reads.append(path)
        return self.files[path][1]

    def exists(self, path: str) -> bool:
        return path in self.files

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        return [Entry(path, oid) for path, (oid, _) in sorted(self.files.items()) if path.startswith(f"{folder}/")]


def test_a_blob_is_read_once_whatever_its_path(tmp_path: Path) -> None:
    cache = HeaderCache(str(tmp_path))
    one = Blobs({"v/a.py": ("1" * 40, TEXT.format("a").encode()), "v/b.py": ("2" * 40, TEXT.format("b").encode())})
    config = Config("/p", "x", version_locations=("v",))
    assert list(load_revisions(one, config, cache).by_id) == ["a", "b"]
    assert one.reads == ["v/a.py", "v/b.py"]
    other = Blobs({"v/new.py": ("1" * 40, b""), "v/c.py": ("3" * 40, TEXT.format("c").encode())})
    found = load_revisions(other, config, HeaderCache(str(tmp_path)))
    assert other.reads == ["v/c.py"]
    assert found.by_id["a"].path == "v/new.py" and found.by_id["a"].oid == "1" * 40


def test_an_id_by_name_is_not_part_of_a_blob(tmp_path: Path) -> None:
    config = Config("/p", "x", version_locations=("v",))
    for name in ("aa", "bb"):
        tree = Blobs({f"v/{name}.py": ("1" * 40, b"down_revision = None")})
        assert list(load_revisions(tree, config, HeaderCache(str(tmp_path))).by_id) == [name]


def test_the_git_directory_is_found_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "repo/.git/HEAD").write_text("ref: refs/heads/main\n")
    deep = tmp_path / "repo/a/b"
    deep.mkdir(parents=True)
    assert find_git_dir(str(deep)) == str(tmp_path / "repo/.git")
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text("gitdir: ../repo/.git/worktrees/linked\n")
    assert find_git_dir(str(linked)) == str(tmp_path / "repo/.git/worktrees/linked")
    assert header_cache(deep).folder == str(tmp_path / "repo/.git/gitmig")
    assert header_cache(tmp_path).folder is None


@FORKS
def test_many_files_are_shared_among_processes_with_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "v").mkdir()
    for place in range(30):
        (tmp_path / "v" / f"{place:02}.py").write_text(TEXT.format(f"r{place}") if place != 25 else "revision = (")
    tree = DiskTree(tmp_path)
    paths = [entry.path for entry in tree.list("v")]
    monkeypatch.setattr(headerparse, "_processes", lambda: 3)
    alone = headerparse.parse_files(tree, paths)
    monkeypatch.setattr(headerparse, "ENOUGH_TO_SHARE", 10)
    shared = headerparse.parse_files(tree, paths)
    assert [str(each) for each in shared] == [str(each) for each in alone]
    assert isinstance(shared[25], RevisionFileError)


@FORKS
def test_a_helper_that_dies_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "v").mkdir()
    for place in range(4):
        (tmp_path / "v" / f"{place}.py").write_text(TEXT.format(f"r{place}"))
    tree = DiskTree(tmp_path)
    parent = os.getpid()
    parse = headerparse._parse_here

    def dying(tree: DiskTree, paths: Sequence[str]) -> list[Header | RevisionFileError]:
        if os.getpid() != parent:
            os._exit(9)
        return parse(tree, paths)

    monkeypatch.setattr(headerparse, "_parse_here", dying)
    monkeypatch.setattr(headerparse, "_processes", lambda: 2)
    monkeypatch.setattr(headerparse, "ENOUGH_TO_SHARE", 2)
    found = headerparse.parse_files(tree, [entry.path for entry in tree.list("v")])
    assert [each.id for each in found if isinstance(each, Header)] == ["r0", "r1", "r2", "r3"]


def test_the_cache_is_nobodys_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    ids(folder, HeaderCache(str(folder / "cache")))
    (file,) = (folder / "cache").iterdir()
    assert not file.stat().st_mode & stat.S_IXUSR
