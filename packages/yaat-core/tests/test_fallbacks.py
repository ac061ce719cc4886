"""Where no route answers: unknown paths, wrong methods, OPTIONS, and the other form of a path."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from yaat import HTTPException, Plugin, Request, Response, Router, Yaat, hookimpl
from yaat.asgi import Scope
from yaat.fallbacks import ReadyAnswers, answer_redirect, enter_mount, offer_upgrade
from yaat.records import PathConverter, Protocol
from yaat.responses import StreamResponse

from .asgi_driver import Answer, call, make_scope
from .asgi_exchange import Exchange


def ask(app: Any, method: str, path: str, **options: Any) -> Answer:
    """Return what *app* answers when it is built already, so that a static path is found at the first look."""
    if isinstance(app, Yaat):
        app.build()
    return asyncio.run(call(app, method, path, **options))


async def handler(request: Request, **path_params: Any) -> str:
    return f"{request.method} {request.path}"


def make_app(*routes: tuple[str, list[str]], **options: Any) -> Yaat:
    app = Yaat(autoload=False, **options)
    for path, methods in routes:
        app.add_route(path, handler, methods)
    return app


# --- HEAD ---


def test_every_get_answers_head() -> None:
    """HEAD gives what GET gives without its content, the Content-Length included (RFC 9110 §9.3.2)."""
    app = make_app(("/", ["GET"]))
    get, head = ask(app, "GET", "/"), ask(app, "HEAD", "/")
    assert (head.status, head.body, head["content-type"]) == (200, b"", get["content-type"])
    assert head["content-length"] == str(len("HEAD /"))


def test_head_of_a_stream_does_not_run_it() -> None:
    """For HEAD the iterator of a stream is not advanced."""
    app = Yaat(autoload=False)
    parts: list[str] = []

    def generate() -> Iterator[str]:
        parts.append("advanced")
        yield "part"

    @app.get("/")
    async def stream(request: Request) -> StreamResponse:
        return StreamResponse(generate())

    assert (ask(app, "HEAD", "/").status, parts) == (200, [])
    assert (ask(app, "GET", "/").text, parts) == ("part", ["advanced"])


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("path", ["/x", "/{x}"])
def test_a_head_of_its_own_comes_first(is_first: bool, path: str) -> None:
    """A route for HEAD answers in place of GET's, wherever it was added."""
    app = Yaat(autoload=False)

    async def own(request: Request, **path_params: str) -> Response:
        return Response(headers={"x-own": "1"})

    adders: list[Callable[[], object]] = [lambda: app.head(path)(own), lambda: app.get(path)(handler)]
    for add in adders if is_first else reversed(adders):
        add()
    assert ask(app, "HEAD", "/x")["x-own"] == "1"
    assert ask(app, "GET", "/x").text == "GET /x"


def test_head_without_get_is_not_allowed() -> None:
    """Only GET brings HEAD along."""
    assert ask(make_app(("/", ["POST"])), "HEAD", "/").status == 405


# --- methods ---


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "TRACE", "PROPFIND"])
def test_any_method_can_be_routed(method: str) -> None:
    """A route may be for any method, the standard ones, QUERY and those of extensions (RFC 9110 §9.1)."""
    assert ask(make_app(("/", [method])), method, "/").text == f"{method} /"


# --- OPTIONS and 405 ---


@pytest.mark.parametrize(
    ("routes", "allow"),
    [
        ([("/x", ["GET"])], "GET, HEAD, OPTIONS"),
        ([("/x", ["POST"]), ("/x", ["GET"]), ("/x", ["DELETE", "QUERY"])], "DELETE, GET, HEAD, OPTIONS, POST, QUERY"),
        ([("/{a}", ["PUT"]), ("/x", ["POST"]), ("/{rest:path}", ["PATCH"])], "OPTIONS, PATCH, POST, PUT"),
        ([("/{a:int}", ["PUT"]), ("/x", ["POST"])], "OPTIONS, POST"),
    ],
)
@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 204), ("TRACE", 405), ("UNHEARD-OF", 405)])
def test_allow_is_the_union_of_all_routes_that_match(
    routes: list[tuple[str, list[str]]], allow: str, method: str, status: int
) -> None:
    """OPTIONS and a 405 list, sorted, what every route for the path would answer (RFC 9110 §9.3.7, §15.5.6)."""
    answer = ask(make_app(*routes), method, "/x")
    assert (answer.status, answer["allow"]) == (status, allow)


def test_a_wrong_method_on_a_better_path_leads_to_the_next() -> None:
    """`/users/me` without GET leaves GET to `/users/{name}`: routes for other methods hide nothing."""
    app = make_app(("/users/me", ["POST"]), ("/users/{name}", ["GET"]))
    assert ask(app, "GET", "/users/me").text == "GET /users/me"


def test_options_of_its_own_comes_first() -> None:
    """A route for OPTIONS answers in place of the automatic answer."""
    assert ask(make_app(("/", ["GET", "OPTIONS"])), "OPTIONS", "/").text == "OPTIONS /"


def test_automatic_options_has_no_content() -> None:
    """The automatic answer is an empty 204."""
    answer = ask(make_app(("/", ["GET"])), "OPTIONS", "/")
    assert (answer.body, "content-length" in dict(answer.headers)) == (b"", False)


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD"])
def test_an_unknown_path_is_not_found(method: str) -> None:
    """A path without any route is a 404 for every method."""
    answer = ask(make_app(("/", ["GET"])), method, "/x")
    assert (answer.status, "allow" in dict(answer.headers)) == (404, False)


@pytest.mark.parametrize("path", ["/x", "/"])
def test_head_has_no_content_where_no_route_answers(path: str) -> None:
    """A 404 and a 405 for HEAD have the headers alone (RFC 9110 §9.3.2)."""
    answer = ask(make_app(("/", ["POST"])), "HEAD", path)
    assert (answer.body, int(answer["content-length"]) > 0) == (b"", True)


@pytest.mark.parametrize("own", [{}, {404: lambda request, error: ("own", 404)}], ids=["plain", "own 404"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_converter_that_fails_is_no_unknown_path(own: Any, method: str, caplog: pytest.LogCaptureFixture) -> None:
    """What a converter raises, other than that its segment does not match, is a failure like any other."""

    def parse(text: str) -> str:
        raise LookupError(text)

    app = Yaat(autoload=False, exception_handlers=own)
    app.add_converter(PathConverter(name="broken", parse=parse))
    app.get("/{x:broken}")(handler)
    assert ask(app, method, "/lost").status == 500
    assert "LookupError: lost" in caplog.text


ACCEPTED: tuple[list[tuple[str, str]], ...] = (
    [],
    [("accept", "text/html")],
    [("accept", "application/json")],
    [("accept", "text/plain;q=0.5"), ("accept", "text/html")],
    [("accept", "text/plain"), ("accept", "text/html;q=0.5")],
    [("accept", "text/plain, text/html;q=0.5")],
    [("accept", "text/html;q=0.5")],
    [("user-agent", "text/html")],
    [("accept", "text/html," + "x/y," * 200)],
)


@pytest.mark.parametrize(
    ("request_line", "status"), [("GET /x", 404), ("PUT /", 405), ("PUT /b", 405), ("HEAD /x", 404), ("OPTIONS /", 204)]
)
def test_an_answer_that_was_made_before_is_the_same(request_line: str, status: int) -> None:
    """Whoever asked before, each client gets the answer that it gets from an app which answers for the first time."""
    method, path = request_line.split()

    def make() -> Yaat:
        return make_app(("/", ["GET"]), ("/b", ["GET", "POST"]))

    first = [ask(make(), method, path, headers=headers) for headers in ACCEPTED]
    assert {answer.status for answer in first} == {status}
    app = make()
    for _ in range(3):
        assert [ask(app, method, path, headers=headers) for headers in ACCEPTED] == first
    assert ask(app, "POST", "/").status == 405


@pytest.mark.parametrize("length", [1, 1000])
async def test_nobody_can_fill_the_memory_with_answers(length: int) -> None:
    """Of long fields none is kept, and of others a few hundred."""

    async def otherwise(request: Any) -> Response:
        return Response("missing", 404)

    answers = ReadyAnswers(otherwise)
    for number in range(1000):
        headers = [("accept", f"text/x{number}" * length)]
        await answers.answer(Request[Any](make_scope("GET", "/x", headers=headers), Exchange().receive))
    assert len(answers._ready) == (256 if length == 1 else 0)


async def test_the_server_may_change_the_headers_that_it_gets() -> None:
    """The next client does not see that."""
    app = make_app(("/", ["GET"]))
    app.build()
    answers = [await call(app, "GET", "/x") for _ in range(3)]
    for answer in answers:
        fields = answer.messages[0]["headers"]
        assert fields == [(name.encode(), value.encode()) for name, value in answers[0].headers]
        fields.append((b"server", b"x"))


def test_the_detail_of_a_405_names_the_methods_that_are_allowed() -> None:
    """It is there for those who read it, beside `Allow`."""
    answer = ask(make_app(("/", ["GET"])), "PUT", "/", headers=[("accept", "text/plain")])
    assert answer.text == "405 Method Not Allowed\nThis path takes GET, HEAD, OPTIONS.\n"


def test_methods_are_case_sensitive() -> None:
    """`get` is another method than GET (RFC 9110 §9.1)."""
    assert ask(make_app(("/", ["get"])), "get", "/").status == 405


def test_handlers_answer_for_unknown_paths_and_wrong_methods() -> None:
    """404 and 405 go to the exception handlers, and `Allow` is there to be sent."""
    app = make_app(("/", ["GET"]))

    @app.exception_handler(404)
    async def missing(request: Request, error: Exception) -> tuple[str, int]:
        return f"no {request.path}", 404

    @app.exception_handler(405)
    async def wrong(request: Request, error: Any) -> Response:
        return Response("wrong", 405, error.headers)

    assert ask(app, "GET", "/x").text == "no /x"
    assert (ask(app, "PUT", "/").text, ask(app, "PUT", "/")["allow"]) == ("wrong", "GET, HEAD, OPTIONS")
    assert ask(app, "OPTIONS", "/")["allow"] == "GET, HEAD, OPTIONS"


def test_middleware_sees_unknown_paths_and_wrong_methods() -> None:
    """Middleware of the app runs around 404, 405, OPTIONS and redirects."""
    app = make_app(("/", ["GET"]), ("/x/", ["GET"]), trailing_slash="redirect")

    def mark(request: Request) -> Any:
        response = yield
        response.headers["x-seen"] = request.path

    app.add_middleware(mark)
    requests = [("GET", "/y", 404), ("PUT", "/", 405), ("OPTIONS", "/", 204), ("GET", "/x", 308)]
    for method, path, status in requests:
        answer = ask(app, method, path)
        assert (answer.status, answer["x-seen"]) == (status, path)


def test_a_router_answers_for_the_paths_below_it() -> None:
    """Middleware and exception handlers of a mounted router are there for its unknown paths, and for no others."""
    app, router = make_app(("/", ["GET"])), Router("/r")
    app.mount(router)
    router.get("/x")(handler)

    @router.exception_handler(404)
    async def missing(request: Request, error: Exception) -> tuple[str, int]:
        return "below the router", 404

    assert [ask(app, "GET", path).text == "below the router" for path in ("/r/y", "/r", "/y", "/ry")] == [
        True,
        True,
        False,
        False,
    ]


# --- upgrades ---


class Chat(Plugin):
    """A protocol that HTTP can be upgraded to."""

    name = "chat"

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        async def serve(scope: Scope, receive: Any, send: Any) -> None: ...

        return Protocol(name="chat", make_endpoint=lambda *_: serve, make_fallback=lambda _: serve, upgrade="chat/1")


def make_chat(**options: Any) -> Yaat:
    app = make_app(("/x", ["GET"]), ("/both", ["PUT"]), plugins=[Chat()])
    for path in ("/chat/{room:int}", "/both"):
        app.add_route(path, handler, protocol="chat", **options)
    return app


@pytest.mark.parametrize(
    ("path", "version", "status"),
    [
        ("/chat/5", "1.1", 426),
        ("/chat/x", "1.1", 404),
        ("/x", "1.1", 200),
        ("/both", "1.1", 405),
        ("/y", "1.1", 404),
        ("/chat/5", "2", 404),
    ],
)
def test_a_path_of_another_protocol_asks_for_an_upgrade(path: str, version: str, status: int) -> None:
    """Where only another protocol is served, the answer is 426 and its token (RFC 9110 §15.5.22), but not in HTTP/2."""
    answer = ask(make_chat(), "GET", path, scope={"http_version": version})
    assert answer.status == status
    upgrade = {name: value for name, value in answer.headers if name in ("upgrade", "connection")}
    assert upgrade == ({"upgrade": "chat/1", "connection": "Upgrade"} if status == 426 else {})
    assert ("Only connections of the protocol 'chat/1' are served here." in answer.text) is (status == 426)


class Everywhere:
    """Routes that are there for any path."""

    def has(self, scope: Scope, method: str) -> bool:
        return True


@pytest.mark.parametrize("version", [None, "1.0", "1.1", "2", "3"])
async def test_an_upgrade_is_offered_where_http_has_the_field(version: str | None) -> None:
    """That is before HTTP/2 (RFC 9113 §8.6); a server that does not tell speaks 1.1."""
    scope = make_scope("GET", "/", http_version=version)
    if version is None:
        del scope["http_version"]

    async def otherwise(request: Any) -> Response:
        return Response("otherwise")

    request = Request[Any](scope, Exchange().receive)
    if version in ("2", "3"):
        assert (await offer_upgrade({"chat": Everywhere()}, otherwise, request)).body == b"otherwise"
    else:
        with pytest.raises(HTTPException, match="Only connections of the protocol 'chat'"):
            await offer_upgrade({"chat": Everywhere()}, otherwise, request)


@pytest.mark.parametrize(
    ("host", "status"), [("a.example.com", 426), ("t.example.org", 426), ("b.example.com", 404), ("", 404)]
)
def test_an_upgrade_is_offered_at_its_host(host: str, status: int) -> None:
    """A protocol that is served at one host is offered there alone."""
    app = make_app(plugins=[Chat()])
    for its_host in ("a.example.com", "{t}.example.org"):
        app.add_route("/chat", handler, protocol="chat", host=its_host, name=its_host)
    assert ask(app, "GET", "/chat", headers=[("host", host)]).status == status


# --- the other form of a path ---


@pytest.mark.parametrize(("path", "status"), [("/a", 200), ("/a/", 404), ("/b/", 200), ("/b", 404)])
def test_strict_tells_the_forms_apart(path: str, status: int) -> None:
    """By default `/x` and `/x/` are two paths."""
    assert ask(make_app(("/a", ["GET"]), ("/b/", ["GET"])), "GET", path).status == status


@pytest.mark.parametrize("path", ["/a", "/a/", "/b/", "/b", "/5", "/5/"])
def test_match_takes_either_form(path: str) -> None:
    """With `match`, a route answers with and without the slash, and no redirect is needed."""
    app = make_app(("/a", ["GET"]), ("/b/", ["GET"]), ("/{n:int}/", ["GET"]), trailing_slash="match")
    assert ask(app, "GET", path).text == f"GET {path}"


@pytest.mark.parametrize("trailing_slash", ["match", "redirect"])
def test_the_form_itself_comes_first(trailing_slash: Any) -> None:
    """Where both forms have a route, each answers for itself."""
    app = Yaat(autoload=False, trailing_slash=trailing_slash)
    for path in ("/a", "/a/"):
        app.add_route(path, handler)
    assert [ask(app, "GET", path).text for path in ("/a", "/a/")] == ["GET /a", "GET /a/"]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/a", "/a/"),
        ("/a?x=1&y=%20", "/a/?x=1&y=%20"),
        ("/b/", "/b"),
        ("/b/?", "/b"),
        ("/caf%C3%A9", "/caf%C3%A9/"),
        ("/x%20y%25/z", "/x%20y%25/z/"),
        ("/q/x%2F", "/q/x%2F/"),
        ("/a?next=//evil.example", "/a/?next=//evil.example"),
        ("/a?\r\nx: y", "/a/?%0D%0Ax:%20y"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_redirect_leads_to_the_form_that_exists(path: str, location: str, method: str) -> None:
    """With `redirect`, a 308 keeps method, content and query, and its Location is relative (RFC 9110 §15.4.9)."""
    routes = [
        ("/a/", ["GET", "POST"]),
        ("/b", ["GET", "POST"]),
        ("/café/", ["GET", "POST"]),
        ("/{x}/z/", ["GET", "POST"]),
        ("/q/{x}/", ["GET", "POST"]),
    ]
    answer = ask(make_app(*routes, trailing_slash="redirect"), method, path)
    assert (answer.status, answer["location"]) == (308, location)


async def test_redirect_needs_no_query() -> None:
    """A server may leave it out of the scope."""
    scope = make_scope("GET", "/a")
    del scope["query_string"]
    response = await answer_redirect(Request(scope, Exchange().receive))
    assert response.headers["location"] == "/a/"


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "/%2Fevil.example", "/\\evil.example"])
def test_redirect_never_leads_to_another_host(path: str) -> None:
    """No path makes a Location that a browser takes for another host (RFC 3986 §4.2)."""
    answer = ask(make_app(("/{rest:path}/", ["GET"]), trailing_slash="redirect"), "GET", path)
    assert not dict(answer.headers).get("location", "").startswith(("//", "/\\"))


def test_redirect_stays_below_the_root_path() -> None:
    """The root path that the server says is in the Location."""
    app = make_app(("/a/", ["GET"]), trailing_slash="redirect")
    assert ask(app, "GET", "/api/a?x", scope={"root_path": "/api"})["location"] == "/api/a/?x"


def test_redirect_needs_the_method_to_be_there() -> None:
    """A method that the other form does not have is not redirected."""
    assert ask(make_app(("/a/", ["GET"]), trailing_slash="redirect"), "POST", "/a").status == 404


def test_the_root_has_one_form() -> None:
    """`/` is never sent anywhere."""
    assert ask(make_app(("/{x}", ["GET"]), trailing_slash="redirect"), "GET", "/").status == 404


def test_redirect_keeps_an_encoded_slash() -> None:
    """A slash inside a segment stays encoded in the Location."""
    app = make_app(("/{x}/", ["GET"]), trailing_slash="redirect")
    assert ask(app, "GET", "/a%2Fb")["location"] == "/a%2Fb/"


def test_options_of_the_server_is_answered() -> None:
    """`OPTIONS *` asks about the server as a whole and is answered as such (RFC 9110 §9.3.7)."""
    answer = ask(make_app(("/", ["GET"])), "OPTIONS", "*", scope={"path": "*", "raw_path": b"*"})
    assert answer.status == 204


# --- what a mounted ASGI app sees ---


@pytest.mark.parametrize(
    ("root", "path", "depth", "expected"),
    [
        ("", "/m/x/y", 1, "/m"),
        ("", "/m", 1, "/m"),
        ("", "/m/n/x", 2, "/m/n"),
        ("/api", "/api/m/x", 1, "/api/m"),
        ("/api/", "/api/m/x", 1, "/api/m"),
        ("", "/x", 0, ""),
        ("/api", "/api/x", 0, "/api"),
        ("/api", "/m/x", 1, "/api/m"),
        ("/X", "/X/m/x", 1, "/X/m"),
        (None, "/m/x", 1, "/m"),
        pytest.param("/ap", "/api/m/x", 2, "/ap/api/m"),
    ],
)
def test_the_prefix_of_a_mount_joins_the_root_path(root: str | None, path: str, depth: int, expected: str) -> None:
    """The path stays whole, and the root path grows by the prefix (ASGI spec, "HTTP connection scope")."""
    scope = enter_mount(make_scope("GET", path, root_path=root), depth=depth)
    assert (scope["root_path"], scope["path"], scope["raw_path"]) == (expected, path, path.encode())


def test_the_scope_of_the_app_itself_stays_as_it_was() -> None:
    """The mounted app gets a copy."""
    scope = make_scope("GET", "/m/x", path_params={"a": 1})
    inner = enter_mount(scope, depth=1)
    assert inner["path_params"] == {"a": 1}
    inner["path_params"]["b"] = 2
    assert (scope["root_path"], scope["path_params"]) == ("", {"a": 1})


def test_an_encoded_slash_in_a_prefix_belongs_to_it() -> None:
    """A parameter of the prefix that holds a slash is one segment."""
    assert enter_mount(make_scope("GET", "/a%2Fb/x"), depth=1)["root_path"] == "/a/b"


def test_a_mounted_yaat_behind_asgi_middleware_tells_its_own_methods() -> None:
    """What the outer app found out about the path says nothing about the mounted app."""
    inner = make_app(("/z", ["GET"]))

    async def wrapped(scope: Scope, receive: Any, send: Any) -> None:
        await inner(scope, receive, send)

    app = make_app(("/m/y", ["POST"]))
    app.mount("/m", wrapped)
    assert ask(app, "GET", "/m/y").status == 404
