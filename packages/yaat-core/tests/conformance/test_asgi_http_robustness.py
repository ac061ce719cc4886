"""ASGI specification, "HTTP & WebSocket": whatever a server passes on, and whenever a client leaves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import HTTPException, Request, Response, Yaat
from yaat.asgi import Message, Scope
from yaat.background import BackgroundTask
from yaat.responses import StreamResponse, TextResponse

from ..asgi_driver import ask, make_scope
from ..asgi_exchange import Exchange

PROPERTY = settings(deadline=None)
#: The keys of a scope that are not optional.
REQUIRED = ("type", "asgi", "http_version", "method", "path", "query_string", "headers")


async def generate() -> AsyncIterator[str]:
    """Yield two parts."""
    yield "one"
    await asyncio.sleep(0)
    yield "two"


@pytest.fixture
def app() -> Yaat:
    """An app with all that a handler can do."""
    app = Yaat(autoload=False, max_body_bytes=100)

    @app.get("/")
    async def text(request: Request[Any]) -> Response:
        response = TextResponse(f"{request.path} {request.client} {len(request.query_params)}")
        response.set_cookie("A", "b")
        response.headers["X-Upper"] = "Case"
        return response

    @app.get("/url")
    async def url(request: Request[Any]) -> str:
        return f"{request.url} {request.url_for('item', id=7)}"

    @app.get("/stream")
    async def stream() -> Response:
        return StreamResponse(generate(), background=BackgroundTask(str))

    @app.get("/items/{id:int}")
    async def item(request: Request[Any], id: int) -> Any:
        return {"id": id}

    @app.post("/echo")
    async def echo(request: Request[Any]) -> bytes:
        return await request.body()

    @app.get("/teapot")
    async def teapot() -> str:
        raise HTTPException(418)

    @app.get("/bug")
    async def bug() -> str:
        raise RuntimeError

    return app


async def serve_raw(app: Yaat, scope: Scope) -> Exchange:
    """Return the exchange in which *app* has served *scope* as it is."""
    exchange = Exchange()
    await app(scope, exchange.receive, exchange.send)
    return exchange


PATHS = ["/", "/url", "/stream", "/items/7", "/items/x", "/echo", "/teapot", "/bug", "/missing", "//", "/%2F", ""]


def check(messages: list[Message]) -> None:
    """Check that *messages* are one whole response, in the types and the order of the specification."""
    start, *bodies = messages
    assert start["type"] == "http.response.start"
    assert type(start["status"]) is int
    assert 200 <= start["status"] <= 599
    for name, value in start["headers"]:
        assert (type(name), type(value)) == (bytes, bytes)
        assert name == name.lower()
        assert name not in (b"connection", b"transfer-encoding")
        assert not {0, 10, 13} & {*name, *value}
    assert all(body["type"] == "http.response.body" for body in bodies)
    assert all(type(body.get("body", b"")) is bytes for body in bodies)
    assert [bool(body.get("more_body", False)) for body in bodies] == [True] * (len(bodies) - 1) + [False]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", PATHS)
def test_response_is_one_start_and_its_body(app: Yaat, method: str, path: str) -> None:
    """Response Start comes first and once; Response Body messages follow, all but the last with `more_body`."""
    check(ask(app, method, path).messages)


@pytest.mark.parametrize("path", PATHS)
def test_optional_keys_may_be_missing(app: Yaat, path: str) -> None:
    """HTTP Connection Scope: scheme, raw_path, root_path, client, server, state and extensions are optional."""
    scope = make_scope("GET", path)
    exchange = asyncio.run(serve_raw(app, {name: scope[name] for name in REQUIRED}))
    check(exchange.sent)
    assert exchange.status == ask(app, "GET", path).status


async def test_receive_is_not_called_where_nothing_is_read(app: Yaat) -> None:
    """Request: content is read when somebody asks for it; an app need not receive anything."""
    exchange = Exchange()
    await exchange.serve(app)
    assert exchange.received == 0


@pytest.mark.parametrize("path", ["/", "/stream", "/missing", "/teapot", "/bug"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("count", [0, 1])
async def test_send_may_raise_when_the_client_has_left(
    app: Yaat, method: str, path: str, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Disconnected client: `send` raises OSError then, which is no error of the app."""
    exchange = Exchange()
    if count:
        exchange.leave_after(count, breaks_send=True)
    else:
        exchange.leave(breaks_send=True)
    await exchange.serve(app, method, path)
    assert len(exchange.sent) == count
    assert len(caplog.records) == (path == "/bug")


@PROPERTY
@given(
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "get", ""]),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | st.binary(),
    st.binary(),
    st.lists(st.tuples(st.sampled_from([b"host", b"accept", b"cookie", b"content-type", b"x"]), st.binary())),
    st.sampled_from(["", "/", "/echo", "/root"]),
)
def test_whatever_comes_there_is_one_response(
    method: str, path: str, raw_path: bytes | None, query: bytes, headers: list[tuple[bytes, bytes]], root_path: str
) -> None:
    """Whatever a server passes on from a client, the answer is exactly one well-formed response, and no 500."""
    app = Yaat(autoload=False)

    @app.route("/echo", ["GET", "POST"])
    @app.get("/{path:path}")
    async def show(request: Request[Any], path: str = "") -> Any:
        return [str(request.url), request.cookies, request.query_params.multi_items(), (await request.body()).hex()]

    scope = {**make_scope(method, "/"), "path": path, "raw_path": raw_path, "query_string": query}
    exchange = asyncio.run(serve_raw(app, {**scope, "headers": headers, "root_path": root_path}))
    check(exchange.sent)
    assert exchange.status < 500
