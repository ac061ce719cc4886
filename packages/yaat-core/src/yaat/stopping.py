"""This file is how an app learns that it will be stopped before its server waits for open streams to end."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

Handle = Callable[[int, FrameType | None], Any]

#: What asks a server to stop.
SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: So many turns of the event loop the app has before its server hears: two for those who wait for `app.stopping` to
#: wake and start something, one for that to be sent, and two to spare.
TURNS = 5


@contextmanager
def watch_signals(tell: Callable[[], None]) -> Iterator[None]:
    """Call *tell* on the event loop when the process is asked to stop, some turns before the server's handler runs.

    Servers send `lifespan.shutdown` only when all connections are closed, and a stream that waits for that message
    keeps its connection open. WebSockets they close at once, in a way of their own, unless the app does so first.
    A second signal of the same kind reaches the server at once: an event loop that is blocked can still be broken off.
    Nothing is done outside the main thread, nor for a signal that nobody handles.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    watches = [_Watch(number, previous, loop, tell) for number, previous in _list_handlers()]
    try:
        yield
    finally:
        for watch in watches:
            watch.end()


def _list_handlers() -> list[tuple[signal.Signals, Handle]]:
    """Return the signals that somebody handles in Python."""
    handlers = [(number, signal.getsignal(number)) for number in SIGNALS]
    return [
        (number, handler)
        for number, handler in handlers
        if callable(handler) and handler is not signal.default_int_handler
    ]


class _Watch:
    """A signal handler that tells, and some turns later does what the one before it does.

    Several apps of one process each put theirs before the others', and may end in any order: one that is over and has
    others before it stays, and passes signals on.
    """

    def __init__(
        self, number: signal.Signals, previous: Handle, loop: asyncio.AbstractEventLoop, tell: Callable[[], None]
    ) -> None:
        self.previous = previous
        self.is_over = False
        self._number = number
        self._loop = loop
        self._tell = tell
        self._is_told = False
        signal.signal(number, self)

    def __call__(self, received: int, frame: FrameType | None) -> Any:
        """Handle the signal."""
        if self._is_told or self.is_over or self._loop.is_closed():
            return self.previous(received, frame)
        self._is_told = True
        self._loop.call_soon_threadsafe(self._tell)
        self._loop.call_soon_threadsafe(_call_later, self._loop, TURNS, partial(self.previous, received, frame))
        return None

    def end(self) -> None:
        """Put back what was there before, as soon as nobody else's is before it."""
        self.is_over = True
        installed = signal.getsignal(self._number)
        while isinstance(installed, _Watch) and installed.is_over:
            installed = installed.previous
            signal.signal(self._number, installed)


def _call_later(loop: asyncio.AbstractEventLoop, turns: int, function: Callable[[], Any]) -> None:
    """Call *function* after so many turns of *loop*."""
    if turns:
        loop.call_soon(_call_later, loop, turns - 1, function)
    else:
        function()
