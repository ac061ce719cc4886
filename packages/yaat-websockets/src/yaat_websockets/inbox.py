"""This file is the inbox: messages read ahead, bounded, so that a busy handler still learns of the client's leaving."""

import asyncio

from yaat.asgi import ASGIApp, Message, Receive, Scope, Send

from .bounded_queue import BoundedQueue, QueueLimit

#: When so many messages wait for the handler no more are read, and the server lets the client wait.
READ_AHEAD = QueueLimit(max_messages=16, when_full="block")


def cancel_when_left(endpoint: ASGIApp) -> ASGIApp:
    """Return *endpoint* with its handler cancelled when the client leaves.

    A handler that waits for a message just then is told in the usual way instead.
    """

    async def cancelling(scope: Scope, receive: Receive, send: Send) -> None:
        inbox = Inbox(receive, send)
        try:
            await endpoint(scope, inbox.receive, inbox.send)
        except asyncio.CancelledError:
            if not inbox.take_back():
                raise
        finally:
            inbox.take_back()  # A handler may end in another way than by what cancelled it.
            await inbox.stop()

    return cancelling


class Inbox:
    """Reads ahead of one handler from the moment at which it accepts the connection.

    The law here: no message is lost or given twice, and the server's `receive` is never called twice at a time.

    Args:
        receive: The server's.
        send: The server's; it shows when the connection is accepted.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._queue: BoundedQueue[Message] = BoundedQueue(READ_AHEAD)
        self._handler = asyncio.current_task()
        self._reader: asyncio.Task[None] | None = None
        #: How often others had cancelled the handler when the inbox did.
        self._cancelling: int | None = None
        self._is_asked = False
        self._is_closed = False

    async def receive(self) -> Message:
        """Return the next message, as the server's `receive` would."""
        if self._reader is None:
            return await self._receive()
        self._is_asked = True
        try:
            return await anext(self._queue)
        finally:
            self._is_asked = False

    async def send(self, message: Message) -> None:
        """Send *message*, and begin to read ahead when it accepts the connection."""
        await self._send(message)
        if message["type"] == "websocket.accept":
            self._reader = asyncio.create_task(self._read_ahead())
        elif message["type"] == "websocket.close":
            self._is_closed = True  # What is left for the handler to do then is not cut short.

    def take_back(self) -> bool:
        """Return whether it was this inbox, and nobody else, that cancelled the handler, which it then did not."""
        before, self._cancelling = self._cancelling, None
        return before is not None and self._handler is not None and self._handler.uncancel() <= before

    async def stop(self) -> None:
        """Read no more."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.wait([self._reader])

    async def _read_ahead(self) -> None:
        """Read until the client leaves, and cancel the handler then."""
        try:
            message = await self._receive()
            while message["type"] != "websocket.disconnect":
                await self._queue.put(message)
                message = await self._receive()
        except Exception as error:
            self._queue.end(error=error)
            return
        self._queue.end(message)
        if self._handler is not None and not self._is_asked and not self._is_closed:
            self._cancelling = self._handler.cancelling()
            self._handler.cancel()
