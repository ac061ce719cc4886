"""The pipeline: from a placed route to what serves each of its methods."""

import re
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.exceptions import ConfigurationError, HandlerError, RouteError
from yaat.handler import examine
from yaat.records import Protocol
from yaat.responses import TextResponse

from .asgi_driver import ask


def make_app(**options: Any) -> Yaat:
    return Yaat(autoload=False, **options)


def refuse(app: Yaat, error: type[Exception] = HandlerError) -> str:
    with pytest.raises(error) as caught:
        app.build()
    return str(caught.value)


async def show(request: Request, **path_params: Any) -> str:
    return f"{request.method} {path_params}"


# --- methods ---


@pytest.mark.parametrize(
    ("methods", "answered"),
    [
        (None, {"GET": 200, "HEAD": 200, "OPTIONS": 204, "POST": 405}),
        (["POST", "put"], {"GET": 405, "HEAD": 405, "OPTIONS": 204, "POST": 200, "PUT": 200}),
        (["HEAD"], {"GET": 405, "HEAD": 200}),
        (["OPTIONS"], {"GET": 405, "OPTIONS": 200}),
        (["QUERY", "BREW"], {"QUERY": 200, "BREW": 200, "GET": 405}),
    ],
)
def test_a_route_answers_its_methods(methods: list[str] | None, answered: dict[str, int]) -> None:
    """GET when nothing is said, and with GET comes HEAD; OPTIONS is answered unless it has a route."""
    app = make_app()
    app.add_route("/", show, methods)
    assert {method: ask(app, method, "/").status for method in answered} == answered


def test_a_view_answers_what_it_has_methods_for() -> None:
    """A view class answers each method by the method of that name; a route may take some of them."""

    class View:
        async def get(self, request: Request) -> str:
            return "get"

        def put(self, request: Request) -> str:
            return "put"

    app = make_app()
    app.add_route("/all", View)
    app.add_route("/some", View, ["PUT"], name="some")
    made: Any = View()
    app.add_route("/made", made, name="made")
    requests = [("GET", "/all"), ("PUT", "/all"), ("PUT", "/some"), ("GET", "/made")]
    assert [ask(app, *request).text for request in requests] == ["get", "put", "put", "get"]
    answer = ask(app, "GET", "/some")
    assert (answer.status, answer["allow"]) == (405, "OPTIONS, PUT")


@pytest.mark.parametrize("is_first", [True, False])
def test_an_explicit_head_comes_before_the_one_of_get(is_first: bool) -> None:
    """Whatever the order, a route for HEAD answers HEAD."""
    app = make_app()

    async def head(request: Request) -> Any:
        return TextResponse("", headers={"x-head": "own"})

    for add in (app.head("/"), app.get("/", name="get"))[:: 1 if is_first else -1]:
        add(head)
    assert ask(app, "HEAD", "/")["x-head"] == "own"


@pytest.mark.parametrize(
    ("handler", "options", "what"),
    [
        ("text", {}, "'text'"),
        (object(), {}, "has no method named like an HTTP method"),
        (type("Empty", (), {}), {}, "has no method named like an HTTP method"),
        (type("View", (), {"get": show}), {"methods": ["PUT"]}, "has no method 'put' for PUT"),
    ],
    ids=["text", "object", "empty class", "missing method"],
)
def test_a_handler_that_is_none_names_its_route(handler: Any, options: Any, what: str) -> None:
    """The message says what is wrong with it, and where the route was added."""
    app = make_app()
    app.add_route("/x", handler, **options)
    message = refuse(app)
    assert what in message
    assert re.search(r"The route /x was added at .*test_pipeline\.py:\d+ by the app\.", message)


def test_parameters_are_checked_for_each_method() -> None:
    """Every method of a view has to take what the path gives."""

    class View:
        async def get(self, request: Request, id: int) -> str:
            return ""

        async def put(self, request: Request) -> str:
            return ""

    app = make_app()
    app.add_route("/{id}", View)
    assert "The path gives 'id', but the handler" in refuse(app)


def test_parameters_of_the_host_are_given_too() -> None:
    """Handlers take the parameters of their host template by name."""
    app = make_app()

    @app.get("/{x}", host="{tenant}.example.com")
    async def own(request: Request, tenant: str, x: str) -> str:
        return f"{tenant} {x}"

    assert ask(app, "GET", "/a", headers=[("host", "shop.example.com")]).text == "shop a"


def test_a_view_may_annotate_differently() -> None:
    """Each method of a view has the converters that it annotates."""

    class View:
        async def get(self, request: Request, id: int) -> str:
            return f"number {id}"

        async def put(self, request: Request, id: str) -> str:
            return f"text {id}"

    app = make_app()
    app.add_route("/{id}", View)
    assert [ask(app, method, "/5").text for method in ("GET", "PUT")] == ["number 5", "text 5"]
    assert [ask(app, method, "/a").status for method in ("GET", "PUT")] == [405, 200]


def test_an_unknown_converter_stops_the_build() -> None:
    """The message shows the path with a caret."""
    app = make_app()
    app.add_route("/{id:integer}", show)
    assert "Unknown converter 'integer'" in refuse(app, RouteError)


# --- plugins around handlers ---


def test_plugins_wrap_inside_middleware_and_once_for_each_method() -> None:
    """What a plugin puts around an endpoint is inside all middleware; HEAD shares it with GET."""
    wrapped: list[str] = []

    class Wrap(Plugin):
        name = "wrap"

        @hookimpl
        def yaat_wrap_endpoint(self, app: Yaat, route: Any, endpoint: Any) -> Any:
            wrapped.append(route.path)

            async def around(request: Request) -> str:
                return f"<{await endpoint(request)} {request.state.mark}>"

            return around

    class Mark:
        def process_request(self, request: Request) -> None:
            request.state.mark = "marked"

    app = make_app(plugins=[Wrap()], middleware=[Mark])
    app.add_route("/x", show, ["GET", "PUT"])
    assert ask(app, "GET", "/x").text == "<GET {} marked>"
    assert ask(app, "HEAD", "/x")["content-length"] == str(len("<HEAD {} marked>"))
    assert wrapped == ["/x", "/x"]


# --- other protocols ---


class Echo(Plugin):
    """Serves connections that say where they came."""

    name = "echo"

    def __init__(self, **options: Any) -> None:
        self.options = options

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(name="echo", make_endpoint=self.serve, make_fallback=self.refuse, **self.options)

    def serve(self, placed: Any, place: Any) -> ASGIApp:
        names = [step.name for step in place.steps]

        async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
            text = f"{placed.route.path} {scope.get('path_params', {})} {names} {place.max_body_bytes}"
            await TextResponse(text)(scope, receive, send)

        return endpoint

    def refuse(self, place: Any) -> ASGIApp:
        return TextResponse(f"unknown {[step.name for step in place.steps]}", 404)


def pass_on(request: Request) -> Any:
    yield


def raw(app: ASGIApp, seen: list[str]) -> ASGIApp:
    async def passing(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        await app(scope, receive, send)

    return passing


def connect(app: Yaat, path: str) -> str:
    return ask(app, "GET", path, scope={"type": "echo"}).text


def test_another_protocol_knows_its_place() -> None:
    """Its endpoints get the route and its place: limits, failure, and the flat middleware that is for the protocol."""
    seen: list[str] = []
    both = ["http", "echo"]
    app = make_app(plugins=[Echo()], middleware=[Middleware(pass_on, name="app", protocols=both)])
    router = Router(
        max_body_bytes=5, middleware=[Middleware(pass_on, name="http"), Middleware(raw, seen=seen, protocols=both)]
    )
    router.add_route("/{n:int}", show, protocol="echo", middleware=[Middleware(pass_on, name="route", protocols=both)])
    app.mount("/r", router)
    assert connect(app, "/r/5") == "/{n:int} {'n': 5} ['app', 'route'] 5"
    assert (connect(app, "/r/no"), connect(app, "/no")) == ("unknown ['app']", "unknown ['app']")
    assert seen == ["echo", "echo"]
    assert [(route.methods, route.middleware) for route in app.report.routes] == [((), ("app", "raw", "route"))]


def test_another_protocol_knows_route_and_middleware() -> None:
    """The place of its endpoints has the route, and all middleware around it, for whoever wants to tell of them."""
    places: list[Any] = []

    class Looking(Plugin):
        name = "looking"

        @hookimpl
        def yaat_register_protocols(self, app: Yaat) -> Protocol:
            def note(place: Any) -> ASGIApp:
                places.append(place)
                return app

            return Protocol(name="look", make_endpoint=lambda _, place: note(place), make_fallback=note)

    app = make_app(plugins=[Looking()], middleware=[Middleware(pass_on, name="app", protocols=["look"])])
    app.add_route("/x", show, protocol="look")
    app.build()
    names = [(place.route and place.route.path, [each.name for each in place.middleware]) for place in places]
    assert sorted(names, key=str) == [("/x", ["app"]), (None, ["app"])]


def test_another_protocol_may_have_handlers_of_its_own_kind() -> None:
    """What is added to a route need not be a function, if the protocol can tell what it takes."""
    app = make_app(plugins=[Echo(examine=lambda target: examine(target.connect))])

    class Socket:
        def connect(self, n: int) -> None: ...

    handler: Any = Socket()
    app.add_route("/{n}", handler, protocol="echo")
    assert connect(app, "/5") == f"/{{n}} {{'n': 5}} [] {app.max_body_bytes}"
    assert connect(app, "/a") == "unknown []"


def test_http_is_told_to_upgrade() -> None:
    """Plain HTTP on a path that only another protocol serves is a 426 that names it (RFC 9110 §15.5.22)."""
    app = make_app(plugins=[Echo(upgrade="echo")])
    app.add_route("/e", show, protocol="echo")
    app.add_route("/both", show, protocol="echo", name="e")
    app.add_route("/both", show, name="h")
    answer = ask(app, "GET", "/e")
    assert (answer.status, answer["upgrade"], answer["connection"]) == (426, "echo", "Upgrade")
    assert [ask(app, *request).status for request in (("GET", "/both"), ("PUT", "/both"), ("GET", "/no"))] == [
        200,
        405,
        404,
    ]
    assert ask(app, "GET", "/e", scope={"http_version": "2"}).status == 404


# --- what nothing matches ---


@pytest.mark.parametrize("handlers", [{}, {404: lambda request, error: ("own", 404)}], ids=["plain", "own"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/no", 404), ("PUT", "/x", 405), ("OPTIONS", "/x", 204), ("OPTIONS", "/no", 404)],
)
def test_unknown_paths_and_methods_are_answered(handlers: Any, method: str, path: str, status: int) -> None:
    """With or without somebody who wants to answer the exception, the status is the same."""
    app = make_app(exception_handlers=handlers)
    app.add_route("/x", show)
    answer = ask(app, method, path)
    assert answer.status == status
    assert ("allow" in dict(answer.headers)) is (path == "/x")


@pytest.mark.parametrize("method", ["HEAD", "GET", "POST"])
def test_redirects_have_no_content(method: str) -> None:
    """A redirect to the other form of a path keeps the method (RFC 9110 §15.4.9)."""
    app = make_app(trailing_slash="redirect")
    app.add_route("/x/", show, ["GET", "POST"])
    answer = ask(app, method, "/x?q=1")
    assert (answer.status, answer["location"], answer.body) == (308, "/x/?q=1", b"")


def test_areas_answer_in_their_own_way() -> None:
    """Below a mounted router its handlers answer for unknown paths, below a mounted ASGI app that app does."""

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await TextResponse("mounted")(scope, receive, send)

    app, router = make_app(), Router(exception_handlers={404: lambda request, error: ("router", 404)})
    router.add_route("/x", show)
    app.mount("/r", router)
    app.mount("/m", mounted)
    app.mount("/w", mounted, middleware=[lambda app: app])
    assert [ask(app, "GET", path).text for path in ("/r/no", "/m/no", "/w/no")] == ["router", "mounted", "mounted"]


def test_an_app_without_routes_answers_404() -> None:
    """There is always an answer."""
    assert [ask(make_app(), method, "/").status for method in ("GET", "HEAD", "OPTIONS", "BREW")] == [404] * 4


def test_a_handler_that_cannot_be_bound_is_an_error_of_the_set_up() -> None:
    """All of these are mistakes of the set-up, and one class catches them."""
    app = make_app()
    app.add_route("/{id}", lambda request: "")
    assert "The path gives 'id'" in refuse(app, ConfigurationError)
