"""This file is how content is sent while it is made, and no longer than somebody listens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator
from typing import Any, Generic, TypeVar

from .asgi import Message, Receive, Send
from .body import Inbox
from .exceptions import ClientDisconnect, ResponseError
from .threads import ThreadLimiter

T = TypeVar("T")

#: After so many parts without a wait the event loop gets a turn, so that others run and a leaving client is noticed.
PARTS_PER_TURN = 32

#: For iterators that are not asynchronous; threads start when the first one is streamed.
_THREADS = ThreadLimiter("streams")
_END = object()


async def send_while_listening(sending: Awaitable[None], receive: Receive) -> bool:
    """Await *sending* until it ends or the client leaves; return whether it came to its end.

    PERF: listening begins when *sending* has to wait for the first time. A task that listens from the start costs five
    raw requests more than a stream that never waits needs (row "streaming, 10 chunks").
    """
    first = FirstStep(sending)
    if not first.is_waiting:
        return True
    listener = _Listener(receive)
    listener.start()
    try:
        await first
    except asyncio.CancelledError:
        if not listener.has_cancelled():
            raise
        return False
    finally:
        listener.stop()
    return True


class FirstStep(Generic[T]):
    """An awaitable that has been started already, up to where it first gives way to the event loop.

    Args:
        awaitable: Is advanced at once; what it raises before it waits is raised here.
    """

    __slots__ = ("_steps", "_waited_for", "is_waiting", "result")

    def __init__(self, awaitable: Awaitable[T]) -> None:
        self._steps = awaitable.__await__()
        try:
            self._waited_for = self._steps.send(None)
        except StopIteration as stop:
            self.is_waiting = False
            self.result: T = stop.value
        else:
            self.is_waiting = True

    def __await__(self) -> Generator[Any, Any, T]:
        if not self.is_waiting:
            return self.result
        waited_for = self._waited_for
        try:
            while True:
                try:
                    value = yield waited_for
                except GeneratorExit:
                    self._steps.close()
                    raise
                except BaseException as error:
                    waited_for = self._steps.throw(error)
                else:
                    waited_for = self._steps.send(value)
        except StopIteration as stop:
            result: T = stop.value
            return result


class _Listener:
    """Cancels the task it was made in when the client leaves, in the manner of `asyncio.timeout`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task: asyncio.Task[Any] | None = None
        self._cancelling = 0
        self._ear: asyncio.Task[None] | None = None
        self._has_left = False

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        self._ear = asyncio.create_task(self._listen())

    def stop(self) -> None:
        """Listen no more."""
        if self._ear is not None:
            self._ear.cancel()

    def has_cancelled(self) -> bool:
        """Return whether it was this listener, and nobody else, that cancelled the task."""
        return self._has_left and self._task is not None and self._task.uncancel() <= self._cancelling

    async def _listen(self) -> None:
        await find_inbox(self._receive).wait_until_left()
        self._has_left = True
        if self._task is not None:
            self._task.cancel()


def find_inbox(receive: Receive) -> Inbox:
    """Return the inbox that *receive* belongs to, or a new one in front of it."""
    open_inbox = getattr(getattr(receive, "__self__", None), "open_inbox", None)
    return open_inbox() if open_inbox is not None else Inbox(receive)


async def send_parts(start: Message, parts: AsyncIterator[Any], send: Send, note_start: Callable[[], None]) -> None:
    """Send *start* and the parts.

    What the iterator raises before its first part, and before it waits for anything, is raised before *start* is sent:
    so there can still be an error response.

    Args:
        note_start: Called just before *start* is sent.

    Raises:
        ResponseError: A part is neither `str` nor `bytes`.
        ClientDisconnect: The client left, and *send* said so.
    """
    first = FirstStep(anext(parts, _END))
    note_start()
    await _send(send, start)
    part = await first if first.is_waiting else first.result
    if part is not _END:
        await _send(send, _make_message(part))
    count = 1
    async for part in parts:
        # PERF: bytes are sent from here; `_make_message` and `_send` would cost a quarter of the row "streaming".
        message = (
            {"type": "http.response.body", "body": part, "more_body": True}
            if part.__class__ is bytes
            else _make_message(part)
        )
        try:
            await send(message)
        except OSError as error:
            raise ClientDisconnect("The client left during a stream.") from error
        count += 1
        if count % PARTS_PER_TURN == 0:
            await asyncio.sleep(0)
    await _send(send, {"type": "http.response.body", "body": b"", "more_body": False})


async def _send(send: Send, message: Message) -> None:
    """Send *message*; tell a client that has left from an error of the stream."""
    try:
        await send(message)
    except OSError as error:
        raise ClientDisconnect("The client left during a stream.") from error


def _make_message(part: Any) -> Message:
    """Return the message for one part."""
    if isinstance(part, str):
        part = part.encode()
    if isinstance(part, bytes | bytearray | memoryview):
        return {"type": "http.response.body", "body": bytes(part), "more_body": True}
    raise ResponseError(f"A stream gave {part!r:.100}, which is {type(part).__name__}, where str or bytes is due.")


async def iterate_in_threads(content: Iterable[Any]) -> AsyncIterator[Any]:
    """Yield what a plain iterable gives, each step taken in a thread, and close it in the end."""
    iterator: Iterator[Any] = iter(content)
    try:
        while (part := await _THREADS.run(next, iterator, _END)) is not _END:
            yield part
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            await _THREADS.run(close)


async def close_iterator(content: Any) -> None:
    """Close a generator of either kind, so that its `finally` runs now."""
    aclose = getattr(content, "aclose", None)
    if aclose is not None:
        await aclose()
    elif hasattr(content, "close"):
        content.close()
