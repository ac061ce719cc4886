"""RFC 9110 §9.3.2: HEAD."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat import HTTPException, Request, Response, Yaat
from yaat.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamResponse, TextResponse

from ..asgi_driver import ask


async def generate() -> AsyncIterator[bytes]:
    """Make a part, which takes long."""
    yield b"a"


def make_response(name: str) -> Any:
    """Return what a handler returns."""
    response = TextResponse("a", 201, {"x-one": "1", "vary": "accept"})
    response.set_cookie("a", "b")
    responses: dict[str, Any] = {
        "text": response,
        "page": HTMLResponse("<p>" * 1000),
        "json": JSONResponse([1]),
        "redirect": RedirectResponse("/x"),
        "stream": StreamResponse(generate(), headers={"x-one": "1"}),
        "dict": {"a": 1},
        "str": "a",
        "bytes": b"a",
        "pair": ("a", 404),
        "empty": Response(b"", 204),
    }
    return responses[name]


NAMES = ["text", "page", "json", "redirect", "stream", "dict", "str", "bytes", "pair", "empty"]


@pytest.fixture
def app() -> Yaat:
    """An app with all kinds of responses."""
    app = Yaat(autoload=False)

    @app.get("/error")
    async def fail() -> str:
        raise HTTPException(418, "I am a teapot.")

    @app.get("/bug")
    async def break_down() -> str:
        raise RuntimeError

    @app.get("/{name}")
    async def show(request: Request[Any], name: str) -> Any:
        return make_response(name)

    return app


@pytest.mark.parametrize("name", [*NAMES, "error", "bug", "a/missing"])
def test_9_3_2_headers_are_those_of_get(app: Yaat, name: str) -> None:
    """§9.3.2: the server should send the same header fields in response to a HEAD as to a GET."""
    get, head = ask(app, "GET", f"/{name}"), ask(app, "HEAD", f"/{name}")
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize("name", [*NAMES, "error", "bug", "a/missing"])
def test_9_3_2_there_is_no_content(app: Yaat, name: str) -> None:
    """§9.3.2: the server must not send content in the response."""
    answer = ask(app, "HEAD", f"/{name}")
    assert answer.body == b""
    assert [message["type"] for message in answer.messages] == ["http.response.start", "http.response.body"]


def test_9_3_2_every_get_answers_head(app: Yaat) -> None:
    """§9.3.2: HEAD is identical to GET except for the content, so every GET route has it."""
    assert {ask(app, "HEAD", f"/{name}").status for name in NAMES} == {200, 201, 204, 307, 404}


def test_9_3_2_head_can_have_a_handler_of_its_own() -> None:
    """§9.3.2: fields that are determined only while content is made may be left out, by a handler for HEAD alone."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> str:
        raise AssertionError("GET is asked.")

    @app.head("/")
    async def peek() -> Response:
        return Response(b"", headers={"x-cheap": "yes"}, media_type="text/plain")

    assert ask(app, "HEAD", "/")["x-cheap"] == "yes"
