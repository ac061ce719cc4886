"""This file is one request as a server sees it, for tests that decide what happens when."""

import asyncio
from collections.abc import Callable
from typing import Any

from yaat.asgi import ASGIApp, Message

from .asgi_driver import make_scope
from .referee import Referee


async def take_turns(count: int = 10) -> None:
    """Let everything else in the event loop go on until it waits for something that does not come by itself."""
    for _ in range(count):
        await asyncio.sleep(0)


class Exchange:
    """The server's two functions, and what goes through them.

    The law here: an app that calls `receive` while another call of it is under way has made a mistake.

    Args:
        chunks: Content that has arrived.
        is_complete: Whether they are all of it.

    Attributes:
        sent: The messages of the app.
        has_sent: Called after each of them, with it.
        received: How many messages the app has got.
    """

    def __init__(self, *chunks: bytes, is_complete: bool = True) -> None:
        self.sent: list[Message] = []
        self.has_sent: Callable[[Message], Any] = lambda message: None
        self.received = 0
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._is_receiving = False
        self._is_broken = False
        self._referee: Referee | None = None
        if is_complete:
            chunks = chunks or (b"",)
        for number, chunk in enumerate(chunks, 1):
            self.give(chunk, more_body=not is_complete or number < len(chunks))

    def give(self, chunk: bytes, *, more_body: bool = False) -> None:
        """Let content arrive."""
        self.tell({"type": "http.request", "body": chunk, "more_body": more_body})

    def tell(self, message: Message) -> None:
        """Let any message arrive."""
        self._incoming.put_nowait(message)

    def leave(self, *, breaks_send: bool = False) -> None:
        """Let the client leave, with or without `send` raising from now on, as the server likes."""
        self._incoming.put_nowait({"type": "http.disconnect"})
        self._is_broken = breaks_send

    def leave_after(self, count: int, *, breaks_send: bool = False) -> None:
        """Let the client leave when the app has sent *count* messages."""

        def has_sent(message: Message) -> None:
            if len(self.sent) == count:
                self.leave(breaks_send=breaks_send)

        self.has_sent = has_sent

    async def receive(self) -> Message:
        """Give the app the next message."""
        assert not self._is_receiving, "receive is called twice at a time"
        self._is_receiving = True
        try:
            message = await self._incoming.get()
        finally:
            self._is_receiving = False
        self.received += 1
        if message["type"] == "http.disconnect":
            self._incoming.put_nowait(message)
        return message

    async def send(self, message: Message) -> None:
        """Take a message of the app."""
        if self._is_broken:
            raise OSError("The connection is closed.")
        self.sent.append(message)
        if self._referee is not None:
            self._referee.see(message)
        self.has_sent(message)

    async def serve(self, app: ASGIApp, method: str = "GET", path: str = "/", **scope: Any) -> None:
        """Let *app* answer; what it sends has to follow the specification."""
        connection = make_scope(method, path, **scope)
        self._referee = Referee(connection)
        try:
            await app(connection, self.receive, self.send)
        finally:
            self._referee.conclude(is_complete=False)

    @property
    def status(self) -> int:
        """The status that the app has sent, once."""
        [start] = (message for message in self.sent if message["type"] == "http.response.start")
        status: int = start["status"]
        return status

    @property
    def body(self) -> bytes:
        """The content that the app has sent so far."""
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def is_finished(self) -> bool:
        """Whether the app has sent the last message of a response."""
        last = self.sent[-1] if self.sent else {"type": ""}
        return last["type"] == "http.response.body" and not last.get("more_body")
