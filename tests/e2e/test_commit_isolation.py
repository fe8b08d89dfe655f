"""The commit sees the index: nothing unstaged or untracked leaks in, nothing staged is missed, and nothing of the user's is touched."""

from __future__ import annotations

import os
import py_compile
import sys
from pathlib import Path

from tests.e2e.gitkit import Repo, table


def test_an_unstaged_edit_does_not_leak_in(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.add_columns("phone")
    repo.git("commit", "-qm", "email")
    text = repo.new_revision()
    assert "email" in text
    assert "phone" not in text
    assert repo.status() == " M models.py\n"


def test_a_staged_edit_that_the_disk_no_longer_has_is_not_missed(repo: Repo) -> None:
    before = repo.read("models.py")
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write("models.py", before)
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    assert repo.status() == " M models.py\n"


def test_a_staged_new_module_that_the_disk_no_longer_has_is_served(repo: Repo) -> None:
    repo.write("more/__init__.py", "")
    repo.write("more/orders.py", "from models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n" + table("orders"))
    repo.write("all_models.py", "from models import Base\nimport more.orders\n")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("models:Base", "all_models:Base"))
    repo.git("add", ".")
    for path in ("more/orders.py", "more/__init__.py", "all_models.py"):
        (repo.top / path).unlink()
    (repo.top / "more").rmdir()
    repo.git("commit", "-qm", "orders")
    assert "orders" in repo.new_revision()
    assert repo.status() == " D all_models.py\n D more/__init__.py\n D more/orders.py\n"


def test_an_untracked_module_stops_the_commit_with_the_line_to_type(repo: Repo) -> None:
    repo.write("extra.py", "X = 1\n")
    repo.write("models.py", "import extra\n" + repo.read("models.py"))
    repo.git("add", "models.py")
    done = repo.git("commit", "-qm", "extra", check=False)
    assert done.code != 0
    assert "extra.py" in done.err
    assert "git add extra.py" in done.err
    assert repo.status() == "M  models.py\n?? extra.py\n"


def test_an_untracked_module_of_a_package_is_named_too(repo: Repo) -> None:
    repo.write("pack/__init__.py", "")
    repo.write("pack/names.py", "X = 1\n")
    repo.write("models.py", "from pack import names\n" + repo.read("models.py"))
    repo.git("add", "models.py", "pack/__init__.py")
    done = repo.git("commit", "-qm", "extra", check=False)
    assert done.code != 0
    assert "git add pack/names.py" in done.err


def test_an_intent_to_add_module_is_not_in_the_commit(repo: Repo) -> None:
    repo.write("extra.py", "X = 1\n")
    repo.git("add", "-N", "extra.py")
    repo.write("models.py", "import extra\n" + repo.read("models.py"))
    repo.git("add", "models.py")
    done = repo.git("commit", "-qm", "extra", check=False)
    assert done.code != 0
    assert "git add extra.py" in done.err


def test_an_ignored_module_is_found_as_ever(repo: Repo) -> None:
    repo.write(".gitignore", "__pycache__/\nversion_made.py\n")
    repo.write("version_made.py", "NAME = 'email'\n")
    repo.write("models.py", "import version_made\n" + repo.read("models.py"))
    repo.add_columns("email")
    repo.git("commit", "-qam", "made")
    assert "email" in repo.new_revision()


def test_an_untracked_revision_file_does_not_count(repo: Repo) -> None:
    (path,) = repo.revisions()
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write("migrations/versions/stray.py", repo.read(path).replace('revision = "', 'revision = "f'))
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    assert repo.status() == "?? migrations/versions/stray.py\n"


def test_an_unstaged_deletion_of_a_revision_does_not_count(repo: Repo) -> None:
    (path,) = repo.revisions()
    repo.add_columns("email")
    repo.git("add", "models.py")
    (repo.top / path).unlink()
    repo.git("commit", "-qm", "email")
    text = repo.new_revision()
    assert "email" in text
    assert "create_table" not in text
    assert repo.status() == f" D {path}\n"


def test_unstaged_configuration_does_not_count(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write("pyproject.toml", '[tool.gitmig]\nmodels = ["nowhere:Base"]\n')
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    assert repo.status() == " M pyproject.toml\n"


def test_a_hand_written_revision_in_the_same_commit_covers_the_change(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    (path,) = [each for each in repo.changed() if each.startswith("migrations/")]
    text = repo.read(path)
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.add_columns("email")
    repo.write("migrations/versions/by_hand.py", text)
    repo.git("add", ".")
    repo.git("commit", "-qm", "by hand")
    assert sorted(repo.changed()) == ["migrations/versions/by_hand.py", "models.py"]
    assert repo.status() == ""


def test_what_editors_leave_behind_is_no_model_and_no_revision(repo: Repo) -> None:
    for name in (".models.py.swp", "models.py~", "#models.py#", "migrations/versions/.#made.py", "migrations/versions/made.py~"):
        repo.write(name, "nonsense (\n")
    (repo.top / ".#models.py").symlink_to("ada@host.example.4711")
    repo.git("add", ".")
    repo.add_table("orders")
    repo.git("commit", "-qam", "orders")
    assert [path for path in repo.changed() if path.endswith("create_orders.py")]
    models = repo.read("models.py")
    start = models.index("\n\nclass Orders")
    repo.write("models.py", models[:start])
    repo.write("more.py", "from models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n" + models[start:])
    repo.git("add", ".")
    done = repo.git("commit", "-qm", "moved", check=False)
    assert "more.py" in done.err
    assert "not imported" in done.err


def test_models_moved_to_another_file_ask_for_nothing(repo: Repo) -> None:
    models = repo.read("models.py")
    start = models.index("class User")
    repo.write("base.py", models[:start].rstrip() + "\n")
    repo.write("models.py", "from base import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n\n" + models[start:])
    repo.git("add", ".")
    repo.git("commit", "-qm", "moved")
    assert sorted(repo.changed()) == ["base.py", "models.py"]
    assert repo.status() == ""


def test_line_endings_of_another_system(repo: Repo) -> None:
    repo.git("config", "core.autocrlf", "true")
    repo.write(".gitattributes", "*.py text\n")
    repo.add_columns("email")
    (repo.top / "models.py").write_bytes(repo.read("models.py").replace("\n", "\r\n").encode())
    repo.git("add", ".")
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    assert repo.status() == ""


def test_symbolic_links_are_followed_inside_the_index(repo: Repo) -> None:
    repo.git("mv", "models.py", "real_models.py")
    (repo.top / "models.py").symlink_to("real_models.py")
    repo.git("add", ".")
    repo.git("commit", "-qm", "link")
    repo.add_columns("email", path="real_models.py")
    repo.git("add", "real_models.py")
    repo.add_columns("phone", path="real_models.py")
    repo.git("commit", "-qm", "email")
    text = repo.new_revision()
    assert "email" in text
    assert "phone" not in text


def test_a_file_that_git_was_told_not_to_watch_is_taken_from_the_index(repo: Repo) -> None:
    repo.git("update-index", "--assume-unchanged", "models.py")
    repo.add_columns("phone")
    repo.write("app.py", "VERSION = 2\n")
    repo.git("commit", "-qam", "app")
    assert repo.changed() == ["app.py"]


def test_a_smudge_filter_is_applied(repo: Repo) -> None:
    repo.git("config", "filter.rot.clean", "tr 'a-zA-Z' 'n-za-mN-ZA-M'")
    repo.git("config", "filter.rot.smudge", "tr 'a-zA-Z' 'n-za-mN-ZA-M'")
    repo.write(".gitattributes", "models.py filter=rot\n")
    repo.git("add", "--renormalize", ".")
    repo.git("add", ".")
    repo.git("commit", "-qm", "rot")
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.add_columns("phone")
    repo.git("commit", "-qm", "email")
    text = repo.new_revision()
    assert "email" in text
    assert "phone" not in text


def test_no_byte_code_of_the_users_is_poisoned(repo: Repo) -> None:
    """Equal length, same second: Python takes byte code that the hook wrote of the staged text for that of the unstaged one."""
    repo.write("models.py", repo.read("models.py").replace("class User", "SIZE = 51\n\n\nclass User"))
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write("models.py", repo.read("models.py").replace("SIZE = 51", "SIZE = 81"))
    repo.git("commit", "-qm", "size")
    assert repo.run(sys.executable, "-c", "import models; print(models.SIZE)").out == "81\n"


def test_stale_byte_code_is_not_believed(repo: Repo) -> None:
    old = repo.read("models.py").replace("class User", "XXXXX = 1\n\n\nclass User")
    repo.write("models.py", old + "    emall: Mapped[str | None]\n")
    py_compile.compile(str(repo.top / "models.py"))
    repo.write("models.py", old + "    email: Mapped[str | None]\n")
    cached = next((repo.top / "__pycache__").glob("models.*.pyc"))
    _same_time(repo.top / "models.py", cached)
    repo.git("commit", "-qam", "email")
    text = repo.new_revision()
    assert "email" in text
    assert "emall" not in text


def test_the_hook_writes_no_byte_code(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    assert not list(repo.top.rglob("*.pyc"))


def test_a_traceback_shows_the_staged_line(repo: Repo) -> None:
    good = repo.read("models.py")
    repo.write("models.py", good + "    email: Mapped[str | None]\nraise ValueError('staged' + ' text')\n")
    repo.git("add", "models.py")
    repo.write("models.py", good)
    done = repo.git("commit", "-qm", "broken", check=False)
    assert done.code != 0
    assert "models.py" in done.err
    assert "staged text" in done.err
    assert "GITMIG=0" in done.err


def _same_time(source: Path, cached: Path) -> None:
    """Make byte code look as if it belonged to the present source: the time and size in its header are what Python compares."""
    stat = source.stat()
    data = bytearray(cached.read_bytes())
    data[8:12] = int(stat.st_mtime).to_bytes(4, "little")
    data[12:16] = stat.st_size.to_bytes(4, "little")
    cached.write_bytes(bytes(data))
    # Written within a moment of each other, however slow this machine is.
    os.utime(cached, ns=(stat.st_atime_ns, stat.st_mtime_ns))
