"""What went wrong, for the person who writes the app."""

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Middleware, Request, Router, Yaat
from yaat.debug_page import MAX_FRAMES, describe, format_page, format_traceback, list_facts
from yaat.error_response import PROBLEM

from .asgi_driver import Answer, ask, make_scope

PROPERTY = settings(deadline=None)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NASTY = "<script>alert('&\"')</script>"


class Around:
    """Middleware that does nothing."""

    def process_request(self, request: Request[Any]) -> None:
        """Do nothing."""


def make_app(error: Exception) -> Yaat:
    """Return an app that raises *error*, in debug mode."""
    app = Yaat(autoload=False, debug=True, middleware=[Around, Middleware(Around, name="<inner>")])
    router = Router()

    @router.get("/items/{id}")
    async def show(request: Request[Any], id: str) -> str:
        local_secret = "hunter" + "2"
        fail(error, local_secret)  # the line that raised
        return id

    app.mount("/shop", router)
    return app


def fail(error: Exception, secret: str) -> None:
    """Raise *error* one frame further in."""
    raise error


def ask_as(accept: str | None, error: Exception, path: str = "/shop/items/7") -> Answer:
    """Return what a client that accepts *accept* sees of *error*."""
    headers = [("x-secret", "hunter3"), ("cookie", "session=hunter4"), ("authorization", "hunter5")]
    if accept is not None:
        headers.append(("accept", accept))
    return ask(make_app(error), "GET", path, headers=headers)


def test_browser_sees_a_page() -> None:
    """A browser sees the error, the lines it came from, the innermost first, and the line that was running."""
    answer = ask_as(BROWSER, ValueError("no such item"))
    assert (answer.status, answer["content-type"]) == (500, "text/html; charset=utf-8")
    text = unescape(re.sub("<[^>]+>", "", answer.text))
    assert "ValueError: no such item" in text
    assert text.index("fail in ") < text.index("show in ")
    [hit] = [
        line for line in re.findall('<span class="hit">(.*?)</span>', answer.text) if "the line that raised" in line
    ]
    assert "fail(error, local_secret)" in hit


def test_page_shows_route_and_middleware() -> None:
    """The page shows the request, the route with the line that added it, and the middleware in its order."""
    answer = ask_as(BROWSER, ValueError())
    text = unescape(answer.text)
    assert "GET /shop/items/7" in text
    assert re.search(r"/items/\{id\} added at \S*test_debug_page.py:\d+ by the app", text)
    assert "Around of the app → <inner> of the app → handler" in text


@pytest.mark.parametrize("accept", [None, "*/*"])
def test_client_that_takes_anything_sees_text(accept: str | None) -> None:
    """A client that takes anything, such as curl, sees text that a terminal can show."""
    answer = ask_as(accept, ValueError("no such item"))
    assert (answer.status, answer["content-type"]) == (500, "text/plain; charset=utf-8")
    first, *_, last = answer.text.strip().splitlines()
    assert first == "500 ValueError: no such item"
    assert last == "ValueError: no such item"
    assert "request: GET /shop/items/7" in answer.text
    assert "fail(error, local_secret)" in answer.text


@pytest.mark.parametrize("accept", ["application/json", PROBLEM, "application/json, text/html;q=0.5"])
def test_program_sees_a_problem_document(accept: str) -> None:
    """A program that asks for JSON sees a problem document with the traceback."""
    answer = ask_as(accept, ValueError("no such item"))
    problem = json.loads(answer.body)
    assert (answer.status, answer["content-type"]) == (500, PROBLEM)
    assert problem["detail"] == "ValueError: no such item"
    assert problem["request"] == "GET /shop/items/7"
    assert problem["middleware"].endswith("→ handler")
    assert problem["traceback"][-1] == "ValueError: no such item"


def test_client_that_wants_text_sees_text() -> None:
    """A client that asks for text sees text."""
    assert ask_as("text/plain", ValueError())["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("accept", [BROWSER, "application/json", "*/*"])
def test_no_secret_is_shown(accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither locals nor headers nor the environment are shown, in any form."""
    monkeypatch.setenv("SECRET", "hunter6")
    answer = ask_as(accept, ValueError())
    assert not re.search(r"hunter[2-6]", answer.text)


def test_everything_is_escaped() -> None:
    """Whatever comes from outside is escaped: the text of the error, its notes and its cause, and the path."""
    error = ValueError(NASTY)
    error.add_note(NASTY)
    error.__cause__ = KeyError(NASTY)
    answer = ask_as(BROWSER, error, "/shop/items/%3Cscript%3E")
    assert "<script" not in answer.text
    assert unescape(answer.text).count(NASTY) >= 3
    assert "GET /shop/items/<script>" in unescape(answer.text)


def test_cause_is_shown() -> None:
    """An error that was raised from another one is shown with it."""
    error = ValueError("second")
    error.__cause__ = KeyError("first")
    for accept in (BROWSER, "*/*", "application/json"):
        assert "KeyError: 'first'" in unescape(ask_as(accept, error).text).replace('\\"', '"')


class Unprintable(Exception):
    """An error without a text."""

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("accept", [BROWSER, "*/*", "application/json"])
@pytest.mark.parametrize("error", [ValueError("half \ud800"), Unprintable()], ids=["surrogate", "unprintable"])
def test_text_that_cannot_be_written_does_not_matter(accept: str, error: Exception) -> None:
    """An error whose text cannot be had, or not be written as UTF-8, is shown all the same."""
    answer = ask_as(accept, error)
    assert answer.status == 500
    assert r"\ud800" in answer.text.replace("\\\\", "\\") or "Unprintable: <exception str() failed>" in unescape(
        answer.text
    )


def recurse(depth: int) -> None:
    """Raise far down."""
    if not depth:
        raise ValueError("far down")
    recurse(depth - 1)


def test_page_of_a_deep_stack_is_bounded() -> None:
    """Of a very deep stack the page shows the innermost frames with their lines."""
    error = catch(200)
    page = format_page(Request(make_scope("GET", "/")), error)
    assert page.count("<h2>") == MAX_FRAMES
    assert page.index("recurse in") < page.index("<details>")


def catch(depth: int) -> Exception:
    """Return an error that was raised far down."""
    try:
        recurse(depth)
    except ValueError as error:
        return error
    raise AssertionError


def test_request_without_a_route_has_fewer_facts() -> None:
    """Where no route is known, the request alone is shown."""
    assert list_facts(Request(make_scope("POST", "/a?token=secret"))) == {"request": "POST /a"}


def test_frame_without_source_is_shown_without_lines() -> None:
    """Code without a file is shown by its name and line."""
    try:
        exec(compile("1 / 0", "<nowhere>", "exec"))
    except ZeroDivisionError as error:
        page = format_page(Request(make_scope("GET", "/")), error)
    assert "<h2>&lt;module&gt; in &lt;nowhere&gt;:1</h2><pre></pre>" in page


def test_debug_is_off_by_default() -> None:
    """Unless debug is on, nothing is shown of what went wrong."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> str:
        raise ValueError("secret")

    for accept in (BROWSER, "*/*", "application/json"):
        answer = ask(app, "GET", "/", headers=[("accept", accept)])
        assert answer.status == 500
        assert "secret" not in answer.text


@PROPERTY
@given(st.text(st.characters(exclude_categories=[])), st.text(st.characters(exclude_categories=[])))
def test_any_text_can_be_shown(text: str, path: str) -> None:
    """Whatever the error and the path say, the page is UTF-8 with everything escaped."""
    scope = make_scope("GET", "/")
    scope["path"] = f"/<{path}>"
    error = ValueError(f"<{text}>")
    page = format_page(Request(scope), error)
    page.encode()
    assert not re.search(
        r"<(?!/?(!doctype|html|head|meta|title|style|body|h1|h2|dl|dt|dd|pre|span|details|summary|footer)\b)", page
    )
    describe(error).encode()
    format_traceback(error).encode()
