"""The templates of `gitmig init`, as they lie in the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gitmig

FOLDER = Path(gitmig.__file__).parent / "templates"
INI = "gitmig.ini.mako"


@dataclass(frozen=True, slots=True)
class Template:
    """``summary`` is the first line of its README."""

    name: str
    summary: str
    folder: Path

    def files(self) -> dict[str, bytes]:
        """What is copied into the migrations folder, by name."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir()) if path.is_file() and path.name != INI}

    def ini(self, settings: str) -> str:
        """The text of gitmig.ini with ``settings`` as the keys of its main section."""
        from mako.template import Template as Mako

        return str(Mako((self.folder / INI).read_text("utf-8")).render(settings=settings))


def templates() -> list[Template]:
    """Every template, by name."""
    found = []
    for folder in sorted(FOLDER.iterdir()):
        readme = folder / "README"
        if readme.is_file():
            found.append(Template(folder.name, readme.read_text("utf-8").partition("\n")[0], folder))
    return found
