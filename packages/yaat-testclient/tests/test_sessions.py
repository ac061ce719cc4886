"""A WebSocket in the hands of a synchronous test."""

from typing import Any

import pytest

from yaat_testclient import WebSocketDisconnect


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


def test_text_bytes_and_json_go_there_and_back(http: Any) -> None:
    """Each has its methods."""
    with http.TestClient(echo).websocket_connect("/ws") as websocket:
        websocket.send_text("é")
        assert websocket.receive_text() == "é"
        websocket.send_bytes(b"\xff")
        assert websocket.receive_bytes() == b"\xff"
        websocket.send_json({"a": [1]})
        assert websocket.receive_json() == {"a": [1]}
        websocket.send_bytes(b"[2]")
        assert websocket.receive_json() == [2]


def test_a_message_of_the_other_kind_is_refused(http: Any) -> None:
    """`receive` takes either."""
    with http.TestClient(echo).websocket_connect("/ws") as websocket:
        websocket.send_text("a")
        with pytest.raises(TypeError, match="'a' is no bytes"):
            websocket.receive_bytes()
        with pytest.raises(TypeError, match="1 is no text"):
            websocket.send_text(1)
        websocket.send_bytes(b"b")
        assert websocket.receive() == b"b"


@pytest.mark.parametrize("code", [1000, 1001])
def test_an_iteration_ends_with_a_normal_close(http: Any, code: int) -> None:
    """All messages before it are yielded."""
    with http.TestClient(echo).websocket_connect("/ws") as websocket:
        websocket.send_text("a")
        websocket.send_text(str(code))
        assert list(websocket) == ["a"]


def test_an_iteration_raises_another_close(http: Any) -> None:
    """An end that is an error is not passed over."""
    with http.TestClient(echo).websocket_connect("/ws") as websocket:
        websocket.send_text("3000")
        with pytest.raises(WebSocketDisconnect) as caught:
            list(websocket)
    assert caught.value.code == 3000


def test_a_failed_test_matters_more_than_a_failed_app(http: Any) -> None:
    """The app's failure becomes a note on what failed in the block."""
    websocket = http.TestClient(echo).websocket_connect("/ws").__enter__()
    websocket.send_text("fail")
    error = AssertionError()
    websocket.__exit__(AssertionError, error, None)
    assert error.__notes__ == ["Closing the client failed too: ValueError('mine')"]


def test_two_connections_can_be_open_at_once(http: Any) -> None:
    """They are two clients of the same app."""
    client = http.TestClient(echo)
    with client.websocket_connect("/a") as one, client.websocket_connect("/b") as other:
        one.send_text("one")
        other.send_text("other")
        assert (other.receive_text(), one.receive_text()) == ("other", "one")
