"""Alembic itself runs what gitmig generated: a process of its own, because gitmig answers to the name `alembic` in the tests'.

``python -m tests.dialects.alembicrun KIND FOLDER NAMES`` goes through the folders of these changes and prints as JSON what differs from
create_all.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

from alembic import command
from alembic.config import Config

from gitmig.schema.values import Schema
from tests.autogenlab import created, reflected
from tests.databases import fresh_database
from tests.dialects.changecorpus import CHANGES, Change
from tests.dialects.hostilecorpus import HOSTILE
from tests.dialects.test_autogen_live import left_over, staged

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""


def expected(change: Change, kind: str, folder: Path, after: bool) -> Schema:
    with fresh_database(kind, folder) as url:
        return created(url, staged(change, url, after))


def ran(change: Change, kind: str, folder: Path) -> list[str]:
    """What differs after each of: up, one step down, up again, all the way down."""
    config = Config()
    config.set_main_option("script_location", str(folder / "migrations"))
    (folder / "migrations" / "env.py").write_text(ENV)
    before, after = expected(change, kind, folder, False), expected(change, kind, folder, True)
    found: list[str] = []
    with fresh_database(kind, folder) as url:
        config.attributes["url"] = url
        command.upgrade(config, "head")
        found += left_over(after, reflected(url, "shop"), url)
        command.downgrade(config, "-1")
        found += left_over(before, reflected(url, "shop"), url)
        command.upgrade(config, "head")
        found += left_over(after, reflected(url, "shop"), url)
        command.downgrade(config, "base")
        found += left_over(Schema(), reflected(url, "shop"), url)
    return found


def main(kind: str, root: str, *names: str) -> None:
    warnings.simplefilter("ignore")
    result: dict[str, list[str]] = {}
    for change in (*CHANGES, *HOSTILE):
        if change.__name__ not in names:
            continue
        folder = Path(root, change.__name__)
        try:
            found = ran(change, kind, folder)
        except Exception as error:
            found = [f"{type(error).__name__}: {error}"]
        if found:
            result[change.__name__] = found
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
