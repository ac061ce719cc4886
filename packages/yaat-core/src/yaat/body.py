"""This file is request content as it arrives: read whole, read in parts, or watched for the client's leaving."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from .asgi import Message, Receive, call
from .exceptions import ClientDisconnect, ContentTooLarge

#: How much unread content is kept while only the client's leaving is of interest.
MAX_KEPT_BYTES = 65_536
#: After so many messages others get a turn, as a server that has them all at hand need not give one.
MESSAGES_PER_TURN = 64

#: Why content cannot be read.
UNDER_WAY = "The content of this request is being read by another task. Let one of them read it, and share it."
FORGOTTEN = (
    "The content of this request came while its response was a stream, and nobody had begun to read it, so it was "
    "forgotten to learn when the client leaves. Read it before the first part is sent."
)
BROKEN_OFF = "Reading the content of this request was broken off, so what is left of it is not the content."
STREAMED = (
    "The content of this request was read as a stream already, and it comes only once. "
    "Call body() first: after it, stream() and json() still work."
)


async def read_body(receive: Receive, *, max_bytes: int) -> bytes:
    """Return the whole request content.

    Reads `http.request` messages until `more_body` is false. Call it once: ASGI does not send content twice.

    Args:
        max_bytes: Longer content is refused, counted as it arrives, whatever Content-Length says.

    Raises:
        ContentTooLarge: More than *max_bytes* arrived; the rest is unread (RFC 9110 §15.5.14).
        ClientDisconnect: The client left before the last message.
    """
    message = await receive()
    # PERF: most content comes in one message; the generator below would double the time (row "POST JSON echo").
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if body.__class__ is not bytes:
            body = read_chunk(message)
        if len(body) > max_bytes:
            raise ContentTooLarge(max_bytes)
        return body
    return b"".join([chunk async for chunk in stream_body(receive, max_bytes=max_bytes, first=message)])


async def stream_body(receive: Receive, *, max_bytes: int, first: Message | None = None) -> AsyncIterator[bytes]:
    """Yield the request content in the parts in which it arrives; empty ones are left out.

    Args:
        max_bytes: As for `read_body`.
        first: A message that was received already.

    Raises:
        ContentTooLarge: As for `read_body`; nothing over the limit is yielded.
        ClientDisconnect: As for `read_body`.
    """
    total = 0
    due = MESSAGES_PER_TURN
    while True:
        message = first or await receive()
        first = None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect("The client left before its request was complete.")
        chunk = read_chunk(message)
        total += len(chunk)
        if total > max_bytes:
            raise ContentTooLarge(max_bytes)
        if chunk:
            yield chunk
        if not message.get("more_body"):
            return
        due -= 1
        if not due:
            due = MESSAGES_PER_TURN
            await asyncio.sleep(0)


def read_chunk(message: Message) -> bytes:
    """Return the content in a message that is not `http.disconnect`.

    Raises:
        RuntimeError: It is none that a server may give (ASGI spec, "Error Handling").
    """
    body = message.get("body", b"")
    if message["type"] != "http.request" or not isinstance(body, (bytes, bytearray, memoryview)):
        raise RuntimeError(
            f"The server gave {message!r:.200} where an http.request with bytes, or http.disconnect, is due "
            '(ASGI spec, "HTTP").'
        )
    return bytes(body)


def keep_all() -> bool:
    """Let an inbox forget nothing."""
    return False


class Inbox:
    """Messages of one request that arrive before somebody asks for them.

    The law here: no message is lost or given twice, and the server's `receive` is never called twice at a time.

    Args:
        receive: The server's.
        may_forget: Asked when there is too much to keep: whether it is content that nobody can read any more.
    """

    def __init__(self, receive: Receive, may_forget: Callable[[], bool] = keep_all) -> None:
        self.has_left = False
        self._receive = receive
        self._may_forget = may_forget
        self._kept: deque[Message] = deque()
        self._kept_bytes = 0
        self._is_complete = False
        self._is_idle = False
        self._has_room: asyncio.Event | None = None
        self._pending: asyncio.Future[Message] | None = None
        self._error: BaseException | None = None

    async def receive(self) -> Message:
        """Return the next message, as the server's `receive` would."""
        while not self._kept:
            if self.has_left:
                return {"type": "http.disconnect"}
            await (self._wait_for_ever() if self._is_idle else self._wait())
        message = self._kept.popleft()
        self._kept_bytes -= len(message.get("body", b""))
        self._tell_room()
        return message

    def open_inbox(self) -> "Inbox":
        """Return this one; asked of whoever owns a `receive`."""
        return self

    async def has_left_by_now(self) -> bool:
        """Return whether the client has left, as far as the server says without waiting."""
        while not (self.has_left or self._is_idle or self._is_full):
            self._raise_error()
            pending = self._start()
            # One turn for the task to begin, one for its callback.
            for _ in range(2):
                await asyncio.sleep(0)
            if self._pending is pending:
                break
        self._raise_error()
        return self.has_left

    async def wait_until_left(self) -> None:
        """Return when the client has left; while unread content is in the way, wait until somebody reads it."""
        while not self.has_left:
            if self._is_idle:
                await self._wait_for_ever()
            elif self._is_full and self._may_forget():
                self._kept.clear()
                self._kept_bytes = 0
            elif self._is_full:
                await self._wait_for_room()
            else:
                await self._wait()

    def close(self) -> None:
        """End the exchange: from now on the client counts as gone, and the server's `receive` is left alone."""
        self.has_left = True
        self._may_forget = keep_all  # It leads to the request, and that here.
        self._tell_room()
        if self._pending is not None:
            self._pending.cancel()

    @property
    def _is_full(self) -> bool:
        """Whether no more messages may be kept."""
        return self._kept_bytes > MAX_KEPT_BYTES or len(self._kept) > MAX_KEPT_BYTES // 64

    async def _wait(self) -> None:
        """Return when the next message was kept; being cancelled meanwhile loses nothing."""
        self._raise_error()
        await asyncio.wait([self._start()])
        self._raise_error()

    async def _wait_for_room(self) -> None:
        """Return when somebody has read a message."""
        if self._has_room is None or self._has_room.is_set():
            self._has_room = asyncio.Event()
        await self._has_room.wait()

    def _tell_room(self) -> None:
        """Wake those who wait for room."""
        if self._has_room is not None:
            self._has_room.set()

    async def _wait_for_ever(self) -> None:
        """Do what a server does that has nothing more to say."""
        await asyncio.Event().wait()

    def _raise_error(self) -> None:
        """Raise what the server's `receive` has raised, to everybody: it is not asked again."""
        if self._error is not None:
            raise self._error

    def _start(self) -> "asyncio.Future[Message]":
        """Return the one call of the server's `receive` that is under way."""
        if self._pending is None:
            self._pending = asyncio.ensure_future(call(self._receive))
            self._pending.add_done_callback(self._keep)
        return self._pending

    def _keep(self, pending: "asyncio.Future[Message]") -> None:
        """Keep the message that has arrived."""
        self._pending = None
        if pending.cancelled():
            # By `close`, or by the server, which would be asked again and again.
            self._error = None if self.has_left else RuntimeError("The server has cancelled its own receive.")
            return
        self._error = pending.exception()
        if self._error is None:
            try:
                self._keep_message(pending.result())
            except Exception as error:  # It is no message of HTTP.
                self._error = error

    def _keep_message(self, message: Message) -> None:
        """Keep *message*.

        Raises:
            RuntimeError: It is none that a server may give.
        """
        length = 0
        if message["type"] == "http.disconnect":
            self.has_left = True
        elif self._is_complete:
            # Content ends once. A server that repeats itself instead of waiting will never say more.
            self._is_idle = True
            return
        else:
            length = len(read_chunk(message))
            self._is_complete = not message.get("more_body")
        self._kept.append(message)
        self._kept_bytes += length
