"""This file is how content is sent while it is made, and no longer than somebody listens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine, Generator, Iterable, Iterator
from inspect import isawaitable
from typing import Any, Protocol

from .asgi import Message, Receive, Send, call
from .body import Inbox
from .exceptions import ClientDisconnect, ResponseError
from .leaving import says_that_client_left
from .threads import ThreadLimiter

#: Before so many more parts the event loop gets a turn, so that others run and a leaving client is noticed.
PARTS_PER_TURN = 32

#: For iterators that are not asynchronous; threads start when the first one is streamed.
_THREADS = ThreadLimiter("streams")
#: In the place of what an iterator gives, when it gives nothing more.
END = object()


class Head(Protocol):
    """What notes how far a response has come.

    Attributes:
        is_started: It has begun, so that an error can no longer be answered.
        opening: Sends its first message, if that is not done by who sends the others.
    """

    is_started: bool
    opening: "asyncio.Future[None] | None"


# --- as long as somebody listens ---


async def send_while_listening(sending: Awaitable[None], receive: Receive) -> bool:
    """Await *sending* until it ends or the client leaves; return whether it came to its end."""
    steps = sending.__await__()
    waited_for = next(steps, END)
    if waited_for is END:
        return True
    return await _Listener(receive).listen_during(Rest(steps, waited_for))


class Rest:
    """What is left of a coroutine that was advanced by hand, up to where it first gave way to the event loop.

    Args:
        steps: The coroutine, or what its `__await__` gives.
        waited_for: What it gave when it was advanced.
    """

    __slots__ = ("_steps", "_waited_for")

    def __init__(self, steps: Generator[Any, Any, None] | Coroutine[Any, Any, None], waited_for: Any) -> None:
        self._steps = steps
        self._waited_for = waited_for

    def __await__(self) -> Generator[Any, Any, None]:
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
        except StopIteration:
            return


# PERF: listening begins when the stream has to wait for the first time. A task that listens from the start costs five
# raw requests more than a stream that never waits needs (row "streaming, 10 chunks").
async def send_rest(rest: Rest, start: Message, send: Send, receive: Receive, head: Head, *, is_prompt: bool) -> bool:
    """Go on with a stream that has had to wait, until it ends or the client leaves; return whether it came to its end.

    Args:
        rest: Of `send_parts`, which has begun.
        is_prompt: Send *start* while the first part is waited for.
    """
    listener = _Listener(receive)
    if not is_prompt or head.is_started:
        return await listener.listen_during(rest)
    head.is_started = True
    # In a task of its own: the iterator waits in the middle of a step, and what is cancelled has to be that, which may
    # be cancelled by nobody else than its own `asyncio.timeout`.
    opening = head.opening = asyncio.ensure_future(call(send, start))
    opening.add_done_callback(listener.note_opened)
    try:
        is_complete = await listener.listen_during(rest)
    finally:
        head.opening = None
        if not opening.done():
            opening.cancel()
            await asyncio.wait([opening])
    error = None if opening.cancelled() else opening.exception()
    if error is not None and not (isinstance(error, OSError) and says_that_client_left(error)):
        raise error
    return is_complete


class _Listener:
    """Cancels the task it was made in when the client leaves, in the manner of `asyncio.timeout`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        self._ear: asyncio.Task[None] | None = None
        self._has_left = False

    async def listen_during(self, sending: Rest) -> bool:
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
            self._ear = None  # Its cancellation leads back here by the traceback: a circle for the garbage collector.
            self._take_back()  # What was cancelled may have ended in another way.
        return True

    def leave(self) -> None:
        """End the sending: the client has left."""
        self._has_left = True
        if self._task is not None:
            self._task.cancel()

    def note_opened(self, opening: "asyncio.Future[None]") -> None:
        """End the sending if *opening*, which is done, has failed."""
        if not opening.cancelled() and opening.exception() is not None and self._ear is not None:
            self.leave()

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
    due = 0
    async for part in parts:
        # PERF: bytes are sent from here; a call of `_make_message` would cost a tenth of the row "streaming".
        message = (
            {"type": "http.response.body", "body": part, "more_body": True}
            if part.__class__ is bytes
            else _make_message(part)
        )
        try:
            if not due:
                due = PARTS_PER_TURN
                if head.is_started:
                    await (head.opening or asyncio.sleep(0))
                else:
                    head.is_started = True
                    await send(start)
            due -= 1
            await send(message)
        except OSError as error:
            raise ClientDisconnect(_LEFT) from error
    try:
        if not head.is_started:
            head.is_started = True
            await send(start)
        elif head.opening is not None:
            await head.opening
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError as error:
        raise ClientDisconnect(_LEFT) from error


_LEFT = "The client left during a stream."


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
    try:
        while True:
            step = asyncio.ensure_future(_THREADS.run(next, iterator, END))
            part = await asyncio.shield(step)
            if part is END:
                return
            yield part
    finally:
        # In a task of its own, which goes on when this one is cancelled.
        await asyncio.shield(asyncio.ensure_future(_close_in_thread(iterator, step)))


async def _close_in_thread(iterator: Iterator[Any], step: "asyncio.Future[Any]") -> None:
    """Close a plain iterator, after the *step* that a thread may be taking."""
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
        closing = content.close()
        if isawaitable(closing):
            await closing
