"""What answers a request, and who gave each part of the way there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Router, Yaat, hookimpl
from yaat.arguments import Argument, Conversion
from yaat.arguments import Source as Reading
from yaat.explain import MAX_NEAREST
from yaat.explanation import Explanation
from yaat.provenance import APP, Source
from yaat.records import ExceptionHandler, ParameterResolver, PathConverter, Protocol, ReturnConverter
from yaat.report import MountReport, report_mount
from yaat.routing import Route
from yaat.routing.placement import Placement


async def handler(request: Request, **parameters: Any) -> str:
    return ""


async def answer(request: Request, error: Exception) -> str:
    return ""


def around(request: Request) -> Any:
    yield


class Shop(Plugin):
    name = "shop"

    @hookimpl
    def yaat_register_converters(self, app: Yaat) -> PathConverter:
        return PathConverter(name="hex", parse=lambda text: int(text, 16))

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        return Route(path="/shop/{item:hex}", handler=handler, methods=("PUT", "GET"), name="item")

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> Middleware:
        return Middleware(around, name="till", stage="security")

    @hookimpl
    def yaat_register_exception_handlers(self, app: Yaat) -> ExceptionHandler:
        return ExceptionHandler(key=LookupError, handler=answer)

    @hookimpl
    def yaat_wrap_endpoint(self, route: Route, endpoint: Callable[..., Any]) -> Callable[..., Any] | None:
        return endpoint if route.path.startswith("/shop") else None


class Echo(Plugin):
    name = "echo"

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(name="echo", make_endpoint=lambda *_: handler, make_fallback=lambda _: handler)  # type: ignore[arg-type, return-value]  # never called


@pytest.fixture
def app() -> Yaat:
    app = Yaat(autoload=False, plugins=[Shop(), Echo()])
    app.add_route("/x", handler)
    app.add_route("/x", handler, methods=["POST"], name="make")
    return app


def explain(app: Yaat, method: str, path: str, **options: Any) -> Explanation:
    app.build()
    return app.report.explain(method, path, **options)


def found(app: Yaat, method: str, path: str, **options: Any) -> str | None:
    route = explain(app, method, path, **options).route
    return route.name if route else None


def test_the_route_that_answers_is_named(app: Yaat) -> None:
    """By method and path, with the values that the path gives."""
    explanation = explain(app, "put", "/shop/ff?page=2")
    assert explanation.route is not None
    assert (explanation.method, explanation.route.name, explanation.parameters) == ("PUT", "shop:item", {"item": 255})
    assert explanation.handler is explanation.route.handlers["PUT"]


def test_methods_of_one_path_are_told_apart(app: Yaat) -> None:
    """Each may have a route of its own."""
    assert (found(app, "GET", "/x"), found(app, "POST", "/x")) == ("handler", "make")


def test_head_is_answered_by_get(app: Yaat) -> None:
    """Unless somebody answers HEAD in their own way."""
    assert found(app, "HEAD", "/shop/1") == "shop:item"


def test_an_own_head_comes_before_that_of_get(app: Yaat) -> None:
    """As for requests."""
    app.add_route("/x", handler, methods=["HEAD"], name="head")
    assert found(app, "HEAD", "/x") == "head"


def test_the_best_route_wins_as_for_requests(app: Yaat) -> None:
    """A literal beats a parameter, in whatever order they were added."""
    app.add_route("/{page}", handler, name="page")
    app.add_route("/y", handler, name="literal")
    assert (found(app, "GET", "/y"), found(app, "GET", "/z")) == ("literal", "page")


def test_a_path_is_read_as_a_client_writes_it(app: Yaat) -> None:
    """What is encoded is decoded, but an encoded slash does not separate segments."""
    app.add_route("/files/{name}", handler, name="file")
    assert explain(app, "GET", "/files/a%2Fb%20c").parameters == {"name": "a/b c"}


def test_routes_of_a_host_need_the_host(app: Yaat) -> None:
    """They come before those for any host."""
    app.add_route("/x", handler, host="{tenant}.example.com", name="tenant")
    assert found(app, "GET", "/x", host="A.example.com") == "tenant"
    assert found(app, "GET", "/x", host="other.org") == "handler"


def test_another_protocol_is_asked_for_by_its_name(app: Yaat) -> None:
    """There it takes the place of a method."""
    app.add_route("/x", handler, protocol="echo", name="echo")
    assert found(app, "ECHO", "/x") == "echo"


def test_each_part_is_told_with_its_owner(app: Yaat) -> None:
    """From the outside in: middleware, parameters, wrappers, handler; then who answers for errors."""
    app.add_middleware(around)
    text = str(explain(app, "GET", "/shop/ff"))
    lines = [line.strip() for line in text.splitlines()]
    assert lines[:2] == [
        "GET /shop/ff",
        "is answered by the route GET,PUT /shop/{item:hex} (shop:item), of plugin 'shop'",
    ]
    assert "1. till, of plugin 'shop'" in lines
    assert "around the app; stage 'security'; in plugin order" in lines
    assert "around the app; stage 'app'; in the order of set-up" in lines
    assert "Path parameter item = 255: the converter 'hex', of plugin 'shop'" in lines
    assert "Wrapped by plugin 'shop', in its hook 'yaat_wrap_endpoint'" in lines
    assert any(line.startswith("Handler: handler (") for line in lines)
    assert lines[-1] == "LookupError: answer, for the app, of plugin 'shop'"


def test_what_is_not_there_is_not_told() -> None:
    """A plain route has a title and a handler; and lines of the app are named with their place."""
    app = Yaat(autoload=False)
    app.add_route("/items/{id:int}", handler)
    first, route, parameter, last = str(explain(app, "GET", "/items/1")).splitlines()
    assert first == "GET /items/1"
    assert route.startswith("  is answered by the route GET /items/{id:int} (handler), of the app, added at ")
    assert parameter == "  Path parameter id = 1: the converter 'int', of the core"
    assert last.startswith("  Handler: ")


def test_a_status_is_told_as_a_number() -> None:
    """And what a router answers comes before what the app answers."""
    router = Router(prefix="/in", exception_handlers={404: answer})
    router.add_route("/x", handler, exception_handlers={409: answer})
    app = Yaat(autoload=False, exception_handlers={404: answer})
    app.mount("", router)
    lines = [line.split(", of")[0].strip() for line in str(explain(app, "GET", "/in/x")).splitlines()]
    assert lines[-3:] == ["409: answer, for the route", "404: answer, for the router /in", "404: answer, for the app"]


def test_a_wrong_method_is_told_the_right_ones(app: Yaat) -> None:
    """No route is named, for none answers."""
    explanation = explain(app, "DELETE", "/x")
    assert (explanation.route, explanation.methods) == (None, ("GET", "HEAD", "OPTIONS", "POST"))
    assert str(explanation).endswith("is answered with 405: this path is there for GET, HEAD, OPTIONS, POST.")


def test_an_unknown_path_is_told_what_is_like_it(app: Yaat) -> None:
    """With the owner of each."""
    lines = str(explain(app, "GET", "/shopp/ff")).splitlines()
    assert lines[1:3] == ["  matches no route.", "  There are, for example:"]
    assert "GET,PUT /shop/{item:hex} (shop:item), of plugin 'shop'" in lines[3]


def test_where_nothing_is_like_it_the_first_routes_are_told() -> None:
    """A few are enough to see what kind of app it is."""
    app = Yaat(autoload=False)
    for number in range(9):
        app.add_route(f"/{number}", handler)
    assert [route.path for route in explain(app, "GET", "/quite-another").nearest] == [
        f"/{number}" for number in range(MAX_NEAREST)
    ]


def test_an_app_without_routes_says_so() -> None:
    """Nothing can be like it."""
    assert str(explain(Yaat(autoload=False), "GET", "/")) == "GET /\n  matches no route.\n  There are no routes."


def test_a_route_of_a_host_is_shown_with_it() -> None:
    """So it is seen why it did not match."""
    app = Yaat(autoload=False)
    app.add_route("/x", handler, host="a.example.com")
    assert "GET /x for the host a.example.com (handler), of the app" in str(explain(app, "GET", "/x"))


# --- mounted ASGI apps ---


async def foreign(scope: Any, receive: Any, send: Any) -> None: ...


def mounted(path: str, host: str | None = None) -> MountReport:
    return MountReport(path=path, host=host, app=foreign, owner=APP, source=Source("shop.py", 3))


def explain_with(app: Yaat, mounts: list[MountReport], path: str, **options: Any) -> Explanation:
    app.build()
    return replace(app.report, mounts=mounts).explain("GET", path, **options)


def test_what_no_route_matches_is_passed_on_to_a_mounted_app(app: Yaat) -> None:
    """The one with the longest prefix, with who has mounted it."""
    explanation = explain_with(app, [mounted("/"), mounted("/files")], "/files/a.txt")
    assert explanation.mount is not None
    assert (explanation.route, explanation.mount.path) == (None, "/files")
    assert "at /files, of the app, added at shop.py:3: <function foreign" in str(explanation)


def test_a_route_comes_before_a_mounted_app(app: Yaat) -> None:
    """As for requests."""
    explanation = explain_with(app, [mounted("/")], "/x")
    assert (explanation.mount, explanation.route is not None) == (None, True)


def test_head_is_passed_on_where_get_is(app: Yaat) -> None:
    """And answered by GET where a route is."""
    app.build()
    report = replace(app.report, mounts=[mounted("/")])
    assert report.explain("HEAD", "/files").mount is not None
    assert report.explain("HEAD", "/x").route is not None


def test_a_mounted_app_for_a_host_needs_the_host(app: Yaat) -> None:
    """It comes before one that is for any."""
    mounts = [mounted("/files", "{tenant}.example.com"), mounted("/files")]
    found = [explain_with(app, mounts, "/files", host=host).mount for host in (None, "a.example.com")]
    assert [each and each.host for each in found] == [None, "{tenant}.example.com"]


def test_a_prefix_with_parameters_is_understood(app: Yaat) -> None:
    """With converters that no route uses, too."""
    assert explain_with(app, [mounted("/{tenant:slug}/files")], "/shop-1/files").mount is not None


def test_a_mount_is_reported_from_where_it_was_placed() -> None:
    """With its whole path, its host, its owner and its line."""
    app = Yaat(autoload=False)
    router = Router()
    router.mount("/files", foreign)
    app.mount("/m", router, host="a.example.com")
    [area] = [area for area in Placement(app).areas if area.app is not None]
    report = report_mount(area)
    assert (report.path, report.host, report.app, report.owner) == ("/m/files", "a.example.com", foreign, APP)
    assert "test_explanation.py" in str(report.source)


# --- what resolvers and return converters do ---


class Language(Plugin):
    name = "language"

    @hookimpl
    def yaat_register_parameter_resolvers(self, app: Yaat) -> ParameterResolver:
        argument = Argument(source=Reading(get=lambda request: "en"))
        return ParameterResolver(
            name="language", resolve=lambda parameter, site: argument if parameter.name == "language" else None
        )

    @hookimpl
    def yaat_register_return_converters(self, app: Yaat) -> ReturnConverter:
        conversion = Conversion(convert=str)
        return ReturnConverter(
            name="text", resolve=lambda handler, site: conversion if handler.returns is int else None
        )


async def count(request: Request, number: str, language: str) -> int:
    return 1


def test_who_gives_an_argument_and_converts_the_answer_is_told() -> None:
    """Parameters of the path are told with their converter, and the request goes without saying."""
    app = Yaat(autoload=False, plugins=[Language()])
    app.add_route("/count/{number}", count)
    lines = [line.strip() for line in str(explain(app, "GET", "/count/1")).splitlines()]
    assert "Parameter language: the resolver 'language', of plugin 'language'" in lines
    assert "Return value: the return converter 'text', of plugin 'language'" in lines
    [first, _] = [line for line in lines if "arameter " in line]
    assert first.startswith("Path parameter number = '1'")
