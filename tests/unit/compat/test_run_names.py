"""Every name of Alembic's configuration, commands, scripts and runtime that packages use: it is there, of its kind, with its signature."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NAMES = [tuple(line.split()) for line in (HERE / "runnames.txt").read_text().splitlines() if not line.startswith("#")]

MEMBERS = {
    "alembic.config Config": "get_alembic_boolean_option get_alembic_option get_hooks_list get_main_option get_prepend_sys_paths_list "
    "get_section get_section_option get_template_directory get_version_locations_list print_stdout remove_main_option set_main_option "
    "set_section_option",
    "alembic.config CommandLine": "main register_command run_cmd",
    "alembic.script ScriptDirectory": "_downgrade_revs _load_revisions _stamp_revs _upgrade_revs as_revision_number from_config "
    "generate_revision get_all_current get_base get_bases get_current_head get_heads get_revision get_revisions iterate_revisions run_env "
    "walk_revisions",
    "alembic.script Script": "_from_path _head_only _format_down_revision add_nextrev cmd_format verify_rev_id",
    "alembic.script.revision Revision": "add_nextrev verify_rev_id",
    "alembic.script.revision RevisionMap": "_get_ancestor_nodes _get_descendant_nodes _resolve_revision_number _shares_lineage "
    "add_revision filter_for_lineage get_current_head get_revision get_revisions iterate_revisions",
    "alembic.runtime.environment EnvironmentContext": "begin_transaction execute get_bind get_context get_head_revision "
    "get_head_revisions get_impl get_revision_argument get_starting_revision_argument get_tag_argument get_x_argument is_offline_mode "
    "is_transactional_ddl requires_connection run_migrations static_output configure",
    "alembic.runtime.migration MigrationContext": "_ensure_version_table _has_version_table autocommit_block begin_transaction configure "
    "execute get_current_heads get_current_revision run_migrations stamp",
    "alembic.runtime.migration HeadMaintainer": "update_to_step _delete_version _insert_version _update_version",
    "alembic.runtime.migration RevisionStep": "upgrade_from_script downgrade_from_script",
    "alembic.runtime.migration StampStep": "stamp_revision",
}

ASK = """
import importlib, inspect, json, sys, types, typing
def kind(value):
    if isinstance(value, types.ModuleType): return "module"
    if typing.get_origin(value) is not None: return "alias"
    if isinstance(value, type): return "exception" if issubclass(value, BaseException) else "class"
    return "function" if callable(value) else "value"
def signature(value):
    try: parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError): return None
    def default(each):
        if each is inspect.Parameter.empty: return None
        return "stdout" if hasattr(each, "write") else repr(each).replace("immutabledict({})", "{}")
    return [[each.name, each.kind.name, each.default is each.empty, default(each.default)] for each in parameters]
names, members = json.loads(sys.stdin.read())
found = {}
for module, name, _ in names:
    try: value = getattr(importlib.import_module(module), name)
    except AttributeError: value = importlib.import_module(f"{module}.{name}")
    found[f"{module} {name}"] = [kind(value), signature(value) if kind(value) in ("function", "class") else None]
for place, methods in members.items():
    module, owner = place.split()
    for method in methods.split():
        found[f"{place}.{method}"] = ["method", signature(getattr(getattr(importlib.import_module(module), owner), method))]
print(json.dumps(found))
"""


def _ask(before: str) -> dict[str, list[object]]:
    done = subprocess.run(
        [sys.executable, "-c", before + ASK], input=json.dumps([NAMES, MEMBERS]), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[object]] = json.loads(done.stdout)
    return found


@cache
def ours() -> dict[str, list[object]]:
    return _ask("import gitmig.compat.alembic as shim; shim.install()\n")


@cache
def theirs() -> dict[str, list[object]]:
    return _ask("")


PLACES = [f"{module} {name}" for module, name, _ in NAMES]


@pytest.mark.parametrize(("module", "name", "kind"), NAMES)
def test_the_name_is_there_and_of_its_kind(module: str, name: str, kind: str) -> None:
    assert ours()[f"{module} {name}"][0] == kind == theirs()[f"{module} {name}"][0]


@pytest.mark.parametrize("place", [*PLACES, *(f"{place}.{method}" for place, names in MEMBERS.items() for method in names.split())])
def test_the_signature_is_alembics(place: str) -> None:
    assert ours()[place][1] == theirs()[place][1]
