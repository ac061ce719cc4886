"""This file is how a request becomes the scope of an ASGI connection.

A request is one of httpx or httpx2; of it are read ``method``, ``url`` and ``headers.raw``.
"""

from collections.abc import Mapping
from typing import Any

from .asgi import Scope

#: The newest version of the HTTP & WebSocket message format: `send` raises once the client has left,
#: and a disconnect has a reason.
WWW_SPEC_VERSION = "2.5"
LIFESPAN_SPEC_VERSION = "2.0"
DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
WEBSOCKET_SCHEMES = {"http": "ws", "https": "wss"}


def make_lifespan_scope(state: dict[str, Any]) -> Scope:
    """Return the scope under which an app starts and stops; it may fill *state*."""
    return {
        "type": "lifespan",
        "asgi": {"version": "3.0", "spec_version": LIFESPAN_SPEC_VERSION},
        "state": state,
    }


def make_http_scope(request: Any, **facts: Any) -> Scope:
    """Return the scope of *request*.

    Args:
        request: The request as httpx would put it on the wire.
        facts: ``client``, ``root_path`` and ``state``, which no request carries.
    """
    scope = _make_connection_scope(request, **facts)
    scope["type"] = "http"
    scope["method"] = request.method.upper()
    scope["scheme"] = request.url.scheme
    scope["extensions"] = {
        "http.response.early_hint": {},
        "http.response.trailers": {},
        "http.response.debug": {},
        "yaat.unhandled": [],
    }
    return scope


def make_websocket_scope(request: Any, subprotocols: tuple[str, ...], **facts: Any) -> Scope:
    """Return the scope of the handshake *request* (RFC 6455 §4.1)."""
    scope = _make_connection_scope(request, **facts)
    scope["type"] = "websocket"
    scope["scheme"] = WEBSOCKET_SCHEMES[request.url.scheme]
    scope["subprotocols"] = list(subprotocols)
    scope["extensions"] = {"websocket.http.response": {}, "yaat.unhandled": []}
    return scope


def _make_connection_scope(request: Any, *, client: tuple[str, int], root_path: str, state: Mapping[str, Any]) -> Scope:
    url = request.url
    port = DEFAULT_PORTS.get(url.scheme) if url.port is None else url.port
    raw_path = url.raw_path.partition(b"?")[0]
    return {
        "asgi": {"version": "3.0", "spec_version": WWW_SPEC_VERSION},
        "http_version": "1.1",
        # A server puts the root path in front of both (ASGI HTTP spec: PATH_INFO is what is left
        # of the path after it).
        "path": root_path + url.path,
        "raw_path": root_path.encode() + raw_path,
        "query_string": url.query,
        "root_path": root_path,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": client,
        "server": (url.host, port),
        "state": dict(state),
    }
