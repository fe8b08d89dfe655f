"""In the child process: the one revision that brings several databases to their models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gitmig.commands.autogenerate import NOTHING, Asked, Difference, Proposed, same_place
from gitmig.commands.baseline import Source
from gitmig.commands.newrevision import place
from gitmig.commands.parts import Part, compare_parts, revision_id, title, together, write_parts


def propose_parts(source: Source, parts: Sequence[Part], asked: Asked, *, even_empty: bool = False) -> Proposed:
    """The one revision that brings every database's baseline to its models, as env.py's process_revision_directives has it; with
    ``even_empty`` that is called for no change too. Raises as `propose` does."""
    request = asked.revision
    placement = place(source.tree, source.config, source.revisions, request)
    differences: Mapping[str, Difference] = compare_parts(parts, asked)
    directed = any(callable(part.models.options.get("process_revision_directives")) for part in parts)
    if not any(differences.values()) and not (directed and even_empty):
        return Proposed(together(differences), None)
    id = request.id or revision_id(placement, differences)
    imports: tuple[str, ...] = ()
    if directed:
        # Operations as Alembic's objects cost time to import; few projects ask for them.
        from gitmig.commands.directedparts import direct_parts

        left = direct_parts(source, parts, differences, replace(request, id=id))
        if left is None or not any(left.differences.values()):
            return Proposed(together(dict.fromkeys(differences, NOTHING)), None)
        if left.differences != differences and left.request.id == id and request.id is None:
            # Another change has another id.
            id = revision_id(placement, left.differences)
        else:
            id = left.request.id or id
        if not same_place(left.request, request):
            placement = place(source.tree, source.config, source.revisions, left.request)
        differences, imports, request = left.differences, left.imports, left.request
    message = request.message or title(differences)
    return Proposed(together(differences), write_parts(source, parts, differences, placement, id, message, imports), message)
