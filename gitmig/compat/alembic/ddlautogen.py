"""``alembic.ddl._autogen``: what comparing two things has come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

__all__ = ["ComparisonResult"]


class ComparisonResult(NamedTuple):
    status: Literal["equal", "different", "skip"]
    message: str

    @property
    def is_equal(self) -> bool:
        return self.status == "equal"

    @property
    def is_different(self) -> bool:
        return self.status == "different"

    @property
    def is_skip(self) -> bool:
        return self.status == "skip"

    @classmethod
    def Different(cls, reason: str | Sequence[str]) -> ComparisonResult:
        return cls("different", reason if isinstance(reason, str) else ", ".join(reason))

    @classmethod
    def Skip(cls, reason: str | Sequence[str]) -> ComparisonResult:
        return cls("skip", reason if isinstance(reason, str) else ", ".join(reason))

    @classmethod
    def Equal(cls) -> ComparisonResult:
        return cls("equal", "the two are the same")
