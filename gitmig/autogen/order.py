"""The order in which tables can be created: targets of foreign keys first, names where nothing else decides."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gitmig.schema.values import ForeignKey, Table, TableName


@dataclass(frozen=True, slots=True)
class Ordered:
    """``tables`` in an order in which each key's target stands first, but for the keys in ``apart``, which close a cycle."""

    tables: tuple[Table, ...]
    apart: tuple[tuple[TableName, ForeignKey], ...]


def creation_order(tables: Iterable[Table], *, separate: bool = True) -> Ordered:
    """Sorted topologically, ties by name. ``separate`` False breaks no cycle and takes no key out: a database that does not ask for
    the target (SQLite) needs neither."""
    by_name = {table.name: table for table in tables}
    apart: list[tuple[TableName, ForeignKey]] = []
    if separate:
        apart = [(table.name, key) for table in by_name.values() for key in table.foreign_keys if key.use_alter]
    needs = {name: _targets(table, by_name, apart) for name, table in by_name.items()}
    order, left = _sorted(needs)
    while left:
        # What is left holds a cycle: of its tables the first by name is made without its keys into the cycle.
        first = _in_cycle(left)
        broken = left[first]
        if separate:
            apart += [(first, key) for key in by_name[first].foreign_keys if key.target in broken and (first, key) not in apart]
        left[first] = frozenset()
        more, left = _sorted(left)
        order += more
    places = {name: place for place, name in enumerate(order)}
    apart.sort(key=lambda pair: (places[pair[0]], pair[1].columns, pair[1].name or ""))
    return Ordered(tuple(by_name[name] for name in order), tuple(apart))


def _targets(table: Table, by_name: Mapping[TableName, Table], apart: list[tuple[TableName, ForeignKey]]) -> frozenset[TableName]:
    taken = [key for name, key in apart if name == table.name]
    return frozenset(key.target for key in table.foreign_keys if key.target in by_name and key.target != table.name and key not in taken)


def _sorted(needs: Mapping[TableName, frozenset[TableName]]) -> tuple[list[TableName], dict[TableName, frozenset[TableName]]]:
    """The names in order, and what could not be placed with what it still waits for."""
    waiting = {name: set(each & needs.keys()) for name, each in needs.items()}
    users: dict[TableName, list[TableName]] = {}
    for name, each in waiting.items():
        for target in each:
            users.setdefault(target, []).append(name)
    ready = [(name.sort_key(), name) for name, each in waiting.items() if not each]
    heapq.heapify(ready)
    order: list[TableName] = []
    while ready:
        _, name = heapq.heappop(ready)
        order.append(name)
        del waiting[name]
        for user in users.get(name, ()):
            waiting[user].discard(name)
            if not waiting[user]:
                heapq.heappush(ready, (user.sort_key(), user))
    return order, {name: frozenset(each) for name, each in waiting.items()}


def _in_cycle(left: Mapping[TableName, frozenset[TableName]]) -> TableName:
    """The first by name of the tables that lie on a cycle (others only wait for one)."""
    for start in sorted(left, key=TableName.sort_key):
        seen: set[TableName] = set()
        reach = list(left[start])
        while reach:
            name = reach.pop()
            if name == start:
                return start
            if name not in seen:
                seen.add(name)
                reach += left.get(name, ())
    return min(left, key=TableName.sort_key)
