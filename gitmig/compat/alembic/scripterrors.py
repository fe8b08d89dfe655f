"""Errors on the border to applications that call Alembic's functions: theirs come out as they were raised, ours as CommandError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gitmig.compat.alembic.revision import MultipleHeads, RangeNotAncestorError, ResolutionError, RevisionError, revision_error
from gitmig.compat.alembic.util import CommandError
from gitmig.errors import DatabaseError, GitmigError, GraphError
from gitmig.runtime.asraised import as_raised
from gitmig.runtime.script_module import ScriptFailed


@contextmanager
def command_errors() -> Iterator[None]:
    """What gitmig raises inside becomes CommandError; what user code raises stays what it was."""
    told: CommandError | None = None
    with as_raised():
        try:
            yield
        except (CommandError, ScriptFailed):
            raise
        except GraphError as error:
            told = translated(revision_error(error))
            told.__cause__ = error
        except DatabaseError as error:
            # A driver's error that was told in other words: callers catch SQLAlchemy's.
            if error.__cause__ is not None and hasattr(error.__cause__, "orig"):
                raise error.__cause__ from None
            told = CommandError(error.message, error.hint)
            told.__cause__ = error
        except GitmigError as error:
            told = CommandError(error.message, error.hint)
            told.__cause__ = error
        except RevisionError as error:
            told = translated(error)
            told.__cause__ = error
    if told is not None:
        raise told


@contextmanager
def revision_errors(
    *,
    start: object = None,
    end: object = None,
    ancestor: str | None = None,
    multiple_heads: str | None = None,
    resolution: str | None = None,
) -> Iterator[None]:
    """What is wrong with a name, or a range from ``start`` to ``end``, as CommandError in Alembic's words.

    The texts take the place of the usual ones: ``ancestor`` where the ends do not meet, ``multiple_heads``, ``resolution``.
    """
    try:
        yield
    except (GraphError, RevisionError) as error:
        known = error if isinstance(error, RevisionError) else revision_error(error, end, start)
        match known:
            case RangeNotAncestorError() if ancestor is not None:
                text = ancestor
            case RangeNotAncestorError() if start is not None or end is not None:
                text = (
                    f"Requested range {_shown(start)}:{_shown(end)} does not refer to ancestor/descendant revisions along the same branch"
                )
            case MultipleHeads() if multiple_heads is not None:
                text = multiple_heads
            case ResolutionError() if resolution is not None:
                text = resolution
            case _:
                text = translated(known).message
        raise CommandError(text, _hint(error)) from error


def translated(error: RevisionError) -> CommandError:
    """The CommandError for an error of the revision map."""
    match error:
        case ResolutionError(argument=argument):
            text = f"Can't locate revision identified by '{argument}'"
        case MultipleHeads(argument=argument):
            text = (
                f"Multiple head revisions are present for given argument '{argument}'; please specify a specific target revision, "
                f"'<branchname>@{argument}' to narrow to a specific head, or 'heads' for all heads"
            )
        case _:
            text = str(error)
    return CommandError(text, _hint(error.__cause__ if isinstance(error.__cause__, GraphError) else error))


def _hint(error: BaseException | None) -> str:
    return error.hint if isinstance(error, GitmigError) else ""


def _shown(end: object) -> str:
    return end if isinstance(end, str) else ", ".join(end) if isinstance(end, (tuple, list)) else "base"
