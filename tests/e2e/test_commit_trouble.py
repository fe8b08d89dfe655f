"""What stops a commit with a sentence: index and work tree are then as they were."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.gitkit import CONFIG, MODELS, Repo, new_repo


def stops(repo: Repo, *words: str, code: int | None = None) -> str:
    """Commit, expect a refusal that says ``words`` and leaves everything as it was; what it said."""
    before = (repo.head(), repo.git("ls-files", "-s").out, repo.status())
    done = repo.git("commit", "-qm", "x", check=False)
    assert done.code != 0
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err
    assert (repo.head(), repo.git("ls-files", "-s").out, repo.status()) == before
    return done.err


def stage_models(repo: Repo, text: str) -> None:
    repo.write("models.py", text)
    repo.git("add", "models.py")


def test_a_module_that_is_not_installed(repo: Repo) -> None:
    stage_models(repo, "import no_such_package\n" + MODELS)
    stops(repo, "no_such_package", "models.py", "GITMIG=0")


def test_a_syntax_error(repo: Repo) -> None:
    stage_models(repo, MODELS + "    email: Mapped[str | None\n")
    stops(repo, "models.py", "GITMIG=0")


def test_an_environment_variable_that_is_not_set(repo: Repo) -> None:
    stage_models(repo, "import os\nSECRET = os.environ['APP_SECRET']\n" + MODELS)
    stops(repo, "APP_SECRET", "models.py", "GITMIG=0")


def test_models_that_end_the_process(repo: Repo) -> None:
    stage_models(repo, "import os\nos._exit(4)\n" + MODELS)
    stops(repo, "exit code 4")


def test_models_that_print_do_not_disturb_the_answer(repo: Repo) -> None:
    stage_models(repo, "print('hello from the models')\n" + MODELS + "    email: Mapped[str | None]\n")
    done = repo.git("commit", "-qm", "email")
    assert "hello from the models" in done.err
    assert "email" in repo.new_revision()


def test_models_that_connect_are_kept_from_it(repo: Repo) -> None:
    stage_models(
        repo,
        "from sqlalchemy import create_engine\nengine = create_engine('sqlite:///made.db')\n"
        + MODELS
        + "    email: Mapped[str | None]\n\n\nBase.metadata.create_all(engine)\n",
    )
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    assert not (repo.top / "made.db").exists()


def test_models_that_must_connect_are_named(repo: Repo) -> None:
    stage_models(repo, "from sqlalchemy import create_engine\ncreate_engine('sqlite:///made.db').connect()\n" + MODELS)
    stops(repo, "connects to a database", "models.py")
    assert not (repo.top / "made.db").exists()


def test_a_migrations_folder_that_git_ignores(home: Path, tmp_path: Path) -> None:
    repo = new_repo(tmp_path / "repo", home)
    repo.write(".gitignore", "__pycache__/\nmigrations/\n")
    repo.git("add", ".")
    stops(repo, "ignored by git", ".gitignore:2", "migrations/")
    assert not (repo.top / "migrations").exists()


def test_broken_configuration_is_named_with_its_line(repo: Repo) -> None:
    repo.write("pyproject.toml", "[tool.gitmig]\nmodels = [\n")
    repo.git("add", ".")
    stops(repo, "pyproject.toml")


def test_a_revision_file_that_does_not_parse(repo: Repo) -> None:
    repo.write("migrations/versions/broken.py", "revision = (\n")
    repo.git("add", ".")
    stops(repo, "migrations/versions/broken.py")


def test_a_revision_whose_parent_is_missing(repo: Repo) -> None:
    repo.write("migrations/versions/lost.py", "revision = 'abc1'\ndown_revision = 'nowhere'\n")
    repo.git("add", ".")
    stops(repo, "nowhere")


def test_a_file_of_that_name_with_another_content(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    (path,) = [each for each in repo.changed() if each.startswith("migrations/")]
    repo.git("reset", "-q", "--hard", "HEAD~1")
    (repo.top / ".git" / "gitmig" / "review.json").unlink(missing_ok=True)
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write(path, "# mine\n")
    stops(repo, path)
    assert repo.read(path) == "# mine\n"


def bound(*words: str) -> tuple[str, ...]:
    """A command that heeds permissions: root's children are to lack the right to pass over them."""
    if os.geteuid() != 0:
        return words
    if shutil.which("setpriv") is None:
        pytest.skip("root writes everywhere, and there is no setpriv to give that up")
    lacking = "-dac_override,-dac_read_search"
    return ("setpriv", f"--inh-caps={lacking}", f"--bounding-set={lacking}", *words)


@pytest.mark.parametrize("place", ["migrations/versions", ".git/gitmig", ".git/objects"])
@pytest.mark.parametrize("words", [(), ("--amend",)])
def test_a_place_that_is_read_only(repo: Repo, place: str, words: tuple[str, ...]) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    repo.add_columns("phone")
    repo.git("add", "models.py")
    before = (repo.head(), repo.git("ls-files", "-s").out, repo.status())
    folders = [repo.top / place, *(each for each in (repo.top / place).rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = repo.run(*bound("git", "commit", "-qm", "phone", *words))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.code != 0
    assert "cannot be written" in done.err or "insufficient permission" in done.err
    assert "Traceback" not in done.err
    assert (repo.head(), repo.git("ls-files", "-s").out, repo.status()) == before
    repo.git("commit", "-qm", "phone", *words)
    assert "phone" in repo.new_revision()
    assert repo.status() == ""


def test_a_file_that_grows_too_large(repo: Repo) -> None:
    repo.add_columns(*(f"column_{number}" for number in range(60)))
    repo.git("add", "models.py")
    before = (repo.head(), repo.git("ls-files", "-s").out, repo.status())
    done = repo.run("bash", "-c", "ulimit -f 2; git commit -qm columns")
    assert done.code != 0
    assert "cannot be written" in done.err
    assert (repo.head(), repo.git("ls-files", "-s").out, repo.status()) == before


def test_a_place_that_cannot_be_written(fresh: Repo) -> None:
    fresh.write("migrations", "a file where the folder should be\n")
    fresh.git("add", ".")
    stops(fresh, "migrations", "Nothing was changed")


@contextmanager
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 1 MB."""
    small = tmp_path / "small"
    small.mkdir()
    if os.system(f"mount -t tmpfs -o size=1m none {small} 2>/dev/null") != 0:
        pytest.skip("no right to mount")
    try:
        yield small
    finally:
        os.system(f"umount {small}")


@pytest.mark.skipif(not Path("/dev/full").exists() or os.geteuid() != 0, reason="needs a small file system of its own")
def test_a_full_disk(home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path) as small:
        repo = Repo(small / "repo", home)
        repo.top.mkdir()
        repo.git("init", "-q", "--separate-git-dir", tmp_path / "elsewhere.git")
        repo.write("pyproject.toml", CONFIG)
        repo.write("models.py", MODELS)
        repo.gitmig("install")
        repo.git("add", ".")
        (small / "ballast").write_bytes(b"x" * (small_free := shutil.disk_usage(small).free))
        assert small_free > 0
        stops(repo, "cannot be written", "No space left")
        (small / "ballast").unlink()
        repo.git("commit", "-qm", "first")
        assert repo.status() == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a small file system of its own")
def test_a_disk_that_fills_up_at_any_moment(repo: Repo, home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path) as small:
        there = Repo(small / "repo", home)
        shutil.copytree(repo.top, there.top)
        there.add_columns("email")
        there.git("add", "models.py")
        said = set()
        for pages in range(2, 20):
            free = shutil.disk_usage(small).free
            (small / "ballast").write_bytes(b"x" * (free - pages * os.sysconf("SC_PAGE_SIZE")))
            before = (there.head(), there.git("ls-files", "-s").out, there.status())
            done = there.git("commit", "-qm", "email", check=False)
            (small / "ballast").unlink()
            if "is part of this commit" in done.err:
                break
            assert (there.head(), there.git("ls-files", "-s").out, there.status()) == before, done.err
            assert "Traceback" not in done.err
            said.update(word for word in ("versions/", "hash-object", "update-index", "/gitmig cannot") if word in done.err)
        assert {"versions/", "update-index"} <= said
        there.git("commit", "-qm", "email")  # what git itself had no room for
        assert "email" in there.new_revision()
        assert there.status() == ""
        assert not list((there.top / ".git/gitmig").rglob("*.part"))


def test_outside_a_repository(tmp_path: Path, home: Path) -> None:
    place = Repo(tmp_path, home)
    done = place.gitmig("install", check=False)
    assert done.code == 2
    assert "git init" in done.err


def test_in_a_bare_repository(tmp_path: Path, home: Path) -> None:
    place = Repo(tmp_path, home)
    place.git("init", "-q", "--bare")
    done = place.gitmig("install", check=False)
    assert done.code == 2
    assert "bare" in done.err


def test_without_git(repo: Repo, tmp_path: Path) -> None:
    done = repo.gitmig("install", check=False, env={"PATH": str(tmp_path)})
    assert done.code == 2
    assert "no git on PATH" in done.err


def test_a_commit_that_touches_no_python_is_told_but_not_stopped(repo: Repo) -> None:
    stage_models(repo, "import no_such_package\n" + MODELS)
    repo.git("commit", "-qm", "broken", "--no-verify")
    repo.write("README.md", "words\n")
    repo.git("add", ".")
    done = repo.git("commit", "-qm", "words")
    assert "no_such_package" in done.err
    assert repo.changed() == ["README.md"]
    repo.write("app.py", "VERSION = 2\n")
    repo.git("add", ".")
    stops(repo, "no_such_package")


def test_one_project_that_fails_takes_the_other_back(home: Path, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "mono", home)
    repo.top.mkdir()
    repo.git("init", "-q")
    for name in ("blog", "shop"):
        repo.write(f"{name}/pyproject.toml", CONFIG)
        repo.write(f"{name}/models.py", MODELS.replace("users", f"{name}_users"))
    repo.write("shop/migrations", "a file where the folder should be\n")
    repo.gitmig("install")
    repo.git("add", ".")
    stops(repo, "shop/migrations", "Nothing was changed")
    assert not (repo.top / "blog" / "migrations").exists()
