"""How a call of the app is brought to its end, and how its failures reach the test."""

import asyncio
from typing import Any

import pytest

from yaat_testclient.exchange import HTTPExchange
from yaat_testclient.httpx import LIBRARY
from yaat_testclient.options import Options
from yaat_testclient.run import AppRun
from yaat_testclient.supervision import Supervision

pytestmark = pytest.mark.anyio

OPTIONS = Options(
    raise_server_exceptions=True,
    strict=False,
    wait_for_background=True,
    lifespan="auto",
    client=("testclient", 50000),
    root_path="",
    timeout_seconds=None,
)


def supervise(app: Any) -> Supervision:
    """Start *app* under supervision."""
    run = AppRun(app, {"type": "http"}, HTTPExchange("GET", b""), strict=False)
    run.start()
    return Supervision(run, OPTIONS, LIBRARY, 0.01)


async def fail(scope: Any, receive: Any, send: Any) -> None:
    """Fail."""
    raise ValueError("mine")


async def end(scope: Any, receive: Any, send: Any) -> None:
    """Return."""


async def hang(scope: Any, receive: Any, send: Any) -> None:
    """Wait for ever."""
    await asyncio.Event().wait()


async def test_a_failure_is_raised_once() -> None:
    """Whoever asks first gets it."""
    supervision = supervise(fail)
    with pytest.raises(ValueError, match="mine"):
        await supervision.finish()
    await supervision.finish()
    supervision.report()


async def test_a_call_that_ended_well_is_settled() -> None:
    """Nothing needs to be looked after any more."""
    supervision = supervise(end)
    supervision.settle_if_done()
    assert not supervision.is_settled
    await asyncio.sleep(0)
    supervision.settle_if_done()
    assert supervision.is_settled


async def test_a_call_that_failed_is_not_settled_before_it_is_told() -> None:
    """The failure is still to be raised."""
    supervision = supervise(fail)
    await asyncio.sleep(0)
    supervision.settle_if_done()
    assert not supervision.is_settled


@pytest.mark.usefixtures("impatient")
async def test_an_abandoned_call_tells_nothing() -> None:
    """The test has trouble of its own."""
    supervision = supervise(hang)
    await supervision.abandon()
    assert supervision.run.has_ended
    supervision.report()


@pytest.mark.usefixtures("impatient")
async def test_a_call_that_does_not_end_is_given_up() -> None:
    """It says how long it was waited for, and how to wait longer."""
    with pytest.raises(LIBRARY.ReadTimeout, match=r"did not end within 0\.01 s") as caught:  # type: ignore[call-overload]
        await supervise(hang).finish()
    assert str(caught.value).endswith("timeout_seconds=None waits for ever.")
