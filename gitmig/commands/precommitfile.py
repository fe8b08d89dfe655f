""".pre-commit-config.yaml with our hooks in it. Edited as text: a team's comments and order stay as they are."""

from __future__ import annotations

import re
import textwrap

from gitmig.adapters.hookfiles import HOOKS, GitHook
from gitmig.errors import GitmigError

FILE = ".pre-commit-config.yaml"


def _id(hook: GitHook) -> str:
    return "gitmig" if hook.name == "pre-commit" else f"gitmig-{hook.name}"


def _item(hook: GitHook) -> str:
    return f"""\
      - id: {_id(hook)}
        name: {"gitmig" if hook.name == "pre-commit" else f"gitmig ({hook.name})"}
        entry: gitmig hook {hook.name}
        language: system
        always_run: true
        pass_filenames: false
        require_serial: true
        stages: [{hook.name}]
        verbose: true
"""


_BLOCK = "  - repo: local\n    hooks:\n"
TYPES = ", ".join(each.name for each in HOOKS)
HEAD = f"default_install_hook_types: [{TYPES}]\n"
_STAGES = "default_stages: [pre-commit]\n"
ENTRY = _BLOCK + "".join(_item(each) for each in HOOKS)
_NEW = f"""\
{HEAD}# pre-commit.ci cannot import the project's models; `gitmig check` in the project's own CI takes its place.
ci:
  skip: [gitmig]
repos:
{ENTRY}"""
_REPOS = re.compile(r"^repos:[ \t]*(?P<rest>[^\n]*)$", re.MULTILINE)
_ITEM = re.compile(r"^(?P<indent>[ \t]*)-[ \t]", re.MULTILINE)
_INSTALLED = re.compile(r"^default_install_hook_types:[ \t]*\[(?P<types>[^\]\n]*)\]", re.MULTILINE)


def with_entry(text: str | None) -> str:
    """``text`` (None: no file) with our hooks as the last entry of ``repos``; unchanged when it has all of them.

    `pre-commit install` is told to install each type of hook; where only pre-commit was installed so far, hooks that name no stage go on
    running in that one alone. Raises GitmigError where ``repos`` is written in a form that is left to a person.
    """
    if text is None:
        return _NEW
    missing = [hook for hook in HOOKS if not _has(text, hook)]
    return _with_types(_with_items(text, missing)) if missing else text


def without_entry(text: str) -> str:
    """``text`` without what `with_entry` writes, at whatever depth; unchanged where there is none of it."""
    before = text
    for indent in ("  ", "", "    "):
        block = _at(indent, _BLOCK)
        for hook in HOOKS:
            # Our items stand one after the other, so each in turn is the first of the block.
            text = text.replace(_at(indent, _BLOCK + _item(hook)), block)
        text = re.sub(rf"^{re.escape(block)}(?!{indent}  )", "", text, flags=re.MULTILINE)
    return text.replace(HEAD + _STAGES, "") if text != before else text


def installs_every_type(text: str) -> bool:
    """Whether `pre-commit install` alone installs all that our hooks need."""
    found = _INSTALLED.search(text)
    return found is not None and {each.name for each in HOOKS} <= set(_words(found["types"]))


def _has(text: str, hook: GitHook) -> bool:
    return re.search(rf"^\s*-?\s*id:\s*['\"]?{_id(hook)}['\"]?\s*(#.*)?$", text, re.MULTILINE) is not None


def _at(indent: str, block: str) -> str:
    return textwrap.indent(textwrap.dedent(block), indent)


def _with_items(text: str, hooks: list[GitHook]) -> str:
    entry = _BLOCK + "".join(_item(each) for each in hooks)
    found = _REPOS.search(text)
    if found is None:
        raise GitmigError(f"{FILE} has no `repos:` at the start of a line", f"Add this to it:\n\nrepos:\n{entry}")
    rest = found["rest"].partition("#")[0].strip()
    if rest == "[]":
        return text[: found.start()] + f"repos:\n{entry}" + text[found.end() :].lstrip("\n")
    if rest:
        raise GitmigError(f"{FILE} writes `repos` on one line", f"Add this to it:\n\nrepos:\n{entry}")
    end = _end_of_block(text, found.end())
    first = _ITEM.search(text, found.end(), end)
    block = _at(first["indent"] if first is not None else "  ", entry)
    head = text[:end].rstrip("\n")
    tail = text[end:]
    return f"{head}\n{block}" + (f"\n{tail}" if tail else "")


def _with_types(text: str) -> str:
    found = _INSTALLED.search(text)
    if found is not None:
        types = _words(found["types"])
        more = [each.name for each in HOOKS if each.name not in types]
        return text[: found.start("types")] + ", ".join([*types, *more]) + text[found.end("types") :]
    if re.search(r"^default_install_hook_types:", text, re.MULTILINE):
        return text
    stages = "" if re.search(r"^default_stages:", text, re.MULTILINE) else _STAGES
    return re.sub(r"^(?=repos:)", HEAD + stages, text, count=1, flags=re.MULTILINE)


def _words(text: str) -> list[str]:
    return [word.strip().strip("'\"") for word in text.split(",") if word.strip()]


def _end_of_block(text: str, start: int) -> int:
    """Where the next top-level key begins, or the end. A list may stand at the margin: its dashes are no keys."""
    for line in re.finditer(r"^(?=[^\s#-])", text[start:], re.MULTILINE):
        if line.start() > 0:
            return start + line.start()
    return len(text)
