"""This file is what is done with an app of many routes: start it, weigh it, ask it."""

from __future__ import annotations

import asyncio
import gc
import logging
import tracemalloc
from collections.abc import Coroutine
from time import process_time
from typing import Any, Protocol

from event_loop import find_loop
from exchange import ask, running
from messages import App
from row import Expected, Goal, Row
from timing import compare

GOAL = Goal(at_most=1.05, aim=1.0)
ROWS = (
    Row(
        name="last_static",
        title="last static",
        goal=GOAL,
        expected=Expected(),
        path="/last/page",
    ),
    Row(
        name="last_parameter",
        title="last parameter",
        goal=GOAL,
        expected=Expected(),
        path="/last/items/7",
    ),
    Row(
        name="miss",
        title="miss",
        goal=GOAL,
        expected=Expected(status=404),
        path="/nowhere/items/7",
    ),
)


class Builder(Protocol):
    """A module of this package."""

    def build(self, count: int) -> App:
        """Return an app of *count* routes."""


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run *coroutine* on the loop that all measurements use, without logs."""
    logging.disable(logging.CRITICAL)
    _, loop_factory = find_loop()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(coroutine)


async def build_and_ask(module: Builder, count: int) -> App:
    """Return an app that has started and answered: some do their work only then.

    Raises:
        AssertionError: It did not find its last routes.
    """
    app = module.build(count)
    async with running(app):
        for row in ROWS:
            answer = await ask(app, row)
            assert answer.status == row.expected.status, f"{answer.status} for {row.path}"
    return app


async def measure_size(module: Builder) -> dict[str, Any]:
    """Return the CPU seconds and megabytes of 1,000 routes, and how they slow down one request."""
    small = await build_and_ask(module, 10)
    start = process_time()
    big = await build_and_ask(module, 1000)
    figures: dict[str, Any] = {"build": process_time() - start}
    for row in ROWS:
        ratio = await compare(big, small, row, rounds=15, round_seconds=0.01)
        figures[row.name] = ratio.median
    gc.unfreeze()
    gc.collect()
    tracemalloc.start()
    kept = await build_and_ask(module, 1000)
    gc.collect()
    figures["megabytes"] = tracemalloc.get_traced_memory()[0] / 1e6
    del kept
    return figures
