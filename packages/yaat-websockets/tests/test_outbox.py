"""The outbox: order, a bounded number of messages for a slow client, and what happens when it is too slow."""

import asyncio
from typing import Any

import pytest

from yaat_websockets.bounded_queue import QueueLimit, WhenFull
from yaat_websockets.exceptions import WebSocketDisconnect
from yaat_websockets.outbox import Outbox, queue_sends

ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close", "code": 1000}


def text(number: int) -> dict[str, Any]:
    return {"type": "websocket.send", "text": str(number)}


def make_outbox(peer: Any, max_messages: int = 3, when_full: WhenFull = "block", flush_seconds: float = 5) -> Outbox:
    return Outbox(peer.send, QueueLimit(max_messages=max_messages, when_full=when_full), flush_seconds=flush_seconds)


async def test_messages_leave_in_their_order(make_peer: Any) -> None:
    """Acceptance, messages and close leave in the order in which they were sent."""
    peer = make_peer()
    outbox = make_outbox(peer)
    for message in (ACCEPT, *map(text, range(10)), CLOSE):
        await outbox.send(message)
    await outbox.stop()
    assert peer.sent == [ACCEPT, *map(text, range(10)), CLOSE]


async def test_sending_returns_before_a_slow_client_takes_it(make_peer: Any) -> None:
    """The handler goes on while a slow client makes messages wait."""
    peer = make_peer()
    outbox = make_outbox(peer)
    await outbox.send(ACCEPT)
    peer.takes.clear()
    for number in range(3):
        await outbox.send(text(number))
    assert peer.sent == [ACCEPT]
    peer.takes.set()
    await outbox.send(CLOSE)
    assert peer.sent == [ACCEPT, text(0), text(1), text(2), CLOSE]
    await outbox.stop()


async def test_blocking_outbox_makes_the_handler_wait(make_peer: Any) -> None:
    """With `block` a handler waits when the limit is reached, and no message is lost."""
    peer = make_peer()
    outbox = make_outbox(peer)
    await outbox.send(ACCEPT)
    peer.takes.clear()
    sending = asyncio.ensure_future(send_all(outbox, 20))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not sending.done()
    peer.takes.set()
    await sending
    await outbox.send(CLOSE)
    assert peer.texts == [str(number) for number in range(20)]
    await outbox.stop()


async def send_all(outbox: Outbox, count: int) -> None:
    for number in range(count):
        await outbox.send(text(number))


async def test_dropping_outbox_keeps_the_newest(make_peer: Any) -> None:
    """With `drop_oldest` a slow client gets what it had begun to take, and then the newest messages."""
    peer = make_peer()
    outbox = make_outbox(peer, when_full="drop_oldest")
    await outbox.send(ACCEPT)
    peer.takes.clear()
    await send_all(outbox, 20)
    peer.takes.set()
    await outbox.send(CLOSE)
    assert peer.texts == ["0", "17", "18", "19"]
    await outbox.stop()


async def test_closing_outbox_gives_a_slow_client_up(make_peer: Any) -> None:
    """With `close` a client that is too slow is closed with 1013, and the handler is told of it."""
    peer = make_peer()
    outbox = make_outbox(peer, when_full="close")
    await outbox.send(ACCEPT)
    peer.takes.clear()
    sending = asyncio.ensure_future(send_all(outbox, 20))
    for _ in range(50):
        await asyncio.sleep(0)
    peer.takes.set()
    with pytest.raises(WebSocketDisconnect) as caught:
        await sending
    assert (caught.value.code, caught.value.reason) == (1013, "The client is too slow: 3 messages wait for it.")
    assert peer.texts == ["0"]
    assert peer.close == (1013, "The client is too slow: 3 messages wait for it.")
    await outbox.stop()


async def test_client_that_takes_nothing_more_does_not_hold_the_end_up(make_peer: Any) -> None:
    """A close waits for the messages before it only for so long."""
    peer = make_peer()
    outbox = make_outbox(peer, flush_seconds=0)
    await outbox.send(ACCEPT)
    peer.takes.clear()
    await outbox.send(text(1))
    await outbox.send(CLOSE)
    await outbox.stop()
    assert peer.sent == [ACCEPT]


async def test_client_that_has_left_is_told_to_the_next_sender(make_peer: Any) -> None:
    """What the server's send raises is raised for the message after it, and for all that follow."""
    peer = make_peer()
    outbox = make_outbox(peer)
    await outbox.send(ACCEPT)
    peer.leave()
    with pytest.raises(OSError, match="The client has left"):
        await send_all(outbox, 5)
    with pytest.raises(OSError, match="The client has left"):
        await outbox.send(CLOSE)
    await outbox.stop()


async def test_error_of_the_server_is_not_swallowed(make_peer: Any) -> None:
    """Any other error of the server's send is raised too."""

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise RuntimeError("broken")

    outbox = Outbox(send, QueueLimit(when_full="block"))
    await outbox.send(ACCEPT)
    await outbox.send(text(1))
    with pytest.raises(RuntimeError, match="broken"):
        await outbox.send(CLOSE)
    await outbox.stop()


async def test_sending_after_the_close_is_refused(make_peer: Any) -> None:
    """Nothing is queued behind a close."""
    peer = make_peer()
    outbox = make_outbox(peer)
    await outbox.send(ACCEPT)
    await outbox.send(CLOSE)
    with pytest.raises(WebSocketDisconnect) as caught:
        await outbox.send(text(1))
    assert caught.value.code == 1006
    await outbox.stop()


async def test_denial_is_not_queued(make_peer: Any) -> None:
    """Before the acceptance everything is sent at once."""
    peer = make_peer()
    outbox = make_outbox(peer)
    denial: list[dict[str, Any]] = [
        {"type": "websocket.http.response.start", "status": 403, "headers": []},
        {"type": "websocket.http.response.body", "body": b""},
    ]
    for message in denial:
        await outbox.send(message)
    await outbox.stop()
    assert peer.sent == denial


async def test_handler_that_fails_leaves_no_task(make_peer: Any) -> None:
    """When the handler has ended nothing sends any more, however it ended."""
    peer = make_peer()

    async def endpoint(scope: Any, receive: Any, send: Any) -> None:
        await send(ACCEPT)
        peer.takes.clear()
        await send(text(1))
        raise LookupError

    with pytest.raises(LookupError):
        await peer.run(queue_sends(endpoint, QueueLimit()))
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_error_that_no_message_met_reaches_the_server(make_peer: Any) -> None:
    """What `send` raises when the handler has nothing more to send is told to the server; that a client left is not."""

    async def accept_and_send(scope: Any, receive: Any, send: Any) -> None:
        await send(ACCEPT)
        await send(text(1))
        for _ in range(5):
            await asyncio.sleep(0)

    def make_send(error: Exception) -> Any:
        async def fail(message: Any) -> None:
            if message != ACCEPT:
                raise error

        return fail

    peer = make_peer()
    endpoint = queue_sends(accept_and_send, QueueLimit(max_messages=3, when_full="block"))
    await endpoint(peer.scope, peer.receive, make_send(OSError("gone")))
    with pytest.raises(LookupError, match="a mistake of the server"):
        await endpoint(peer.scope, peer.receive, make_send(LookupError("a mistake of the server")))


@pytest.mark.parametrize("last", [text(2), CLOSE], ids=["a message", "the close"])
async def test_error_that_a_message_met_is_told_once(make_peer: Any, last: Any) -> None:
    """A handler that has caught what the server's `send` raises has had its say."""

    async def catch(scope: Any, receive: Any, send: Any) -> None:
        await send(ACCEPT)
        await send(text(1))
        for _ in range(5):
            await asyncio.sleep(0)
        with pytest.raises(LookupError):
            await send(last)

    async def fail(message: Any) -> None:
        if message != ACCEPT:
            raise LookupError

    peer = make_peer()
    await queue_sends(catch, QueueLimit())(peer.scope, peer.receive, fail)
