"""Channels: everybody who subscribes gets what is published, in order, bounded, and with any backend."""

import asyncio
import gc
import json
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from yaat_websockets import Channel, QueueLimit
from yaat_websockets.backend import Backend, Deliver, MemoryBackend
from yaat_websockets.channel import Subscription
from yaat_websockets.exceptions import SlowConsumer


class Broker:
    """What stands between processes: it knows bytes alone, and carries them in its own time."""

    def __init__(self) -> None:
        self.backends: list[BrokerBackend] = []
        self.log: list[tuple[str, str]] = []


class BrokerBackend:
    """A backend that reaches its subscribers only through a broker, as Redis or NATS would."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._delivers: dict[str, Deliver] = {}
        self._lines: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        broker.backends.append(self)

    async def subscribe(self, topic: str, deliver: Deliver) -> None:
        await asyncio.sleep(0)
        self._broker.log.append(("subscribe", topic))
        self._delivers[topic] = deliver

    async def unsubscribe(self, topic: str) -> None:
        await asyncio.sleep(0)
        self._broker.log.append(("unsubscribe", topic))
        del self._delivers[topic]

    async def publish(self, topic: str, message: Any) -> None:
        line = json.dumps(message).encode()
        await asyncio.sleep(0)
        for backend in self._broker.backends:
            backend._lines.put_nowait((topic, line))

    async def listen(self) -> None:
        """Deliver what the broker brings, until this is cancelled."""
        while True:
            topic, line = await self._lines.get()
            if topic in self._delivers:
                await self._delivers[topic](topic, json.loads(line))


Connect = Callable[[], AbstractAsyncContextManager[Backend]]


@asynccontextmanager
async def connect_memory() -> AsyncIterator[Backend]:
    yield MemoryBackend()


@asynccontextmanager
async def connect_broker(broker: Broker | None = None) -> AsyncIterator[Backend]:
    backend = BrokerBackend(broker or Broker())
    listening = asyncio.create_task(backend.listen())
    yield backend
    listening.cancel()


@pytest.fixture(params=[connect_memory, connect_broker], ids=["memory", "broker"])
def connect(request: pytest.FixtureRequest) -> Connect:
    """Make a backend of either kind, for a block."""
    found: Connect = request.param
    return found


async def take(subscription: Any, count: int) -> list[Any]:
    """Return the next *count* messages."""
    return [await anext(aiter(subscription)) for _ in range(count)]


async def test_every_subscriber_gets_every_message_in_order(connect: Connect) -> None:
    """What is published to a topic reaches all who have subscribed, in its order."""
    async with connect() as backend:
        channel = Channel(backend)
        async with channel.subscribe("news") as first, channel.subscribe("news") as second:
            for number in range(10):
                await channel.publish("news", number)
            assert await take(first, 10) == list(range(10))
            assert await take(second, 10) == list(range(10))


async def test_other_topics_are_not_heard(connect: Connect) -> None:
    """A subscriber hears its own topics alone."""
    async with connect() as backend:
        channel = Channel(backend)
        async with channel.subscribe("news") as news, channel.subscribe("sport") as sport:
            await channel.publish("sport", "goal")
            await channel.publish("news", "rain")
            assert await take(news, 1) == ["rain"]
            assert await take(sport, 1) == ["goal"]


async def test_one_subscription_can_have_several_topics(connect: Connect) -> None:
    """A subscription to several topics gets all of them in one row."""
    async with connect() as backend:
        channel = Channel(backend)
        async with channel.subscribe("news", "sport", "news") as both:
            await channel.publish("sport", "goal")
            await channel.publish("news", "rain")
            assert await take(both, 2) == ["goal", "rain"]


async def test_nothing_is_heard_from_before(connect: Connect) -> None:
    """A subscription begins when it is entered; what was published before is not repeated."""
    async with connect() as backend:
        channel = Channel(backend)
        await channel.publish("news", "early")
        async with channel.subscribe("news") as subscription:
            await channel.publish("news", "late")
            assert await take(subscription, 1) == ["late"]


async def test_block_that_is_left_ends_the_subscription(connect: Connect) -> None:
    """After the block nobody listens any more, and what was not taken is gone."""
    async with connect() as backend:
        channel = Channel(backend)
        async with channel.subscribe("news"):
            assert channel.count("news") == 1
        assert channel.count("news") == 0
        await channel.publish("news", "unheard")


async def test_backend_is_asked_once_for_each_topic() -> None:
    """However many subscribe, the backend is asked for a topic when the first comes, and let go with the last."""
    broker = Broker()
    channel = Channel(BrokerBackend(broker))
    async with channel.subscribe("news"):
        async with channel.subscribe("news", "sport"):
            pass
        assert broker.log == [("subscribe", "news"), ("subscribe", "sport"), ("unsubscribe", "sport")]
    assert broker.log[-1] == ("unsubscribe", "news")


async def test_many_come_and_go_at_a_time() -> None:
    """Subscribing and leaving at the same time never loses or doubles what the backend knows."""
    broker = Broker()
    channel = Channel(BrokerBackend(broker))

    async def come_and_go() -> None:
        async with channel.subscribe("news"):
            await asyncio.sleep(0)

    await asyncio.gather(*(come_and_go() for _ in range(20)))
    assert [what for what, _ in broker.log] == ["subscribe", "unsubscribe"] * (len(broker.log) // 2)
    assert channel.count("news") == 0


async def test_message_travels_between_processes() -> None:
    """Two channels with one broker between them are one channel in two processes."""
    broker = Broker()
    async with (
        connect_broker(broker) as here,
        connect_broker(broker) as there,
        Channel(here).subscribe("news") as near,
        Channel(there).subscribe("news") as far,
    ):
        await Channel(here).publish("news", {"weather": "rain"})
        assert await take(near, 1) == await take(far, 1) == [{"weather": "rain"}]


async def test_slow_subscriber_drops_the_oldest_unless_it_says_otherwise() -> None:
    """A subscriber that is behind gets the newest messages, and knows how many it has missed."""
    channel = Channel(limit=QueueLimit(max_messages=3, when_full="drop_oldest"))
    async with channel.subscribe("news") as slow, channel.subscribe("news", limit=QueueLimit(max_messages=10)) as fast:
        for number in range(10):
            await channel.publish("news", number)
        assert await take(slow, 3) == [7, 8, 9]
        assert await take(fast, 10) == list(range(10))
        assert (slow.dropped, fast.dropped) == (7, 0)


async def test_slow_subscriber_can_be_given_up() -> None:
    """With `close` a subscriber that is too slow gets an error that closes a WebSocket with 1013."""
    channel = Channel(limit=QueueLimit(max_messages=3, when_full="close"))
    async with channel.subscribe("news") as subscription:
        for number in range(10):
            await channel.publish("news", number)
        with pytest.raises(SlowConsumer) as caught:
            await take(subscription, 1)
        assert str(caught.value) == "1013 The client is too slow: 3 messages wait for it."


async def test_slow_subscriber_can_make_publishers_wait() -> None:
    """With `block` whoever publishes waits for the slowest, and nobody misses anything."""
    channel = Channel(limit=QueueLimit(max_messages=3, when_full="block"))

    async def publish() -> None:
        for number in range(20):
            await channel.publish("news", number)

    async with channel.subscribe("news") as subscription:
        publishing = asyncio.ensure_future(publish())
        for _ in range(50):
            await asyncio.sleep(0)
        assert not publishing.done()
        assert await take(subscription, 20) == list(range(20))
        await publishing


async def test_subscriber_that_leaves_does_not_hold_publishers_up() -> None:
    """A publisher that waits for a subscriber goes on when that one leaves."""
    channel = Channel(limit=QueueLimit(max_messages=1, when_full="block"))
    async with channel.subscribe("news"):
        await channel.publish("news", 1)
        publishing = asyncio.ensure_future(channel.publish("news", 2))
        await asyncio.sleep(0)
    await publishing


async def test_topic_that_nobody_hears_is_no_error() -> None:
    """Publishing where nobody listens does nothing."""
    await Channel().publish("news", "unheard")


async def test_message_that_comes_while_a_topic_is_being_left_is_let_go() -> None:
    """A backend may go on delivering until it has been told, when nobody hears the topic any more."""
    backend = SlowBackend()
    channel = Channel(backend)
    leaving = asyncio.ensure_future(stay(channel, "news"))
    await settle()
    backend.answers.clear()
    leaving.cancel()
    await settle()
    assert (backend.topics, channel.count("news")) == ({"news"}, 0)
    await channel.publish("news", "rain")
    backend.answers.set()
    await asyncio.wait([leaving])


def test_subscription_to_nothing_is_refused() -> None:
    """A subscription has at least one topic."""
    with pytest.raises(ValueError, match=r'^subscribe takes at least one topic: channel\.subscribe\("news"\)\.$'):
        Channel().subscribe()


async def test_backend_that_cannot_be_reached_leaves_nothing_behind() -> None:
    """When the backend refuses a topic the error is raised, and the channel has no subscriber more."""

    class Unreachable(MemoryBackend):
        async def subscribe(self, topic: str, deliver: Deliver) -> None:
            raise ConnectionRefusedError

    channel = Channel(Unreachable())
    with pytest.raises(ConnectionRefusedError):
        async with channel.subscribe("news"):
            raise AssertionError
    assert channel.count("news") == 0


async def test_messages_reach_everybody_in_the_order_of_their_publishing() -> None:
    """A message that finds a subscriber full keeps its place before those that are published meanwhile."""
    channel = Channel(limit=QueueLimit(max_messages=2, when_full="drop_oldest"))
    async with channel.subscribe("t") as slow, channel.subscribe("t", limit=QueueLimit(max_messages=9)) as quick:
        for message in (1, 2):
            await channel.publish("t", message)
        await asyncio.gather(*(channel.publish("t", message) for message in (3, 4, 5)))
        taken = [[await anext(aiter(one)) for _ in range(count)] for one, count in ((slow, 2), (quick, 5))]
    assert taken == [[4, 5], [1, 2, 3, 4, 5]]


async def test_who_blocks_does_not_keep_others_from_the_newest_message() -> None:
    """A subscriber that the publisher waits for delays nobody else."""
    channel = Channel()
    first = channel.subscribe("t", limit=QueueLimit(max_messages=1, when_full="block"))
    second = channel.subscribe("t", limit=QueueLimit(max_messages=1, when_full="drop_oldest"))
    async with first as blocking, second as dropping:
        await channel.publish("t", 1)
        publishing = asyncio.ensure_future(channel.publish("t", 2))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await anext(aiter(dropping)) == 2
        assert not publishing.done()
        assert await anext(aiter(blocking)) == 1
        await publishing


async def test_publishing_that_is_cancelled_leaves_nothing_in_line() -> None:
    """A subscriber that nobody waits for any more does not get the message later."""
    channel = Channel(limit=QueueLimit(max_messages=1, when_full="block"))
    async with channel.subscribe("t") as subscription:
        await channel.publish("t", 1)
        publishing = asyncio.ensure_future(channel.publish("t", 2))
        await asyncio.sleep(0)
        publishing.cancel()
        await asyncio.wait([publishing])
        assert await anext(aiter(subscription)) == 1
        await channel.publish("t", 3)
        assert await anext(aiter(subscription)) == 3


class SlowBackend(MemoryBackend):
    """A backend that takes a while to answer, and notices when it is asked for what it has."""

    def __init__(self, *broken: str) -> None:
        super().__init__()
        self.broken = broken
        self.topics: set[str] = set()
        self.mistakes: list[str] = []
        #: Clear it, and nobody is answered until it is set again.
        self.answers = asyncio.Event()
        self.answers.set()

    async def subscribe(self, topic: str, deliver: Deliver) -> None:
        if topic in self.topics:
            self.mistakes.append(f"{topic} was asked for twice")
        await self._answer()
        self.topics.add(topic)
        await super().subscribe(topic, deliver)

    async def unsubscribe(self, topic: str) -> None:
        await self._answer()
        if topic in self.broken:
            raise ConnectionError(topic)
        self.topics.discard(topic)
        await super().unsubscribe(topic)

    async def _answer(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        await self.answers.wait()


async def stay(channel: Channel, *topics: str) -> None:
    """Subscribe to *topics* until this is cancelled."""
    async with channel.subscribe(*topics):
        await asyncio.Event().wait()


async def settle() -> None:
    """Let everything go on that can."""
    for _ in range(50):
        await asyncio.sleep(0)


@pytest.mark.parametrize("is_in_line", [True, False], ids=["in line", "at the backend"])
async def test_subscriber_that_is_cancelled_while_it_leaves_has_left(*, is_in_line: bool) -> None:
    """A subscriber that is cancelled once more does not wait any longer, and the backend is told all the same."""
    backend = SlowBackend()
    channel = Channel(backend)
    first, second = (asyncio.ensure_future(stay(channel, topic)) for topic in ("news", "sport"))
    await settle()
    backend.answers.clear()
    if is_in_line:
        second.cancel()
        await settle()
    first.cancel()
    await settle()
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    second.cancel()
    backend.answers.set()
    await settle()
    assert backend.topics == set()
    async with channel.subscribe("news") as subscription:
        await channel.publish("news", "rain")
        assert await take(subscription, 1) == ["rain"]
    assert (backend.topics, backend.mistakes) == (set(), [])


async def test_subscriber_that_is_cancelled_while_it_enters_leaves_nothing_behind() -> None:
    """A topic that was asked for when the subscriber gave up is left."""
    backend = SlowBackend()
    channel = Channel(backend)
    backend.answers.clear()
    entering = asyncio.ensure_future(stay(channel, "news", "sport"))
    await settle()
    entering.cancel()
    backend.answers.set()
    await asyncio.wait([entering])
    assert entering.cancelled()
    assert (backend.topics, channel.count("news")) == (set(), 0)


async def test_topic_that_one_gave_up_to_ask_for_is_asked_for_by_the_next() -> None:
    """Who stood in line meanwhile does not take it for one that the backend delivers."""
    backend = SlowBackend()
    channel = Channel(backend)
    backend.answers.clear()
    first, second = (asyncio.ensure_future(stay(channel, "news")) for _ in range(2))
    await settle()
    first.cancel()
    await settle()
    backend.answers.set()
    await settle()
    assert (backend.topics, channel.count("news")) == ({"news"}, 1)
    second.cancel()
    await asyncio.wait([second])


async def test_leaving_goes_on_though_nobody_waits_for_it() -> None:
    """A backend that takes its time is not forgotten, and nothing is kept of it when it has answered."""

    class Vague(MemoryBackend):
        async def unsubscribe(self, topic: str) -> None:
            loop = asyncio.get_running_loop()
            answer = loop.create_future()
            answers.append(weakref.ref(answer))
            await answer

    answers: list[Any] = []
    channel = Channel(Vague())
    leaving = asyncio.ensure_future(stay(channel, "news"))
    for _ in range(2):
        await settle()
        leaving.cancel()
    await asyncio.wait([leaving])
    gc.collect()
    answers[0]().set_result(None)
    await settle()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert not channel._leaving


async def test_topic_is_not_asked_for_while_another_is_about_to_leave_it() -> None:
    """One who comes while the last one waits to leave does not have the backend asked for what it has."""
    backend = SlowBackend()
    channel = Channel(backend)
    leaving = asyncio.ensure_future(stay(channel, "news"))
    await settle()
    backend.answers.clear()
    others = [asyncio.ensure_future(stay(channel, topic)) for topic in ("sport", "news")]
    await settle()
    leaving.cancel()
    await settle()
    backend.answers.set()
    await settle()
    assert (backend.topics, backend.mistakes) == ({"news", "sport"}, [])
    assert (channel.count("news"), leaving.done()) == (1, True)
    for other in others:
        other.cancel()
    await asyncio.wait(others)
    assert backend.topics == set()


async def test_subscriber_that_gives_up_beside_one_who_leaves_leaves_nothing_behind() -> None:
    """One who is cancelled while it has a topic left for somebody else forgets nothing of it."""
    backend = SlowBackend()
    channel = Channel(backend)
    leaving = asyncio.ensure_future(stay(channel, "news"))
    await settle()
    entering = asyncio.ensure_future(stay(channel, "news"))
    leaving.cancel()
    await asyncio.sleep(0)
    backend.answers.clear()
    await settle()
    entering.cancel()
    backend.answers.set()
    await asyncio.wait([entering, leaving])
    assert (backend.topics, backend.mistakes, channel.count("news")) == (set(), [], 0)


async def test_topic_that_cannot_be_left_does_not_keep_the_others() -> None:
    """When the backend fails to leave one topic it is asked to leave the others before the error is raised."""
    backend = SlowBackend("news")
    channel = Channel(backend)
    with pytest.raises(ConnectionError, match="news") as caught:
        async with channel.subscribe("news", "sport", "music"):
            pass
    assert caught.value.__notes__ == ["It was raised when a channel left the topic 'news'."]
    assert backend.topics == {"news"}
    assert [channel.count(topic) for topic in ("news", "sport", "music")] == [0, 0, 0]


async def test_topics_that_cannot_be_left_are_all_told() -> None:
    """When several topics cannot be left no error hides another."""
    channel = Channel(SlowBackend("news", "music"))
    with pytest.raises(ExceptionGroup) as caught:
        async with channel.subscribe("news", "sport", "music"):
            pass
    assert caught.value.message == "Several topics could not be left"
    assert [str(error) for error in caught.value.exceptions] == ["news", "music"]


async def test_topic_that_could_not_be_left_is_asked_for_anew() -> None:
    """After a failure nobody knows what the backend delivers, so the next subscriber asks for it."""
    backend = SlowBackend("news")
    channel = Channel(backend)
    asked: list[set[str]] = []

    async def come_and_go() -> None:
        async with channel.subscribe("news"):
            asked.append(backend.topics.copy())
            backend.topics.clear()

    for _ in range(2):
        with pytest.raises(ConnectionError):
            await come_and_go()
    assert asked == [{"news"}, {"news"}]


def test_channel_can_be_used_in_one_event_loop_after_another() -> None:
    """A channel belongs to no event loop, so an app can be started again in another one, as test clients do."""
    backend = SlowBackend()
    channel = Channel(backend)

    async def come_and_go(topic: str) -> None:
        async with channel.subscribe(topic) as subscription:
            await channel.publish(topic, "rain")
            assert await take(subscription, 1) == ["rain"]

    async def live() -> None:
        await asyncio.gather(come_and_go("news"), come_and_go("sport"))

    for _ in range(3):
        asyncio.run(live())
    assert (backend.topics, backend.mistakes) == (set(), [])


def test_topic_that_an_event_loop_took_along_is_asked_for_anew() -> None:
    """What was not left when an event loop ended is asked for again in the next."""
    backend = SlowBackend()
    channel = Channel(backend)

    async def end_while_leaving() -> None:
        leaving = asyncio.ensure_future(stay(channel, "news"))
        await settle()
        backend.answers.clear()
        for _ in range(2):
            leaving.cancel()
            await settle()

    async def subscribe_anew() -> None:
        backend.topics.clear()
        backend.answers = asyncio.Event()
        backend.answers.set()
        async with channel.subscribe("news"):
            assert backend.topics == {"news"}

    asyncio.run(end_while_leaving())
    asyncio.run(subscribe_anew())


IMPATIENT = QueueLimit(max_messages=1, when_full="close")


def subscribe_impatiently(channel: Channel) -> Subscription:
    """Return a subscription that is not waited for when it is given up."""
    return Subscription(channel, {"news": None}, IMPATIENT, patience_seconds=0)


async def overwhelm(channel: Channel) -> None:
    """Publish more than a slow subscriber can take, and let everything go on that can."""
    for number in range(5):
        await channel.publish("news", number)
    await settle()


@pytest.mark.parametrize("has_begun", [True, False], ids=["with a message", "before the first"])
async def test_subscriber_that_hangs_is_ended_when_it_is_given_up(*, has_begun: bool) -> None:
    """A subscriber that does not come back from its last message is cancelled, and its block raises the error."""
    channel = Channel()

    async def hang() -> None:
        async with subscribe_impatiently(channel) as subscription:
            if has_begun:
                await anext(aiter(subscription))
            await asyncio.Event().wait()

    hanging = asyncio.ensure_future(hang())
    await settle()
    await overwhelm(channel)
    with pytest.raises(SlowConsumer) as caught:
        await hanging
    assert str(caught.value) == "1013 The client is too slow: 1 messages wait for it."
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    assert (hanging.cancelling(), channel.count("news")) == (0, 0)


async def test_subscriber_that_knows_that_it_was_given_up_is_left_alone() -> None:
    """Who was told may do in its block what is left to be done."""
    channel = Channel()
    async with subscribe_impatiently(channel) as subscription:
        for number in range(5):
            await channel.publish("news", number)
        with pytest.raises(SlowConsumer):
            await anext(aiter(subscription))
        await settle()


async def test_who_leaves_reading_to_others_is_left_alone() -> None:
    """Only the task that reads is slow; the block of another may be the whole life of an app."""
    channel = Channel()

    async def read(subscription: Subscription) -> None:
        async for _ in subscription:
            await goes_on.wait()

    goes_on = asyncio.Event()
    async with subscribe_impatiently(channel) as subscription:
        reading = asyncio.ensure_future(read(subscription))
        await settle()
        await overwhelm(channel)
        goes_on.set()
        with pytest.raises(SlowConsumer):
            await reading


async def test_subscriber_that_is_given_up_and_leaves_has_left() -> None:
    """A block that ends in time ends as if nothing had been."""
    channel = Channel(limit=IMPATIENT)
    async with channel.subscribe("news"):
        await overwhelm(channel)
    assert channel.count("news") == 0


async def test_cancellation_by_others_is_passed_on() -> None:
    """A subscriber that somebody else cancels is cancelled, given up or not."""
    channel = Channel(limit=IMPATIENT)
    staying = asyncio.ensure_future(stay(channel, "news"))
    await settle()
    await overwhelm(channel)
    staying.cancel()
    await asyncio.wait([staying])
    assert staying.cancelled()


async def test_subscriber_without_a_task_is_left_to_its_server() -> None:
    """A server that runs handlers in its own way, without tasks, can subscribe too."""
    channel = Channel(limit=IMPATIENT)
    entered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def enter() -> None:
        try:
            channel.subscribe("news").__aenter__().send(None)
        except StopIteration as end:
            entered.set_result(end.value)

    asyncio.get_running_loop().call_soon(enter)
    subscription = await entered
    await overwhelm(channel)
    with pytest.raises(SlowConsumer):
        await anext(aiter(subscription))
