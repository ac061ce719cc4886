"""This file is the answer to an opening: the message that accepts it, and the HTTP response that denies it."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from yaat.asgi import Message, Receive, Scope, Send
from yaat.connection import Place
from yaat.headers import Headers, encode_name, encode_value

#: The extension, and how the names of its messages begin (ASGI spec, "WebSocket Denial Response").
DENIAL: Final = "websocket.http.response"


def make_accept(
    scope: Scope, subprotocol: str | None, headers: Mapping[str, str] | Iterable[tuple[str, str]]
) -> Message:
    """Return the message that accepts the opening that *scope* tells of.

    Raises:
        ValueError: The client does not speak *subprotocol*, and would have to fail (RFC 6455 §4.1).
        InvalidHeader: A header cannot be sent.
    """
    message: dict[str, Any] = {"type": "websocket.accept"}
    if subprotocol is not None:
        known = tuple(scope.get("subprotocols") or ())
        if subprotocol not in known:
            names = ", ".join(map(repr, known)) or "none"
            raise ValueError(f"The client does not offer the subprotocol {subprotocol!r}. It offers: {names}.")
        message["subprotocol"] = subprotocol
    if headers:
        pairs: Iterable[tuple[str, str]] = headers.items() if isinstance(headers, Mapping) else headers
        if isinstance(headers, Headers):  # Which may have several values for one name.
            pairs = headers.multi_items()
        message["headers"] = [(encode_name(name), encode_value(value)) for name, value in pairs]
    return message


def can_deny(scope: Scope) -> bool:
    """Return whether the server can answer an opening with a response."""
    return DENIAL in (scope.get("extensions") or {})


def make_denial_send(send: Send) -> Send:
    """Return the `send` for a response that denies: its messages get the names of the extension."""

    async def send_denial(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return send_denial


def make_denial_receive(receive: Receive) -> Receive:
    """Return the `receive` for a response that denies: no content comes, only the client's leaving."""

    async def receive_denial() -> Message:
        await receive()
        return {"type": "http.disconnect"}

    return receive_denial


async def run_after(background: Any, place: Place) -> None:
    """Run the background work of a response that has denied; outside an app there is nobody who would."""
    runner = getattr(place, "background", None)
    if runner is not None:
        await asyncio.wait([runner.start(background)])  # Its own end concerns it alone, as after other responses.
