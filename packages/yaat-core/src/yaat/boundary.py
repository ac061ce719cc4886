"""This file is the boundary: what an ASGI app raises that nobody in Yaat stands around becomes a response here."""

from collections.abc import Awaitable
from contextlib import suppress

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .endpoint import deliver_failure
from .exceptions import ClientDisconnect
from .place import BuiltPlace
from .request import Request


class _NotedSend:
    """A `send` that knows whether it was called.

    Attributes:
        send: The server's.
        is_started: There once it was called.
    """

    __slots__ = ("is_started", "send")
    send: Send
    is_started: bool

    def __call__(self, message: Message) -> Awaitable[None]:
        self.is_started = True
        return self.send(message)


def guard(app: ASGIApp, place: BuiltPlace) -> ASGIApp:
    """Return *app*, with the error response of *place* for what it raises before it has sent anything.

    After that the connection can only be broken off, which is the server's to do: so the error goes on to it.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        noted = _NotedSend()
        noted.send = send
        try:
            await app(scope, receive, noted)
        except ClientDisconnect:
            return
        except Exception as error:
            if hasattr(noted, "is_started"):
                raise
            with suppress(ClientDisconnect):
                await deliver_failure(Request(scope, receive, place, send), error, send)

    return guarded


def pass_boundary(app: ASGIApp) -> ASGIApp:
    """Return *app*, which always answers, for use inside of `guard`: what it sends need not be noted.

    PERF: where nothing in between wraps `send`, that of the server is called directly (row "5 ASGI middleware").
    """

    def serve(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if send.__class__ is _NotedSend:
            send.is_started = True
            send = send.send
        return app(scope, receive, send)

    return serve
