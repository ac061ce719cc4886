"""A WebSocket in the hands of an asynchronous test."""

from typing import Any

import pytest

from yaat_testclient import WebSocketDisconnect

pytestmark = pytest.mark.anyio


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Send back what comes; close when told a code."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text") or ""
        if text.isdigit():
            await send({"type": "websocket.close", "code": int(text)})
            return
        if text == "fail":
            raise ValueError("mine")
        await send({**message, "type": "websocket.send"})


async def test_text_bytes_and_json_go_there_and_back(http: Any) -> None:
    """Each has its methods."""
    async with http.AsyncTestClient(echo).websocket_connect("/ws") as websocket:
        await websocket.send_text("é")
        assert await websocket.receive_text() == "é"
        await websocket.send_bytes(b"\xff")
        assert await websocket.receive_bytes() == b"\xff"
        await websocket.send_json({"a": [1]})
        assert await websocket.receive_json() == {"a": [1]}
        await websocket.send_bytes(b"[2]")
        assert await websocket.receive_json() == [2]


async def test_a_message_of_the_other_kind_is_refused(http: Any) -> None:
    """`receive` takes either."""
    async with http.AsyncTestClient(echo).websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        with pytest.raises(TypeError, match="'a' is no bytes"):
            await websocket.receive_bytes()
        with pytest.raises(TypeError, match="1 is no text"):
            await websocket.send_text(1)
        await websocket.send_bytes(b"b")
        assert await websocket.receive() == b"b"


@pytest.mark.parametrize("code", [1000, 1001])
async def test_an_iteration_ends_with_a_normal_close(http: Any, code: int) -> None:
    """All messages before it are yielded."""
    async with http.AsyncTestClient(echo).websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        await websocket.send_text(str(code))
        assert [message async for message in websocket] == ["a"]


async def test_an_iteration_raises_another_close(http: Any) -> None:
    """An end that is an error is not passed over."""
    async with http.AsyncTestClient(echo).websocket_connect("/ws") as websocket:
        await websocket.send_text("3000")
        with pytest.raises(WebSocketDisconnect) as caught:
            [message async for message in websocket]
    assert caught.value.code == 3000


async def test_a_failed_test_matters_more_than_a_failed_app(http: Any) -> None:
    """The app's failure becomes a note on what failed in the block."""
    websocket = await http.AsyncTestClient(echo).websocket_connect("/ws").__aenter__()
    await websocket.send_text("fail")
    error = AssertionError()
    await websocket.__aexit__(AssertionError, error, None)
    assert error.__notes__ == ["Closing the client failed too: ValueError('mine')"]


async def test_two_connections_can_be_open_at_once(http: Any) -> None:
    """They are two clients of the same app."""
    client = http.AsyncTestClient(echo)
    async with client.websocket_connect("/a") as one, client.websocket_connect("/b") as other:
        await one.send_text("one")
        await other.send_text("other")
        assert (await other.receive_text(), await one.receive_text()) == ("other", "one")
