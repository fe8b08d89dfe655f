from __future__ import annotations

import sys
from pathlib import Path

from gitmig.adapters.packages import package_folder


def test_a_folder_in_a_package_is_found_without_importing_it(tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "db" / "versions"
    folder.mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").write_text("raise SystemExit('imported')")
    assert package_folder("shop.db", "versions", [str(tmp_path)]) == str(folder)
    assert package_folder("shop", "db/versions", [str(tmp_path)]) == str(folder)
    assert "shop" not in sys.modules


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "single.py").write_text("")
    assert package_folder("no_such_package", "x", [str(tmp_path)]) is None
    assert package_folder("single", "x", [str(tmp_path)]) is None
    assert package_folder("gitmig", "no_such_folder") is None
    assert package_folder("gitmig", "templates") is not None
