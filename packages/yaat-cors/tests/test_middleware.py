"""The middleware around apps, routers, mounts and routes."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from yaat import HTTPException, Middleware, Request, Router, Yaat
from yaat.exceptions import ConfigurationError
from yaat.responses import StreamResponse, TextResponse
from yaat_cors import CORS, CORSPlugin

ORIGIN, OTHER = "https://app.example", "https://other.example"
Fetch = Callable[..., Any]
MakeApp = Callable[..., Yaat]


async def answer(request: Request) -> str:
    return "here"


# Around an app


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", b"", 200),
        ("HEAD", "/", b"", 200),
        ("GET", "/unknown", b"", 404),
        ("DELETE", "/", b"", 405),
        ("POST", "/small", b"too large", 413),
        ("GET", "/broken", b"", 500),
    ],
)
def test_every_answer_says_who_may_read_it(
    make_app: MakeApp, fetch: Fetch, method: str, path: str, body: bytes, status: int
) -> None:
    """Errors as well: a page that may not read them could not tell what went wrong."""
    app = make_app()
    app.add_middleware(CORS, allow_origins=[ORIGIN])
    got = fetch(app, path, method=method, origin=ORIGIN, body=body)
    assert (got.status, got.grants) == (status, {"access-control-allow-origin": ORIGIN})


def test_answer_of_other_middleware_says_it_too(make_app: MakeApp, fetch: Fetch) -> None:
    """So does what another middleware raises, or puts in the place of a response, whichever was added first."""

    class Guard:
        def process_request(self, request: Request) -> None:
            raise HTTPException(401)

    class Replace:
        def process_response(self, request: Request, response: Any) -> TextResponse:
            return TextResponse("replaced")

    for factory in (Guard, Replace):
        app = make_app()
        app.add_middleware(factory)
        app.add_middleware(CORS, allow_origins=[ORIGIN])
        assert fetch(app, origin=ORIGIN).get("access-control-allow-origin") == ORIGIN


def test_stream_says_it_before_it_begins(make_app: MakeApp, fetch: Fetch) -> None:
    """The head of a stream passes like that of any other response."""
    app = make_app(middleware=[CORS(allow_origins=[ORIGIN])])

    @app.get("/stream")
    async def stream(request: Request) -> StreamResponse:
        return StreamResponse(part async for part in produce())

    async def produce() -> Any:
        yield b"a"
        yield b"b"

    got = fetch(app, "/stream", origin=ORIGIN)
    assert (got.text, got.get("access-control-allow-origin")) == ("ab", ORIGIN)


def test_what_is_no_preflight_is_answered_as_ever(make_app: MakeApp, fetch: Fetch) -> None:
    """OPTIONS without the question lists the methods."""
    got = fetch(make_app(middleware=[CORS(allow_origins=[ORIGIN])]), method="OPTIONS", origin=ORIGIN)
    assert (got.status, got.get("allow"), got.get("access-control-allow-origin")) == (
        204,
        "GET, HEAD, OPTIONS, PUT",
        ORIGIN,
    )


def test_refusal_tells_a_person_why(make_app: MakeApp, fetch: Fetch) -> None:
    """It names what is refused, not what was sent."""
    app = make_app(middleware=[CORS(allow_origins=[ORIGIN])])
    got = fetch(app, origin=ORIGIN, asks="DELETE", fields=[("access-control-request-headers", "x-a")])
    assert (got.status, got.text) == (400, "Disallowed CORS method, headers")


def test_own_word_of_a_response_stands(make_app: MakeApp, fetch: Fetch) -> None:
    """A handler, or a mounted app, that names an allowed origin itself is not contradicted."""
    app = make_app(middleware=[CORS(allow_origins=[ORIGIN], allow_credentials=True)])

    @app.get("/font")
    async def font(request: Request) -> TextResponse:
        return TextResponse("", headers={"Access-Control-Allow-Origin": "*"})

    assert fetch(app, "/font", origin=ORIGIN).grants == {"access-control-allow-origin": "*"}


def test_foreign_app_below_a_mount_is_inside(make_app: MakeApp, fetch: Fetch) -> None:
    """Any ASGI app can be opened from outside; its preflights never reach it."""

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b"tea"})

    app = make_app()
    app.mount("/tea", foreign, middleware=[CORS(allow_origins=[OTHER])])
    app.mount("/closed", foreign)
    assert fetch(app, "/tea/pot", origin=OTHER).get("access-control-allow-origin") == OTHER
    assert fetch(app, "/tea/pot", origin=OTHER, asks="GET").status == 200
    assert fetch(app, "/closed", origin=OTHER, asks="GET").status == 418


def test_mistake_in_options_names_the_line(make_app: MakeApp) -> None:
    """An app with a policy that cannot be is not built, and the error says where it was added."""
    app = make_app()
    app.add_middleware(CORS, allow_origins=["*"], allow_credentials=True)
    with pytest.raises(ConfigurationError) as caught:
        app.build()
    assert f"{__file__.rpartition('/')[2]}:" in "".join(caught.value.__notes__)


# Around routes, routers and mounts


@pytest.fixture
def layered(make_app: MakeApp) -> Yaat:
    """An app that is open to `ORIGIN`, with routes that say otherwise."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], allow_methods=["*"]))
    app.add_route("/open", answer, ["GET"], middleware=[CORS(allow_origins=["*"])])
    app.add_route("/other", answer, ["GET"], middleware=[Middleware(CORS, allow_origins=[OTHER])])
    app.add_route("/other", answer, ["PUT"], middleware=[CORS(allow_origins=[ORIGIN], allow_methods=["PUT"])])
    app.add_route("/closed", answer, ["GET", "PUT"], middleware=[CORS()])
    app.add_route("/items/{id:int}", show, ["GET"], middleware=[CORS(allow_origins=[OTHER])])
    router = Router(prefix="/router", middleware=[CORS(allow_origins=[OTHER])])
    router.add_route("/x", answer, ["GET"])
    router.add_route("/own", answer, ["GET"], middleware=[CORS(allow_origins=["https://own.example"])])
    app.mount(router)
    return app


async def show(request: Request, id: int) -> str:
    return f"{id}"


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/", "GET", {ORIGIN}),
        ("/open", "GET", {ORIGIN, OTHER, "https://own.example"}),
        ("/open", "PUT", {ORIGIN}),  # Nobody serves it, so it is the app's to answer.
        ("/other", "GET", {OTHER}),
        ("/other", "PUT", {ORIGIN}),
        ("/closed", "GET", set()),
        ("/closed", "PUT", set()),
        ("/items/7", "GET", {OTHER}),
        ("/items/seven", "GET", {ORIGIN}),
        ("/router/x", "GET", {OTHER}),
        ("/router/own", "GET", {"https://own.example"}),
        ("/router/unknown", "GET", {OTHER}),
        ("/unknown", "GET", {ORIGIN}),
    ],
)
def test_innermost_policy_decides(layered: Yaat, fetch: Fetch, path: str, method: str, allowed: set[str]) -> None:
    """For a request and for the preflight that asks for it, the same policy holds: that of the route of the method."""
    for origin in (ORIGIN, OTHER, "https://own.example"):
        actual = fetch(layered, path, method=method, origin=origin)
        asked = fetch(layered, path, origin=origin, asks=method)
        is_allowed = origin in allowed
        assert ("access-control-allow-origin" in actual.grants) is is_allowed
        assert (asked.status, bool(asked.grants)) == ((200, True) if is_allowed else (400, False))


def test_policy_of_a_mount_decides_for_the_foreign_app_in_it(make_app: MakeApp, fetch: Fetch) -> None:
    """It comes before that of the app, whose preflights it gets."""

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = make_app(CORSPlugin(allow_origins=[ORIGIN]))
    app.mount("/tea", foreign, middleware=[CORS(allow_origins=[OTHER])])
    for origin, status in ((OTHER, 200), (ORIGIN, 400)):
        assert fetch(app, "/tea/pot", origin=origin, asks="GET").status == status
        assert ("access-control-allow-origin" in fetch(app, "/tea/pot", origin=origin).grants) is (status == 200)


def test_closed_route_depends_on_no_origin(layered: Yaat, fetch: Fetch) -> None:
    """What says the same to everybody may be kept for everybody."""
    assert fetch(layered, "/closed", origin=ORIGIN).vary == set()


def test_early_answer_around_a_route_has_the_policy_of_the_route(make_app: MakeApp, fetch: Fetch) -> None:
    """A refused login can be read by the pages that the route is for, though the route was never reached."""

    class Guard:
        def process_request(self, request: Request) -> TextResponse:
            return TextResponse("Who are you?", 401)

    app = make_app(CORSPlugin(), middleware=[Guard])
    app.add_route("/x", answer, ["GET"], middleware=[CORS(allow_origins=[OTHER])])
    got = fetch(app, "/x", origin=OTHER)
    assert (got.status, got.get("access-control-allow-origin")) == (401, OTHER)


def test_own_route_for_options_keeps_plain_requests(make_app: MakeApp, fetch: Fetch) -> None:
    """A handler for OPTIONS is asked what is no preflight; preflights have the policy of their method all the same."""
    app = make_app(CORSPlugin())
    app.add_route("/x", answer, ["PUT"], middleware=[CORS(allow_origins=[OTHER], allow_methods=["PUT"])])
    app.add_route("/x", answer, ["OPTIONS"])
    assert fetch(app, "/x", method="OPTIONS", origin=OTHER).text == "here"
    assert fetch(app, "/x", origin=OTHER, asks="PUT").get("access-control-allow-methods") == "PUT"


def test_raw_middleware_around_the_app_hides_no_policy(layered: Yaat, fetch: Fetch) -> None:
    """A route that is closed stays so for preflights, whatever wraps the app."""

    def wrap(app: Any) -> Any:
        return app

    layered.add_middleware(wrap)
    assert fetch(layered, "/closed", origin=ORIGIN, asks="GET").grants == {}
    assert fetch(layered, "/items/7", origin=OTHER, asks="GET").status == 200


def test_routes_of_a_mounted_app_keep_their_policy(make_app: MakeApp, fetch: Fetch) -> None:
    """It is one app around another, and one table of routes."""
    outer, inner = make_app(CORSPlugin(allow_origins=[ORIGIN])), make_app()
    inner.add_route("/closed", answer, ["GET"], middleware=[CORS()])
    outer.mount("/inner", inner)
    assert fetch(outer, "/inner/", origin=ORIGIN, asks="GET").status == 200
    assert fetch(outer, "/inner/closed", origin=ORIGIN, asks="GET").grants == {}


def test_policy_of_a_router_opens_its_preflights_by_itself(make_app: MakeApp, fetch: Fetch) -> None:
    """What is below a prefix is answered through the router, so the app needs no policy."""
    app, router = make_app(), Router(prefix="/api", middleware=[CORS(allow_origins=[OTHER])])
    router.add_route("/x", answer, ["GET"])
    app.mount(router)
    assert fetch(app, "/api/x", origin=OTHER, asks="GET").status == 200


def test_policy_that_no_preflight_reaches_is_told_in_the_log(
    make_app: MakeApp, fetch: Fetch, caplog: pytest.LogCaptureFixture
) -> None:
    """A route has a policy and nobody answers preflights: the log says so, once, and how to mend it."""
    app = make_app()
    app.add_route("/x", answer, ["GET"], middleware=[CORS(allow_origins=[OTHER])])
    with caplog.at_level(logging.WARNING, "yaat.cors"):
        for _ in range(2):
            assert fetch(app, "/x", origin=OTHER).get("access-control-allow-origin") == OTHER
    [record] = caplog.records
    assert "Nothing answers preflights of '/x'" in record.getMessage()
    assert "CORSPlugin()" in record.getMessage()


def test_one_object_serves_several_apps(make_app: MakeApp, fetch: Fetch) -> None:
    """What it found out about the routes of one app is not taken for those of another."""
    cors = CORS(allow_origins=[ORIGIN])
    for origins in ([ORIGIN], [OTHER]):
        app = make_app(middleware=[cors])
        app.add_route("/x", answer, ["GET"], middleware=[CORS(allow_origins=origins)])
        assert fetch(app, "/x", origin=origins[0]).get("access-control-allow-origin") == origins[0]


def test_response_made_outside_of_an_app(caplog: pytest.LogCaptureFixture) -> None:
    """By hand, in a test for instance, the object follows its own policy."""
    request: Request[Any] = Request(
        {"type": "http", "method": "GET", "path": "/", "headers": [(b"origin", ORIGIN.encode())]}
    )
    response = TextResponse("")
    CORS(allow_origins=[ORIGIN]).process_response(request, response)
    assert response.headers["access-control-allow-origin"] == ORIGIN


# Bad input


def ask_for(*headers: str) -> dict[str, Any]:
    """Return a preflight that asks for these headers."""
    return {"origin": ORIGIN, "asks": "GET", "fields": [("access-control-request-headers", each) for each in headers]}


#: Requests that no browser sends.
HOSTILE: dict[str, dict[str, Any]] = {
    "an origin twice": {"origin": [ORIGIN, ORIGIN]},
    "two origins": {"origin": [ORIGIN, "https://evil.example"]},
    "an empty origin": {"origin": ""},
    "no origin": {"origin": "null"},
    "an asterisk": {"origin": "*"},
    "an origin in upper case": {"origin": "HTTPS://APP.EXAMPLE"},
    "an origin with a path": {"origin": f"{ORIGIN}/"},
    "an origin that ends its header": {"origin": f"{ORIGIN}\r\nx: y"},
    "an origin with NUL": {"origin": f"{ORIGIN}\x00"},
    "an origin beyond ASCII": {"origin": "https://\xe4.example"},
    "an origin of a megabyte": {"origin": "https://" + "a" * 1_000_000},
    "an empty method": {"origin": ORIGIN, "asks": ""},
    "a method that ends its header": {"origin": ORIGIN, "asks": "GET\r\nx: y"},
    "a method in lower case": {"origin": ORIGIN, "asks": "get"},
    "a name that ends its header": ask_for("x-a\r\nset-cookie: a=b"),
    "a name with NUL": ask_for("x-a\x00"),
    "a line end for a name": ask_for("\r\n"),
    "a name with a blank": ask_for("x a"),
    "10,000 names": ask_for(",".join(f"x-{number}" for number in range(10_000))),
    "2,000 lists of names": ask_for(*(f"x-{number}" for number in range(2000))),
}


@pytest.mark.parametrize("question", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("with_credentials", [True, False])
def test_hostile_requests_get_one_plain_answer(
    make_app: MakeApp, fetch: Fetch, question: dict[str, Any], with_credentials: bool
) -> None:
    """It says no more than that page may know, and repeats nothing; a preflight of that kind is refused."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], allow_headers=["*"], allow_credentials=with_credentials))
    got = fetch(app, **question)
    assert got.status == (400 if "asks" in question else 200)
    if "asks" not in question:
        assert got.grants == {}
    assert sum(len(name) + len(value) for name, value in got.fields) < 600


def test_policies_are_flat_and_wait_for_nothing() -> None:
    """Both methods are plain functions, so a request pays for no coroutine."""
    cors = CORS(allow_origins=[ORIGIN])
    request: Request[Any] = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    assert cors.process_request(request) is None
    assert cors.process_response(request, TextResponse("")) is None  # type: ignore[func-returns-value]  # that is it
