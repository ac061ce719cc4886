"""This file is how an app learns that it will be stopped before its server waits for open streams to end."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

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
    restore = [(number, previous, _put_before(number, previous, loop, tell)) for number, previous in _list_handlers()]
    try:
        yield
    finally:
        for number, previous, ours in restore:
            if signal.getsignal(number) is ours:
                signal.signal(number, previous)


def _list_handlers() -> list[tuple[signal.Signals, Callable[[int, FrameType | None], Any]]]:
    """Return the signals that somebody handles in Python."""
    handlers = [(number, signal.getsignal(number)) for number in SIGNALS]
    return [
        (number, handler)
        for number, handler in handlers
        if callable(handler) and handler is not signal.default_int_handler
    ]


def _put_before(
    number: signal.Signals,
    previous: Callable[[int, FrameType | None], Any],
    loop: asyncio.AbstractEventLoop,
    tell: Callable[[], None],
) -> Callable[[int, FrameType | None], Any]:
    """Install and return a handler that tells, and some turns later does what *previous* does."""
    is_told = False

    def handle(received: int, frame: FrameType | None) -> Any:
        nonlocal is_told
        if is_told or loop.is_closed():
            return previous(received, frame)
        is_told = True
        loop.call_soon_threadsafe(tell)
        loop.call_soon_threadsafe(_call_later, loop, TURNS, partial(previous, received, frame))
        return None

    signal.signal(number, handle)
    return handle


def _call_later(loop: asyncio.AbstractEventLoop, turns: int, function: Callable[[], Any]) -> None:
    """Call *function* after so many turns of *loop*."""
    if turns:
        loop.call_soon(_call_later, loop, turns - 1, function)
    else:
        function()
