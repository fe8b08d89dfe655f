from __future__ import annotations

from pathlib import Path

import pytest

from gitmig.adapters import clean


def entries(**oids: str) -> bytes:
    return b"".join(f"100644 {oid} 0\t{path}\0".encode() for path, oid in sorted(oids.items()))


def files(paths: dict[str, str]) -> bytes:
    return entries(**paths)


SHOP = clean.record(
    files=["shop/models.py", "shop/tables/__init__.py", "shop/tables/users.py"],
    names=["models", "tables", "tables.users", "local_names", "sqlalchemy"],
    folders=["shop/plugins"],
    roots=["shop/", "shop/src/"],
    own=["shop/migrations/versions/", "shop/migrations/"],
)


def stale(path: str, *, alone: bool) -> bool:
    return clean.stale_projects({"shop/": SHOP}, {path: alone}) == ["shop/"]


@pytest.mark.parametrize(
    "path",
    [
        "shop/models.py",
        "shop/tables/users.py",
        "shop/migrations/versions/abc.py",
        "shop/migrations/env.py",
        "shop/migrations/script.py.mako",
        "shop/pyproject.toml",
        "uv.lock",
        "shop/requirements.txt",
    ],
)
def test_what_the_project_rests_on_matters_when_it_changes(path: str) -> None:
    assert stale(path, alone=False)


@pytest.mark.parametrize(
    "path", ["shop/views.py", "shop/tables/orders.py", "blog/models.py", "blog/uv.lock", "blog/setup.ini", "shop/deep/notes.ini"]
)
def test_what_it_does_not_rest_on_does_not(path: str) -> None:
    assert not stale(path, alone=False)


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("shop/local_names.py", True),  # an import that had failed
        ("shop/local_names/__init__.py", True),
        ("shop/local_names/more.py", True),  # makes a namespace package
        ("shop/src/models.py", True),  # in front of, or behind, the one found
        ("shop/sqlalchemy.py", True),
        ("shop/plugins/new.py", True),  # a folder that was listed
        ("shop/plugins/deep/new.py", True),
        ("shop/tables/orders.py", False),
        ("shop/tests/test_models.py", False),
        ("blog/local_names.py", False),
    ],
)
def test_a_file_that_comes_or_goes_matters_when_an_import_could_find_it(path: str, matters: bool) -> None:
    assert stale(path, alone=True) is matters


def test_a_new_configuration_makes_every_project_be_looked_for() -> None:
    assert clean.stale_projects({"shop/": SHOP}, {"blog/pyproject.toml": True}) is None
    assert clean.stale_projects({"shop/": SHOP}, {"gitmig.ini": True}) is None


def test_a_listed_top_makes_everything_that_comes_matter() -> None:
    record = clean.record(files=[], names=[], folders=[""], roots=[""], own=["migrations/"])
    assert clean.stale_projects({"": record}, {"anything.py": True}) == [""]
    assert clean.stale_projects({"": record}, {"anything.py": False}) == []


def test_changed_paths_tell_what_is_on_one_side_only() -> None:
    old = files({"a.py": "1", "b.py": "1", "gone.py": "1"})
    new = files({"a.py": "1", "b.py": "2", "come.py": "1"})
    assert clean.changed_paths(old, new) == {"b.py": False, "gone.py": True, "come.py": True}


def test_paths_that_are_no_utf8_survive() -> None:
    (path,) = clean.changed_paths(b"", b"100644 1 0\t\xff.py\0")
    assert path.encode("utf-8", "surrogateescape") == b"\xff.py"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    clean.write_state(str(tmp_path / "gitmig"), b"entries", {"shop/": SHOP})
    found = clean.read_state(str(tmp_path / "gitmig"))
    assert found is not None
    assert found[0] == b"entries"
    assert found[1]["projects"] == {"shop/": SHOP}
    clean.write_entries(str(tmp_path / "gitmig"), b"others")
    found = clean.read_state(str(tmp_path / "gitmig"))
    assert found is not None
    assert found[0] == b"others"
    clean.forget(str(tmp_path / "gitmig"))
    assert clean.read_state(str(tmp_path / "gitmig")) is None


@pytest.mark.parametrize("damage", [b"", b"\0", b"nonsense", b"\xe9\x01\x00\x00\x00"])
def test_a_damaged_state_is_no_state(tmp_path: Path, damage: bytes) -> None:
    clean.write_state(str(tmp_path), b"entries", {})
    (tmp_path / "pre-commit.state").write_bytes(damage)
    assert clean.read_state(str(tmp_path)) is None


def test_the_state_of_another_version_is_no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean.write_state(str(tmp_path), b"entries", {})
    monkeypatch.setattr("gitmig.__version__", "99")
    assert clean.read_state(str(tmp_path)) is None


def test_a_git_directory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    clean.write_state(str(tmp_path / "file" / "gitmig"), b"", {})
    clean.write_entries(str(tmp_path / "file" / "gitmig"), b"")


def test_the_patterns_are_those_of_the_shell_hook() -> None:
    hook = (Path(__file__).resolve().parents[3] / "hooks" / "pre-commit").read_text()
    assert "git ls-files -s -z -- " + " ".join(f"'{each}'" for each in clean.PATTERNS) in hook
