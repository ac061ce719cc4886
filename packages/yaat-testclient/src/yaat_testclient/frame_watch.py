"""This file is watching which packages are called while a block runs."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def watch_calls(*packages: str) -> Iterator[set[str]]:
    """Give a set that fills with the functions of *packages* that are called, in this thread and in new ones.

    Give packages that the block is to leave alone: every call in Python is looked at, which takes time.
    """
    seen: set[str] = set()
    prefixes = tuple(f"{package}." for package in packages)

    # Coverage does not see it: while it runs, nothing is traced.
    def look(frame: FrameType, event: str, argument: Any) -> None:  # pragma: no cover - see above
        module = frame.f_globals.get("__name__", "")
        if event == "call" and f"{module}.".startswith(prefixes):
            seen.add(f"{module}.{frame.f_code.co_name}")

    before = sys.getprofile(), threading.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(before[0])
        threading.setprofile(before[1])
