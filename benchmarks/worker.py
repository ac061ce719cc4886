"""This file is the process that measures one framework: ``python worker.py '{"framework": …}'``.

It prints a line of JSON per row, after a first one about itself. It runs in the environment of its
framework, so it imports nothing but that, Jinja2, the standard library and this folder.
"""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import sys
from dataclasses import asdict
from typing import Any

from event_loop import find_loop
from exchange import ask, find_mistakes, running
from frameworks import Skipped, find_versions, make_app, make_raw_app
from messages import App
from row import Row
from rows import BY_NAME
from timing import compare


async def check(app: App, row: Row) -> None:
    """Ask twice, because some frameworks do more for the first request.

    Raises:
        AssertionError: An answer is not as the row expects.
    """
    for _ in range(2):
        mistakes = find_mistakes(await asyncio.wait_for(ask(app, row), 10), row)
        if mistakes:
            raise AssertionError("; ".join(mistakes))


async def measure(framework: str, row: Row, rounds: int, round_seconds: float) -> dict[str, Any]:
    """Return the figures of one row, or why there are none."""
    try:
        raw = make_raw_app(row)
        app = make_app(framework, row)
    except Skipped as reason:
        return {"row": row.name, "skipped": str(reason)}
    async with running(app):
        try:
            await check(raw, row)
            await check(app, row)
        except Exception as error:
            return {"row": row.name, "wrong": f"{type(error).__name__}: {error}"}
        ratio = await compare(app, raw, row, rounds=rounds, round_seconds=round_seconds)
    return {"row": row.name, **asdict(ratio)}


def main() -> None:
    order = json.loads(sys.argv[1])
    # An error that a row provokes is answered, not printed: frameworks would be timed writing logs.
    logging.disable(logging.CRITICAL)
    loop_name, loop_factory = find_loop()
    about = {"python": platform.python_version(), "loop": loop_name}
    print(json.dumps(about | {"versions": find_versions(order["framework"])}), flush=True)
    for name in order["rows"]:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            coroutine = measure(order["framework"], BY_NAME[name], order["rounds"], order["round_seconds"])
            print(json.dumps(runner.run(coroutine)), flush=True)


if __name__ == "__main__":
    main()
