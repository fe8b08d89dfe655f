"""``alembic.util.messaging``: what is told to a user."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import Any, NoReturn, TextIO

from sqlalchemy.engine import make_url

from gitmig.compat.alembic.util import CommandError

__all__ = [
    "TERMWIDTH",
    "err",
    "format_as_comma",
    "msg",
    "obfuscate_url_pw",
    "status",
    "warn",
    "warn_deprecated",
    "write_outstream",
]

TERMWIDTH: int | None = None
"""The width of the terminal, None where nobody has asked for it: text is not wrapped."""

_log = logging.getLogger("alembic.util.messaging")


def write_outstream(stream: TextIO, *text: Any, quiet: bool = False) -> None:
    """The text, in what the stream can hold of it."""
    if quiet:
        return
    encoding = getattr(stream, "encoding", None) or "ascii"
    for each in text:
        decoded = each.decode(encoding, "replace") if isinstance(each, bytes) else str(each)
        stream.write(decoded.encode(encoding, "replace").decode(encoding))


def msg(msg: str, newline: bool = True, flush: bool = False, quiet: bool = False) -> None:
    """Tell the user something, on stdout."""
    if quiet:
        return
    write_outstream(sys.stdout, msg, "\n" if newline else "")
    if flush:
        sys.stdout.flush()


def warn(msg: str, stacklevel: int = 2) -> None:
    warnings.warn(msg, UserWarning, stacklevel=stacklevel)


def warn_deprecated(msg: str, stacklevel: int = 2) -> None:
    warnings.warn(msg, DeprecationWarning, stacklevel=stacklevel)


def err(message: str, quiet: bool = False) -> NoReturn:
    """Raises CommandError, where Alembic's command line would end the process with the message."""
    _log.error(message)
    raise CommandError(message)


class status:
    """``with util.status("Doing it"):`` tells what is done, and whether it was."""

    def __init__(self, status_msg: str, newline: bool = False, quiet: bool = False) -> None:
        self._message = status_msg
        self._newline = newline
        self._quiet = quiet

    def __enter__(self) -> None:
        msg(f"{self._message} ...", newline=self._newline, flush=True, quiet=self._quiet)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._quiet:
            write_outstream(sys.stdout, "  FAILED\n" if kind is not None else "  done\n")


def obfuscate_url_pw(input_url: str) -> str:
    """The URL without its password."""
    return make_url(input_url).render_as_string(hide_password=True)


def format_as_comma(value: str | Iterable[str] | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else ", ".join(value)
