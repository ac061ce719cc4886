"""WebSockets: what others had to mend in their HTTP holds for an opening as well."""

import asyncio
from typing import Any

import pytest

from yaat import Yaat
from yaat.asgi import Message
from yaat_testclient import check_app
from yaat_websockets import WebSocket, WebSocketsPlugin

from .asking import make_scope


def open_websocket(app: Yaat, path: str = "/", **scope: Any) -> list[Message]:
    """Return what *app* says to a client that opens a WebSocket, and leaves when it is told something."""
    return asyncio.run(_open(app, make_scope(path, type="websocket", scheme="ws", subprotocols=[], **scope)))


async def _open(app: Yaat, scope: dict[str, Any]) -> list[Message]:
    del scope["method"]
    incoming = iter([{"type": "websocket.connect"}])
    sent: list[Message] = []
    is_answered = asyncio.Event()

    async def receive() -> Message:
        if (message := next(incoming, None)) is not None:
            return message
        await is_answered.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(message: Message) -> None:
        sent.append(message)
        is_answered.set()

    await check_app(app)(scope, receive, send)
    return sent


@pytest.mark.parametrize("text", ["7\r\nset-cookie: a=b", "7\n", "7\x00"])
def test_header_of_an_acceptance_ends_no_header(text: str) -> None:
    """What breaks a header is not sent; the opening fails."""
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin()])

    @app.websocket_route("/")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept(headers={"x-room": text})

    [message] = open_websocket(app)
    assert message["type"] == "websocket.close"


def test_host_of_a_websocket_is_no_pattern() -> None:
    """Routes for one host are for that host alone, whatever the protocol and whatever headers stand beside it."""
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin()])

    @app.websocket_route("/", host="good.example")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()

    def get_first(*headers: tuple[bytes, bytes]) -> str:
        return str(open_websocket(app, headers=headers, server=None)[0]["type"])

    assert get_first((b"host", b"good.example")) == "websocket.accept"
    assert get_first((b"host", b"goodXexample")) == "websocket.close"
    assert get_first((b"x-forwarded-host", b"good.example")) == "websocket.close"
