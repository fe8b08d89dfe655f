from __future__ import annotations

import py_compile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from gitmig.adapters.disk import DiskTree
from gitmig.config import Config
from gitmig.errors import ConfigError, GraphError, RevisionFileError
from gitmig.ports import Entry
from gitmig.script.load import load_revisions, revision_files, version_folders


class Files:
    """A tree in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {path: text.encode() for path, text in files.items()}

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(2, "No such file", path)
        return self.files[path]

    def exists(self, path: str) -> bool:
        return path in self.files

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        front = f"{folder.rstrip('/')}/" if folder else ""
        found = [path for path in sorted(self.files) if path.startswith(front)]
        return [Entry(path) for path in found if recursive or "/" not in path[len(front) :]]


def text(id: str, down: object = None, **more: object) -> str:
    lines = [f"revision = {id!r}", f"down_revision = {down!r}", *(f"{name} = {value!r}" for name, value in more.items())]
    return "\n".join(["'''the doc\nof it\n\nmore'''", *lines, ""])


CONFIG = Config("/project", "gitmig.ini")


def test_every_revision_file_becomes_a_revision_and_a_node() -> None:
    tree = Files(
        {
            "migrations/versions/a.py": text("a"),
            "migrations/versions/b.py": text("b", ("a",), branch_labels=("pay",), depends_on="a"),
            "migrations/versions/__init__.py": "raise SystemExit",
            "migrations/versions/.#a.py": "raise SystemExit",
            "migrations/versions/notes.txt": "",
            "migrations/versions/c.pyc": "",
            "migrations/versions/sub/d.py": text("d"),
            "migrations/env.py": "raise SystemExit",
        }
    )
    found = load_revisions(tree, CONFIG)
    assert list(found.by_id) == ["a", "b"] == list(found.graph) == list(found.headers)
    b = found.by_id["b"]
    assert (b.down, b.labels, b.depends_on, b.path) == (("a",), ("pay",), ("a",), "migrations/versions/b.py")
    assert (b.doc, b.longdoc) == ("the doc\nof it", "the doc\nof it\n\nmore")
    assert found.graph.heads() == ("b",)
    assert "a" in found.by_id and "zz" not in found.by_id and len(found.by_id) == 2


def test_version_locations_are_read_in_their_order_each_once() -> None:
    tree = Files({"two/b.py": text("b", "a"), "one/a.py": text("a"), "migrations/versions/x.py": "("})
    config = Config("/project", "x", version_locations=("two", "./one/", "two", "one/../one", "/project/one"))
    assert version_folders(tree, config) == ("two", "one")
    assert list(load_revisions(tree, config).by_id) == ["b", "a"]


def test_recursive_locations_go_down() -> None:
    tree = Files({"migrations/versions/2024/05/a.py": text("a"), "migrations/versions/b.py": text("b", "a")})
    deep = Config("/project", "x", recursive_version_locations=True, version_locations=("migrations/versions", "migrations"))
    assert set(load_revisions(tree, deep).by_id) == {"a", "b"}


def test_locations_may_be_packages_of_the_project_or_installed() -> None:
    tree = Files({"src/shop/db/versions/a.py": text("a"), "lib/other/v/b.py": text("b")})
    config = Config("/project", "x", prepend_sys_path=("lib",), version_locations=("shop.db:versions", "other:v"))
    assert version_folders(tree, config) == ("src/shop/db/versions", "lib/other/v")
    installed = Config("/project", "x", script_location="pkg:migrations")
    assert version_folders(tree, installed, lambda package, path: f"/site/{package}/{path}") == ("/site/pkg/migrations/versions",)
    with pytest.raises(ConfigError, match=r"'pkg:migrations.*' names a folder in package 'pkg'"):
        version_folders(tree, installed)


def test_windows_drives_are_no_packages() -> None:
    config = Config("C:/project", "x", version_locations=("C:\\project\\v", "D:\\other"))
    assert version_folders(Files({}), config) == ("v", "D:/other")


def test_before_alembic_had_ids_the_files_name_was_it() -> None:
    tree = Files({"migrations/versions/4f2a91.py": "down_revision = None"})
    assert list(load_revisions(tree, CONFIG).by_id) == ["4f2a91"]
    with pytest.raises(RevisionFileError, match=r"migrations/versions/add_x\.py: has no `revision`"):
        load_revisions(Files({"migrations/versions/add_x.py": "down_revision = None"}), CONFIG)


def test_every_bad_file_is_named_at_once() -> None:
    tree = Files(
        {
            "migrations/versions/a.py": "revision = (",
            "migrations/versions/b.py": text("b"),
            "migrations/versions/c.py": "x = 1\nrevision = x\ndown_revision = None",
            "migrations/versions/dd_.py": "down_revision = None",
        }
    )
    with pytest.raises(RevisionFileError) as caught:
        load_revisions(tree, CONFIG)
    message = caught.value.message
    assert message.startswith("3 revision files cannot be read")
    for place in ("versions/a.py:1:", "versions/c.py:2:", "versions/dd_.py:"):
        assert place in message


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.py": text("a"), "b.py": text("a")}, r"versions/a\.py:5 and migrations/versions/b\.py:5"),
        ({"a.py": text("a", "zz")}, r"versions/a\.py:6: revision 'a' names the parent 'zz'"),
        ({"a.py": text("a", None, depends_on="zz")}, r"versions/a\.py:7: revision 'a' names the dependency 'zz'"),
        ({"a.py": text("a", "b"), "b.py": text("b", "a")}, r"form a circle: .*a\.py:6.*b\.py:6|form a circle: .*b\.py:6.*a\.py:6"),
        ({"a.py": text("a", branch_labels="x"), "b.py": text("b", branch_labels="x")}, r"b\.py:7: branch label 'x'.*a\.py:7"),
    ],
)
def test_what_makes_no_graph_is_told_with_file_and_line(files: dict[str, str], said: str) -> None:
    tree = Files({f"migrations/versions/{name}": content for name, content in files.items()})
    with pytest.raises(GraphError, match=said):
        load_revisions(tree, CONFIG)


def test_no_revision_is_run(tmp_path: Path) -> None:
    bomb = tmp_path / "migrations/versions/a.py"
    bomb.parent.mkdir(parents=True)
    bomb.write_text(text("a") + "raise SystemExit('was run')\n")
    assert list(load_revisions(DiskTree(tmp_path), Config(str(tmp_path), "x")).by_id) == ["a"]


def test_a_link_to_nowhere_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "migrations/versions"
    folder.mkdir(parents=True)
    (folder / "a.py").symlink_to("nowhere.py")
    (folder / "b.py").write_text(text("b"))
    assert list(load_revisions(DiskTree(tmp_path), Config(str(tmp_path), "x")).by_id) == ["b"]


def test_sourceless_files_are_taken_only_where_asked_for_and_without_their_source(tmp_path: Path) -> None:
    folder = tmp_path / "migrations/versions"
    (folder / "__pycache__").mkdir(parents=True)
    for name, target in (("a", "a.pyc"), ("b", "__pycache__/b.cpython-399.pyc"), ("c", "__pycache__/c.cpython-399.pyc")):
        source = folder / f"{name}.py"
        source.write_text(text(name, {"a": None, "b": "a", "c": "b"}[name]))
        py_compile.compile(str(source), str(folder / target), doraise=True)
        if name != "c":
            source.unlink()
    tree = DiskTree(tmp_path)
    assert [entry.path for entry in revision_files(tree, Config(str(tmp_path), "x"))] == ["migrations/versions/c.py"]
    found = load_revisions(tree, Config(str(tmp_path), "x", sourceless=True))
    assert set(found.by_id) == {"a", "b", "c"}
    assert found.by_id["c"].path.endswith("c.py")
    assert found.graph.heads() == ("c",)


def test_absolute_locations_outside_of_the_project_are_read_from_disk(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text(text("a"))
    (tmp_path / "project").mkdir()
    config = Config(str(tmp_path / "project"), "x", version_locations=(str(outside),))
    assert load_revisions(DiskTree(tmp_path / "project"), config).by_id["a"].path == str(outside / "a.py")
