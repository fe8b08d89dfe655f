"""commit.autogenerate and commit.unsafe, and the file that is left for a person to read."""

from __future__ import annotations

import pytest

from tests.e2e.gitkit import Repo


def set_modes(repo: Repo, **modes: str) -> None:
    lines = "".join(f'{name} = "{mode}"\n' for name, mode in modes.items())
    repo.write("pyproject.toml", repo.read("pyproject.toml") + f"[tool.gitmig.commit]\n{lines}")
    repo.git("commit", "-qam", "modes")


@pytest.fixture
def emails(repo: Repo) -> Repo:
    """Two commits: users, and their e-mail address."""
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    return repo


def drop_email(repo: Repo) -> None:
    repo.write("models.py", repo.read("models.py").replace("    email: Mapped[str | None]\n", ""))


def left_over(repo: Repo) -> str:
    """The one untracked revision file."""
    (line,) = [line for line in repo.status().splitlines() if line.startswith("?? ")]
    return line[3:]


def test_what_loses_data_stops_for_review_and_joins_the_next_commit(emails: Repo) -> None:
    drop_email(emails)
    before = emails.head()
    stopped = emails.git("commit", "-qam", "drop", check=False)
    assert stopped.code == 1
    assert emails.head() == before
    path = left_over(emails)
    assert path in stopped.err
    assert "email" in stopped.err
    assert "git commit" in stopped.err
    assert emails.status() == f" M models.py\n?? {path}\n"
    emails.git("commit", "-qam", "drop")
    assert sorted(emails.changed()) == sorted([path, "models.py"])
    assert emails.status() == ""


def test_the_index_is_as_it_was_when_the_hook_stops(emails: Repo) -> None:
    drop_email(emails)
    emails.git("add", "models.py")
    before = emails.git("ls-files", "-s").out
    assert emails.git("commit", "-qm", "drop", check=False).code == 1
    assert emails.git("ls-files", "-s").out == before


def test_a_reviewed_file_goes_in_as_the_person_left_it(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    path = left_over(emails)
    emails.write(path, emails.read(path) + "# checked: nobody uses it\n")
    emails.git("commit", "-qam", "drop")
    assert "nobody uses it" in emails.new_revision()
    assert emails.status() == ""


def test_a_reviewed_file_that_was_staged_goes_in_too(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    emails.git("add", left_over(emails), "models.py")
    emails.git("commit", "-qm", "drop")
    assert len(emails.changed()) == 2
    assert emails.status() == ""


def test_a_file_staged_and_then_edited_stops_with_the_line_to_type(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    path = left_over(emails)
    emails.git("add", path, "models.py")
    emails.write(path, emails.read(path) + "# one more thought\n")
    done = emails.git("commit", "-qm", "drop", check=False)
    assert done.code == 1
    assert f"git add {path}" in done.err
    emails.git("add", path)
    emails.git("commit", "-qm", "drop")
    assert "one more thought" in emails.new_revision()
    emails.write(path, emails.read(path) + "# long after\n")
    emails.write("app.py", "VERSION = 9\n")
    emails.git("commit", "-qm", "app", "app.py")
    assert emails.changed() == ["app.py"]


def test_a_file_left_for_review_stays_out_of_other_commits(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    path = left_over(emails)
    emails.write("app.py", "VERSION = 2\n")
    emails.git("commit", "-qm", "app", "app.py")
    assert emails.changed() == ["app.py"]
    assert emails.status() == f" M models.py\n?? {path}\n"
    emails.git("commit", "-qam", "drop")
    assert path in emails.changed()
    assert emails.status() == ""


def test_a_file_left_for_review_that_was_deleted_is_written_again(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    path = left_over(emails)
    (emails.top / path).unlink()
    assert emails.git("commit", "-qam", "drop", check=False).code == 1
    assert left_over(emails) == path


def test_taking_the_change_back_needs_no_revision(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    (emails.top / left_over(emails)).unlink()
    emails.git("checkout", "-q", "models.py")
    emails.write("app.py", "VERSION = 2\n")
    emails.git("commit", "-qam", "app")
    assert emails.changed() == ["app.py"]
    assert emails.status() == ""


def test_more_changes_after_a_stop_replace_the_file(emails: Repo) -> None:
    drop_email(emails)
    emails.git("commit", "-qam", "drop", check=False)
    first = left_over(emails)
    emails.add_columns("phone")
    emails.git("commit", "-qam", "drop", check=False)
    second = left_over(emails)
    assert second != first
    text = emails.read(second)
    assert "email" in text
    assert "phone" in text
    emails.git("commit", "-qam", "drop")
    assert sorted(emails.changed()) == sorted([second, "models.py"])
    assert emails.status() == ""


def test_review_for_everything(repo: Repo) -> None:
    set_modes(repo, autogenerate="review")
    repo.add_columns("email")
    assert repo.git("commit", "-qam", "email", check=False).code == 1
    path = left_over(repo)
    repo.git("commit", "-qam", "email")
    assert path in repo.changed()
    assert repo.status() == ""


def test_check_writes_nothing_and_stops(repo: Repo) -> None:
    set_modes(repo, autogenerate="check")
    repo.add_columns("email")
    done = repo.git("commit", "-qam", "email", check=False)
    assert done.code == 1
    assert "gitmig revision --autogenerate" in done.err
    assert "email" in done.err
    assert repo.status() == " M models.py\n"


def test_check_for_what_is_unsafe_only(emails: Repo) -> None:
    set_modes(emails, unsafe="check")
    emails.add_columns("phone")
    emails.git("commit", "-qam", "phone")
    drop_email(emails)
    assert emails.git("commit", "-qam", "drop", check=False).code == 1
    assert emails.status() == " M models.py\n"


def test_unsafe_may_be_staged_like_anything_else(emails: Repo) -> None:
    set_modes(emails, unsafe="stage")
    drop_email(emails)
    done = emails.git("commit", "-qam", "drop")
    assert "email" in emails.new_revision()
    assert "!" in done.err
    assert emails.status() == ""


def test_the_stricter_of_the_two_wins(emails: Repo) -> None:
    set_modes(emails, autogenerate="check", unsafe="stage")
    drop_email(emails)
    assert emails.git("commit", "-qam", "drop", check=False).code == 1
    assert emails.status() == " M models.py\n"


def test_off_is_off(emails: Repo) -> None:
    set_modes(emails, autogenerate="off")
    drop_email(emails)
    done = emails.git("commit", "-qam", "drop")
    assert emails.changed() == ["models.py"]
    assert done.err == ""


def test_skipping_once(repo: Repo) -> None:
    repo.add_columns("email")
    done = repo.git("commit", "-qam", "email", env={"GITMIG": "0"})
    assert repo.changed() == ["models.py"]
    assert done.err == ""


def test_in_ci_the_hook_checks_and_writes_nothing(repo: Repo) -> None:
    repo.add_columns("email")
    done = repo.git("commit", "-qam", "email", check=False, env={"CI": "true"})
    assert done.code == 1
    assert "email" in done.err
    assert repo.status() == " M models.py\n"


def test_outside_a_commit_the_hook_checks_and_writes_nothing(repo: Repo) -> None:
    assert repo.gitmig("hook", "pre-commit").code == 0
    repo.add_columns("email")
    assert repo.gitmig("hook", "pre-commit").code == 0
    repo.git("add", "models.py")
    done = repo.gitmig("hook", "pre-commit", check=False)
    assert done.code == 1
    assert repo.status() == "M  models.py\n"


def with_write_hook(repo: Repo) -> None:
    script = repo.write("tidy.sh", "#!/bin/sh\necho '# tidied' >> \"$1\"\n")
    script.chmod(0o755)
    repo.write(
        "pyproject.toml",
        repo.read("pyproject.toml") + '[[tool.gitmig.post_write_hooks]]\nname = "tidy"\ntype = "exec"\nexecutable = "./tidy.sh"\n',
    )
    repo.git("add", ".")
    repo.git("commit", "-qm", "tidy")


def test_post_write_hooks_run_before_the_file_is_staged(emails: Repo) -> None:
    with_write_hook(emails)
    emails.add_columns("phone")
    emails.git("commit", "-qam", "phone")
    assert "# tidied" in emails.new_revision()
    assert emails.status() == ""


def test_a_tidied_file_left_for_review_is_known_again(emails: Repo) -> None:
    with_write_hook(emails)
    drop_email(emails)
    assert emails.git("commit", "-qam", "drop", check=False).code == 1
    assert emails.read(left_over(emails)).count("# tidied") == 1
    emails.git("commit", "-qam", "drop")
    assert emails.new_revision().count("# tidied") == 1
    assert emails.status() == ""


def test_a_project_that_has_only_alembics_files(emails: Repo) -> None:
    emails.git("rm", "-q", "pyproject.toml")
    emails.write("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///app.db\n")
    emails.write(
        "migrations/env.py",
        "from alembic import context\n\nfrom models import Base\n\ntarget_metadata = Base.metadata\n\n"
        "if context.is_offline_mode():\n    context.configure(url='sqlite://', target_metadata=target_metadata)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n",
    )
    emails.git("add", ".")
    emails.git("commit", "-qm", "alembic")
    assert not [path for path in emails.changed() if "versions" in path]
    emails.add_columns("phone")
    emails.git("commit", "-qam", "phone")
    assert "phone" in emails.new_revision()
    assert emails.status() == ""
