"""A project in a folder whose revisions are generated from metadata given in the test, run by gitmig, or by Alembic, and reflected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gitmig.adapters.disk import DiskTree
from gitmig.adapters.reflect import reflect
from gitmig.commands.autogenerate import Asked, Proposed, compare, propose
from gitmig.commands.baseline import Source
from gitmig.commands.downgrade import downgrade
from gitmig.commands.loading import Models
from gitmig.commands.newrevision import RevisionRequest
from gitmig.commands.project import Options, Project, open_project
from gitmig.commands.upgrade import upgrade
from gitmig.schema.freeze import freeze
from gitmig.schema.normal import normalise
from gitmig.schema.values import Schema, TableName

OURS = {TableName("alembic_version"), TableName("gitmig_history")}
ALEMBIC_TEMPLATE = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


@dataclass(slots=True)
class Lab:
    """``url`` is that of an empty database; ``options`` stand for env.py's ``configure()``."""

    folder: Path
    url: str
    options: dict[str, Any]
    dialects: tuple[str, ...] = ()

    def project(self) -> Project:
        return open_project(Options(cwd=self.folder))

    def models(self, *metadatas: sa.MetaData) -> Models:
        return Models(tuple(metadatas), self.options)

    def source(self) -> Source:
        from gitmig.script.load import load_revisions

        config, tree = self.project().config, DiskTree(self.folder)
        return Source(config, tree, load_revisions(tree, config))

    def generate(self, metadata: sa.MetaData, message: str | None = None) -> Proposed:
        """Propose the revision that brings the project to ``metadata``, and write it."""
        proposed = propose(self.source(), self.models(metadata), Asked(revision=RevisionRequest(message)))
        if proposed.file is not None:
            path = self.folder / proposed.file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(proposed.file.content)
        return proposed

    def differs(self, metadata: sa.MetaData, against: str = "replay") -> list[str]:
        """What a diff says that is left to do."""
        difference = compare(self.source(), self.models(metadata), against)  # type: ignore[arg-type]
        return [operation.describe() for operation in difference.operations()]

    def upgrade(self, target: str = "heads") -> None:
        upgrade(self.project(), target)

    def downgrade(self, target: str = "base") -> None:
        downgrade(self.project(), target)

    def reflected(self, *schemas: str) -> Schema:
        """The database in its normal form, without the tables of migration tools."""
        return reflected(self.url, *schemas)


def lab(folder: Path, url: str, *, alembic: bool = False, dialects: tuple[str, ...] = (), **options: Any) -> Lab:
    """A project without models of its own. ``alembic``: its template imports Alembic's ``op``."""
    folder.mkdir(parents=True, exist_ok=True)
    written = f'[tool.gitmig]\nscript_location = "migrations"\nurl = "{url}"\n'
    if dialects:
        written += f"dialect = [{', '.join(repr(each) for each in dialects)}]\n"
    (folder / "pyproject.toml").write_text(written)
    (folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    if alembic:
        (folder / "migrations" / "script.py.mako").write_text(ALEMBIC_TEMPLATE)
    return Lab(folder, url, options, dialects)


def reflected(url: str, *schemas: str) -> Schema:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        present = set(sa.inspect(connection).get_schema_names())
        found = reflect(connection, schemas=[None, *(name for name in schemas if name in present)])
        tables = {name: table for name, table in found.tables.items() if name not in OURS}
        return normalise(Schema(tables, found.enums, found.sequences), connection.dialect)


def created(url: str, metadata: sa.MetaData) -> Schema:
    """What ``metadata.create_all()`` makes of the empty database at ``url``, in its normal form."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    schemas = sorted({table.schema for table in metadata.tables.values() if table.schema})
    with engine.begin() as connection:
        for name in schemas:
            connection.execute(sa.schema.CreateSchema(name, if_not_exists=True))
        metadata.create_all(connection)
    return reflected(url, *schemas)


def frozen(metadata: sa.MetaData, dialect: Any) -> Schema:
    return normalise(freeze(metadata), dialect)
