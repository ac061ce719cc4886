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


class BoundedQueue(Generic[T]):
    """Items in the order in which they came, never more of them than the limit says; iterate to take them.

    Args:
        limit: How many, and what happens to the next.
    """

    def __init__(self, limit: QueueLimit) -> None:
        self.limit = limit
        #: How many items were forgotten.
        self.dropped = 0
        self._items: deque[T] = deque()
        self._is_ended = False
        self._error: Exception | None = None
        self._item_came = asyncio.Event()
        self._item_went = asyncio.Event()

    def __len__(self) -> int:
        return len(self._items)

    async def put(self, item: T) -> None:
        """Add *item*; a consumer that only waits for its turn on the event loop gets one before it counts as slow.

        Raises:
            QueueFull: There is no room, and the limit says `close`.
            QueueEnded: The queue takes nothing any more.
        """
        if not self.offer(item):
            await asyncio.sleep(0)
            await self.force(item)

    def offer(self, item: T) -> bool:
        """Add *item* if there is room, and return whether there was.

        Raises:
            QueueEnded: The queue takes nothing any more.
        """
        if self._is_ended:
            raise QueueEnded
        if self._is_full:
            return False
        self._items.append(item)
        self._item_came.set()
        return True

    async def force(self, item: T) -> None:
        """Add *item* in the way that the limit has for a full queue.

        Raises:
            QueueFull: There is no room, and the limit says `close`.
            QueueEnded: The queue takes nothing any more.
        """
        while not self.offer(item):
            await self._make_room()

    def end(self, *last: T, error: Exception | None = None) -> None:
        """Take nothing any more: whoever iterates gets what is here, *last*, and then *error* if there is one."""
        if not self._is_ended:
            self._items.extend(last)
            self._is_ended, self._error = True, error
            self._item_came.set()
            self._item_went.set()

    def clear(self) -> None:
        """Forget every item."""
        self._items.clear()
        self._item_went.set()

    def __aiter__(self) -> "BoundedQueue[T]":
        return self

    async def __anext__(self) -> T:
        while not self._items:
            if self._error is not None:
                raise self._error
            if self._is_ended:
                raise StopAsyncIteration
            self._item_came.clear()
            await self._item_came.wait()
        self._item_went.set()
        return self._items.popleft()

    @property
    def _is_full(self) -> bool:
        """Whether there is no room for another item."""
        return len(self._items) >= self.limit.max_messages

    async def _make_room(self) -> None:
        """Do what the limit says for a full queue."""
        if self.limit.when_full == "close":
            raise QueueFull
        if self.limit.when_full == "drop_oldest":
            self._items.popleft()
            self.dropped += 1
            return
        self._item_went.clear()
        await self._item_went.wait()
