"""The baseline that needs no database: every revision recorded, one after the other, and remembered by content."""

from __future__ import annotations

from gitmig.commands.baseline import Baseline, Source
from gitmig.commands.loading import Models
from gitmig.commands.replayed import History


def replay_baseline(source: Source, models: Models, dialect: str) -> Baseline:
    """The schema that the revisions make on ``dialect``, and what of them could not be read."""
    found = history(source, models, dialect).replayed()
    return Baseline(found.schema, found.opaque, found.declared)


def history(source: Source, models: Models, dialect: str) -> History:
    """The revisions of ``source``, with what the models and env.py say of them."""
    conventions = [metadata.naming_convention for metadata in models.metadatas if metadata.naming_convention]
    version_table = models.options.get("version_table")
    return History(
        source.config,
        source.tree,
        dialect,
        revisions=source.revisions,
        naming_convention=conventions[0] if conventions else None,
        arguments=None if source.config.part is None else {"engine_name": source.config.part},
        version_table=str(version_table) if version_table else source.config.version_table,
        x_arguments=source.x_arguments,
        cache_dir=source.cache_dir,
    )
