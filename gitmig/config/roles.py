"""What a database is for: a person's own, one that others use too, or production. What is written counts; else its URL tells."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal
from urllib.parse import parse_qs, unquote

Role = Literal["local", "shared", "production"]
ROLES: tuple[Role, ...] = ("local", "shared", "production")

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][\w.+-]*)://(?:[^:/@]*(?::[^@]*)?@)?(?P<hosts>[^/?]*)(?:/[^?]*)?(?:\?(?P<query>.*))?",
    re.DOTALL,
)
_PORT = re.compile(r":\d*$")
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d+){3}|::1)\.?", re.IGNORECASE)
_SOCKETS = ("unix_socket", "unix_sock")


def role_of_url(url: str, services: Collection[str] = ()) -> Role:
    """ "local" for SQLite, a socket, loopback, and a host that is one of ``services`` (those of a compose file); else "shared".

    ``url`` has its variables filled in. What cannot be read is "shared": nothing is risked by that.
    """
    found = _URL.fullmatch(url)
    if found is None:
        return "shared"
    if found["scheme"].partition("+")[0].lower() == "sqlite":
        return "local"
    query = parse_qs(found["query"] or "")
    if any(query.get(name) for name in _SOCKETS):
        return "local"
    written = ",".join(query["host"]) if query.get("host") else unquote(found["hosts"])
    # libpq and its drivers take several hosts, and try one after the other.
    local = all(_is_local(host.strip(), services) for host in written.split(","))
    return "local" if local else "shared"


def _is_local(host: str, services: Collection[str]) -> bool:
    if host.startswith("["):
        return _LOOPBACK.fullmatch(host[1:].partition("]")[0]) is not None
    name = host if host.count(":") > 1 else _PORT.sub("", host)
    return not name or name.startswith("/") or _LOOPBACK.fullmatch(name) is not None or name in services
