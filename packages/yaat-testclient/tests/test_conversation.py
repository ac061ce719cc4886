"""One HTTP exchange as the client lives it, and how its failures reach the test."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat_testclient import AppLeftBehindWarning, ASGIViolation

pytestmark = pytest.mark.anyio

START = {"type": "http.response.start", "status": 200, "headers": []}
MORE = {"type": "http.response.body", "body": b"a", "more_body": True}
LAST = {"type": "http.response.body", "body": b"b"}


async def hang_before(scope: Any, receive: Any, send: Any) -> None:
    """Never answer."""
    await asyncio.Event().wait()  # never set


async def hang_within(scope: Any, receive: Any, send: Any) -> None:
    """Never go on."""
    await send(START)
    await send(MORE)
    await asyncio.Event().wait()  # never set


async def hang_after(scope: Any, receive: Any, send: Any) -> None:
    """Never end."""
    await send(START)
    await send(LAST)
    await asyncio.Event().wait()  # never set


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("app", "what"),
    [
        (hang_before, "GET /x got no response within 0.05 s."),
        (hang_within, "GET /x got no more of its response within 0.05 s."),
        (hang_after, "GET /x was answered, but the app did not end within 0.05 s."),
    ],
)
async def test_an_app_that_hangs_is_told_with_its_line(http: Any, app: Any, what: str) -> None:
    """A timeout names what hangs, and its task is ended."""
    client = http.AsyncTestClient(app, timeout_seconds=0.05)
    with pytest.raises(http.LIBRARY.ReadTimeout) as caught:
        await client.get("/x")
    assert str(caught.value).startswith(what)
    assert "# never set" in str(caught.value)
    assert "GET /x" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_timeout_is_what_a_disconnect_is(http: Any) -> None:
    """The app learns that its client has given up, and may clean up."""
    messages = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        messages.append(await receive())
        messages.append(await receive())

    with pytest.raises(http.LIBRARY.ReadTimeout, match=r"receive\(\): the request body has been given"):
        await http.AsyncTestClient(app).get("/x", timeout=0.01)
    assert messages[-1] == {"type": "http.disconnect"}


async def fail_before(scope: Any, receive: Any, send: Any) -> None:
    """Fail before the start of the response."""
    raise ValueError("mine")


async def fail_within(scope: Any, receive: Any, send: Any) -> None:
    """Fail in the middle of the response."""
    await send(START)
    await send(MORE)
    raise ValueError("mine")


async def fail_after(scope: Any, receive: Any, send: Any) -> None:
    """Fail after the response."""
    await send(START)
    await send(LAST)
    await asyncio.sleep(0)
    raise ValueError("mine")


async def fail_politely(scope: Any, receive: Any, send: Any) -> None:
    """Answer with a 500, and leave the reason where the client finds it."""
    scope["extensions"]["yaat.unhandled"].append(ValueError("mine"))
    await send({**START, "status": 500})
    await send(LAST)


@pytest.mark.parametrize("app", [fail_before, fail_within, fail_after, fail_politely])
async def test_what_an_app_does_not_handle_is_raised_in_the_test(http: Any, app: Any) -> None:
    """Before, within and after the response, raised or turned into a 500."""
    with pytest.raises(ValueError, match="mine"):
        await http.AsyncTestClient(app).get("/x")


async def test_a_failure_before_the_response_is_a_500_on_a_server(http: Any) -> None:
    """With raise_server_exceptions=False it is one here too."""
    client = http.AsyncTestClient(fail_before, raise_server_exceptions=False)
    response = await client.get("/x")
    assert (response.status_code, response.text) == (500, "Internal Server Error")


async def test_a_failure_within_the_response_breaks_it_off_on_a_server(http: Any) -> None:
    """With raise_server_exceptions=False what came before can be read."""
    client = http.AsyncTestClient(fail_within, raise_server_exceptions=False)
    async with client.stream("GET", "/x") as response:
        chunks = response.aiter_raw()
        assert await anext(chunks) == b"a"
        with pytest.raises(http.LIBRARY.RemoteProtocolError, match="in the middle of its response to GET /x"):
            await anext(chunks)


@pytest.mark.parametrize("app", [fail_after, fail_politely])
async def test_a_failure_after_the_response_is_not_seen_by_a_client(http: Any, app: Any) -> None:
    """With raise_server_exceptions=False only the response counts."""
    client = http.AsyncTestClient(app, raise_server_exceptions=False)
    assert (await client.get("/x")).text == "b"


async def say_nothing(scope: Any, receive: Any, send: Any) -> None:
    """Return without an answer."""


async def say_too_little(scope: Any, receive: Any, send: Any) -> None:
    """Return in the middle of the answer."""
    await send(START)


@pytest.mark.parametrize("app", [say_nothing, say_too_little])
async def test_an_app_that_returns_too_early_breaks_the_specification(http: Any, app: Any) -> None:
    """The referee tells what is missing."""
    with pytest.raises(ASGIViolation, match="returned too early"):
        await http.AsyncTestClient(app).get("/x")


async def test_an_app_without_an_answer_gets_a_500_without_referee(http: Any) -> None:
    """As a server would answer."""
    assert (await http.AsyncTestClient(say_nothing, strict=False).get("/x")).status_code == 500


async def test_an_app_with_half_an_answer_is_broken_off_without_referee(http: Any) -> None:
    """As a server would do."""
    with pytest.raises(http.LIBRARY.RemoteProtocolError):
        await http.AsyncTestClient(say_too_little, strict=False).get("/x")


async def answer_twice(scope: Any, receive: Any, send: Any) -> None:
    """Answer a second time."""
    for _ in range(2):
        await send(START)
        await send(LAST)


async def test_an_app_that_answers_twice_breaks_the_specification(http: Any) -> None:
    """Although the client has its response by then."""
    with pytest.raises(ASGIViolation, match="out of turn: the response is complete"):
        await http.AsyncTestClient(answer_twice).get("/x")


async def test_a_second_answer_is_lost_without_referee(http: Any) -> None:
    """As on a server."""
    assert (await http.AsyncTestClient(answer_twice, strict=False).get("/x")).text == "b"


async def test_a_violation_is_raised_even_if_the_app_hides_it(http: Any) -> None:
    """And even if the errors of the app are not to be raised."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send({**START, "headers": [("x-a", "1")]})
        except Exception:
            await send({**START, "status": 500})
            await send(LAST)

    with pytest.raises(ASGIViolation, match="name and value must be bytes"):
        await http.AsyncTestClient(app, raise_server_exceptions=False).get("/x")


async def test_work_in_the_background_ends_before_the_call(http: Any) -> None:
    """What the app does after its response is done when the test goes on."""
    done = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(LAST)
        await asyncio.sleep(0.01)
        done.append(True)

    await http.AsyncTestClient(app).get("/x")
    assert done == [True]


async def test_work_in_the_background_can_be_waited_for_later(http: Any) -> None:
    """With wait_for_background=False a call returns with the response."""
    go, done = asyncio.Event(), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(LAST)
        await go.wait()
        done.append(True)

    client = http.AsyncTestClient(app, wait_for_background=False)
    await client.get("/x")
    assert done == []
    go.set()
    await client.finish_background()
    assert done == [True]


async def test_a_failure_is_raised_at_once_even_if_the_background_is_not_waited_for(http: Any) -> None:
    """What the app did wrong before the call returned is not put off."""
    with pytest.raises(ValueError, match="mine"):
        await http.AsyncTestClient(fail_politely, wait_for_background=False).get("/x")


async def test_a_client_that_leaves_ends_the_app(http: Any) -> None:
    """Leaving a stream in the middle is a disconnect, and the app cleans up before that returns."""
    cleaned = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        try:
            while True:
                await send(MORE)
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    async with http.AsyncTestClient(app).stream("GET", "/x") as response:
        assert await anext(response.aiter_raw()) == b"a"
        assert cleaned == []
    assert cleaned == [True]


@pytest.mark.usefixtures("impatient")
async def test_an_app_that_does_not_notice_is_warned_of(http: Any) -> None:
    """On a server it would go on for ever."""
    with pytest.warns(AppLeftBehindWarning, match="GET /x, and the app went on") as caught:
        async with http.AsyncTestClient(hang_within).stream("GET", "/x"):
            pass
    assert "# never set" in str(caught[0].message)


async def test_an_error_while_leaving_is_raised(http: Any) -> None:
    """A broken clean-up is a failure of the app."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(START)
        await receive()
        raise ValueError("broken cleanup")

    with pytest.raises(ValueError, match="broken cleanup"):
        async with http.AsyncTestClient(app).stream("GET", "/x"):
            pass


async def test_a_test_that_is_cancelled_leaves_too(http: Any) -> None:
    """The app sees the disconnect of a client that stopped waiting for it."""
    waiting, messages = asyncio.Event(), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiting.set()
        messages.append(await receive())

    async with http.AsyncTestClient(app, lifespan="off") as client:
        call = asyncio.create_task(client.get("/x"))
        await waiting.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    assert messages == [{"type": "http.disconnect"}]


async def test_an_upload_that_breaks_off_is_a_disconnect(http: Any) -> None:
    """What the test raises in the middle of its body is raised in the test, and the app learns of it."""
    messages = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(2):
            messages.append(await receive())

    async def body() -> AsyncIterator[bytes]:
        yield b"a"
        raise LookupError("battery empty")

    with pytest.raises(LookupError, match="battery empty"):
        await http.AsyncTestClient(app).post("/x", content=body())
    assert messages == [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]


async def test_a_body_that_nobody_reads_is_left_alone(http: Any) -> None:
    """An app that has ended does not draw the rest of an endless body."""
    drawn = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reading = asyncio.create_task(receive())
        await asyncio.sleep(0)
        reading.cancel()
        raise ValueError("mine")

    async def body() -> AsyncIterator[bytes]:
        while True:
            drawn.append(True)
            yield b"a"

    with pytest.raises(ValueError, match="mine"):
        await http.AsyncTestClient(app).post("/x", content=body())
    assert drawn == []
