"""The backend of one process: what is published is delivered at once."""

from typing import Any

from yaat_websockets.backend import MemoryBackend


async def test_message_is_delivered_as_it_is() -> None:
    """In one process a message can be anything, and arrives as the very object that was published."""
    delivered: list[Any] = []

    async def deliver(topic: str, message: Any) -> None:
        delivered.append((topic, message))

    backend, message = MemoryBackend(), object()
    await backend.subscribe("news", deliver)
    await backend.publish("news", message)
    await backend.publish("sport", "unheard")
    await backend.unsubscribe("news")
    await backend.publish("news", "late")
    assert delivered == [("news", message)]


async def test_topic_that_was_never_subscribed_can_be_let_go() -> None:
    """Letting go of a topic that nobody has is no error."""
    await MemoryBackend().unsubscribe("news")
