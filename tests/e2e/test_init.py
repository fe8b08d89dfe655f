"""`gitmig init`: what a new user's first command does, and does not do."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from configparser import ConfigParser
from pathlib import Path

import pytest

from gitmig.config.texts import parse_toml

ROOT = Path(__file__).resolve().parents[2]
MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def gitmig(folder: Path, *words: str, code: int = 0, before: Callable[[], None] | None = None) -> str:
    """Run a command; its stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "gitmig", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=before,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def ini(folder: Path) -> ConfigParser:
    parser = ConfigParser({"here": str(folder)})
    parser.read(folder / "gitmig.ini", "utf-8")
    return parser


def test_without_pyproject_the_configuration_is_an_ini_in_alembics_shape(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    out = gitmig(tmp_path, "init")
    section = ini(tmp_path)["gitmig"]
    assert section["script_location"] == f"{tmp_path}/migrations"
    assert section["sqlalchemy.url"] == "sqlite:///app.db"
    assert section["models"] == "models:Base"
    assert (tmp_path / "migrations/env.py").is_file()
    assert (tmp_path / "migrations/versions").is_dir()
    assert "models:Base (1 table, models.py:5)" in out
    assert "sqlite:///app.db (a guess" in out


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_pyproject_gets_a_table_at_its_end_and_keeps_every_byte(tmp_path: Path, end: str) -> None:
    before = f"# Grüße{end}[project]{end}name   = 'x'{end}{end}[tool.other]{end}a = 1".encode()
    (tmp_path / "pyproject.toml").write_bytes(before)
    (tmp_path / "models.py").write_text(MODELS)
    gitmig(tmp_path, "init", "db")
    after = (tmp_path / "pyproject.toml").read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in after) == (end == "\r\n")
    assert after.count(b"\n") == after.count(end.encode())
    assert parse_toml("pyproject.toml", after.decode())["tool"]["gitmig"] == {
        "script_location": "db",
        "url": "sqlite:///app.db",
        "models": ["models:Base"],
    }
    assert not (tmp_path / "gitmig.ini").exists()


def test_a_table_that_cannot_be_appended_is_shown_and_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool = {other = 1}\n")
    before = snapshot(tmp_path)
    assert '[tool.gitmig]\nscript_location = "migrations"' in gitmig(tmp_path, "init", code=2)
    assert snapshot(tmp_path) == before


def test_a_broken_pyproject_is_named_with_its_line_and_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = \n")
    before = snapshot(tmp_path)
    assert "pyproject.toml:2" in gitmig(tmp_path, "init", code=2)
    assert snapshot(tmp_path) == before


def test_a_folder_in_use_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/mine.txt").write_text("mine")
    before = snapshot(tmp_path)
    assert "exists and is not empty" in gitmig(tmp_path, "init", code=2)
    assert snapshot(tmp_path) == before


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    gitmig(tmp_path, "init")
    assert (tmp_path / "migrations/env.py").is_file()


def test_configuration_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "gitmig.ini").write_text("[gitmig]\nscript_location = migrations\nurl = sqlite:///mine.db\n")
    before = (tmp_path / "gitmig.ini").read_bytes()
    assert "gitmig.ini [gitmig] stays as it is" in gitmig(tmp_path, "init")
    assert (tmp_path / "gitmig.ini").read_bytes() == before
    assert (tmp_path / "migrations/env.py").is_file()


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    before = snapshot(tmp_path)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    out = gitmig(tmp_path, "init", code=2, before=limit)
    assert "nothing was changed" in out
    assert snapshot(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_an_unknown_template_is_answered_with_near_names(tmp_path: Path) -> None:
    assert "Did you mean generic?" in gitmig(tmp_path, "init", "-t", "generc", code=2)
    assert list(tmp_path.iterdir()) == []
    assert "generic" in gitmig(tmp_path, "list-templates")
    assert gitmig(tmp_path, "list_templates", "--json").startswith('[\n  {\n    "name": "generic"')


def test_package_makes_both_folders_importable(tmp_path: Path) -> None:
    gitmig(tmp_path, "init", "--package", "db")
    assert (tmp_path / "db/__init__.py").is_file()
    assert (tmp_path / "db/versions/__init__.py").is_file()


def test_names_with_spaces_quotes_percent_and_letters_work(tmp_path: Path) -> None:
    root = tmp_path / 'mein 100% "Ördner"'
    root.mkdir()
    gitmig(root, "init", "die 'Züge' 5%")
    assert ConfigParser({"here": str(root).replace("%", "%%")}).read(root / "gitmig.ini", "utf-8")
    assert (root / "die 'Züge' 5%/env.py").is_file()
    assert "die 'Züge' 5%" in gitmig(root, "init", "die 'Züge' 5%", code=2)


def test_the_configuration_goes_where_c_says(tmp_path: Path) -> None:
    gitmig(tmp_path, "-c", "other.ini", "init")
    assert (tmp_path / "other.ini").is_file() and not (tmp_path / "gitmig.ini").exists()


def test_several_bases_are_listed_with_the_line_to_type(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(MODELS)
    (tmp_path / "b.py").write_text(MODELS.replace("users", "others"))
    out = gitmig(tmp_path, "init")
    assert "  models = a:Base    (1 table, a.py:5)\n" in out
    assert "  models = b:Base    (1 table, b.py:5)\n" in out
    assert "models" not in ini(tmp_path)["gitmig"]


def test_the_src_layout_needs_no_edit(tmp_path: Path) -> None:
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/__init__.py").write_text("")
    (tmp_path / "src/shop/models.py").write_text(MODELS)
    gitmig(tmp_path, "init")
    section = ini(tmp_path)["gitmig"]
    assert (section["models"], section["prepend_sys_path"]) == ("shop.models:Base", "src")


def test_a_password_in_the_source_is_not_written_down(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS + "import sqlalchemy\nsqlalchemy.create_engine('mysql://me:geheim@h/d')\n")
    out = gitmig(tmp_path, "init")
    assert "geheim" not in out
    assert ini(tmp_path)["gitmig"]["sqlalchemy.url"] == "mysql://me:${DATABASE_PASSWORD}@h/d"
    assert "DATABASE_PASSWORD" in out


def test_a_file_that_does_not_parse_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "broken.py").write_text("def f(:\n")
    out = gitmig(tmp_path, "init")
    assert "broken.py" in out and "models:Base" in out


FLASK_FACTORY = """
import os
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


def create_app(test_config=None):
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
    db.init_app(app)
    return app


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
"""


def test_a_flask_factory_whose_uri_cannot_be_read_is_the_app(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text(FLASK_FACTORY)
    gitmig(tmp_path, "init")
    section = ini(tmp_path)["gitmig"]
    assert (section["app"], section["models"]) == ("shop:create_app", "shop:db")
    assert "sqlalchemy.url" not in section


def test_a_literal_flask_uri_is_the_file_in_the_instance_folder(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(FLASK_FACTORY.replace('os.environ["DATABASE_URL"]', '"sqlite:///shop.db"'))
    gitmig(tmp_path, "init")
    section = ini(tmp_path)["gitmig"]
    assert section["sqlalchemy.url"] == "sqlite:///instance/shop.db"
    assert "app" not in section


def test_the_users_own_traceback_is_shown_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    gitmig(tmp_path, "init")
    (tmp_path / "models.py").write_text("def f():\n    return 1 / 0\n\n\nf()\n")
    told = gitmig(tmp_path, "diff", code=2)
    assert "models.py:2: return 1 / 0" in told and "Traceback" not in told
    assert 'models.py", line 5, in <module>' in gitmig(tmp_path, "--traceback", "diff", code=2)


def test_commands_without_configuration_say_how_to_get_one(tmp_path: Path) -> None:
    for command in ("heads", "history", "upgrade", "current", "diff"):
        assert "`gitmig init` makes one" in gitmig(tmp_path, command, code=2)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_configuration_is_named_with_file_and_line_by_every_command(tmp_path: Path) -> None:
    (tmp_path / "gitmig.ini").write_text("[gitmig]\nscript_location = m\nurl = a%b\n")
    for command in ("heads", "upgrade", "diff"):
        assert "gitmig.ini:3: 'url' holds a single %" in gitmig(tmp_path, command, code=2)


def test_an_unset_variable_stops_only_what_connects(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    gitmig(tmp_path, "init")
    text = (tmp_path / "gitmig.ini").read_text("utf-8")
    (tmp_path / "gitmig.ini").write_text(text.replace("sqlite:///app.db", "postgresql://me:${NO_SUCH}@h/d"), "utf-8")
    gitmig(tmp_path, "heads")
    gitmig(tmp_path, "revision", "--autogenerate", "-m", "first")
    for command in ("current", "upgrade"):
        assert "environment variable NO_SUCH, which is unset" in gitmig(tmp_path, command, code=2)
