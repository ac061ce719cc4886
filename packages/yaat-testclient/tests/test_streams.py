"""The response body as it arrives, and the request body as it is asked for."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

START = {"type": "http.response.start", "status": 200, "headers": []}


class Counter:
    """An app that streams numbers, and tells how far it is."""

    def __init__(self, last: int) -> None:
        self.sent = -1
        self._last = last

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Stream, without ever awaiting anything but `send`."""
        await send(START)
        for number in range(self._last + 1):
            message = {"type": "http.response.body", "body": b"%d\n" % number}
            await send({**message, "more_body": number < self._last})
            self.sent = number


class SlowEcho:
    """An app that sends each piece of the request body back before it reads the next."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Echo."""
        await send(START)
        more = True
        while more:
            message = await receive()
            more = message["more_body"]
            await send({"type": "http.response.body", "body": message["body"], "more_body": more})


def test_the_first_chunk_is_seen_before_the_last_is_sent(http: Any) -> None:
    """A response streams: the app is never more than a message ahead of its reader."""
    app = Counter(last=5)
    with http.TestClient(app, lifespan="off") as client, client.stream("GET", "/") as response:
        lines = response.iter_lines()
        assert next(lines) == "0"
        assert app.sent < 3
        assert list(lines) == ["1", "2", "3", "4", "5"]


def test_an_endless_response_can_be_left(http: Any) -> None:
    """Only what is read is ever made."""
    app = Counter(last=10**9)
    with http.TestClient(app, lifespan="off") as client, client.stream("GET", "/") as response:
        assert next(response.iter_lines()) == "0"


def test_events_can_be_read_one_by_one(http: Any) -> None:
    """An event stream that never ends is read as far as the test likes."""
    left = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": [(b"content-type", b"text/event-stream")]})
        try:
            for number in range(10**9):
                event = b"event: tick\ndata: %d\n\n" % number
                await send({"type": "http.response.body", "body": event, "more_body": True})
        finally:
            left.append(True)

    with http.TestClient(app, lifespan="off") as client:
        with client.stream("GET", "/") as response:
            lines = response.iter_lines()
            events = [tuple(next(lines) for _ in range(3)) for _ in range(2)]
        assert events == [("event: tick", "data: 0", ""), ("event: tick", "data: 1", "")]
        assert left == [True]


def test_a_request_body_is_drawn_as_the_app_reads_it(http: Any) -> None:
    """Request and response go on side by side, in the thread of the test."""
    echoed: list[str] = []

    def body() -> Iterator[bytes]:
        for number in range(3):
            yield b"%d\n" % number

    client = http.TestClient(SlowEcho())
    with client.stream("POST", "/", content=body()) as response:
        echoed.extend(response.iter_lines())
    assert echoed == ["0", "1", "2"]


def test_an_upload_that_breaks_off_is_a_disconnect(http: Any) -> None:
    """What the test raises in its body is raised in the test, and the app learns of it."""
    messages = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(2):
            messages.append((await receive())["type"])

    def body() -> Iterator[bytes]:
        yield b"a"
        raise LookupError("battery empty")

    with pytest.raises(LookupError, match="battery empty"):
        http.TestClient(app).post("/", content=body())
    assert messages == ["http.request", "http.disconnect"]


@pytest.mark.anyio
async def test_an_asynchronous_test_sees_the_first_chunk_too(http: Any) -> None:
    """On the loop of the test, with nothing in between."""
    app = Counter(last=5)
    async with http.AsyncTestClient(app).stream("GET", "/") as response:
        lines = response.aiter_lines()
        assert await anext(lines) == "0"
        await asyncio.sleep(0)
        assert app.sent < 3
        assert [line async for line in lines] == ["1", "2", "3", "4", "5"]


@pytest.mark.anyio
async def test_an_asynchronous_body_is_drawn_as_the_app_reads_it(http: Any) -> None:
    """A body may even wait for the response to what it said before."""
    echoed: asyncio.Queue[bytes] = asyncio.Queue()

    async def body() -> AsyncIterator[bytes]:
        yield b"0\n"
        assert await echoed.get() == b"0\n"
        yield b"1\n"

    async with http.AsyncTestClient(SlowEcho()).stream("POST", "/", content=body()) as response:
        async for chunk in response.aiter_raw():
            echoed.put_nowait(chunk)
    assert echoed.get_nowait() == b"1\n"


@pytest.mark.anyio
async def test_a_body_is_drawn_before_the_response_starts(http: Any) -> None:
    """An app may read all of it first."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["more_body"]:
            body += message["body"]
        await send(START)
        await send({"type": "http.response.body", "body": body[::-1]})

    async def body() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"c"

    assert (await http.AsyncTestClient(app).post("/", content=body())).text == "cba"
