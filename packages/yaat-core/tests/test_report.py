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
