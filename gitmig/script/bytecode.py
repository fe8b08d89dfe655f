"""Values of module-level names, read from a compiled module's code without running it."""

from __future__ import annotations

import dis
from collections.abc import Collection
from types import CodeType

from gitmig.errors import RevisionFileError

_UNKNOWN = object()
_IGNORED = frozenset({"RESUME", "NOP", "CACHE", "EXTENDED_ARG", "SETUP_ANNOTATIONS", "PRECALL", "NOT_TAKEN"})


def fold_code(code: CodeType, wanted: Collection[str], path: str) -> tuple[dict[str, tuple[object, int]], frozenset[str]]:
    """The values of those of the ``wanted`` names (and ``__doc__``) that the module's code stores, with line 0; and all
    names that it stores.

    Raises RevisionFileError for a wanted name whose value is not a constant or a collection of constants.
    """
    names: dict[str, object] = {}
    stack: list[object] = []
    conditional = False
    for step in dis.get_instructions(code):
        operation = step.opname
        if operation in _IGNORED:
            continue
        if operation in ("LOAD_CONST", "LOAD_SMALL_INT"):
            stack.append(step.argval)
        elif operation in ("STORE_NAME", "STORE_GLOBAL"):
            value = stack.pop() if stack else _UNKNOWN
            twice = conditional and step.argval in names and names[step.argval] != value
            names[str(step.argval)] = _UNKNOWN if twice else value
        elif operation in ("LOAD_NAME", "LOAD_GLOBAL"):
            stack.append(names.get(str(step.argval), _UNKNOWN))
        elif operation in ("BUILD_TUPLE", "BUILD_LIST", "BUILD_SET"):
            stack.append(_collection(stack, int(step.arg or 0)))
        elif operation in ("LIST_EXTEND", "SET_UPDATE", "LIST_APPEND", "SET_ADD") and step.arg == 1 and len(stack) > 1:
            more = stack.pop()
            stack[-1] = _extended(stack[-1], more if operation in ("LIST_EXTEND", "SET_UPDATE") else (more,))
        elif operation in ("COPY", "DUP_TOP") and (operation == "DUP_TOP" or step.arg == 1) and stack:
            stack.append(stack[-1])
        elif operation == "POP_TOP" and stack:
            stack.pop()
        else:
            conditional = conditional or "JUMP" in operation or operation.startswith(("FOR_", "SETUP_", "PUSH_EXC"))
            # What is on the stack from here on is not followed; a later store takes it as unknown.
            stack = []
    for name in wanted:
        if names.get(name) is _UNKNOWN:
            raise RevisionFileError(f"{path}: `{name}` cannot be read without running the file", f'Write its value out: `{name} = "..."`.')
    values = {name: (names[name], 0) for name in (*wanted, "__doc__") if name in names and names[name] is not _UNKNOWN}
    return values, frozenset(names)


def _collection(stack: list[object], count: int) -> object:
    if count > len(stack):
        stack.clear()
        return _UNKNOWN
    items = stack[len(stack) - count :] if count else []
    del stack[len(stack) - count :]
    return _UNKNOWN if _UNKNOWN in items else tuple(items)


def _extended(start: object, more: object) -> object:
    if not isinstance(start, tuple) or not isinstance(more, (tuple, list, frozenset)) or _UNKNOWN in more:
        return _UNKNOWN
    return (*start, *(sorted(more, key=str) if isinstance(more, frozenset) else more))
