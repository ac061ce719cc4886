"""What plugins contribute: each kind of record works, keeps its owner, and is refused where two claim the same."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Response, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.exceptions import MiddlewareError
from yaat.plugins import PluginErrors
from yaat.records import (
    BodyParser,
    ExceptionHandler,
    JSONCodec,
    Lifespan,
    ParameterResolver,
    PathConverter,
    Protocol,
    ResponseType,
    ReturnConverter,
)
from yaat.responses import TextResponse
from yaat.routing import Mount, Route, Router

from .asgi_driver import Life, ask, call, make_scope

#: Every hook of an app's build, in the order in which they are called.
HOOKS = [
    "yaat_configure",
    "yaat_register_converters",
    "yaat_register_parameter_resolvers",
    "yaat_register_return_converters",
    "yaat_register_response_types",
    "yaat_register_body_parsers",
    "yaat_json_codec",
    "yaat_register_protocols",
    "yaat_register_routes",
    "yaat_register_exception_handlers",
    "yaat_register_middleware",
    "yaat_register_lifespans",
    "yaat_modify_routes",
    "yaat_wrap_endpoint",
    "yaat_app_built",
]


def make_plugin(name: str = "shop", /, **hooks: Callable[..., Any]) -> Plugin:
    """Return a plugin with *hooks*, each without the `yaat_` before its name and without `self`."""
    methods = {f"yaat_{hook}": hookimpl(staticmethod(function)) for hook, function in hooks.items()}
    plugin: Plugin = type("Made", (Plugin,), {"name": name, **methods})()
    return plugin


def make_app(*plugins: Plugin, **options: Any) -> Yaat:
    app = Yaat(autoload=False, plugins=plugins, **options)

    @app.get("/")
    async def hello(request: Request) -> str:
        return "hello"

    return app


def refuse(*plugins: Plugin, **options: Any) -> list[str]:
    """Return the messages of the build that *plugins* stop."""
    with pytest.raises(PluginErrors) as caught:
        make_app(*plugins, **options).build()
    return [str(error) for error in caught.value.errors]


# --- when each hook is called ---


def test_hooks_are_called_in_their_order() -> None:
    """Each hook is called once, for each plugin in plugin order; the last is called when all is built."""
    calls: list[str] = []

    def make_spy(name: str) -> Plugin:
        def spy(hook: str) -> Any:
            return hookimpl(lambda self, app: calls.append(f"{name} {hook}"))

        plugin: Plugin = type("Spy", (Plugin,), {"name": name, **{hook: spy(hook) for hook in HOOKS}})()
        return plugin

    make_app(make_spy("a"), make_spy("b")).build()
    assert calls == [f"{name} {hook}" for hook in HOOKS for name in ("a", "b")]


def test_configure_sees_the_extensions_of_plugins_before() -> None:
    """What one plugin offers, the next can use."""

    def offer(app: Yaat) -> None:
        app.extensions["first"] = [1]

    def use(app: Yaat) -> None:
        app.extensions["first"].append(2)

    app = make_app(make_plugin("first", configure=offer), make_plugin("second", configure=use))
    app.build()
    assert app.extensions == {"first": [1, 2]}


@pytest.mark.parametrize("hook", [hook.removeprefix("yaat_") for hook in HOOKS])
def test_what_a_hook_raises_names_the_plugin(hook: str) -> None:
    """The error says which plugin raised what in which hook, where, and how to go without the plugin."""

    def fail(app: Yaat) -> None:
        raise ValueError("out of stock")

    [message] = refuse(make_plugin(**{hook: fail}))
    assert f"Plugin 'shop' raised ValueError in its hook 'yaat_{hook}': out of stock" in message
    assert re.search(r"test_parts\.py:\d+", message)
    assert 'Yaat(block=["shop"])' in message


@pytest.mark.parametrize(
    "hook", [hook.removeprefix("yaat_") for hook in HOOKS if "configure" not in hook and "built" not in hook]
)
def test_what_is_no_record_names_the_plugin(hook: str) -> None:
    """A hook that gives something else is told what is due."""
    [message] = refuse(make_plugin(**{hook: lambda app: [object()]}))
    assert f"from its hook 'yaat_{hook}'" in message


def test_all_problems_are_told_together() -> None:
    """One build tells of everything that is wrong with what plugins contribute."""

    def fail(app: Yaat) -> None:
        raise ValueError("out of stock")

    messages = refuse(
        make_plugin(
            register_converters=lambda app: PathConverter(name="int", parse=int),
            json_codec=fail,
            register_routes=fail,
            register_lifespans=lambda app: "text",
        )
    )
    assert [re.sub(r"(?s)\n.*", "", message)[:60] for message in messages] == [
        "There are two of the converter 'int': from the core, and fro",
        "Plugin 'shop' raised ValueError in its hook 'yaat_json_codec",
        "Plugin 'shop' raised ValueError in its hook 'yaat_register_r",
        "Plugin 'shop' gave 'text' from its hook 'yaat_register_lifesp"[:60],
    ]


# --- each kind of record ---


def test_routes() -> None:
    """Plugins contribute routes and mounts; their names begin with the plugin's."""

    async def answer(request: Request) -> str:
        return f"{request.route.owner} {request.url_for('shop:answer')}"

    router = Router()
    router.add_route("/b", answer)
    plugin = make_plugin(register_routes=lambda app: [Route(path="/a", handler=answer), Mount(path="/r", app=router)])
    app = make_app(plugin)
    assert [ask(app, "GET", path).text for path in ("/a", "/r/b")] == ["plugin 'shop' /a", "the app /a"]


def test_middleware_and_exception_handlers() -> None:
    """Plugins stand around every route of the app and answer for its errors."""

    class Stamp:
        def process_response(self, response: Response) -> None:
            response.headers["x-stamp"] = "1"

    app = make_app(
        make_plugin(
            register_middleware=lambda app: Middleware(Stamp),
            register_exception_handlers=lambda app: ExceptionHandler(
                key=404, handler=lambda request, error: ("shop is closed", 404)
            ),
        )
    )
    answer = ask(app, "GET", "/nowhere")
    assert (answer.text, answer["x-stamp"]) == ("shop is closed", "1")


def test_middleware_that_is_none_names_the_plugin() -> None:
    """What is wrong with a record of a plugin is told with the plugin's name."""
    app = make_app(make_plugin(register_middleware=lambda app: Middleware(object())))
    with pytest.raises(MiddlewareError, match="is no middleware. It was added by plugin 'shop'"):
        app.build()


def test_a_route_that_conflicts_names_the_plugin() -> None:
    """So is a route that is there already."""

    async def answer(request: Request) -> str:
        return ""

    app = make_app(make_plugin(register_routes=lambda app: Route(path="/", handler=answer)))
    with pytest.raises(PluginErrors) as raised:
        app.build()
    assert re.search(
        r"(?s)added at .*test_parts\.py:\d+ by the app.*added by plugin 'shop'", str(raised.value.errors[0])
    )


def test_middleware_in_a_circle_names_the_plugins() -> None:
    """So is middleware that cannot be put in order, with how to go without each plugin that takes part."""

    class Stamp:
        def process_request(self, request: Request) -> None:
            pass

    def give(app: Any) -> list[Middleware]:
        return [Middleware(Stamp, name="a", after=["b"]), Middleware(Stamp, name="b", after=["a"])]

    with pytest.raises(PluginErrors) as raised:
        make_app(make_plugin(register_middleware=give)).build()
    assert str(raised.value.errors[0]).endswith('Yaat(block=["shop"]), or YAAT_BLOCK=shop in the environment.')


def test_converters() -> None:
    """Paths of the app can use the converters of plugins, and so can annotations."""

    class Hex(int):
        pass

    def give(app: Yaat) -> PathConverter:
        return PathConverter(name="hex", parse=lambda text: Hex(text, 16), format="{:x}".format, annotation=Hex)

    app = make_app(make_plugin(register_converters=give))

    @app.get("/named/{n:hex}", name="named")
    async def named(request: Request, n: int) -> str:
        return f"{n} {request.url_for('named', n=n)}"

    @app.get("/annotated/{n}")
    async def annotated(request: Request, n: Hex) -> str:
        return str(int(n))

    paths = ("/named/ff", "/annotated/ff", "/named/xx")
    assert [ask(app, "GET", path).text[:20] for path in paths][:2] == ["255 /named/ff", "255"]
    assert ask(app, "GET", "/named/xx").status == 404


def test_response_types() -> None:
    """Handlers may return what a plugin can convert, plainly or asynchronously."""

    async def convert(day: date, request: Request) -> Response:
        return TextResponse(day.isoformat())

    app = make_app(make_plugin(register_response_types=lambda app: ResponseType(type=date, convert=convert)))

    @app.get("/day")
    async def day(request: Request) -> date:
        return date(2020, 2, 29)

    assert ask(app, "GET", "/day").text == "2020-02-29"


@pytest.mark.parametrize("media_type", ["text/csv", "Text/CSV"])
def test_body_parsers(media_type: str) -> None:
    """`request.form()` reads what a plugin has a parser for; media types have no case (RFC 9110 §8.3.1)."""

    async def parse(request: Request) -> list[str]:
        return (await request.body()).decode().split(",")

    app = make_app(make_plugin(register_body_parsers=lambda app: BodyParser(media_type=media_type, parse=parse)))

    @app.post("/form")
    async def form(request: Request) -> Any:
        return await request.form()

    assert ask(app, "POST", "/form", body=b"a,b", headers=[("content-type", "text/csv")]).text == '["a","b"]'


def test_the_json_codec() -> None:
    """One plugin may choose how JSON is written and read in the whole app, errors included; the first answer counts."""

    def make_codec(mark: str) -> JSONCodec:
        return JSONCodec(
            encode=lambda value: f"{mark}{json.dumps(value)}".encode(), decode=lambda content: [mark, content.decode()]
        )

    app = make_app(
        make_plugin("none", json_codec=lambda app: None),
        make_plugin("one", json_codec=lambda app: make_codec("1")),
        make_plugin("two", json_codec=lambda app: make_codec("2")),
    )

    @app.post("/json")
    async def echo(request: Request) -> Any:
        return await request.json(any_type=True)

    assert ask(app, "POST", "/json", body=b"x").text == '1["1", "x"]'


def test_protocols() -> None:
    """A plugin serves connections of another type."""

    def make_endpoint(placed: Any, app: Any) -> ASGIApp:
        async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
            await TextResponse(f"{placed.template}")(scope, receive, send)

        return endpoint

    protocol = Protocol(name="echo", make_endpoint=make_endpoint, make_fallback=lambda app: make_endpoint(None, app))
    app = make_app(make_plugin(register_protocols=lambda app: protocol))
    app.add_route("/e", lambda connection: None, protocol="echo")
    assert ask(app, "GET", "/e", scope={"type": "echo"}).text == "/e"


def test_lifespans() -> None:
    """Lifespans of plugins are entered in plugin order, before the app's own, and left in reverse; they give state."""
    events: list[str] = []

    def make_context(name: str) -> Any:
        @asynccontextmanager
        async def context(app: Yaat) -> AsyncIterator[dict[str, str]]:
            events.append(f"{name} in")
            yield {name: name}
            events.append(f"{name} out")

        return context

    plugins = [
        make_plugin(name, register_lifespans=lambda app, name=name: Lifespan(name=name, context=make_context(name)))
        for name in ("zoo", "ant")
    ]
    app = make_app(*plugins, lifespan=make_context("own"))

    @app.get("/state")
    async def show(request: Request) -> str:
        return " ".join(sorted(request.state))

    async def live() -> str:
        async with Life(app) as life:
            return (await call(app, "GET", "/state", scope={"state": dict(life.state)})).text

    assert asyncio.run(live()) == "ant own zoo"
    assert events == ["zoo in", "ant in", "own in", "own out", "ant out", "zoo out"]


def test_a_lifespan_that_fails_names_the_plugin() -> None:
    """The server is told which plugin's lifespan did not start."""

    @asynccontextmanager
    async def context(app: Any) -> AsyncIterator[None]:
        if app is not None:
            raise OSError("no database")
        yield

    app = make_app(make_plugin(register_lifespans=lambda app: Lifespan(name="database", context=context)))

    async def live() -> Any:
        return await Life(app).start()

    message = asyncio.run(live())
    assert message["type"] == "lifespan.startup.failed"
    assert "OSError: no database Raised by the lifespan 'database' of plugin 'shop'." in message["message"]


def test_wrapped_endpoints() -> None:
    """A plugin may put something around what answers a route, inside all middleware; the last plugin is outermost."""

    def make_wrapper(mark: str) -> Plugin:
        def wrap(app: Yaat, route: Route, endpoint: Any) -> Any:
            if route.path != "/":
                return None

            async def wrapped(request: Request) -> str:
                return f"{mark}({await endpoint(request)})"

            return wrapped

        return make_plugin(mark, wrap_endpoint=wrap)

    app = make_app(make_wrapper("a"), make_wrapper("b"))

    @app.get("/x")
    async def alone(request: Request) -> str:
        return "alone"

    assert [ask(app, "GET", path).text for path in ("/", "/x")] == ["b(a(hello))", "alone"]


def test_a_route_that_is_not_wrapped_is_the_handler_itself() -> None:
    """A plugin that leaves a route alone costs it nothing: its endpoint calls the handler directly."""

    async def handler(request: Request) -> str:
        return ""

    app = make_app(make_plugin(wrap_endpoint=lambda endpoint: None))
    app.add_route("/x", handler)
    app.build()
    assert app._builder.find_http(make_scope("GET", "/x"), "GET").respond is handler


def test_plugins_read_the_metadata_of_routes() -> None:
    """What a route says beside its options is for plugins, which may act on it when the app is built."""

    async def refuse_all(request: Request) -> tuple[str, int]:
        return "no", 403

    def guard(app: Yaat, route: Route, endpoint: Any) -> Any:
        return refuse_all if route.metadata.get("needs_login") else None

    app = make_app(make_plugin("guard", wrap_endpoint=guard))

    @app.get("/secret", needs_login=True)
    async def secret(request: Request) -> str:
        return "secret"

    assert [ask(app, "GET", path).status for path in ("/", "/secret")] == [200, 403]


def test_modified_routes() -> None:
    """A plugin may change, drop and reorder the routes of the app and of all plugins, before any is placed."""

    async def answer(request: Request) -> str:
        return "answer"

    def give(app: Yaat) -> list[Any]:
        return [Route(path="/a", handler=answer), Route(path="/draft", handler=answer, name="draft")]

    def drop(routes: tuple[Any, ...]) -> Any:
        return [route for route in reversed(routes) if not route.path.startswith("/draft")]

    app = make_app(make_plugin("shop", register_routes=give), make_plugin("press", modify_routes=drop))
    app.build()
    assert [(route.path, route.owner.plugin) for route in app.report.routes] == [("/a", "shop"), ("/", "app")]
    assert [ask(app, "GET", path).status for path in ("/a", "/draft", "/")] == [200, 404, 200]


def test_modified_routes_of_a_mounted_app_are_its_own() -> None:
    """The plugins of an app see the routes of that app, and not those of the app around it."""
    seen: list[list[str]] = []
    inner = make_app(make_plugin(modify_routes=lambda routes: seen.append([route.path for route in routes])))
    inner.mount("/m", Router())
    outer = make_app()
    outer.mount("/inner", inner)
    outer.build()
    assert seen == [["/", "/m"]]


def test_modified_routes_that_are_none_name_the_plugin() -> None:
    """What takes the place of routes must be routes."""
    [message] = refuse(make_plugin(modify_routes=lambda routes: ["/"]))
    assert "Plugin 'shop' gave '/' from its hook 'yaat_modify_routes'" in message


def test_the_built_app_is_shown_to_plugins() -> None:
    """`yaat_app_built` comes last, with the report; URLs can be made then."""
    seen: list[Any] = []

    def look(app: Yaat, report: Any) -> None:
        seen.append(([route.path for route in report.routes], str(app.url_for("hello")), report is app.report))

    outer, inner = make_app(make_plugin(app_built=look)), make_app(make_plugin(app_built=look))
    outer.mount("/inner", inner, name="inner")
    outer.build()
    assert seen == [(["/", "/inner/"], "/", True), (["/inner/"], "/inner/", True)]


# --- two that claim the same ---


async def parse_nothing(request: Any) -> None: ...


RECORDS = {
    "converters": (PathConverter(name="x", parse=str), "converter 'x'"),
    "parameter_resolvers": (
        ParameterResolver(name="user", resolve=lambda parameter, site: None),
        "parameter resolver 'user'",
    ),
    "return_converters": (
        ReturnConverter(name="user", resolve=lambda handler, site: None),
        "return converter 'user'",
    ),
    "response_types": (
        ResponseType(type=date, convert=lambda value, request: ""),
        "response type <class 'datetime.date'>",
    ),
    "body_parsers": (BodyParser(media_type="a/b", parse=parse_nothing), "body parser 'a/b'"),
    "protocols": (
        Protocol(name="echo", make_endpoint=lambda *_: parse_nothing, make_fallback=lambda _: parse_nothing),  # type: ignore[arg-type, return-value]  # never called
        "protocol 'echo'",
    ),
    "exception_handlers": (ExceptionHandler(key=404, handler=lambda request, error: ""), "exception handler 404"),
}


@pytest.mark.parametrize("hook", RECORDS)
def test_two_plugins_with_the_same_stop_the_build(hook: str) -> None:
    """The message names what is there twice, both plugins, and how to choose one."""
    record, what = RECORDS[hook]
    plugins = [make_plugin(name, **{f"register_{hook}": lambda app: record}) for name in ("one", "two")]
    [message] = refuse(*plugins)
    assert f"There are two of the {what}: from plugin 'one', and from plugin 'two'." in message
    assert 'Choose one: Yaat(block=["one"]) or Yaat(block=["two"])' in message


def test_the_app_comes_before_plugins() -> None:
    """For the same status or class the app's own exception handler answers, and no plugin's."""
    plugin = make_plugin(
        register_exception_handlers=lambda app: ExceptionHandler(key=404, handler=lambda request, error: "plugin")
    )
    app = make_app(plugin, exception_handlers={404: lambda request, error: "app"})
    assert ask(app, "GET", "/nowhere").text == "app"


@pytest.mark.parametrize("name", ["int", "x"])
def test_a_converter_of_the_app_takes_no_name_that_is_taken(name: str) -> None:
    """The names of built-in converters and of plugins' cannot be given to others."""
    plugin = make_plugin(register_converters=lambda app: PathConverter(name="x", parse=str))
    [message] = refuse(plugin, converters=[PathConverter(name=name, parse=str)])
    assert f"There are two of the converter {name!r}" in message
