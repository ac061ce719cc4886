"""This file is the outbox: messages that wait for a slow client, bounded, while the handler goes on."""

import asyncio

from yaat.asgi import ASGIApp, Message, Receive, Scope, Send

from .bounded_queue import BoundedQueue, QueueEnded, QueueFull, QueueLimit
from .close_code import CloseCode
from .exceptions import SlowConsumer, WebSocketDisconnect

#: How long a closing waits for what was sent before it.
FLUSH_SECONDS = 10.0


def queue_sends(endpoint: ASGIApp, limit: QueueLimit) -> ASGIApp:
    """Return *endpoint* with a queue between it and each client, so that its sending does not wait for a slow one."""

    async def queued(scope: Scope, receive: Receive, send: Send) -> None:
        outbox = Outbox(send, limit)
        try:
            await endpoint(scope, receive, outbox.send)
        finally:
            await outbox.stop()
        outbox.raise_untold()

    return queued


class Outbox:
    """Sends the messages of one connection from a task of its own.

    The law here: messages leave in the order in which they came, and the server's `send` is never called twice at a
    time once the connection is accepted.

    Args:
        send: The server's.
        limit: For messages that wait.
        flush_seconds: How long a closing waits for what was sent before it; then that is forgotten.
    """

    def __init__(self, send: Send, limit: QueueLimit, *, flush_seconds: float = FLUSH_SECONDS) -> None:
        self._send = send
        self._queue: BoundedQueue[Message] = BoundedQueue(limit)
        self._flush_seconds = flush_seconds
        self._sender: asyncio.Task[None] | None = None
        self._error: Exception | None = None
        self._is_told = False

    async def send(self, message: Message) -> None:
        """Send *message* when those before it are sent.

        Raises:
            WebSocketDisconnect: The client was too slow, and the limit says `close`.
            OSError: The client has left; raised for a message that comes after the one that could not be sent.
        """
        kind = message["type"]
        if self._sender is None:
            await self._send(message)
            if kind == "websocket.accept":
                self._sender = asyncio.create_task(self._send_all())
        elif kind == "websocket.close":
            await self._end(message, self._sender)
        else:
            await self._add(message, self._sender)
        if self._error is not None:
            self._is_told = True
            raise self._error

    async def stop(self) -> None:
        """End what is still under way."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.wait([self._sender])

    def raise_untold(self) -> None:
        """Raise what the server's `send` has raised if no later message met it; that a client left concerns nobody."""
        if self._error is not None and not self._is_told and not isinstance(self._error, OSError):
            raise self._error

    async def _add(self, message: Message, sender: "asyncio.Task[None]") -> None:
        """Let *message* wait for its turn, unless an error has ended the sending."""
        try:
            await self._queue.put(message)
        except QueueFull:
            farewell = SlowConsumer(self._queue.limit.max_messages)
            self._queue.clear()
            close = {"type": "websocket.close", "code": int(farewell.code), "reason": farewell.reason}
            await self._end(close, sender)
            raise WebSocketDisconnect(farewell.code, farewell.reason) from None
        except QueueEnded:
            if self._error is None:
                raise WebSocketDisconnect(CloseCode.ABNORMAL_CLOSURE) from None

    async def _end(self, close: Message, sender: "asyncio.Task[None]") -> None:
        """Send *close* when everything before it is sent, or as much of that as time allows."""
        self._queue.end(close)
        await asyncio.wait([sender], timeout=self._flush_seconds)

    async def _send_all(self) -> None:
        """Send what is in the queue until it ends."""
        try:
            async for message in self._queue:
                await self._send(message)
        except Exception as error:
            self._error = error
        finally:
            self._queue.end()
