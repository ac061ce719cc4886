"""One call of an app."""

import asyncio
import contextvars
import sys
from typing import Any

import pytest

from yaat_testclient import ASGIViolation, ClientDisconnected
from yaat_testclient.exchange import HTTPExchange
from yaat_testclient.run import AppRun, stems_from_leaving

pytestmark = pytest.mark.anyio

START = {"type": "http.response.start", "status": 200, "headers": []}
MORE = {"type": "http.response.body", "body": b"a", "more_body": True}
LAST = {"type": "http.response.body", "body": b"b"}


def make_run(app: Any, *, strict: bool = True, body: bytes | None = b"") -> tuple[AppRun, HTTPExchange]:
    """Start a call of *app* with a GET of /x."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/x",
        "query_string": b"",
        "headers": [],
        "extensions": {"yaat.unhandled": []},
    }
    exchange = HTTPExchange("GET", body)
    run = AppRun(app, scope, exchange, strict=strict)
    run.start()
    return run, exchange


async def wait_for_ever(scope: Any, receive: Any, send: Any) -> None:
    """An app that never answers."""
    await asyncio.Event().wait()  # the line that hangs


async def test_an_app_answers_through_send() -> None:
    """What it sends ends up in the exchange, and then it ends."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(START)
        await send(LAST)

    run, exchange = make_run(app)
    assert await run.wait_end(5)
    assert exchange.take().chunks == [b"b"]
    assert run.find_failure(with_errors=True) is None


async def test_waiting_has_a_limit() -> None:
    """An app that says nothing is not waited for."""
    run, exchange = make_run(wait_for_ever)
    assert not await run.wait_until(exchange.has_news, 0.01)
    await run.cancel()


async def test_an_app_without_referee_may_say_anything() -> None:
    """Nonsense is lost, as on a server, and is no failure."""

    async def app(scope: Any, receive: Any, send: Any) -> str:
        await receive()
        await send({"type": "nonsense"})
        return "nonsense"

    run, _ = make_run(app, strict=False)
    await run.wait_end(5)
    assert run.find_failure(with_errors=True) is None


async def test_an_app_that_is_no_coroutine_function_fails_in_its_own_name() -> None:
    """Whatever calling the app raises is the app's error."""

    def app(scope: Any) -> None: ...

    run, _ = make_run(app)
    await run.wait_end(5)
    assert isinstance(run.find_failure(with_errors=True), TypeError)


async def test_even_a_system_exit_is_only_recorded() -> None:
    """The event loop survives it; the test decides."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise SystemExit(3)

    run, _ = make_run(app)
    await run.wait_end(5)
    assert isinstance(run.find_failure(with_errors=True), SystemExit)
    assert run.find_failure(with_errors=False) is None


async def test_an_error_that_became_a_500_is_found() -> None:
    """An app that never raises leaves its errors in scope["extensions"]["yaat.unhandled"]."""
    error = ValueError("mine")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["extensions"]["yaat.unhandled"].append(error)
        await send({**START, "status": 500})
        await send(LAST)

    run, _ = make_run(app)
    await run.wait_end(5)
    assert run.find_failure(with_errors=True) is error


async def test_an_error_that_is_hidden_and_raised_is_one() -> None:
    """An app may do both with the same exception."""
    error = ValueError("mine")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["extensions"]["yaat.unhandled"].append(error)
        raise error

    run, _ = make_run(app)
    await run.wait_end(5)
    assert run.find_failure(with_errors=True) is error


async def test_several_errors_are_a_group() -> None:
    """None of them is lost."""
    hidden, raised = ValueError("hidden"), KeyError("raised")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["extensions"]["yaat.unhandled"].append(hidden)
        raise raised

    run, _ = make_run(app)
    await run.wait_end(5)
    failure = run.find_failure(with_errors=True)
    assert isinstance(failure, ExceptionGroup)
    assert failure.exceptions == (hidden, raised)


async def test_a_violation_goes_before_all_errors() -> None:
    """What the app makes of a violation is only its consequence."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send(LAST)
        except ASGIViolation:
            raise ValueError from None

    run, _ = make_run(app)
    await run.wait_end(5)
    assert isinstance(run.find_failure(with_errors=False), ASGIViolation)


async def test_an_app_that_cancels_itself_does_not_cancel_the_test() -> None:
    """Its cancellation is told as an ordinary error."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    run, _ = make_run(app)
    await run.wait_end(5)
    failure = run.find_failure(with_errors=True)
    assert str(failure) == "The app cancelled its own task in GET /x."
    assert isinstance(failure, RuntimeError)
    assert isinstance(failure.__cause__, asyncio.CancelledError)


async def test_being_cancelled_is_no_failure() -> None:
    """It was not the app's idea."""
    run, _ = make_run(wait_for_ever)
    await asyncio.sleep(0)
    await run.cancel()
    assert run.has_ended
    assert run.find_failure(with_errors=True) is None


@pytest.mark.usefixtures("impatient")
async def test_an_app_that_ignores_cancellation_is_told_of() -> None:
    """It is not waited for: its task is left behind, and that is said."""
    release = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    run, _ = make_run(app)
    await asyncio.sleep(0)
    assert (await run.cancel()).endswith("ignores it: its task is left behind.")
    release.set()
    assert await run.wait_end(5)


async def test_a_send_waits_for_the_client() -> None:
    """The second chunk is not taken before the first is read."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(MORE)
        await send(LAST)

    run, exchange = make_run(app)
    assert not await run.wait_end(0.01)
    assert "It awaits send(): the client has not read what was sent before." in run.describe()
    assert exchange.take().chunks == [b"a"]
    run.wake()
    assert await run.wait_end(5)
    assert exchange.take().chunks == [b"b"]


async def test_a_waiting_app_is_described_by_its_line() -> None:
    """What it awaits and the innermost line of the app are told."""
    run, _ = make_run(wait_for_ever)
    await asyncio.sleep(0)
    description = await run.cancel()
    assert description.startswith(f"It waits at {__file__}:")
    assert description.endswith("# the line that hangs")


async def test_a_waiting_receive_is_described() -> None:
    """It is told why nothing comes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await receive()

    run, _ = make_run(app)
    await asyncio.sleep(0)
    assert "It awaits receive(): the request body has been given whole" in await run.cancel()


async def test_a_call_that_was_not_started_has_no_place() -> None:
    """There is nothing to describe, and nothing to cancel."""
    run = AppRun(wait_for_ever, {"type": "sms"}, HTTPExchange("GET", b""), strict=True)
    assert await run.cancel() == ""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a task shows its context from Python 3.12 on")
async def test_tasks_of_the_app_are_described_too() -> None:
    """When the app waits for a task of its own, that task's line is told."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(wait_for_ever(scope, receive, send))

    run, _ = make_run(app)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (await run.cancel()).endswith("# the line that hangs")


async def test_the_app_sees_the_context_of_the_test() -> None:
    """Context variables reach the app, and what the app sets stays there."""
    variable = contextvars.ContextVar("variable", default="unset")
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())
        variable.set("by the app")

    variable.set("by the test")
    run, _ = make_run(app, strict=False)
    await run.wait_end(5)
    assert (seen, variable.get()) == (["by the test"], "by the test")


async def test_an_app_that_receives_the_disconnect_ends_by_itself() -> None:
    """It has all the time it needs to clean up."""
    cleaned = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(START)
        assert await receive() == {"type": "http.disconnect"}
        cleaned.append(True)

    run, exchange = make_run(app)
    await run.wait_until(exchange.has_news, 5)
    exchange.leave()
    assert await run.dismiss(5) == ""
    assert cleaned == [True]
    assert run.find_failure(with_errors=True) is None


async def test_an_app_that_sends_learns_that_nobody_listens() -> None:
    """`send` raises an OSError, even one that is waiting already (ASGI HTTP 2.4)."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        while True:
            await send(MORE)

    run, exchange = make_run(app)
    await run.wait_until(exchange.has_news, 5)
    exchange.leave()
    assert await run.dismiss(5) == ""
    assert isinstance(run.error, ClientDisconnected)
    assert run.find_failure(with_errors=True) is None


async def test_a_late_send_learns_it_too() -> None:
    """Not only a `send` that waits."""
    gone = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await gone.wait()
        await send(MORE)

    run, exchange = make_run(app)
    await run.wait_until(exchange.has_news, 5)
    exchange.leave()
    gone.set()
    assert await run.dismiss(5) == ""


@pytest.mark.usefixtures("impatient")
async def test_an_app_that_does_not_look_is_cancelled() -> None:
    """It is told where it was waiting instead."""
    run, exchange = make_run(wait_for_ever)
    exchange.leave()
    assert (await run.dismiss(5)).endswith("# the line that hangs")
    assert run.has_ended


@pytest.mark.usefixtures("impatient")
async def test_an_app_that_notices_and_goes_on_is_cancelled_at_the_limit() -> None:
    """Noticing is not enough."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()
            await asyncio.sleep(0)

    run, exchange = make_run(app)
    exchange.leave()
    assert await run.dismiss(0.01) != ""
    assert run.has_ended


async def test_an_error_while_cleaning_up_is_a_failure() -> None:
    """A client that leaves excuses only what says so."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        try:
            while True:
                await send(MORE)
        finally:
            raise ValueError("broken cleanup")

    run, exchange = make_run(app)
    await run.wait_until(exchange.has_news, 5)
    exchange.leave()
    await run.dismiss(5)
    assert isinstance(run.find_failure(with_errors=True), ValueError)


class ClientDisconnect(Exception):
    """What a framework raises in the place of the OSError."""


def raised_while_handling(error: Exception, cause: Exception | None = None) -> Exception:
    """Return *error* as it is when raised inside of an `except ClientDisconnected`."""
    try:
        try:
            raise ClientDisconnected
        except ClientDisconnected:
            raise error from cause
    except Exception as caught:
        return caught


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ClientDisconnected(), True),
        (raised_while_handling(ClientDisconnect()), True),
        (raised_while_handling(RuntimeError(), ClientDisconnected()), True),
        (ExceptionGroup("", [ClientDisconnected(), ClientDisconnected()]), True),
        (ExceptionGroup("", [ClientDisconnected(), ValueError()]), False),
        (raised_while_handling(ValueError()), False),
        (ClientDisconnect(), False),
        (OSError(), False),
    ],
    ids=repr,
)
async def test_what_says_only_that_the_client_left_is_known(error: Exception, expected: bool) -> None:
    """Frameworks wrap what `send` raises, each in its way."""
    assert stems_from_leaving(error) is expected
