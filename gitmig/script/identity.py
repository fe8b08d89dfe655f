"""Ids of revisions that say the same where they say the same: a hash over parents and operations."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

FORM = "gitmig revision 1"


def content_id(parents: Sequence[str], operations: str = "") -> str:
    """12 hex digits over the sorted parents and the canonical text of the operations (none for a plain merge)."""
    said = "\n".join((FORM, *sorted(parents), "", operations))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:12]
