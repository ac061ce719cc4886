"""The build: mounts, conflicts, hosts and protocols, put together once."""

import asyncio
import gc
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.exceptions import ConfigurationError, HandlerError, RouteConflict, RouteError, UnknownRoute
from yaat.plugins import PluginErrors
from yaat.records import ExceptionHandler, PathConverter, Protocol
from yaat.routing import Mount, Route

from .asgi_driver import Answer, call


def ask(app: Any, method: str, path: str, **options: Any) -> Answer:
    """Return what *app* answers when it is built already, so that a static path is found at the first look."""
    if isinstance(app, Yaat):
        app.build()
    return asyncio.run(call(app, method, path, **options))


async def where(request: Request, **path_params: Any) -> str:
    return f"{request.route.path} {path_params}"


async def echo_scope(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what a mounted ASGI app sees."""
    parameters = scope.get("path_params")
    text = f"{scope['type']} root={scope['root_path']} path={scope['path']} {parameters}"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


def make_asgi(text: str) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": text.encode()})

    return app


def make_app(*paths: str, **options: Any) -> Yaat:
    app = Yaat(autoload=False, **options)
    for path in paths:
        app.add_route(path, where)
    return app


def make_router(*paths: str, **options: Any) -> Router:
    router = Router(**options)
    for path in paths:
        router.add_route(path, where)
    return router


def visit(app: Yaat, *paths: str, **options: Any) -> list[str]:
    answers = [ask(app, "GET", path, **options) for path in paths]
    return [answer.text if answer.status == 200 else str(answer.status) for answer in answers]


# --- mounts of routers and of other Yaats ---


@pytest.mark.parametrize("make", [make_router, make_app], ids=["router", "yaat"])
def test_routes_of_what_is_mounted_join_the_table(make: Callable[..., Router]) -> None:
    """The routes of a mounted router or app answer below its prefix, and nowhere else."""
    app = make_app("/x")
    app.mount("/m", make("/x", "/", ""))
    assert visit(app, "/m/x", "/m/", "/m", "/x", "/m/y") == ["/x {}", "/ {}", " {}", "/x {}", "404"]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("target", [make_router("/x"), make_asgi("asgi")], ids=["router", "asgi"])
def test_a_mount_swallows_no_sibling(is_first: bool, target: Any) -> None:
    """Routes beside a mount stay reachable below its prefix, whatever the order."""
    app = make_app()
    adders: list[Callable[[], None]] = [
        lambda: app.mount("/m", target),
        lambda: app.add_route("/m/y", where),
        lambda: app.add_route("/m/{z:int}", where),
    ]
    for add in adders if is_first else reversed(adders):
        add()
    assert visit(app, "/m/y", "/m/5") == ["/m/y {}", "/m/{z:int} {'z': 5}"]


def test_routers_nest() -> None:
    """A router in a router in a router answers at the prefixes put together."""
    app, middle = make_app(), make_router(prefix="/b")
    middle.mount("/c", make_router("/x"))
    app.mount("/a", middle)
    assert visit(app, "/a/b/c/x", "/a/b/x") == ["/x {}", "404"]


def test_a_prefix_may_hold_parameters() -> None:
    """Parameters of a prefix go to the handlers below, converted."""
    app = make_app()
    app.mount("/{tenant:int}", make_router("/{x}"))
    assert visit(app, "/5/a", "/b/a") == ["/{x} {'tenant': 5, 'x': 'a'}", "404"]


def test_one_router_can_be_mounted_twice() -> None:
    """A router answers wherever it is mounted."""
    app, router = make_app(), make_router("/x")
    app.mount("/a", router, name="a")
    app.mount("/b", router, name="b")
    assert visit(app, "/a/x", "/b/x") == ["/x {}", "/x {}"]


def test_one_app_can_be_mounted_twice() -> None:
    """An app that is mounted twice is loaded once: its plugins contribute their routes to both places."""
    calls: list[Any] = []

    class Blog(Plugin):
        name = "blog"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> Route:
            calls.append(app)
            return Route(path="/posts", handler=where)

    child, app = make_app(plugins=[Blog()]), make_app()
    app.mount("/a", child, name="a")
    app.mount("/b", child, name="b")
    assert (visit(app, "/a/posts", "/b/posts"), calls) == (["/posts {}"] * 2, [child])


def test_a_mounted_app_knows_where_its_routes_are() -> None:
    """A mounted app finds its own routes by their own names, at their full paths, and reports them."""
    inner, child, app = make_router("/z"), make_app("/y"), make_app("/x", "/child/other")
    child.mount("/inner", inner, name="inner")
    child.mount("/asgi", echo_scope)
    app.mount("/child", child, name="child")
    app.mount("/else", make_router("/w"))
    app.build()
    assert [child.url_for("where"), child.url_for("inner:where")] == ["/child/y", "/child/inner/z"]
    with pytest.raises(UnknownRoute):
        child.url_for("child:where")
    assert [route.path for route in child.report.routes] == ["/child/y", "/child/inner/z"]
    assert len(app.report.routes) == 5


def test_a_router_inside_itself_stops_the_build() -> None:
    """A circle of mounts would never end."""
    app, router = make_app(), make_router()
    router.mount("/again", router)
    app.mount("/r", router)
    with pytest.raises(RouteError, match="A router is mounted inside itself, below /r"):
        app.build()


def test_a_mounted_app_has_converters_of_its_own() -> None:
    """Two apps may give one name to different converters; each route uses those of its app."""
    child = make_app("/{x:case}", converters=[PathConverter(name="case", parse=str.upper)])
    app = make_app("/{x:case}", converters=[PathConverter(name="case", parse=str.title)])
    app.mount("/child", child)
    assert visit(app, "/ab", "/child/ab") == ["/{x:case} {'x': 'Ab'}", "/{x:case} {'x': 'AB'}"]


def test_a_router_uses_the_converters_of_its_app() -> None:
    """Converters belong to apps, and to the routers in them."""
    app = make_app(converters=[PathConverter(name="case", parse=str.upper)])
    app.mount("/{y:case}", make_router("/{x:case}"))
    assert visit(app, "/a/b") == ["/{x:case} {'y': 'A', 'x': 'B'}"]


def test_lifespans_of_what_is_mounted_run_once() -> None:
    """Start-up and shutdown of mounted Yaats and ASGI apps run with the outer app's, once, however often mounted."""
    events: list[str] = []
    app, child = make_app(), make_app()

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        for event in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{event}"
            events.append(f"asgi {event}")
            await send({"type": f"lifespan.{event}.complete"})

    child.on_startup(lambda: events.append("child startup"))
    child.on_shutdown(lambda: events.append("child shutdown"))
    app.mount("/a", child, name="a")
    app.mount("/b", child, name="b")
    app.mount("/c", asgi)
    app.mount("/d", asgi)
    run_lifespan(app)
    assert events == ["child startup", "asgi startup", "asgi shutdown", "child shutdown"]


def run_lifespan(app: Yaat) -> None:
    """Start and stop *app*."""
    incoming = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        assert message["type"].endswith(".complete"), message

    asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))


def test_exception_handlers_are_asked_from_the_inside_out() -> None:
    """The handler of the route comes first, then that of the router, of a plugin, and of the app."""

    class Help(Plugin):
        name = "help"

        @hookimpl
        def yaat_register_exception_handlers(self, app: Yaat) -> list[ExceptionHandler]:
            return [ExceptionHandler(key=key, handler=say_it("plugin")) for key in (LookupError, ZeroDivisionError)]

    def say_it(text: str) -> Any:
        return lambda request, error: text

    async def fail(request: Request, kind: str) -> None:
        raise {"lookup": LookupError, "zero": ZeroDivisionError}[kind]

    app = make_app(plugins=[Help()], exception_handlers={LookupError: say_it("app")})
    router = Router(exception_handlers={LookupError: say_it("router")})
    router.add_route("/route/{kind}", fail, exception_handlers={LookupError: say_it("route")})
    router.add_route("/router/{kind}", fail, name="router")
    app.add_route("/app/{kind}", fail, name="app")
    app.mount(router)
    paths = ["/route/lookup", "/router/lookup", "/app/lookup", "/route/zero"]
    assert visit(app, *paths) == ["route", "router", "app", "plugin"]


# --- mounts of ASGI apps ---


@pytest.mark.parametrize(
    ("prefix", "path", "seen"),
    [
        ("/m", "/m/x/y", "http root=/m path=/m/x/y {}"),
        ("/m", "/m", "http root=/m path=/m {}"),
        ("/m", "/m/", "http root=/m path=/m/ {}"),
        ("/m/n/", "/m/n/x", "http root=/m/n path=/m/n/x {}"),
        ("/", "/x", "http root= path=/x {}"),
        ("/{t:int}/m", "/5/m/x", "http root=/5/m path=/5/m/x {'t': 5}"),
        ("/v{t}", "/v5/x", "http root=/v5 path=/v5/x {'t': '5'}"),
    ],
)
def test_an_asgi_app_sees_its_prefix_as_root_path(prefix: str, path: str, seen: str) -> None:
    """A mounted ASGI app gets the whole path, and its prefix in the root path (ASGI spec, "HTTP connection scope")."""
    app = make_app()
    app.mount(prefix, echo_scope)
    assert visit(app, path) == [seen]


def test_an_asgi_app_below_a_root_path_and_a_router() -> None:
    """Root path of the server, prefix of the router and prefix of the mount add up."""
    app, router = make_app(), make_router(prefix="/r")
    router.mount("/m", echo_scope)
    app.mount("/a", router)
    [seen] = visit(app, "/api/a/r/m/x", scope={"root_path": "/api"})
    assert seen == "http root=/api/a/r/m path=/api/a/r/m/x {}"


def test_every_method_reaches_an_asgi_app() -> None:
    """A mounted app answers methods itself, also where a route of the outer app has the path for another one."""
    app = make_app("/m/y")
    app.mount("/m", make_asgi("mounted"))
    answers = [ask(app, *request).text for request in (("POST", "/m/x"), ("POST", "/m/y"), ("GET", "/m/y"))]
    assert answers == ["mounted", "mounted", "/m/y {}"]


def test_the_deepest_mount_wins() -> None:
    """Of several mounts around a path the deepest has it, whatever the order."""
    app = make_app()
    for prefix in ("/", "/a/b", "/a"):
        app.mount(prefix, make_asgi(prefix))
    assert visit(app, "/x", "/a/x", "/a/b/x", "/a/bb", "/") == ["/", "/a", "/a/b", "/a", "/"]


def test_a_mount_ends_between_segments() -> None:
    """`/m` has nothing to do with `/mm`."""
    app = make_app()
    app.mount("/m", echo_scope)
    assert visit(app, "/mm", "/m%2Fx") == ["404", "404"]


def test_routes_of_the_app_come_before_a_mount_at_the_root() -> None:
    """A mount at `/` answers for what the app has no route for."""
    app = make_app("/x")
    app.mount("/", make_asgi("rest"))
    assert visit(app, "/x", "/y") == ["/x {}", "rest"]


@pytest.mark.parametrize("is_first", [True, False])
def test_an_asgi_app_comes_before_the_404_of_a_router(is_first: bool) -> None:
    """Where a router and an ASGI app share a prefix, the app has what no route of the router matches."""
    app = make_app()
    adders: list[Callable[[], None]] = [
        lambda: app.mount("/m", make_router("/x")),
        lambda: app.mount("/m", make_asgi("rest")),
    ]
    for add in adders if is_first else reversed(adders):
        add()
    assert visit(app, "/m/x", "/m/y") == ["/x {}", "rest"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_mount_for_one_host_comes_before_one_for_any(is_first: bool) -> None:
    """Two apps at one prefix for different hosts do not get into each other's way."""
    app = make_app()
    adders: list[Callable[[], None]] = [
        lambda: app.mount("/m", make_asgi("one"), host="one.example"),
        lambda: app.mount("/m", make_asgi("any")),
    ]
    for add in adders if is_first else reversed(adders):
        add()
    hosts = [visit(app, "/m/x", headers=[("host", host)]) for host in ("one.example", "other.example")]
    assert hosts == [["one"], ["any"]]


def test_two_apps_at_one_prefix_stop_the_build() -> None:
    """One of them could never be reached."""
    app = make_app()
    app.mount("/m", make_asgi("a"))
    app.mount("/m/", make_asgi("b"))
    with pytest.raises(RouteConflict, match="Two apps are mounted at /m"):
        app.build()


def test_middleware_of_a_mount_is_around_an_asgi_app() -> None:
    """Middleware of a mount sees what the mounted app answers, and what it does not reach."""

    def mark(request: Request) -> Any:
        response = yield
        response.headers["x-mount"] = request.path

    app = make_app()
    app.mount("/m", echo_scope, middleware=[mark])
    answer = ask(app, "GET", "/m/x")
    assert (answer["x-mount"], answer.text) == ("/m/x", "http root=/m path=/m/x {}")


def test_a_plugin_may_mount_something() -> None:
    """Plugins contribute mounts like routes."""

    class Assets(Plugin):
        name = "assets"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> list[Any]:
            return [Mount(path="/assets", app=echo_scope), Route(path="/assets/list", handler=where)]

    app = make_app(plugins=[Assets()])
    assert visit(app, "/assets/x", "/assets/list") == ["http root=/assets path=/assets/x {}", "/assets/list {}"]


# --- conflicts ---


class Blog(Plugin):
    name = "blog"

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        return Route(path="/posts/{id}", handler=where, methods=("GET", "POST"))


def test_a_duplicate_stops_the_build_with_both_lines() -> None:
    """The same method and path twice is an error that names both lines."""
    app = make_app("/x", "/x")
    with pytest.raises(
        RouteConflict, match=r"(?s)answer GET /x.*/x added at .*test_b.*:\d+ by the app.*/x added at .*:\d+"
    ):
        app.build()


def test_a_duplicate_in_what_is_mounted_is_found() -> None:
    """Routes of mounted routers and of the app itself are compared at their full paths."""
    app = make_app("/m/x")
    app.mount("/m", make_router("/x"))
    with pytest.raises(RouteConflict, match="Two routes answer GET /m/x"):
        app.build()


def test_paths_that_differ_in_the_names_of_parameters_are_duplicates() -> None:
    """`/x/{a}` and `/x/{b}` match the same paths."""
    with pytest.raises(RouteConflict, match=r"(?s)    /x/\{a\} added .*    /x/\{b\} added"):
        make_app("/x/{a}", "/x/{b}").build()


def test_annotations_make_paths_differ() -> None:
    """A parameter that the handler annotates as a number leaves other texts to the next route."""
    app = make_app("/x/{name}")

    @app.get("/x/{id}")
    async def by_id(request: Request, id: int) -> str:
        return f"number {id}"

    assert visit(app, "/x/5", "/x/a") == ["number 5", "/x/{name} {'name': 'a'}"]
    with pytest.raises(UnknownRoute, match=r"id='a' does not fit \{id:int\}"):
        app.url_for("by_id", id="a")


def test_annotations_make_paths_the_same() -> None:
    """`{id}` with an annotation and `{id:int}` are the same path; the message shows both with their converters."""
    app = make_app("/x/{n:int}")

    @app.get("/x/{id}")
    async def by_id(request: Request, id: int) -> str:
        return ""

    with pytest.raises(RouteConflict, match=r"(?s)    /x/\{n:int\} added .*    /x/\{id:int\} added"):
        app.build()


def test_the_app_may_replace_a_route_of_a_plugin() -> None:
    """With `replaces=True` the app answers in place of a plugin, which keeps its other methods."""
    app = make_app(plugins=[Blog()])

    @app.get("/posts/{id}", replaces=True)
    async def own(request: Request, id: str) -> str:
        return "own"

    assert (ask(app, "GET", "/posts/1").text, ask(app, "POST", "/posts/1").text) == ("own", "/posts/{id} {'id': '1'}")
    assert [(route.path, route.methods) for route in app.report.routes] == [
        ("/posts/{id}", ("GET",)),
        ("/posts/{id}", ("POST",)),
    ]


def test_a_conflict_with_a_plugin_is_told() -> None:
    """Without `replaces` the build stops, and the message says how to choose."""
    app = make_app("/posts/{x}", plugins=[Blog()])
    with pytest.raises(PluginErrors) as raised:
        app.build()
    (conflict,) = raised.value.errors
    assert isinstance(conflict, RouteConflict)
    facts = [
        "by plugin 'blog'",
        "the app's own route win with replaces=True",
        'Yaat(block=["blog"])',
        "YAAT_BLOCK=blog",
    ]
    assert [fact for fact in facts if fact not in str(conflict)] == []


# --- converters ---


@pytest.mark.parametrize("app", [make_router("/x"), echo_scope], ids=["router", "asgi"])
def test_an_unknown_converter_in_a_prefix_stops_the_build(app: Any) -> None:
    """The message points at the converter in the prefix, and names the line of the mount."""
    outer = make_app()
    outer.mount("/a/{t:integer}", app)
    with pytest.raises(
        RouteError, match=r"(?s)'integer' in the path added at .*test_b.*:\d+ by.*\{t:integer\}.*'int'\?"
    ):
        outer.build()


def test_an_unknown_converter_of_a_route_stops_the_build() -> None:
    """The message points at the converter and names the line of the route."""
    with pytest.raises(
        RouteError, match=r"(?s)'integer' in the path added at .*test_b.*:\d+ by .*/\{t:integer\}\n +\^"
    ):
        make_app("/{t:integer}").build()


# --- protocols ---


async def serve_echo(scope: Scope, receive: Receive, send: Send) -> None: ...


class Echo(Plugin):
    """A protocol of its own: it sends what it is."""

    name = "echo"

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(name="echo", make_endpoint=self.serve, make_fallback=self.refuse)

    def serve(self, placed: Any, app: Yaat) -> ASGIApp:
        return lambda scope, receive, send: say(send, f"{placed.template} {scope.get('path_params')}")

    def refuse(self, app: Yaat) -> ASGIApp:
        return lambda scope, receive, send: say(send, "refused")


def say(send: Send, text: str) -> Awaitable[None]:
    async def do() -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": text.encode()})

    return do()


def connect(app: Any, path: str, kind: str = "echo") -> str:
    """Return what a connection of another type than HTTP, which has no method, is told."""

    async def without_method(scope: Scope, receive: Receive, send: Send) -> None:
        await app({key: scope[key] for key in scope if key != "method"}, receive, send)

    return ask(without_method, "GET", path, scope={"type": kind}).text


def test_a_plugin_serves_a_protocol() -> None:
    """Routes of a protocol are found like those of HTTP, and apart from them."""
    app = make_app("/x", plugins=[Echo()])
    app.add_route("/{n:int}", where, protocol="echo")
    app.mount("/r", make_router("/x"))
    assert [connect(app, path) for path in ("/5", "/x", "/r/x")] == ["/{n:int} {'n': 5}", "refused", "refused"]
    assert visit(app, "/5") == ["404"]


class Upgradable(Echo):
    """The same, with a way to it from HTTP."""

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(name="echo", make_endpoint=self.serve, make_fallback=self.refuse, upgrade="echo")


@pytest.mark.parametrize("has_route", [True, False])
def test_a_protocol_with_routes_is_offered_to_http(has_route: bool) -> None:
    """Plain HTTP on a path of a protocol that it can be upgraded to is told so, when there is any such path."""
    app = make_app(plugins=[Upgradable()])
    if has_route:
        app.add_route("/ws", where, protocol="echo")
    assert visit(app, "/ws", "/x") == ["426" if has_route else "404", "404"]


def test_annotations_convert_for_every_protocol() -> None:
    """A handler's annotations choose the converters for other protocols too."""
    app = make_app(plugins=[Echo()])

    async def handler(connection: Any, n: int) -> None: ...

    app.add_route("/{n}", handler, protocol="echo")
    assert [connect(app, path) for path in ("/5", "/x")] == ["/{n} {'n': 5}", "refused"]


def test_two_routes_of_one_protocol_conflict() -> None:
    """A protocol without methods has one route for each path."""
    app = make_app(plugins=[Echo()])
    for _ in range(2):
        app.add_route("/x", where, protocol="echo")
    with pytest.raises(RouteConflict, match="Two routes answer /x, so"):
        app.build()


@pytest.mark.parametrize(
    ("protocol", "hint"), [("websocket", "pip install yaat-websockets"), ("gopher", "Install the plugin for it")]
)
def test_a_route_of_a_protocol_that_nobody_serves_stops_the_build(protocol: str, hint: str) -> None:
    """The message names the route, its line and what to install."""
    app = make_app()
    app.add_route("/x", where, protocol=protocol)
    with pytest.raises(ConfigurationError, match=rf"/x added at .*test_b.*:\d+ by the app .* '{protocol}', .* {hint}"):
        app.build()


def test_a_mounted_asgi_app_serves_other_protocols_below_its_prefix() -> None:
    """Connections of every protocol are passed on to a mounted ASGI app, with its prefix in the root path."""
    app = make_app(plugins=[Echo()])
    app.add_route("/m/x", where, protocol="echo")
    app.mount("/m", echo_scope)
    assert [connect(app, path) for path in ("/m/y", "/m/x", "/n")] == [
        "echo root=/m path=/m/y {}",
        "/m/x None",
        "refused",
    ]


def test_a_mounted_asgi_app_serves_websockets_without_any_plugin() -> None:
    """WebSockets of a mounted ASGI app need nothing here; elsewhere nobody serves them."""
    app = make_app()
    app.mount("/m", echo_scope)
    assert connect(app, "/m/ws", "websocket") == "websocket root=/m path=/m/ws {}"
    with pytest.raises(ConfigurationError, match="pip install yaat-websockets"):
        connect(app, "/ws", "websocket")


class Stamp:
    """Raw ASGI middleware that notes the types of the connections it sees."""

    def __init__(self, app: ASGIApp, seen: list[str]) -> None:
        self.app = app
        self.seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope["type"])
        await self.app(scope, receive, send)


@pytest.mark.parametrize("protocols", [["http"], ["echo"], ["http", "echo"]])
@pytest.mark.parametrize("is_mounted", [False, True])
def test_raw_middleware_is_around_the_protocols_it_is_for(protocols: list[str], is_mounted: bool) -> None:
    """ASGI middleware sees the connections of its protocols, and no others, on the app as on a router in it."""
    seen: list[str] = []
    app, router = make_app(plugins=[Echo()]), make_router("/x")
    router.add_route("/x", where, protocol="echo", name="echo")
    app.mount("/r", router)
    (router if is_mounted else app).add_middleware(Stamp, seen=seen, protocols=protocols)
    visit(app, "/r/x")
    connect(app, "/r/x")
    assert seen == protocols


def test_raw_middleware_of_several_protocols_stays_apart() -> None:
    """Each connection passes through the middleware that is for its protocol."""
    http: list[str] = []
    echo: list[str] = []
    app = make_app("/x", plugins=[Echo()])
    app.add_middleware(Stamp, seen=http, protocols=["http"])
    app.add_middleware(Stamp, seen=echo, protocols=["echo"])
    visit(app, "/x")
    connect(app, "/y")
    assert (http, echo) == (["http"], ["echo"])


def test_raw_middleware_of_a_mount_is_around_other_protocols_of_an_asgi_app() -> None:
    """Middleware of a mount sees the connections of its protocols to the mounted app."""
    seen: list[str] = []
    app = make_app()
    middleware = [Middleware(Stamp, seen=seen, protocols=["websocket"])]
    app.mount("/m", echo_scope, middleware=middleware)
    connect(app, "/m/x", "websocket")
    assert (visit(app, "/m/x"), seen) == (["http root=/m path=/m/x {}"], ["websocket"])


# --- the build itself ---


def test_the_first_request_builds_the_app() -> None:
    """Nobody has to build an app: its first request does."""
    app = make_app("/x")
    assert asyncio.run(call(app, "GET", "/x")).text == "/x {}"
    assert app.is_built


def test_building_twice_is_building_once() -> None:
    """A second build changes nothing."""
    app = make_app("/x")
    app.build()
    report = app.report
    app.build()
    assert app.report is report


def test_there_is_no_report_before_the_build() -> None:
    """Nobody knows yet what plugins will bring; the message says what to do."""
    with pytest.raises(AttributeError, match=r"call app\.build\(\) first"):
        _ = make_app("/x").report


def test_a_mistake_stops_the_first_request_too() -> None:
    """An app that was not built before is built by its first request, which then tells the server what is wrong."""
    app = make_app()
    app.add_route("/{id}", lambda request: "")
    with pytest.raises(HandlerError, match="The path gives 'id'"):
        asyncio.run(call(app, "GET", "/5"))


def test_the_report_lists_routes_and_middleware() -> None:
    """Who gave what is there to be printed."""

    def mark(request: Request) -> Any:
        yield

    app, router = make_app("/x", middleware=[mark]), make_router("/y", host="a.example")
    router.add_route("/z", where, ["PUT"], tags=["t"], middleware=[mark])
    app.mount("/r", router, name="r")
    app.build()
    assert [(route.path, route.host, route.methods, route.name) for route in app.report.routes] == [
        ("/x", None, ("GET",), "where"),
        ("/r/y", "a.example", ("GET",), "r:where"),
        ("/r/z", "a.example", ("PUT",), "r:where"),
    ]
    assert [(route.middleware, dict(route.metadata)) for route in app.report.routes] == [
        (("mark",), {}),
        (("mark",), {}),
        (("mark", "mark"), {"tags": ["t"]}),
    ]
    assert [middleware.name for middleware in app.report.middleware] == ["mark"]


def test_a_thousand_routes_take_little_memory() -> None:
    """What an app keeps of a route, its handler included, is less than 2.5 kB, whether or not it has parameters."""

    def add_pair(app: Yaat, section: int) -> None:
        @app.get(f"/section{section}/page")
        async def page(request: Request) -> str:
            return f"{section}"

        @app.get(f"/section{section}/items/{{number}}")
        async def item(request: Request, number: int) -> str:
            return f"{section} {number}"

    def build(count: int) -> Yaat:
        app = Yaat(autoload=False)
        for section in range(count // 2):
            add_pair(app, section)
        app.build()
        return app

    build(10)  # What is made once, whatever the number of routes, does not count.
    gc.collect()
    tracemalloc.start()
    try:
        app = build(1000)
        gc.collect()
        # Since Python 3.14 a function keeps another one for its annotations (PEP 649), of more than 0.1 kB.
        assert tracemalloc.get_traced_memory()[0] < (2_500_000 if sys.version_info < (3, 14) else 2_600_000)
    finally:
        tracemalloc.stop()
    assert len(app.report.routes) == 1000
