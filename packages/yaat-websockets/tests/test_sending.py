"""Sending beside receiving: what comes from elsewhere reaches the client while its handler listens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat_websockets import Channel, QueueLimit, WebSocket, WebSocketDisconnect, sending
from yaat_websockets.exceptions import SlowConsumer


async def give(*values: Any) -> AsyncIterator[Any]:
    """Yield *values*, and then wait for ever."""
    for value in values:
        yield value
    await asyncio.Event().wait()


async def fail() -> AsyncIterator[Any]:
    """Raise before there is anything to yield."""
    if asyncio.get_running_loop().is_running():
        raise LookupError("no source")
    yield


async def connect(peer: Any) -> WebSocket[Any]:
    """Return the open WebSocket of *peer*."""
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    await websocket.accept()
    await peer.accepted()
    return websocket


async def test_values_are_sent_while_the_block_receives(make_peer: Any) -> None:
    """Text goes as text, bytes as binary and anything else as JSON, and the block hears the client meanwhile."""
    peer = make_peer()
    websocket = await connect(peer)
    async with sending(websocket, give("text", b"bytes", {"a": 1})):
        peer.say("hello")
        assert await websocket.receive_text() == "hello"
        sent = [await peer.next() for _ in range(3)]
    assert [message.get("text") or message["bytes"] for message in sent] == ["text", b"bytes", '{"a":1}']


async def test_sending_ends_with_the_block(make_peer: Any) -> None:
    """After the block nothing is sent any more, and nothing is left running."""
    peer = make_peer()
    websocket = await connect(peer)
    async with sending(websocket, give()):
        pass
    assert peer.types == ["accept"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_block_may_outlast_the_messages(make_peer: Any) -> None:
    """When there is nothing more to send the block goes on."""
    peer = make_peer()
    websocket = await connect(peer)

    async def one() -> AsyncIterator[str]:
        yield "one"

    async with sending(websocket, one()):
        await peer.next()
        peer.say("still here")
        assert await websocket.receive_text() == "still here"


async def test_error_of_the_source_ends_the_block(make_peer: Any) -> None:
    """An error where the messages come from is raised in the block, as it was."""
    websocket = await connect(make_peer())
    with pytest.raises(LookupError, match="no source"):
        async with sending(websocket, fail()):
            await asyncio.Event().wait()


async def test_error_of_the_block_is_raised_as_it_was(make_peer: Any) -> None:
    """An error of the block ends the sending, and is raised as it was."""
    websocket = await connect(make_peer())
    with pytest.raises(LookupError, match="in the block"):
        async with sending(websocket, give()):
            raise LookupError("in the block")


async def test_two_errors_are_both_told(make_peer: Any) -> None:
    """When both sides fail, neither error hides the other."""
    websocket = await connect(make_peer())

    async def fail_both() -> None:
        async with sending(websocket, fail()):
            try:
                await asyncio.Event().wait()
            finally:
                raise KeyError("block")

    with pytest.raises(ExceptionGroup) as caught:
        await fail_both()
    assert {type(error) for error in caught.value.exceptions} == {LookupError, KeyError}


async def test_client_that_leaves_ends_both(make_peer: Any) -> None:
    """A client that leaves is one disconnect, whichever side sees it."""
    peer = make_peer()
    websocket = await connect(peer)
    peer.leave()
    with pytest.raises(WebSocketDisconnect):
        async with sending(websocket, give("one")):
            await asyncio.Event().wait()


async def test_close_by_the_block_is_no_error(make_peer: Any) -> None:
    """A block that closes the connection ends the sending, whatever was still to be sent."""
    peer, channel = make_peer(), Channel()
    websocket = await connect(peer)
    async with channel.subscribe("news") as subscription, sending(websocket, subscription):
        await websocket.close()
        await channel.publish("news", "late")
        for _ in range(5):
            await asyncio.sleep(0)
        assert [message async for message in websocket] == []
    assert peer.types == ["accept", "close"]


async def test_cancellation_is_passed_on(make_peer: Any) -> None:
    """A block that is cancelled from outside ends with that, and takes the sending along."""
    websocket = await connect(make_peer())

    async def wait() -> None:
        async with sending(websocket, give()):
            await asyncio.Event().wait()

    waiting = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("ends", ["by a client that left", "by a close", "by the block"])
async def test_generator_is_closed_with_the_block(make_peer: Any, ends: str) -> None:
    """What gives the messages is closed when the block ends, however it ends, so that its clean-up runs then."""
    closed: list[bool] = []

    async def generate() -> AsyncIterator[str]:
        try:
            while True:
                yield "news"
                await asyncio.sleep(0)
        finally:
            closed.append(True)

    peer = make_peer()
    websocket = await connect(peer)
    with contextlib.suppress(WebSocketDisconnect):
        async with sending(websocket, generate()):
            for _ in range(10):
                await asyncio.sleep(0)
            if ends == "by a client that left":
                peer.leave()
                await asyncio.Event().wait()
            elif ends == "by a close":
                await websocket.close()
                for _ in range(10):
                    await asyncio.sleep(0)
                assert closed == [True]
    assert closed == [True]


async def test_messages_wait_for_the_acceptance(make_peer: Any) -> None:
    """What comes before the connection is accepted is sent then."""
    peer, channel = make_peer(), Channel()
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    async with channel.subscribe("news") as subscription, sending(websocket, subscription):
        await channel.publish("news", "early")
        for _ in range(5):
            await asyncio.sleep(0)
        await websocket.accept()
        await peer.accepted()
        assert (await peer.next())["text"] == "early"
        await channel.publish("news", "late")
        assert (await peer.next())["text"] == "late"


async def test_acceptance_may_wait_for_the_opening(make_peer: Any) -> None:
    """An acceptance that was under way when the sending began counts as well as a later one."""
    peer = make_peer()
    opening = asyncio.Event()

    async def receive() -> Any:
        await opening.wait()
        return await peer.receive()

    websocket: WebSocket[Any] = WebSocket(peer.scope, receive, peer.send)
    async with sending(websocket, give("one")):
        accepting = asyncio.ensure_future(websocket.accept())
        for _ in range(5):
            await asyncio.sleep(0)
        opening.set()
        await accepting
        await peer.accepted()
        assert (await peer.next())["text"] == "one"


async def test_nothing_is_sent_to_a_client_that_is_denied(make_peer: Any) -> None:
    """A block that denies the connection ends the sending."""
    peer = make_peer()
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    async with sending(websocket, give("one")):
        await websocket.deny()
        for _ in range(5):
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
    assert peer.denial == (403, b"")


async def test_subscriber_that_is_given_up_ends_although_sending_hangs(make_peer: Any) -> None:
    """A client that takes nothing any more ends the block as soon as its subscription is given up."""
    peer, channel = make_peer(), Channel(limit=QueueLimit(max_messages=2, when_full="close"))
    websocket = await connect(peer)
    peer.takes.clear()

    async def publish() -> None:
        for number in range(10):
            await channel.publish("news", number)
            await asyncio.sleep(0)
        await websocket.receive_text()

    with pytest.raises(SlowConsumer):
        async with channel.subscribe("news") as subscription, sending(websocket, subscription):
            await publish()
    assert channel.count("news") == 0


async def test_subscriber_that_keeps_up_is_not_given_up(make_peer: Any) -> None:
    """With `close` a client that takes its messages gets them all."""
    peer, channel = make_peer(), Channel(limit=QueueLimit(max_messages=2, when_full="close"))
    websocket = await connect(peer)
    async with channel.subscribe("news") as subscription, sending(websocket, subscription):
        for number in range(10):
            await channel.publish("news", str(number))
            assert (await peer.next())["text"] == str(number)
