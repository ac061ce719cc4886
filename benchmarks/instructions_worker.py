"""This file is the process that callgrind watches: ``python instructions_worker.py '{"rows": …}'``.

All imports are done once, then each app is forked, to answer requests that are counted.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
from typing import NoReturn

from callgrind import mark
from event_loop import find_loop
from exchange import Call, make_call, running
from frameworks import Skipped, make_app, make_raw_app
from messages import App
from row import Row
from rows import BY_NAME

#: The interpreter specialises its code during the first ones.
WARM_UP = 100
COUNTED = 300


async def answer(app: App, calls: list[Call]) -> None:
    for scope, receive, send in calls:
        await app(scope, receive, send)


async def answer_counted(app: App, row: Row) -> NoReturn:
    """Make calls ready, answer them, have the later ones counted, and end this process."""
    async with running(app):
        calls = [make_call(row) for _ in range(WARM_UP + COUNTED)]
        gc.collect()
        gc.freeze()
        await answer(app, calls[:WARM_UP])
        later = calls[WARM_UP:]
        mark()
        await answer(app, later)
        mark()
        # Nothing is tidied up: nobody needs it.
        os._exit(0)


def fork(app: App, row: Row) -> int:
    """Answer requests in a child; return its process id."""
    process = os.fork()
    if process == 0:
        _, loop_factory = find_loop()
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(answer_counted(app, row))
    os.waitpid(process, 0)
    return process


async def start(app: App) -> None:
    async with running(app):
        pass


def main() -> None:
    order = json.loads(sys.argv[1])
    logging.disable(logging.CRITICAL)
    find_loop()
    for number, name in enumerate(order["rows"]):
        row = BY_NAME[name]
        try:
            apps = {"raw": make_raw_app(row), "app": make_app(order["framework"], row)}
        except Skipped as reason:
            print(json.dumps({"row": name, "skipped": str(reason)}), flush=True)
            continue
        if number == 0:
            # What is imported by the first start-up is not imported again by each child.
            asyncio.run(start(make_app(order["framework"], row)))
        print(json.dumps({"row": name, **{key: fork(app, row) for key, app in apps.items()}}), flush=True)


if __name__ == "__main__":
    main()
