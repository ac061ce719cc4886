"""This file is the channel: one message published, given to everybody who subscribes, each at its own pace."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Any

from .backend import Backend, MemoryBackend
from .bounded_queue import BoundedQueue, Late, QueueEnded, QueueFull, QueueLimit
from .exceptions import SlowConsumer
from .outbox import FLUSH_SECONDS

#: A subscriber that is so far behind learns of the newest messages first.
DEFAULT_LIMIT = QueueLimit(max_messages=100, when_full="drop_oldest")


class Channel:
    """Topics that messages are published to, and the subscribers of this process.

    Args:
        backend: Carries messages between processes; left out, they stay in this one.
        limit: How many messages may wait for each subscriber, unless its `subscribe` says otherwise.
    """

    def __init__(self, backend: Backend | None = None, *, limit: QueueLimit = DEFAULT_LIMIT) -> None:
        self._backend: Backend = MemoryBackend() if backend is None else backend
        self._limit = limit
        # Dictionaries for their order: everybody is served in the order of subscription.
        self._subscriptions: dict[str, dict[Subscription, None]] = {}
        #: The topics that the backend may have been asked for, and has not been told to leave.
        self._asked: set[str] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._turns: asyncio.Lock
        self._loop: asyncio.AbstractEventLoop | None = None

    def subscribe(self, *topics: str, limit: QueueLimit | None = None) -> "Subscription":
        """Return a subscription to *topics*, which begins when it is entered: `async with channel.subscribe("news")`.

        Raises:
            ValueError: There is no topic.
        """
        if not topics:
            raise ValueError('subscribe takes at least one topic: channel.subscribe("news").')
        return Subscription(self, dict.fromkeys(topics), self._limit if limit is None else limit)

    async def publish(self, topic: str, message: Any) -> None:
        """Give *message* to everybody who has subscribed to *topic* by now.

        It returns at once, except where the limit of a subscriber says `block`: then it waits for the slowest.
        """
        await self._backend.publish(topic, message)

    def count(self, topic: str) -> int:
        """Return how many subscribers of this process *topic* has."""
        return len(self._subscriptions.get(topic, ()))

    async def _add(self, subscription: "Subscription") -> None:
        """Let *subscription* begin."""
        async with self._take_turn():
            for topic in subscription.topics:
                if topic not in self._subscriptions and topic in self._asked:
                    await self._leave(topic)  # Whoever would do so stands behind in line.
                self._subscriptions.setdefault(topic, {})[subscription] = None
                if topic not in self._asked:
                    self._asked.add(topic)
                    await self._backend.subscribe(topic, self._deliver)

    async def _remove(self, subscription: "Subscription") -> None:
        """Let *subscription* end: for this process at once, for the backend when it is the last.

        Who is cancelled meanwhile does not wait for the backend any more, which leaves the topics all the same.
        """
        for topic in subscription.topics:
            subscribers = self._subscriptions.get(topic, {})
            subscribers.pop(subscription, None)
            if not subscribers:
                self._subscriptions.pop(topic, None)
        if not self._list_unheard(subscription.topics):
            return
        leaving = asyncio.create_task(self._leave_unheard(subscription.topics))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        await asyncio.wait([leaving])
        leaving.result()

    def _take_turn(self) -> asyncio.Lock:
        """Return what lets one change at a time ask the backend; each event loop has its own."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._turns = loop, asyncio.Lock()
            # What the loop before could not leave any more has ended with it.
            self._asked.intersection_update(self._subscriptions)
        return self._turns

    def _list_unheard(self, topics: Iterable[str]) -> list[str]:
        """Return those of *topics* that the backend delivers, and nobody hears any more."""
        return [topic for topic in topics if topic in self._asked and topic not in self._subscriptions]

    async def _leave_unheard(self, topics: Iterable[str]) -> None:
        """Let the backend deliver nothing more of those of *topics* that nobody hears when it is their turn."""
        errors: list[Exception] = []
        async with self._take_turn():
            for topic in self._list_unheard(topics):
                try:
                    await self._leave(topic)
                except Exception as error:
                    errors.append(error)
        if errors:
            raise (errors[0] if len(errors) == 1 else ExceptionGroup("Several topics could not be left", errors))

    async def _leave(self, topic: str) -> None:
        """Let the backend deliver nothing more of *topic*; one that it could not leave is asked for anew."""
        try:
            await self._backend.unsubscribe(topic)
        except Exception as error:
            self._asked.discard(topic)
            error.add_note(f"It was raised when a channel left the topic {topic!r}.")
            raise
        self._asked.discard(topic)

    async def _deliver(self, topic: str, message: Any) -> None:
        """Give *message*, which the backend has brought, to the subscribers of *topic*."""
        late = [(one, place) for one in self._subscriptions.get(topic, ()) if (place := one.offer(message)) is not None]
        if not late:
            return
        try:
            # One turn on the event loop for all of them; whoever does not use it is slow.
            await asyncio.sleep(0)
            # Those who make nobody wait come first.
            for subscription, place in sorted(late, key=lambda each: each[0].limit.when_full == "block"):
                await subscription.settle(place)
        finally:
            for subscription, place in late:
                subscription.withdraw(place)


class Subscription:
    """The messages of some topics, for one subscriber. Enter it, and iterate it.

    With the limit `close`, iterating raises `SlowConsumer` after too many messages have waited; uncaught that closes a
    WebSocket with 1013. A subscriber that does not come back for it in time, because sending to its client hangs for
    example, is cancelled, and its block raises the error.

    Args:
        patience_seconds: How long a subscriber that is given up may be busy with its last message; by default as long
            as a closing waits for what was sent before it.
    """

    def __init__(
        self,
        channel: Channel,
        topics: dict[str, None],
        limit: QueueLimit,
        *,
        patience_seconds: float = FLUSH_SECONDS,
    ) -> None:
        self.topics = tuple(topics)
        self._channel = channel
        self._queue: BoundedQueue[Any] = BoundedQueue(limit)
        self._patience_seconds = patience_seconds
        self._is_given_up = asyncio.Event()
        #: Who has entered, and who iterates.
        self._owner: asyncio.Task[Any] | None = None
        self._reader: asyncio.Task[Any] | None = None
        #: Cancels the owner; there while it is in its block, where the limit says `close`.
        self._interruption: asyncio.Timeout | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def dropped(self) -> int:
        """How many messages were forgotten because others came faster than they were taken."""
        return self._queue.dropped

    @property
    def limit(self) -> QueueLimit:
        """How many messages may wait."""
        return self._queue.limit

    def offer(self, message: Any) -> Late[Any] | None:
        """Let *message* wait for the subscriber; return its place in line if there is no room. For channels."""
        try:
            return self._queue.offer(message)
        except QueueEnded:
            return None

    def withdraw(self, place: Late[Any]) -> None:
        """Forget the message at *place*, if it still stands in line; for channels."""
        self._queue.withdraw(place)

    async def settle(self, place: Late[Any]) -> None:
        """Do with the message at *place* what the limit says; for channels."""
        try:
            await self._queue.settle(place)
        except QueueFull:
            self._give_up()
        except QueueEnded:
            return

    async def raise_when_given_up(self) -> None:
        """Raise as soon as too many messages have waited; for those who would not learn of it in time.

        Raises:
            SlowConsumer: They have.
        """
        await self._is_given_up.wait()
        await anext(self._queue)

    def _give_up(self) -> None:
        """Keep nothing for the subscriber any more, and see to it that it learns of that."""
        self._queue.end(error=SlowConsumer(self._queue.limit.max_messages))
        self._queue.clear()
        self._is_given_up.set()
        if self._interruption is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience_seconds, self._interrupt, self._interruption)

    def _interrupt(self, interruption: asyncio.Timeout) -> None:
        """Cancel the subscriber unless it has learnt that it was given up, or leaves reading to somebody else."""
        if not self._queue.is_error_told and self._reader is self._owner:
            interruption.reschedule(0)

    async def __aenter__(self) -> "Subscription":
        try:
            await self._channel._add(self)
        except BaseException:
            await self._channel._remove(self)
            raise
        self._owner = self._reader = asyncio.current_task()
        if self.limit.when_full == "close" and self._owner is not None:
            self._interruption = await asyncio.timeout(None).__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._queue.end()
        if self._timer is not None:
            self._timer.cancel()
        try:
            if self._interruption is not None:
                await self._interruption.__aexit__(kind, error, traceback)
        except TimeoutError:
            raise SlowConsumer(self.limit.max_messages) from error
        finally:
            await self._channel._remove(self)

    def __aiter__(self) -> AsyncIterator[Any]:
        self._reader = asyncio.current_task()
        return self._queue
