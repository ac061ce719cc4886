"""The lifespan of an ASGI app that is mounted, for which Yaat plays the server."""

import asyncio
import logging
from collections.abc import Callable, Generator
from typing import Any

import pytest

from yaat import Yaat
from yaat.asgi import Receive, Scope, Send
from yaat.asgi_lifespan import make_mounted_lifespan, run_lifespan
from yaat.exceptions import ConfigurationError

from .asgi_driver import Life
from .asgi_exchange import take_turns


class Foreign:
    """An ASGI app that does as it is told.

    Args:
        startup: What it answers to the start-up; nothing when left out.
        shutdown: What it answers to the shutdown.
        fails_in: `startup` or `shutdown`: what it raises in, after its answer.
    """

    def __init__(
        self,
        startup: dict[str, Any] | None = None,
        shutdown: dict[str, Any] | None = None,
        *,
        fails_in: str = "",
    ) -> None:
        self.answers = {"startup": startup, "shutdown": shutdown}
        self.fails_in = fails_in
        self.seen: list[str] = []
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the lifespan."""
        self.scope = scope
        for phase in ("startup", "shutdown"):
            self.seen.append((await receive())["type"])
            scope["state"][phase] = True
            answer = self.answers[phase]
            if answer is not None:
                await send(answer)
            if phase == self.fails_in:
                raise RuntimeError(f"It fails in {phase}.")
        await asyncio.Event().wait()


def say(phase: str, outcome: str = "complete", **members: Any) -> dict[str, Any]:
    """Return what an app answers."""
    return {"type": f"lifespan.{phase}.{outcome}", **members}


COMPLETE = (say("startup"), say("shutdown"))


async def run(app: Any, state: dict[str, Any] | None = None) -> None:
    """Start *app* and shut it down."""
    async with run_lifespan(app, {} if state is None else state):
        pass
    assert len(asyncio.all_tasks()) == 1


async def test_app_is_started_and_shut_down() -> None:
    """The app is told of start-up and shutdown, and its state is what it is given."""
    app, state = Foreign(*COMPLETE), {"given": True}
    async with run_lifespan(app, state):
        assert app.seen == ["lifespan.startup"]
        assert state == {"given": True, "startup": True}
    assert app.seen == ["lifespan.startup", "lifespan.shutdown"]
    assert app.scope == {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": state}


async def test_app_that_does_not_end_is_ended() -> None:
    """An app that goes on after its shutdown is cancelled, and nothing is left of it."""
    await run(Foreign(*COMPLETE))


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Have no lifespan, as the specification allows."""
    raise NotImplementedError(scope["type"])


async def leave(scope: Scope, receive: Receive, send: Send) -> None:
    """Return at once."""


@pytest.mark.parametrize("app", [refuse, leave])
async def test_app_may_do_without_a_lifespan(app: Any, caplog: pytest.LogCaptureFixture) -> None:
    """An app that raises or returns at once has no lifespan, which is its right, and nothing is logged."""
    await run(app)
    assert caplog.records == []


class Awaitable:
    """What a call of an ASGI app may give in the place of a coroutine."""

    def __await__(self) -> Generator[Any, None, None]:
        yield from ()


async def test_app_may_give_any_awaitable() -> None:
    """An app may be a plain function that returns something to await."""
    await run(lambda scope, receive, send: Awaitable())


@pytest.mark.parametrize("phase", ["startup", "shutdown"])
async def test_app_that_breaks_off_is_logged(phase: str, caplog: pytest.LogCaptureFixture) -> None:
    """An app that raises in the middle, without a word, does not stop the others, but it is logged."""
    startup = None if phase == "startup" else say("startup")
    await run(Foreign(startup, fails_in=phase))
    [record] = caplog.records
    assert (record.name, record.levelno) == ("yaat.lifespan", logging.WARNING)
    assert "Foreign object" in record.getMessage()
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == f"It fails in {phase}."


@pytest.mark.parametrize(("phase", "count"), [("startup", 1), ("shutdown", 2)])
@pytest.mark.parametrize(
    ("members", "reason"), [({"message": "no database"}, "no database"), ({}, "it does not say why")]
)
@pytest.mark.parametrize("fails", [True, False])
async def test_app_that_says_it_failed_is_believed(
    phase: str, count: int, members: dict[str, str], reason: str, fails: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """An app that says that a phase failed stops the start, or the end; whether it raises as well does not matter."""
    answers = [say("startup"), say("shutdown")]
    answers[count - 1] = say(phase, "failed", **members)
    app = Foreign(*answers, fails_in=phase if fails else "")
    with pytest.raises(ConfigurationError, match=f"The mounted app's {phase} failed: {reason}"):
        await run(app)
    assert len(app.seen) == count
    assert caplog.records == []


async def test_app_is_shut_down_when_something_else_fails() -> None:
    """When something else fails after its start, the app is shut down in order."""
    app = Foreign(*COMPLETE)

    async def fail() -> None:
        async with run_lifespan(app, {}):
            raise RuntimeError("Something else failed.")

    with pytest.raises(RuntimeError, match="Something else"):
        await fail()
    assert app.seen == ["lifespan.startup", "lifespan.shutdown"]


async def test_start_that_is_cancelled_ends_the_app() -> None:
    """When the server is stopped while the app starts, nothing of it is left."""
    starting = asyncio.create_task(run(Foreign()))
    await take_turns()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await take_turns()
    assert len(asyncio.all_tasks()) == 1


async def test_record_gives_the_state() -> None:
    """The lifespan record of a mounted app yields what the app has put into its state."""
    record = make_mounted_lifespan(Foreign(*COMPLETE), "of an app")
    assert record.name == "of an app"
    async with record.context(None) as state:
        assert state == {"startup": True}


async def test_mounted_app_that_fails_is_named() -> None:
    """A mounted app whose start-up fails stops the whole, and the server is told where it is mounted."""
    app = Yaat(autoload=False)
    app.mount("/foreign", Foreign(say("startup", "failed", message="no database")))
    answer = await Life(app).start()
    assert answer["type"] == "lifespan.startup.failed"
    assert "The mounted app's startup failed: no database" in answer["message"]
    assert "of the app mounted at /foreign" in answer["message"]


@pytest.mark.parametrize(
    "make", [lambda: refuse, lambda: leave, lambda: Foreign(*COMPLETE)], ids=["refuse", "leave", "foreign"]
)
async def test_mounted_apps_of_all_kinds_start(make: Callable[[], Any]) -> None:
    """An app starts and ends with mounted apps that have a lifespan, and with those that have none."""
    app = Yaat(autoload=False)
    app.mount("/foreign", make())
    life = Life(app)
    assert [await life.start(), await life.stop()] == list(COMPLETE)
