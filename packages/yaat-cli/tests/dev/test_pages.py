"""What is shown of an error: a page, a problem document or text, and no secrets."""

import asyncio
from typing import Any

import pytest

from yaat import HTTPException, Yaat
from yaat_cli.dev.pages import format_page
from yaat_cli.dev.stage import prepare
from yaat_cli.exchange import Received, Sent, send_request


def make_app() -> Yaat:
    """Return an app with a mistake and a secret."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Any) -> Any:
        password = "hunter" + "2"
        return {"<b>": password}["missing"]

    @app.get("/raised")
    async def raised(request: Any) -> Any:
        raise HTTPException(500, "On purpose.")

    @app.get("/deep")
    async def deep(request: Any) -> Any:
        def fall(n: int) -> int:
            return fall(n + 1)

        return fall(0)

    return app


def ask(app: Yaat, accept: str, path: str = "/", *headers: tuple[str, str]) -> Received:
    """Return what a client gets that prefers some kind of answer."""
    return asyncio.run(send_request(app, Sent(path=path, headers=(("accept", accept), *headers))))


@pytest.fixture
def app() -> Yaat:
    """That app as `yaat dev` has it."""
    app = make_app()
    prepare(app)
    return app


def test_a_browser_is_shown_a_page_with_the_line(app: Yaat) -> None:
    """What happened, where, on which route."""
    received = ask(app, "text/html,*/*;q=0.8")
    page = received.body.decode()
    assert (received.status, received.find_header("content-type")) == (500, "text/html; charset=utf-8")
    assert [text for text in ("KeyError", "missing", "test_pages.py", "GET /") if text not in page] == []
    assert "tracerite" in page


def test_no_page_shows_values(app: Yaat) -> None:
    """No locals, no headers: only source, which whoever reads it has."""
    received = ask(app, "text/html", "/", ("authorization", "Bearer s3cret"))
    assert b"hunter2" not in received.body
    assert b"s3cret" not in received.body


def test_what_errors_say_is_escaped() -> None:
    """It may be what a stranger wrote."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Any) -> Any:
        raise ValueError(f"{request.query_params['x']}")

    prepare(app)
    received = ask(app, "text/html", "/?x=<script>alert(1)</script>")
    assert b"<script>alert" not in received.body
    assert b"alert(1)" in received.body


def test_curl_is_shown_text(app: Yaat) -> None:
    """It takes anything, and is read in a terminal."""
    received = ask(app, "*/*")
    assert received.find_header("content-type").startswith("text/plain")
    assert received.body.startswith(b"500 KeyError: 'missing'")


def test_a_program_is_shown_json(app: Yaat) -> None:
    """A problem document."""
    received = ask(app, "application/json")
    assert received.find_header("content-type") == "application/problem+json"
    assert b'"detail":"KeyError: \'missing\'"' in received.body


def test_an_error_on_purpose_stays_what_it_is(app: Yaat) -> None:
    """It is an answer, and no mistake."""
    received = ask(app, "text/plain", "/raised")
    assert (received.status, received.body.decode()) == (500, "500 Internal Server Error\nOn purpose.\n")


def test_endless_recursion_is_shown_too(app: Yaat) -> None:
    """On a page that a browser can open."""
    received = ask(app, "text/html", "/deep")
    assert b"RecursionError" in received.body
    assert len(received.body) < 2_000_000


def test_handlers_of_the_app_come_first() -> None:
    """What it shows to others, it shows here."""
    app = make_app()

    @app.exception_handler(KeyError)
    async def answer(request: Any, error: Exception) -> tuple[str, int]:
        return "Sorry", 503

    prepare(app)
    assert ask(app, "text/html").status == 503


def test_a_handler_for_500_is_left_in_place() -> None:
    """There can be only one."""
    app = make_app()

    @app.exception_handler(500)
    async def answer(request: Any, error: Exception) -> tuple[str, int]:
        return "Sorry", 500

    prepare(app)
    assert ask(app, "text/html").body == b"Sorry"


def test_what_cannot_be_shown_is_left_to_the_core() -> None:
    """An error in showing an error hides nothing."""
    assert format_page(None, ValueError("x")) is None
