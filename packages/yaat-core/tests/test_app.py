"""The front door: an app is set up, built once, and then serves; and it lives from its start-up to its shutdown."""

import asyncio
import inspect
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from yaat import Plugin, Request, Response, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.exceptions import AppBuilt, ConfigurationError, UnknownRoute
from yaat.plugins import PluginErrors
from yaat.records import PathConverter
from yaat.responses import StreamResponse, TextResponse
from yaat.routing import Mount, Route

from .asgi_driver import Life, ask, call, make_scope


async def hello(request: Request, **path_params: Any) -> str:
    return f"hello {path_params or ''}".strip()


def make_app(*paths: str, **options: Any) -> Yaat:
    app = Yaat(autoload=False, **options)
    for path in paths or ("/",):
        app.add_route(path, hello)
    return app


# --- set-up, and then the build ---


def test_hello_world() -> None:
    """Four lines make an app."""
    app = Yaat(autoload=False)

    @app.route("/")
    async def index(request: Request) -> Response:
        return TextResponse("Hello World")

    answer = ask(app, "GET", "/")
    assert (answer.status, answer.text, answer["content-type"]) == (200, "Hello World", "text/plain; charset=utf-8")


@pytest.mark.filterwarnings("ignore:'asyncio.iscoroutinefunction' is deprecated:DeprecationWarning")
def test_an_app_is_a_coroutine_function_to_servers() -> None:
    """Servers that look at what they were given take an app for ASGI 3."""
    assert asyncio.iscoroutinefunction(make_app().__call__)
    assert inspect.iscoroutinefunction(make_app().__call__)


def build_by_hand(app: Yaat) -> None:
    app.build()


def build_by_request(app: Yaat) -> None:
    ask(app, "GET", "/")


def build_by_start(app: Yaat) -> None:
    async def start() -> None:
        async with Life(app):
            pass

    asyncio.run(start())


def build_by_url(app: Yaat) -> None:
    app.url_for("hello")


BUILDS = [build_by_hand, build_by_request, build_by_start, build_by_url]


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize(
    ("add", "what"),
    [
        (lambda app: app.add_route("/x", hello), "the route '/x'"),
        (lambda app: app.mount("/x", Router()), "the mount '/x'"),
        (lambda app: app.add_middleware(hello), "the middleware <function hello"),
        (lambda app: app.add_exception_handler(404, hello), "the exception handler for 404"),
        (lambda app: app.add_converter(PathConverter(name="x", parse=str)), "the converter 'x'"),
        (lambda app: app.on_startup(hello), "on_startup of <function hello"),
        (lambda app: app.on_shutdown(hello), "on_shutdown of <function hello"),
    ],
    ids=["route", "mount", "middleware", "exception handler", "converter", "on_startup", "on_shutdown"],
)
def test_what_comes_too_late_is_refused(build: Callable[[Yaat], None], add: Callable[[Yaat], Any], what: str) -> None:
    """After the build nothing that is added could take effect, so adding it is an error that names the line."""
    app = make_app()
    build(app)
    with pytest.raises(AppBuilt, match=rf"{re.escape(what)}.* came too late, at .*test_app\.py:\d+"):
        add(app)


def test_routers_in_an_app_are_built_with_it() -> None:
    """A router that is mounted takes nothing more either."""
    app, router = make_app(), Router()
    app.mount("/r", router)
    app.build()
    with pytest.raises(AppBuilt):
        router.add_route("/x", hello)


@pytest.mark.parametrize("build", BUILDS)
def test_an_app_is_built_once(build: Callable[[Yaat], None]) -> None:
    """Whatever builds it first, plugins are asked once."""
    calls: list[str] = []

    class Count(Plugin):
        name = "count"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> None:
            calls.append("routes")

        @hookimpl
        def yaat_app_built(self, app: Yaat) -> None:
            calls.append("built")

    app = make_app(plugins=[Count()])
    for again in (build, *BUILDS):
        again(app)
    assert calls == ["routes", "built"]


def test_a_build_that_fails_leaves_no_extensions() -> None:
    """What plugins put into `app.extensions` before one of them failed is taken out again."""

    class Offer(Plugin):
        name = "offer"

        @hookimpl
        def yaat_configure(self, app: Yaat) -> None:
            app.extensions["offer"] = 1
            raise ValueError("on second thoughts, no")

    app = make_app(plugins=[Offer()])
    app.extensions["own"] = 1
    with pytest.raises(PluginErrors):
        app.build()
    assert app.extensions == {"own": 1}


def test_converters_can_be_added() -> None:
    """`add_converter` takes a record, like `converters=`."""
    app = make_app("/{x:shout}")
    app.add_converter(PathConverter(name="shout", parse=str.upper))
    assert ask(app, "GET", "/a").text == "hello {'x': 'A'}"


def test_a_mistake_is_told_again() -> None:
    """A build that failed is tried again by the next request, and tells the same."""
    app = make_app("/{x:integer}")
    for build in (build_by_hand, build_by_request, build_by_hand):
        with pytest.raises(ConfigurationError, match="Unknown converter 'integer'"):
            build(app)


def test_a_plugin_may_object_to_the_finished_app() -> None:
    """What `yaat_app_built` raises stops the build, each time anew."""

    class Strict(Plugin):
        name = "strict"

        @hookimpl
        def yaat_app_built(self, app: Yaat, report: Any) -> None:
            raise ValueError(f"{app.url_for('hello')} has no description")

    app = make_app(plugins=[Strict()])
    for build in (build_by_hand, build_by_request):
        with pytest.raises(PluginErrors) as caught:
            build(app)
        assert "Plugin 'strict' raised ValueError in its hook 'yaat_app_built': / has" in str(caught.value.errors[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"plugins": "openapi"}, r"plugins= takes a list such as \['openapi'\], not 'openapi'"),
        ({"block": "openapi"}, r"block= takes a list such as \['openapi'\]"),
        ({"required_plugins": "openapi"}, r"required_plugins= takes a list such as \['openapi'\]"),
        ({"settings": []}, "settings= takes a mapping"),
        ({"on_plugin_error": "ignore"}, "on_plugin_error= is 'raise' or 'warn', not 'ignore'"),
        ({"plugins": [Plugin]}, r"plugins= has the class Plugin, and an instance is due. Write Plugin\(\)"),
    ],
)
def test_options_about_plugins_are_checked_at_once(options: dict[str, Any], message: str) -> None:
    """What cannot be meant is told by the constructor."""
    with pytest.raises(PluginErrors) as caught:
        make_app(**options)
    assert re.search(message, str(caught.value.errors[0]))


def test_a_lifespan_that_is_none_is_told_at_once() -> None:
    """So is `lifespan=`."""

    async def no_generator(app: Yaat) -> None: ...

    with pytest.raises(ConfigurationError, match="lifespan= takes an asynchronous generator function"):
        make_app(lifespan=no_generator)


# --- connections that are no requests ---


def test_an_unknown_scope_type_is_an_error_for_the_server() -> None:
    """The message names what is served (ASGI spec, "Applications")."""

    async def connect() -> None:
        await make_app()({"type": "gopher"}, asyncio.Future, asyncio.Future)  # type: ignore[arg-type]  # not asked

    with pytest.raises(ConfigurationError, match="connections of type 'gopher'; served are: http, lifespan"):
        asyncio.run(connect())


def test_websockets_without_their_package_tell_what_to_install() -> None:
    """The routes can be written down; the build says what is missing, and names the line."""
    app = make_app()
    app.websocket_route("/ws")(hello)
    with pytest.raises(ConfigurationError, match=r"(?s)/ws added at .*test_app\.py:\d+.*pip install yaat-websockets"):
        app.build()


def test_a_websocket_to_an_app_without_tells_what_to_install() -> None:
    """So does a connection to an app that has no such routes."""

    async def connect() -> None:
        scope = make_scope("GET", "/", type="websocket")
        del scope["method"]
        await make_app()(scope, asyncio.Future, asyncio.Future)  # type: ignore[arg-type]  # not asked

    with pytest.raises(ConfigurationError, match="pip install yaat-websockets"):
        asyncio.run(connect())


def test_a_subclass_may_stand_around_the_app() -> None:
    """A `__call__` of a subclass is called once for each connection, the first one too, and goes on to the app."""
    seen = []

    class Counting(Yaat):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(scope["path"])
            await super().__call__(scope, receive, send)

    app = Counting(autoload=False)

    @app.route("/")
    async def index(request: Request) -> str:
        return "hello"

    assert [ask(app, "GET", "/").text for _ in range(3)] == ["hello"] * 3
    assert seen == ["/"] * 3


def test_what_an_app_is_called_as_before_it_is_built_stays_right() -> None:
    """Whoever has taken `app.__call__` early is served all the same, before the build and after it."""
    app = make_app("/")
    serve = app.__call__
    assert [ask(serve, "GET", "/").status for _ in range(2)] == [200, 200]


# --- url_for ---


def test_url_for_builds_the_app() -> None:
    """URLs can be asked for before anything is served; what the path does not take becomes the query."""
    app = make_app("/users/{id:int}")
    assert str(app.url_for("hello", id=5, page=2)) == "/users/5?page=2"
    with pytest.raises(UnknownRoute, match="No route is called 'nobody'"):
        app.url_for("nobody")


async def where(request: Request, **path_params: Any) -> str:
    return str(request.url_for("where"))


def make_child(**options: Any) -> Yaat:
    child = Yaat(autoload=False, **options)
    child.add_route("/here", where, name="where")
    return child


@pytest.mark.parametrize("mount_name", [None, "child"])
def test_a_mounted_app_knows_its_routes_by_its_own_names(mount_name: str | None) -> None:
    """An app in another need not know where it is: its names stay, and the URLs have the prefix."""
    app, child = make_app(), make_child()
    app.mount("/a/b", child, name=mount_name)
    assert ask(app, "GET", "/a/b/here").text == "/a/b/here"
    assert str(child.url_for("where")) == "/a/b/here"
    assert str(app.url_for(f"{mount_name}:where" if mount_name else "where")) == "/a/b/here"


def test_names_of_apps_in_apps_nest() -> None:
    """Each app sees the names below it."""
    outer, middle, inner = make_app(), make_app("/m"), make_child()
    middle.mount("/i", inner, name="inner")
    outer.mount("/m", middle, name="middle")
    outer.build()
    assert str(outer.url_for("middle:inner:where")) == "/m/i/here"
    assert str(middle.url_for("inner:where")) == "/m/i/here"
    assert str(inner.url_for("where")) == "/m/i/here"


def test_an_app_that_is_mounted_twice_cannot_tell_where_it_is() -> None:
    """Then the outer app's names have to be asked."""
    app, child = make_app(), make_child()
    app.mount("/a", child, name="a")
    app.mount("/b", child, name="b")
    app.build()
    assert [str(app.url_for(name)) for name in ("a:where", "b:where")] == ["/a/here", "/b/here"]
    with pytest.raises(UnknownRoute, match="Several routes are called 'where': /a/here, /b/here"):
        child.url_for("where")


# --- two apps ---


def test_two_apps_share_nothing() -> None:
    """Apps in one process have converters, handlers, middleware, state and extensions of their own."""

    def make(text: str) -> Yaat:
        class Mark:
            def process_response(self, response: Response) -> None:
                response.headers["x-app"] = text

        app = make_app(
            "/{x:own}",
            converters=[PathConverter(name="own", parse=lambda segment: f"{text} {segment}")],
            exception_handlers={404: lambda request, error: (text, 404)},
            middleware=[Mark],
        )
        app.state.name = app.extensions["name"] = text
        return app

    one, two = make("one"), make("two")
    for app, text in ((one, "one"), (two, "two"), (one, "one")):
        answer = ask(app, "GET", "/a")
        assert (answer.text, answer["x-app"]) == (f"hello {{'x': '{text} a'}}", text)
        assert (ask(app, "GET", "/a/b").text, app.state.name, app.extensions) == (text, text, {"name": text})


def test_a_mounted_app_is_the_app_of_its_requests() -> None:
    """In an app that is mounted, `request.app` and its state are its own; debug, codec and limits are too."""
    outer, inner = make_app(debug=True), make_app(max_body_bytes=3)
    outer.state.name, inner.state.name = "outer", "inner"

    async def name(request: Request) -> str:
        text: str = request.app.state.name
        return text

    async def read(request: Request) -> bytes:
        return await request.body()

    async def fail(request: Request) -> None:
        raise ValueError("secret")

    for app in (outer, inner):
        app.add_route("/name", name)
        app.add_route("/read", read, ["POST"])
        app.add_route("/fail", fail)
    outer.mount("/inner", inner)
    assert [ask(outer, "GET", path).text for path in ("/name", "/inner/name")] == ["outer", "inner"]
    assert [ask(outer, "POST", path, body=b"long").status for path in ("/read", "/inner/read")] == [200, 413]
    assert ["secret" in ask(outer, "GET", path).text for path in ("/fail", "/inner/fail")] == [True, False]


# --- debug ---


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/plain", "*/*"])
def test_debug_shows_where_an_error_came_from(accept: str) -> None:
    """With `debug=True` an unexpected error is shown with its line and its route; without, nothing is."""
    for debug in (True, False):
        app = Yaat(autoload=False, debug=debug)

        @app.get("/")
        async def fail(request: Request) -> None:
            raise ValueError("the reason")

        answer = ask(app, "GET", "/", headers=[("accept", accept)])
        assert answer.status == 500
        assert [text in answer.text for text in ("the reason", "test_app.py", "ValueError")] == [debug] * 3


# --- life ---


def run(app: ASGIApp, *paths: str) -> list[str]:
    """Return what *paths* answer between the start-up and the shutdown of *app*."""

    async def live() -> list[str]:
        async with Life(app) as life:
            return [(await call(app, "GET", path, scope={"state": dict(life.state)})).text for path in paths]

    return asyncio.run(live())


def test_startup_and_shutdown_functions_are_called_once() -> None:
    """Functions of either kind, given as a list or by decorator, with the app if they take an argument."""
    events: list[str] = []
    app = make_app(
        on_startup=[lambda: events.append("list")], on_shutdown=[lambda app: events.append(type(app).__name__)]
    )

    @app.on_startup
    async def start(app: Yaat) -> None:
        events.append("start")

    @app.on_shutdown
    def stop() -> None:
        events.append("stop")

    assert run(app, "/") == ["hello"]
    assert events == ["list", "start", "Yaat", "stop"]


def test_what_the_lifespan_yields_is_the_state_of_requests() -> None:
    """`lifespan=` yields a mapping; handlers find it in `request.state`."""
    events: list[str] = []

    async def lifespan(app: Yaat) -> AsyncIterator[dict[str, str]]:
        yield {"db": "database"}
        events.append("closed")

    app = Yaat(autoload=False, lifespan=lifespan)

    @app.get("/")
    async def show(request: Request) -> str:
        text: str = request.state.db
        return text

    assert (run(app, "/"), events) == (["database"], ["closed"])


def test_an_app_lives_again() -> None:
    """An app can be started after it was stopped, in another event loop too."""
    app = make_app()
    stopped: list[bool] = []

    @app.get("/wait")
    async def wait(request: Request) -> str:
        try:
            async with asyncio.timeout(0):
                await request.app.stopping.wait()
        except TimeoutError:
            stopped.append(app.stopping.is_set())
        return await asyncio.to_thread(lambda: "waited")

    assert [run(app, "/wait"), app.stopping.is_set(), run(app, "/wait")] == [["waited"], True, ["waited"]]
    assert stopped == [False, False]


@pytest.mark.parametrize(
    ("options", "phase"), [({"on_startup": [lambda: 1 / 0]}, "startup"), ({"on_shutdown": [lambda: 1 / 0]}, "shutdown")]
)
def test_a_failure_is_told_with_its_reason(options: dict[str, Any], phase: str) -> None:
    """The server gets `failed` with the exception and its traceback."""

    async def live() -> Any:
        life = Life(make_app(**options))
        message = await life.start()
        return message if phase == "startup" else await life.stop()

    message = asyncio.run(live())
    assert message["type"] == f"lifespan.{phase}.failed"
    assert message["message"].startswith("ZeroDivisionError: division by zero")
    assert "Traceback" in message["message"]


def test_a_mistake_in_the_set_up_is_told_at_start_up() -> None:
    """An app that cannot be built says so when its server starts it."""

    async def live() -> Any:
        return await Life(make_app("/{x:integer}")).start()

    message = asyncio.run(live())
    assert message["type"] == "lifespan.startup.failed"
    assert "Unknown converter 'integer'" in message["message"]


@asynccontextmanager
async def note(events: list[str], name: str) -> AsyncIterator[dict[str, str]]:
    events.append(f"{name} in")
    try:
        yield {name: name}
    finally:
        events.append(f"{name} out")


def make_living(events: list[str], name: str, **options: Any) -> Yaat:
    return make_app(
        lifespan=lambda app: note(events, name),
        on_startup=[lambda: events.append(f"{name} start")],
        on_shutdown=[lambda: events.append(f"{name} stop")],
        **options,
    )


def test_mounted_apps_live_inside() -> None:
    """Apps are started after the app that they are mounted in, and stopped before it; their state is one."""
    events: list[str] = []
    outer, inner = make_living(events, "outer"), make_living(events, "inner")
    outer.mount("/inner", inner)

    @inner.get("/state")
    async def show(request: Request) -> str:
        return f"{request.state.outer} {request.state.inner}"

    assert run(outer, "/inner/state") == ["outer inner"]
    begin = ["outer in", "outer start", "inner in", "inner start"]
    assert events == [*begin, "inner stop", "inner out", "outer stop", "outer out"]


def test_lifespans_of_a_mounted_app_get_that_app() -> None:
    """Whatever is entered for an app gets that app, and not the one around it."""
    seen: list[Any] = []

    async def lifespan(app: Yaat) -> AsyncIterator[None]:
        seen.append(app)
        yield

    outer, inner = make_app(), make_app(lifespan=lifespan, on_startup=[seen.append])
    outer.mount("/inner", inner)
    run(outer)
    assert seen == [inner, inner]


async def test_background_work_is_done_before_anything_is_closed() -> None:
    """Background work may use what the lifespan opened: a shutdown waits for it before it closes anything."""
    events: list[str] = []
    outer, inner = make_living(events, "outer"), make_living(events, "inner")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        events.append("work")

    @inner.get("/work")
    async def answer(request: Request) -> Response:
        return TextResponse("", background=BackgroundTask(work))

    outer.mount("/inner", inner)
    life = Life(outer)
    await life.start()
    request = asyncio.ensure_future(call(outer, "GET", "/inner/work"))
    await begun.wait()
    shutdown = asyncio.ensure_future(life.stop())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(request, shutdown)
    assert events[4:] == ["work", "inner stop", "inner out", "outer stop", "outer out"]


async def test_every_app_learns_that_it_is_stopping() -> None:
    """Open streams can end when the app is about to stop, in mounted apps too."""
    outer, inner = make_app(), make_app()
    is_streaming = asyncio.Event()

    @inner.get("/stream")
    async def stream(request: Request) -> Response:
        async def parts() -> AsyncIterator[str]:
            yield "a"
            is_streaming.set()
            await request.app.stopping.wait()
            yield "b"

        return StreamResponse(parts())

    outer.mount("/inner", inner)
    life = Life(outer)
    await life.start()
    request = asyncio.ensure_future(call(outer, "GET", "/inner/stream"))
    await is_streaming.wait()
    assert not outer.stopping.is_set()
    await life.stop()
    assert ((await request).text, outer.stopping.is_set()) == ("ab", True)


def test_the_lifespan_of_a_mounted_asgi_app_runs() -> None:
    """Yaat plays the server for ASGI apps that are mounted; what they put into the state joins the whole."""

    async def child(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await TextResponse(scope["state"]["child"])(scope, receive, send)
            return
        scope["state"]["child"] = "child's"
        for phase in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{phase}.complete"})

    app = make_app()
    app.mount("/child", child)
    assert run(app, "/child/x") == ["child's"]


# --- routes as records ---


def test_the_report_tells_of_each_app() -> None:
    """`app.report` lists what an app serves at the paths that it is served at, and its plugins and middleware."""

    class Blog(Plugin):
        name = "blog"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> list[Any]:
            return [Route(path="/posts", handler=hello, name="posts"), Mount(path="/more", app=Router())]

    def mark(request: Request) -> Any:
        yield

    outer, inner = make_app("/o", middleware=[mark]), make_app("/i", plugins=[Blog()])
    outer.mount("/inner", inner, name="in")
    outer.build()
    assert [(route.path, route.name, str(route.owner)) for route in outer.report.routes] == [
        ("/o", "hello", "the app"),
        ("/inner/i", "in:hello", "the app"),
        ("/inner/posts", "in:blog:posts", "plugin 'blog'"),
    ]
    assert [route.path for route in inner.report.routes] == ["/inner/i", "/inner/posts"]
    assert [[status.owner.plugin for status in app.report.plugins] for app in (outer, inner)] == [[], ["blog"]]
    assert [[one.name for one in app.report.middleware] for app in (outer, inner)] == [["mark"], []]
    assert [route.middleware for route in inner.report.routes] == [("mark",), ("mark",)]


def test_a_report_can_be_printed() -> None:
    """It is data: names, paths, owners and lines."""
    app = make_app("/x")
    app.build()
    [route] = app.report.routes
    assert json.loads(json.dumps([route.path, route.methods, str(route.source)])) == [
        "/x",
        ["GET"],
        str(app.routes[0].source),
    ]


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_middleware_can_ask_for_the_place_of_another_method(is_wrapped: bool) -> None:
    """Whoever answers in advance, as for a preflight, learns which route would serve the request to come."""
    places = []

    class Ask:
        def process_request(self, request: Request) -> None:
            places.append(request.app.find_place(request.scope, "PUT"))

    inner, outer = Yaat(autoload=False), Yaat(autoload=False, middleware=[Ask])
    inner.add_route("/x", hello, ["GET"])
    inner.add_route("/x", hello, ["PUT"], name="put")
    outer.mount("/inner", inner)
    outer.mount("/foreign", asgi_app)
    if is_wrapped:
        outer.add_middleware(lambda app: app)
    for path in ("/inner/x", "/nowhere", "/foreign"):
        ask(outer, "OPTIONS", path)
    found, missing, foreign = places
    assert (found.route.name, found.app) == ("put", inner)
    assert (missing.route, missing.app) == (None, outer)
    assert foreign is None


def test_head_has_the_place_of_get() -> None:
    """Where HEAD has no route of its own, the one of GET serves it."""
    app = make_app()
    app.add_route("/own", hello, ["HEAD"], name="head")
    app.add_route("/own", hello, ["GET"], name="get")
    app.build()
    places = [app.find_place({"type": "http", "path": path}, "HEAD") for path in ("/", "/own")]
    assert [place.route.name or place.route.path for place in places] == ["/", "head"]


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
