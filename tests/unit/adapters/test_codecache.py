"""Compiled files, remembered."""

from __future__ import annotations

import marshal
import os
import py_compile
from pathlib import Path

import pytest

from gitmig.adapters.codecache import WORTH_IT, CodeCache


def compiled(cache: CodeCache, place: int, text: str = "x = 1") -> object:
    namespace: dict[str, object] = {}
    exec(cache.compiled(text.encode(), f"/r/{place}.py", f"blob-{text}"), namespace)
    return namespace["x"]


def test_what_was_compiled_is_found_again_by_content_and_path(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path / "gitmig")
    for place in range(WORTH_IT):
        assert compiled(cache, place) == 1
    cache.save()
    again = CodeCache(tmp_path / "gitmig")
    assert again.compiled(b"not even python (", "/r/0.py", "blob-x = 1").co_filename == "/r/0.py", "known, so not compiled"
    assert compiled(again, 0, "x = 2") == 2
    with pytest.raises(SyntaxError):
        again.compiled(b"not even python (", "/r/0.py", "another")


def test_a_few_files_are_not_worth_a_cache(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path / "gitmig")
    compiled(cache, 0)
    cache.save()
    assert not (tmp_path / "gitmig").exists()


@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_a_damaged_cache_changes_nothing(tmp_path: Path, damage: bytes | None) -> None:
    cache = CodeCache(tmp_path)
    for place in range(WORTH_IT):
        compiled(cache, place)
    cache.save()
    file = tmp_path / "code"
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage is None else damage)
    assert compiled(CodeCache(tmp_path), 0) == 1


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = CodeCache(tmp_path / "file")
    for place in range(WORTH_IT):
        compiled(cache, place)
    cache.save()
    for nowhere in (CodeCache(None), CodeCache(tmp_path / "missing")):
        assert compiled(nowhere, 0) == 1


@pytest.mark.parametrize("mode", [py_compile.PycInvalidationMode.TIMESTAMP, py_compile.PycInvalidationMode.CHECKED_HASH])
def test_what_python_compiled_beside_the_file_serves_while_it_is_of_this_content(
    tmp_path: Path, mode: py_compile.PycInvalidationMode
) -> None:
    file = tmp_path / "a.py"

    def value(text: str) -> object:
        namespace: dict[str, object] = {}
        exec(CodeCache(None).compiled(text.encode(), str(file), "blob"), namespace)
        return namespace["x"]

    file.write_text("x = 1")
    compiled = Path(py_compile.compile(str(file), doraise=True, invalidation_mode=mode))
    later = file.stat().st_mtime_ns + 5_000_000
    os.utime(compiled, ns=(later, later))
    content = compiled.read_bytes()
    # Taken for what it is only if it is read: the code beside says 7.
    compiled.write_bytes(content.replace(marshal.dumps(1), marshal.dumps(7)))
    os.utime(compiled, ns=(later, later))
    assert value("x = 1") == 7
    file.write_text("x = 2")
    os.utime(file, ns=(later + 5_000_000, later + 5_000_000))
    assert value("x = 2") == 2, "changed afterwards, with the same length and in the same second"
    compiled.write_bytes(content[:20])
    file.write_text("x = 1")
    os.utime(file, ns=(later - 5_000_000, later - 5_000_000))
    assert value("x = 1") == 1, "cut short"
