"""New revision files: the text from a Mako template, the name from `file_template`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gitmig.config import Config
from gitmig.errors import ConfigError
from gitmig.script.layout import lay_out, python

EMPTY_MESSAGE = "empty message"
UPGRADES, DOWNGRADES = "upgrades", "downgrades"
"""How a template calls the lines of the two functions."""
_DATE_TOKENS = ("epoch", "year", "month", "day", "hour", "minute", "second")
_WORD = re.compile(r"\w+")
# What cannot stand in a docstring as it is: control characters, and halves of surrogate pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_RISKY_QUOTES = re.compile(r'"{3,}|^"+|"+$')


@dataclass(frozen=True, slots=True)
class RevisionPart:
    """The functions ``upgrade_<name>()`` and ``downgrade_<name>()`` of a revision for several databases; statements as in `NewRevision`."""

    name: str
    upgrades: str = ""
    downgrades: str = ""


@dataclass(frozen=True, slots=True)
class NewRevision:
    """What is put into a template. ``upgrades``, ``downgrades`` are statements whose second and later lines are indented by
    four blanks, ``imports`` whole lines; all are empty for a revision that a person will write. ``tokens`` are the template's names of
    the first two."""

    id: str
    message: str | None = None
    down: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    imports: str = ""
    upgrades: str = ""
    downgrades: str = ""
    parts: tuple[RevisionPart, ...] = ()
    tokens: tuple[str, str] = (UPGRADES, DOWNGRADES)


def is_dated(config: Config) -> bool:
    """Whether `timezone` or `file_template` ask for the date."""
    return config.timezone is not None or any(f"%({token})" in config.file_template for token in _DATE_TOKENS)


def render_revision(
    template: str,
    new: NewRevision,
    created: datetime,
    config: Config,
    *,
    template_path: str,
    script_config: object = None,
    extra: Mapping[str, object] | None = None,
) -> bytes:
    """The file's content in `output_encoding`.

    ``template`` is Mako, with the variables that Alembic gives it (``script_config`` is its ``config``, ``extra`` what env.py
    adds) and ours: ``dated``, ``assignment(name, value)``. Raises ConfigError where the template fails, with its line.
    """
    from mako import exceptions
    from mako.template import Template

    variables: dict[str, object] = {
        "up_revision": new.id,
        "down_revision": _scalar(new.down),
        "branch_labels": new.labels or None,
        "depends_on": new.depends_on[0] if len(new.depends_on) == 1 else list(new.depends_on) or None,
        "create_date": created,
        "comma": _comma,
        "message": docstring_text(new.message or "") or EMPTY_MESSAGE,
        "config": script_config,
        "dated": is_dated(config),
        "assignment": assignment,
        "parts": new.parts,
        **(extra or {}),
    }
    for name, text in (("imports", new.imports), (new.tokens[0], new.upgrades), (new.tokens[1], new.downgrades)):
        if text:
            variables[name] = text
    try:
        text = str(Template(template, uri=template_path).render_unicode(**variables))
    except exceptions.MakoException as error:
        raise _failed(template_path, str(error)) from error
    except Exception as error:
        line = next((place[5] for place in reversed(exceptions.RichTraceback().records) if place[5]), None)
        where = f"{template_path}:{line}" if line else template_path
        raise _failed(where, f"{type(error).__name__}: {error}") from error
    return _encoded(text.replace("\r\n", "\n"), config.output_encoding)


def _failed(where: str, why: str) -> ConfigError:
    return ConfigError(f"{where}: the template of revision files fails: {why}", "Correct it, or copy one with `gitmig init`.")


def _encoded(text: str, encoding: str) -> bytes:
    try:
        content = text.encode(encoding)
    except LookupError:
        raise ConfigError(f"`output_encoding` is '{encoding}', which Python does not know", "Write utf-8.") from None
    except UnicodeEncodeError as error:
        raise ConfigError(
            f"`output_encoding` is '{encoding}', which has no {error.object[error.start : error.end]!r}", "Write utf-8."
        ) from None
    try:
        plain = content.decode("utf-8") == text
    except UnicodeDecodeError:
        plain = False
    # Python reads a source without a coding comment as UTF-8.
    return content if plain or "coding" in text.partition("\n")[0] else f"# coding: {encoding}\n".encode() + content


def docstring_text(message: str) -> str:
    """``message`` so that it can stand between triple quotes and a formatter leaves it alone."""
    lines = [line.expandtabs(8).rstrip() for line in re.split(r"\r\n|\r|\n", message.strip())]
    text = _UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape").decode(), "\n".join(lines).replace("\\", "\\\\"))
    # Three together would end the docstring, and at either end one would run into the template's own.
    return _RISKY_QUOTES.sub(lambda found: '\\"' * len(found.group()), text)


def assignment(name: str, value: object) -> str:
    """``name = value`` as a formatter writes it, over several lines where one is too long."""
    plain = tuple(value) if isinstance(value, list) else value
    return "\n".join(lay_out(python(plain), prefix=f"{name} = "))


def _scalar(names: Sequence[str]) -> str | tuple[str, ...] | None:
    return names[0] if len(names) == 1 else tuple(names) or None


def _comma(value: object) -> str:
    """Alembic's filter of that name: ids with commas between them."""
    if not value or value == "None":
        return ""
    return value if isinstance(value, str) else ", ".join(map(str, value if isinstance(value, (tuple, list)) else (value,)))


def file_name(config: Config, id: str, message: str | None, created: datetime) -> str:
    """The file's name by `file_template`, with folders where that has slashes. Raises ConfigError for a bad template."""
    values = {
        "rev": id,
        "slug": slug(message or "", config.truncate_slug_length),
        "epoch": int(created.timestamp()),
        "year": created.year,
        "month": created.month,
        "day": created.day,
        "hour": created.hour,
        "minute": created.minute,
        "second": created.second,
    }
    try:
        name = config.file_template % values
    except (KeyError, ValueError, TypeError) as error:
        raise ConfigError(
            f"{config.source}: `file_template` is {config.file_template!r}, which cannot be filled in: {error}",
            f"It may use {', '.join(f'%({each})s' for each in values)}.",
        ) from None
    parts = name.replace("\\", "/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ConfigError(f"{config.source}: `file_template` makes the file name '{name}.py'", "Keep it below the versions folder.")
    return f"{name}.py"


def slug(message: str, length: int) -> str:
    """The words of ``message`` in lower case with `_` between them; one longer than ``length`` (0: any) ends at a word."""
    text = "_".join(_WORD.findall(message)).lower()
    if not length or len(text) <= length:
        return text
    return text[:length].rsplit("_", 1)[0] + "_"
