"""The configuration that `adopt` writes: what Alembic's files do not say, beside them."""

from __future__ import annotations

from dataclasses import dataclass

from gitmig.commands.init import TOML, append_table
from gitmig.commands.project import Project
from gitmig.config.texts import decode
from gitmig.errors import ConfigError
from gitmig.script.load import script_folder, version_folders
from gitmig.script.models import find_models
from gitmig.script.modelspec import candidates
from gitmig.script.pysource import read_sources

INI = "gitmig.ini"


@dataclass(frozen=True, slots=True)
class Overlay:
    """``file`` relative to the project's root, its whole new ``content``, and the ``text`` that is new in it."""

    file: str
    content: bytes
    text: str


def overlay(project: Project, *, models_known: bool) -> Overlay:
    """A table in pyproject.toml where there is one, else a gitmig.ini. ``models_known``: env.py tells the models, so they are not repeated.

    Raises ConfigError where the file cannot be added to.
    """
    toml = (project.root / TOML).is_file()
    models = () if models_known else _models(project)
    said = " and ".join(project.config.alembic_files)
    top = [f"# Beside {said}, which stays as it is: what it says holds here too, and a key written here wins over it."]
    if models_known:
        which = ["# The models are the target_metadata of env.py."]
    elif models:
        which = [_toml_models(models) if toml else f"models = {' '.join(models)}"]
    else:
        which = ["# env.py does not tell the models; write the name of your base:"]
        which.append('# models = ["app.models:Base"]' if toml else "# models = app.models:Base")
    if toml:
        lines = [*top, "[tool.gitmig]", *which, "", "[tool.gitmig.commit]", *_commit('"')]
        before = (project.root / TOML).read_bytes()
        content = append_table(TOML, before, lines)
        return Overlay(TOML, content, "\n".join(lines) + "\n")
    path = project.root / INI
    if path.exists():
        raise ConfigError(f"{INI} exists and has no [gitmig] section", "Write one there (it may be empty), or delete the file.")
    text = "\n".join([*top, "[gitmig]", *which, "", "[gitmig.commit]", *_commit("")]) + "\n"
    decode(INI, text.encode())
    return Overlay(INI, text.encode(), text)


def _commit(quote: str) -> list[str]:
    return [
        "# What the pre-commit hook does with a change of the models: stage, review, check, off; and with one that is not additive.",
        f"autogenerate = {quote}stage{quote}",
        f"unsafe = {quote}review{quote}",
    ]


def _models(project: Project) -> tuple[str, ...]:
    """The models line, where the source holds exactly one base."""
    skip = [script_folder(project.tree, project.config), *version_folders(project.tree, project.config)]
    sources = read_sources(project.tree, skip=skip)
    found = candidates(sources, find_models(sources))
    return found[0].models if len(found) == 1 else ()


def _toml_models(models: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{each}"' for each in models)
    return f"models = [{quoted}]"
