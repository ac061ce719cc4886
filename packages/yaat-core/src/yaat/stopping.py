"""This file is how an app learns that it will be stopped before its server waits for open streams to end."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: What asks a server to stop.
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def watch_signals(tell: Callable[[], None]) -> Iterator[None]:
    """Call *tell* on the event loop when the process is asked to stop, before the server's own handler runs.

    Servers send `lifespan.shutdown` only when all connections are closed, and a stream that waits for that message
    keeps its connection open. Nothing is done outside the main thread, nor for a signal that nobody handles.
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
    """Install and return a handler that tells, and then does what *previous* does."""

    def handle(received: int, frame: FrameType | None) -> Any:
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell)
        return previous(received, frame)

    signal.signal(number, handle)
    return handle
