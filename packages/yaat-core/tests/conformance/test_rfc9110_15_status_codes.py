"""RFC 9110 §15: what the statuses that Yaat sends by itself demand."""

import json
from typing import Any

import pytest

from yaat import HTTPException, Request, Response, Yaat
from yaat.conditional import check_preconditions, make_conditional
from yaat.exceptions import find_phrase
from yaat.responses import TextResponse

from ..asgi_driver import ask


def make_app() -> Yaat:
    """Return an app that reads JSON, shows a page, and has a mistake."""
    app = Yaat(autoload=False, max_body_bytes=10)

    @app.post("/json")
    async def read(request: Request[Any]) -> Any:
        return await request.json()

    @app.get("/page")
    async def show(request: Request[Any]) -> Response:
        response = TextResponse("page", headers={"cache-control": "max-age=60", "expires": "0", "vary": "accept"})
        response.headers["content-location"] = "/page.txt"
        response.headers["date"] = "Fri, 06 Nov 2026 08:49:37 GMT"
        return make_conditional(request, response, etag="v1", last_modified=0)

    @app.put("/page")
    async def write(request: Request[Any]) -> None:
        check_preconditions(request, etag="v1")

    @app.get("/bug")
    async def fail() -> str:
        raise RuntimeError("secret")

    return app


def test_15_3_5_204_ends_with_its_headers() -> None:
    """§15.3.5: a 204 is terminated by the end of the header section; it has no content."""
    answer = ask(make_app(), "PUT", "/page")
    assert (answer.status, answer.body) == (204, b"")


def test_15_4_5_304_has_the_fields_a_200_would_have() -> None:
    """§15.4.5: Content-Location, Date, ETag, Vary, Cache-Control and Expires are sent as in a 200."""
    full = dict(ask(make_app(), "GET", "/page").headers)
    answer = ask(make_app(), "GET", "/page", headers=[("if-none-match", '"v1"')])
    assert answer.status == 304
    kept = {"content-location", "date", "etag", "vary", "cache-control", "expires"}
    assert dict(answer.headers) == {name: full[name] for name in kept}


def test_15_4_5_304_ends_with_its_headers() -> None:
    """§15.4.5: a 304 is terminated by the end of the header section; it has no content."""
    answer = ask(make_app(), "GET", "/page", headers=[("if-none-match", '"v1"')])
    assert answer.body == b""
    assert len(answer.messages) == 2


@pytest.mark.parametrize(
    ("status_code", "method", "path", "options"),
    [
        (400, "POST", "/json", {"body": b"{", "headers": [("content-type", "application/json")]}),
        (404, "GET", "/missing", {}),
        (405, "GET", "/json", {}),
        (412, "PUT", "/page", {"headers": [("if-match", '"v0"')]}),
        (412, "GET", "/page", {"headers": [("if-match", '"v0"')]}),
        (413, "POST", "/json", {"body": b"[1,2,3,4,5,6]", "headers": [("content-type", "application/json")]}),
        (415, "POST", "/json", {"body": b"{}", "headers": [("content-type", "text/plain")]}),
        (500, "GET", "/bug", {}),
    ],
)
def test_15_5_errors_explain_themselves(status_code: int, method: str, path: str, options: Any) -> None:
    """§15.5, §15.6: except for HEAD, the server should send a representation that explains the error."""
    answer = ask(make_app(), method, path, **options)
    problem = json.loads(answer.body)
    assert (answer.status, problem["status"], problem["title"]) == (status_code, status_code, find_phrase(status_code))
    assert "secret" not in answer.text


def test_15_5_6_405_has_allow() -> None:
    """§15.5.6: the origin server must generate Allow in a 405."""
    assert ask(make_app(), "GET", "/json")["allow"] == "OPTIONS, POST"


def test_15_1_other_statuses_are_sent_as_they_are() -> None:
    """§15.1: status codes are extensible; one without a phrase is sent too."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> str:
        raise HTTPException(599, "Odd.")

    answer = ask(app, "GET", "/")
    assert (answer.status, json.loads(answer.body)["detail"]) == (599, "Odd.")
