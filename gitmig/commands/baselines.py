"""Which baseline: the revisions replayed, run on a scratch database, or a database as it is."""

from __future__ import annotations

from gitmig.commands.baseline import Against, Baseline, Source
from gitmig.commands.loading import Models


def baseline(source: Source, models: Models, dialect: str, against: Against) -> Baseline:
    """The schema on ``dialect`` (SQLAlchemy's name) that all heads of ``source`` make.

    Raises DatabaseError, ConfigError where ``against`` needs a database; CheckFailed where the database is not at the heads.
    """
    match against:
        case "replay":
            from gitmig.commands.replaybaseline import replay_baseline

            return replay_baseline(source, models, dialect)
        case "scratch" | "database":
            from gitmig.commands.livebaseline import live

            return live(source, models, dialect, against)
