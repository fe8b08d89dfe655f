"""Which command lines of git amend, and who this process descends from."""

from __future__ import annotations

import os

import pytest

from gitmig.adapters.amending import _from_ps, asks_to_amend, commit_arguments


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("git commit --amend", ["--amend"]),
        ("/usr/lib/git-core/git -c x.y=z -C sub --no-pager commit -qa", ["-qa"]),
        ("C:/Git/git.exe commit", []),
        ("git -C commit status", None),
        ("git rebase --continue", None),
        ("git", None),
        ("/bin/sh .git/hooks/pre-commit", None),
        ("", None),
    ],
)
def test_the_arguments_of_git_commit(line: str, arguments: list[str] | None) -> None:
    assert commit_arguments(line.split()) == arguments


@pytest.mark.parametrize(
    ("arguments", "amends"),
    [
        ("--amend --no-edit", True),
        ("-qa --am -m x", True),
        ("models.py --amend", True),
        ("-m x", False),
        ("--amend --no-amend", False),
        ("-m x -- --amend", False),
        ("-a --allow-empty", False),
    ],
)
def test_whether_they_amend(arguments: str, amends: bool) -> None:
    assert asks_to_amend(arguments.split()) is amends


def test_ps_knows_this_process() -> None:
    found = _from_ps(os.getpid())
    if found is None:
        pytest.skip("no ps here")
    parent, words = found
    assert parent == os.getppid()
    assert words
