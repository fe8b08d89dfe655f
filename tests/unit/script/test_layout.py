"""What is laid out is what ruff's formatter would make of it."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gitmig.script.layout import Argument, Call, Code, Dictionary, Display, Method, lay_out, quoted

RUFF = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")


def expression(chance: random.Random, depth: int) -> Code:
    kind = chance.random()
    if depth == 0 or kind < 0.35:
        return quoted("".join(chance.choice("abc'\" _日é\\") for _ in range(chance.choice([1, 3, 8, 20, 60]))))
    if kind < 0.65:
        return Call(chance.choice(["sa.Column", "op.f", "postgresql.ENUM"]), arguments(chance, depth - 1))
    if kind < 0.75:
        return Method(Call("sa.X", arguments(chance, depth - 1)), "with_variant", arguments(chance, depth - 1, 1))
    if kind < 0.8:
        inner = Method(Call("sa.X", arguments(chance, depth - 1)), "with_variant", arguments(chance, depth - 1, 1))
        return Method(inner, "with_variant", arguments(chance, depth - 1, 1))
    if kind < 0.9:
        return Display(chance.choice(["[]", "()"]), tuple(expression(chance, depth - 1) for _ in range(chance.randint(0, 4))))
    pairs = ((quoted(f"k{number}"), expression(chance, depth - 1)) for number in range(chance.randint(0, 3)))
    return Dictionary(tuple(pairs))


def arguments(chance: random.Random, depth: int, least: int = 0) -> tuple[Argument, ...]:
    found, named = [], False
    for number in range(chance.randint(least, 4)):
        named = named or chance.random() < 0.3
        found.append(Argument(expression(chance, depth), f"key{number}" if named else None))
    return tuple(found)


@pytest.mark.skipif(RUFF is None, reason="ruff is not installed")
@pytest.mark.parametrize("seed", range(3))
def test_ruff_format_changes_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    lines = ["def upgrade():"]
    for _ in range(150):
        lines += lay_out(Call("op.create_table", arguments(chance, 3, 1)), 4)
    for _ in range(30):
        lines += lay_out(Method(Call("sa.Enum", arguments(chance, 1, 1)), "create", arguments(chance, 1, 1)), 4)
    file = tmp_path / "made.py"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert RUFF is not None
    done = subprocess.run([RUFF, "format", "--isolated", "--diff", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_long_string_stays_whole() -> None:
    text = quoted("x" * 100)
    assert lay_out(Call("op.execute", (Argument(text),)), 4) == ["    op.execute(", f"        {text}", "    )"]


@pytest.mark.parametrize(
    ("text", "written"),
    [("plain", '"plain"'), ("it's", '"it\'s"'), ('say "hi"', "'say \"hi\"'"), ("a\nb\\", '"a\\nb\\\\"')],
)
def test_strings_are_quoted_with_the_fewest_escapes(text: str, written: str) -> None:
    assert quoted(text) == written
