"""A status, headers and content, and how they are sent."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yaat import Request, Response, Yaat
from yaat.cookies import InvalidCookie
from yaat.exceptions import ClientDisconnect, ResponseError
from yaat.headers import InvalidHeader, MutableHeaders
from yaat.json_codec import encode_json
from yaat.response import LENGTH_FIELDS, has_content
from yaat.responses import StreamResponse

from .asgi_driver import Answer, ask, make_scope
from .asgi_exchange import Exchange


def serve(response: Response, method: str = "GET") -> Answer:
    """Return what an app answers whose handler returns *response*."""
    app = Yaat(autoload=False)

    @app.route("/", ["GET", "POST"])
    async def show() -> Response:
        return response

    return ask(app, method, "/")


# --- content ---


@pytest.mark.parametrize(
    ("content", "body"),
    [("ä", b"\xc3\xa4"), (b"a", b"a"), (bytearray(b"a"), b"a"), (memoryview(b"a"), b"a"), ("", b""), (None, b"")],
)
def test_content_is_text_or_bytes(content: Any, body: bytes) -> None:
    """Text is sent as UTF-8, bytes as they are, and `None` as nothing."""
    assert Response(content).body == body
    assert serve(Response(content, media_type="a/b")).body == body


class Text(str):
    """A kind of text."""


def test_kind_of_text_is_text() -> None:
    """A subclass of `str` is text."""
    assert Response(Text("a")).body == b"a"


@pytest.mark.parametrize("content", [{"a": 1}, 1, object(), ["a"]])
def test_other_content_is_refused(content: Any) -> None:
    """Content of another type is refused where it is given, and the message names what to use."""
    with pytest.raises(ResponseError, match="Response takes str or bytes as content, not .* use JSONResponse"):
        Response(content)


def test_content_can_be_replaced() -> None:
    """The content may be changed before it is sent, and the length follows."""
    response = Response("a", media_type="a/b")
    response.body = b"abc"
    answer = serve(response)
    assert (answer.body, answer["content-length"]) == (b"abc", "3")


class Shouting(Response):
    """A response with its own way to make bytes."""

    media_type = "text/loud"

    def render(self, content: Any) -> bytes | None:
        """Return *content* in upper case."""
        return str(content).upper().encode()


@pytest.mark.parametrize(
    "content",
    [
        1j,
        pytest.param(Text("1j"), id="kind of text"),
        pytest.param("1j", id="text"),
    ],
)
def test_subclass_has_its_own_way_to_make_bytes(content: Any) -> None:
    """A subclass that overrides `render` makes the bytes of whatever content it is given."""
    assert Shouting(content).body == b"1J"


def test_length_is_that_of_the_bytes() -> None:
    """Content-Length counts bytes, for short and long content."""
    assert serve(Response("ä", media_type="a/b"))["content-length"] == "2"
    assert serve(Response(b"x" * 5000, media_type="a/b"))["content-length"] == "5000"
    assert serve(Response(b"", media_type="a/b"))["content-length"] == "0"
    assert LENGTH_FIELDS[7] == (b"content-length", b"7")


def test_length_that_was_set_is_put_right() -> None:
    """A Content-Length that somebody set is replaced by the true one."""
    answer = serve(Response("abc", headers={"Content-Length": "100"}))
    assert answer["content-length"] == "3"


def test_content_of_a_stream_is_not_known() -> None:
    """The content of a stream cannot be asked for."""
    with pytest.raises(ResponseError, match="content of a StreamResponse is not known before it is sent"):
        _ = StreamResponse([b"a"]).body


def test_complete_gives_what_is_there() -> None:
    """Completing a response whose content is there gives that."""
    assert Response("a").complete(encode_json) == b"a"


# --- type ---


@pytest.mark.parametrize(
    ("media_type", "field"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("text/css; charset=ascii", "text/css; charset=ascii"),
        ("text/css; Charset=ascii", "text/css; Charset=ascii"),
        ("application/json", "application/json"),
        ("image/png", "image/png"),
    ],
)
def test_media_type_is_sent(media_type: str, field: str) -> None:
    """The media type is the Content-Type; a text that names no charset is UTF-8."""
    assert serve(Response("a", media_type=media_type))["content-type"] == field


@pytest.mark.parametrize(
    "length",
    [
        1,
        1024,
    ],
)
def test_response_has_no_type_unless_told(length: int) -> None:
    """A plain response has no Content-Type."""
    assert serve(Response(b"x" * length)).headers == [("content-length", str(length))]


def test_class_has_a_type() -> None:
    """A class of responses has the type it names; an instance may have another one, and so may a header."""
    assert Shouting(1).headers["content-type"] == "text/loud; charset=utf-8"
    assert Shouting(1, media_type="a/b").headers["content-type"] == "a/b"
    assert Shouting(1, headers={"Content-Type": "a/b"}).headers.get_all("content-type") == ["a/b"]


# --- headers ---


def test_headers_are_sent_in_lower_case() -> None:
    """Headers are sent as ASGI wants them, from the constructor and from later."""
    response = Response("a", headers={"X-One": "1"})
    response.headers["X-Two"] = "2"
    assert isinstance(response.headers, MutableHeaders)
    assert serve(response).headers == [("x-one", "1"), ("x-two", "2"), ("content-length", "1")]


@pytest.mark.parametrize("character", ["\r", "\n", "\x00"])
def test_header_that_could_end_early_is_refused(character: str) -> None:
    """CR, LF and NUL are refused when a header is set, wherever that is, so none reaches the server."""
    value = f"a{character}set-cookie: b=c"
    response = Response("a")
    for attempt in (
        lambda: Response("a", headers={"x-one": value}),
        lambda: Response("a", headers={value: "a"}),
        lambda: Response("a", media_type=value),
        lambda: response.headers.append("x-one", value),
        lambda: response.headers.__setitem__("x-one", value),
        lambda: response.headers.setdefault("x-one", value),
    ):
        with pytest.raises(InvalidHeader):
            attempt()
    assert response.headers.raw == []


def test_header_that_is_refused_becomes_one_error() -> None:
    """A handler that sets such a header answers with 500, and nothing of the header is sent."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request[Any]) -> Response:
        return Response("a", headers={"x-name": request.query_params["name"]})

    assert ask(app, "GET", "/?name=a")["x-name"] == "a"
    answer = ask(app, "GET", "/?name=a%0D%0Aset-cookie:%20b=c")
    assert answer.status == 500
    assert not {"x-name", "set-cookie"} & dict(answer.headers).keys()


# --- cookies ---


def test_several_cookies_are_sent() -> None:
    """Each cookie has its own Set-Cookie header."""
    response = Response("a")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", path=None, samesite=None)
    cookies = [value for name, value in serve(response).headers if name == "set-cookie"]
    assert cookies == ["a=1; Path=/; SameSite=Lax", "b=2"]


def test_cookie_has_all_attributes() -> None:
    """Every attribute that a cookie may have can be set."""
    response = Response("a")
    response.set_cookie(
        "a",
        "1",
        max_age=timedelta(minutes=1),
        expires=datetime(2026, 11, 6, tzinfo=UTC),
        path="/x",
        domain="example.com",
        secure=True,
        httponly=True,
        samesite="none",
        partitioned=True,
    )
    parts = response.headers["set-cookie"].split("; ")
    assert sorted(parts) == [
        "Domain=example.com",
        "Expires=Fri, 06 Nov 2026 00:00:00 GMT",
        "HttpOnly",
        "Max-Age=60",
        "Partitioned",
        "Path=/x",
        "SameSite=None",
        "Secure",
        "a=1",
    ]


def test_cookie_that_could_end_early_is_refused() -> None:
    """A cookie that could change the header it stands in is refused."""
    response = Response("a")
    with pytest.raises(InvalidCookie):
        response.set_cookie("a", "b", path="/\r\nx: y")
    assert response.headers.raw == []


@pytest.mark.parametrize("options", [{}, {"max_age": 5}], ids=["short", "long"])
@pytest.mark.parametrize("value", [5, b"abc", None, ["a"], True], ids=repr)
def test_a_cookie_is_made_of_texts(value: Any, options: dict[str, Any]) -> None:
    """Python's form of anything else is nothing for a client; nothing of it is kept."""
    response = Response("")
    with pytest.raises(InvalidCookie, match=rf"^The cookie value {re.escape(repr(value))} is no str; use str\(…\)\.$"):
        response.set_cookie("a", value, **options)
    with pytest.raises(InvalidCookie, match=rf"^The cookie name {re.escape(repr(value))} is no str"):
        response.set_cookie(value, "a", **options)
    assert "set-cookie" not in response.headers


def test_cookie_is_deleted() -> None:
    """Deleting a cookie tells the client that it has expired, at the same path and domain."""
    response = Response("a")
    response.delete_cookie("a", path="/x", domain="example.com", secure=True)
    parts = response.headers["set-cookie"].split("; ")
    assert {"Max-Age=0", "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Path=/x", "Domain=example.com", "Secure"} <= set(
        parts
    )


# --- sending ---


async def test_response_is_an_asgi_app() -> None:
    """A response can be awaited with scope, receive and send, as raw ASGI middleware does."""
    exchange = Exchange()
    await exchange.serve(Response("a", 201, {"x-one": "1"}))
    assert exchange.sent == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x-one", b"1"), (b"content-length", b"1")]},
        {"type": "http.response.body", "body": b"a"},
    ]


@pytest.mark.parametrize("length", [1, 5000])
def test_head_has_the_length_and_no_content(length: int) -> None:
    """HEAD is answered with the headers that GET has, and without content."""
    answer = serve(Response(b"x" * length), "HEAD")
    assert (answer.body, answer["content-length"]) == (b"", str(length))


@pytest.mark.parametrize("status_code", [204, 304])
def test_status_without_content_has_none(status_code: int) -> None:
    """204 and 304 are sent without content and without a length of it (RFC 9110 §6.4.1)."""
    answer = serve(Response(b"abc", status_code, {"x-one": "1"}))
    assert (answer.status, answer.body, answer.headers) == (status_code, b"", [("x-one", "1")])
    assert not has_content(status_code)


def test_304_may_tell_the_length_of_what_it_stands_for() -> None:
    """A Content-Length that a handler sets on a 304 is sent: it is that of the 200 (RFC 9110 §8.6)."""
    assert serve(Response(b"", 304, {"content-length": "5"}))["content-length"] == "5"
    assert "content-length" not in dict(serve(Response(b"", 204, {"content-length": "5"})).headers)


async def test_client_that_has_left_is_told_apart_from_other_errors() -> None:
    """Sending to a client that has left raises the typed exception."""
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    with pytest.raises(ClientDisconnect, match="before it had the response"):
        await Response("a")(make_scope("GET", "/"), exchange.receive, exchange.send)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_client_that_has_left_is_no_failure(method: str, caplog: pytest.LogCaptureFixture) -> None:
    """A client that leaves before it has the response is nobody's mistake: nothing is raised or logged."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> str:
        exchange.leave(breaks_send=True)
        return "a"

    exchange = Exchange()
    await exchange.serve(app, method)
    assert (exchange.sent, caplog.records) == ([], [])


def test_representation_shows_the_status() -> None:
    """A response shows its class and status, and nothing of its content."""
    assert repr(Response("secret", 404)) == "<Response 404>"


def test_all_headers_of_another_response_can_be_given() -> None:
    """Headers of another response come with every value, each cookie among them."""
    first = Response()
    first.set_cookie("a", "1")
    first.set_cookie("b", "2")
    assert Response(headers=first.headers).headers.multi_items() == first.headers.multi_items()
