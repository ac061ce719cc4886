"""The start and the stop of an app."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from yaat_testclient import ASGIViolation, LifespanError
from yaat_testclient.lifespan import Lifespan
from yaat_testclient.options import Options

pytestmark = pytest.mark.anyio

OPTIONS = Options(
    raise_server_exceptions=True,
    strict=True,
    wait_for_background=True,
    lifespan="auto",
    client=("testclient", 50000),
    root_path="",
    timeout_seconds=5,
)


def make_lifespan(app: Any, state: dict[str, Any] | None = None, **changes: Any) -> Lifespan:
    """Return the lifespan of *app*."""
    return Lifespan(app, replace(OPTIONS, **changes), {} if state is None else state)


async def test_an_app_starts_and_stops() -> None:
    """It may use one task for both, and fills the state in between."""
    story: list[str] = []
    state: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        story.append((await receive())["type"])
        scope["state"]["ready"] = True
        await send({"type": "lifespan.startup.complete"})
        story.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})
        story.append("end")

    lifespan = make_lifespan(app, state)
    await lifespan.start()
    assert (story, state) == (["lifespan.startup"], {"ready": True})
    await lifespan.stop()
    assert story == ["lifespan.startup", "lifespan.shutdown", "end"]


@pytest.mark.parametrize("error", [None, ValueError("database")], ids=["returns", "raises"])
async def test_a_failed_start_tells_the_message_of_the_app(error: Exception | None) -> None:
    """What the app raised after saying so is the cause."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})
        if error is not None:
            raise error

    lifespan = make_lifespan(app)
    with pytest.raises(LifespanError, match="The app failed to start: no database") as caught:
        await lifespan.start()
    assert caught.value.__cause__ is error
    await lifespan.stop()


async def test_a_failed_stop_tells_the_message_of_the_app() -> None:
    """As at the start."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "still busy"})

    lifespan = make_lifespan(app)
    await lifespan.start()
    with pytest.raises(LifespanError, match="The app failed to stop: still busy"):
        await lifespan.stop()


async def reject(scope: Any, receive: Any, send: Any) -> None:
    """Refuse the scope type, as apps without lifespan should."""
    raise AssertionError(scope["type"])


async def ignore(scope: Any, receive: Any, send: Any) -> None:
    """Return for a scope type that is not known."""


@pytest.mark.parametrize("app", [reject, ignore])
async def test_an_app_without_lifespan_goes_without(app: Any) -> None:
    """A server must continue (ASGI lifespan spec, "Scope"); so do both stages."""
    lifespan = make_lifespan(app)
    await lifespan.start()
    await lifespan.stop()


@pytest.mark.parametrize(
    ("app", "did"), [(reject, r"raised AssertionError\('lifespan'\)"), (ignore, "returned without")]
)
async def test_a_lifespan_that_is_insisted_on_must_be_there(app: Any, did: str) -> None:
    """With lifespan="on" silence is an error."""
    with pytest.raises(LifespanError, match=f"The app {did}"):
        await make_lifespan(app, lifespan="on").start()


async def test_an_app_that_breaks_while_starting_is_warned_of() -> None:
    """Servers go on, so this is no error; but an app that asked for the message meant to start."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise ValueError("no database")

    lifespan = make_lifespan(app)
    with pytest.warns(RuntimeWarning, match=r"raised ValueError\('no database'\) while it was starting"):
        await lifespan.start()
    await lifespan.stop()


async def test_an_app_that_breaks_while_stopping_has_failed() -> None:
    """What it raises is raised in the test."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        raise ValueError("still busy")

    lifespan = make_lifespan(app)
    await lifespan.start()
    with pytest.raises(ValueError, match="still busy"):
        await lifespan.stop()


async def test_an_app_may_end_before_it_is_stopped() -> None:
    """Then there is nothing left to stop."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})

    lifespan = make_lifespan(app)
    await lifespan.start()
    await asyncio.sleep(0)
    await lifespan.stop()


async def test_a_start_that_hangs_is_told_with_its_line() -> None:
    """The app is cancelled, and the line at which it waited is told."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.Event().wait()  # no database

    with pytest.raises(LifespanError, match=r"did not answer lifespan\.startup within 0\.01 s") as caught:
        await make_lifespan(app, timeout_seconds=0.01).start()
    assert "# no database" in str(caught.value)


async def test_a_start_that_is_cancelled_leaves_no_task() -> None:
    """The app is cancelled with the test that waits for it."""
    waiting = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        waiting.set()
        await asyncio.Event().wait()

    start = asyncio.create_task(make_lifespan(app).start())
    await waiting.wait()
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert "the lifespan connection" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_stop_that_hangs_is_told_with_its_line() -> None:
    """An app that waits for another message is told that none comes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await receive()  # one too many

    lifespan = make_lifespan(app, timeout_seconds=0.01)
    await lifespan.start()
    with pytest.raises(LifespanError, match=r"did not answer lifespan\.shutdown") as caught:
        await lifespan.stop()
    assert "# one too many" in str(caught.value)


async def test_an_app_that_goes_on_after_its_stop_is_cancelled() -> None:
    """It has said that it is done."""
    ended = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    lifespan = make_lifespan(app, timeout_seconds=0.01)
    await lifespan.start()
    await lifespan.stop()
    assert ended == [True]


async def test_a_violation_is_raised_at_the_start() -> None:
    """An app that takes the lifespan for a request is told so."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    with pytest.raises(ASGIViolation, match="on the lifespan connection"):
        await make_lifespan(app).start()


async def test_without_referee_nonsense_is_lost() -> None:
    """An app that takes the lifespan for a request has none, as on a server."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    lifespan = make_lifespan(app, strict=False)
    await lifespan.start()
    await lifespan.stop()


async def test_a_stop_without_a_start_does_nothing() -> None:
    """There is nothing to stop."""
    await make_lifespan(reject).stop()
