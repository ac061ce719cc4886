"""Target: a WebSocket, through any sequence of moves of its handler, its client and its server."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from yaat import Yaat
from yaat.asgi import Message, Scope
from yaat.exceptions import ClientDisconnect
from yaat_websockets import WebSocket, WebSocketsPlugin, WebSocketStateError
from yaat_websockets.exceptions import WebSocketException

MAX_BYTES = 8
#: More moves show nothing new.
MAX_MOVES = 40

Errors = list[Exception]

#: What the server may give, legal or not, by the letter that stands for it.
GIVEN: dict[str, Message] = {
    "c": {"type": "websocket.connect"},
    "t": {"type": "websocket.receive", "text": "text"},
    "T": {"type": "websocket.receive", "text": "é" * 5, "bytes": None},
    "b": {"type": "websocket.receive", "bytes": b"bytes", "text": None},
    "B": {"type": "websocket.receive", "bytes": b"x" * 9},
    "j": {"type": "websocket.receive", "text": "[1]"},
    "d": {"type": "websocket.disconnect", "code": 1001},
    "D": {"type": "websocket.disconnect"},
    "h": {"type": "http.disconnect"},
}
DISCONNECT: Message = {"type": "websocket.disconnect", "code": 1006}


async def look(websocket: WebSocket[Any]) -> None:
    """Read what never fails."""
    assert isinstance(websocket.is_open, bool)
    assert websocket.subprotocols == ["chat"]


async def run_through(websocket: WebSocket[Any]) -> None:
    """Take all messages there are; it ends by itself."""
    async for _ in websocket:
        pass


#: What a handler may do, by the letter that stands for it.
MOVES: dict[str, Callable[[WebSocket[Any]], Any]] = {
    "a": lambda websocket: websocket.accept(),
    "A": lambda websocket: websocket.accept("chat", {"x-a": "1"}),
    "n": lambda websocket: websocket.deny(402, "no"),
    "t": lambda websocket: websocket.send_text("hello"),
    "b": lambda websocket: websocket.send_bytes(bytearray(b"hello")),
    "j": lambda websocket: websocket.send_json([1], "bytes"),
    "r": lambda websocket: websocket.receive_text(),
    "R": lambda websocket: websocket.receive_bytes(),
    "e": lambda websocket: websocket.receive_data(),
    "J": lambda websocket: websocket.receive_json(),
    "x": lambda websocket: websocket.receive(),
    "i": run_through,
    "c": lambda websocket: websocket.close(4000, "bye"),
    "g": lambda websocket: websocket.go_away(),
    "s": lambda websocket: websocket.send({"type": "websocket.send", "text": "raw"}),
    "S": lambda websocket: websocket.send({"type": "websocket.accept"}),
    "C": lambda websocket: websocket.send({"type": "websocket.close"}),
    "N": lambda websocket: websocket.send({"type": "websocket.http.response.start", "status": 401, "headers": []}),
    "o": lambda websocket: websocket.send({"type": "websocket.http.response.body", "body": b"", "more_body": True}),
    "O": lambda websocket: websocket.send({"type": "websocket.http.response.body", "body": b""}),
    "l": look,
}
#: All that a move may raise.
DOCUMENTED = (WebSocketException, WebSocketStateError, ClientDisconnect)


class Server:
    """The other end: it gives messages, and holds the app to the ASGI specification.

    Args:
        given: The letters of its messages; when they are over, the client is gone.
        patience: After so many messages the socket is broken, and `send` raises.
    """

    def __init__(self, given: str, patience: int) -> None:
        self._given = iter([GIVEN[letter] for letter in given if letter in GIVEN])
        self._patience = patience
        self.received: list[str] = []
        self.sent: list[str] = []
        self.is_over = False

    async def receive(self) -> Message:
        """Return the next message; who goes on asking when the client is gone would do so for ever."""
        message = next(self._given, DISCONNECT)
        self.received.append(message["type"])
        assert len(self.received) < 3 * MAX_MOVES
        return {**message}

    async def send(self, message: Message) -> None:
        """Take a message that is legal now."""
        kind = message["type"].removeprefix("websocket.")
        assert not self.is_over, f"{kind} after the end: {self.sent}"
        before = self.sent[-1] if self.sent else ""
        follows = {
            "accept": not before,
            "http.response.start": not before,
            "http.response.body": before.startswith("http.response"),
            "send": before in ("accept", "send"),
            "close": before in ("", "accept", "send"),
        }
        assert follows[kind], f"{kind} after {self.sent}"
        if len(self.sent) >= self._patience:
            self.is_over = True
            raise OSError("The socket is broken.")
        self.sent.append(kind)
        self.is_over = kind == "close" or (kind == "http.response.body" and not message.get("more_body"))


def check_websocket(data: bytes) -> None:
    """Whatever is done in whatever order, only legal messages are sent, errors are documented, and it ends.

    The first byte is a set of choices, the first line the server's messages, and the rest the handler's moves.
    """
    choices = data[0] if data else 0
    given, _, moves = data[1:].decode("latin-1").partition("\n")
    server = Server(given[:MAX_MOVES], choices % 8 or 1000)
    errors, escaped = run(server, moves[:MAX_MOVES], can_deny=choices & 16 > 0, is_caught=choices & 32 > 0)
    for error in errors + escaped:
        assert isinstance(error, DOCUMENTED), repr(error)
    first, *others = server.received or [""]
    is_server_right = first == "websocket.connect" and {*others} <= {"websocket.receive", "websocket.disconnect"}
    if is_server_right and "websocket.disconnect" not in others:
        # Nobody but the server can end an answer that the handler has begun, message by message, and left.
        is_half = not server.is_over and server.sent[-1].startswith("http.response")
        assert server.is_over or is_half, (server.received, server.sent)
        assert is_half or not escaped, escaped


@cache
def make_app() -> Yaat:
    """Return an app whose handler makes the moves that are in the scope, and keeps their errors there."""
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin(max_message_bytes=MAX_BYTES)])

    @app.websocket_route("/")
    async def handler(websocket: WebSocket[Any]) -> None:
        moves, is_caught, errors = websocket.scope["fuzz"]
        for letter in moves:
            if letter not in MOVES:
                continue
            try:
                await MOVES[letter](websocket)
            except Exception as error:
                errors.append(error)
                if not is_caught:
                    raise

    return app


def run(server: Server, moves: str, *, can_deny: bool, is_caught: bool) -> tuple[Errors, Errors]:
    """Return all errors of the handler's moves, and the one that came out of the app, if one did."""
    errors: Errors = []
    escaped: Errors = []
    scope: Scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "path": "/",
        "raw_path": b"/",
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "subprotocols": ["chat"],
        "extensions": {"websocket.http.response": {}} if can_deny else {},
        "fuzz": (moves, is_caught, errors),
    }
    with silence():
        try:
            asyncio.run(make_app()(scope, server.receive, server.send))
        except Exception as error:
            escaped.append(error)
    return errors, escaped


@contextmanager
def silence() -> Iterator[None]:
    """Log nothing for a while: errors are looked at here."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)
