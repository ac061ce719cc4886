"""The inbox: a handler that is busy is cancelled when its client leaves, and no message is lost."""

import asyncio
from typing import Any

import pytest

from yaat_websockets import WebSocketDisconnect
from yaat_websockets.inbox import READ_AHEAD, cancel_when_left

ACCEPT = {"type": "websocket.accept"}


class Handler:
    """An ASGI app that accepts, and then does what it was made with; it keeps what became of that."""

    def __init__(self, work: Any) -> None:
        self.work = work
        self.outcome: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        try:
            self.outcome = await self.work(receive, send)
        except asyncio.CancelledError:
            self.outcome = "cancelled"
            raise


async def wait_for_ever(receive: Any, send: Any) -> None:
    await asyncio.Event().wait()


async def test_busy_handler_is_cancelled_when_the_client_leaves(make_peer: Any) -> None:
    """A handler that waits for something else ends when its client leaves, and the app ends quietly."""
    handler, peer = Handler(wait_for_ever), make_peer()
    async with peer.serving(cancel_when_left(handler)):
        await peer.accepted()
        peer.leave()
    assert handler.outcome == "cancelled"


async def test_scope_is_passed_on(make_peer: Any) -> None:
    """What the handler is given of the connection is what the server has."""
    scopes: list[Any] = []

    async def keep_scope(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)

    peer = await make_peer().run(cancel_when_left(keep_scope))
    assert scopes[0] is peer.scope


async def test_handler_is_cancelled_between_two_messages(make_peer: Any) -> None:
    """A handler that has received, and waits for something else now, is cancelled as well."""

    async def receive_once(receive: Any, send: Any) -> None:
        assert (await receive())["text"] == "hello"
        await asyncio.Event().wait()

    handler, peer = Handler(receive_once), make_peer()
    async with peer.serving(cancel_when_left(handler)):
        await peer.accepted()
        peer.say("hello")
        for _ in range(10):
            await asyncio.sleep(0)
        peer.leave()
    assert handler.outcome == "cancelled"


@pytest.mark.parametrize("ending", ["as it was cancelled", "quietly", "with an error"])
async def test_handler_that_cleans_up_ends_as_it_wants(make_peer: Any, ending: str) -> None:
    """A handler may close when it is cancelled; however it ends then, its task counts as cancelled no more."""

    async def clean_up(receive: Any, send: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await send({"type": "websocket.close", "code": 1000})
            if ending == "as it was cancelled":
                raise
            if ending == "with an error":
                raise LookupError from None

    peer = make_peer()
    serving = asyncio.ensure_future(peer.run(cancel_when_left(Handler(clean_up))))
    await peer.accepted()
    peer.leave()
    peer.has_left = False  # Not every server raises when something is sent to a client that has left.
    await asyncio.wait([serving])
    assert peer.types == ["accept", "close"]
    assert (serving.cancelled(), serving.cancelling()) == (False, 0)
    assert isinstance(serving.exception(), LookupError if ending == "with an error" else type(None))


async def test_handler_that_receives_is_told_instead(make_peer: Any) -> None:
    """A handler that waits for a message gets the disconnect in the usual way."""

    async def receive_one(receive: Any, send: Any) -> Any:
        return await receive()

    handler, peer = Handler(receive_one), make_peer()
    async with peer.serving(cancel_when_left(handler)):
        await peer.accepted()
        peer.leave(4000, "bye")
    assert handler.outcome == {"type": "websocket.disconnect", "code": 4000, "reason": "bye"}


async def test_messages_that_were_read_ahead_come_in_their_order(make_peer: Any) -> None:
    """What came while the handler was busy is given to it afterwards, in its order."""
    go_on = asyncio.Event()
    count = READ_AHEAD.max_messages * 3

    async def be_busy_first(receive: Any, send: Any) -> list[str]:
        await send({"type": "websocket.send", "text": "ready"})
        await go_on.wait()
        return [(await receive())["text"] for _ in range(count)]

    handler, peer = Handler(be_busy_first), make_peer()
    async with peer.serving(cancel_when_left(handler)):
        await peer.accepted()
        peer.say(*map(str, range(count)))
        for _ in range(50):
            await asyncio.sleep(0)
        go_on.set()
    assert handler.outcome == [str(number) for number in range(count)]


async def test_only_so_many_messages_are_read_ahead(make_peer: Any) -> None:
    """What the client sends on top stays with the server, which makes the client wait."""
    go_on = asyncio.Event()
    handler, peer = Handler(lambda receive, send: go_on.wait()), make_peer()
    given = 0

    async def receive() -> Any:
        nonlocal given
        message = await peer.receive()
        given += 1
        return message

    serving = asyncio.ensure_future(cancel_when_left(handler)(peer.scope, receive, peer.send))
    await peer.accepted()
    peer.say(*map(str, range(100)))
    for _ in range(300):
        await asyncio.sleep(0)
    go_on.set()
    await serving
    assert given <= 1 + READ_AHEAD.max_messages + 1


async def test_cancellation_by_others_is_passed_on(make_peer: Any) -> None:
    """A server that cancels the app is not ignored."""
    handler, peer = Handler(wait_for_ever), make_peer()
    serving = asyncio.ensure_future(peer.run(cancel_when_left(handler)))
    await peer.accepted()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_handler_that_has_closed_may_go_on(make_peer: Any) -> None:
    """After its own close a handler is not cancelled: what it still has to do is its own affair."""
    done = []

    async def close_and_go_on(receive: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 1000})
        for _ in range(50):
            await asyncio.sleep(0)
        done.append(True)

    await make_peer().run(cancel_when_left(Handler(close_and_go_on)))
    assert done == [True]


async def test_error_of_the_server_reaches_the_handler(make_peer: Any) -> None:
    """What the server's receive raises is raised where the handler receives."""
    peer = make_peer()

    async def receive() -> Any:
        if peer.sent:
            raise WebSocketDisconnect(1006)
        return {"type": "websocket.connect"}

    async def receive_one(receive: Any, send: Any) -> Any:
        return await receive()

    with pytest.raises(WebSocketDisconnect):
        await cancel_when_left(Handler(receive_one))(peer.scope, receive, peer.send)


async def test_opening_is_not_read_ahead(make_peer: Any) -> None:
    """Before the acceptance nothing is read that the handler does not ask for."""
    peer = make_peer()

    async def deny(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.close", "code": 1008, "reason": ""})

    await peer.run(cancel_when_left(deny))
    assert peer.close == (1008, "")
