"""This file is the plugin: what makes an app serve WebSockets."""

from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

from yaat import Plugin, hookimpl
from yaat.records import Lifespan, Protocol

from .bounded_queue import QueueLimit
from .drain import Connections
from .endpoint import make_endpoint, make_fallback
from .limits import DEFAULT_MAX_MESSAGE_BYTES, Limits
from .view import examine_handler


class WebSocketsPlugin(Plugin):
    """Serves WebSocket routes.

    Args:
        max_message_bytes: A larger message closes its connection with 1009; a route may say otherwise.
        send_queue: How many messages may wait for a slow client; a route may say otherwise.
        drain_grace_seconds: How long handlers have to end when the app stops, after their connections were closed
            with 1001; then they are cancelled.
    """

    name = "websockets"

    def __init__(
        self,
        *,
        max_message_bytes: int = DEFAULT_MAX_MESSAGE_BYTES,
        send_queue: QueueLimit | None = None,
        drain_grace_seconds: float = 5.0,
    ) -> None:
        if drain_grace_seconds < 0:
            raise ValueError(f"drain_grace_seconds is a number from 0 up, not {drain_grace_seconds!r}.")
        self._limits = Limits(max_message_bytes=max_message_bytes, send_queue=send_queue)
        self._grace_seconds = drain_grace_seconds

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Put the connections that are being served into `app.extensions["websockets"]`."""
        app.extensions[self.name] = Connections(grace_seconds=self._grace_seconds)

    @hookimpl
    def yaat_register_protocols(self, app: Any) -> Protocol:
        """Serve scopes of the type `websocket`."""
        shared = {"limits": self._limits, "connections": app.extensions[self.name]}
        return Protocol(
            name="websocket",
            make_endpoint=partial(make_endpoint, **shared),
            make_fallback=partial(make_fallback, **shared),
            examine=examine_handler,
            upgrade="websocket",
        )

    @hookimpl
    def yaat_register_lifespans(self, app: Any) -> Lifespan:
        """Tell open connections when the app is about to stop."""
        return Lifespan(name=self.name, context=self._watch)

    def _watch(self, app: Any) -> AbstractAsyncContextManager[None]:
        """Return what drains the connections of *app* when it stops."""
        connections: Connections = app.extensions[self.name]
        return connections.watch(app.stopping)
