"""This file is the boundary: what an ASGI app raises that nobody in Yaat stands around becomes a response here."""

from contextlib import suppress

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .endpoint import deliver_failure
from .exceptions import ClientDisconnect
from .place import BuiltPlace
from .request import Request


class _NotedSend:
    """A `send` that knows what became of it.

    Attributes:
        is_started: It was called.
        has_failed: The server has said that the client left.
    """

    __slots__ = ("_send", "has_failed", "is_started")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_started = False
        self.has_failed = False

    async def __call__(self, message: Message) -> None:
        self.is_started = True
        try:
            await self._send(message)
        except OSError:
            self.has_failed = True
            raise


def guard(app: ASGIApp, place: BuiltPlace) -> ASGIApp:
    """Return *app*, with the error response of *place* for what it raises before it has sent anything.

    After that the connection can only be broken off, which is the server's to do: so the error goes on to it. Once the
    client has left, what the app raises is of no interest.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        noted = _NotedSend(send)
        try:
            await app(scope, receive, noted)
        except Exception as error:
            if noted.has_failed:
                return
            if noted.is_started:
                raise
            with suppress(ClientDisconnect):
                await deliver_failure(Request(scope, receive, place, send), error, send)

    return guarded
