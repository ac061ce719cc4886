"""The bounded queue: order, the limit, and what each policy does when it is full."""

import asyncio
from typing import Any

import pytest

from yaat_websockets.bounded_queue import BoundedQueue, QueueEnded, QueueFull, QueueLimit, WhenFull


def make_queue(max_messages: int = 3, when_full: WhenFull = "block") -> BoundedQueue[int]:
    return BoundedQueue(QueueLimit(max_messages=max_messages, when_full=when_full))


async def take(queue: BoundedQueue[int]) -> list[int]:
    """Return everything that *queue* still gives."""
    return [item async for item in queue]


@pytest.mark.parametrize("count", [0, -1])
def test_limit_of_nothing_is_refused(count: int) -> None:
    """A queue that could hold nothing is refused."""
    with pytest.raises(ValueError, match="max_messages is a number from 1 up"):
        QueueLimit(max_messages=count)


def test_unknown_policy_is_refused_with_the_known_ones() -> None:
    """A policy that does not exist is refused; the message lists those that do."""
    with pytest.raises(ValueError, match="'block', 'drop_oldest', 'close', not 'drop'"):
        QueueLimit(when_full="drop")  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("when_full", ["block", "drop_oldest", "close"])
async def test_items_leave_in_the_order_in_which_they_came(when_full: WhenFull) -> None:
    """Whatever the policy, a queue that is not full keeps the order."""
    queue = make_queue(when_full=when_full)
    for item in (1, 2, 3):
        await queue.put(item)
    queue.end()
    assert await take(queue) == [1, 2, 3]


async def test_taker_waits_for_an_item() -> None:
    """Whoever takes from an empty queue waits for the next item."""
    queue = make_queue()
    taking = asyncio.ensure_future(anext(queue))
    await asyncio.sleep(0)
    assert not taking.done()
    await queue.put(1)
    assert await taking == 1


async def test_full_queue_blocks_until_there_is_room() -> None:
    """With `block` whoever adds to a full queue waits until something was taken; nothing is lost."""
    queue = make_queue(max_messages=2)
    adding = asyncio.ensure_future(add_all(queue, range(20)))
    taken = [await anext(queue) for _ in range(20)]
    await adding
    assert taken == list(range(20))


async def add_all(queue: BoundedQueue[int], items: Any) -> int:
    """Add *items*, and return how long the queue ever was."""
    longest = 0
    for item in items:
        await queue.put(item)
        longest = max(longest, len(queue))
    return longest


async def test_blocking_queue_is_never_longer_than_its_limit() -> None:
    """With `block` several can add at a time, and still the limit holds."""
    queue = make_queue(max_messages=2)
    adding = [asyncio.ensure_future(add_all(queue, range(10))) for _ in range(5)]
    taken = [await anext(queue) for _ in range(50)]
    assert max(await asyncio.gather(*adding)) == 2
    assert sorted(taken) == sorted(list(range(10)) * 5)


async def test_full_queue_drops_the_oldest() -> None:
    """With `drop_oldest` the newest items are kept, in their order, and those that are lost are counted."""
    queue = make_queue(max_messages=3, when_full="drop_oldest")
    for item in range(10):
        await queue.put(item)
    queue.end()
    assert (await take(queue), queue.dropped) == ([7, 8, 9], 7)


async def test_full_queue_is_the_end() -> None:
    """With `close` an item too many is an error for whoever adds it."""
    queue = make_queue(max_messages=2, when_full="close")
    await queue.put(1)
    await queue.put(2)
    with pytest.raises(QueueFull):
        await queue.put(3)
    assert len(queue) == 2


async def test_taker_that_only_waits_for_its_turn_is_not_slow() -> None:
    """A taker that is ready gets a turn before a queue counts as full, so a burst alone is not the end."""
    queue = make_queue(max_messages=2, when_full="close")
    taking = asyncio.ensure_future(take(queue))
    await asyncio.sleep(0)
    for item in range(100):
        await queue.put(item)
    queue.end()
    assert await taking == list(range(100))


async def test_ended_queue_takes_nothing_more() -> None:
    """After the end nothing can be added."""
    queue = make_queue()
    queue.end()
    with pytest.raises(QueueEnded):
        await queue.put(1)


async def test_end_wakes_whoever_waits_for_room() -> None:
    """Whoever waits for room learns of the end."""
    queue = make_queue(max_messages=1)
    await queue.put(1)
    adding = asyncio.ensure_future(queue.put(2))
    await asyncio.sleep(0)
    queue.end()
    with pytest.raises(QueueEnded):
        await adding
    assert await take(queue) == [1]


async def test_end_wakes_whoever_waits_for_an_item() -> None:
    """Whoever waits for an item learns of the end."""
    queue = make_queue()
    taking = asyncio.ensure_future(take(queue))
    await asyncio.sleep(0)
    queue.end()
    assert await taking == []


async def test_last_items_have_room_in_any_case() -> None:
    """What is added with the end comes last, over the limit if need be."""
    queue = make_queue(max_messages=1)
    await queue.put(1)
    queue.end(2, 3)
    assert await take(queue) == [1, 2, 3]


async def test_error_of_the_end_comes_after_the_items() -> None:
    """An error that ends the queue is raised when everything was taken."""
    queue = make_queue()
    await queue.put(1)
    queue.end(error=LookupError("lost"))
    assert await anext(queue) == 1
    with pytest.raises(LookupError, match="lost"):
        await anext(queue)


async def test_second_end_changes_nothing() -> None:
    """The first end counts."""
    queue = make_queue()
    queue.end(1)
    queue.end(2, error=LookupError())
    assert await take(queue) == [1]


async def test_clearing_makes_room() -> None:
    """A queue that is cleared forgets its items, and whoever waits for room goes on."""
    queue = make_queue(max_messages=1)
    await queue.put(1)
    adding = asyncio.ensure_future(queue.put(2))
    await asyncio.sleep(0)
    queue.clear()
    await adding
    queue.end()
    assert await take(queue) == [2]


@pytest.mark.parametrize("when_full", ["block", "drop_oldest"])
async def test_nobody_overtakes_who_stands_in_line(when_full: WhenFull) -> None:
    """What came when there was no room comes before what came later, though there may be room by then."""
    queue = make_queue(max_messages=1, when_full=when_full)
    await queue.put(1)
    adding = asyncio.ensure_future(queue.put(2))
    await asyncio.sleep(0)
    later = asyncio.ensure_future(queue.put(3))
    taken = [await anext(queue)]
    await asyncio.gather(adding, later) if when_full == "drop_oldest" else await adding
    queue.end()
    taken += await take(queue)
    assert taken == sorted(taken)
    await asyncio.wait([later])
    assert (later.exception() is None) == (when_full == "drop_oldest")


async def test_who_gives_up_waiting_leaves_the_line() -> None:
    """An item whose adding was cancelled is not added later, and those behind it move up."""
    queue = make_queue(max_messages=1)
    await queue.put(1)
    waiting = [asyncio.ensure_future(queue.put(item)) for item in (2, 3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.wait(waiting[:1])
    taken = [await anext(queue), await anext(queue)]
    await waiting[1]
    assert (taken, len(queue)) == ([1, 3], 0)
