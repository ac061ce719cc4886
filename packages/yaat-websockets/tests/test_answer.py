"""The answer to an opening: whoever waits for it learns of it, whatever it is, and stands in nobody's way."""

import asyncio
from typing import Any

import pytest

from yaat_websockets import WebSocket, WebSocketDisconnect
from yaat_websockets.answer import expect_answer


@pytest.fixture
def peer(make_peer: Any) -> Any:
    """The other end of the connection."""
    return make_peer()


@pytest.fixture
def websocket(peer: Any) -> WebSocket[Any]:
    """A connection that was not answered yet."""
    return WebSocket(peer.scope, peer.receive, peer.send)


async def test_acceptance_is_noticed(websocket: WebSocket[Any], peer: Any) -> None:
    """The event is set once the server has the acceptance; what is sent later goes straight to the server."""
    answered = expect_answer(websocket)
    await asyncio.sleep(0)
    assert not answered.is_set()
    await websocket.accept()
    assert answered.is_set()
    assert websocket._send == peer.send
    await websocket.send_text("hello")
    assert peer.types == ["accept", "send"]


async def test_several_may_wait(websocket: WebSocket[Any], peer: Any) -> None:
    """Everybody who waits learns of it, and nobody stays between the connection and the server."""
    waiting = [expect_answer(websocket) for _ in range(3)]
    await websocket.accept()
    assert all(answered.is_set() for answered in waiting)
    assert websocket._send == peer.send


@pytest.mark.parametrize("can_deny", [True, False])
async def test_denial_is_an_answer(make_peer: Any, *, can_deny: bool) -> None:
    """A connection that is denied has its answer, and is not open."""
    peer = make_peer(can_deny=can_deny)
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    answered = expect_answer(websocket)
    await websocket.deny()
    assert (answered.is_set(), websocket.is_open) == (True, False)


async def test_acceptance_that_fails_is_an_answer(websocket: WebSocket[Any], peer: Any) -> None:
    """A client that has left before it was accepted lets nobody wait."""
    answered = expect_answer(websocket)
    peer.has_left = True
    with pytest.raises(WebSocketDisconnect):
        await websocket.accept()
    assert (answered.is_set(), websocket.is_open) == (True, False)


async def test_what_was_answered_is_not_waited_for(websocket: WebSocket[Any], peer: Any) -> None:
    """Of an open connection the answer is known."""
    await websocket.accept()
    assert expect_answer(websocket).is_set()
    assert websocket._send == peer.send
