"""ASGI specification, "Lifespan Protocol": how an app is started and stopped."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.asgi import Message

from ..asgi_driver import Life, call


def make_app(**options: Any) -> Yaat:
    app = Yaat(autoload=False, **options)

    @app.get("/")
    async def show(request: Request) -> list[str]:
        return sorted(request.state)

    return app


async def test_startup_and_shutdown_are_answered() -> None:
    """The app says `lifespan.startup.complete` when it is ready, and `lifespan.shutdown.complete` before it returns."""
    life = Life(make_app())
    assert await life.start() == {"type": "lifespan.startup.complete"}
    assert await life.stop() == {"type": "lifespan.shutdown.complete"}


async def test_nothing_is_said_before_the_work_is_done() -> None:
    """The start-up is complete when everything that belongs to it has returned."""
    go_on, events = asyncio.Event(), list[str]()

    async def start() -> None:
        await go_on.wait()
        events.append("started")

    life = Life(make_app(on_startup=[start]))
    answer = asyncio.ensure_future(life.start())
    await asyncio.sleep(0)
    go_on.set()
    assert ((await answer)["type"], events) == ("lifespan.startup.complete", ["started"])
    await life.stop()


@pytest.mark.parametrize("phase", ["startup", "shutdown"])
async def test_a_failure_is_said_with_a_message(phase: str) -> None:
    """`lifespan.startup.failed` and `lifespan.shutdown.failed`, with a `message`."""

    def fail() -> None:
        raise RuntimeError("no database")

    life = Life(make_app(**{f"on_{phase}": [fail]}))
    message: Message = await life.start()
    if phase == "shutdown":
        assert message == {"type": "lifespan.startup.complete"}
        message = await life.stop()
    assert set(message) == {"type", "message"}
    assert message["type"] == f"lifespan.{phase}.failed"
    assert message["message"].startswith("RuntimeError: no database")


async def test_an_app_that_cannot_be_built_fails_to_start() -> None:
    """A mistake in the set-up is a failed start-up, so that the server stops instead of serving errors."""
    app = make_app()
    app.add_route("/{x:integer}", lambda request, x: "", name="x")
    message = await Life(app).start()
    assert message["type"] == "lifespan.startup.failed"
    assert "Unknown converter 'integer'" in message["message"]


async def test_the_state_is_filled_for_requests() -> None:
    """What the lifespan leaves in `scope["state"]`, requests find in theirs."""

    async def lifespan(app: Yaat) -> AsyncIterator[dict[str, Any]]:
        yield {"db": "database"}

    app = make_app(lifespan=lifespan)
    async with Life(app) as life:
        assert life.state == {"db": "database"}
        assert (await call(app, "GET", "/", scope={"state": dict(life.state)})).text == '["db"]'


async def test_a_server_may_do_without_state() -> None:
    """`state` is optional: servers that do not know it start the app as well."""
    events: list[Message] = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]
    sent: list[str] = []

    async def receive() -> Message:
        return events.pop()

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await make_app()({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_server_may_do_without_a_lifespan() -> None:
    """An app whose server never starts it serves requests all the same."""
    assert (await call(make_app(), "GET", "/")).text == "[]"


async def test_requests_are_served_between_the_two() -> None:
    """An app is started once and serves any number of requests until it is stopped."""
    app = make_app()
    async with Life(app):
        assert [(await call(app, "GET", "/")).status for _ in range(3)] == [200] * 3
