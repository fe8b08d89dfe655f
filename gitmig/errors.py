"""What the user is told when something is wrong, and the exit code that goes with it.

An error is one sentence saying what is wrong and where, and one saying what to do next. Exit codes: 1 a check found
something, 2 usage or configuration, 3 it failed while working.
"""

from __future__ import annotations

import re

# The password of a URL may itself hold an "@", so everything up to the last one of the word is taken.
_URL_PASSWORD = re.compile(r"(?P<before>[A-Za-z][\w+.-]*://[^\s:/@'\"]*:)[^\s'\"]*(?=@)")
_KEY_PASSWORD = re.compile(r"(?P<before>\b(?:password|passwd|pwd)=)(?:'[^']*'|[^\s&;'\"]+)", re.IGNORECASE)


def redact(text: str) -> str:
    """``text`` without the passwords of URLs and connection strings in it: whatever is told goes through here."""
    if "://" in text:
        text = _URL_PASSWORD.sub(r"\g<before>***", text)
    return _KEY_PASSWORD.sub(r"\g<before>***", text) if "=" in text else text


def sentence(text: str) -> str:
    """``text`` with a full stop, unless it ends as a sentence already."""
    stripped = text.rstrip()
    return stripped if stripped.endswith((".", "?", "!", ":")) else f"{stripped}."


class GitmigError(Exception):
    """The base of every error that a user can cause or meet.

    ``message`` says what and where (without a final full stop), ``hint`` what to do next, possibly empty.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class CheckFailed(GitmigError):
    """A check looked and found something: models without a revision, two heads, drift."""

    exit_code = 1


class UsageError(GitmigError):
    """The command was asked for something that it cannot mean."""

    exit_code = 2


class CommandError(UsageError):
    """A mistake that programs catch by this name, which is Alembic's; scripts raise it too."""


class ConfigError(GitmigError):
    """Configuration is missing, unreadable or contradicts itself."""

    exit_code = 2


class ModelsError(GitmigError):
    """The user's models cannot be imported or name nothing."""

    exit_code = 2


class RevisionFileError(GitmigError):
    """A revision file cannot be read: its path (and line, where known) is in the message."""

    exit_code = 2


class GraphError(GitmigError):
    """The revision graph is broken (missing parent, cycle, repeated id), or a name in it means nothing or too much."""

    exit_code = 2


class GitError(GitmigError):
    """Git is missing, or says no."""

    exit_code = 2


class SchemaError(GitmigError):
    """An operation does not fit the schema that it meets."""

    exit_code = 3


class ArgumentMissing(SchemaError, CommandError):
    """A directive lacks what a dialect needs to be told."""


class NoSuchConstraint(SchemaError, ValueError):
    """A batch block drops a constraint that its table has not; scripts catch it as ValueError, as with Alembic."""


class NoSuchColumn(SchemaError, KeyError):
    """A batch block speaks of a column that its table has not; scripts catch it as KeyError, as with Alembic."""

    __str__ = GitmigError.__str__


class DatabaseError(GitmigError):
    """A database is down, refuses, or answers with an error."""

    exit_code = 3


class StatementChanged(DatabaseError):
    """A script does not say what it said when its run was interrupted."""


class LockTimeout(DatabaseError):
    """Another upgrade holds the lock and did not finish in time."""
