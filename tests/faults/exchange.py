"""This file is the server and the client of one connection, which may both misbehave at any message."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from yaat.asgi import ASGIApp, Message
from yaat_testclient import ASGIViolation, Referee

from .driving import pause


class Exchange:
    """The server's two functions, and what goes through them; each gives way to the event loop.

    The law here: an app that calls `receive` while another call of it is under way has made a mistake.

    Args:
        scope: Of the connection.
        incoming: What the app receives, in this order. Then the client stays until it is answered, and leaves.
        breaks_at: The message of the app, counted from 0, from which on `send` raises *error*.
        error: See there.
    """

    def __init__(
        self,
        scope: dict[str, Any],
        incoming: Sequence[Message],
        *,
        breaks_at: int | None = None,
        error: type[Exception] = OSError,
    ) -> None:
        self.scope = scope
        self.sent: list[Message] = []
        #: How often the app has tried to send.
        self.tried = 0
        self.received = 0
        self._incoming = list(incoming)
        self._breaks_at = breaks_at
        self._error = error
        self._is_receiving = False
        self._is_answered = asyncio.Event()
        self._referee = Referee(scope)

    async def receive(self) -> Message:
        """Give the app the next message."""
        assert not self._is_receiving, "receive is called twice at a time"
        self._is_receiving = True
        try:
            await pause()
            self.received += 1
            if not self._incoming:
                await self._is_answered.wait()
                self._incoming.append({"type": f"{self.scope['type']}.disconnect"})
            message = self._incoming.pop(0)
            with suppress(ASGIViolation):
                self._referee.given(message)
            return message
        finally:
            self._is_receiving = False

    async def send(self, message: Message) -> None:
        """Take a message of the app."""
        number, self.tried = self.tried, self.tried + 1
        await pause()
        if self._breaks_at is not None and number >= self._breaks_at:
            raise self._error("This is the end.")
        self.sent.append(message)
        with suppress(ASGIViolation):
            self._referee.sent(message)
        is_last = message["type"].endswith(".body") and not message.get("more_body")
        if is_last or message["type"] == "websocket.close":
            self._is_answered.set()

    async def serve(self, app: ASGIApp) -> None:
        """Let *app* answer."""
        await app(self.scope, self.receive, self.send)

    def check(self, *, is_complete: bool) -> None:
        """Raise for what was sent against the specification.

        Args:
            is_complete: A whole answer was due.
        """
        if is_complete:
            with suppress(ASGIViolation):
                self._referee.returned(None)
        if self._referee.violation is not None:
            raise self._referee.violation

    @property
    def is_finished(self) -> bool:
        """Whether the app has sent its last message."""
        return self._is_answered.is_set()

    @property
    def outcome(self) -> tuple[int | None, bytes]:
        """The status, and the content or the WebSocket messages that were sent."""
        status = next((message["status"] for message in self.sent if "status" in message), None)
        parts = [message.get("body", b"") or (message.get("text") or "").encode() for message in self.sent]
        return status, b"".join(parts)
