"""This file is what a process holds, counted, and what of that has grown."""

import asyncio
import gc
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

#: How long threads and connections that are at their end may take.
SETTLE_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Census:
    """What a process holds.

    Attributes:
        descriptors: Open files and sockets; 0 where the system does not tell.
        blocks: What Python's allocator has given out.
        objects: What the garbage collector knows, by type.
    """

    tasks: int
    threads: int
    descriptors: int
    blocks: int
    objects: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def take(cls) -> Self:
        """Return what this process holds, when what is about to end has ended."""
        await asyncio.sleep(SETTLE_SECONDS)
        gc.collect()
        objects = _count_objects()  # First, for what it keeps is counted too.
        return cls(
            tasks=len(asyncio.all_tasks()),
            threads=threading.active_count(),
            descriptors=_count_descriptors(),
            blocks=sys.getallocatedblocks(),
            objects=objects,
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as a value for JSON."""
        return vars(self)

    def list_growth(self, later: "Census", *, visits: int) -> list[str]:
        """Return what has grown by more than chance in so many visits, which is one for a hundred of them.

        Threads may be a few more, since a pool starts one when all it has are busy; and blocks, of which one object
        may have several.
        """
        few = max(50, visits // 100)
        limits = {"tasks": 0, "threads": 5, "descriptors": 3, "blocks": 1000 + few}
        grown = [
            f"{name}: {before} → {after}"
            for name, limit in limits.items()
            if (after := getattr(later, name)) - (before := getattr(self, name)) > limit
        ]
        objects = later.objects - self.objects
        return grown + [f"{name}: {count} more" for name, count in objects.items() if count > few]


def _count_objects() -> Counter[str]:
    """Return what the garbage collector knows, by type."""
    # Not all at once: `Counter` asks what it is given whether it is a mapping, and each class below `Mapping` keeps the
    # answer, which is growth of our own.
    objects: Counter[str] = Counter()
    for each in gc.get_objects():
        # The next census has the same names, and not its own.
        objects[sys.intern(f"{type(each).__module__}.{type(each).__qualname__}")] += 1
    return objects


def _count_descriptors() -> int:
    """Return how many files and sockets are open."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
