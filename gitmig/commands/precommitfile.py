""".pre-commit-config.yaml with our hook in it. Edited as text: a team's comments and order stay as they are."""

from __future__ import annotations

import re
import textwrap

from gitmig.errors import GitmigError

FILE = ".pre-commit-config.yaml"
ENTRY = """\
  - repo: local
    hooks:
      - id: gitmig
        name: gitmig
        entry: gitmig hook pre-commit
        language: system
        always_run: true
        pass_filenames: false
        require_serial: true
        stages: [pre-commit]
        verbose: true
"""
_NEW = f"""\
# pre-commit.ci cannot import the project's models; `gitmig check` in the project's own CI takes its place.
ci:
  skip: [gitmig]
repos:
{ENTRY}"""
_OURS = re.compile(r"^\s*-?\s*id:\s*['\"]?gitmig['\"]?\s*(#.*)?$", re.MULTILINE)
_REPOS = re.compile(r"^repos:[ \t]*(?P<rest>[^\n]*)$", re.MULTILINE)
_ITEM = re.compile(r"^(?P<indent>[ \t]*)-[ \t]", re.MULTILINE)


def with_entry(text: str | None) -> str:
    """``text`` (None: no file) with our hook as the last entry of ``repos``; unchanged when it has it.

    Raises GitmigError where ``repos`` is written in a form that is left to a person.
    """
    if text is None:
        return _NEW
    if _OURS.search(text):
        return text
    found = _REPOS.search(text)
    if found is None:
        raise GitmigError(f"{FILE} has no `repos:` at the start of a line", f"Add this to it:\n\nrepos:\n{ENTRY}")
    rest = found["rest"].partition("#")[0].strip()
    if rest == "[]":
        return text[: found.start()] + f"repos:\n{ENTRY}" + text[found.end() :].lstrip("\n")
    if rest:
        raise GitmigError(f"{FILE} writes `repos` on one line", f"Add this to it:\n\nrepos:\n{ENTRY}")
    end = _end_of_block(text, found.end())
    first = _ITEM.search(text, found.end(), end)
    indent = first["indent"] if first is not None else "  "
    block = textwrap.indent(textwrap.dedent(ENTRY), indent)
    head = text[:end].rstrip("\n")
    tail = text[end:]
    return f"{head}\n{block}" + (f"\n{tail}" if tail else "")


def without_entry(text: str) -> str:
    """``text`` without the entry as `with_entry` writes it, at whatever depth; unchanged where there is none."""
    for indent in ("  ", "", "    "):
        block = textwrap.indent(textwrap.dedent(ENTRY), indent)
        if block in text:
            return text.replace(block, "")
    return text


def _end_of_block(text: str, start: int) -> int:
    """Where the next top-level key begins, or the end. A list may stand at the margin: its dashes are no keys."""
    for line in re.finditer(r"^(?=[^\s#-])", text[start:], re.MULTILINE):
        if line.start() > 0:
            return start + line.start()
    return len(text)
