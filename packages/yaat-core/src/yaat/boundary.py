"""This file is the boundary: what an ASGI app raises that nobody in Yaat stands around becomes a response here."""

from collections.abc import Awaitable, Mapping
from contextlib import suppress

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .endpoint import Equipment, call_directly, deliver_failure
from .exceptions import ClientDisconnect
from .request import Request


class NotedSend:
    """A `send` that knows whether it was called.

    Attributes:
        send: The server's.
        is_started: There once it was called.
    """

    __slots__ = ("is_started", "send")
    send: Send
    is_started: bool

    def __call__(self, message: Message) -> Awaitable[None]:
        """Send *message*."""
        self.is_started = True
        return self.send(message)


async def answer_for(error: Exception, noted: NotedSend, scope: Scope, receive: Receive, place: Equipment) -> None:
    """Send the error response of *place* for what an ASGI app raised before it had sent anything.

    After that the connection can only be broken off, which is the server's to do: so the error goes on to it.

    Args:
        noted: What the app was to send by.
    """
    if isinstance(error, ClientDisconnect):
        return
    if hasattr(noted, "is_started"):
        raise error
    with suppress(ClientDisconnect):
        await deliver_failure(Request(scope, receive, place, noted.send), error, noted.send)


def pass_boundary(app: ASGIApp) -> ASGIApp:
    """Return *app*, which always answers, for use inside of a `NotedSend`: what it sends need not be noted.

    PERF: where nothing in between wraps `send`, that of the server is called directly (row "5 ASGI middleware").
    """

    def serve(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if send.__class__ is NotedSend:
            send.is_started = True
            send = send.send
        return app(scope, receive, send)

    # asgiref, and with it OpenTelemetry's middleware, takes a plain function for an ASGI 2 app, unless it says so.
    vars(serve)["_asgi_single_callable"] = True
    return serve


def surround(apps: Mapping[str, ASGIApp], inside: ASGIApp, place: Equipment) -> ASGIApp:
    """Return what serves each scope type by its own of *apps*, raw ASGI middleware, and others by *inside*.

    Args:
        place: Whose error responses answer for what the middleware of HTTP raises.
    """
    around = {name: call_directly(app) for name, app in apps.items()}
    http = around.get("http")

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        app = around.get(scope["type"], inside)
        if app is not http:
            await app(scope, receive, send)
            return
        noted = NotedSend()
        noted.send = send
        try:
            await app(scope, receive, noted)
        except Exception as error:
            await answer_for(error, noted, scope, receive, place)

    return serve
