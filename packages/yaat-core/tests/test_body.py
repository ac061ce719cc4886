"""Request content as it arrives: read whole, read in parts, or watched for the client's leaving."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.asgi import Message, Receive
from yaat.body import MAX_KEPT_BYTES, MESSAGES_PER_TURN, Inbox, read_body, stream_body
from yaat.exceptions import ClientDisconnect, ContentTooLarge

from .asgi_exchange import Exchange, take_turns

PROPERTY = settings(deadline=None)
BIG = 1_000_000


async def gather_chunks(exchange: Exchange, *, max_bytes: int = BIG) -> list[bytes]:
    """Return what `stream_body` yields."""
    return [chunk async for chunk in stream_body(exchange.receive, max_bytes=max_bytes)]


# --- read whole ---


async def test_content_of_one_message_is_read() -> None:
    """Content that arrives in one message is returned as it is."""
    assert await read_body(Exchange(b"hello").receive, max_bytes=5) == b"hello"


async def test_content_in_chunks_is_joined() -> None:
    """Content in several messages is returned as one."""
    assert await read_body(Exchange(b"he", b"", b"llo").receive, max_bytes=5) == b"hello"


async def test_message_without_body_is_empty() -> None:
    """A message may leave out its body and whether there is more (ASGI spec, "Request")."""

    async def receive() -> Message:
        return {"type": "http.request"}

    assert await read_body(receive, max_bytes=0) == b""


@pytest.mark.parametrize("chunks", [(b"123456",), (b"123", b"456"), (b"12345", b"6", b"78")])
async def test_content_over_the_limit_is_refused(chunks: Sequence[bytes]) -> None:
    """Content over the limit is refused, in one message or in several."""
    with pytest.raises(ContentTooLarge, match="over the limit of 5 bytes"):
        await read_body(Exchange(*chunks).receive, max_bytes=5)


async def test_nothing_is_read_beyond_the_limit() -> None:
    """The message that goes over the limit is the last one asked for."""
    exchange = Exchange(b"123", b"456", b"789")
    with pytest.raises(ContentTooLarge):
        await read_body(exchange.receive, max_bytes=5)
    assert exchange.received == 2


@pytest.mark.parametrize("chunks", [(), (b"he",)])
async def test_client_that_leaves_before_the_end_is_told(chunks: Sequence[bytes]) -> None:
    """A client that leaves before its content is complete ends the reading with a typed exception."""
    exchange = Exchange(*chunks, is_complete=False)
    exchange.leave()
    with pytest.raises(ClientDisconnect, match=r"^The client left before its request was complete\.$"):
        await read_body(exchange.receive, max_bytes=BIG)


# --- read in parts ---


async def test_chunks_come_as_they_arrive() -> None:
    """Each part is yielded as it arrives; empty ones are left out."""
    assert await gather_chunks(Exchange(b"he", b"", b"llo", b"")) == [b"he", b"llo"]


async def test_chunk_is_yielded_before_the_next_one_is_asked_for() -> None:
    """A part is there before the next one has arrived."""
    exchange = Exchange(b"he", is_complete=False)
    chunks = stream_body(exchange.receive, max_bytes=BIG)
    assert await anext(chunks) == b"he"
    assert exchange.received == 1


async def test_nothing_over_the_limit_is_yielded() -> None:
    """What arrives within the limit is yielded, and nothing of the part that goes over it."""
    chunks = stream_body(Exchange(b"123", b"456").receive, max_bytes=5)
    assert await anext(chunks) == b"123"
    with pytest.raises(ContentTooLarge):
        await anext(chunks)


async def test_client_that_leaves_during_a_stream_is_told() -> None:
    """A client that leaves ends the stream with a typed exception."""
    exchange = Exchange(b"he", is_complete=False)
    exchange.leave()
    chunks = stream_body(exchange.receive, max_bytes=BIG)
    assert await anext(chunks) == b"he"
    with pytest.raises(ClientDisconnect):
        await anext(chunks)


@PROPERTY
@given(st.lists(st.binary(max_size=8)), st.integers(0, 40))
def test_chunking_changes_nothing(chunks: list[bytes], max_bytes: int) -> None:
    """Wherever the content is split, reading it gives the same bytes, and the limit means the same."""

    async def read(*chunks: bytes) -> bytes | None:
        try:
            return await read_body(Exchange(*chunks).receive, max_bytes=max_bytes)
        except ContentTooLarge:
            return None

    content = b"".join(chunks)
    assert asyncio.run(read(*chunks)) == asyncio.run(read(content)) == (content if len(content) <= max_bytes else None)


# --- watched ---


async def test_inbox_gives_the_messages_of_the_server() -> None:
    """What is asked of an inbox is what the server would say."""
    exchange = Exchange(b"he", b"llo")
    exchange.leave()
    inbox = Inbox(exchange.receive)
    assert [await inbox.receive() for _ in range(3)] == [
        {"type": "http.request", "body": b"he", "more_body": True},
        {"type": "http.request", "body": b"llo", "more_body": False},
        {"type": "http.disconnect"},
    ]


async def test_asking_whether_the_client_has_left_does_not_wait() -> None:
    """While the client is there and silent, the answer comes at once and is no."""
    exchange = Exchange(b"he", is_complete=False)
    inbox = Inbox(exchange.receive)
    assert not await inbox.has_left_by_now()
    inbox.close()


async def test_asking_loses_no_content() -> None:
    """Content that arrived while somebody asked whether the client has left is given afterwards, in order."""
    exchange = Exchange(b"he", b"llo")
    exchange.leave()
    inbox = Inbox(exchange.receive)
    assert await inbox.has_left_by_now()
    assert await read_body(inbox.receive, max_bytes=BIG) == b"hello"
    assert await inbox.receive() == {"type": "http.disconnect"}


async def test_client_that_has_left_stays_away() -> None:
    """After the last message each further one says that the client has left, without asking the server."""
    exchange = Exchange()
    exchange.leave()
    inbox = Inbox(exchange.receive)
    assert await inbox.has_left_by_now()
    await inbox.receive()
    assert [await inbox.receive(), await inbox.receive()] == [{"type": "http.disconnect"}] * 2
    assert exchange.received == 2


async def test_server_is_asked_once_at_a_time() -> None:
    """Those who read and those who watch share one call of the server's `receive`."""
    exchange = Exchange(is_complete=False)
    inbox = Inbox(exchange.receive)
    reading = asyncio.create_task(inbox.receive())
    watching = asyncio.create_task(inbox.wait_until_left())
    assert not await inbox.has_left_by_now()
    exchange.give(b"hello")
    assert (await reading)["body"] == b"hello"
    exchange.leave()
    await watching


async def test_reader_that_is_cancelled_loses_nothing() -> None:
    """Content that arrives after its reader was cancelled is there for the next one."""
    exchange = Exchange(is_complete=False)
    inbox = Inbox(exchange.receive)
    reading = asyncio.create_task(inbox.receive())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait([reading])
    exchange.give(b"hello")
    assert (await inbox.receive())["body"] == b"hello"


async def test_waiting_ends_when_the_client_leaves() -> None:
    """Who waits for the client's leaving is woken, whatever content came before."""
    exchange = Exchange(b"hello")
    inbox = Inbox(exchange.receive)
    watching = asyncio.create_task(inbox.wait_until_left())
    await inbox.has_left_by_now()
    assert not watching.done()
    exchange.leave()
    await watching
    assert inbox.has_left


@pytest.mark.parametrize(("chunk", "count"), [(b"x" * 1000, 66), (b"", 1025)])
async def test_watching_keeps_a_bounded_amount(chunk: bytes, count: int) -> None:
    """Of content that nobody reads only so much is kept, in bytes and in messages; the rest stays with the server."""
    exchange = Exchange(*[chunk] * 5000, is_complete=False)
    exchange.leave()
    inbox = Inbox(exchange.receive)
    assert not await inbox.has_left_by_now()
    assert exchange.received == count


async def test_watching_goes_on_when_content_was_read() -> None:
    """When unread content was in the way, reading it makes room for all who wait to notice that the client has left."""
    exchange = Exchange(b"x" * (MAX_KEPT_BYTES + 1), b"y" * (MAX_KEPT_BYTES + 1), b"z")
    exchange.leave()
    inbox = Inbox(exchange.receive)
    watching = [asyncio.create_task(inbox.wait_until_left()) for _ in range(2)]
    for letter, received in ((b"x", 1), (b"y", 2)):
        await take_turns()
        assert exchange.received == received
        assert (await inbox.receive())["body"][:1] == letter
    await asyncio.gather(*watching)
    assert (await inbox.receive())["body"] == b"z"


async def test_closing_ends_the_watching() -> None:
    """When the exchange is over, nobody waits any more for unread content to be read."""
    exchange = Exchange(b"x" * (MAX_KEPT_BYTES + 1), is_complete=False)
    inbox = Inbox(exchange.receive)
    watching = asyncio.create_task(inbox.wait_until_left())
    await take_turns()
    inbox.close()
    await watching


async def repeat() -> Message:
    """Say the same again and again, as a careless server or test client does."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_server_that_repeats_itself_is_not_asked_for_ever() -> None:
    """A server that says again and again that the content is complete is not listened to any more."""
    calls = 0

    async def count() -> Message:
        nonlocal calls
        calls += 1
        return await repeat()

    inbox = Inbox(count)
    assert not await inbox.has_left_by_now()
    await inbox.receive()
    waiting = [asyncio.create_task(inbox.receive()), asyncio.create_task(inbox.wait_until_left())]
    await take_turns()
    assert not any(task.done() for task in waiting)
    assert calls == 2
    for task in waiting:
        task.cancel()


async def break_down() -> Message:
    """Fail, as a server does that is in trouble."""
    raise RuntimeError("The server is in trouble.")


async def test_error_of_the_server_is_raised() -> None:
    """What the server's `receive` raises is raised to each who asks."""
    inbox = Inbox(break_down)
    for asking in (inbox.receive(), inbox.has_left_by_now(), inbox.wait_until_left()):
        with pytest.raises(RuntimeError, match="in trouble"):
            await asking


async def test_closed_inbox_leaves_the_server_alone() -> None:
    """When the exchange is over, waiting ends as if the client had left, and the server is not asked any more."""
    exchange = Exchange(is_complete=False)
    inbox = Inbox(exchange.receive)
    reading = asyncio.create_task(inbox.receive())
    await asyncio.sleep(0)
    inbox.close()
    assert await reading == {"type": "http.disconnect"}
    assert await inbox.receive() == {"type": "http.disconnect"}
    assert len(asyncio.all_tasks()) == 1
    inbox.close()


def test_inbox_is_its_own_inbox() -> None:
    """An inbox in front of another one would be one too many, so it gives itself."""
    inbox = Inbox(repeat)
    assert inbox.open_inbox() is inbox


# --- what is no message ---


def repeat_message(message: Any) -> Receive:
    """Return a `receive` that has *message* at hand, again and again."""

    async def receive() -> Message:
        return message  # type: ignore[no-any-return]  # it is anything

    return receive


LIES = [
    {"type": "websocket.receive", "text": "x"},
    {"type": "http.request", "body": "x", "more_body": False},
    {"type": "http.request", "body": "x", "more_body": True},
    {"type": "http.request", "body": None},
]


@pytest.mark.parametrize("lie", LIES)
async def test_what_is_no_content_is_refused(lie: Message) -> None:
    """A message that is none of a request's, or has no bytes in it, is an error (ASGI spec, "Error Handling")."""
    with pytest.raises(RuntimeError, match=r"where an http\.request with bytes, or http\.disconnect, is due"):
        await read_body(repeat_message(lie), max_bytes=BIG)


@pytest.mark.parametrize("content", [bytearray(b"hello"), memoryview(b"hello")])
async def test_content_may_be_of_any_kind_of_bytes(content: Any) -> None:
    """What a server has as another kind of bytes is bytes to the app."""
    body = await read_body(repeat_message({"type": "http.request", "body": content}), max_bytes=5)
    assert body == b"hello"
    assert type(body) is bytes


@pytest.mark.parametrize("lie", [None, {}, *LIES])
async def test_what_is_no_message_is_told_to_each_who_asks(lie: Any) -> None:
    """What an inbox cannot keep is raised to whoever waits for a message, and nobody asks the server for ever."""
    inbox = Inbox(repeat_message(lie))
    for asking in (inbox.receive(), inbox.has_left_by_now(), inbox.wait_until_left()):
        with pytest.raises((TypeError, KeyError, RuntimeError)):
            await asking


async def test_messages_without_end_leave_others_a_turn() -> None:
    """A server that has messages at hand for ever does not keep the event loop from anything else."""
    reading = asyncio.create_task(read_body(repeat_message({"type": "http.request", "more_body": True}), max_bytes=BIG))
    await take_turns()
    assert not reading.done()
    reading.cancel()


async def test_messages_at_hand_are_read_many_at_a_time() -> None:
    """Others get a turn only every so often, as each costs time."""
    messages = iter(range(MESSAGES_PER_TURN * 10))
    turns = 0

    async def receive() -> Message:
        return {"type": "http.request", "more_body": next(messages, None) is not None}

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count_turns())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await read_body(receive, max_bytes=BIG) == b""
    assert turns == 10
    counting.cancel()


async def test_receive_that_the_server_cancels_is_an_error() -> None:
    """A server that cancels its own `receive` is not asked for ever, and its error is told again to who asks later."""
    calls = 0

    async def receive() -> Message:
        nonlocal calls
        calls += 1
        raise asyncio.CancelledError

    inbox = Inbox(receive)
    for asking in (inbox.receive(), inbox.has_left_by_now(), inbox.wait_until_left()):
        with pytest.raises(RuntimeError, match="has cancelled its own receive"):
            await asking
    assert calls == 1
