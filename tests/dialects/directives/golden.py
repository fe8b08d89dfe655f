"""Golden SQL as files: each case under its title."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
_MARK = "-- === "


def written(texts: dict[str, str]) -> str:
    return "".join(f"{_MARK}{title}\n{text}" for title, text in texts.items())


def read(dialect: str, family: str) -> dict[str, str]:
    """Title and text of each case."""
    content = (GOLDEN / dialect / f"{family}.sql").read_bytes().decode()
    return dict(part.split("\n", 1) for part in content.split(_MARK)[1:])  # type: ignore[misc]
