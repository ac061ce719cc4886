"""This file is how the conformance tests play a connection before the referee."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat_testclient.referee import Referee

#: Directions in which a message travels, and the message: "<" is given to the app, ">" sent by it.
Play = Callable[..., None]

SCOPES: dict[str, dict[str, Any]] = {
    "http": {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/x",
        "query_string": b"",
        "headers": [],
    },
    "websocket": {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "path": "/ws",
        "headers": [],
        "subprotocols": ["chat"],
    },
    "lifespan": {"type": "lifespan", "asgi": {"version": "3.0"}},
}


@pytest.fixture
def play() -> Play:
    """Play messages on a connection: `play("http", ("<", message), (">", message), ...)`.

    A message is a dict, or just its type. The app returns `None` at the end with ``returns=True``.
    """

    def play_connection(protocol: str, *messages: tuple[str, Any], returns: bool = False, **facts: Any) -> None:
        referee = Referee({**SCOPES[protocol], **facts})
        for direction, message in messages:
            check = {"<": referee.given, ">": referee.sent}[direction]
            check({"type": message} if isinstance(message, str) else message)
        if returns:
            referee.returned(None)

    return play_connection
