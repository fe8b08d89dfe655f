"""The demo: a throw-away repository in which the scenes are played, each command with its true output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gitmig.errors import GitmigError

MODELS = "shop/models.py"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the play: a scene's title, what the narrator says, or a command with its output and exit code."""

    kind: Literal["scene", "say", "command"]
    text: str
    output: str = ""
    code: int = 0


Shell = Callable[[Sequence[str]], "tuple[str, int]"]
"""Runs one command in the repository: its words to (stdout and stderr as they came, exit code). "gitmig" and "python" are ours."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement in a file of the demo: ``old`` must stand there once."""

    path: str
    old: str
    new: str


PHONE = Edit(
    MODELS,
    "    email: Mapped[str] = mapped_column(String(120), unique=True)\n",
    "    email: Mapped[str] = mapped_column(String(120), unique=True)\n    phone: Mapped[str | None] = mapped_column(String(40))\n",
)
DROP = Edit(MODELS, "    legacy_code: Mapped[str | None] = mapped_column(String(20))\n", "")
WEIGHT = Edit(
    MODELS,
    "    price: Mapped[float] = mapped_column(Numeric(10, 2))\n",
    "    price: Mapped[float] = mapped_column(Numeric(10, 2))\n    weight: Mapped[float | None] = mapped_column(Numeric(8, 3))\n",
)
NOTE = Edit(
    MODELS,
    "    placed_at: Mapped[datetime] = mapped_column(server_default=func.now())\n",
    "    placed_at: Mapped[datetime] = mapped_column(server_default=func.now())\n"
    "    note: Mapped[str | None] = mapped_column(String(200))\n",
)
PERCENT = Edit(
    MODELS,
    '    __tablename__ = "order_lines"\n\n',
    '    __tablename__ = "order_lines"\n\n    discount: Mapped[int | None]\n',
)
AMOUNT = Edit(
    MODELS,
    '    quantity: Mapped[int] = mapped_column(server_default="1")\n',
    '    quantity: Mapped[int] = mapped_column(server_default="1")\n    discount: Mapped[float | None] = mapped_column(Numeric(10, 2))\n',
)


VIP = Edit(
    MODELS,
    "    phone: Mapped[str | None] = mapped_column(String(40))\n",
    "    phone: Mapped[str | None] = mapped_column(String(40))\n    vip: Mapped[bool | None]\n",
)


class DemoFailed(GitmigError):
    """A command of the demo ended otherwise than the scene says."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The folder of the demo and the shell that runs in it."""

    folder: Path
    shell: Shell

    def run(self, line: str, *words: str, code: int = 0) -> Shown:
        """Run ``words`` (``line`` split at blanks when there are none); it must exit with ``code``."""
        output, got = self.shell(words or line.split())
        if got != code:
            raise DemoFailed(f"the demo's command '{line}' ended with {got} where {code} was expected:\n{output}", "Please report this")
        return Shown("command", line, output, got)

    def edit(self, edit: Edit) -> None:
        path = self.folder / edit.path
        text = path.read_text("utf-8")
        if text.count(edit.old) != 1:
            raise DemoFailed(f"the demo's {edit.path} is not as expected", "Please report this")
        path.write_text(text.replace(edit.old, edit.new), "utf-8")


def play(stage: Stage) -> Iterator[Shown]:
    """Every scene in turn. Raises DemoFailed when a command does not end as its scene says."""
    yield Shown("scene", "A repository with a small SQLAlchemy application")
    yield stage.run("git init -q -b main")
    yield stage.run("git add shop seed.py count.py .gitignore")
    yield stage.run("git commit -q -m 'the shop'", "git", "commit", "-q", "-m", "the shop")

    yield Shown("scene", "gitmig finds the models and writes its configuration; install puts the hook in place")
    yield stage.run("gitmig init")
    yield stage.run("gitmig install")

    yield Shown("scene", "The first commit with gitmig gets the first revision")
    yield stage.run("git add .")
    yield stage.run("git commit -m 'start using gitmig'", "git", "commit", "-m", "start using gitmig")
    yield stage.run("gitmig upgrade")
    yield stage.run("python seed.py")

    yield Shown("scene", "A model change is committed: its revision is part of the same commit, and the rows stay")
    stage.edit(PHONE)
    yield Shown("say", "Customer gets a column: phone")
    yield stage.run("git commit -a -m 'customers have a phone'", "git", "commit", "-a", "-m", "customers have a phone")
    yield stage.run("git show --stat --format=%s HEAD")
    yield stage.run("gitmig upgrade")
    yield stage.run("python count.py")

    yield Shown("scene", "A change that loses data stops the commit for review")
    stage.edit(DROP)
    yield Shown("say", "Product loses a column: legacy_code")
    yield stage.run("git commit -a -m 'no more legacy codes'", "git", "commit", "-a", "-m", "no more legacy codes", code=1)
    yield Shown("say", "The revision was read and is fine: the same commit again")
    yield stage.run("git commit -a -m 'no more legacy codes'", "git", "commit", "-a", "-m", "no more legacy codes")
    yield stage.run("gitmig upgrade")

    yield Shown("scene", "One step back")
    yield stage.run("gitmig downgrade -1")
    yield stage.run("gitmig current")
    yield stage.run("python count.py")
    yield stage.run("gitmig upgrade")

    yield Shown("scene", "Two branches change the models; the merge commit brings what joins them")
    yield stage.run("git switch -q -c weights")
    yield from _committed(stage, WEIGHT, "On branch weights: Product gets a weight", "products have a weight")
    yield stage.run("git switch -q main")
    yield from _committed(stage, NOTE, "On branch main: Order gets a note", "orders have a note")
    yield stage.run("git merge --no-edit weights", code=1)
    yield stage.run("git commit --no-edit")
    yield stage.run("gitmig upgrade")
    yield stage.run("gitmig history")
    yield stage.run("gitmig check")
    yield stage.run("python count.py")

    yield from _switch(stage)
    yield from _contradiction(stage)


def _committed(stage: Stage, edit: Edit, said: str, message: str) -> Iterator[Shown]:
    """A change of the models on the branch that is checked out, and its commit."""
    stage.edit(edit)
    yield Shown("say", said)
    yield stage.run(f"git commit -q -a -m '{message}'", "git", "commit", "-q", "-a", "-m", message)


def _switch(stage: Stage) -> Iterator[Shown]:
    yield Shown("scene", "Another branch is checked out, and the local database follows")
    yield stage.run("git switch -q -c vips")
    yield from _committed(stage, VIP, "On branch vips: Customer gets a vip", "customers may be vips")
    yield stage.run("gitmig upgrade")
    yield stage.run("git switch main")
    yield stage.run("gitmig sync")
    yield stage.run("python count.py")


def _contradiction(stage: Stage) -> Iterator[Shown]:
    yield Shown("scene", "Two branches contradict each other: git sees nothing wrong, nothing is committed")
    yield stage.run("git switch -q -c percent")
    yield from _committed(stage, PERCENT, "On branch percent: OrderLine gets a discount, a whole number", "discounts in percent")
    yield stage.run("git switch -q main")
    yield from _committed(stage, AMOUNT, "On branch main: OrderLine gets a discount, an amount", "discounts as an amount")
    yield stage.run("git merge --no-edit percent", code=1)
    yield stage.run("git merge --abort")
    yield stage.run("git status --short --branch")
