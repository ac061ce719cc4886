"""A stop in the middle of streams, WebSocket connections and background work ends them well, and leaves nothing."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.asgi import Message
from yaat.background import BackgroundTask
from yaat.responses import StreamResponse, TextResponse
from yaat_websockets import WebSocket, WebSocketDisconnect, WebSocketsPlugin

from .connections import Connection
from .driving import Ledger, Site, Watch, run, settle
from .exchange import Exchange
from .requests import Case


class Life:
    """The life of an app, as a server holds it."""

    def __init__(self, app: Yaat) -> None:
        self.said: list[Message] = []
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        self._to_app.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.ensure_future(app(scope, self._to_app.get, self._send))

    async def stop(self) -> None:
        """Send the shutdown, and wait for the app to return."""
        self._to_app.put_nowait({"type": "lifespan.shutdown"})
        await self._task

    async def _send(self, message: Message) -> None:
        self.said.append(message)


def make_site(folder: Any, **options: Any) -> Site[Yaat]:
    """Return an app with what lasts."""
    ledger = Ledger()
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin()], **options)

    async def generate() -> AsyncIterator[str]:
        async with ledger.hold_slowly("stream"):
            yield "begun "
            await app.stopping.wait()
            yield "ended"

    @app.get("/stream")
    async def stream(request: Request) -> StreamResponse:
        return StreamResponse(generate())

    @app.get("/background")
    async def work_later(request: Request) -> TextResponse:
        async def work() -> None:
            async with ledger.hold_slowly("background"):
                await app.state.work_may_end.wait()
                ledger.entered["work"] += 1
                ledger.left["work"] += 1

        return TextResponse("done", background=BackgroundTask(work))

    @app.get("/now")
    async def answer(request: Request) -> str:
        return "now"

    @app.websocket_route("/listen")
    async def listen(websocket: WebSocket) -> None:
        async with ledger.hold_slowly("websocket"):
            await websocket.accept()
            with suppress(WebSocketDisconnect):
                while True:
                    await websocket.receive_text()

    return Site(app, ledger, folder)


def open_exchange(case: Case | Connection) -> Exchange:
    """Return what a client does that stays until it is told that this is the end."""
    return Exchange(case.make_scope(), case.list_messages())


@pytest.fixture
def handled_signal() -> Iterator[list[int]]:
    """A server that handles SIGTERM, and what it has seen of it."""
    seen: list[int] = []
    previous = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    yield seen
    signal.signal(signal.SIGTERM, previous)


@pytest.mark.parametrize("by_signal", [True, False])
@pytest.mark.parametrize("count", [1, 20])
def test_what_is_open_ends_well(
    count: int, by_signal: bool, handled_signal: list[int], tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Streams end by themselves and WebSockets are closed with 1001, whether a signal says so or the server."""
    caplog.set_level(logging.WARNING)
    site = make_site(tmp_path)

    async def main() -> None:
        watch = Watch(site)
        for _ in range(2):  # An app can be started again.
            life = Life(site.app)
            await settle()
            streams = [open_exchange(Case(path="/stream")) for _ in range(count)]
            sockets = [open_exchange(Connection(path="/listen", texts=(), leaves=False)) for _ in range(count)]
            tasks = [asyncio.ensure_future(each.serve(site.app)) for each in (*streams, *sockets)]
            await settle()
            assert not any(task.done() for task in tasks)
            if by_signal:
                signal.raise_signal(signal.SIGTERM)
                await asyncio.gather(*tasks)
                # A server that is about to stop may still have requests.
                await Case(path="/now", body=b"now").visit(site.app)
            await life.stop()
            await asyncio.gather(*tasks)
            assert [each.outcome for each in streams] == [(200, b"begun ended")] * count
            assert [each.sent[-1].get("code") for each in sockets] == [1001] * count
            for each in (*streams, *sockets):
                each.check(is_complete=True)
            assert [message["type"] for message in life.said] == [
                "lifespan.startup.complete",
                "lifespan.shutdown.complete",
            ]
            await watch.check(by_signal)

    run(main())
    assert len(handled_signal) == 2 * by_signal
    assert caplog.records == []


@pytest.mark.parametrize("is_fast", [True, False])
def test_background_work_has_its_grace(is_fast: bool, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Background work that ends in time is waited for; what does not is cancelled, cleaned up, and named in the log."""
    caplog.set_level(logging.WARNING)
    site = make_site(tmp_path, background_grace_seconds=60 if is_fast else 0)

    async def main() -> None:
        watch = Watch(site)
        site.app.state.work_may_end = asyncio.Event()
        life = Life(site.app)
        await settle()
        exchange = open_exchange(Case(path="/background"))
        request = asyncio.ensure_future(exchange.serve(site.app))
        await settle()
        assert exchange.outcome == (200, b"done")
        stopping = asyncio.ensure_future(life.stop())
        await settle()
        assert not (is_fast and stopping.done())
        site.app.state.work_may_end.set()
        await stopping
        await asyncio.wait([request])
        assert site.ledger.left["work"] == is_fast
        assert life.said[-1]["type"] == "lifespan.shutdown.complete"
        await watch.check(is_fast)

    run(main())
    assert ["work" in record.getMessage() for record in caplog.records] == [True] * (not is_fast)


def test_requests_that_are_cancelled_by_a_stop_are_left(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A server that has no more patience cancels what is open, before or during the shutdown, and all of it is left."""
    caplog.set_level(logging.WARNING)
    site = make_site(tmp_path)

    async def main() -> None:
        watch = Watch(site)
        for turns in range(12):
            life = Life(site.app)
            await settle()
            connection = Connection(path="/listen", texts=(), leaves=False)
            tasks = [
                asyncio.ensure_future(open_exchange(case).serve(site.app))
                for case in (Case(path="/stream"), connection)
            ]
            await settle()
            stopping = asyncio.ensure_future(life.stop())
            for _ in range(turns):
                await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await stopping
            assert life.said[-1]["type"] == "lifespan.shutdown.complete"
            await watch.check(turns)

    run(main())
    assert caplog.records == []
