"""This file is the boundary: what an ASGI app raises that nobody in Yaat stands around becomes a response here."""

from collections.abc import Awaitable

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .endpoint import deliver_failure
from .place import BuiltPlace
from .request import Request


class _NotedSend:
    """A `send` that knows whether it was called."""

    __slots__ = ("_send", "is_started")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_started = False

    def __call__(self, message: Message) -> Awaitable[None]:
        self.is_started = True
        return self._send(message)


def guard(app: ASGIApp, place: BuiltPlace) -> ASGIApp:
    """Return *app*, with the error response of *place* for what it raises before it has sent anything.

    After that the connection can only be broken off, which is the server's to do: so the error goes on to it.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        noted = _NotedSend(send)
        try:
            await app(scope, receive, noted)
        except Exception as error:
            if noted.is_started:
                raise
            await deliver_failure(Request(scope, receive, place, send), error, send)

    return guarded
