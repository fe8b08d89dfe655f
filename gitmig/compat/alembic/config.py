"""``alembic.config``: the configuration, and the command line over it."""

from __future__ import annotations

import os
from argparse import ArgumentParser

from gitmig.compat.alembic import command
from gitmig.compat.alembic.commandline import CommandLine, main
from gitmig.compat.alembic.configfile import Config

__all__ = ["ArgumentParser", "CommandLine", "Config", "command", "main", "os"]
