"""This file is what all WebSocket sessions share: how they ask, and what they make of the answer."""

import json
from collections.abc import Sequence
from typing import Any

from .errors import WebSocketDenied
from .transports import WEBSOCKET, read_limit
from .websocket_exchange import Accepted, Refused

#: The codes of an end that is no error (RFC 6455 §7.4.1).
NORMAL_CLOSURES = frozenset({1000, 1001})
#: The key of a handshake; the example of RFC 6455 §1.3, as nobody is going to check it.
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def make_handshake(client: Any, url: Any, subprotocols: Sequence[str], request_options: dict[str, Any]) -> Any:
    """Return the request that opens a WebSocket (RFC 6455 §4.1).

    Args:
        client: The client; its base URL, headers and cookies count.
        url: Where to; `ws` and `wss` are as good as `http` and `https`.
        subprotocols: What the client offers, best first.
        request_options: What else `build_request` takes, such as ``headers`` and ``params``.

    Raises:
        TypeError: *subprotocols* is one text instead of a list of them.
    """
    if isinstance(subprotocols, str):
        raise TypeError(f"subprotocols must be a list, like [{subprotocols!r}].")
    address = str(url)
    if address.startswith(("ws://", "wss://")):
        address = f"http{address.removeprefix('ws')}"
    extensions = {**request_options.pop("extensions", {}), WEBSOCKET: tuple(subprotocols)}
    request = client.build_request("GET", address, extensions=extensions, **request_options)
    request.headers["connection"] = "upgrade"
    request.headers["upgrade"] = "websocket"
    request.headers["sec-websocket-key"] = KEY
    request.headers["sec-websocket-version"] = "13"
    if subprotocols:
        request.headers["sec-websocket-protocol"] = ", ".join(subprotocols)
    return request


def take_answer(response: Any) -> tuple[Accepted, Any]:
    """Take the answer, and the way to the connection, out of the response to a handshake.

    Raises:
        WebSocketDenied: The app has refused.
    """
    answer: Accepted | Refused
    answer, connection = response.extensions.pop(WEBSOCKET)
    if isinstance(answer, Refused):
        raise WebSocketDenied(response, code=answer.code, reason=answer.reason)
    return answer, connection


def check_text(data: str | bytes) -> str:
    """Return *data* if it is text.

    Raises:
        TypeError: It is not.
    """
    if not isinstance(data, str):
        raise TypeError(f"{data!r} is no text: the methods with bytes are for that, or receive().")
    return data


def check_bytes(data: str | bytes) -> bytes:
    """Return *data* if it is binary.

    Raises:
        TypeError: It is not.
    """
    if not isinstance(data, bytes):
        raise TypeError(f"{data!r} is no bytes: the methods with text are for that, or receive().")
    return data


def format_json(data: Any) -> str:
    """Return *data* as compact JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


class Session:
    """What both colours share: the handshake, and what came of it.

    Args:
        client: The client.
        url: Where to connect.
        subprotocols: What the client offers.
        request_options: What else goes into the handshake.
    """

    def __init__(self, client: Any, url: Any, subprotocols: Sequence[str], request_options: dict[str, Any]) -> None:
        self._client = client
        self._request = make_handshake(client, url, subprotocols, request_options)
        self._limit_seconds = read_limit(self._request)
        #: The response to the handshake, a 101.
        self.response: Any = None
        #: The subprotocol the app chose, if it did.
        self.accepted_subprotocol: str | None = None
        self._connection: Any = None

    @property
    def accept_headers(self) -> Any:
        """The headers with which the app accepted.

        Raises:
            RuntimeError: The WebSocket has not been entered.
        """
        self._check_entered()
        return self.response.headers

    def _enter(self, response: Any) -> None:
        answer, self._connection = take_answer(response)
        self.response = response
        self.accepted_subprotocol = answer.subprotocol

    def _check_new(self) -> None:
        if self.response is not None:
            raise RuntimeError(
                f"The WebSocket {self._request.url.path} was connected already. "
                "Call websocket_connect() again for another one."
            )

    def _check_entered(self) -> None:
        if self.response is None:
            raise RuntimeError(
                f"The WebSocket {self._request.url.path} is not connected.\n"
                "Enter it: with client.websocket_connect(...) as websocket"
            )

    def _get_connection(self) -> Any:
        self._check_entered()
        if self._connection is None:
            raise RuntimeError(
                f"The WebSocket {self._request.url.path} was closed by the test. Send and receive before that."
            )
        return self._connection
