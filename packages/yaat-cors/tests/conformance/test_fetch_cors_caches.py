"""Fetch standard, "CORS protocol and HTTP caches": what an answer depends on, it says."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.responses import TextResponse
from yaat_cors import CORSPlugin

ORIGIN = "https://app.example"
Fetch = Callable[..., Any]
MakeApp = Callable[..., Yaat]


@pytest.mark.parametrize("origin", [None, ORIGIN, "https://evil.example", "null"])
@pytest.mark.parametrize("path", ["/", "/broken", "/unknown"])
def test_answer_that_depends_on_the_origin_says_so(
    make_app: MakeApp, fetch: Fetch, origin: str | None, path: str
) -> None:
    """Also when the request has none: else a cache would give that answer to a page."""
    assert "origin" in fetch(make_app(CORSPlugin(allow_origins=[ORIGIN])), path, origin=origin).vary


@pytest.mark.parametrize("origin", [None, ORIGIN])
def test_public_answer_does_not_depend_on_the_origin(make_app: MakeApp, fetch: Fetch, origin: str | None) -> None:
    """With `*` the header is there for everybody, so one kept answer serves all."""
    answer = fetch(make_app(CORSPlugin(allow_origins=["*"])), origin=origin)
    assert (answer.get("access-control-allow-origin"), answer.vary) == ("*", set())


def test_what_varies_already_varies_by_the_origin_too(make_app: MakeApp, fetch: Fetch) -> None:
    """Vary is extended, not replaced, and names each header once."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN]))

    @app.get("/varied")
    async def varied(request: Request) -> TextResponse:
        return TextResponse("", headers={"Vary": "Accept-Encoding, origin"})

    assert fetch(app, "/varied").get_all("vary") == ["Accept-Encoding, origin"]


def test_preflight_depends_on_all_that_it_reads(make_app: MakeApp, fetch: Fetch) -> None:
    """The answer to one question is never taken for the answer to another."""
    questions = {
        "access-control-request-method",
        "access-control-request-headers",
        "access-control-request-private-network",
    }
    app = make_app(CORSPlugin(allow_origins=[ORIGIN]))
    assert fetch(app, origin=ORIGIN, asks="GET").vary == {"origin", *questions}
    assert fetch(app, origin="https://evil.example", asks="GET").vary == {"origin", *questions}
    assert fetch(make_app(CORSPlugin(allow_origins=["*"])), origin=ORIGIN, asks="GET").vary == questions
