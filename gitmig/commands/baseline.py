"""What the models are compared with, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from gitmig.config import Config
from gitmig.ports import Tree
from gitmig.replay import Unread
from gitmig.schema.values import Schema, TableName
from gitmig.script.load import Revisions

Against = Literal["replay", "scratch", "database"]


@dataclass(frozen=True, slots=True)
class Source:
    """A project as the child sees it. ``cache_dir``: where what was replayed is kept, None for nowhere."""

    config: Config
    tree: Tree
    revisions: Revisions
    cache_dir: str | None = None
    x_arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """``schema`` as the revisions leave it. ``opaque``: what of them could not be read; ``declared``: the tables that their authors say
    are touched by something that cannot be read. ``dialect`` is the connection's, where there was one: it knows its server; ``url`` is
    that of a database which is still there to be asked."""

    schema: Schema
    opaque: tuple[Unread, ...] = ()
    declared: tuple[TableName, ...] = ()
    dialect: Any = None
    url: str | None = field(default=None, repr=False)
