"""The app as `yaat dev` serves it, and what stands in for it."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from yaat_cli.dev.serving import format_failure
from yaat_cli.dev.stage import Stage
from yaat_cli.errors import CommandFailed
from yaat_cli.exchange import Received, Sent, run_lifespan, send_request
from yaat_cli.finding import find_target

Write = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What lifespans log is the stage's to tell."""
    logger = logging.getLogger("yaat.lifespan")
    logger.propagate, before = False, logger.propagate
    yield
    logger.propagate = before


def serve(accept: str = "text/plain") -> tuple[list[str], Received]:
    """Return what the terminal is told, and the answer to a request."""
    told: list[BaseException] = []
    stage = Stage(find_target(), told.append)

    async def ask() -> Received:
        async with run_lifespan(stage) as state:
            return await send_request(stage, Sent(path="/any?x=1", headers=(("accept", accept),)), state=state)

    received = asyncio.run(ask())
    return [f"{type(error).__name__}: {error}" for error in told], received


def test_an_app_that_works_is_served_with_debug_on(write: Write) -> None:
    """And nothing is told."""
    write("app.py", "from yaat import Yaat\napp = Yaat(autoload=False)\napp.get('/any')(lambda r: str(app.debug))\n")
    told, received = serve()
    assert (told, received.status, bytes(received.body)) == ([], 200, b"True")


def test_an_app_of_another_kind_is_served(write: Write) -> None:
    """With or without a lifespan."""
    source = """
    async def app(scope, receive, send):
        if scope["type"] != "http":
            raise NotImplementedError
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})
    """
    write("app.py", source)
    assert serve()[1].status == 204


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(:\n", "SyntaxError"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("from yaat import Yaat\napp = Yaat(autoload=False, plugins=['nothing'])\n", "names 'nothing'"),
        (
            "from yaat import Yaat\nasync def fail(): raise OSError('no database')\n"
            "app = Yaat(autoload=False, on_startup=[fail])\n",
            "OSError: no database",
        ),
        ("x = 1\n", "app has no app"),
    ],
)
@pytest.mark.parametrize("accept", ["text/plain", "text/html", "application/json"])
def test_an_app_that_does_not_start_shows_why(write: Write, source: str, message: str, accept: str) -> None:
    """In the terminal once, and to every client on every path, in the form that it prefers."""
    write("app.py", source)
    told, received = serve(accept)
    assert (len(told), message in told[0] or message in received.body.decode()) == (1, True)
    assert received.status == 500
    assert received.find_header("content-type").partition(";")[0] in (accept, "application/problem+json")


def test_the_way_to_the_app_is_not_shown(write: Write) -> None:
    """Only the user's own code is to be mended."""
    write("app.py", "1 / 0\n")
    assert b"stage.py" not in serve()[1].body


def test_another_app_that_does_not_start_tells_what_it_said(write: Write) -> None:
    """All that ASGI passes on is a text."""
    source = """
    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no queue"})
    """
    write("app.py", source)
    assert serve()[0] == ["ConfigurationError: no queue"]


def test_a_websocket_to_what_stands_in_is_refused(write: Write) -> None:
    """There is nothing to talk to."""
    write("app.py", "1 / 0\n")
    stage = Stage(find_target(), lambda error: None)
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(stage({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1011}]


def test_a_failure_is_told_in_few_lines(tmp_path: Path) -> None:
    """What a command would say is said as it is."""
    assert format_failure(CommandFailed("What.", "How."), tmp_path) == "What.\nHow."
    assert format_failure(ValueError("x"), tmp_path) == "ValueError: x"
