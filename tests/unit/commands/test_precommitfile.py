from __future__ import annotations

import pytest

from gitmig.adapters.hookfiles import HOOKS
from gitmig.commands.precommitfile import ENTRY, HEAD, installs_every_type, with_entry, without_entry
from gitmig.errors import GitmigError

BEFORE = f"{HEAD}default_stages: [pre-commit]\n"
OTHER = "  - repo: https://example.org/other\n    rev: v1\n    hooks:\n      - id: other\n"


def test_a_new_file_holds_our_hook_and_leaves_the_hosted_service_out() -> None:
    text = with_entry(None)
    assert ENTRY in text
    assert "skip: [gitmig]" in text
    assert installs_every_type(text)


def test_our_hook_comes_last() -> None:
    assert with_entry(f"repos:\n{OTHER}") == f"{BEFORE}repos:\n{OTHER}{ENTRY}"


def test_what_follows_the_list_stays_behind_it() -> None:
    text = with_entry(f"repos:\n{OTHER}\n# a note\nfail_fast: true\n")
    assert text == f"{BEFORE}repos:\n{OTHER}\n# a note\n{ENTRY}\nfail_fast: true\n"


def test_what_stands_before_stays() -> None:
    assert with_entry(f"# ours\ndefault_stages: [pre-commit]\nrepos:\n{OTHER}").startswith("# ours\ndefault_stages")


def test_a_list_at_the_margin_is_followed() -> None:
    text = with_entry("repos:\n- repo: local\n  hooks: []\nci: {}\n")
    assert "\n- repo: local\n  hooks:\n    - id: gitmig\n" in text
    assert text.endswith("\nci: {}\n")


def test_an_empty_list_is_filled() -> None:
    assert with_entry("repos: []\n") == f"{BEFORE}repos:\n{ENTRY}"


def test_a_file_that_has_our_hooks_stays_as_it_is() -> None:
    ids = "".join(f"      - id: gitmig{'' if each.name == 'pre-commit' else f'-{each.name}'}  # here\n" for each in HOOKS)
    text = f"repos:\n  - repo: https://example.org/gitmig\n    hooks:\n{ids}"
    assert with_entry(text) == text


def test_an_entry_of_an_older_version_gets_the_hooks_that_it_lacks() -> None:
    older = "repos:\n" + ENTRY[: ENTRY.index("      - id: gitmig-")]
    text = with_entry(older)
    assert all(text.count(f"entry: gitmig hook {each.name}\n") == 1 for each in HOOKS)
    assert with_entry(text) == text
    assert "gitmig" not in without_entry(text)


def test_types_that_are_installed_already_are_added_to_and_other_hooks_keep_their_stages() -> None:
    text = with_entry(f"default_install_hook_types: [pre-commit, 'commit-msg']\nrepos:\n{OTHER}")
    assert text.startswith("default_install_hook_types: [pre-commit, commit-msg, ")
    assert installs_every_type(text)
    assert "default_stages" not in text
    listed = f"default_install_hook_types:\n- pre-commit\nrepos:\n{OTHER}"
    assert with_entry(listed) == f"{listed}{ENTRY}"
    assert not installs_every_type(listed)


@pytest.mark.parametrize("text", ["repos: [{repo: local, hooks: []}]\n", "fail_fast: true\n"])
def test_other_forms_are_left_to_a_person(text: str) -> None:
    with pytest.raises(GitmigError) as caught:
        with_entry(text)
    assert "- id: gitmig" in caught.value.hint


@pytest.mark.parametrize("text", [f"repos:\n{OTHER}", "repos:\n- repo: local\n  hooks: []\n"])
def test_taking_it_out_undoes_putting_it_in(text: str) -> None:
    assert without_entry(with_entry(text)) == text
    assert without_entry(text) == text
