from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gitmig.commands.merge import MergeRequest, merge
from gitmig.commands.newrevision import RevisionRequest, new_revision
from gitmig.commands.project import Options, Project, open_project
from gitmig.commands.revisions import project_revisions
from gitmig.errors import ConfigError, GitmigError, GraphError, UsageError
from gitmig.graph import SeveralHeads
from gitmig.script.header import read_header


def make(folder: Path, settings: str = "") -> Project:
    (folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    (folder / "gitmig.ini").write_text(f"[gitmig]\nscript_location = migrations\n{settings}")
    return open_project(Options(cwd=folder))


def quiet(_: str) -> None:
    return None


def add(project: Project, id: str, head: str = "head", **more: object) -> str:
    request = RevisionRequest(message=id, head=head, id=id, splice=True, **more)  # type: ignore[arg-type]
    return new_revision(project, request, quiet).path


def graph(project: Project) -> dict[str, tuple[str, ...]]:
    return {id: revision.down for id, revision in project_revisions(project).by_id.items()}


def files(project: Project) -> Sequence[str]:
    return sorted(path.name for path in (project.root / "migrations" / "versions").rglob("*") if path.is_file())


def test_revisions_follow_the_head(tmp_path: Path) -> None:
    project = make(tmp_path)
    first = new_revision(project, RevisionRequest("first one"), quiet)
    second = new_revision(project, RevisionRequest("second"), quiet)
    assert len(first.id) == 12 and first.id != second.id
    assert graph(project) == {first.id: (), second.id: (first.id,)}
    assert first.path == f"migrations/versions/{first.id}_first_one.py"
    assert (tmp_path / first.path).read_bytes() == first.content
    assert second.to_json() == {"revision": second.id, "down_revision": [first.id], "path": second.path}


def test_several_heads_name_the_two_commands_that_help(tmp_path: Path) -> None:
    project = make(tmp_path)
    add(project, "aaaa")
    add(project, "bbbb")
    add(project, "cccc", "aaaa")
    with pytest.raises(SeveralHeads, match="bbbb, cccc") as caught:
        new_revision(project, RevisionRequest("x"), quiet)
    assert "`gitmig merge heads`" in caught.value.hint and "`gitmig revision --head bbbb`" in caught.value.hint
    assert len(files(project)) == 3


def test_a_parent_that_is_no_head_needs_splice(tmp_path: Path) -> None:
    project = make(tmp_path)
    add(project, "aaaa")
    add(project, "bbbb")
    with pytest.raises(UsageError, match="'aaaa' is not a head") as caught:
        new_revision(project, RevisionRequest("x", head="aaaa"), quiet)
    assert "--splice" in caught.value.hint
    made = new_revision(project, RevisionRequest("x", head="aaaa", splice=True), quiet)
    assert made.down == ("aaaa",)


def test_base_starts_a_new_root_with_a_label_that_names_can_use(tmp_path: Path) -> None:
    project = make(tmp_path)
    add(project, "aaaa")
    add(project, "bbbb", "base", branch_labels=("pay",))
    made = new_revision(project, RevisionRequest("x", head="pay@head"), quiet)
    assert made.down == ("bbbb",)
    with pytest.raises(GraphError, match="branch label 'pay'"):
        add(project, "cccc", "base", branch_labels=("pay",))


def test_dependencies_become_full_ids_and_labels_stay(tmp_path: Path) -> None:
    project = make(tmp_path)
    add(project, "aaaa1111", branch_labels=("pay",))
    add(project, "bbbb2222", "base")
    made = new_revision(project, RevisionRequest("x", head="bbbb", depends_on=("aaaa", "pay")), quiet)
    assert read_header(made.content, "x").depends_on == ("aaaa1111", "pay")


@pytest.mark.parametrize("id", ["aaaa", "x@y", "a-b"])
def test_an_id_that_is_taken_or_cannot_be_one_is_refused(tmp_path: Path, id: str) -> None:
    project = make(tmp_path)
    add(project, "aaaa")
    with pytest.raises(GitmigError):
        new_revision(project, RevisionRequest("other", id=id), quiet)
    assert files(project) == ["aaaa_aaaa.py"]


def test_the_file_goes_beside_its_parent_or_where_it_is_told(tmp_path: Path) -> None:
    project = make(tmp_path, "version_locations = one\n  two\npath_separator = newline\n")
    with pytest.raises(UsageError, match="several version locations") as caught:
        new_revision(project, RevisionRequest("x"), quiet)
    assert "one or two" in caught.value.hint
    assert add(project, "aaaa", version_path="two") == "two/aaaa_aaaa.py"
    assert add(project, "bbbb") == "two/bbbb_bbbb.py"
    assert add(project, "cccc", version_path=str(tmp_path / "one")) == "one/cccc_cccc.py"
    with pytest.raises(UsageError, match="'three' is none of the version locations"):
        add(project, "dddd", version_path="three")


def test_a_file_template_may_make_folders(tmp_path: Path) -> None:
    settings = "file_template = %%(year)d/%%(rev)s-%%(slug)s\nrecursive_version_locations = true\ntimezone = UTC\n"
    project = make(tmp_path, settings)
    path = add(project, "aaaa")
    assert path.count("/") == 3 and path.endswith("/aaaa-aaaa.py")
    assert list(graph(project)) == ["aaaa"]


def test_the_projects_template_is_honoured(tmp_path: Path) -> None:
    project = make(tmp_path)
    template = tmp_path / "migrations" / "script.py.mako"
    template.write_text("# ours\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n")
    assert new_revision(project, RevisionRequest("x"), quiet).content.startswith(b"# ours\n")


@pytest.mark.parametrize(
    "template", ["revision = ${x.y}\n", "revision = (\n", "revision = 'always'\ndown_revision = None\n", "# nothing\n"]
)
def test_a_template_that_makes_no_revision_file_writes_nothing(tmp_path: Path, template: str) -> None:
    project = make(tmp_path)
    (tmp_path / "migrations" / "script.py.mako").write_text(template)
    with pytest.raises(ConfigError, match=r"script\.py\.mako"):
        new_revision(project, RevisionRequest("x"), quiet)
    assert files(project) == []


def test_hooks_run_over_the_new_file(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("import sys\nopen(sys.argv[1], 'a').write('# seen\\n')\n")
    hooks = (
        "[post_write_hooks]\nhooks = tool\ntool.type = exec\ntool.executable = python\ntool.options = tool.py REVISION_SCRIPT_FILENAME\n"
    )
    project = make(tmp_path, hooks)
    assert new_revision(project, RevisionRequest("x"), quiet).content.endswith(b"# seen\n")


def test_a_hook_that_cannot_run_writes_nothing(tmp_path: Path) -> None:
    project = make(tmp_path, "[post_write_hooks]\nhooks = tool\ntool.type = exec\ntool.executable = no-such-program\n")
    with pytest.raises(ConfigError, match="no program 'no-such-program'"):
        new_revision(project, RevisionRequest("x"), quiet)
    assert files(project) == []


def test_without_a_migrations_folder_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "gitmig.ini").write_text("[gitmig]\nscript_location = nowhere\n")
    project = open_project(Options(cwd=tmp_path))
    for run in (lambda: new_revision(project, RevisionRequest("x"), quiet), lambda: project_revisions(project)):
        with pytest.raises(ConfigError, match="'nowhere'") as caught:
            run()
        assert "`gitmig init`" in caught.value.hint


# -- merge ------------------------------------------------------------------------------------------------------------------


def fork(folder: Path) -> Project:
    project = make(folder)
    add(project, "root")
    add(project, "left")
    add(project, "rght", "root")
    return project


def test_a_merge_joins_every_head_and_is_the_same_everywhere(tmp_path: Path) -> None:
    made = [merge(fork(tmp_path / name), MergeRequest(("heads",)), quiet) for name in ("one", "two")]
    assert made[0] == made[1] and made[0] is not None
    assert made[0].down == ("left", "rght")
    assert made[0].path == f"migrations/versions/{made[0].id}_merge_left_and_rght.py"
    assert len(made[0].id) == 12


def test_the_order_of_names_makes_no_other_merge(tmp_path: Path) -> None:
    one = merge(fork(tmp_path / "one"), MergeRequest(("rght", "left")), quiet)
    two = merge(fork(tmp_path / "two"), MergeRequest(("left", "rght")), quiet)
    assert one == two


def test_one_head_needs_no_merge(tmp_path: Path) -> None:
    project = make(tmp_path)
    add(project, "root")
    assert merge(project, MergeRequest(("heads",)), quiet) is None
    with pytest.raises(UsageError, match="at least two"):
        merge(project, MergeRequest(("root",)), quiet)


def test_a_merge_of_what_is_no_head_needs_splice(tmp_path: Path) -> None:
    project = fork(tmp_path)
    add(project, "top1", "rght")
    with pytest.raises(UsageError, match="'rght' is not a head"):
        merge(project, MergeRequest(("left", "rght")), quiet)
    made = merge(project, MergeRequest(("left", "rght"), splice=True, id="mmmm", message="say", branch_labels=("lab",)), quiet)
    assert made is not None and made.path.endswith("/mmmm_say.py")
    assert project_revisions(project).graph.label_owner("lab") == "mmmm"


def test_a_merge_of_a_revision_with_its_own_ancestor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'root' lies under 'left'"):
        merge(fork(tmp_path), MergeRequest(("left", "root"), splice=True), quiet)


def test_the_same_merge_twice_is_refused(tmp_path: Path) -> None:
    project = fork(tmp_path)
    merge(project, MergeRequest(("heads",)), quiet)
    with pytest.raises(GraphError, match="is used twice"):
        merge(project, MergeRequest(("left", "rght"), splice=True), quiet)
