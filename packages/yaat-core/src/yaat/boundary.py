"""This file is the boundary: what an ASGI app raises that nobody in Yaat stands around becomes a response here."""

from typing import Any

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .endpoint import deliver_failure
from .place import BuiltPlace
from .request import Request


def guard(app: ASGIApp, place: BuiltPlace) -> ASGIApp:
    """Return *app*, with the error response of *place* for what it raises before it has sent anything.

    After that the connection can only be broken off, which is the server's to do: so the error goes on to it.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        is_started = False

        def send_noting(message: Message) -> Any:
            nonlocal is_started
            is_started = True
            return send(message)

        try:
            await app(scope, receive, send_noting)
        except Exception as error:
            if is_started:
                raise
            await deliver_failure(Request(scope, receive, place, send), error, send)

    return guarded
