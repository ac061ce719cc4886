"""This file is how content is sent while it is made, and no longer than somebody listens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Generator, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

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


class Head(Protocol):
    """What notes that a response has begun, so that an error can no longer be answered."""

    is_started: bool


# --- as long as somebody listens ---


async def send_while_listening(sending: Awaitable[None], receive: Receive) -> bool:
    """Await *sending* until it ends or the client leaves; return whether it came to its end."""
    first = FirstStep(sending)
    return not first.is_waiting or await _Listener(receive).listen_during(first)


# PERF: listening begins when the stream has to wait for the first time. A task that listens from the start costs five
# raw requests more than a stream that never waits needs (row "streaming, 10 chunks").
async def send_stream(
    start: Message, parts: AsyncIterator[Any], send: Send, receive: Receive, head: Head, *, is_prompt: bool
) -> bool:
    """Send *start* and the parts until they end or the client leaves; return whether they came to their end.

    What goes wrong before there is a first part is raised before *start* is sent, so it can still be answered.

    Args:
        is_prompt: Send *start* while the first part is waited for.

    Raises:
        ResponseError: A part is neither `str` nor `bytes`.
        ClientDisconnect: The client left, and *send* said so.
    """
    first = FirstStep(send_parts(start, parts, send, head))
    if not first.is_waiting:
        return True
    listener = _Listener(receive)
    if is_prompt and not head.is_started:
        head.is_started = True
        try:
            await send(start)
        except OSError:
            listener.leave()
    return await listener.listen_during(first)


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
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        self._ear: asyncio.Task[None] | None = None
        self._has_left = False

    async def listen_during(self, sending: FirstStep[None] | FirstStep[bool]) -> bool:
        """Await *sending* while listening; return whether it came to its end."""
        self._ear = asyncio.create_task(self._listen())
        try:
            await sending
        except asyncio.CancelledError:
            if not self._take_back():
                raise
            return False
        finally:
            self._ear.cancel()
            self._take_back()  # What was cancelled may have ended in another way.
        return True

    def leave(self) -> None:
        """End the sending: the client has left."""
        self._has_left = True
        if self._task is not None:
            self._task.cancel()

    def _take_back(self) -> bool:
        """Return whether it was this listener, and nobody else, that cancelled the task, which it then did not."""
        has_left, self._has_left = self._has_left, False
        return has_left and self._task is not None and self._task.uncancel() <= self._cancelling

    async def _listen(self) -> None:
        inbox = find_inbox(self._receive)
        try:
            await inbox.wait_until_left()
        finally:
            if not _has_inbox(self._receive):
                inbox.close()
        self.leave()


def find_inbox(receive: Receive) -> Inbox:
    """Return the inbox that *receive* belongs to, or a new one in front of it."""
    inbox: Inbox = receive.__self__.open_inbox() if _has_inbox(receive) else Inbox(receive)  # type: ignore[attr-defined]  # it has
    return inbox


def _has_inbox(receive: Receive) -> bool:
    """Return whether *receive* belongs to something with an inbox."""
    return hasattr(getattr(receive, "__self__", None), "open_inbox")


# --- parts ---


async def send_parts(start: Message, parts: AsyncIterator[Any], send: Send, head: Head) -> None:
    """Send *start*, when the first part is there, unless *head* says that it was sent before; and all parts.

    Raises:
        ResponseError: A part is neither `str` nor `bytes`.
        ClientDisconnect: The client left, and *send* said so.
    """
    part = await anext(parts, _END)
    message = None if part is _END else _make_message(part)
    try:
        if not head.is_started:
            head.is_started = True
            await send(start)
        if message is not None:
            await send(message)
    except OSError as error:
        raise ClientDisconnect(_LEFT) from error
    if message is not None:
        await _send_on(parts, send)
    try:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError as error:
        raise ClientDisconnect(_LEFT) from error


_LEFT = "The client left during a stream."


async def _send_on(parts: AsyncIterator[Any], send: Send) -> None:
    """Send what follows the first part."""
    due = PARTS_PER_TURN - 1
    async for part in parts:
        # PERF: bytes are sent from here; a call of `_make_message` would cost a tenth of the row "streaming".
        message = (
            {"type": "http.response.body", "body": part, "more_body": True}
            if part.__class__ is bytes
            else _make_message(part)
        )
        try:
            await send(message)
        except OSError as error:
            raise ClientDisconnect(_LEFT) from error
        due -= 1
        if not due:
            due = PARTS_PER_TURN
            await asyncio.sleep(0)


def _make_message(part: Any) -> Message:
    """Return the message for one part."""
    if isinstance(part, str):
        part = part.encode()
    if isinstance(part, (bytes, bytearray, memoryview)):
        return {"type": "http.response.body", "body": bytes(part), "more_body": True}
    raise ResponseError(f"A stream gave {part!r:.100}, which is {type(part).__name__}, where str or bytes is due.")


# --- iterators ---


async def iterate_in_threads(content: Iterable[Any]) -> AsyncIterator[Any]:
    """Yield what a plain iterable gives, each step taken in a thread, and close it in the end."""
    iterator: Iterator[Any] = iter(content)
    step: asyncio.Future[Any] | None = None
    try:
        while True:
            step = asyncio.ensure_future(_THREADS.run(next, iterator, _END))
            part = await asyncio.shield(step)
            if part is _END:
                return
            yield part
    finally:
        if step is not None:
            # A generator cannot be closed while a thread is in it. What that raises now concerns nobody any more.
            await asyncio.gather(step, return_exceptions=True)
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
