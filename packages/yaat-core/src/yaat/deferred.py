"""This file is the response of an ASGI app inside the pipeline: its head is known only while the app sends it."""

from typing import Any, Protocol

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .exceptions import ClientDisconnect
from .json_codec import encode_json
from .response import Response, has_content


class Finisher(Protocol):
    """What waits for the head of a response that is being sent."""

    async def see(self, response: Response) -> Response:
        """Return what is to be sent in the place of *response*."""

    async def answer(self, error: Exception) -> Response:
        """Return the response for what was raised before there was a head."""

    async def close(self) -> None:
        """Let go of what still waits: nothing more will come."""


class Deferred(Response):
    """Lets *app* answer, and shows the head of its response to the middleware that wait for one.

    What they put in its place, a `body` included, is sent instead of what the app sends. So is the response for what
    the app raises before it has sent anything.

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
        self._fields = None
        self.finishers: list[Finisher] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; the head that it sends goes through the finishers."""
        if not self.finishers:
            await self.app(self.scope, receive, send)
            return
        passage = _Passage(self, scope, receive, send)
        try:
            await self.app(self.scope, receive, passage.send_on)
        except Exception as error:
            if passage.is_replaced and isinstance(error, OSError):
                return
            if passage.is_started:
                raise
            await passage.replace(await self.finishers[0].answer(error))
        finally:
            for finisher in self.finishers:
                await finisher.close()


class _Passage:
    """The way of one app's messages to the server, past the finishers.

    Attributes:
        is_started: The app has sent a head.
        is_replaced: Another response than the app's was sent.
    """

    def __init__(self, deferred: Deferred, scope: Scope, receive: Receive, send: Send) -> None:
        self.is_started = False
        self.is_replaced = False
        self._deferred = deferred
        self._scope = scope
        self._receive = receive
        self._send = send

    async def send_on(self, message: Message) -> None:
        """Send *message* of the app, or what finishers put in the place of the response that it begins.

        Raises:
            ClientDisconnect: Another response was sent, so nobody waits for the next part of the app's.
        """
        if message["type"] == "http.response.start":
            self.is_started = True
            head = Head(message)
            response = await self._finish(head)
            if response is head and head.complete(encode_json) is None:
                await self._send({**message, "status": head.status_code, "headers": head.headers.raw})
            else:
                await self._send_whole(response)
        elif not self.is_replaced:
            await self._send(message)
        elif message.get("more_body"):
            raise ClientDisconnect("Another response took the place of this one.")

    async def replace(self, response: Response) -> None:
        """Send *response*, or what finishers put in its place."""
        await self._send_whole(await self._finish(response))

    async def _finish(self, response: Response) -> Response:
        """Return *response* after all finishers have seen it."""
        for finisher in self._deferred.finishers:
            response = await finisher.see(response)
        self._deferred.background = response.background
        return response

    async def _send_whole(self, response: Response) -> None:
        """Send *response* in the place of the app's."""
        self.is_replaced = True
        await response(self._scope, self._receive, self._send)


class Head(Response):
    """A status and headers that an ASGI app is about to send; content follows that nobody here sees."""

    __slots__ = ()

    def __init__(self, start: Message) -> None:
        self.raw_body = None
        self.status_code = start["status"]
        self.background = None
        self._fields = [(bytes(name), bytes(value)) for name, value in start.get("headers", ())]

    def complete(self, encode: Any) -> bytes | None:
        """Return what was put in the place of the content, nothing where the status allows none; else `None`."""
        return b"" if self.raw_body is None and not has_content(self.status_code) else self.raw_body
