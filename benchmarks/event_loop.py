"""This file chooses the event loop: uvloop's where it is installed, as servers do."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections.abc import Callable


def find_loop() -> tuple[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return the name of the loop and what makes one."""
    if importlib.util.find_spec("uvloop") is None:
        return "asyncio", asyncio.new_event_loop
    uvloop = importlib.import_module("uvloop")
    return f"uvloop {uvloop.__version__}", uvloop.new_event_loop
