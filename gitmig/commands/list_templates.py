"""`gitmig list-templates`."""

from __future__ import annotations

from gitmig.adapters.templates import Template, templates


def list_templates() -> list[Template]:
    """The templates that `init -t` knows, by name."""
    return templates()
