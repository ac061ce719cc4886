"""The referee around an app."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from yaat_testclient import ASGIViolation, Referee, check_app

SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "path": "/x",
    "query_string": b"",
    "headers": [],
}
START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"a"}


def call(app: Any, scope: dict[str, Any] = SCOPE) -> list[Any]:
    """Call a checked app with a request without a body, and return what came through."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(check_app(app)(scope, receive, send))  # type: ignore[arg-type]
    return sent


def test_a_right_app_is_left_alone() -> None:
    """Its messages come through as they are."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert await receive() == {"type": "http.request"}
        await send(START)
        await send(BODY)

    assert call(app) == [START, BODY]


def test_a_violation_is_raised_where_it_happens() -> None:
    """The app's own line is in the message, and the message goes no further."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(BODY)  # too early

    with pytest.raises(ASGIViolation) as caught:
        call(app)
    assert caught.value.what == "The app sent 'http.response.body' out of turn: no response has been started."
    assert caught.value.where.startswith(f"on GET /x, at {__file__}:")
    assert caught.value.where.endswith("app: await send(BODY)  # too early")
    assert caught.value.fix == (
        "Only http.response.debug or http.response.early_hint or http.response.start may come now."
    )


def test_a_message_after_the_end_is_told_that_nothing_may_come() -> None:
    """There is nothing to choose from after the last message."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)
        await send(BODY)

    with pytest.raises(ASGIViolation, match="Nothing may come any more"):
        call(app)


def test_a_violation_that_the_app_hides_is_raised_at_its_end() -> None:
    """An app that catches everything cannot hide a violation."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send({**START, "status": "200"})
        except ASGIViolation:
            await send({**START, "status": 500})
            await send(BODY)

    with pytest.raises(ASGIViolation, match="its 'status' is '200'"):
        call(app)


def test_the_first_violation_is_the_one_that_is_raised() -> None:
    """What follows from a violation is not its cause."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send({**START, "status": "200"})
        finally:
            await send(BODY)

    with pytest.raises(ASGIViolation, match="its 'status' is '200'"):
        call(app)


def test_what_an_app_raises_goes_on() -> None:
    """The referee judges messages, not exceptions."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        call(app)


def test_an_app_returns_none() -> None:
    """A return value is a misunderstanding that servers ignore or log."""

    async def app(scope: Any, receive: Any, send: Any) -> str:
        await send(START)
        await send(BODY)
        return "hello"

    with pytest.raises(ASGIViolation, match="The app returned 'hello'"):
        call(app)


def test_a_malformed_scope_names_the_connection() -> None:
    """Without a path the type of the scope is the name."""
    with pytest.raises(ASGIViolation, match="on the http connection"):
        Referee({"type": "http"})


def test_a_websocket_is_named_by_its_path() -> None:
    """A WebSocket has no method."""
    scope = {"type": "websocket", "asgi": {}, "path": "/ws", "headers": []}
    with pytest.raises(ASGIViolation, match="on WebSocket /ws"):
        Referee(scope).sent({"type": "websocket.send", "text": "a"})


@pytest.mark.parametrize("scope", [{"type": "sms"}, {}], ids=["unknown", "none"])
def test_an_unknown_protocol_passes_unseen(scope: dict[str, Any]) -> None:
    """There are no rules for what the specification does not know."""

    async def app(scope: Any, receive: Any, send: Any) -> int:
        await receive()
        await send({"type": "sms.send"})
        return 1

    assert call(app, scope) == [{"type": "sms.send"}]


def test_headers_from_a_generator_are_refused_before_they_are_lost() -> None:
    """A generator would be empty for the server."""

    def fields() -> Iterator[tuple[bytes, bytes]]:
        yield b"x-a", b"1"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": fields()})

    with pytest.raises(ASGIViolation, match="can be read only once"):
        call(app)


def test_the_referee_needs_no_http_library() -> None:
    """Any test suite can use it: importing it brings neither httpx nor the core."""
    code = "import yaat_testclient.referee, sys; print({'httpx', 'httpx2', 'yaat'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
