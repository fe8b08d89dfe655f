"""Which command lines of git amend, and who this process descends from."""

from __future__ import annotations

import os

import pytest

from gitmig.adapters.amending import _from_ps, commit_arguments, read_arguments


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
        ("-qSkey -uno -a --gpg-sign=key --amend", True),
        ("-a -mx --mess=y --message z --amend", True),
        ("-m x", False),
        ("--amend --no-amend", False),
        ("-m x -- --amend", False),
        ("-a --allow-empty", False),
        ("-m --amend", False),
        ("-qam --amend", False),
        ("--message --amend", False),
        ("--mess --amend", False),
        ("--trailer --amend -m x", False),
        ("-C --amend", False),
        ("--fixup=amend:HEAD", False),
    ],
)
def test_whether_they_amend(arguments: str, amends: bool) -> None:
    asked = read_arguments(arguments.split())
    assert asked is not None
    assert asked.amend is amends


@pytest.mark.parametrize("arguments", ["--amend --new-in-2030", "--amend -Z", "-qaZ --amend", "--amend --a", "--amend --=x"])
def test_an_option_that_is_not_known_says_nothing_for_sure(arguments: str) -> None:
    assert read_arguments(arguments.split()) is None


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        ("--amend", set()),
        ("--amend --author=x", {"name"}),
        ("--amend --date now --auth x", {"name", "date"}),
        ("--amend --reset-author", {"name", "date"}),
        ("--amend -qC HEAD~3", {"name", "date"}),
        ("--amend -m --reset-author", set()),
    ],
)
def test_what_of_the_author_they_do_not_leave_to_head(arguments: str, own: set[str]) -> None:
    asked = read_arguments(arguments.split())
    assert asked is not None
    assert asked.own == own


def test_ps_knows_this_process() -> None:
    found = _from_ps(os.getpid())
    if found is None:
        pytest.skip("no ps here")
    parent, words = found
    assert parent == os.getppid()
    assert words
