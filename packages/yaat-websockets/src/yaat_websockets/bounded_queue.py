"""This file is the bounded queue: what waits for one slow consumer, and what happens when that is too much."""

import asyncio
from collections import deque
from typing import Generic, Literal, TypeVar, get_args

from yaat.record import frozen

T = TypeVar("T")

WhenFull = Literal["block", "drop_oldest", "close"]


@frozen
class QueueLimit:
    """How many messages may wait for one consumer, and what happens to the next.

    Attributes:
        max_messages: From 1 up.
        when_full: `block` makes whoever adds a message wait; `drop_oldest` forgets the one that has waited longest;
            `close` gives the consumer up.
    """

    max_messages: int = 100
    when_full: WhenFull = "close"

    def __post_init__(self) -> None:
        if self.max_messages < 1:
            raise ValueError(f"max_messages is a number from 1 up, not {self.max_messages!r}.")
        if self.when_full not in get_args(WhenFull):
            choices = ", ".join(map(repr, get_args(WhenFull)))
            raise ValueError(f"when_full is one of {choices}, not {self.when_full!r}.")


class QueueFull(Exception):
    """A queue is full, and its limit says that this is the end."""


class QueueEnded(Exception):
    """A queue takes nothing any more."""


class Late(Generic[T]):
    """An item for which there was no room, with its place in the line."""

    __slots__ = ("done", "is_added", "item")

    def __init__(self, item: T) -> None:
        self.item = item
        self.is_added = False
        #: Set when nothing is to be waited for any more.
        self.done = asyncio.Event()


class BoundedQueue(Generic[T]):
    """Items in the order in which they came, never more of them than the limit says; iterate to take them.

    Args:
        limit: How many, and what happens to the next.
    """

    def __init__(self, limit: QueueLimit) -> None:
        self.limit = limit
        #: How many items were forgotten.
        self.dropped = 0
        #: Whether the error that the queue has ended with was raised.
        self.is_error_told = False
        self._items: deque[T] = deque()
        #: What came when there was no room; whoever comes later stands behind it.
        self._line: deque[Late[T]] = deque()
        self._is_ended = False
        self._error: Exception | None = None
        self._item_came = asyncio.Event()

    def __len__(self) -> int:
        return len(self._items)

    async def put(self, item: T) -> None:
        """Add *item*; a consumer that only waits for its turn on the event loop gets one before it counts as slow.

        Raises:
            QueueFull: There is no room, and the limit says `close`.
            QueueEnded: The queue takes nothing any more.
        """
        late = self.offer(item)
        if late is not None:
            try:
                await asyncio.sleep(0)
                await self.settle(late)
            finally:
                self.withdraw(late)

    def offer(self, item: T) -> Late[T] | None:
        """Add *item* if there is room; else let it stand in line, and return its place there, to `settle`.

        Raises:
            QueueEnded: The queue takes nothing any more.
        """
        if self._is_ended:
            raise QueueEnded
        late = Late(item)
        self._line.append(late)
        self._admit()
        return None if late.is_added else late

    async def settle(self, late: Late[T]) -> None:
        """Add what stands in line in the way that the limit has for a full queue.

        Raises:
            QueueFull: There is no room, and the limit says `close`.
            QueueEnded: The queue takes nothing any more.
        """
        while not late.done.is_set():
            if self.limit.when_full == "close":
                raise QueueFull
            if self.limit.when_full == "block":
                await late.done.wait()
            else:
                self._items.popleft()
                self.dropped += 1
                self._admit()
        if not late.is_added:
            raise QueueEnded

    def withdraw(self, late: Late[T]) -> None:
        """Take out of the line what still stands there."""
        if not late.done.is_set():
            self._line.remove(late)
            late.done.set()

    def end(self, *last: T, error: Exception | None = None) -> None:
        """Take nothing any more: whoever iterates gets what is here, *last*, and then *error* if there is one."""
        if not self._is_ended:
            self._items.extend(last)
            self._is_ended, self._error = True, error
            self._item_came.set()
            while self._line:
                self._line.popleft().done.set()

    def clear(self) -> None:
        """Forget every item; what stands in line moves up."""
        self._items.clear()
        self._admit()

    def __aiter__(self) -> "BoundedQueue[T]":
        return self

    async def __anext__(self) -> T:
        while not self._items:
            if self._error is not None:
                self.is_error_told = True
                raise self._error
            if self._is_ended:
                raise StopAsyncIteration
            self._item_came.clear()
            await self._item_came.wait()
        item = self._items.popleft()
        self._admit()
        return item

    def _admit(self) -> None:
        """Add what stands in line, first come, as long as there is room."""
        while self._line and len(self._items) < self.limit.max_messages:
            late = self._line.popleft()
            self._items.append(late.item)
            late.is_added = True
            late.done.set()
            self._item_came.set()
