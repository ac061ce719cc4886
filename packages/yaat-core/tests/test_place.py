"""The place of a request: limits, handlers and formats, from the innermost layer that says something."""

from typing import Any

import pytest

from yaat import Plugin, Request, Router, Yaat, hookimpl
from yaat.arguments import Site
from yaat.asgi import Receive, Scope, Send
from yaat.exceptions import HandlerError
from yaat.place import BuiltPlace
from yaat.records import ExceptionHandler, JSONCodec, ParameterResolver
from yaat.responses import TextResponse

from .asgi_driver import ask, make_scope


async def handler(request: Request) -> str:
    return ""


def find_place(app: Yaat, path: str = "/x") -> BuiltPlace:
    """Return what requests to *path* know."""
    app.build()
    place: BuiltPlace = app.find_place(make_scope("GET", path), "GET")
    return place


def make_app(**options: Any) -> Yaat:
    return Yaat(autoload=False, **options)


@pytest.mark.parametrize(
    ("app", "outer", "inner", "route", "limit"),
    [
        (100, None, None, None, 100),
        (100, 50, None, None, 50),
        (100, None, 200, None, 200),
        (100, 50, 200, None, 200),
        (100, 50, 200, 0, 0),
        (0, None, None, 300, 300),
    ],
)
def test_the_innermost_limit_counts(
    app: int, outer: int | None, inner: int | None, route: int | None, limit: int
) -> None:
    """The limit of request content is the route's, else that of the nearest router that has one, else the app's."""
    root = make_app(max_body_bytes=app)
    outer_router, inner_router = Router(max_body_bytes=outer), Router(max_body_bytes=inner)
    inner_router.add_route("/x", handler, max_body_bytes=route)
    outer_router.mount("/", inner_router)
    root.mount("/", outer_router)
    assert find_place(root).max_body_bytes == limit


def test_middleware_of_a_mount_changes_nothing_else() -> None:
    """A mount has no limits and no handlers; those of what is mounted and of what is around it count."""
    app, router = make_app(exception_handlers={404: lambda request, error: "app"}), Router(max_body_bytes=7)
    router.add_route("/x", handler)
    app.mount("/r", router, middleware=[lambda app: app])
    assert (find_place(app, "/r/x").max_body_bytes, ask(app, "GET", "/r/no").text) == (7, "app")


def test_limits_are_kept() -> None:
    """More than the limit is a 413, through the app's own handlers."""
    app = make_app(max_body_bytes=3, exception_handlers={413: lambda request, error: ("too long", 413)})

    @app.post("/")
    async def read(request: Request) -> bytes:
        return await request.body()

    assert [ask(app, "POST", "/", body=body).text for body in (b"abc", b"abcd")] == ["abc", "too long"]


def test_a_mounted_app_has_places_of_its_own() -> None:
    """Below a mounted app requests know that app: its limit, codec, background work and debug."""

    class Codec(Plugin):
        name = "codec"

        @hookimpl
        def yaat_json_codec(self, app: Yaat) -> JSONCodec:
            return JSONCodec(encode=lambda value: b"own", decode=lambda content: "own")

    outer, inner = make_app(), make_app(plugins=[Codec()], max_body_bytes=5)
    inner.add_route("/x", handler)
    outer.add_route("/x", handler)
    outer.mount("/inner", inner)
    places = find_place(outer), find_place(outer, "/inner/x")
    assert [place.app for place in places] == [outer, inner]
    assert [place.background for place in places] == [outer.background, inner.background]
    assert [place.max_body_bytes for place in places] == [outer.max_body_bytes, 5]
    assert [place.encode([]) for place in places] == [b"[]", b"own"]


def test_a_mounted_asgi_app_has_limits_of_its_own() -> None:
    """What is no Yaat reads by itself, and is given all that arrives, as by a server."""

    async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
        await TextResponse(str(len((await receive())["body"])))(scope, receive, send)

    app = make_app(max_body_bytes=5)
    app.mount("/foreign", foreign)
    assert ask(app, "POST", "/foreign", body=b"x" * 6).text == "6"


def test_routes_share_what_they_have_in_common() -> None:
    """A thousand routes have one failure handling, unless one brings handlers of its own."""
    app = make_app()
    for path in ("/a", "/b"):
        app.add_route(path, handler, name=path)
    app.add_route("/c", handler, name="c", exception_handlers={404: lambda request, error: ""})
    a, b, c = (find_place(app, path).failure for path in ("/a", "/b", "/c"))
    assert (a is b, a is c) == (True, False)


@pytest.mark.parametrize(
    "handler", ["text", lambda request: "", lambda request, error, app: ""], ids=["none", "1", "3"]
)
def test_an_exception_handler_that_cannot_be_called_stops_the_build(handler: Any) -> None:
    """What an exception handler takes is checked before it is needed."""
    app = make_app(exception_handlers={404: handler})
    with pytest.raises(
        HandlerError, match=r"handler for 404, added at .*test_place\.py:\d+ by the app, cannot be called"
    ):
        app.build()


def test_exception_handlers_of_plugins_come_before_those_of_the_app() -> None:
    """For one key the app has the last word."""

    class Help(Plugin):
        name = "help"

        @hookimpl
        def yaat_register_exception_handlers(self, app: Yaat) -> list[ExceptionHandler]:
            return [ExceptionHandler(key=key, handler=lambda request, error: "plugin") for key in (404, 405)]

    app = make_app(plugins=[Help()], exception_handlers={404: lambda request, error: "app"})
    app.add_route("/x", handler)
    assert [ask(app, *request).text for request in (("GET", "/no"), ("PUT", "/x"))] == ["app", "plugin"]


def test_the_route_is_known() -> None:
    """Requests know their route; those that none matches know that there is none."""
    app = make_app()
    app.add_route("/x", handler, tags=["t"])
    seen: list[Any] = []

    @app.exception_handler(404)
    def note(request: Request, error: Exception) -> str:
        seen.append(request.route)
        return ""

    ask(app, "GET", "/nowhere")
    route = find_place(app).route
    assert route is not None
    assert (route.path, route.metadata, seen) == ("/x", {"tags": ["t"]}, [None])


def test_the_middleware_around_is_known() -> None:
    """For whoever wants to tell of it, each place lists the middleware around it, outermost first."""

    def mark(request: Request) -> Any:
        yield

    def raw(app: Any) -> Any:
        return app

    async def tell(request: Request) -> list[str]:
        place: Any = request.place
        return [record.name for record in place.middleware]

    app = make_app(middleware=[mark, raw])
    app.add_route("/x", tell, middleware=[mark])
    assert ask(app, "GET", "/x").text == '["raw","mark","mark"]'


def test_the_middleware_around_unknown_paths_is_known() -> None:
    """So does the place of requests that no route matches."""
    seen: list[str] = []

    def mark(request: Request) -> Any:
        yield

    app = make_app(middleware=[mark])

    @app.exception_handler(404)
    def note(request: Request, error: Exception) -> str:
        place: Any = request.place
        seen.extend(record.name for record in place.middleware)
        return ""

    ask(app, "GET", "/nowhere")
    assert seen == ["mark"]


def test_resolvers_see_where_a_handler_stands() -> None:
    """Whoever gives parameters their values knows app, route, method, handler, and what reads the path."""
    sites: list[Site] = []

    class Looking(Plugin):
        name = "looking"

        @hookimpl
        def yaat_register_parameter_resolvers(self, app: Yaat) -> ParameterResolver:
            return ParameterResolver(name="look", resolve=lambda _, site: sites.append(site))

    def show(request: Request, number: int, text: str) -> None: ...

    app = make_app(plugins=[Looking()])
    app.add_route("/{number}/{text}", show, methods=["PUT"])
    app.build()
    site = sites[0]
    assert (site.app, site.route.path, site.method, site.given) == (app, "/{number}/{text}", "PUT", Request)
    assert site.handler is not None
    assert site.handler.function is show
    assert {name: each.name for name, each in site.converters.items() if each} == {"number": "int", "text": "str"}


def pass_on(request: Request) -> Any:
    yield


@pytest.mark.parametrize("options", [{"on_disconnect": "cancel"}, {"methods": ["HEAD"]}, {"middleware": [pass_on]}])
def test_a_handler_that_returns_no_response_is_named(options: Any, caplog: pytest.LogCaptureFixture) -> None:
    """However a handler is called, a message about it says which one it is."""

    async def forgotten(request: Request) -> object:
        return object()

    app = make_app()
    app.add_route("/x", forgotten, **options)
    [method] = options.get("methods") or ["GET"]
    assert ask(app, method, "/x").status == 500
    assert "forgotten" in str(caplog.records[0].exc_info)
