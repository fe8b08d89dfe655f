"""``alembic init``: a migrations folder from a folder of templates, and the configuration file that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gitmig.compat.alembic.configfile import Config
from gitmig.compat.alembic.util import CommandError
from gitmig.compat.alembic.utilmessaging import msg, status
from gitmig.config.texts import decode, parse_toml

_CONFIGURATION = ("alembic.ini.mako", "pyproject.toml.mako")


def template_lines(folder: Path) -> Iterator[str]:
    """Each template below ``folder`` as "name - first line of its README"."""
    for template in sorted(folder.iterdir()):
        readme = template / "README"
        if readme.is_file():
            yield f"{template.name} - {readme.read_text(encoding='utf-8').partition(chr(10))[0].strip()}"


def initialise(config: Config, directory: str, template: str, package: bool) -> None:
    """Make ``directory`` and what of the configuration is not there yet. Raises CommandError before anything is written."""
    folder, source = Path(directory), config._get_template_path() / template
    if folder.is_dir() and any(folder.iterdir()):
        raise CommandError(f"Directory {directory} already exists and is not empty")
    if not source.is_dir():
        raise CommandError(f"No such template {source}")
    quiet = dict(config.messaging_opts)
    for each in (folder, folder / "versions"):
        if not each.is_dir():
            with status(f"Creating directory {each.absolute()}", **quiet):
                each.mkdir(parents=True)
    names = {"script_location": folder.as_posix() if folder.is_absolute() else f"%(here)s/{folder.as_posix()}"}
    for file in sorted(source.iterdir()):
        if not file.is_file():
            continue
        if file.name == "alembic.ini.mako":
            _ini(Path(config.config_file_name or "alembic.ini"), file, names, quiet)
        elif file.name == "pyproject.toml.mako":
            _toml(Path(config.toml_file_name or "pyproject.toml"), file, names, quiet)
        else:
            with status(f"Generating {(folder / file.name).absolute()}", **quiet):
                (folder / file.name).write_bytes(file.read_bytes())
    for each in (folder, folder / "versions") if package else ():
        with status(f"Adding {(each / '__init__.py').absolute()}", **quiet):
            (each / "__init__.py").touch()
    msg(f"Please edit {_to_edit(config, source)} before proceeding.", **quiet)


def _ini(target: Path, source: Path, names: Mapping[str, str], quiet: dict[str, Any]) -> None:
    if target.exists():
        msg(f"File {target.absolute()} already exists, skipping", **quiet)
        return
    with status(f"Generating {target.absolute()}", **quiet):
        target.write_text(_rendered(source, {**names, "here": target.absolute().parent.as_posix()}), encoding="utf-8")


def _toml(target: Path, source: Path, names: Mapping[str, str], quiet: dict[str, Any]) -> None:
    """A TOML file belongs to the project: what is there stays, and ours is added at its end."""
    text = _rendered(source, names)
    before = decode(str(target), target.read_bytes()) if target.exists() else ""
    tool = parse_toml(str(target), before).get("tool", {})
    if "alembic" in tool:
        msg(f"File {target.absolute()} already exists and already has a [tool.alembic] section, skipping", **quiet)
        return
    verb = "Appending to" if before else "Generating"
    with status(f"{verb} {target.absolute()}", **quiet):
        target.write_bytes((f"{before}\n\n{text}" if before else text).encode())


def _rendered(source: Path, names: Mapping[str, str]) -> str:
    from mako.template import Template

    return str(Template(source.read_text(encoding="utf-8"), uri=source.name).render_unicode(**names))


def _to_edit(config: Config, source: Path) -> str:
    ini = f"configuration/connection/logging settings in {Path(config.config_file_name or 'alembic.ini').absolute()}"
    if (source / "pyproject.toml.mako").is_file():
        return f"configuration settings in {Path(config.toml_file_name or 'pyproject.toml').absolute()} and {ini}"
    return ini
