"""Requests and responses: what others had to mend in theirs, asked of ours."""

import gzip
import logging
from typing import Annotated, Any

import pytest

from yaat import HTTPException, Request, Response, Yaat
from yaat.connection import Connection
from yaat.cookies import InvalidCookie, format_set_cookie, parse_cookies
from yaat_typed import Header, TypedPlugin

from .asking import ask, is_linear, make_scope

NASTY = 'x\r\nset-cookie: a=b\r\n\r\n<script>alert("1")</script>'


def test_underscore_is_no_hyphen() -> None:
    """A proxy that removes `X-User` need not think of `X_User`: that is another header."""
    app = Yaat(autoload=False, plugins=[TypedPlugin()])

    @app.get("/")
    async def index(request: Request, x_user: Annotated[str, Header()] = "nobody") -> list[str]:
        return [x_user, request.headers.get("x-user", "nobody")]

    assert ask(app, headers=[(b"x_user", b"admin"), (b"X_USER", b"admin")]).text == '["nobody","nobody"]'
    assert ask(app, headers=[(b"x-user", b"somebody")]).text == '["somebody","somebody"]'


def test_repeated_headers_take_linear_time() -> None:
    """However often a name comes, nothing is joined again and again."""

    def prepare(count: int) -> Connection:
        fields = [(b"x-a", b"1"), (b"cookie", b"a=b"), (b"accept", b"a/b")] * count
        return Connection(make_scope(headers=[(b"host", b"good.example"), *fields]))

    def read(connection: Connection) -> Any:
        fresh = Connection(connection.scope)
        return fresh.headers.get_all("x-a"), fresh.headers["accept"], fresh.cookies, fresh.url

    assert is_linear(prepare, read)


def test_value_without_a_name_is_no_cookie() -> None:
    """A page of a neighbour can set `=__Host-user=admin`, which browsers send like a cookie of that name."""
    assert parse_cookies("=__Host-user=admin; ==__Host-user=admin; __Host-user=me") == {"__Host-user": "me"}
    assert parse_cookies("__Host-user; =__Host-user") == {}


@pytest.mark.parametrize("mark", ['"', "[", "]", ",", "(", "\\", "\x0b", "\x85"])
def test_only_a_semicolon_ends_a_cookie(mark: str) -> None:
    """What is inside a value for a browser begins no other cookie here, such as one against forged forms."""
    assert set(parse_cookies(f"a=x{mark} token=evil; b=y")) == {"a", "b"}


def test_malformed_cookies_fill_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """What is no cookie is left out without a word."""
    caplog.set_level(logging.DEBUG)
    parse_cookies("a b=1; \x00=2; é=3; ;;; =; " * 1000)
    assert caplog.records == []


@pytest.mark.parametrize(
    "attribute",
    [
        {"path": "/; Domain=evil.example"},
        {"path": "/\r\nSet-Cookie: a=b"},
        {"domain": "good.example; Secure"},
        {"domain": "good.example\x00"},
        {"samesite": "lax; Domain=evil.example"},
        {"max_age": "1; Domain=evil.example"},
        {"max_age": 1.5},
        {"expires": "Sun, 06 Nov 1994 08:49:37 GMT; Domain=evil.example"},
    ],
)
def test_attribute_of_a_cookie_adds_no_other(attribute: dict[str, Any]) -> None:
    """Whichever attribute comes from outside, it stays that attribute, or the cookie is refused."""
    with pytest.raises(InvalidCookie):
        format_set_cookie("a", "b", **attribute)


def test_attribute_has_one_name() -> None:
    """There is no second way, in capitals, past the check of an attribute."""
    capitals: dict[str, Any] = {"Domain": "good.example; Path=/"}
    with pytest.raises(TypeError):
        format_set_cookie("a", "b", **capitals)


@pytest.mark.parametrize("text", [NASTY, "x\ny", "x\ry", "x\x00y", "x\x0by"])
def test_value_of_a_header_ends_no_header(text: str) -> None:
    """What a handler lets through from outside becomes an error, not a header more."""
    app = Yaat(autoload=False)

    @app.get("/value")
    async def value(request: Request) -> Response:
        return Response(b"", headers={"x-a": text})

    @app.get("/name")
    async def name(request: Request) -> Response:
        return Response(b"", headers={f"x-{text}": "a"})

    @app.get("/error")
    async def error(request: Request) -> Response:
        raise HTTPException(400, headers={"x-a": text})

    for path in ("/value", "/name", "/error"):
        answer = ask(app, path)
        assert answer.status == 500
        assert not {"set-cookie", "x-a"} & set(dict(answer.headers))


@pytest.mark.parametrize("accept", [b"text/html", b"text/plain", b"application/json"])
def test_reason_of_an_error_is_content_alone(accept: bytes) -> None:
    """What an error says stands in no status line and in no header, and is escaped where it is in a page."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Request) -> Response:
        raise HTTPException(400, NASTY)

    answer = ask(app, headers=[(b"accept", accept)])
    assert answer.status == 400
    assert "script" not in str(answer.headers)
    assert accept != b"text/html" or "<script" not in answer.text


@pytest.mark.parametrize(
    "path", ["/a\nforged: line", "/a\r\nforged: line", "/\x1b[2Jforged: line", "/a\u2028forged: line"]
)
def test_path_begins_no_line_of_the_log(path: str, caplog: pytest.LogCaptureFixture) -> None:
    """A path is written as Python writes a text, so it ends no line and commands no terminal."""
    app = Yaat(autoload=False)

    @app.get("/{rest:path}")
    async def index(request: Request, rest: str) -> Response:
        raise ValueError

    ask(app, path)
    [message] = [record.getMessage() for record in caplog.records if record.name == "yaat.error"]
    assert "forged" in message
    assert message.isprintable()


def test_content_in_many_pieces_takes_linear_time() -> None:
    """However small the pieces are in which content comes, each is looked at once."""
    app = Yaat(autoload=False)

    @app.post("/")
    async def read(request: Request) -> str:
        return str(len(await request.body()))

    def send(count: int) -> None:
        assert ask(app, method="POST", chunks=[b"x"] * count).text == str(count)

    assert is_linear(lambda count: count, send, count=2_000)


def test_content_is_never_unpacked() -> None:
    """A small content stays small: who wants it unpacked does that, with a limit of their own."""
    app, packed = Yaat(autoload=False), gzip.compress(bytes(10_000_000))

    @app.post("/")
    async def read(request: Request) -> str:
        return str(len(await request.body()))

    headers = [(b"content-encoding", b"gzip"), (b"content-type", b"application/json")]
    assert ask(app, method="POST", headers=headers, chunks=[packed]).text == str(len(packed))


class Page:
    """A view with more than handlers."""

    def get(self, request: Request) -> str:
        """Answer GET."""
        return "page"

    def _purge(self, request: Request) -> str:
        return "purged"

    def purge(self, request: Request) -> str:
        """Do what no client may ask for."""
        return "purged"


@pytest.mark.parametrize("method", ["_PURGE", "PURGE", "__INIT__", "__CLASS__", "GET "])
def test_method_of_a_request_finds_no_attribute(method: str) -> None:
    """What a view answers is known when the app is built; no client names a function of it."""
    app = Yaat(autoload=False)
    app.add_route("/", Page)
    answer = ask(app, method=method)
    assert (answer.status, "purged" in answer.text) == (405, False)
    assert answer["allow"] == "GET, HEAD, OPTIONS"
