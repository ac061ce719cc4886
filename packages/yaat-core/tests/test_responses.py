"""The kinds of responses: text, HTML, JSON, redirects and streams."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Request, Response, Yaat
from yaat.exceptions import ClientDisconnect, ResponseError
from yaat.json_codec import encode_json
from yaat.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    StreamResponse,
    TextResponse,
    find_unencodable,
)

from .asgi_driver import Answer, ask
from .asgi_exchange import Exchange

PROPERTY = settings(deadline=None)


def serve(response: Any, method: str = "GET") -> Answer:
    """Return what an app answers whose handler returns *response*."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> Any:
        return response

    return ask(app, method, "/")


@pytest.mark.parametrize(
    ("response", "media_type", "body"),
    [
        (TextResponse("ä"), "text/plain; charset=utf-8", "ä"),
        (HTMLResponse("<p>ä"), "text/html; charset=utf-8", "<p>ä"),
        (JSONResponse({"a": "ä"}), "application/json", '{"a":"ä"}'),
        (JSONResponse(), "application/json", "null"),
        (StreamResponse([b"a", "ä"]), "application/octet-stream", "aä"),
    ],
)
def test_kind_has_its_type(response: Response, media_type: str, body: str) -> None:
    """Each kind has its media type and its way of writing content."""
    answer = serve(response)
    assert (answer.status, answer["content-type"], answer.text) == (200, media_type, body)


@pytest.mark.parametrize("make", [TextResponse, HTMLResponse, JSONResponse])
def test_status_headers_and_type_can_be_chosen(make: Any) -> None:
    """Each kind takes status, headers and media type."""
    answer = serve(make("a", 201, {"x-one": "1"}, "text/x"))
    assert (answer.status, answer["x-one"], answer["content-type"]) == (201, "1", "text/x; charset=utf-8")


# --- JSON ---


def test_json_of_a_handler_is_written_by_the_app() -> None:
    """The value is written after the handler has returned, once, by the app's codec."""
    response = JSONResponse([1])
    assert response.complete(lambda value: b"mine") == b"mine"
    assert response.complete(encode_json) == b"mine"
    assert serve(response).body == b"mine"


def test_json_can_be_asked_for_outside_an_app() -> None:
    """The body of a JSON response can be asked for without an app."""
    assert JSONResponse([1]).body == b"[1]"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [1, {2}]}, r"\$\.a\[1\] \(set\) cannot be written as JSON"),
        ({"a": {"b": float("nan")}}, r"\$\.a\.b \(float\) cannot be written as JSON"),
        (({1: 1, (1, 2): 2},), r"\$\[0\] \(dict\) cannot be written as JSON"),
        (object(), r"\$ \(object\) cannot be written as JSON"),
        (["\ud800"], r"\$\[0\] \(str\) cannot be written as JSON"),
    ],
)
def test_value_that_is_no_json_is_found(value: Any, message: str) -> None:
    """A value that JSON cannot hold is named with its place."""
    with pytest.raises(ResponseError, match=message):
        JSONResponse(value).complete(encode_json)


def test_value_that_is_no_json_is_one_error(caplog: pytest.LogCaptureFixture) -> None:
    """A handler whose value JSON cannot hold answers with one 500, logged once with the place of the value."""
    answer = serve({"a": float("nan")})
    assert answer.status == 500
    assert len(answer.messages) == 2
    [record] = caplog.records
    assert record.exc_info is not None
    assert "$.a (float) cannot be written as JSON" in str(record.exc_info[1])


def test_value_that_holds_itself_is_found_in_a_bounded_time() -> None:
    """The search for what JSON cannot hold ends, even where a value holds itself."""
    value: list[Any] = []
    value.append(value)
    assert find_unencodable(value, encode_json) == "$" + "[0]" * 20 + " (list)"


# --- redirects ---


def test_redirect_keeps_the_method_unless_told() -> None:
    """A redirect is a 307 without content; another status can be chosen."""
    answer = serve(RedirectResponse("/login?next=/a%20b"))
    assert (answer.status, answer["location"], answer.body) == (307, "/login?next=/a%20b", b"")
    assert serve(RedirectResponse("/", 303, {"x-one": "1"}))["x-one"] == "1"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://example.com/ä b?c=d&e=[f]#g", "https://example.com/%C3%A4%20b?c=d&e=[f]#g"),
        ("/a\r\nset-cookie: b=c", "/a%0D%0Aset-cookie:%20b=c"),
        ('/\x00\\<>"', "/%00%5C%3C%3E%22"),
        ("/\ud800a\udcff", "/%EF%BF%BDa%EF%BF%BD"),
        ("/\ud83d\ude00", "/%F0%9F%98%80"),
    ],
)
def test_location_holds_only_what_a_url_can(url: str, location: str) -> None:
    """What cannot stand in a URL is percent-encoded, so it can neither end the header nor be read as something else."""
    assert RedirectResponse(url).headers["location"] == location


def test_redirect_takes_the_url_of_a_route() -> None:
    """The URL that `url_for` gives can be redirected to."""
    app = Yaat(autoload=False)

    @app.get("/items/{id:int}")
    async def item(id: int) -> str:
        return str(id)

    @app.get("/old")
    async def old(request: Request[Any]) -> Response:
        return RedirectResponse(request.url_for("item", id=7, page=2))

    assert ask(app, "GET", "/old")["location"] == "/items/7?page=2"


@PROPERTY
@given(st.text(st.characters(exclude_categories=[])))
def test_any_location_can_be_sent(url: str) -> None:
    """Whatever the text, the Location is ASCII without blanks or control characters."""
    location = RedirectResponse("/" + url).headers["location"]
    assert location.isascii()
    assert location.isprintable()
    assert " " not in location


# --- streams ---


@pytest.mark.parametrize("content", ["text", b"bytes", 1, None, lambda: iter([b"a"])])
def test_stream_takes_an_iterable(content: Any) -> None:
    """What is not an iterable of parts is refused; the message says to call the generator function."""
    with pytest.raises(ResponseError, match=r"takes an iterable of str or bytes, not \w+. Call the generator function"):
        StreamResponse(content)


def test_stream_has_the_headers_it_is_given() -> None:
    """A stream has no Content-Length of its own, and keeps one that it is given."""
    assert serve(StreamResponse([b"a"])).headers == [("content-type", "application/octet-stream")]
    answer = serve(StreamResponse([b"a"], 201, {"content-length": "1"}, "text/csv"))
    assert answer.headers == [("content-type", "text/csv; charset=utf-8"), ("content-length", "1")]
    assert answer.status == 201


class Pulled:
    """An asynchronous iterator that is no generator."""

    def __init__(self) -> None:
        self.parts = [b"a", b"b"]
        self.is_closed = False

    def __aiter__(self) -> "Pulled":
        return self

    async def __anext__(self) -> bytes:
        if not self.parts:
            raise StopAsyncIteration
        return self.parts.pop(0)

    async def aclose(self) -> None:
        """Note it."""
        self.is_closed = True


def test_iterator_is_closed_at_its_end() -> None:
    """An iterator that can be closed is closed when all of it was sent."""
    stream = Pulled()
    assert serve(StreamResponse(stream)).body == b"ab"
    assert stream.is_closed


class Watched:
    """An iterable that notes what happens to it."""

    def __init__(self, *, is_async: bool) -> None:
        self.is_run = self.is_closed = False
        if is_async:
            self.aclose = self._aclose

    def __iter__(self) -> Any:
        self.is_run = True
        return iter([b"a"])

    def close(self) -> None:
        """Note it."""
        self.is_closed = True

    async def _aclose(self) -> None:
        self.close()


@pytest.mark.parametrize(("method", "status_code"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
@pytest.mark.parametrize("is_async", [False, True])
def test_stream_without_content_is_closed_without_being_run(method: str, status_code: int, is_async: bool) -> None:
    """For HEAD, 204 and 304 the headers are sent, and the iterator is closed without being run."""
    stream = Watched(is_async=is_async)
    answer = serve(StreamResponse(stream, status_code), method)
    assert (answer.status, answer.body) == (status_code, b"")
    assert (stream.is_run, stream.is_closed) == (False, True)


async def test_client_that_left_before_a_head_leaves_a_closed_stream() -> None:
    """A client that leaves before it has the headers is told apart from other errors, and the stream is closed."""
    stream = Watched(is_async=True)
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    with pytest.raises(ClientDisconnect, match="before it had the response"):
        await exchange.serve(StreamResponse(stream), "HEAD")
    assert (stream.is_run, stream.is_closed) == (False, True)


def test_stream_without_content_has_no_length() -> None:
    """A 204 has no Content-Length, not even one that was set on a stream (RFC 9110 §8.6)."""
    answer = serve(StreamResponse([b"a"], 204, {"content-length": "1"}))
    assert "content-length" not in dict(answer.headers)


@PROPERTY
@given(st.recursive(st.none() | st.integers() | st.just({1}), st.lists, max_leaves=10))
def test_place_of_what_is_no_json_exists(value: Any) -> None:
    """Whatever the value, the place that is found leads to something that JSON cannot hold."""
    place, _, kind = find_unencodable(value, encode_json).partition(" ")
    found = value
    for index in place.removeprefix("$").replace("]", "").split("[")[1:]:
        found = found[int(index)]
    assert kind == f"({type(found).__name__})"
    try:
        json.dumps(value)
    except TypeError:
        assert found == {1}
