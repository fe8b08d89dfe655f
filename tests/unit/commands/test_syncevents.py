"""Names followed through a walk: what is lost is what the database holds now, under the name that it has now."""

from __future__ import annotations

from gitmig.commands.syncevents import Walk

T, U = [None, "t"], [None, "u"]


def lost(*events: dict[str, object]) -> list[str]:
    return [str(each) for each in Walk().losses("r", events)]


def test_a_renamed_table_is_lost_under_the_name_that_it_has_now() -> None:
    assert lost({"kind": "table renamed", "table": T, "new": U}, {"kind": "table dropped", "table": U}) == ["t"]


def test_what_the_walk_itself_makes_holds_nothing() -> None:
    assert lost({"kind": "table made", "table": T}, {"kind": "table dropped", "table": T}) == []
    assert lost({"kind": "column made", "table": T, "column": "c"}, {"kind": "column dropped", "table": T, "column": "c"}) == []
    assert lost({"kind": "unsure", "words": "execute ..."}) == []


def test_columns_are_followed_through_renames_of_both() -> None:
    walk = (
        {"kind": "column renamed", "table": T, "column": "a", "new": "b"},
        {"kind": "table renamed", "table": T, "new": U},
        {"kind": "column dropped", "table": U, "column": "b"},
    )
    assert lost(*walk) == ["t.a"]
