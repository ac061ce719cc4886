"""Whatever an app does, a test gets a clear error, and nothing of the app is left."""

import asyncio
import threading
from typing import Any

import pytest

from yaat_testclient import ASGIViolation, LifespanError, WebSocketDenied

START = {"type": "http.response.start", "status": 200, "headers": []}
MORE = {"type": "http.response.body", "body": b"a", "more_body": True}
LAST = {"type": "http.response.body", "body": b"b"}


async def never_answers(receive: Any, send: Any) -> None:
    """Wait for ever."""
    await asyncio.Event().wait()


async def never_goes_on(receive: Any, send: Any) -> None:
    """Wait for ever in the middle."""
    await send(START)
    await send(MORE)
    await asyncio.Event().wait()


async def never_ends(receive: Any, send: Any) -> None:
    """Wait for ever after the end."""
    await send(START)
    await send(LAST)
    await asyncio.Event().wait()


async def answers_twice(receive: Any, send: Any) -> None:
    """Start again."""
    await send(START)
    await send(START)


async def sends_after_the_end(receive: Any, send: Any) -> None:
    """Go on after the last message."""
    await send(START)
    await send(LAST)
    await send(LAST)


async def says_nothing(receive: Any, send: Any) -> None:
    """Return."""


async def raises_before_the_start(receive: Any, send: Any) -> None:
    """Fail at once."""
    raise LookupError


async def raises_after_the_start(receive: Any, send: Any) -> None:
    """Fail in the middle."""
    await send(START)
    raise LookupError


async def starts_a_task(receive: Any, send: Any) -> None:
    """Wait for a task of its own that waits for ever."""
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.Event().wait())


TIMEOUT = "ReadTimeout"
BAD_APPS: list[tuple[Any, Any]] = [
    (never_answers, TIMEOUT),
    (never_goes_on, TIMEOUT),
    (never_ends, TIMEOUT),
    (starts_a_task, TIMEOUT),
    (answers_twice, ASGIViolation),
    (sends_after_the_end, ASGIViolation),
    (says_nothing, ASGIViolation),
    (raises_before_the_start, LookupError),
    (raises_after_the_start, LookupError),
]


class App:
    """An app that lives as it should, and answers as badly as it is told."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Start and stop; answer."""
        if scope["type"] != "lifespan":
            await self._answer(receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


class FailsToStart:
    """An app that does not start."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Fail."""
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})


def get_error(http: Any, error: Any) -> type[BaseException]:
    """Return the class of the exception that is expected."""
    found: type[BaseException] = http.LIBRARY.ReadTimeout if error == TIMEOUT else error
    return found


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("answer", "error"), BAD_APPS)
def test_a_synchronous_test_is_left_with_an_error_and_no_thread(http: Any, answer: Any, error: Any) -> None:
    """No hang, no thread, and the app is stopped as it should."""
    before = threading.active_count()
    with http.TestClient(App(answer), timeout_seconds=0.1) as client:
        with pytest.raises(get_error(http, error)):
            client.get("/")
        with pytest.raises((get_error(http, error), WebSocketDenied, ASGIViolation)):
            client.websocket_connect("/").__enter__()
    assert threading.active_count() == before


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("answer", "error"), BAD_APPS)
def test_an_asynchronous_test_is_left_with_an_error_and_no_task(http: Any, answer: Any, error: Any) -> None:
    """No hang, no task, and the app is stopped as it should."""

    async def main() -> set[Any]:
        async with http.AsyncTestClient(App(answer), timeout_seconds=0.1) as client:
            with pytest.raises(get_error(http, error)):
                await client.get("/")
            with pytest.raises((get_error(http, error), WebSocketDenied, ASGIViolation)):
                await client.websocket_connect("/").__aenter__()
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(main()) == set()


@pytest.mark.parametrize("closes", [1, 2])
def test_a_client_that_is_closed_twice_is_closed(http: Any, closes: int) -> None:
    """The second time does nothing, in both colours, and within a block too."""

    async def main() -> set[Any]:
        async with http.AsyncTestClient(App(says_nothing)) as client:
            for _ in range(closes):
                await client.aclose()
        return asyncio.all_tasks() - {asyncio.current_task()}

    before = threading.active_count()
    with http.TestClient(App(says_nothing)) as client:
        for _ in range(closes):
            client.close()
    assert threading.active_count() == before
    assert asyncio.run(main()) == set()


def test_an_app_that_does_not_start_leaves_nothing(http: Any) -> None:
    """Neither a thread nor a task."""

    async def main() -> set[Any]:
        with pytest.raises(LifespanError, match="no database"):
            await http.AsyncTestClient(FailsToStart()).__aenter__()
        return asyncio.all_tasks() - {asyncio.current_task()}

    before = threading.active_count()
    with pytest.raises(LifespanError, match="no database"):
        http.TestClient(FailsToStart()).__enter__()
    assert threading.active_count() == before
    assert asyncio.run(main()) == set()
