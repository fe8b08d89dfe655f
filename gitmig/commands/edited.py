"""A published revision that somebody changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edited:
    """A published revision that a range of commits, or the work tree, changes.

    ``how``: "edited", "deleted", "moved" (other parents or labels). ``ref`` has it.
    """

    revision: str
    path: str
    how: str
    ref: str

    def to_json(self) -> dict[str, str]:
        return {"revision": self.revision, "path": self.path, "how": self.how, "ref": self.ref}
