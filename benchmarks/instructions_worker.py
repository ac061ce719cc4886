"""This file is the process that callgrind watches: ``python instructions_worker.py '{"rows": …}'``.

All imports are done once, then each app is forked three times: to answer few requests, many, and
few again. Their instruction counts differ by the requests alone, and by what the parent did from
one fork to the next.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
from typing import NoReturn

from event_loop import find_loop
from exchange import make_call, running
from frameworks import Skipped, make_app, make_raw_app
from messages import App
from row import Row
from rows import BY_NAME

#: The interpreter specialises its code during the first ones.
FEW = 100
MANY = 400


async def answer(app: App, row: Row, count: int) -> NoReturn:
    """Make many calls ready, answer *count* of them, and end this process."""
    async with running(app):
        calls = [make_call(row) for _ in range(MANY)]
        gc.collect()
        gc.freeze()
        for scope, receive, send in calls[:count]:
            await app(scope, receive, send)
        # Nothing is tidied up: that would take longer the more was done.
        os._exit(0)


def fork(app: App, row: Row, count: int) -> tuple[int, int]:
    """Answer *count* requests in a child; return its process id and *count*."""
    process = os.fork()
    if process == 0:
        _, loop_factory = find_loop()
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(answer(app, row, count))
    os.waitpid(process, 0)
    return process, count


def main() -> None:
    order = json.loads(sys.argv[1])
    logging.disable(logging.CRITICAL)
    for name in order["rows"]:
        row = BY_NAME[name]
        try:
            apps = {"raw": make_raw_app(row), "app": make_app(order["framework"], row)}
        except Skipped as reason:
            print(json.dumps({"row": name, "skipped": str(reason)}), flush=True)
            continue
        forks = {key: [fork(app, row, count) for count in (FEW, MANY, FEW)] for key, app in apps.items()}
        print(json.dumps({"row": name, **forks}), flush=True)


if __name__ == "__main__":
    main()
