from __future__ import annotations

from gitmig.adapters.difference import Difference, Served, difference_from_json, read_changes, unwatched

ONE, TWO, NONE = "1" * 40, "2" * 40, "0" * 40


def test_changes_of_every_kind() -> None:
    raw = (
        f":100644 100644 {ONE} {NONE} M\0models.py\0"
        f":100755 000000 {TWO} {NONE} D\0with space.py\0"
        f":000000 100644 {NONE} {NONE} A\0intended.py\0"
        f":120000 100644 {ONE} {NONE} T\0link.py\0"
    ).encode()
    served, hidden = read_changes(raw)
    assert served == {
        "models.py": Served("100644", ONE),
        "with space.py": Served("100755", TWO),
        "link.py": Served("120000", ONE),
    }
    assert hidden == {"intended.py"}


def test_entries_that_git_does_not_watch() -> None:
    listing = f"H 100644 {ONE} 0\tseen.py\0h 100644 {ONE} 0\tassumed.py\0S 100644 {TWO} 0\tsparse.py\0".encode()
    assert unwatched(listing) == {"assumed.py": Served("100644", ONE), "sparse.py": Served("100644", TWO)}


def test_a_difference_crosses_the_border() -> None:
    difference = Difference({"a.py": Served("100644", ONE, True)}, frozenset({"b.py"}))
    assert difference_from_json(difference.to_json()) == difference
