"""One history printed in offline mode by gitmig and by Alembic, each in a process of its own.

``python -m tests.dialects.offlinelab TOOL FOLDER`` goes through RUNS on every dialect, for the history that `write` put into FOLDER, and
prints the texts as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

URLS = {
    "default": "plain://",
    "sqlite": "sqlite://",
    "postgresql": "postgresql+psycopg://",
    "mysql": "mysql+pymysql://",
    "mariadb": "mariadb+pymysql://",
    "mssql": "mssql+pyodbc://",
    "oracle": "oracle+oracledb://",
}


@dataclass(frozen=True)
class Run:
    """``options`` are those of ``context.configure()``, ``tag`` the command's."""

    command: str
    revision: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    tag: str | None = None


_ALL = "base:last"
RUNS: dict[str, Run] = {
    "upgrade": Run("upgrade", "last"),
    "upgrade from the base": Run("upgrade", _ALL),
    "upgrade a range": Run("upgrade", "one:merged"),
    "upgrade one": Run("upgrade", "two:left"),
    "upgrade a branch by its label": Run("upgrade", "aside@head"),
    "upgrade to where it is": Run("upgrade", "two:two"),
    "upgrade by a short name": Run("upgrade", "o:tw"),
    "upgrade relatively": Run("upgrade", "one:+1"),
    "upgrade backwards": Run("upgrade", "merged:one"),
    "downgrade": Run("downgrade", "last:base"),
    "downgrade a range": Run("downgrade", "merged:one"),
    "downgrade one": Run("downgrade", "two:one"),
    "downgrade over a merge": Run("downgrade", "merged:left"),
    "downgrade relatively": Run("downgrade", "two:-1"),
    "downgrade to a name in part": Run("downgrade", "merg:one"),
    "downgrade from nowhere": Run("downgrade", "one"),
    "stamp": Run("stamp", "two"),
    "stamp a range": Run("stamp", "one:merged"),
    "stamp back": Run("stamp", "merged:one"),
    "stamp the base": Run("stamp", "one:base"),
    "stamp the heads": Run("stamp", "heads"),
    "stamp a merge": Run("stamp", "two:merged"),
    "ensure the version table": Run("ensure_version"),
    "with a tag": Run("upgrade", "one", tag="release"),
    "a transaction each": Run("upgrade", _ALL, {"transaction_per_migration": True}),
    "a transaction each, downwards": Run("downgrade", "last:base", {"transaction_per_migration": True}),
    "a transaction each, stamped": Run("stamp", "one:merged", {"transaction_per_migration": True}),
    "transactional": Run("upgrade", _ALL, {"transactional_ddl": True}),
    "transactional, one each": Run("upgrade", _ALL, {"transactional_ddl": True, "transaction_per_migration": True}),
    "not transactional": Run("upgrade", _ALL, {"transactional_ddl": False}),
    "not transactional, one each": Run("upgrade", _ALL, {"transactional_ddl": False, "transaction_per_migration": True}),
    "literal binds": Run("upgrade", _ALL, {"literal_binds": True}),
    "literal binds and their style": Run("upgrade", _ALL, {"literal_binds": True, "dialect_opts": {"paramstyle": "named"}}),
    "literal binds, downwards": Run("downgrade", "last:base", {"literal_binds": True, "dialect_opts": {"paramstyle": "named"}}),
    "a version table of another name": Run("upgrade", _ALL, {"version_table": "Some versions", "version_table_schema": "s"}),
    "a version table without a key": Run("downgrade", "last:base", {"version_table_pk": False}),
    "a version table without a key, new": Run("upgrade", "one", {"version_table_pk": False}),
    "no batch separators": Run("upgrade", _ALL, {"mssql_batch_separator": "", "oracle_batch_separator": None}),
    "other batch separators": Run("upgrade", _ALL, {"mssql_batch_separator": "RUN;", "oracle_batch_separator": "--;"}),
    "a start that env.py says": Run("upgrade", "merged", {"starting_rev": "two"}),
    "a naming convention": Run("upgrade", _ALL, {"named": True}),
    "text of env.py's": Run("upgrade", "one", {"texts": True}),
    "calls back": Run("upgrade", _ALL, {"callbacks": True, "keywords": {"schema": "s"}}),
    "calls back downwards": Run("downgrade", "merged:base", {"callbacks": True, "transaction_per_migration": True}),
    "calls back stamped": Run("stamp", "one:merged", {"callbacks": True}),
    "words for the scripts": Run("upgrade", "one", {"keywords": {"schema": "s"}}),
}

_ENV = """
import json
import os
import sqlalchemy as sa
from alembic import context
from sqlalchemy.dialects import registry

registry.register("plain", "sqlalchemy.engine.default", "DefaultDialect")
options = json.loads(os.environ["OFFLINE_OPTIONS"])
texts, keywords = options.pop("texts", False), options.pop("keywords", {})
if options.pop("named", False):
    options["target_metadata"] = sa.MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "fk": "fk_%(table_name)s"})
if options.pop("callbacks", False):

    def told(ctx, step, heads, run_args):
        way = "stamp" if step.is_stamp else "upgrade" if step.is_upgrade else "downgrade"
        ids = (step.up_revision_ids, step.down_revision_ids, step.source_revision_ids, step.destination_revision_ids)
        ctx.impl.static_output(f"-- {way} {step.is_migration} {step.up_revision_id} {[sorted(each) for each in ids]}")
        ctx.impl.static_output(f"-- {sorted(heads)} {run_args}")

    options["on_version_apply"] = told
context.configure(url=os.environ["OFFLINE_URL"], **options)
with context.begin_transaction():
    if texts:
        context.static_output(f"-- tag {context.get_tag_argument()}, to {context.get_revision_argument()}")
        context.execute("SET x = 1")
        context.execute(sa.text("SET y = :y").bindparams(y=5))
    context.run_migrations(**keywords)
"""

_SCRIPTS = {
    "one": (
        "None",
        """
    t = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(20)), schema=words.get("schema"))
    op.bulk_insert(t, [{"id": 1, "n": "it's 100%"}, {"id": 2, "n": None}])
    op.execute("UPDATE t SET n = 'x'\\n\\tWHERE id = 1")
""",
        """
    op.drop_table("t", schema=words.get("schema"))
""",
    ),
    "two": (
        "'one'",
        """
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", sa.Enum("a", "b", name="kind")), comment="words")
    op.create_index("ix", "u", ["k"])
    u = sa.table("u", sa.column("id", sa.Integer), sa.column("k", sa.String))
    op.execute(u.insert().values(id=5, k=op.inline_literal("a")))
    op.execute(u.update().where(u.c.id == op.inline_literal(5)).values(k="b"))
""",
        """
    op.drop_index("ix", table_name="u")
    op.drop_table("u")
""",
    ),
    "left": (
        "'two'",
        """
    op.add_column("t", sa.Column("l", sa.Integer))
    if op.get_context().dialect.name != "sqlite":
        op.create_foreign_key(None, "t", "u", ["l"], ["id"])
""",
        "    op.drop_column('t', 'l')\n",
    ),
    "right": ("'two'", "    op.rename_table('u', 'v')\n", "    op.rename_table('v', 'u')\n"),
    "merged": ("('left', 'right')", "    pass\n", "    pass\n"),
    "last": (
        "'merged'",
        """
    op.execute("SELECT 'before'")
    with op.get_context().autocommit_block():
        op.execute("SELECT 'outside'")
    op.execute("SELECT 'after'")
""",
        """
    with op.batch_alter_table("t", recreate="never") as batch:
        batch.drop_column("n")
""",
    ),
    "side": ("None", "    op.create_table('w', sa.Column('id', sa.Integer))\n", "    op.drop_table('w')\n"),
}


def write(folder: Path) -> None:
    """The history, and an alembic.ini for both tools."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite://\n")
    (folder / "migrations" / "env.py").write_text(_ENV)
    for name, (down, up, back) in _SCRIPTS.items():
        labels = "('aside',)" if name == "side" else "None"
        lines = [f'"""The revision {name}, and its words\n\nand more of them."""\nimport sqlalchemy as sa\nfrom alembic import op\n']
        lines.append(f"revision = {name!r}\ndown_revision = {down}\nbranch_labels = {labels}\ndepends_on = None\n")
        lines.append(f"\ndef upgrade(**words):\n{up}\n\ndef downgrade(**words):\n{back}")
        (versions / f"{name}.py").write_text("".join(lines))


def _alembic(folder: Path) -> Callable[[Run, Any], None]:
    from alembic import command
    from alembic.config import Config

    def run(wanted: Run, output: Any) -> None:
        config = Config(str(folder / "alembic.ini"), output_buffer=output, stdout=output)
        if wanted.command == "ensure_version":
            command.ensure_version(config, sql=True)
        else:
            getattr(command, wanted.command)(config, wanted.revision, sql=True, tag=wanted.tag)

    return run


def _gitmig(folder: Path) -> Callable[[Run, Any], None]:
    from gitmig.commands.downgrade import downgrade
    from gitmig.commands.ensure_version import ensure_version
    from gitmig.commands.project import Options, open_project
    from gitmig.commands.running import RunOptions
    from gitmig.commands.stamp import stamp
    from gitmig.commands.upgrade import upgrade

    def run(wanted: Run, output: Any) -> None:
        project = open_project(Options(cwd=folder))
        options = RunOptions(sql=True, tag=wanted.tag, output=output)
        match wanted.command:
            case "upgrade":
                upgrade(project, wanted.revision, options)
            case "downgrade":
                downgrade(project, wanted.revision, options)
            case "stamp":
                stamp(project, [wanted.revision], options=options)
            case _:
                ensure_version(project, options)

    return run


def main(tool: str, root: str) -> None:
    warnings.simplefilter("ignore")
    folder = Path(root)
    run = _alembic(folder) if tool == "alembic" else _gitmig(folder)
    found = {}
    for dialect, url in URLS.items():
        for name, wanted in RUNS.items():
            os.environ.update(OFFLINE_URL=url, OFFLINE_OPTIONS=json.dumps(dict(wanted.options)))
            output = io.StringIO()
            with contextlib.redirect_stderr(io.StringIO()):
                try:
                    run(wanted, output)
                    found[f"{dialect}: {name}"] = output.getvalue()
                except Exception as error:
                    found[f"{dialect}: {name}"] = f"{output.getvalue()}!! {type(error).__name__}: {error}"
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
