"""The services that a compose file beside the project names: hosts of a developer's own machine."""

from __future__ import annotations

import re
from pathlib import Path

from gitmig.adapters.configfile import git_top

_FILES = ("compose.y*ml", "compose.*.y*ml", "docker-compose*.y*ml")
_SERVICE = re.compile(r"( +)[\"']?([\w.-]+)[\"']?\s*:")
_ALIAS = re.compile(r"\s+(?:container_name|hostname)\s*:\s*[\"']?([\w.-]+)")


def compose_services(root: Path) -> frozenset[str]:
    """Names of services in the compose files of ``root`` and of the folders above it, up to git's top level."""
    top = git_top(root)
    found: set[str] = set()
    for folder in (root, *root.parents):
        for pattern in _FILES:
            for file in sorted(folder.glob(pattern)):
                found |= _services(file)
        if top is None or folder == top:
            break
    return frozenset(found)


def _services(file: Path) -> set[str]:
    """Read by lines: a service is a key one step under `services:`, and it may have other names. A file that cannot be read has none."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return set()
    found: set[str] = set()
    inside, step = False, ""
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            inside, step = line.partition("#")[0].strip() == "services:", ""
            continue
        service = _SERVICE.match(line)
        if not inside or service is None:
            continue
        step = step or service[1]
        if service[1] == step:
            found.add(service[2])
        elif (alias := _ALIAS.match(line)) is not None:
            found.add(alias[1])
    return found
