"""``context.configure()``: each parameter, several calls in a row, and what is refused, as Alembic's own EnvironmentContext has it."""

from __future__ import annotations

import inspect
import io
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

# At the top, as the modules are collected: a test that runs gitmig in this process puts its shim in Alembic's place.
from alembic.config import Config as AlembicConfig
from alembic.runtime.environment import EnvironmentContext as AlembicEnvironment

from gitmig.config import Config
from gitmig.errors import UsageError
from gitmig.runtime.envcapture import PARAMETERS, Stage
from gitmig.runtime.envconfig import EnvConfig
from gitmig.runtime.environment import EnvironmentContext

METADATA = sa.MetaData(naming_convention={"ix": "i_%(table_name)s"})


def one(*arguments: Any, **options: Any) -> Any:
    """An object that a hook is."""
    return None


URL = {"url": "sqlite://"}
CALLS: dict[str, list[dict[str, Any]]] = {
    "nothing but the url": [URL],
    "the dialect's name": [{"dialect_name": "oracle"}],
    "a URL object": [{"url": sa.make_url("postgresql+psycopg://u:secret@h/d")}],
    "options of the dialect": [{"url": "postgresql+psycopg://", "dialect_opts": {"paramstyle": "named"}}],
    "transactional_ddl": [{**URL, "transactional_ddl": True}],
    "transactional_ddl, off": [{"url": "postgresql+psycopg://", "transactional_ddl": False}],
    "transaction_per_migration": [{**URL, "transaction_per_migration": True}],
    "starting_rev": [{**URL, "starting_rev": "abc"}],
    "tag": [{**URL, "tag": "release"}],
    "template_args": [{**URL, "template_args": {"words": 1}}],
    "render_as_batch": [{**URL, "render_as_batch": True}],
    "target_metadata": [{**URL, "target_metadata": METADATA}],
    "several target_metadata": [{**URL, "target_metadata": [METADATA, sa.MetaData()]}],
    "hooks": [{**URL, "include_name": one, "include_object": one, "process_revision_directives": one, "render_item": one}],
    "include_schemas": [{**URL, "include_schemas": True}],
    "comparing": [{**URL, "compare_type": False, "compare_server_default": True}],
    "comparing by functions": [{**URL, "compare_type": one, "compare_server_default": one}],
    "literal_binds": [{**URL, "literal_binds": True}],
    "tokens": [{**URL, "upgrade_token": "up", "downgrade_token": "down"}],
    "prefixes": [{**URL, "alembic_module_prefix": "o.", "sqlalchemy_module_prefix": "s.", "user_module_prefix": "u."}],
    "one on_version_apply": [{**URL, "on_version_apply": one}],
    "several on_version_apply": [{**URL, "on_version_apply": [one, len]}],
    "on_version_apply in a set": [{**URL, "on_version_apply": {one}}],
    "autogenerate_plugins": [{**URL, "autogenerate_plugins": ["alembic.autogenerate.*"]}],
    "version_table": [{**URL, "version_table": "v", "version_table_schema": "s", "version_table_pk": False}],
    "options of others": [{**URL, "mssql_batch_separator": "X", "foo": {"bar": 1}}],
    "a later call sets back": [
        {
            **URL,
            "render_as_batch": True,
            "compare_type": False,
            "transaction_per_migration": True,
            "on_version_apply": one,
            "literal_binds": False,
        },
        {"dialect_name": "postgresql"},
    ],
    "a later call keeps": [
        {**URL, "tag": "a", "starting_rev": "b", "transactional_ddl": True, "foo": 1, "version_table": "v", "render_item": one},
        {"dialect_name": "mysql", "bar": 2},
    ],
    "None for all": [{**URL, "transactional_ddl": None, "tag": None, "compare_type": None, "on_version_apply": None}],
}
REFUSED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "an engine": {"connection": sa.create_engine("sqlite://")},
    "literal_binds online": {"url": "sqlite://", "literal_binds": True},
}


def alembics(as_sql: bool) -> Any:
    return AlembicEnvironment(AlembicConfig(), None, fn=one, as_sql=as_sql, template_args={"config": 1})  # type: ignore[arg-type]


def gitmigs(as_sql: bool) -> Any:
    return EnvironmentContext(EnvConfig(Config(root=".", source="tests"), {}), None, fn=one, as_sql=as_sql, template_args={"config": 1})


def seen(environment: Any, calls: list[dict[str, Any]]) -> Mapping[str, Any]:
    for call in calls:
        environment.configure(output_buffer=io.StringIO(), **call)
    context = environment.get_context()
    return {
        **{f"opt {name}": value for name, value in context.opts.items() if name not in ("output_buffer", "script", "settings")},
        "dialect": (context.dialect.name, context.dialect.driver, context.dialect.paramstyle),
        "transactional": (environment.is_transactional_ddl(), context.impl.transactional_ddl),
        "as_sql": context.as_sql,
        "bound": (environment.get_bind() is None, context.bind is None, context.connection is None),
        "tag": environment.get_tag_argument(),
        "version table": (context.version_table, context.version_table_schema),
        "callbacks": tuple(context.on_version_apply_callbacks),
        "callback columns": [(column.name, column.primary_key) for column in context._version.c],
    }


@pytest.mark.parametrize("as_sql", [False, True], ids=["online", "offline"])
@pytest.mark.parametrize("name", CALLS)
def test_a_call_leaves_what_alembics_leaves(name: str, as_sql: bool) -> None:
    if name == "literal_binds" and not as_sql:
        pytest.skip("refused, see below")
    expected = seen(alembics(as_sql), CALLS[name])
    found = seen(gitmigs(as_sql), CALLS[name])
    # gitmig's configuration has a version table of its own, and says it.
    assert {key: value for key, value in found.items() if key in expected or not key.startswith("opt version_table")} == expected


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_in_alembics_words(name: str) -> None:
    with pytest.raises(Exception) as expected:
        alembics(False).configure(**REFUSED[name])
    with pytest.raises(Exception) as found:
        gitmigs(False).configure(**REFUSED[name])
    assert str(found.value).startswith(str(expected.value).rstrip("."))


def test_starting_rev_is_for_offline_mode() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        environment = alembics(False)
        environment.configure(connection=connection, starting_rev="a")
        with pytest.raises(Exception, match="Can't specify current_rev to context when using a database connection"):
            environment.get_context().get_current_heads()
        with pytest.raises(UsageError, match="Can't specify current_rev to context when using a database connection"):
            gitmigs(False).configure(connection=connection, starting_rev="a")
    engine.dispose()


def test_template_args_go_to_the_command_that_has_some() -> None:
    for environment in (alembics(True), gitmigs(True)):
        environment.configure(url="sqlite://", template_args={"words": 2})
        assert environment.get_context().opts["template_args"] == {"config": 1, "words": 2}


def test_reading_env_py_knows_the_parameters_order() -> None:
    assert list(inspect.signature(EnvironmentContext.configure).parameters)[1:-1] == list(PARAMETERS)
    stage = Stage(None, None, ())
    stage.configure(None, "sqlite://", tag="a", compare_type=False)
    assert stage.options == {"url": "sqlite://", "tag": "a", "compare_type": False}


def test_positional_arguments_stand_in_alembics_order() -> None:
    for environment in (alembics(True), gitmigs(True)):
        environment.configure(None, "sqlite://", None, {}, True, True, io.StringIO(), "a", "tag", None, True, METADATA)
        opts = environment.get_context().opts
        assert (opts["transactional_ddl"], opts["transaction_per_migration"], opts["starting_rev"], opts["tag"]) == (True, True, "a", "tag")
        assert (opts["render_as_batch"], opts["target_metadata"]) == (True, METADATA)
