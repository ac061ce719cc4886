"""This file is the response body as it arrives, in two colours.

Reading it is also what feeds the request body to the app, whenever the app asks for more.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Protocol, TypeVar

from .conversation import Conversation
from .exchange import Head, Progress

T = TypeVar("T")

CLOSED = "The response was closed before its end. Read it before that."


class OnLoop(Protocol):
    """Runs a coroutine function on the app's loop and returns its result."""

    def __call__(self, function: Callable[..., Coroutine[Any, Any, T]], /, *args: Any) -> T:
        """Run it."""


class SyncBody:
    """The body of a response, for a synchronous client.

    Args:
        call: Runs a method of the conversation on the app's loop.
        conversation: The exchange.
        pieces: The rest of the request body.
    """

    def __init__(self, call: OnLoop, conversation: Conversation, pieces: Iterator[bytes]) -> None:
        self._call: OnLoop | None = call
        self._conversation = conversation
        self._pieces = pieces
        self._progress: Progress

    def open(self, progress: Progress) -> Head:
        """Go on until the response has started, and return its start."""
        while progress.head is None:
            progress = self._go_on(progress)
        self._progress = progress
        return progress.head

    def __iter__(self) -> Iterator[bytes]:
        yield from self._progress.chunks
        while not self._progress.is_complete:
            self._progress = self._go_on(self._progress)
            yield from self._progress.chunks

    def close(self) -> None:
        """Take leave of the app, in the middle if it is not done."""
        # httpx ties response and stream into a cycle. Without the way to the loop in it, a client
        # that nobody closes ends as soon as nobody has it.
        call, self._call = self._call, None
        if call is not None and not self._conversation.supervision.is_settled:
            call(self._conversation.end)

    def _go_on(self, progress: Progress) -> Progress:
        call = self._call
        if call is None:
            raise RuntimeError(CLOSED)
        if not progress.wants_body:
            return call(self._conversation.advance)
        try:
            piece = next(self._pieces, None)
        except BaseException:
            # The test broke off in the middle of its request.
            call(self._conversation.abandon)
            raise
        return call(self._conversation.feed, piece)


class AsyncBody:
    """The body of a response, for an asynchronous client.

    Args:
        conversation: The exchange.
        pieces: The rest of the request body.
    """

    def __init__(self, conversation: Conversation, pieces: AsyncIterator[bytes]) -> None:
        self._conversation = conversation
        self._pieces = pieces
        self._progress: Progress
        self._was_closed = False

    async def open(self, progress: Progress) -> Head:
        """Go on until the response has started, and return its start."""
        while progress.head is None:
            progress = await self._go_on(progress)
        self._progress = progress
        return progress.head

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._progress.chunks:
            yield chunk
        while not self._progress.is_complete:
            self._progress = await self._go_on(self._progress)
            for chunk in self._progress.chunks:
                yield chunk

    async def aclose(self) -> None:
        """Take leave of the app, in the middle if it is not done."""
        self._was_closed = True
        if not self._conversation.supervision.is_settled:
            await self._conversation.end()

    async def _go_on(self, progress: Progress) -> Progress:
        if self._was_closed:
            raise RuntimeError(CLOSED)
        if not progress.wants_body:
            return await self._conversation.advance()
        try:
            piece = await anext(self._pieces, None)
        except BaseException:
            # The test broke off in the middle of its request.
            await self._conversation.abandon()
            raise
        return await self._conversation.feed(piece)
