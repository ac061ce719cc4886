"""The drain: when the app is about to stop, open connections end with 1001, and handlers end in time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from yaat import Yaat
from yaat_websockets import Channel, WebSocket, WebSocketDisconnect, WebSocketsPlugin
from yaat_websockets.drain import Connections, find_task


@pytest.fixture
def impatient_app(make_app: Callable[..., Yaat]) -> Yaat:
    """An app that waits for no handler."""
    return make_app(WebSocketsPlugin(drain_grace_seconds=0))


@asynccontextmanager
async def running(app: Yaat) -> AsyncIterator[None]:
    """Start *app* up, and shut it down in the end."""
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, to_app.get, from_app.put))
    await to_app.put({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    yield
    await to_app.put({"type": "lifespan.shutdown"})
    assert (await from_app.get())["type"] == "lifespan.shutdown.complete"
    await life


async def test_open_connections_are_closed_when_the_app_stops(app: Yaat, make_peer: Any) -> None:
    """A client gets 1001, and its handler a disconnect, as soon as the app is about to stop."""
    seen: list[Any] = []

    @app.websocket_route("/")
    async def listen(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        try:
            await websocket.receive_text()
        except WebSocketDisconnect as error:
            seen.append(error.code)

    peers = [make_peer() for _ in range(3)]
    async with running(app), asyncio.TaskGroup() as group:
        for peer in peers:
            group.create_task(peer.run(app))
            await peer.accepted()
        app.stopping.set()
    assert [peer.close for peer in peers] == [(1001, "")] * 3
    assert seen == [1001] * 3


async def test_shutdown_drains_where_no_signal_was_seen(app: Yaat, make_peer: Any) -> None:
    """Where nothing else says that the app stops, the shutdown of the lifespan does."""

    @app.websocket_route("/")
    async def listen(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.receive_text()

    peer = make_peer()
    async with running(app):
        serving = asyncio.ensure_future(peer.run(app))
        await peer.accepted()
    await serving
    assert peer.close == (1001, "")


async def test_handler_that_only_sends_learns_of_it_by_sending(app: Yaat, make_peer: Any) -> None:
    """Sending raises the disconnect after the drain, so a loop that never receives ends too."""

    @app.websocket_route("/")
    async def tell(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        while True:
            await websocket.send_text("tick")
            await asyncio.sleep(0)

    peer = make_peer()
    async with running(app), peer.serving(app):
        await peer.accepted()
        app.stopping.set()
    assert peer.close == (1001, "")
    assert peer.unhandled == []


async def test_the_running_task_is_found() -> None:
    """It is that of asyncio, whatever the Python."""
    assert find_task(asyncio.get_running_loop()) is asyncio.current_task() is not None


async def test_handler_that_waits_for_something_else_is_cancelled(impatient_app: Yaat, make_peer: Any) -> None:
    """A handler that is still waiting after the grace is cancelled, and the app ends quietly."""
    channel, ended = Channel(), []

    @impatient_app.websocket_route("/")
    async def forward(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        try:
            async with channel.subscribe("news") as subscription:
                async for message in subscription:
                    await websocket.send_text(message)
        finally:
            ended.append(websocket.close_code)

    peer = make_peer()
    async with running(impatient_app):
        serving = asyncio.ensure_future(peer.run(impatient_app))
        await peer.accepted()
        impatient_app.stopping.set()
        await serving
    assert (ended, peer.close, channel.count("news")) == ([1001], (1001, ""), 0)


@pytest.mark.parametrize("is_slow", ["handler", "server"])
async def test_handler_that_accepts_too_late_is_told_at_once(app: Yaat, make_peer: Any, is_slow: str) -> None:
    """A connection that is accepted while the app stops is closed as soon as it is."""

    @app.websocket_route("/")
    async def hesitate(websocket: WebSocket[Any]) -> None:
        started.set()
        if is_slow == "handler":
            await goes_on.wait()
        await websocket.accept()
        try:
            await websocket.receive_text()
        except WebSocketDisconnect as error:
            seen.append(error.code)

    started, goes_on = asyncio.Event(), asyncio.Event()
    seen: list[int] = []
    peer = make_peer()
    receive = peer.receive

    async def receive_late() -> Any:
        await goes_on.wait()
        return await receive()

    if is_slow == "server":
        peer.receive = receive_late
    async with running(app):
        serving = asyncio.ensure_future(peer.run(app))
        await started.wait()
        app.stopping.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert peer.types == []
        goes_on.set()
        await serving
    assert (peer.types, peer.close, seen) == (["accept", "close"], (1001, ""), [1001])


async def test_handler_that_denies_while_the_app_stops_has_its_way(app: Yaat, make_peer: Any) -> None:
    """A connection that is never open gets the answer of its handler."""

    @app.websocket_route("/")
    async def hesitate(websocket: WebSocket[Any]) -> None:
        started.set()
        await goes_on.wait()
        await websocket.deny(409)

    started, goes_on = asyncio.Event(), asyncio.Event()
    peer = make_peer()
    async with running(app):
        serving = asyncio.ensure_future(peer.run(app))
        await started.wait()
        app.stopping.set()
        await asyncio.sleep(0)
        goes_on.set()
        await serving
    assert peer.denial[0] == 409


async def test_handler_that_has_not_accepted_is_cancelled_and_denied(impatient_app: Yaat, make_peer: Any) -> None:
    """A handler that has not answered the opening by then has its connection refused."""

    @impatient_app.websocket_route("/")
    async def hesitate(websocket: WebSocket[Any]) -> None:
        await websocket.receive()
        started.set()
        await asyncio.Event().wait()

    started, peer = asyncio.Event(), make_peer()
    async with running(impatient_app):
        serving = asyncio.ensure_future(peer.run(impatient_app))
        await started.wait()
        impatient_app.stopping.set()
        await serving
    assert peer.close == (1001, "")


async def test_cancellation_by_the_server_is_passed_on(app: Yaat, make_peer: Any) -> None:
    """A server that cancels a connection is not ignored."""

    @app.websocket_route("/")
    async def wait(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await asyncio.Event().wait()

    peer = make_peer()
    async with running(app):
        serving = asyncio.ensure_future(peer.run(app))
        await peer.accepted()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
    assert len(app.extensions["websockets"].tasks) == 0


async def test_connection_that_comes_too_late_is_denied(app: Yaat, make_peer: Any) -> None:
    """While the app stops a new connection is denied with 503, so that its client goes elsewhere."""

    @app.websocket_route("/")
    async def listen(websocket: WebSocket[Any]) -> None:
        await websocket.accept()

    async with running(app):
        app.stopping.set()
        await asyncio.sleep(0)
        peer = await make_peer().run(app)
    assert peer.denial[0] == 503


async def test_app_serves_without_being_started_again(app: Yaat, make_peer: Any) -> None:
    """Who runs no lifespan, as a test may, is served before and after somebody else has run one."""

    @app.websocket_route("/")
    async def greet(websocket: WebSocket[Any]) -> None:
        await websocket.accept()

    async with running(app):
        pass
    peer = await make_peer().run(app)
    assert peer.close == (1000, "")


async def test_app_can_be_started_again(app: Yaat, make_peer: Any) -> None:
    """An app that was stopped serves connections again when it is started again."""

    @app.websocket_route("/")
    async def greet(websocket: WebSocket[Any]) -> None:
        await websocket.accept()

    async with running(app):
        pass
    async with running(app):
        peer = await make_peer().run(app)
    assert peer.close == (1000, "")


async def test_client_that_takes_nothing_does_not_hold_the_shutdown_up(impatient_app: Yaat, make_peer: Any) -> None:
    """A connection that cannot even be closed is given up after the grace."""

    @impatient_app.websocket_route("/")
    async def listen(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.receive_text()

    peer = make_peer()
    async with running(impatient_app):
        serving = asyncio.ensure_future(peer.run(impatient_app))
        await peer.accepted()
        peer.takes.clear()
        impatient_app.stopping.set()
        await serving
    assert peer.types == ["accept"]


async def test_mounted_app_with_the_plugin_does_not_hold_the_shutdown_up(app: Yaat, make_app: Any) -> None:
    """A mounted app's own plugin, which serves nothing there, has nothing to wait for."""
    app.mount("/inner", make_app())
    async with running(app):
        pass
    assert app.stopping.is_set()


async def test_start_up_that_fails_later_leaves_nothing_running(app: Yaat) -> None:
    """When something else keeps the app from starting, nothing waits for a stop that will never come."""
    app.on_startup(refuse)
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    await to_app.put({"type": "lifespan.startup"})
    await app({"type": "lifespan", "state": {}}, to_app.get, from_app.put)
    assert (await from_app.get())["type"] == "lifespan.startup.failed"
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def refuse() -> None:
    raise LookupError("no database")


async def test_connection_without_a_task_cannot_be_cancelled(make_peer: Any) -> None:
    """A server that runs handlers in its own way, without tasks, is left to end them."""
    connections, peer = Connections(grace_seconds=0), make_peer()
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    connections.tasks[websocket] = None
    await connections.drain()
    assert not connections.has_cancelled(websocket)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_server_that_cannot_close_a_connection_concerns_nobody(make_peer: Any) -> None:
    """What it raises when a connection ends at this very moment is not raised."""
    connections, peer = Connections(grace_seconds=0), make_peer()

    async def fail(message: Any) -> None:
        if message["type"] == "websocket.close":
            raise LookupError

    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, fail)
    await websocket.accept()
    connections.tasks[websocket] = None
    await connections.drain()
    assert websocket.close_code == 1001


@pytest.mark.parametrize("seconds", [-1, -0.5])
def test_grace_that_is_none_is_refused(seconds: float) -> None:
    """A grace is a number of seconds from 0 up."""
    with pytest.raises(ValueError, match="drain_grace_seconds is a number from 0 up"):
        WebSocketsPlugin(drain_grace_seconds=seconds)


def test_app_drains_in_each_of_several_loops(make_peer: Any) -> None:
    """An app that is started again in another loop, as tests do, ends what is open there as well."""
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin(drain_grace_seconds=0.01)])
    ended: list[str] = []

    @app.websocket_route("/")
    async def stay(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async def live() -> tuple[int, str] | None:
        peer = make_peer()
        async with running(app):
            serving = asyncio.ensure_future(peer.run(app))
            await peer.accepted()
            app.stopping.set()
            await serving
        close: tuple[int, str] | None = peer.close
        return close

    assert [asyncio.run(live()) for _ in range(3)] == [(1001, "")] * 3
    assert ended == ["ended"] * 3
