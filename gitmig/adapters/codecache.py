"""Compiled revision files, remembered between runs under the git directory: a long run spends a seventh of its time on compiling.

The key is the content with its path, so a changed file is compiled again. The cache only saves time: one that is missing, damaged or cannot
be written changes nothing. Where it has nothing (an image without git), what Python or pip compiled beside the file serves too.
"""

from __future__ import annotations

import binascii
import marshal
import os
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from types import CodeType
from typing import cast

WORTH_IT = 25
"""Files in one run from which on reading and writing the cache costs less than compiling."""
_MOST = 20_000


class CodeCache:
    """``folder`` None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else folder / "code"
        self._known: Mapping[str, bytes] | None = None
        self._fresh: dict[str, bytes] = {}

    def compiled(self, source: bytes, path: str, blob: str) -> CodeType:
        """The code of ``source``, whose git blob id is ``blob``. Raises SyntaxError."""
        key = f"{blob} {path}"
        stored = self._load().get(key)
        if stored is not None:
            return cast(CodeType, marshal.loads(stored))
        code = _beside(path, source)
        if code is not None:
            return code
        code = compile(source, path, "exec", dont_inherit=True)
        self._fresh[key] = marshal.dumps(code)
        return code

    def save(self) -> None:
        """Keeps what was compiled, if it is much."""
        if self._file is None or len(self._fresh) < WORTH_IT:
            return
        known = self._load()
        whole = {**known, **self._fresh} if len(known) + len(self._fresh) <= _MOST else self._fresh
        body = marshal.dumps(whole)
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(MAGIC_NUMBER + _sum(body) + body)
            part.replace(self._file)
        except OSError:
            # A read-only checkout or a full disk: the next run compiles again, that is all.
            _forget(part)

    def _load(self) -> Mapping[str, bytes]:
        if self._known is None:
            self._known = _read(self._file)
        return self._known


def _beside(path: str, source: bytes) -> CodeType | None:
    """The code in ``__pycache__`` (PEP 552), where it cannot be that of another content: it holds the hash of this one, or was made after
    this file was last touched."""
    try:
        file = Path(cache_from_source(path))
        content = file.read_bytes()
        here, there = Path(path).stat(), file.stat()
    except (OSError, NotImplementedError):
        return None
    flags, rest = int.from_bytes(content[4:8], "little"), content[8:16]
    if flags & 1:
        same = rest == source_hash(source)
    else:
        known = (int(here.st_mtime) & 0xFFFFFFFF).to_bytes(4, "little") + (len(source) & 0xFFFFFFFF).to_bytes(4, "little")
        same = rest == known and there.st_mtime_ns > here.st_mtime_ns
    if content[:4] != MAGIC_NUMBER or not same:
        return None
    try:
        code = marshal.loads(content[16:])
    except (ValueError, EOFError, TypeError):
        return None  # cut short
    # Its path stands in errors, by which the line of the script is found.
    return code if isinstance(code, CodeType) and code.co_filename == path else None


def _read(file: Path | None) -> Mapping[str, bytes]:
    if file is None:
        return {}
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    start = len(MAGIC_NUMBER)
    body = memoryview(content)[start + 4 :]
    if content[:start] != MAGIC_NUMBER or content[start : start + 4] != _sum(body):
        return {}
    return cast("Mapping[str, bytes]", marshal.loads(body))


def _sum(body: bytes | memoryview) -> bytes:
    return binascii.crc32(body).to_bytes(4, "big")


def _forget(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        # It was never made, or cannot be removed where it could not be written either.
        return
