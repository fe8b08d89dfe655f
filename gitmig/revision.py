"""A revision file as a value: its header, where it stands, and the blob that it was read from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """The header of one revision file.

    ``down`` are the parents (empty for a base), ``depends_on`` ids or labels as written, ``doc`` the first paragraph of the docstring,
    ``path`` posix and relative to the project root (absolute when it lies outside), ``oid`` the git blob id of its content.
    """

    id: str
    down: tuple[str, ...]
    labels: tuple[str, ...]
    depends_on: tuple[str, ...]
    path: str
    doc: str = ""
    longdoc: str = ""
    oid: str | None = None
