from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitmig.adapters.hookfiles import NewHook, write_hooks
from gitmig.adapters.newfile import exchange, write_new
from gitmig.adapters.newfiles import write_project_files
from gitmig.errors import GitmigError
from tests.limits import no_file_larger_than


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write_new(tmp_path / "a/b/c.py", b"x")
    assert (tmp_path / "a/b/c.py").read_bytes() == b"x"
    assert [path.name for path in (tmp_path / "a/b").iterdir()] == ["c.py"]


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "c.py").write_text("old")
    with pytest.raises(GitmigError, match="exists already"):
        write_new(tmp_path / "c.py", b"new")
    assert (tmp_path / "c.py").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_new(tmp_path / "c.py", b"x")
    with pytest.raises(GitmigError, match="exists already"):
        write_new(tmp_path / "c.py", b"y")
    assert [path.name for path in tmp_path.iterdir()] == ["c.py"]


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GitmigError, match="cannot be made: Not a directory"):
        write_new(tmp_path / "file/sub/c.py", b"x")
    with pytest.raises(GitmigError, match="cannot be written"):
        write_new(tmp_path / "new/folder" / f"{'n' * 300}.py", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_write_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import io

    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    original = Path.open

    def opened(self: Path, *arguments: object, **options: object) -> object:
        file = original(self, *arguments, **options)  # type: ignore[call-overload]
        file.close()
        return Full()

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(GitmigError, match="No space left on device"):
        write_new(tmp_path / "new/c.py", b"x")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_an_exchange_that_fails_half_way_leaves_the_old_content(tmp_path: Path) -> None:
    exchange(tmp_path / "c", b"old")
    with no_file_larger_than(10), pytest.raises(OSError):
        exchange(tmp_path / "c", b"new" * 10)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("c", b"old")]


def test_project_files_are_written_all_or_none_and_the_one_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"old")
    with no_file_larger_than(10), pytest.raises(GitmigError, match=r"b\.py cannot be written: .*nothing was changed"):
        write_project_files({tmp_path / "m/a.py": b"x", tmp_path / "m/b.py": b"x" * 20}, {tmp_path / "pyproject.toml": b"new"})
    with no_file_larger_than(10), pytest.raises(GitmigError, match=r"pyproject\.toml cannot be written"):
        write_project_files({tmp_path / "m/a.py": b"x"}, {tmp_path / "pyproject.toml": b"new" * 10})
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("pyproject.toml", b"old")]


def test_hooks_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("theirs")
    hooks = [NewHook(tmp_path / "one", "x", tmp_path / "kept"), NewHook(tmp_path / "two", "x" * 20)]
    with no_file_larger_than(10), pytest.raises(GitmigError, match="two cannot be written: File too large"):
        write_hooks(hooks)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("one", "theirs")]
    (tmp_path / "two").mkdir()  # where only the last step fails
    with pytest.raises(GitmigError, match="two cannot be written"):
        write_hooks(hooks)
    (tmp_path / "two").rmdir()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("one", "theirs")]
    write_hooks(hooks)
    assert sorted((path.name, path.read_text()) for path in tmp_path.iterdir()) == [("kept", "theirs"), ("one", "x"), ("two", "x" * 20)]
