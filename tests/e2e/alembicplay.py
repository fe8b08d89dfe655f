"""A play of commands over one project, run under Alembic itself and under gitmig in its place; what it prints is compared.

Run as a script: ``python alembicplay.py FOLDER [gitmig]``.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

INI = """[alembic]
script_location = %(here)s/mig
sqlalchemy.url = sqlite:///db.sqlite
"""
ENV = """from alembic import context
from sqlalchemy import engine_from_config, pool
config = context.config
if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True, tag=None)
    with context.begin_transaction():
        context.run_migrations()
elif config.attributes.get("connection") is not None:
    context.configure(connection=config.attributes["connection"])
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""
REVISION = '''"""{table}

more of {table}
"""
from alembic import op
import sqlalchemy as sa

revision = {id!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends!r}


def upgrade():
    op.create_table({table!r}, sa.Column("id", sa.Integer))


def downgrade():
    op.drop_table({table!r})
'''
TEMPLATE = '''"""${message}

Revises: ${down_revision | comma,n}
"""
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
GRAPH = (
    ("aaaa11", None, None, None),
    ("bbbb22", "aaaa11", "lab", None),
    ("cccc33", "aaaa11", None, None),
    ("dddd44", "cccc33", None, "bbbb22"),
    ("eeee55", None, "own", None),
)


def project(folder: Path) -> None:
    versions = folder / "mig" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    (folder / "mig" / "env.py").write_text(ENV)
    (folder / "mig" / "script.py.mako").write_text(TEMPLATE)
    for id, down, labels, depends in GRAPH:
        text = REVISION.format(id=id, down=down, labels=labels, depends=depends, table=f"t_{id}")
        (versions / f"{id}_.py").write_text(text)


def words(text: str) -> str:
    """The words of a text in the order of the alphabet: Alembic's own order is that of sets."""
    return " ".join(sorted(re.findall(r"[^\s,()]+|[()]", text)))


def play(folder: Path) -> None:
    """Says what each command gave: its text, its result, or its error."""
    import sqlalchemy as sa
    from alembic import command, config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    os.chdir(folder)
    lines = folder / "lines"
    ini = config.Config("alembic.ini")

    def say(*things: object) -> None:
        with lines.open("a") as file:
            print(*things, file=file)

    def told(function: Callable[[], Any]) -> Any:
        try:
            return function()
        except SystemExit as error:
            return f"exit {error.code}"
        except Exception as error:
            return f"{type(error).__name__}: {str(error).partition('. ')[0].rstrip('.')}"

    def run(name: str, *arguments: Any, **options: Any) -> None:
        out = io.StringIO()
        cfg = config.Config("alembic.ini", stdout=out, output_buffer=out, attributes=options.pop("attributes", None))
        result = told(lambda: getattr(command, name)(cfg, *arguments, **options))
        text = [line.rstrip() for line in out.getvalue().splitlines()]
        if not options.get("sql"):
            # Alembic goes by the order of files in the folder, and of sets.
            text = sorted(words(line) for line in text)
        say("==", name, arguments, options, "->", result if isinstance(result, str) else "", "\n" + "\n".join(text))

    for name in ("heads", "branches", "history", "current"):
        run(name)
    run("heads", verbose=True)
    run("heads", resolve_dependencies=True)
    run("history", verbose=True)
    for rev in ("head", "heads", "lab@head", "bbbb", "zz", "zzzzz", "base", "current", "own"):
        run("show", rev)
    for range in ("aaaa11:", ":cccc33", "aaaa11:dddd44", "x", "dddd44:aaaa11", "lab@base:lab@head"):
        run("history", range)
    for target in ("head", "zz", "aaaa", "+1", "lab@+1", "a:b", "heads", "heads", "+1", "-1", "own@head"):
        run("upgrade", target)
        run("current")
    run("history", indicate_current=True)
    run("history", "current:")
    for target in ("zz", "head", "aaaa:bbbb", "dddd44", "cccc33", "lab@base", "base", "base", "-1"):
        run("downgrade", target)
        run("current")
    for target, purge in (
        (["bbbb22", "cccc33"], False),
        ("heads", False),
        ("zz", False),
        ("head", False),
        ("heads", True),
        ("base", False),
        ("dddd44", False),
        ("aaaa11", False),
        ("own@base", False),
        ("base", True),
    ):
        run("stamp", target, purge=purge)
        run("current")
    for name, target in (
        ("upgrade", "lab@head"),
        ("upgrade", "aaaa11:heads"),
        ("upgrade", "head"),
        ("downgrade", "dddd44:base"),
        ("downgrade", "dddd44:cccc33"),
        ("downgrade", "base"),
        ("stamp", "aaaa11:bbbb22"),
        ("stamp", "bbbb22"),
        ("stamp", ["aaaa11:bbbb22", "cccc33:dddd44"]),
    ):
        run(name, target, sql=True)
    run("stamp", "bbbb22", sql=True, purge=True)
    run("ensure_version", sql=True)
    run("revision", "x", sql=True)
    run("revision", "x", sql=True, autogenerate=True)
    run("revision", "x", head="aaaa11")
    run("revision", "x", rev_id="a-b", head="own@head")
    run("revision", "x", version_path="elsewhere", head="own@head")
    run("merge", ["aaaa11", "bbbb22"])
    run("merge", ["bbbb22", "bbbb22"])
    run("edit", "base")
    run("current", check_heads=True)
    run("upgrade", "heads")
    run("current", check_heads=True)
    run("revision", "one more", rev_id="ffff66", head="own@head", depends_on=["dddd", "lab"])
    run("merge", ["dddd44", "ffff66"], message="together", rev_id="abab77")
    run("revision", "on top", rev_id="caca88", branch_label="twig", head="own@head")
    for file in sorted((folder / "mig" / "versions").glob("[fac][fab][fca]*.py")):
        say(file.name, file.read_text())
    run("history")

    directory = ScriptDirectory.from_config(ini)
    asks: tuple[Callable[[], Any], ...] = (
        lambda: directory.get_heads(),
        lambda: directory.get_heads(consider_depends_on=True),
        lambda: directory.get_bases(),
        lambda: directory.get_base(),
        lambda: directory.get_current_head(),
        lambda: directory.as_revision_number("heads"),
        lambda: directory.as_revision_number("aaaa11"),
        lambda: directory.as_revision_number("base"),
        lambda: [each.revision for each in directory.walk_revisions("aaaa11", "cccc33")],
        lambda: [each.revision for each in directory.iterate_revisions("dddd44", "cccc33")],
        lambda: directory.get_revision("nope"),
        lambda: words(directory.get_revision("aaaa11").log_entry),
        lambda: [str(step) for step in directory._upgrade_revs("dddd44", None)],
        lambda: [repr(step) for step in directory._downgrade_revs("cccc33", ("dddd44", "eeee55"))],
        lambda: [(step.from_, step.to_, step.is_upgrade, step.branch_move) for step in directory._stamp_revs("dddd44", ("aaaa11",))],
        lambda: [(step.from_, step.to_, step.is_upgrade, step.branch_move) for step in directory._stamp_revs("aaaa11", ("bbbb22",))],
        lambda: [(step.from_, step.to_, step.is_upgrade, step.branch_move) for step in directory._stamp_revs("base", ("eeee55",))],
        lambda: directory.get_revision("aaaa11").module.upgrade.__name__,
        lambda: sorted(each.revision for each in directory.get_all_current(("dddd44",))),
    )
    for number, ask in enumerate(asks):
        say("ask", number, told(ask))

    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        run("upgrade", "dddd44", attributes={"connection": connection})
        context = MigrationContext.configure(connection)
        say(context.get_current_heads(), context.get_current_revision(), sorted(sa.inspect(connection).get_table_names()))
        context.stamp(directory, "own@head")
        say(sorted(context.get_current_heads()), told(context.get_current_revision))
    seen: list[Any] = []

    def note(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
        seen.append(
            (step.is_upgrade, step.is_stamp, step.up_revision_id, step.source_revision_ids, step.destination_revision_ids, sorted(heads))
        )

    with engine.connect() as connection:
        steps = partial(directory._downgrade_revs, "cccc33")
        environment = EnvironmentContext(ini, directory, fn=lambda rev, ctx: steps(rev), destination_rev="cccc33")
        with environment:
            environment.configure(connection=connection, on_version_apply=note)
            with environment.begin_transaction():
                environment.run_migrations()
        say(seen, environment.get_revision_argument(), environment.get_head_revisions(), environment.get_tag_argument())
        say(sorted(MigrationContext.configure(connection).get_current_heads()))
    for arguments in (["heads"], ["-q", "heads"], ["show", "zz"], ["--raiseerr", "show", "zz"], ["--version"], ["-c", "no.ini", "heads"]):
        saved, sys.stdout = sys.stdout, io.StringIO()
        try:
            result = told(lambda arguments=arguments: config.main(argv=arguments, prog="alembic"))  # type: ignore[misc]
            say("main", arguments, result, sys.stdout.getvalue().partition(". ")[0].strip())
        finally:
            sys.stdout = saved


if __name__ == "__main__":
    if sys.argv[2:] == ["gitmig"]:
        import gitmig.compat.alembic

        gitmig.compat.alembic.install()
    project(Path(sys.argv[1]))
    play(Path(sys.argv[1]))
