"""Every way of making a commit: it holds the staged models with their revision, and nothing is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.gitkit import CONFIG, MODELS, Repo, new_repo, table

GITMIG_PATHS = "migrations/versions/"


def holds_models_and_revision(repo: Repo, column: str, models: str = "models.py", folder: str = "migrations/versions") -> None:
    changed = repo.changed()
    assert models in changed
    assert column in repo.new_revision(folder=folder)


def test_plain_commit(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("add", "models.py")
    done = repo.git("commit", "-qm", "email")
    holds_models_and_revision(repo, "email")
    assert repo.status() == ""
    added = next(path for path in repo.changed() if path.startswith(GITMIG_PATHS))
    assert added in done.err
    assert "gitmig upgrade" in done.err


def test_commit_all(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    holds_models_and_revision(repo, "email")
    assert repo.status() == ""


def test_commit_include(repo: Repo) -> None:
    repo.write("app.py", "VERSION = 2\n")
    repo.git("add", "app.py")
    repo.add_columns("email")
    repo.git("commit", "-qm", "email", "-i", "models.py")
    holds_models_and_revision(repo, "email")
    assert "app.py" in repo.changed()
    assert repo.status() == ""


def test_commit_patch_takes_the_hunks_that_were_chosen(repo: Repo) -> None:
    repo.write("models.py", "# left for later\n" + repo.read("models.py"))
    repo.add_columns("email")
    repo.git("commit", "-qm", "email", "-p", stdin="n\ny\n")
    holds_models_and_revision(repo, "email")
    assert "+# left for later" not in repo.git("show").out
    assert repo.status() == " M models.py\n"


def test_partial_commit(repo: Repo) -> None:
    repo.write("app.py", "VERSION = 2\n")
    repo.git("add", "app.py")
    repo.add_columns("email")
    repo.git("commit", "-qm", "email", "models.py")
    holds_models_and_revision(repo, "email")
    assert "app.py" not in repo.changed()
    assert repo.status() == "M  app.py\n"


def test_partial_commit_does_not_hold_what_it_leaves_out(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write("app.py", "VERSION = 2\n")
    repo.git("commit", "-qm", "app", "app.py")
    assert repo.changed() == ["app.py"]
    assert repo.status() == "M  models.py\n"
    repo.git("commit", "-qm", "email")
    holds_models_and_revision(repo, "email")
    assert repo.status() == ""


def test_amend_with_a_staged_model(repo: Repo) -> None:
    repo.write("app.py", "VERSION = 2\n")
    repo.git("commit", "-qam", "app")
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.git("commit", "-q", "--amend", "--no-edit")
    holds_models_and_revision(repo, "email")
    assert "app.py" in repo.changed()
    assert repo.status() == ""


def test_amend_of_a_path(repo: Repo) -> None:
    repo.write("app.py", "VERSION = 2\n")
    repo.git("commit", "-qam", "app")
    repo.add_columns("email")
    repo.git("commit", "-q", "--amend", "--no-edit", "--", "models.py")
    holds_models_and_revision(repo, "email")
    assert repo.status() == ""


def test_amend_of_the_message_alone_adds_nothing(repo: Repo) -> None:
    before = repo.git("rev-parse", "HEAD^{tree}").out
    repo.git("commit", "-q", "--amend", "-m", "better words")
    assert repo.git("rev-parse", "HEAD^{tree}").out == before


def test_first_commit(fresh: Repo) -> None:
    fresh.git("add", ".")
    fresh.git("commit", "-qm", "first")
    holds_models_and_revision(fresh, "users")
    assert fresh.status() == ""


def test_first_commit_of_paths(fresh: Repo) -> None:
    fresh.git("add", ".")
    fresh.git("commit", "-qm", "first", "models.py", "pyproject.toml")
    holds_models_and_revision(fresh, "users")
    assert fresh.status() == "A  .gitignore\nA  app.py\n"


def test_from_a_subdirectory(repo: Repo) -> None:
    (repo.top / "deep" / "er").mkdir(parents=True)
    repo.add_columns("email")
    done = repo.git("commit", "-qam", "email", cwd=repo.top / "deep" / "er")
    holds_models_and_revision(repo, "email")
    assert repo.status() == ""
    assert "../../migrations/versions/" in done.err


def test_in_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", tmp_path / "linked", "-b", "other")
    linked = Repo(tmp_path / "linked", repo.home)
    linked.add_columns("email")
    linked.git("commit", "-qam", "email")
    holds_models_and_revision(linked, "email")
    assert linked.status() == ""
    linked.add_columns("phone")
    linked.git("commit", "-qm", "phone", "models.py")
    holds_models_and_revision(linked, "phone")
    assert linked.status() == ""
    assert repo.status() == ""


def test_in_a_subdirectory_of_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", tmp_path / "linked", "-b", "other")
    linked = Repo(tmp_path / "linked", repo.home)
    (linked.top / "sub").mkdir()
    linked.add_columns("email")
    linked.git("commit", "-qam", "email", cwd=linked.top / "sub")
    holds_models_and_revision(linked, "email")
    assert linked.status() == ""


def test_in_a_submodule(repo: Repo, tmp_path: Path) -> None:
    outer = Repo(tmp_path / "outer", repo.home)
    outer.top.mkdir()
    outer.git("init", "-q")
    outer.git("submodule", "add", "-q", repo.top, "inner")
    inner = Repo(outer.top / "inner", repo.home)
    inner.gitmig("install")
    inner.add_columns("email")
    inner.git("commit", "-qam", "email")
    holds_models_and_revision(inner, "email")
    assert inner.status() == ""
    inner.add_columns("phone")
    inner.git("commit", "-qm", "phone", "models.py")
    holds_models_and_revision(inner, "phone")
    assert inner.status() == ""


def test_with_the_git_directory_elsewhere(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    repo = Repo(folder, home)
    repo.git("init", "-q", "--separate-git-dir", tmp_path / "elsewhere.git")
    repo.write("pyproject.toml", CONFIG)
    repo.write("models.py", MODELS)
    repo.gitmig("install")
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    holds_models_and_revision(repo, "users")
    assert repo.status() == ""


def test_on_a_detached_head(repo: Repo) -> None:
    repo.git("checkout", "-q", "--detach")
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    holds_models_and_revision(repo, "email")


def test_merge_squash_then_commit(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--squash", "feature")
    repo.git("commit", "-qm", "squashed")
    holds_models_and_revision(repo, "email")
    assert repo.status() == ""


def test_nothing_staged_leaves_nothing(repo: Repo) -> None:
    before = repo.head()
    assert repo.git("commit", "-qm", "nothing", check=False).code == 1
    assert repo.head() == before
    assert repo.status() == ""


@pytest.fixture
def monorepo(home: Path, tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "mono", home)
    repo.top.mkdir()
    repo.git("init", "-q")
    for name in ("shop", "blog"):
        repo.write(f"{name}/pyproject.toml", CONFIG)
        repo.write(f"{name}/models.py", MODELS.replace("users", f"{name}_users"))
    repo.write("README.md", "both\n")
    repo.gitmig("install")
    return repo


def test_two_configurations_each_get_their_revision(monorepo: Repo) -> None:
    monorepo.git("add", ".")
    monorepo.git("commit", "-qm", "both")
    assert monorepo.status() == ""
    for name in ("shop", "blog"):
        (text,) = monorepo.revisions(folder=f"{name}/migrations/versions").values()
        assert f"{name}_users" in text


def test_only_the_project_that_the_commit_touches_is_run(monorepo: Repo) -> None:
    monorepo.git("add", ".")
    monorepo.git("commit", "-qm", "both")
    # The other project is broken on purpose: looking at it would stop the commit.
    monorepo.write("blog/models.py", "raise SystemExit(7)\n")
    monorepo.git("commit", "-qam", "broken", env={"GITMIG": "0"})
    monorepo.gitmig("install")
    for state in (monorepo.top / ".git" / "gitmig").glob("pre-commit.*"):
        state.unlink()
    monorepo.add_columns("email", path="shop/models.py")
    monorepo.git("commit", "-qam", "email")
    assert "email" in monorepo.new_revision(folder="shop/migrations/versions")
    assert not any(path.startswith("blog/") for path in monorepo.changed())
    assert monorepo.status() == ""


def test_a_commit_in_one_project_from_inside_the_other(monorepo: Repo) -> None:
    monorepo.git("add", ".")
    monorepo.git("commit", "-qm", "both")
    monorepo.add_columns("email", path="shop/models.py")
    monorepo.git("commit", "-qam", "email", cwd=monorepo.top / "blog")
    assert "email" in monorepo.new_revision(folder="shop/migrations/versions")
    assert monorepo.status() == ""


def test_a_second_project_is_found_when_it_appears(repo: Repo) -> None:
    repo.write("more/pyproject.toml", CONFIG)
    repo.write("more/models.py", MODELS.replace("users", "others"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "more")
    assert "others" in repo.new_revision(folder="more/migrations/versions")
    assert repo.status() == ""


def test_names_with_spaces_quotes_and_letters_beyond_ascii(home: Path, tmp_path: Path) -> None:
    config = CONFIG + 'script_location = "Ähm it\'s \\"mine\\""\n'
    repo = new_repo(tmp_path / "dépôt with space", home, config=config)
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    repo.git("switch", "-qc", "zweig/für-ärger")
    repo.add_columns("email")
    repo.git("commit", "-qm", "email", "models.py")
    assert "email" in repo.new_revision(folder='Ähm it\'s "mine"/versions')
    assert repo.status() == ""


def test_one_revision_for_everything_in_the_commit(repo: Repo) -> None:
    repo.add_columns("email")
    repo.write("models.py", repo.read("models.py") + table("orders"))
    repo.git("commit", "-qam", "both")
    text = repo.new_revision()
    assert "email" in text
    assert "orders" in text
