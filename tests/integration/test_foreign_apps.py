"""Middleware and apps of others on Yaat, and Yaat in apps of others: what they are made for still happens."""

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse as StarletteJSON
from starlette.responses import PlainTextResponse
from starlette.responses import Response as StarletteResponse
from starlette.routing import Mount, Route

from yaat import HTTPException, Request, Yaat
from yaat.asgi_lifespan import run_lifespan
from yaat.background import BackgroundTask
from yaat.responses import StreamResponse, TextResponse
from yaat_testclient import TestClient

fastapi = pytest.importorskip("fastapi", reason="FastAPI is not installed")
a2wsgi = pytest.importorskip("a2wsgi", reason="a2wsgi is not installed")
correlation = pytest.importorskip("asgi_correlation_id", reason="asgi-correlation-id is not installed")
telemetry = pytest.importorskip(
    "opentelemetry.instrumentation.asgi", reason="its ASGI instrumentation is not installed"
)
telemetry_sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="the SDK of OpenTelemetry is not installed")
memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="as above")
exporters = pytest.importorskip("opentelemetry.sdk.trace.export", reason="the SDK of OpenTelemetry is not installed")

ORIGIN = "https://page.example"


async def show_text() -> str:
    return "hello " * 200


async def show_stream() -> StreamResponse:
    async def generate() -> AsyncIterator[str]:
        for number in range(200):
            yield f"part {number} "

    return StreamResponse(generate(), media_type="text/plain")


async def echo(request: Request) -> TextResponse:
    return TextResponse((await request.body()).decode())


async def fail() -> None:
    raise LookupError("lost")


async def refuse() -> None:
    raise HTTPException(418)


async def show_scope(request: Request) -> dict[str, Any]:
    user = request.scope.get("user")
    return {"user": None if user is None else user.display_name, "root": request.scope.get("root_path", "")}


def make_app(**options: Any) -> Yaat:
    """Return an app with a route of each kind that middleware may treat in its own way."""
    app = Yaat(autoload=False, **options)
    app.add_route("/text", show_text)
    app.add_route("/stream", show_stream)
    app.add_route("/echo", echo, ["POST"])
    app.add_route("/error", fail)
    app.add_route("/teapot", refuse)
    app.add_route("/scope", show_scope)
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A client of an app without any middleware."""
    with TestClient(make_app()) as client:
        yield client


# --- Starlette's middleware ---


@pytest.mark.parametrize("path", ["/text", "/stream"])
def test_gzip_compresses_whole_responses_and_streams(path: str) -> None:
    app = make_app()
    app.add_middleware(GZipMiddleware, minimum_size=10)
    with TestClient(app) as client, client.stream("GET", path) as response:
        content = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(content).count(b" ") >= 200


@pytest.mark.parametrize("path", ["/text", "/nowhere", "/teapot"])
def test_cors_is_on_errors_too(path: str) -> None:
    app = make_app()
    app.add_middleware(CORSMiddleware, allow_origins=[ORIGIN], allow_methods=["POST"])
    with TestClient(app) as client:
        assert client.get(path, headers={"origin": ORIGIN}).headers["access-control-allow-origin"] == ORIGIN


def test_cors_answers_preflights_by_itself() -> None:
    app = make_app()
    app.add_middleware(CORSMiddleware, allow_origins=[ORIGIN], allow_methods=["POST"])
    with TestClient(app) as client:
        asked = {"origin": ORIGIN, "access-control-request-method": "POST"}
        assert "POST" in client.options("/echo", headers=asked).headers["access-control-allow-methods"]


async def add_header(
    request: StarletteRequest, call_next: Callable[[StarletteRequest], Awaitable[StarletteResponse]]
) -> StarletteResponse:
    """Do what most middleware of Starlette's users does."""
    response = await call_next(request)
    response.headers["x-seen"] = request.url.path
    return response


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/text", 200), ("GET", "/stream", 200), ("POST", "/echo", 200), ("GET", "/x", 404)],
)
def test_base_http_middleware_stands_around_everything(client: TestClient, method: str, path: str, status: int) -> None:
    app = make_app()
    app.add_middleware(BaseHTTPMiddleware, dispatch=add_header)
    content = "hello" if method == "POST" else None
    with TestClient(app) as other:
        response = other.request(method, path, content=content)
    assert (response.status_code, response.headers["x-seen"]) == (status, path)
    assert response.content == client.request(method, path, content=content).content


def test_base_http_middleware_lets_background_work_run() -> None:
    done: list[str] = []
    app = make_app()
    app.add_middleware(BaseHTTPMiddleware, dispatch=add_header)

    @app.get("/later")
    async def later() -> TextResponse:
        return TextResponse("now", background=BackgroundTask(done.append, "later"))

    with TestClient(app) as client:
        assert client.get("/later").text == "now"
    assert done == ["later"]


def test_base_http_middleware_that_fails_is_a_logged_500() -> None:
    async def break_down(request: StarletteRequest, call_next: Any) -> StarletteResponse:
        raise LookupError("lost")

    app = make_app()
    app.add_middleware(BaseHTTPMiddleware, dispatch=break_down)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/text").status_code == 500


def test_authentication_puts_the_user_into_the_scope() -> None:
    class Backend(AuthenticationBackend):
        async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, SimpleUser]:
            return AuthCredentials(["authenticated"]), SimpleUser(conn.headers["x-user"])

    app = make_app()
    app.add_middleware(AuthenticationMiddleware, backend=Backend())
    with TestClient(app) as client:
        assert client.get("/scope", headers={"x-user": "ada"}).json()["user"] == "ada"


def test_sessions_are_in_the_scope_and_come_back() -> None:
    sessions = pytest.importorskip("starlette.middleware.sessions", reason="it needs itsdangerous")
    app = make_app()
    app.add_middleware(sessions.SessionMiddleware, secret_key="0123456789abcdef0123456789abcdef")

    @app.get("/visit")
    async def visit(request: Request) -> str:
        session = request.scope["session"]
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    with TestClient(app) as client:
        assert [client.get("/visit").text for _ in range(3)] == ["1", "2", "3"]


def send_too_much() -> Iterator[bytes]:
    """Yield more than 10 bytes, without saying before how many there will be."""
    for _ in range(3):
        yield b"12345"


@pytest.mark.parametrize("make_content", [lambda: b"x" * 11, send_too_much], ids=["announced", "counted"])
def test_body_limit_raises_what_the_app_answers_for(make_content: Callable[[], Any]) -> None:
    """Its errors are Starlette's own, and come out of `receive`; without a handler for them they are unexpected ones.

    Yaat has a limit of its own, `max_body_bytes`, which needs none of this.
    """

    async def answer(request: Request, error: StarletteHTTPException) -> tuple[str, int]:
        return error.detail, error.status_code

    app = make_app(exception_handlers={StarletteHTTPException: answer})
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=10)
    with TestClient(app) as client:
        assert client.post("/echo", content=b"1234567890").text == "1234567890"
        assert client.post("/echo", content=make_content()).status_code == 413


@pytest.mark.parametrize("middleware", [ServerErrorMiddleware, ExceptionMiddleware])
@pytest.mark.parametrize(("path", "status"), [("/text", 200), ("/teapot", 418), ("/error", 500)])
def test_error_middleware_has_nothing_to_do(middleware: Any, path: str, status: int) -> None:
    """What goes wrong inside is answered inside; an answered error is not raised again."""
    app = make_app()
    app.add_middleware(middleware)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get(path).status_code == status


# --- middleware of others ---


def test_correlation_id_is_taken_over_and_given_back() -> None:
    app = make_app()
    app.add_middleware(correlation.CorrelationIdMiddleware, validator=None)

    @app.get("/id")
    async def identify() -> str:
        return str(correlation.correlation_id.get())

    @app.get("/id/thread")
    def identify_in_thread() -> str:
        return str(correlation.correlation_id.get())

    with TestClient(app) as client:
        for path in ("/id", "/id/thread"):
            response = client.get(path, headers={"x-request-id": "abc"})
            assert (response.text, response.headers["x-request-id"]) == ("abc", "abc")
        assert client.get("/nowhere").headers["x-request-id"]


@pytest.mark.parametrize(("path", "status"), [("/text", 200), ("/stream", 200), ("/nowhere", 404), ("/error", 500)])
def test_opentelemetry_traces_each_request_once(path: str, status: int) -> None:
    kept = memory.InMemorySpanExporter()
    provider = telemetry_sdk.TracerProvider()
    provider.add_span_processor(exporters.SimpleSpanProcessor(kept))
    app = make_app()
    app.add_middleware(telemetry.OpenTelemetryMiddleware, tracer_provider=provider, exclude_spans=["send", "receive"])
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get(path).status_code == status
    [span] = [span for span in kept.get_finished_spans() if span.kind.name == "SERVER"]
    told = span.attributes.get("http.status_code", span.attributes.get("http.response.status_code"))
    assert (span.name.partition(" ")[0], told) == ("GET", status)


# --- apps of others in Yaat ---


def answer_by_wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Tell where it is, and what it was sent."""
    content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("201 Created", [("Content-Type", "text/plain")])
    return [f"{environ['SCRIPT_NAME']} {environ['PATH_INFO']} ".encode() + content]


def test_wsgi_app_can_be_mounted() -> None:
    app = make_app()
    app.mount("/old", a2wsgi.WSGIMiddleware(answer_by_wsgi))
    with TestClient(app) as client:
        response = client.post("/old/page", content=b"hello")
        assert (response.status_code, response.text) == (201, "/old /page hello")
        assert client.get("/text").status_code == 200


def test_fastapi_can_be_mounted() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
        events.append("started")
        yield {"db": "database"}
        events.append("stopped")

    async def item(id: int, request: StarletteRequest) -> list[Any]:
        return [id, request.state.db, str(request.url_for("item", id=8))]

    api = fastapi.FastAPI(lifespan=lifespan)
    api.add_api_route("/items/{id}", item, name="item")
    app = make_app()
    app.mount("/api", api)
    with TestClient(app) as client:
        assert client.get("/api/items/7").json() == [7, "database", "http://testserver/api/items/8"]
        assert client.get("/api/items/x").status_code == 422
        assert client.get("/api/openapi.json").json()["servers"] == [{"url": "/api"}]
        assert client.get("/api/docs").status_code == 200
    assert events == ["started", "stopped"]


def test_middleware_of_the_app_stands_around_a_mounted_one() -> None:
    app = make_app()
    app.add_middleware(GZipMiddleware, minimum_size=10)
    app.mount("/star", Starlette(routes=[Route("/", lambda request: PlainTextResponse("hello " * 50))]))
    with TestClient(app) as client:
        response = client.get("/star/")
    assert (response.text, response.headers["content-encoding"]) == ("hello " * 50, "gzip")


# --- Yaat in apps of others ---


def mount_in_starlette(app: Any, **options: Any) -> Any:
    """Return a Starlette app with *app* in it."""
    return Starlette(routes=[Mount("/in", app)], **options)


def mount_in_fastapi(app: Any, **options: Any) -> Any:
    """Return a FastAPI app with *app* in it."""
    outer = fastapi.FastAPI(**options)
    outer.mount("/in", app)
    return outer


each_outer = pytest.mark.parametrize("mount", [mount_in_starlette, mount_in_fastapi])


@each_outer
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/text", 200),
        ("HEAD", "/text", 200),
        ("GET", "/stream", 200),
        ("POST", "/echo", 200),
        ("DELETE", "/text", 405),
        ("GET", "/teapot", 418),
        ("GET", "/error", 500),
        ("GET", "/nowhere", 404),
    ],
)
def test_app_answers_inside_as_it_does_outside(
    client: TestClient, mount: Any, method: str, path: str, status: int
) -> None:
    content = "hello" if method == "POST" else None
    with TestClient(mount(make_app()), raise_server_exceptions=False) as outer:
        inside = outer.request(method, f"/in{path}", content=content)
    with TestClient(make_app(), raise_server_exceptions=False) as other:
        outside = other.request(method, path, content=content)
    assert (inside.status_code, outside.status_code) == (status, status)
    assert inside.content == outside.content
    assert inside.headers == outside.headers


@each_outer
def test_app_knows_where_it_is(mount: Any) -> None:
    app = make_app()

    @app.get("/items/{id}")
    async def item(request: Request, id: int) -> list[str]:
        url = request.url_for("item", id=8)
        return [url, url.absolute(request)]

    with TestClient(mount(app)) as client:
        assert client.get("/in/items/7").json() == ["/in/items/8", "http://testserver/in/items/8"]
        assert client.get("/in/scope").json()["root"] == "/in"


@each_outer
def test_app_that_is_mounted_is_started_by_hand(mount: Any) -> None:
    """Neither framework starts what is mounted in it; its own lifespan does, with `run_lifespan`."""
    events: list[str] = []

    async def live(app: Yaat) -> AsyncIterator[dict[str, str]]:
        events.append("started")
        yield {"db": "database"}
        events.append("stopped")

    app = make_app(lifespan=live)

    @app.get("/state")
    async def show_state(request: Request) -> str:
        return str(request.state.db)

    @asynccontextmanager
    async def lifespan(outer: Any) -> AsyncIterator[dict[str, Any]]:
        state: dict[str, Any] = {}
        async with run_lifespan(app, state):
            yield state

    with TestClient(mount(app, lifespan=lifespan)) as client:
        assert client.get("/in/state").text == "database"
    assert events == ["started", "stopped"]


@each_outer
def test_error_inside_is_answered_inside(mount: Any) -> None:
    """Handlers of the outer app see nothing of it: an app answers for itself."""

    async def answer(request: StarletteRequest, error: Exception) -> StarletteJSON:
        return StarletteJSON("outer", 502)

    app = mount(make_app(), exception_handlers={LookupError: answer, 500: answer})
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/in/error").status_code == 500


@each_outer
def test_middleware_of_the_outer_app_stands_around_it(mount: Any) -> None:
    outer = mount(make_app())
    outer.add_middleware(BaseHTTPMiddleware, dispatch=add_header)
    with TestClient(outer) as client:
        response = client.get("/in/stream")
    assert response.headers["x-seen"] == "/in/stream"
    assert response.text.endswith("part 199 ")
