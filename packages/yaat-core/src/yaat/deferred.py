"""This file is the response of an ASGI app inside the pipeline: its head is known only while the app sends it."""

from collections.abc import Awaitable, Callable
from typing import Any

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .headers import MutableHeaders
from .response import Response


class Deferred(Response):
    """Lets *app* answer, and shows the head of its response to the middleware that wait for one.

    Args:
        app: Is called with *scope* when the response is sent.
        scope: The one that *app* shall see.
    """

    __slots__ = ("app", "finishers", "scope")

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self.app = app
        self.scope = scope
        self.raw_body = None
        self.status_code = 200
        self.background = None
        self._headers = None
        self.finishers: list[Callable[[Response], Awaitable[Response]]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; what it sends goes through the finishers."""
        if not self.finishers:
            await self.app(self.scope, receive, send)
            return
        is_replaced = False

        async def send_on(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start":
                head = Head(message)
                response: Response = head
                for finish in self.finishers:
                    response = await finish(response)
                if response is head:
                    await send({**message, "status": head.status_code, "headers": head.headers.raw})
                else:
                    is_replaced = True
                    await response(scope, receive, send)
            elif not is_replaced:
                await send(message)

        await self.app(self.scope, receive, send_on)


class Head(Response):
    """A status and headers that an ASGI app is about to send; content follows that nobody here sees."""

    __slots__ = ()

    def __init__(self, start: Message) -> None:
        self.raw_body = None
        self.status_code = start["status"]
        self.background = None
        self._headers = MutableHeaders([(bytes(name), bytes(value)) for name, value in start.get("headers", ())])

    def complete(self, encode: Any) -> None:
        """Give no content: it follows."""
        return
