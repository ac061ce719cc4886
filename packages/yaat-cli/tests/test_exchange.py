"""A request without a server."""

import asyncio
from typing import Any

import pytest

from yaat import Yaat
from yaat_cli.errors import CommandFailed
from yaat_cli.exchange import Received, Sent, make_scope, run_lifespan, send_request


async def ask(app: Any, request: Sent) -> Received:
    """Return the answer, with the lifespan around it."""
    async with run_lifespan(app) as state:
        return await send_request(app, request, state=state)


def test_a_path_is_sent_as_clients_write_it() -> None:
    """Escapes are kept in the raw path; a fragment stays at home."""
    scope = make_scope(Sent(path="/a%2Fb/ü?q=1&x=%20#top"), None)
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a/b/ü", b"/a%2Fb/%C3%BC", b"q=1&x=%20")


def test_headers_of_the_caller_replace_the_usual_ones() -> None:
    """And a content has its length."""
    scope = make_scope(Sent(path="/", headers=(("Accept", "text/html"),), body=b"12"), None)
    assert dict(scope["headers"])[b"accept"] == b"text/html"
    assert dict(scope["headers"])[b"content-length"] == b"2"


def test_the_lifespan_runs_around_the_request() -> None:
    """Its state is there."""
    told: list[str] = []

    async def lifespan(app: Any) -> Any:
        told.append("in")
        yield {"number": 7}
        told.append("out")

    app = Yaat(autoload=False, lifespan=lifespan)

    @app.get("/")
    async def index(request: Any) -> dict[str, int]:
        return {"number": request.state.number}

    received = asyncio.run(ask(app, Sent(path="/")))
    assert (received.status, bytes(received.body), told) == (200, b'{"number":7}', ["in", "out"])
    assert received.find_header("content-type") == "application/json"
    assert received.find_header("nothing") == ""


def test_parts_can_be_had_as_they_come() -> None:
    """They are not kept then."""
    parts: list[bytes] = []
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Any) -> str:
        return "Hello"

    received = asyncio.run(send_request(app, Sent(path="/"), on_body=parts.append))
    assert (b"".join(parts), bytes(received.body)) == (b"Hello", b"")


def test_an_app_without_a_lifespan_is_asked_all_the_same() -> None:
    """It says so by raising."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        await receive()
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    received = asyncio.run(ask(app, Sent(path="/")))
    assert (received.status, received.is_complete) == (204, True)


def test_an_app_may_wait_for_a_client_that_stays() -> None:
    """The client leaves when the app has ended."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiting = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    assert asyncio.run(send_request(app, Sent(path="/"))).status == 200


@pytest.mark.parametrize("phase", ["start", "stop"])
def test_an_app_that_does_not_start_or_stop_says_why(phase: str) -> None:
    """In one sentence."""

    async def fail() -> None:
        raise ValueError("no database")

    app = Yaat(autoload=False, on_startup=[fail] * (phase == "start"), on_shutdown=[fail] * (phase == "stop"))

    @app.get("/")
    async def index(request: Any) -> str:
        return "Hello"

    with pytest.raises(CommandFailed, match=f"The app did not {phase}: ValueError: no database"):
        asyncio.run(ask(app, Sent(path="/")))
