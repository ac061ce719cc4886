"""This file finds reference cycles, and says what holds what in them, with the lines of the frames."""

import gc
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def garbage() -> Iterator[list[Any]]:
    """Yield a list that in the end has what only the garbage collector could free of what was made in the block."""
    found: list[Any] = []
    gc.collect()
    gc.freeze()  # What is there already need not be looked at.
    gc.disable()
    try:
        yield found
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        gc.set_debug(0)
        found += gc.garbage
        gc.garbage.clear()
    finally:
        gc.enable()
        gc.unfreeze()


def describe_cycles(found: list[Any]) -> set[str]:
    """Return the shortest cycle through each exception, frame, task or function of *found*, each kind of cycle once."""
    members = {id(each): each for each in found}
    cycles = (_find_cycle(each, members) for each in found)
    return {" → ".join(map(_name, cycle)) for cycle in cycles if cycle}


def _find_cycle(start: Any, members: dict[int, Any]) -> list[Any]:
    """Return the shortest way from *start* back to it, or nothing; begun at the first name in the alphabet."""
    came_from: dict[int, Any] = {}
    pending = deque([start])
    while pending:
        current = pending.popleft()
        for held in gc.get_referents(current):
            if held is start:
                way = [current]
                while way[-1] is not start:
                    way.append(came_from[id(way[-1])])
                way.reverse()
                first = min(range(len(way)), key=lambda index: _name(way[index]))
                return [*way[first:], *way[:first]]
            if id(held) in members and id(held) not in came_from:
                came_from[id(held)] = current
                pending.append(held)
    return []


def _name(thing: Any) -> str:
    """Return what to call one member of a cycle."""
    if isinstance(thing, FrameType):
        return f"{thing.f_code.co_qualname}:{thing.f_lineno}"
    code: Any = getattr(thing, "__code__", None)
    if code is not None:
        return f"function {thing.__qualname__}:{code.co_firstlineno}"
    return type(thing).__qualname__
