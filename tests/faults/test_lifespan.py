"""A start or stop that fails at any part of an app's life leaves what was entered, in reverse, and says why."""

import asyncio
import logging
from itertools import product
from typing import Any

import pytest

from yaat import Yaat

from .driving import HOWS, How, Interruption, Site, Watch, run
from .lifespans import PARTS, Diary, Fault, make_app, make_exchange


async def live(app: Yaat) -> list[dict[str, Any]]:
    """Start *app* up, stop it, and return what it has said."""
    exchange = make_exchange()
    await exchange.serve(app)
    exchange.check(is_complete=True)
    return [dict(message) for message in exchange.sent]


def list_lines(count: int) -> list[str]:
    """Return the diary of an app whose first *count* parts were entered, and then left."""
    entered = PARTS[:count]
    return [*(f"+{part}" for part in entered), *(f"-{part}" for part in reversed(entered))]


GOOD = [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def refuse_by_cancelling() -> BaseException:
    """Return what is raised by waiting for something that somebody else has cancelled."""
    return asyncio.CancelledError("the connection was cancelled")


def refuse() -> BaseException:
    """Return what is raised by what cannot start."""
    return RuntimeError("no such host")


#: Each part with what it may raise; an ASGI app of somebody else's says so by itself, or does without a lifespan.
FAULTS = [*product(PARTS, [refuse]), *product(PARTS[:-1], [refuse_by_cancelling])]


@pytest.mark.parametrize(("part", "make_error"), FAULTS)
def test_a_start_that_fails_leaves_what_was_entered(part: str, make_error: Any, tmp_path: Any) -> None:
    """Whichever part fails to start, those before it are left in reverse, and the server is told the reason."""
    diary = Diary(Fault(part, "startup", make_error))
    app = make_app(diary)

    async def start() -> None:
        watch = Watch(Site(app, diary.ledger, tmp_path))
        [message] = await live(app)
        await watch.check(part)
        assert message["type"] == "lifespan.startup.failed"
        assert str(make_error()) in message["message"]

    run(start())
    assert diary.lines == list_lines(PARTS.index(part))


@pytest.mark.parametrize(("part", "make_error"), FAULTS)
def test_a_stop_that_fails_leaves_all_the_same(part: str, make_error: Any, tmp_path: Any) -> None:
    """Whichever part fails to stop, all others are left too, and the server is told the reason."""
    diary = Diary(Fault(part, "shutdown", make_error))
    app = make_app(diary)

    async def start_and_stop() -> None:
        watch = Watch(Site(app, diary.ledger, tmp_path))
        begin, end = await live(app)
        await watch.check(part)
        assert begin == GOOD[0]
        assert end["type"] == "lifespan.shutdown.failed"
        assert str(make_error()) in end["message"]

    run(start_and_stop())
    assert diary.lines == list_lines(len(PARTS))


@pytest.mark.parametrize("how", HOWS)
def test_a_life_that_is_cancelled_is_left(how: How, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Cancelled at any place, an app leaves all that it has entered, passes that on, and can be started again."""
    caplog.set_level(logging.WARNING)
    diary = Diary()
    app = make_app(diary)

    async def cancel_everywhere() -> int:
        assert await live(app) == GOOD
        watch, at = Watch(Site(app, diary.ledger, tmp_path)), 0
        while True:
            exchange = make_exchange()
            interruption = Interruption(at, how)
            task = asyncio.ensure_future(interruption.drive(app(exchange.scope, exchange.receive, exchange.send)))
            await asyncio.wait([task])
            if not interruption.is_done:
                return at
            assert task.cancelled(), f"at {at}: {task}"
            del task
            await watch.check(at)
            exchange.check(is_complete=False)
            assert caplog.records == [], at
            at += 1
            diary.lines.clear()
            assert await live(app) == GOOD
            assert diary.lines == list_lines(len(PARTS))

    assert run(cancel_everywhere()) > 15
