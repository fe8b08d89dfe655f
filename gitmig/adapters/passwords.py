"""The passwords that configuration knows, so that what is told can leave them out wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

from gitmig.config import Config, expand_url
from gitmig.errors import ConfigError

_SHORT = 12


def passwords(config: Config | None, urls: Iterable[str], environ: Mapping[str, str]) -> tuple[str, ...]:
    """Those of ``urls`` and of every database of ``config``, each as written and as meant, the longest first.

    A plain short word ("postgres", "app") is left out: it is the user's or the database's name as well, and hiding it would hide those.
    """
    found: set[str] = set()
    for url in [*urls, *_configured(config, environ)]:
        found |= _spellings(url)
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def _configured(config: Config | None, environ: Mapping[str, str]) -> list[str]:
    if config is None:
        return []
    templates = [config.url or "", *(database.url for database in config.databases)]
    found = []
    for template in templates:
        try:
            found.append(expand_url(template, environ, config.source))
        except ConfigError:
            # A variable of it is not set, so nobody can have connected with it.
            continue
    return found


def _spellings(url: str) -> set[str]:
    _, scheme, rest = url.partition("://")
    login, at, _ = rest.rpartition("@")
    _, colon, password = login.partition(":")
    if not (scheme and at and colon):
        return set()
    meant = unquote(password)
    if meant.isalpha() and len(meant) < _SHORT:
        return set()
    # SQLAlchemy writes a password with its blanks and some signs as they are.
    return {each for each in (password, meant, quote(meant, safe=" +"), quote(meant, safe="")) if len(each) > 3}
