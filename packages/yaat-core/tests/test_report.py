"""The report of a build: data that says who gave what."""

from typing import Any

from yaat import Middleware, Plugin, Request, Yaat, hookimpl
from yaat.records import Protocol
from yaat.routing import Route


async def handler(request: Request) -> str:
    return ""


class Shop(Plugin):
    name = "shop"

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        return Route(path="/shop", handler=handler, methods=("PUT", "GET"), name="shop", metadata={"tags": ["t"]})

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> Middleware:
        return Middleware(around, name="shop", stage="edge")

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(name="echo", make_endpoint=lambda *_: handler, make_fallback=lambda _: handler)  # type: ignore[arg-type, return-value]  # never called


def around(request: Request) -> Any:
    yield


def make_app() -> Yaat:
    app = Yaat(autoload=False, plugins=[Shop()], middleware=[around])
    app.add_route("/x", handler, host="a.example.com", middleware=[around])
    app.add_route("/e", handler, protocol="echo", name="echo")
    app.build()
    return app


def test_a_route_is_told_with_all_that_is_known() -> None:
    """Path, host, methods, name, middleware, metadata, owner and line."""
    own, echo, shop = make_app().report.routes
    assert (own.path, own.host, own.protocol, own.methods, own.name) == (
        "/x",
        "a.example.com",
        "http",
        ("GET",),
        "handler",
    )
    assert (own.middleware, own.owner.is_app) == (("shop", "around", "around"), True)
    assert "test_report.py" in str(own.source)
    assert (shop.methods, shop.name, dict(shop.metadata)) == (("GET", "PUT"), "shop:shop", {"tags": ["t"]})
    assert (str(shop.owner), shop.source) == ("plugin 'shop'", None)
    assert (echo.protocol, echo.methods, echo.middleware) == ("echo", (), ())


def test_middleware_is_told_in_its_order() -> None:
    """Name, stage, owner and line, outermost first."""
    shop, own = make_app().report.middleware
    assert (shop.name, shop.stage, str(shop.owner), shop.source) == ("shop", "edge", "plugin 'shop'", None)
    assert (own.name, own.stage, str(own.owner)) == ("around", "app", "the app")
    assert "test_report.py" in str(own.source)


def test_plugins_are_told_with_their_hooks() -> None:
    """What became of each plugin, and what it does."""
    [status] = make_app().report.plugins
    assert (status.owner.plugin, status.state) == ("shop", "active")
    assert status.hooks == ("yaat_register_middleware", "yaat_register_protocols", "yaat_register_routes")


def test_routes_that_the_app_replaces_are_told() -> None:
    """A plugin's route that one of the app has taken the place of is listed with the methods that it has lost."""
    app = Yaat(autoload=False, plugins=[Shop()])
    app.add_route("/shop", handler, ["PUT"], replaces=True)
    app.build()
    (shadowed,) = app.report.shadowed
    assert (shadowed.path, shadowed.methods, str(shadowed.owner)) == ("/shop", ("PUT",), "plugin 'shop'")
    assert [route.methods for route in app.report.routes] == [("PUT",), ("GET",)]


def test_mounted_apps_are_told() -> None:
    """An ASGI app of somebody else is listed with its prefix, and explained."""

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        """Answer nothing; it is never asked."""

    app = Yaat(autoload=False)
    app.mount("/foreign", foreign)
    app.build()
    (mount,) = app.report.mounts
    assert (mount.path, mount.app, mount.owner.is_app) == ("/foreign", foreign, True)
    assert "/foreign" in str(app.report.explain("GET", "/foreign/x"))


def test_an_app_tells_of_its_own_mounts_alone() -> None:
    """The report of an app that is mounted has what is mounted in it, and nothing of the app around it."""

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        """Answer nothing; it is never asked."""

    app, inner = Yaat(autoload=False), Yaat(autoload=False)
    inner.mount("/own", foreign)
    app.mount("/inner", inner)
    app.mount("/foreign", foreign)
    app.build()
    assert [mount.path for mount in inner.report.mounts] == ["/inner/own"]
    assert [mount.path for mount in app.report.mounts] == ["/inner/own", "/foreign"]


def test_hooks_are_told_with_their_plugins() -> None:
    """Every hook is there, with the plugins that implement it, and those that nobody uses can be asked for."""
    report = make_app().report
    assert report.hooks["yaat_register_routes"] == ("shop",)
    assert "yaat_register_lifespans" in report.unused_hooks
    assert "yaat_register_routes" not in report.unused_hooks


def test_converters_and_exception_handlers_are_told() -> None:
    """Each record with who gave it."""
    app = Yaat(autoload=False)
    app.exception_handler(404)(lambda request, error: "")
    app.build()
    assert {converter.name for converter in app.report.converters} >= {"str", "int", "path"}
    assert [(each.key, each.owner.is_app) for each in app.report.exception_handlers] == [(404, True)]
