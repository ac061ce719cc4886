"""ASGI specification, "HTTP & WebSocket": the HTTP connection, its scope and its events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat import Request, Response, Yaat
from yaat.asgi import Message
from yaat.exceptions import ClientDisconnect
from yaat.responses import StreamResponse, TextResponse

from ..asgi_driver import Answer, ask, make_scope
from ..asgi_exchange import Exchange


def make_app(show: Any = lambda request: request.path) -> Yaat:
    """Return an app that tells what *show* sees in a request."""
    app = Yaat(autoload=False)

    @app.route("/{rest:path}", methods=["GET", "POST"])
    async def tell(request: Request, rest: str) -> str:
        return repr(show(request))

    return app


def see(show: Any, path: str = "/", /, **scope: Any) -> Any:
    """Return what *show* sees in a request with *scope*."""
    answer = ask(make_app(show), "GET", path, scope=scope)
    assert answer.status == 200, answer.text
    return eval(answer.text)


# --- HTTP connection scope ---


@pytest.mark.parametrize("version", ["1.0", "1.1", "2", "3"])
def test_http_version(version: str) -> None:
    """`http_version` is "1.0", "1.1", "2" and so on; requests are served alike."""
    assert see(lambda request: request.scope["http_version"], http_version=version) == version


def test_path_is_decoded() -> None:
    """`path` has its percent-encoding and its UTF-8 decoded."""
    assert see(lambda request: request.path, "/caf%C3%A9/%20") == "/café/ "


@pytest.mark.parametrize("raw_path", [None, b"/a%2Fb", b"/a/b"])
def test_raw_path_is_optional(raw_path: bytes | None) -> None:
    """`raw_path` may be missing or `None`: then `path` is all there is."""
    scope = {"path": "/a/b", "raw_path": raw_path}
    assert see(lambda request: request.path_params["rest"], **scope) == "a/b"


def test_query_string_is_bytes() -> None:
    """`query_string` is what stands after the question mark, as bytes and still encoded."""
    assert see(lambda request: request.query_params["q"], "/?q=%C3%A9+%26") == "é &"


@pytest.mark.parametrize(("root", "path", "rest"), [("", "/x", "x"), ("/app", "/app/x", "x"), ("/app", "/app", "")])
def test_root_path_is_part_of_path(root: str, path: str, rest: str) -> None:
    """`root_path` says where the app is mounted; `path` has it in it."""
    seen = see(lambda request: (request.path, request.path_params["rest"]), path, root_path=root)
    assert seen == (path, rest)


def test_headers_keep_their_order_and_their_repetitions() -> None:
    """`headers` are pairs of byte strings, in the order in which they came."""
    headers = [(b"x", b"1"), (b"y", b"2"), (b"x", b"3"), (b"z", b"\xe9")]
    assert see(lambda request: list(request.headers.raw), headers=headers) == headers


@pytest.mark.parametrize("headers", [[[b"x", b"1"]], ((b"x", b"1"),)], ids=["lists", "tuples"])
def test_headers_may_be_any_pairs(headers: Any) -> None:
    """Servers give pairs as tuples or as lists."""
    assert see(lambda request: request.headers["x"], headers=headers) == "1"


@pytest.mark.parametrize("key", ["client", "server", "state", "extensions"])
@pytest.mark.parametrize("is_missing", [False, True])
def test_optional_keys(key: str, is_missing: bool) -> None:
    """`client`, `server`, `state` and `extensions` may be missing or None."""
    scope = make_scope("GET", "/")
    scope.pop(key, None)
    if not is_missing:
        scope[key] = None
    exchange = Exchange()
    app = make_app(lambda request: (request.client, dict(request.state), request.url.path))
    asyncio.run(app(scope, exchange.receive, exchange.send))
    assert exchange.status == 200


def test_state_is_the_server_s_copy() -> None:
    """`state` is a copy of what the lifespan has filled: what a request adds is its own."""
    state = {"db": "database"}

    def add(request: Request) -> list[str]:
        request.state.own = 1
        return sorted(request.state)

    assert see(add, state=state) == ["db", "own"]
    assert see(lambda request: sorted(request.state), state={"db": "database"}) == ["db"]


# --- Request event ---


def post(*messages: Message) -> bytes:
    """Return what an app echoes that is given *messages*."""
    app = Yaat(autoload=False)

    @app.post("/")
    async def echo(request: Request) -> bytes:
        return await request.body()

    incoming = iter(messages)
    exchange = Exchange()

    async def receive() -> Message:
        return next(incoming)

    asyncio.run(app(make_scope("POST", "/"), receive, exchange.send))
    return exchange.body


def test_request_events_have_defaults() -> None:
    """Without a `body` there is none, and without `more_body` there is no more."""
    assert post({"type": "http.request"}) == b""
    assert post({"type": "http.request", "body": b"a"}) == b"a"


def test_request_content_comes_in_parts() -> None:
    """Content goes on until an event without `more_body`."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": True} for body in (b"a", b"", b"b")]
    assert post(*parts, {"type": "http.request", "body": b"c", "more_body": False}) == b"abc"


# --- Response start and response body ---


async def parts() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"b"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "BREW"])
@pytest.mark.parametrize("path", ["/text", "/stream", "/none", "/fail", "/nowhere"])
def test_every_response_is_one_start_and_a_body(method: str, path: str) -> None:
    """One `http.response.start`, then `http.response.body` until `more_body` is False; the referee checks the rest."""
    app = Yaat(autoload=False)
    app.add_route("/text", lambda request: "text", name="text")
    app.add_route("/stream", lambda request: StreamResponse(parts()), name="stream")
    app.add_route("/none", lambda request: TextResponse("", 204), name="none")
    app.add_route("/fail", lambda request: 1 // 0, name="fail")
    answer: Answer = ask(app, method, path)
    kinds = [message["type"] for message in answer.messages]
    assert kinds == ["http.response.start", *["http.response.body"] * (len(kinds) - 1)]
    assert [bool(message.get("more_body")) for message in answer.messages[1:]] == [True] * (len(kinds) - 2) + [False]


def test_response_headers_are_lower_case_bytes() -> None:
    """`headers` are pairs of byte strings, with names in lower case."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def answer(request: Request) -> Response:
        return TextResponse("a", headers={"X-Mixed-Case": "é"})

    [start, _] = ask(app, "GET", "/").messages
    assert (b"x-mixed-case", b"\xe9") in start["headers"]
    assert isinstance(start["status"], int)


# --- Disconnected client, and the disconnect event ---


async def test_sending_to_a_client_that_left() -> None:
    """`send` raises an `OSError` of the server's own kind when nobody is there any more; that ends the request."""

    class Closed(ConnectionResetError):
        pass

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        raise Closed

    exchange = Exchange()
    await make_app()(make_scope("GET", "/"), exchange.receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]


async def test_sending_early_hints_to_a_client_that_left(caplog: pytest.LogCaptureFixture) -> None:
    """Nor is it an error of the app when the client has left before its early hints."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def hint(request: Request) -> str:
        await request.send_early_hints("</app.css>; rel=preload")
        return ""

    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(app, extensions={"http.response.early_hint": {}})
    assert (exchange.sent, caplog.records) == ([], [])


async def test_the_disconnect_event() -> None:
    """`http.disconnect` while content is awaited is told to the handler, and nothing is sent."""
    app = Yaat(autoload=False)
    told: list[bool] = []

    @app.post("/")
    async def read(request: Request) -> bytes:
        try:
            return await request.body()
        except ClientDisconnect:
            told.append(True)
            raise

    exchange = Exchange(b"half", is_complete=False)
    exchange.leave()
    await exchange.serve(app, "POST")
    assert (told, exchange.sent) == ([True], [])


# --- Extensions ---


@pytest.mark.parametrize(
    ("extensions", "count"), [(None, 0), ({}, 0), ({"http.response.early_hint": {}}, 1), ({"x.unknown": {}}, 0)]
)
def test_extensions_are_used_where_they_are_offered(extensions: Any, count: int) -> None:
    """Messages of an extension are sent only to a server that says it has it."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def hint(request: Request) -> str:
        await request.send_early_hints("</app.css>; rel=preload")
        return ""

    messages = ask(app, "GET", "/", scope={"extensions": extensions}).messages
    assert [message["type"] for message in messages].count("http.response.early_hint") == count
