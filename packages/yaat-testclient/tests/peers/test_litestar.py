"""Apps of Litestar, tested with these clients."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

pytest.importorskip("litestar", reason="litestar is not installed")

from litestar import Litestar, Request, WebSocket, delete, get, post, websocket
from litestar.response import ServerSentEvent

STORY: list[str] = []


@post("/echo")
async def echo(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Answer with what came."""
    data: dict[str, Any] = await request.json()
    return data


@get("/fail", sync_to_thread=False)
def fail() -> None:
    """Fail."""
    raise ValueError("mine")


@delete("/gone")
async def gone() -> None:
    """Answer with a 204."""


@get("/events", sync_to_thread=False)
def events() -> ServerSentEvent:
    """Stream three events."""

    async def count() -> AsyncIterator[str]:
        for number in range(3):
            yield str(number)

    return ServerSentEvent(count())


@websocket("/ws")
async def talk(socket: WebSocket[Any, Any, Any]) -> None:
    """Send back what comes."""
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


@pytest.fixture
def app() -> Any:
    """The app."""
    STORY.clear()
    return Litestar(
        [echo, fail, gone, events, talk],
        on_startup=[lambda: STORY.append("start")],
        on_shutdown=[lambda: STORY.append("stop")],
        logging_config=None,
    )


def test_the_lifespan_runs_around_the_block(http: Any, app: Any) -> None:
    """And requests are answered in it."""
    with http.TestClient(app) as client:
        assert client.post("/echo", json={"a": 1}).json() == {"a": 1}
        assert client.delete("/gone").status_code == 204
    assert STORY == ["start", "stop"]


def test_an_error_that_became_a_500_is_one(http: Any, app: Any) -> None:
    """Litestar answers itself, so there is nothing to raise."""
    assert http.TestClient(app).get("/fail").status_code == 500


def test_events_can_be_read(http: Any, app: Any) -> None:
    """One by one."""
    with http.TestClient(app).stream("GET", "/events") as response:
        lines = [line for line in response.iter_lines() if line]
    assert lines == ["data: 0", "data: 1", "data: 2"]


@pytest.mark.anyio
async def test_websockets_talk_on_the_loop_of_the_test(http: Any, app: Any) -> None:
    """The asynchronous client does the same."""
    async with http.AsyncTestClient(app) as client, client.websocket_connect("/ws") as websocket:
        await websocket.send_text("a")
        assert await websocket.receive_text() == "a"
    assert STORY == ["start", "stop"]
