"""The post-checkout hook: what it says of the database, when it moves it, and when it keeps still."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.test_sync import Work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Branch feature with b2 and c3 applied, main with d4, the hook installed."""
    work = Work(tmp_path, f"sqlite:///{tmp_path}/app.db")
    work.repo.gitmig("install")
    work.feature()
    return work


def switch(work: Work, *words: str) -> str:
    return work.repo.git(*(words or ("switch", "-q", "main"))).err


def test_a_switch_tells_where_the_database_is_and_what_to_type(work: Work) -> None:
    switch(work, "switch", "-q", "feature")
    said = switch(work)
    assert "gitmig: the database is at c3, which this branch lacks: c3 lives on branch feature, commit " in said
    assert said.endswith("  Next: gitmig sync\n")
    work.gitmig("sync")
    assert "gitmig: the database is at d4, which this branch lacks" in switch(work, "switch", "-q", "feature")
    work.gitmig("sync")
    # Behind is told of as well, and a merge or a fast-forward tells as a checkout does.
    switch(work, "switch", "-qc", "behind", "feature~1")
    work.gitmig("sync")
    assert "gitmig: the database lacks c3 of this branch." in switch(work, "merge", "-q", "feature")

    # No branch, a file, the same branch: nothing is said. A rebase is under way at its first checkout; one that only moves on is done.
    for words in (
        ("checkout", "-q", "--detach", "main"),
        ("switch", "-q", "behind"),
        ("checkout", "main", "--", "."),
        ("reset", "-q", "--hard"),
    ):
        said = switch(work, *words)
        assert "gitmig" not in said or words[0] == "switch", words
    switch(work, "switch", "-qc", "topic", "feature~1")
    work.gitmig("sync")
    assert "gitmig: the database lacks c3 of this branch." in switch(work, "rebase", "-q", "feature")
    assert "GITMIG=0" in (work.repo.top / ".git/hooks/post-checkout").read_text()


def test_where_the_migrations_are_the_same_no_python_starts(work: Work) -> None:
    switch(work, "switch", "-q", "feature")
    switch(work)
    hook = work.repo.top / ".git/hooks/post-checkout"
    lines = ["python=/bin/echo run=/bin/sh" if line.startswith("python=") else line for line in hook.read_text().splitlines()]
    hook.write_text("\n".join(lines) + "\n")
    switch(work, "switch", "-qc", "same")
    work.repo.write("other.txt", "x")
    work.commit("nothing of the migrations")
    assert "post-checkout" not in switch(work)
    assert "post-checkout" in switch(work, "switch", "-q", "feature")
    assert "post-checkout" not in work.repo.git("switch", "-q", "main", env={"GITMIG": "0"}).err


def test_auto_moves_the_database_unless_something_is_lost_and_off_does_nothing(work: Work) -> None:
    for branch in ("feature", "main"):
        work.repo.git("switch", "-q", branch)
        text = work.repo.read("pyproject.toml")
        work.repo.write("pyproject.toml", f'{text}[tool.gitmig.checkout]\nsync = "auto"\n')
        work.commit("auto")
    assert work.project.rows() == {"c3"}
    switch(work, "switch", "-q", "feature")
    assert "gitmig: the database is at d4 now (2 back, 1 forward)." in switch(work)
    work.project.execute("INSERT INTO users (id, note) VALUES (1, 'mine')")
    said = switch(work, "switch", "-q", "feature")
    assert "gitmig: the database was not moved to this branch, because that loses users.note (1 value)." in said
    assert work.project.rows() == {"d4"} and work.project.query("SELECT note FROM users") == [("mine",)]

    # Whatever is wrong, the checkout itself goes through.
    work.repo.git("switch", "-qc", "broken")
    work.revision("b2", "nowhere")
    work.commit("broken")
    work.repo.git("switch", "-q", "feature")
    assert "gitmig: the database was not moved: migrations/versions/b2.py" in switch(work, "switch", "-q", "broken")
    work.repo.write("pyproject.toml", work.repo.read("pyproject.toml").replace('"auto"', '"off"'))
    work.repo.git("commit", "-qanm", "off")
    work.repo.git("switch", "-q", "main")
    assert "gitmig" not in switch(work, "switch", "-q", "broken")
