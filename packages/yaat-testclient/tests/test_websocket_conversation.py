"""One WebSocket as the client lives it."""

import asyncio
from typing import Any

import pytest

from yaat_testclient import AppLeftBehindWarning, WebSocketDenied, WebSocketDisconnect

pytestmark = pytest.mark.anyio


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Send back what comes, until "bye"."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        if message.get("text") == "bye":
            await send({"type": "websocket.close", "code": 4000, "reason": "bye"})
            return
        await send({**message, "type": "websocket.send"})


async def test_what_is_said_comes_back(http: Any) -> None:
    """Text and bytes, in order."""
    async with http.AsyncTestClient(echo).websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        await websocket.send_bytes(b"b")
        assert [await websocket.receive(), await websocket.receive()] == ["a", b"b"]


async def test_a_close_of_the_app_is_raised_when_all_is_read(http: Any) -> None:
    """With its code and reason, from `receive` and from `send` alike."""
    async with http.AsyncTestClient(echo).websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        await websocket.send_text("bye")
        assert await websocket.receive() == "a"
        with pytest.raises(WebSocketDisconnect) as caught:
            await websocket.receive()
        assert (caught.value.code, caught.value.reason) == (4000, "bye")
        with pytest.raises(WebSocketDisconnect):
            await websocket.send_text("too late")


async def hang(scope: Any, receive: Any, send: Any) -> None:
    """Never answer the handshake."""
    await receive()
    await asyncio.Event().wait()  # never set


@pytest.mark.usefixtures("impatient")
async def test_a_handshake_that_hangs_is_told_with_its_line(http: Any) -> None:
    """A connection that is neither accepted nor refused is given up."""
    client = http.AsyncTestClient(hang, timeout_seconds=0.05)
    with pytest.raises(http.LIBRARY.ReadTimeout, match="WebSocket /ws was neither accepted nor refused") as caught:
        async with client.websocket_connect("/ws"):
            pass
    assert "# never set" in str(caught.value)


async def test_a_message_that_does_not_come_is_told(http: Any) -> None:
    """An app that waits for the client is told that nothing was sent."""
    with pytest.raises(http.LIBRARY.ReadTimeout, match="WebSocket /ws got no message within 0.05 s") as caught:
        async with http.AsyncTestClient(echo).websocket_connect("/ws", timeout=0.05) as websocket:
            await websocket.receive()
    assert "the test has sent nothing that was not received" in str(caught.value)


async def fail_at_once(scope: Any, receive: Any, send: Any) -> None:
    """Fail in the handshake."""
    raise ValueError("mine")


async def fail_later(scope: Any, receive: Any, send: Any) -> None:
    """Fail after the first message."""
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    raise ValueError("mine")


async def test_a_failure_in_the_handshake_is_raised_in_the_test(http: Any) -> None:
    """As for a request."""
    with pytest.raises(ValueError, match="mine"):
        async with http.AsyncTestClient(fail_at_once).websocket_connect("/ws"):
            pass


async def test_a_failure_in_the_handshake_is_a_500_on_a_server(http: Any) -> None:
    """With raise_server_exceptions=False the connection is denied with one."""
    client = http.AsyncTestClient(fail_at_once, raise_server_exceptions=False)
    with pytest.raises(WebSocketDenied) as caught:
        async with client.websocket_connect("/ws"):
            pass
    assert caught.value.response.status_code == 500


async def test_a_failure_in_the_talk_is_raised_in_the_test(http: Any) -> None:
    """By the next thing the test does, and only once."""
    async with http.AsyncTestClient(fail_later).websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        with pytest.raises(ValueError, match="mine"):
            await websocket.receive()


async def test_a_failure_in_the_talk_is_a_1011_on_a_server(http: Any) -> None:
    """With raise_server_exceptions=False the connection closes with "internal error"."""
    client = http.AsyncTestClient(fail_later, raise_server_exceptions=False)
    async with client.websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        with pytest.raises(WebSocketDisconnect) as caught:
            await websocket.receive()
    assert caught.value.code == 1011


async def test_a_failure_that_nobody_met_is_raised_at_the_end(http: Any) -> None:
    """Leaving the connection tells what the app did wrong meanwhile."""
    with pytest.raises(ValueError, match="mine"):
        async with http.AsyncTestClient(fail_later).websocket_connect("/ws") as websocket:
            await websocket.send_text("a")


async def test_an_app_that_ends_without_closing_loses_the_connection(http: Any) -> None:
    """Its client sees no close frame (RFC 6455 §7.4.1)."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    async with http.AsyncTestClient(app).websocket_connect("/ws") as websocket:
        with pytest.raises(WebSocketDisconnect) as caught:
            await websocket.receive()
    assert caught.value.code == 1006


async def test_the_app_learns_with_what_code_the_test_left(http: Any) -> None:
    """By `close`, or with 1000 at the end of the block."""
    ends = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        ends.append(await receive())

    client = http.AsyncTestClient(app)
    async with client.websocket_connect("/ws"):
        pass
    async with client.websocket_connect("/ws") as websocket:
        await websocket.close(4001, "enough")
    assert [(end["code"], end["reason"]) for end in ends] == [(1000, ""), (4001, "enough")]


@pytest.mark.usefixtures("impatient")
async def test_an_app_that_does_not_notice_is_warned_of(http: Any) -> None:
    """On a server it would go on for ever."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.Event().wait()  # never set

    with pytest.warns(AppLeftBehindWarning, match="# never set"):
        async with http.AsyncTestClient(app).websocket_connect("/ws"):
            pass


async def test_an_app_that_sends_faster_than_it_is_read_goes_on(http: Any) -> None:
    """Reading makes room for what the app is holding back."""
    data = "x" * 40_000

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        for _ in range(5):
            await send({"type": "websocket.send", "text": data})
        await send({"type": "websocket.close"})

    async with http.AsyncTestClient(app).websocket_connect("/ws") as websocket:
        assert [message async for message in websocket] == [data] * 5


async def test_a_test_that_is_cancelled_leaves_too(http: Any) -> None:
    """The app sees the connection end in the middle of its handshake."""
    waiting, messages = asyncio.Event(), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiting.set()
        messages.append(await receive())

    async def connect() -> None:
        async with client.websocket_connect("/ws"):
            pass

    async with http.AsyncTestClient(app, lifespan="off") as client:
        connecting = asyncio.create_task(connect())
        await waiting.wait()
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
    assert messages == [{"type": "websocket.disconnect", "code": 1006, "reason": ""}]
