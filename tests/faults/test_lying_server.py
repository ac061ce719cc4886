"""A server whose `receive` keeps to no rules gets one well-formed response, or none; it never stops the event loop."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import pytest

from yaat import Yaat
from yaat.asgi import Message

from .connections import CONNECTIONS, Connection
from .driving import Site, Watch, pause, run
from .exchange import Exchange
from .requests import CASES, Case

#: More than an app may receive before it lets anything else run.
MAX_CALLS = 5000
#: What an app that is told the same for ever is given, in turns of the event loop, before it is cancelled.
PATIENCE = 200


class ServerError(Exception):
    """A mistake of the server's."""


class LyingExchange(Exchange):
    """A server that says what it likes, and that over and over.

    Args:
        lies: Messages, or what is none; an exception is raised.
        waits: Whether `receive` gives way to the event loop, as it need not where a message is there already.
        repeats: Whether the last lie comes for ever; else the client then waits for its answer, and leaves.

    Attributes:
        is_greedy: Whether the app has received for ever without letting anything else run.
    """

    def __init__(self, scope: dict[str, Any], lies: Sequence[Any], *, waits: bool, repeats: bool) -> None:
        super().__init__(scope, [])
        self.is_greedy = False
        self._lies = list(lies)
        self._waits = waits
        self._repeats = repeats
        self._calls = 0

    async def receive(self) -> Message:
        """Tell a lie."""
        if not self._lies:
            return await super().receive()
        if self._waits:
            await pause()
        self._count()
        lie = self._lies[0] if self._repeats and len(self._lies) == 1 else self._lies.pop(0)
        if isinstance(lie, BaseException):
            raise lie.__class__("nothing can be received")
        return lie  # type: ignore[no-any-return]  # it is a lie

    def _count(self) -> None:
        """Count the calls of one turn of the event loop."""
        if not self._calls:
            asyncio.get_running_loop().call_soon(self._begin)
        self._calls += 1
        if self._calls > MAX_CALLS:
            self.is_greedy = True
            raise ServerError("receive is called for ever")

    def _begin(self) -> None:
        self._calls = 0


def chunk(body: Any, more_body: Any = True, **other: Any) -> dict[str, Any]:
    """Return a message with content."""
    return {"type": "http.request", "body": body, "more_body": more_body, **other}


_END = {"type": "http.disconnect"}
_OPENING = {"type": "websocket.connect"}
_LEAVING = {"type": "websocket.disconnect", "code": 1000}


def data(**content: Any) -> dict[str, Any]:
    """Return a message of a WebSocket."""
    return {"type": "websocket.receive", **content}


WEBSOCKET_LIES: dict[str, list[Any]] = {
    "no message": [None],
    "no type": [{}],
    "leaving before the opening": [_LEAVING],
    "leaving before the opening, and the opening": [_LEAVING, _OPENING],
    "data before the opening": [data(text="do"), _OPENING],
    "the opening twice": [_OPENING, _OPENING],
    "no message after the opening": [_OPENING, None],
    "an unknown type": [_OPENING, {"type": "websocket.nothing"}],
    "a message of HTTP": [_OPENING, chunk(b"do")],
    "no data": [_OPENING, data()],
    "data that is None": [_OPENING, data(text=None, bytes=None)],
    "data that is a number": [_OPENING, data(text=7)],
    "bytes that are a text": [_OPENING, data(bytes="do")],
    "text that is bytes": [_OPENING, data(text=b"do")],
    "both": [_OPENING, data(text="do", bytes=b"ne")],
    "data after leaving": [_OPENING, data(text="do"), _LEAVING, data(text="ne")],
    "leaving twice": [_OPENING, data(text="do"), _LEAVING, _LEAVING],
    "a code that is no number": [_OPENING, {"type": "websocket.disconnect", "code": "x", "reason": 7}],
    "an error": [ServerError()],
    "an error after the opening": [_OPENING, ServerError()],
    "a wait that was cancelled": [_OPENING, asyncio.CancelledError()],
    "an OSError after the opening": [_OPENING, OSError()],
}
LIES: dict[str, list[Any]] = {
    "no message": [None],
    "a text": ["http.request"],
    "nothing": [{}],
    "no type": [{"body": b"x", "more_body": False}],
    "a type that is no text": [{"type": b"http.request"}],
    "an unknown type": [{"type": "http.nothing"}],
    "a WebSocket message": [{"type": "websocket.receive", "text": "x"}],
    "a lifespan message": [{"type": "lifespan.shutdown"}],
    "content that is None": [chunk(None)],
    "content that is a text": [chunk("x")],
    "content that is a number": [chunk(7)],
    "content that is a list": [chunk([b"x"])],
    "content in the end that is a text": [chunk(b"x"), chunk("x", False)],
    "an empty chunk": [chunk(b"")],
    "no content": [{"type": "http.request", "more_body": True}],
    "an end that is no boolean": [chunk(b"x", "no")],
    "content after the end": [chunk(b"do"), chunk(b"ne", False), chunk(b"more"), chunk(b"more", False)],
    "the end twice": [chunk(b"done", False), chunk(b"", False)],
    "leaving twice": [chunk(b"do"), _END, _END],
    "content after leaving": [chunk(b"do"), _END, chunk(b"ne", False)],
    "an error": [ServerError()],
    "an OSError": [OSError()],
    "a wait that was cancelled": [asyncio.CancelledError()],
    "a wait that was cancelled after the end": [chunk(b"done", False), asyncio.CancelledError()],
    "an error after content": [chunk(b"do"), ServerError()],
    "an error after the end": [chunk(b"done", False), ServerError()],
}


async def lie_to(site: Site[Yaat], case: Case | Connection, lies: Sequence[Any], log: list[Any]) -> None:
    """Tell *lies* in every way, and see what becomes of it."""
    await case.visit(site.app)
    watch = Watch(site)
    for waits, repeats in product((True, False), (True, False)):
        about = f"{case.path}, waits: {waits}, repeats: {repeats}"
        exchange = LyingExchange(case.make_scope(), lies, waits=waits, repeats=repeats)
        task = asyncio.ensure_future(exchange.serve(site.app))
        for _ in range(PATIENCE):
            if task.done():
                break
            await asyncio.sleep(0)
        is_done = task.done()
        task.cancel()
        await asyncio.wait([task])
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        exchange.check(is_complete=is_done and error is None and not has_left(lies))
        # Who asks for content waits for its end, and a WebSocket for its client to leave.
        assert is_done or (not has_left(lies) if isinstance(case, Connection) else lies[-1].get("more_body")), about
        # The server is told of its mistake where the client cannot be.
        assert error is None or not is_done or not exchange.is_finished, about
        del task, error
        await watch.check(about)
        assert not exchange.is_greedy, about
        assert len(log) <= 1, (about, log)
        log.clear()
    await case.visit(site.app)


def has_left(lies: Sequence[Any]) -> bool:
    """Return whether the client has left, as far as one can tell."""
    return any(isinstance(lie, OSError) or lie in (_END, _LEAVING) for lie in lies)


#: What reads content, or listens for a client that leaves.
RECEIVING = [
    case
    for case in CASES.values()
    if case.method == "POST" or case.path in ("/coroutine", "/file", "/hints", "/stream")
]


async def lie_to_all(site: Site[Yaat], cases: Iterable[Case | Connection], lies: Sequence[Any], log: list[Any]) -> None:
    """Tell *lies* to one after the other."""
    for case in cases:
        await lie_to(site, case, lies, log)


@pytest.mark.parametrize("lies", LIES.values(), ids=list(LIES))
def test_a_request_of_lies_is_answered_once_or_not_at_all(
    lies: list[Any], site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """What is no message ends in one response, of 500 where somebody reads it, or in none; the next is answered."""
    caplog.set_level(logging.WARNING)
    run(lie_to_all(site, RECEIVING, lies, caplog.records))


@pytest.mark.parametrize("lies", WEBSOCKET_LIES.values(), ids=list(WEBSOCKET_LIES))
def test_a_connection_of_lies_is_ended(
    lies: list[Any], websocket_site: Site[Yaat], caplog: pytest.LogCaptureFixture
) -> None:
    """What is no message ends the connection, or is passed over; the next one is served."""
    caplog.set_level(logging.WARNING)
    run(lie_to_all(websocket_site, CONNECTIONS.values(), lies, caplog.records))
