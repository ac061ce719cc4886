"""The heartbeat: messages that keep a connection alive, and notice a client that is silent."""

import asyncio
from typing import Any

import pytest

from yaat_websockets import WebSocket, heartbeat
from yaat_websockets.exceptions import SilentClient
from yaat_websockets.heartbeat import Ear


async def connect(peer: Any) -> WebSocket[Any]:
    """Return the open WebSocket of *peer*."""
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    await websocket.accept()
    await peer.accepted()
    return websocket


async def test_message_is_sent_again_and_again(make_peer: Any) -> None:
    """The message is sent in the rhythm that was asked for, as long as the block runs."""
    peer = make_peer()
    websocket = await connect(peer)
    async with heartbeat(websocket, 0):
        assert [(await peer.next())["text"] for _ in range(3)] == ["ping"] * 3
    count = len(peer.sent)
    await asyncio.sleep(0)
    assert len(peer.sent) == count


async def test_message_can_be_anything(make_peer: Any) -> None:
    """What is sent is up to the app."""
    peer = make_peer()
    websocket = await connect(peer)
    async with heartbeat(websocket, 0, {"type": "ping"}):
        assert (await peer.next())["text"] == '{"type":"ping"}'


async def test_first_message_waits_for_its_time(make_peer: Any) -> None:
    """A connection that is short-lived gets no message of the kind."""
    peer = make_peer()
    websocket = await connect(peer)
    async with heartbeat(websocket, 3600):
        await asyncio.sleep(0)
    assert peer.types == ["accept"]


async def test_silent_client_ends_the_block(make_peer: Any) -> None:
    """A client of whom nothing was heard for too long is an error that closes with 1011."""
    peer = make_peer()
    websocket = await connect(peer)
    with pytest.raises(SilentClient, match="1011 Nothing was heard of the client for 0 seconds"):
        async with heartbeat(websocket, 0, silence_seconds=0):
            await websocket.receive_text()


async def test_client_that_speaks_is_not_silent(make_peer: Any) -> None:
    """Any message of the client is a sign of life."""
    peer = make_peer()
    websocket = await connect(peer)
    async with heartbeat(websocket, 0, silence_seconds=60):
        for _ in range(3):
            assert (await peer.next())["text"] == "ping"
            peer.say("pong")
            assert await websocket.receive_text() == "pong"


async def test_silence_is_counted_from_the_last_message(make_peer: Any) -> None:
    """What counts is how long ago the last message came, not how long the connection lasts."""
    now = [1000.0]
    ear, peer = Ear(lambda: now[0]), make_peer()
    receive = ear.listen_to(peer.receive)
    now[0] = 1029
    assert ear.silence_seconds == 29
    assert await receive() == {"type": "websocket.connect"}
    assert ear.silence_seconds == 0
    now[0] = 1060
    assert ear.silence_seconds == 31


async def test_silence_may_last_as_long_as_it_says(make_peer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is measured with the clock of the event loop, to parts of a second."""
    now = [1000.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
    websocket = await connect(make_peer())
    survived: list[float] = []

    async def let_time_pass() -> None:
        for seconds in (0.0, 0.25, 0.5, 0.75):
            now[0] = 1000 + seconds
            for _ in range(5):
                await asyncio.sleep(0)
            survived.append(seconds)

    with pytest.raises(SilentClient, match=r"for 0\.5 seconds"):
        async with heartbeat(websocket, 3600, silence_seconds=0.5):
            await let_time_pass()
    assert survived == [0.0, 0.25, 0.5]


async def test_client_that_takes_nothing_is_silent(make_peer: Any) -> None:
    """A client that takes no message any more is noticed although sending to it hangs."""
    peer = make_peer()
    websocket = await connect(peer)
    peer.takes.clear()
    with pytest.raises(SilentClient):
        async with heartbeat(websocket, 0, silence_seconds=0.01):
            await websocket.receive_text()
    with pytest.raises(SilentClient):
        async with heartbeat(websocket, 3600, silence_seconds=0.01):
            await websocket.send_text("hello")


async def test_heartbeat_begins_with_the_acceptance(make_peer: Any) -> None:
    """A heartbeat may be entered before the connection is accepted."""
    peer = make_peer()
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    async with heartbeat(websocket, 0):
        for _ in range(5):
            await asyncio.sleep(0)
        await websocket.accept()
        await peer.accepted()
        assert (await peer.next())["text"] == "ping"


async def test_silence_begins_with_the_acceptance(make_peer: Any) -> None:
    """A client that was not let in yet has nothing to say."""
    peer = make_peer()
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)

    async def hesitate() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        await websocket.accept()
        await websocket.receive_text()

    with pytest.raises(SilentClient):
        async with heartbeat(websocket, 3600, silence_seconds=0):
            await hesitate()
    assert peer.types == ["accept"]


async def test_client_of_a_closed_connection_is_not_silent(make_peer: Any) -> None:
    """After a close nobody is expected to speak."""
    websocket = await connect(make_peer())
    async with heartbeat(websocket, 3600, silence_seconds=0):
        await websocket.close()
        for _ in range(5):
            await asyncio.sleep(0)
