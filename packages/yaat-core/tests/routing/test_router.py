"""Routers: they collect, check what they are given at once, and refuse what comes too late."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from yaat import HTTPException, Middleware, Router, Yaat
from yaat.exceptions import AppBuilt, ConfigurationError, RouteError
from yaat.routing.route import Mount, Route


async def handler(request: Any) -> str:
    return ""


async def asgi_app(scope: Any, receive: Any, send: Any) -> None: ...


def only_route(router: Router) -> Route:
    [route] = router.routes
    assert isinstance(route, Route)
    return route


def only_mount(router: Router) -> Mount:
    [mount] = router.routes
    assert isinstance(mount, Mount)
    return mount


# --- routes ---


def test_a_decorator_gives_the_handler_back() -> None:
    """Decorators return the function untouched, so they can be stacked and the function be called in tests."""
    router = Router()
    assert router.route("/a")(router.get("/b")(handler)) is handler


def test_a_route_without_methods_leaves_them_to_the_handler() -> None:
    """Without `methods` it is GET for a function, and what it has for a view class."""
    router = Router()
    router.route("/")(handler)
    assert only_route(router).methods is None


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options", "query"])
def test_each_method_has_a_decorator(method: str) -> None:
    """There is a decorator for each common method, QUERY included."""
    router = Router()
    getattr(router, method)("/")(handler)
    assert only_route(router).methods == (method.upper(),)


def test_options_of_a_route_are_kept() -> None:
    """What a route is given is in its record, and whatever else comes along is metadata for plugins."""
    router = Router()
    router.add_route(
        "/x",
        handler,
        ["post"],
        name="x",
        host="a.example",
        middleware=[asgi_app],
        exception_handlers={404: handler},
        max_body_bytes=10,
        on_disconnect="cancel",
        replaces=True,
        tags=["a"],
        summary="b",
    )
    route = only_route(router)
    assert (route.methods, route.name, route.host, route.max_body_bytes) == (("POST",), "x", "a.example", 10)
    assert (route.on_disconnect, route.replaces, route.metadata) == ("cancel", True, {"tags": ["a"], "summary": "b"})
    assert ([m.factory for m in route.middleware], [h.key for h in route.exception_handlers]) == ([asgi_app], [404])


def test_a_route_knows_the_line_that_added_it() -> None:
    """The source of a route is the line of the decorator."""
    router = Router()
    line = inspect.currentframe().f_lineno + 1  # type: ignore[union-attr]  # CPython has frames
    router.get("/")(handler)
    source = only_route(router).source
    assert source is not None
    assert (source.file, source.line) == (__file__, line)


def test_a_websocket_route_is_of_another_protocol() -> None:
    """WebSocket routes are collected with the others, for the protocol that a plugin serves."""
    router = Router()
    router.websocket_route("/a", name="a")(handler)
    router.add_websocket_route("/b", handler)
    routes = [route for route in router.routes if isinstance(route, Route)]
    assert [(route.protocol, route.handler) for route in routes] == [("websocket", handler)] * 2


@pytest.mark.parametrize(
    ("option", "meant"),
    [
        ("method", "methods"),
        ("middlewares", "middleware"),
        ("max_body_byte", "max_body_bytes"),
        ("replace", "replaces"),
    ],
)
def test_a_misspelt_option_is_refused(option: str, meant: str) -> None:
    """What looks like an option is not taken for metadata: the message says what was meant, and where."""
    with pytest.raises(
        RouteError, match=rf"Unknown option '{option}' of the route '/x' at .*test_router\.py:\d+\. .* '{meant}'\?"
    ):
        Router().get("/x", **{option: ()})(handler)


@pytest.mark.parametrize("decorator", ["route", "get", "websocket_route"])
def test_a_decorator_without_its_path_is_refused(decorator: str) -> None:
    """`@app.route` without parentheses would add nothing, so it raises."""
    with pytest.raises(RouteError, match=r"stands where the path should be\. Write @app\.route\('/path'\)"):
        getattr(Router(), decorator)(handler)


@pytest.mark.parametrize("key", ["404", 299, 600, BaseException, handler, None])
def test_a_key_that_no_exception_has_is_refused(key: Any) -> None:
    """An exception handler is for a status that exceptions can have or for a class of them, however it is added."""
    adders: list[Callable[[], object]] = [
        lambda: Router().exception_handler(key),
        lambda: Router().add_exception_handler(key, handler),
        lambda: Router(exception_handlers={key: handler}),
        lambda: Router().add_route("/", handler, exception_handlers={key: handler}),
    ]
    for add in adders:
        with pytest.raises(ConfigurationError, match="An exception handler is for a status from 300 to 599 or an"):
            add()


@pytest.mark.parametrize("key", [300, 404, 599, HTTPException, Exception])
def test_a_key_that_exceptions_have_is_taken(key: Any) -> None:
    """Any status that an exception can have, and any class of exceptions, may have a handler."""
    assert [record.key for record in Router(exception_handlers={key: handler}).exception_handlers] == [key]


def test_a_second_exception_handler_for_a_key_is_refused() -> None:
    """Each status and class has one handler in a router; the message names both lines."""
    router = Router(exception_handlers={404: handler})
    router.exception_handler(HTTPException)(handler)
    with pytest.raises(ConfigurationError, match=r"404 has .* already, added at .*test_router.*; see .*test_router"):
        router.exception_handler(404)(handler)


# --- mounts ---


@pytest.mark.parametrize("app", [Router(), Yaat(autoload=False), asgi_app], ids=["router", "yaat", "asgi"])
def test_routers_apps_and_asgi_apps_can_be_mounted(app: Any) -> None:
    """A router, another Yaat and any ASGI app can stand below a prefix."""
    router = Router()
    router.mount("/x", app, name="x", host="a.example", middleware=[asgi_app])
    mount = only_mount(router)
    assert (mount.app, mount.path, mount.name, mount.host) == (app, "/x", "x", "a.example")
    assert [record.factory for record in mount.middleware] == [asgi_app]


@pytest.mark.parametrize(
    "mount",
    [
        lambda router, app: router.mount("/x", app),
        lambda router, app: router.mount(app, "/x"),
        lambda router, app: router.mount(router=app, prefix="/x"),
        lambda router, app: router.mount("/x", router=app),
        lambda router, app: router.mount(prefix="/x", app=app),
    ],
    ids=["prefix first", "prefix last", "router by name", "router by name alone", "app by name"],
)
def test_the_order_of_prefix_and_router_does_not_matter(mount: Callable[[Router, Router], None]) -> None:
    """Prefix and router may come in either order, and by name."""
    outer, inner = Router(), Router()
    mount(outer, inner)
    assert (only_mount(outer).app, only_mount(outer).path) == (inner, "/x")


@pytest.mark.parametrize(
    "mount",
    [lambda outer, inner: outer.mount(inner), lambda outer, inner: outer.mount("", inner)],
    ids=["no prefix", "empty prefix"],
)
def test_a_router_with_a_prefix_of_its_own_needs_no_other(mount: Callable[[Router, Router], None]) -> None:
    """The prefix can be left out."""
    outer = Router()
    mount(outer, Router("/x"))
    assert only_mount(outer).path == "/"


@pytest.mark.parametrize("arguments", [("/x",), ("/x", 5), (5, "/x"), ()])
def test_what_is_no_app_is_not_mounted(arguments: tuple[Any, ...]) -> None:
    """Anything else is refused."""
    with pytest.raises(RouteError, match="Only a Router, a Yaat or an ASGI app can be mounted, not (5|None)"):
        Router().mount(*arguments)


@pytest.mark.parametrize(("options", "message"), [({"prefix": "x"}, "begin with '/'"), ({"host": "a:80"}, "'a:80'")])
def test_a_router_checks_its_prefix_and_host_at_once(options: dict[str, str], message: str) -> None:
    """A mistake in them is told where the router is made."""
    with pytest.raises(RouteError, match=message):
        Router(**options)  # type: ignore[arg-type]  # the options are texts


# --- middleware ---


def test_middleware_is_kept_as_records() -> None:
    """Bare factories become records with their line; records stay as they are."""
    record = Middleware(asgi_app, name="record")
    router = Router(middleware=[asgi_app, record])
    router.add_middleware(record)
    router.add_middleware(asgi_app, stage="edge", size=1)
    assert [(m.name, m.stage) for m in router.middleware] == [
        ("asgi_app", "app"),
        ("record", "app"),
        ("record", "app"),
        ("asgi_app", "edge"),
    ]
    assert router.middleware[3].options == {"size": 1}
    assert str(router.middleware[3].source).partition(":")[0].endswith("test_router.py")


# --- too late ---


@pytest.mark.parametrize(
    "add",
    [
        lambda app: app.get("/x")(handler),
        lambda app: app.add_route("/x", handler),
        lambda app: app.mount("/x", asgi_app),
        lambda app: app.add_middleware(asgi_app),
        lambda app: app.exception_handler(404)(handler),
    ],
    ids=["decorator", "route", "mount", "middleware", "exception handler"],
)
@pytest.mark.parametrize("is_mounted", [False, True])
def test_what_comes_after_the_build_is_refused(add: Callable[[Router], object], is_mounted: bool) -> None:
    """Once an app is built, nothing can be added to it or to what is mounted in it; the message names the late line."""
    app, router = Yaat(autoload=False), Router()
    app.mount("/r", router)
    app.build()
    with pytest.raises(AppBuilt, match=r"came too late, at .*test_router\.py:\d+: the app was built already"):
        add(router if is_mounted else app)
