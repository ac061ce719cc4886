"""This file is the backend of channels: what carries a message to all who subscribe, in this process or beyond."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

#: Takes a topic and a message, and gives the message to the subscribers in this process.
Deliver = Callable[[str, Any], Awaitable[None]]


class Backend(Protocol):
    """What a channel needs of something that connects processes.

    One channel asks for each topic at most once at a time: how many subscribers there are is the channel's affair. It
    subscribes and unsubscribes one topic after the other, never two at a time.
    """

    async def subscribe(self, topic: str, deliver: Deliver) -> None:
        """Call *deliver* for every message of *topic* that anybody publishes from now on, in order."""

    async def unsubscribe(self, topic: str) -> None:
        """Deliver nothing of *topic* any more.

        It is asked for too when `subscribe` has failed or was cancelled half-way.
        """

    async def publish(self, topic: str, message: Any) -> None:
        """Carry *message* to everybody who has subscribed to *topic*, this process included.

        What a message may be is the backend's to say; text is safe everywhere.
        """


class MemoryBackend:
    """Connects nothing but the subscribers of this process. Messages are passed on as they are, of any type."""

    def __init__(self) -> None:
        self._delivers: dict[str, Deliver] = {}

    async def subscribe(self, topic: str, deliver: Deliver) -> None:
        """Call *deliver* for every message of *topic*."""
        self._delivers[topic] = deliver

    async def unsubscribe(self, topic: str) -> None:
        """Deliver nothing of *topic* any more."""
        self._delivers.pop(topic, None)

    async def publish(self, topic: str, message: Any) -> None:
        """Deliver *message* now."""
        deliver = self._delivers.get(topic)
        if deliver is not None:
            await deliver(topic, message)
