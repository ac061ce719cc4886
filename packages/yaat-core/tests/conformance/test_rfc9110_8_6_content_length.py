"""RFC 9110 §8.6: Content-Length."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Response, Yaat
from yaat.responses import JSONResponse, StreamResponse, TextResponse

from ..asgi_driver import Answer, ask

PROPERTY = settings(deadline=None)


def serve(response: Any, method: str = "GET", **options: Any) -> Answer:
    """Return what an app answers whose handler returns *response*."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> Any:
        return response

    return ask(app, method, "/", **options)


def list_lengths(answer: Answer) -> list[str]:
    """Return the Content-Length fields of *answer*."""
    return [value for name, value in answer.headers if name == "content-length"]


@pytest.mark.parametrize(
    "response", [TextResponse("äöü"), JSONResponse({"ä": 1}), TextResponse("x" * 5000), "text", {"a": 1}]
)
def test_8_6_length_is_that_of_the_content(response: Any) -> None:
    """§8.6: Content-Length is the length of the content in octets."""
    answer = serve(response)
    assert list_lengths(answer) == [str(len(answer.body))]


@pytest.mark.parametrize("path", ["/missing", "/"])
def test_8_6_errors_have_a_length(path: str) -> None:
    """§8.6: a server should send Content-Length where the content is known in full, so with errors too."""
    app = Yaat(autoload=False)

    @app.post("/")
    async def show() -> str:
        return ""

    for accept in ("text/html", "text/plain", "application/json"):
        answer = ask(app, "GET", path, headers=[("accept", accept)])
        assert list_lengths(answer) == [str(len(answer.body))]


@pytest.mark.parametrize(
    "response", [TextResponse("äöü"), JSONResponse({"ä": 1}), TextResponse("x" * 5000), TextResponse("")]
)
def test_8_6_length_for_head_is_that_of_get(response: Response) -> None:
    """§8.6: in a response to HEAD it equals the length that the same request with GET would have had."""
    assert list_lengths(serve(response, "HEAD")) == list_lengths(serve(response))


@pytest.mark.parametrize("headers", [{}, {"content-length": "5"}])
@pytest.mark.parametrize("make", [Response, StreamResponse])
def test_8_6_no_length_in_a_204(make: Any, headers: dict[str, str]) -> None:
    """§8.6: a server must not send Content-Length in any response with a status of 1xx or 204."""
    assert list_lengths(serve(make(b"" if make is Response else [b"a"], 204, headers))) == []


def test_8_6_length_of_a_304_is_not_that_of_its_own_content() -> None:
    """§8.6: in a 304 it would have to equal that of the 200, so Yaat does not make one up."""
    assert list_lengths(serve(Response(b"", 304))) == []


async def generate() -> AsyncIterator[bytes]:
    """Yield a part."""
    yield b"a"


def test_8_6_stream_has_no_length() -> None:
    """§8.6: where the length is not known in advance, none is sent."""
    assert list_lengths(serve(StreamResponse(generate()))) == []


@pytest.mark.parametrize("declared", ["0", "1", "100", "-1", "ten", ""])
def test_8_6_length_is_never_a_lie(declared: str) -> None:
    """§8.6: a sender must not forward a length that is known to be incorrect: a wrong one that was set is replaced."""
    assert list_lengths(serve(TextResponse("abc", headers={"content-length": declared}))) == ["3"]


@PROPERTY
@given(st.text() | st.binary(), st.sampled_from(["GET", "HEAD"]), st.sampled_from([200, 201, 404, 500]))
def test_8_6_any_content_has_its_length(content: str | bytes, method: str, status_code: int) -> None:
    """§8.6: whatever the content, there is one length, and it is the right one."""
    answer = serve(TextResponse(content, status_code), method)
    length = len(content.encode() if isinstance(content, str) else content)
    assert list_lengths(answer) == [str(length)]
    assert len(answer.body) == (0 if method == "HEAD" else length)
