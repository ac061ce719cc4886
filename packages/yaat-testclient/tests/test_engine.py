"""The app in the hands of a client."""

import asyncio
from typing import Any

import pytest

from yaat_testclient import LifespanError

pytestmark = pytest.mark.anyio

START = {"type": "http.response.start", "status": 200, "headers": []}
MORE = {"type": "http.response.body", "body": b"a", "more_body": True}
LAST = {"type": "http.response.body", "body": b"b"}


class App:
    """An app with a life, which tells what happens to it."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Start and stop, or answer."""
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["shared"] = self.story
            self.story.append("start")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self.story.append("stop")
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            self.story.append((await receive())["type"])
        else:
            await self.answer(scope, receive, send)

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request as its path says."""
        self.story.append(scope["path"])
        await send(START)
        if scope["path"] == "/stream":
            try:
                while True:
                    await send(MORE)
            finally:
                self.story.append("left")
        await send(LAST)
        if scope["path"] == "/work":
            await self.go.wait()
            self.story.append("worked")
        if scope["path"] == "/fail":
            await self.go.wait()
            raise ValueError("mine")


async def test_the_lifespan_is_around_the_block(http: Any) -> None:
    """The app starts before the first request and stops after the last."""
    app = App()
    async with http.AsyncTestClient(app) as client:
        await client.get("/a")
    assert app.story == ["start", "/a", "stop"]


async def test_without_a_block_there_is_no_lifespan(http: Any) -> None:
    """Requests work nevertheless."""
    app = App()
    await http.AsyncTestClient(app).get("/a")
    assert app.story == ["/a"]


async def test_a_lifespan_can_be_left_out(http: Any) -> None:
    """With lifespan="off" a block only closes what is open."""
    app = App()
    async with http.AsyncTestClient(app, lifespan="off") as client:
        await client.get("/a")
    assert app.story == ["/a"]


async def test_each_request_has_a_copy_of_the_state(http: Any) -> None:
    """What the lifespan put there is shared; what a request adds is its own."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append(sorted(scope["state"]))
            scope["state"]["own"] = True
        await App()(scope, receive, send)

    async with http.AsyncTestClient(app) as client:
        await client.get("/a")
        await client.get("/b")
    assert seen == [["shared"], ["shared"]]


async def test_what_is_still_open_is_ended_before_the_app_stops(http: Any) -> None:
    """Streams, WebSockets and work in the background do not outlive the block."""
    app = App()
    async with http.AsyncTestClient(app, wait_for_background=False) as client:
        stream = client.stream("GET", "/stream")
        await stream.__aenter__()
        websocket = client.websocket_connect("/ws")
        await websocket.__aenter__()
        await client.get("/work")
        app.go.set()
    assert app.story[:3] == ["start", "/stream", "/work"]
    assert set(app.story[3:-1]) == {"left", "websocket.disconnect", "worked"}
    assert app.story[-1] == "stop"
    await stream.__aexit__(None, None, None)
    await websocket.__aexit__(None, None, None)


async def test_a_failure_in_the_background_is_raised_at_the_end(http: Any) -> None:
    """Nothing that an app did wrong is lost, and the app is stopped nevertheless."""
    app = App()
    client = await http.AsyncTestClient(app, wait_for_background=False).__aenter__()
    await client.get("/fail")
    app.go.set()
    with pytest.raises(ValueError, match="mine"):
        await client.aclose()
    assert app.story == ["start", "/fail", "stop"]


async def test_a_failure_in_the_background_is_raised_when_waited_for(http: Any) -> None:
    """And not again at the end."""
    app = App()
    async with http.AsyncTestClient(app, wait_for_background=False) as client:
        await client.get("/fail")
        app.go.set()
        with pytest.raises(ValueError, match="mine"):
            await client.finish_background()


async def test_only_what_was_answered_is_waited_for(http: Any) -> None:
    """A stream that is being read is not in the background."""
    app = App()
    client = http.AsyncTestClient(app)
    async with client.websocket_connect("/ws"), client.stream("GET", "/stream"):
        await client.finish_background()
    assert app.story == ["/stream", "left", "websocket.disconnect"]


async def test_a_failed_start_leaves_nothing_behind(http: Any) -> None:
    """The block is not entered, and no task of the app is left."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(LifespanError, match="no database"):
        async with http.AsyncTestClient(app):
            pytest.fail("the block was entered")
    assert not [task for task in asyncio.all_tasks() if "lifespan" in task.get_name()]


def test_a_client_belongs_to_the_loop_it_was_opened_on(http: Any) -> None:
    """A fixture on one loop and a test on another share nothing; that is told instead of hanging."""

    async def enter() -> Any:
        return await http.AsyncTestClient(App()).__aenter__()

    async def get(client: Any) -> None:
        await client.get("/a")

    with asyncio.Runner() as fixture, asyncio.Runner() as test:
        client = fixture.run(enter())
        with pytest.raises(RuntimeError, match="opened on one event loop and is used on another"):
            test.run(get(client))
        fixture.run(client.aclose())


@pytest.mark.parametrize("app", ["shop:app", None])
async def test_what_cannot_be_called_is_no_app(http: Any, app: Any) -> None:
    """The mistake is told when the client is made."""
    with pytest.raises(TypeError, match="needs an ASGI app, not"):
        http.AsyncTestClient(app)
