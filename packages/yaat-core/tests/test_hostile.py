"""Whatever a client sends, it gets exactly one well-formed response, nothing escapes the app, and the app lives on.

`YAAT_FUZZ_EXAMPLES=100000 pytest tests/test_hostile.py` looks longer.
"""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yaat import HTTPException, Middleware, Request, Response, Router, Yaat
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.exceptions import ContentTooLarge
from yaat.responses import JSONResponse, RedirectResponse, StreamResponse, TextResponse

from .asgi_driver import ask
from .referee import Referee

HOSTILE = settings(
    deadline=None,
    max_examples=int(os.environ.get("YAAT_FUZZ_EXAMPLES", "250")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LIMIT = 200


class OnPurpose(Exception):
    """What the apps here raise themselves; anything else in the log is a mistake of Yaat's."""


# --- apps with every kind of route ---


async def look(request: Request, **path_params: Any) -> Any:
    """Look at everything there is to a request."""
    with suppress(OSError):
        await request.send_early_hints("</a>; rel=preload")
    return {
        "method": request.method,
        "path": request.path,
        "url": str(request.url),
        "headers": [[name, value] for name, value in request.headers.items()],
        "cookies": request.cookies,
        "query": request.query_params.multi_items(),
        "client": request.client,
        "left": await request.is_disconnected(),
        "parameters": {name: str(value) for name, value in request.path_params.items()},
        "here": str(request.url_for("look", rest=request.path_params.get("rest", "x"))),
        "state": sorted(request.state),
    }


async def read(request: Request) -> bytes:
    return await request.body()


async def read_json(request: Request) -> Any:
    return JSONResponse(await request.json())


async def read_form(request: Request) -> Any:
    return (await request.form()).multi_items()


async def read_stream(request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"begin"
        try:
            async for chunk in request.stream():
                yield chunk
                await asyncio.sleep(0)
        except ContentTooLarge:
            yield b"and so on"

    return StreamResponse(parts())


def plain(request: Request, n: int) -> Any:
    return RunAfterResponse({"n": n}, BackgroundTask(str, n))


async def typed(request: Request, when: date, key: UUID, share: float) -> str:
    return f"{when} {key} {share}"


async def fail(request: Request, kind: str) -> None:
    if kind == "answer":
        raise HTTPException(418, f"<{kind}>", {"x-kind": "teapot"}, kind=kind)
    raise OnPurpose(kind)


class View:
    async def get(self, request: Request, name: str) -> str:
        return name

    async def delete(self, request: Request, name: str) -> None:
        return None


async def echo_scope(scope: Scope, receive: Receive, send: Send) -> None:
    """A mounted ASGI app."""
    await TextResponse(repr((scope["root_path"], scope["path"])))(scope, receive, send)


def fill(router: Router) -> None:
    """Put a route of every kind into *router*."""
    router.add_route("/", lambda request: "index", name="index")
    router.add_route("/static/path", lambda request: ("static", 201), name="static")
    router.add_route("/look/{rest:path}", look, ["GET", "POST", "QUERY", "BREW"])
    router.add_route("/plain/{n:int}", plain)
    router.add_route("/typed/{when}/{key}/{share}", typed)
    router.add_route("/part/{a}--{b}.{c}", look, name="part")
    router.add_route("/{one}/{two}", look, name="two")
    router.add_route("/view/{name}", View, name="view")
    router.add_route("/read", read, ["POST", "PUT"])
    router.add_route("/json", read_json, ["POST"], max_body_bytes=50)
    router.add_route("/form", read_form, ["POST"])
    router.add_route("/stream", read_stream, ["POST", "GET"])
    router.add_route("/cancel", read, ["POST", "GET"], on_disconnect="cancel", name="cancel")
    router.add_route("/away", lambda request: RedirectResponse(f"/look/{request.path}"), name="away")
    router.add_route("/fail/{kind}", fail)
    router.add_route("/host/{x}", look, host="{tenant}.example.com", name="host")


def pass_on(app: ASGIApp) -> ASGIApp:
    async def passing(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope}, receive, send)

    return passing


def stamp(request: Request) -> Generator[None, Response]:
    response = yield
    response.headers["x-stamp"] = "1"


async def wrap(request: Request) -> AsyncGenerator[Any, Response]:
    response = yield
    if response.status_code == 418:
        yield {"replaced": response.status_code}


class Pair:
    def process_request(self, request: Request) -> Any:
        return ("early", 202) if request.headers.get("x-early") else None

    async def process_response(self, request: Request, response: Response) -> None:
        response.set_cookie("seen", "1")


def make_app(**options: Any) -> Yaat:
    app = Yaat(autoload=False, max_body_bytes=LIMIT, **options)
    fill(app)
    router, child = Router(), Yaat(autoload=False, exception_handlers={404: lambda request, error: ("child", 404)})
    fill(router)
    fill(child)
    app.mount("/router", router, name="router")
    app.mount("/child", child, name="child")
    tenant = Router()
    tenant.add_route("/{rest:path}", look, name="tenant")
    app.mount("/in/{place}", tenant)
    app.mount("/asgi", echo_scope)
    app.mount("/asgi/{place:int}", echo_scope)
    return app


def make_surrounded() -> Yaat:
    """Return an app with middleware of every kind on every layer."""
    every = [stamp, wrap, Pair, Middleware(pass_on)]
    app = make_app(middleware=every, exception_handlers={OnPurpose: lambda request, error: (str(error), 500)})
    router = Router(middleware=every)
    fill(router)
    app.mount("/deep", router, middleware=every, name="deep")
    app.mount("/wrapped", echo_scope, middleware=every)
    app.add_route("/route", read, ["POST"], middleware=every, name="route")
    return app


APPS: dict[str, Callable[[], Yaat]] = {
    "plain": make_app,
    "surrounded": make_surrounded,
    "debug": lambda: make_app(debug=True, trailing_slash="redirect"),
    "lenient": lambda: make_app(trailing_slash="match", middleware=[stamp]),
}


# --- clients ---


class Client(NamedTuple):
    """What one client does.

    Attributes:
        chunks: Its content.
        leaves_after: How many messages it sends before it leaves; `None` when it stays.
        hears: How many messages reach it before `send` raises; `None` for all.
    """

    scope: Scope
    chunks: list[bytes]
    leaves_after: int | None
    hears: int | None

    async def visit(self, app: ASGIApp) -> Referee:
        """Let *app* serve this client; return the referee, who has seen everything."""
        referee = Referee(self.scope)
        is_answered = asyncio.Event()
        incoming: list[Message] = [
            {"type": "http.request", "body": chunk, "more_body": number < len(self.chunks)}
            for number, chunk in enumerate(self.chunks, 1)
        ]
        incoming = incoming[: self.leaves_after]
        heard = 0

        async def receive() -> Message:
            if incoming:
                return incoming.pop(0)
            if self.leaves_after is None:
                await is_answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal heard
            if self.hears is not None and heard >= self.hears:
                raise OSError("nobody is there")
            heard += 1
            referee.see(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_answered.set()

        async with asyncio.timeout(20):
            await app(self.scope, receive, send)
        referee.conclude(is_complete=self.leaves_after is None and self.hears is None)
        return referee


WORDS = (
    "static path look plain typed part view read json form stream cancel away fail answer raise host router child in "
    "asgi deep wrapped route 5 -5 0005 99999999999999999999 2020-02-29 1.5 nan inf x--y.z "
    "123e4567-e89b-12d3-a456-426614174000"
)
SEGMENTS = st.one_of(
    st.sampled_from(WORDS.split()),
    st.sampled_from(["", ".", "..", "%2F", "%2e%2e", "%00", "%", "%zz", "%ff", "%C3%A9", "%0D%0A", "%ED%A0%80", "%25"]),
    st.sampled_from(["٣", "é", "\u2028", "a b", "{id}", "$", "*", "a;b", "//"]),
    st.text(max_size=8),
)
#: Where routes are; each question mark stands for a segment.
PLACES = (
    "/ /static/path /look/? /look/?/? /plain/? /typed/?/?/? /part/?--?.? /?/? /view/? /read /json /form /stream "
    "/cancel /away /fail/? /host/? /router/json /router/? /child/? /child/cancel /in/?/? /asgi/? /asgi/?/? "
    "/deep/json /deep/?/? /wrapped/? /route"
)
PATHS = st.one_of(
    st.lists(SEGMENTS, max_size=5).map(lambda segments: "/" + "/".join(segments)),
    st.sampled_from(PLACES.split()).flatmap(
        lambda place: st.lists(SEGMENTS, min_size=place.count("?"), max_size=place.count("?")).map(
            lambda segments: place.replace("?", "{}").format(*segments)
        )
    ),
)
#: Bytes that servers let through in a header (RFC 9110 §5.5).
VALUES = st.binary(max_size=40).map(lambda value: value.translate(None, b"\r\n\0"))
KNOWN_HEADERS: dict[bytes, list[bytes]] = {
    b"host": [b"example.com", b"shop.example.com", b"EXAMPLE.com:80", b"", b"a b", b"[::1]:8000", b"a\xff", b"x" * 300],
    b"accept": [b"text/html", b"application/json;q=0.5, */*;q=0", b"text/*;q=nan", b",,;", b"*/*;q=1e9"],
    b"cookie": [b"a=1; b=2", b"a", b";;;=", b'a="\\"', b"a=" + b"\\" * 50],
    b"content-type": [
        b"application/json",
        b"application/json; charset=utf-16",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"text/plain",
        b";",
    ],
    b"content-length": [b"5", b"-1", b"999999999999", b"x", b"\xb2", b"1,1"],
    b"if-none-match": [b'"a"', b"*", b"W/", b'"'],
    b"if-modified-since": [b"Sun, 06 Nov 1994 08:49:37 GMT", b"Sun, 06 Nov 9999999999 08:49:37 GMT", b"x"],
    b"range": [b"bytes=0-", b"bytes=-5", b"bytes=9-1"],
    b"upgrade": [b"websocket", b"h2c"],
    b"x-early": [b"1"],
}
HEADERS = st.lists(
    st.one_of(
        st.sampled_from(sorted(KNOWN_HEADERS)).flatmap(
            lambda name: st.tuples(st.just(name), st.one_of(st.sampled_from(KNOWN_HEADERS[name]), VALUES))
        ),
        st.tuples(st.sampled_from([b"x-any", b"forwarded", b"expect", b"te"]), VALUES),
    ),
    max_size=5,
)
QUERIES = st.one_of(
    st.just(b""),
    st.sampled_from([b"a=1&a=2", b"%", b"a=%ff", b"&&=&", b"a" * 3000, b"&" * 2000]),
    st.binary(max_size=30),
)
CHUNKS = st.lists(
    st.one_of(
        st.sampled_from(
            [b'{"a": [1, 2.5]}', b"[" * 120, b'"\\ud800"', b"NaN", b"1e999", b"{", b"a=1&b=%C3%A9", b"&" * 150]
        ),
        st.sampled_from([b"x" * LIMIT, b"y"]),
        st.binary(max_size=20),
    ),
    min_size=1,
    max_size=4,
)
METHODS = st.one_of(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "QUERY", "BREW"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8),
)


@st.composite
def clients(draw: st.DrawFn) -> Client:
    """Return a client that sends anything that a server could let through."""
    raw = draw(PATHS)
    root = draw(st.sampled_from(["", "", "", "/app", "/app/", "/é", raw]))
    path: str = root + unquote(raw)
    raw_path = draw(st.sampled_from([(root + raw).encode("utf-8", "replace"), path.encode("utf-8", "replace"), None]))
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": draw(st.sampled_from(["1.0", "1.1", "2"])),
        "method": draw(METHODS),
        "scheme": draw(st.sampled_from(["http", "https"])),
        "path": draw(st.sampled_from([path, path, path, path.lstrip("/"), "*", ""])),
        "raw_path": raw_path,
        "root_path": root,
        "query_string": draw(QUERIES),
        "headers": draw(HEADERS),
        "client": draw(st.sampled_from([None, ("127.0.0.1", 5000), ("/tmp/socket", 0)])),
        "server": draw(st.sampled_from([None, ("127.0.0.1", 8000), ("/tmp/socket", None)])),
        "extensions": draw(st.sampled_from([None, {}, {"http.response.early_hint": {}}])),
        "state": draw(st.sampled_from([None, {}])),
    }
    for key in draw(st.sets(st.sampled_from(["raw_path", "client", "server", "extensions", "state"]))):
        del scope[key]
    leaves_after = draw(st.one_of(st.none(), st.none(), st.integers(0, 4)))
    hears = draw(st.one_of(st.none(), st.none(), st.integers(0, 3)))
    return Client(scope, draw(CHUNKS), leaves_after, hears)


# --- the tests ---


class Ledger(logging.Handler):
    """Keeps what was logged that nobody here has raised on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.mistakes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, OnPurpose):
            self.mistakes.append(f"{record.getMessage()}: {error!r}")


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all requests, as on a server."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module", params=APPS)
def app(request: pytest.FixtureRequest) -> Yaat:
    """One app for all requests."""
    app = APPS[request.param]()
    app.build()
    return app


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    """What Yaat logs as errors."""
    ledger, logger = Ledger(), logging.getLogger("yaat")
    logger.addHandler(ledger)
    yield ledger
    logger.removeHandler(ledger)


async def visit(app: Yaat, client: Client) -> None:
    """Let *client* visit, and see that nothing of the visit is left."""
    await client.visit(app)
    for _ in range(10):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


@HOSTILE
@given(client=clients())
def test_every_client_gets_one_well_formed_response(
    app: Yaat, runner: asyncio.Runner, ledger: Ledger, client: Client
) -> None:
    """Random methods, paths, headers, queries, contents and ways to leave: always one response, and no 500 by Yaat."""
    ledger.mistakes.clear()
    runner.run(visit(app, client))
    assert ledger.mistakes == []


@settings(HOSTILE, max_examples=20)
@given(crowd=st.lists(clients(), min_size=2, max_size=8))
def test_clients_do_not_disturb_each_other(app: Yaat, runner: asyncio.Runner, crowd: list[Client]) -> None:
    """Any clients at the same time get a response each, and the app is usable afterwards."""

    async def visit_together() -> None:
        await asyncio.gather(*(client.visit(app) for client in crowd))

    runner.run(visit_together())
    assert ask(app, "GET", "/static/path").text == "static"
