"""What every test gets: databases (tests/databases.py), an environment of its own, and hypothesis profiles.

Profiles: "ci" (default) draws a small, fixed sample; "nightly" draws many, from a printed seed. ``pytest -m nightly`` or
``HYPOTHESIS_PROFILE=nightly`` selects the second; under ``-m nightly`` every hypothesis test counts as marked nightly.
"""

from __future__ import annotations

import fnmatch
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import sparedatabases
from tests.databases import any_database, mariadb_url, postgresql_url, sqlite_url

__all__ = ["any_database", "mariadb_url", "postgresql_url", "sqlite_url"]

_SLOW_MACHINE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("ci", max_examples=30, derandomize=True, database=None, deadline=None, suppress_health_check=_SLOW_MACHINE)
settings.register_profile("nightly", max_examples=1000, database=None, deadline=None, print_blob=True, suppress_health_check=_SLOW_MACHINE)


LATER = (
    "tests/e2e/test_adopt.py::test_afterwards_both_tools_work_in_turn[[]*without git]",
    "tests/e2e/test_adopt.py::test_afterwards_both_tools_work_in_turn[[]mariadb*",
    "tests/e2e/test_adopt.py::test_afterwards_both_tools_work_in_turn[[]postgresql*",
    "tests/e2e/test_adopt.py::test_a_scratch_database_goes_even_*[[]mariadb*",
    "tests/e2e/test_adopt.py::test_an_env_py_with_a_url_of_its_own_*[[]mariadb*",
    "tests/e2e/test_several.py::*[[]mariadb*",
    "tests/e2e/test_sync.py::test_snapshots_keep_the_data_*[[]mariadb*",
    "tests/e2e/test_sync.py::test_the_database_steps_back_*[[]postgresql*",
    "tests/e2e/test_templates.py::*[[]*async*",
    "tests/e2e/test_templates.py::*[[]*pyproject*",
    "tests/e2e/test_templates.py::*[[]*postgresql*",
    "tests/e2e/test_upgrade_alembic.py::test_both_tools_take_turns_*[[]mariadb*",
    "tests/e2e/test_upgrade_alembic.py::test_offline_text_is_that_of_alembic[[]mariadb*",
)
"""What takes long and differs from its neighbours in one respect only: played by ``-m nightly``."""


def _wants_nightly(config: pytest.Config) -> bool:
    return "nightly" in str(config.getoption("markexpr")).replace("not nightly", "")


def pytest_configure(config: pytest.Config) -> None:
    profile = os.environ.get("HYPOTHESIS_PROFILE") or ("nightly" if _wants_nightly(config) else "ci")
    settings.load_profile(profile)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if any(fnmatch.fnmatchcase(item.nodeid, pattern) for pattern in LATER):
            item.add_marker(pytest.mark.nightly)
    if not _wants_nightly(config):
        return
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session", autouse=True)
def hermetic_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty HOME and no settings of the caller's: a test run inside a git hook must not see that hook's index."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        foreign = name.startswith(("GIT_", "GITMIG_")) and not name.startswith("GITMIG_TEST_")
        if foreign or name in ("CI", "SKIP", "DATABASE_URL", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            patch.delenv(name)
    # Tests hold Alembic's own objects beside ours, in one process with code that installs ours.
    patch.setattr("gitmig.compat.alembic.rebinding.rebind", lambda old, module: None)
    # A shell starts what it puts in the background with SIGINT ignored, and children inherit that.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    patch.setenv("HOME", str(home))
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    patch.setenv("GIT_AUTHOR_NAME", "Ada")
    patch.setenv("GIT_AUTHOR_EMAIL", "ada@example.org")
    patch.setenv("GIT_COMMITTER_NAME", "Ada")
    patch.setenv("GIT_COMMITTER_EMAIL", "ada@example.org")
    yield
    sparedatabases.drop_all()
    patch.undo()
