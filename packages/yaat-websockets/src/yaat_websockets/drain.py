"""This file is the drain: connections that are open learn that the app will stop, in time to end well."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from .answer import expect_answer
from .websocket import WebSocket

# PERF: `asyncio.current_task` in 3.11 is a function in Python around this look-up; later Pythons have it in C (row
# "WebSocket, 10 echoes").
_RUNNING = vars(asyncio.tasks).get("_current_tasks") if sys.version_info < (3, 12) else None
#: Gives the task that an event loop runs at the moment.
find_task: Callable[[Any], "asyncio.Task[Any] | None"] = asyncio.current_task if _RUNNING is None else _RUNNING.get


class Connections:
    """The connections of one app that are being served.

    Whoever serves one puts it into `tasks` with its own task, takes it out in the end, and then calls `note_served` if
    the app is about to stop.

    Args:
        grace_seconds: How long handlers have to end after their connection was closed; then they are cancelled.
    """

    def __init__(self, *, grace_seconds: float) -> None:
        # PERF: a dictionary in the open costs a connection two calls less (row "WebSocket, 10 echoes").
        self.tasks: dict[WebSocket[Any], asyncio.Task[Any] | None] = {}
        #: Where the app runs, once it has been started up.
        self.loop: asyncio.AbstractEventLoop | None = None
        #: Whether the app is about to stop: no connection is served any more.
        self.is_draining = False
        self._grace_seconds = grace_seconds
        #: The handlers that were cancelled, and how often somebody else had cancelled them before.
        self._cancelled: dict[WebSocket[Any], int] = {}
        self._is_empty = asyncio.Event()

    def note_served(self) -> None:
        """Take note that one connection less is being served."""
        if not self.tasks:
            self._cancelled.clear()
            self._is_empty.set()

    def has_cancelled(self, websocket: WebSocket[Any]) -> bool:
        """Return whether it was the drain, and nobody else, that cancelled the handler of *websocket*."""
        before, task = self._cancelled.pop(websocket, None), self.tasks[websocket]
        return before is not None and task is not None and task.uncancel() <= before

    @asynccontextmanager
    async def watch(self, stopping: asyncio.Event) -> AsyncIterator[None]:
        """Drain when *stopping* is set; leave the block when that is done."""
        self.is_draining = False
        self.loop = asyncio.get_running_loop()
        self._is_empty = asyncio.Event()  # It belongs to the loop in which it was first waited for.
        watcher = asyncio.create_task(self._drain_after(stopping))
        try:
            yield
        finally:
            if not stopping.is_set():
                watcher.cancel()
            await asyncio.wait([watcher])
            self.is_draining = False  # A test may go on with the app, and start it no more.
            self.loop = None

    async def drain(self) -> None:
        """Close every connection with 1001, and return when all handlers have ended or were cancelled.

        What was not accepted yet is closed as soon as it is.
        """
        self.is_draining = True
        farewells = [
            asyncio.create_task(_bid_farewell(websocket, expect_answer(websocket))) for websocket in self.tasks
        ]
        try:
            async with asyncio.timeout(self._grace_seconds):
                while self.tasks:
                    self._is_empty.clear()
                    await self._is_empty.wait()
        except TimeoutError:
            for websocket, task in self.tasks.items():
                if task is not None:
                    self._cancelled[websocket] = task.cancelling()
                    task.cancel()
        finally:
            for farewell in farewells:
                farewell.cancel()
            # What a server says of a connection that ends at this very moment is of no use to anybody.
            await asyncio.gather(*farewells, return_exceptions=True)

    async def _drain_after(self, stopping: asyncio.Event) -> None:
        """Drain when *stopping* is set."""
        await stopping.wait()
        await self.drain()


async def _bid_farewell(websocket: WebSocket[Any], answered: asyncio.Event) -> None:
    """Close *websocket* with 1001 when its opening was answered."""
    await answered.wait()
    await websocket.go_away()
