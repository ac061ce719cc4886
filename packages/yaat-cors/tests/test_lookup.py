"""What stands around the route that a preflight is about."""

from typing import Any

from yaat import Middleware, Request, Router, Yaat
from yaat_cors.lookup import find_chain, list_around
from yaat_testclient import TestClient


class Witness:
    """Notes what stands around the route of each method in its header."""

    def process_request(self, request: Request) -> None:
        request.state.names = [record.name for record in find_chain(request, request.headers["x-method"])]

    def process_response(self, request: Request, response: Any) -> None:
        response.headers["x-names"] = " ".join(request.state.names)


def name(*names: str) -> list[Middleware]:
    """Return middleware of these names that does nothing."""
    return [Middleware(Idle, name=name) for name in names]


class Idle:
    """Does nothing."""

    def process_request(self, request: Request) -> None:
        return


def ask(app: Yaat, path: str, method: str) -> str:
    """Return the names around the route of *method* at *path*, as an OPTIONS request finds them."""
    with TestClient(app) as client:
        return client.options(path, headers={"x-method": method}).headers["x-names"]


def make_app() -> Yaat:
    """Return an app with a witness and a few routes."""
    app = Yaat(autoload=False, middleware=[Middleware(Witness, name="app")])
    app.add_route("/items/{id}", show, ["GET"], middleware=name("get"))
    app.add_route("/items/{id}", show, ["PUT"], middleware=name("put"))
    app.add_route("/items/{id}", show, ["OPTIONS"], middleware=name("options"))
    app.add_route("/items/new", show_new, ["GET"], middleware=name("new"))
    router = Router(prefix="/admin", middleware=name("router"))
    router.add_route("/users", show_new, ["GET"], middleware=name("users"))
    app.mount(router, middleware=name("mount"))
    return app


async def show(request: Request, id: int) -> str:
    return f"{id}"


async def show_new(request: Request) -> str:
    return "new"


def test_each_method_has_its_own() -> None:
    """Routes of one path are told apart by the method that is asked about, not by OPTIONS."""
    assert ask(make_app(), "/items/7", "GET") == "app get"
    assert ask(make_app(), "/items/7", "PUT") == "app put"
    assert ask(make_app(), "/items/7", "OPTIONS") == "app options"


def test_best_route_is_found() -> None:
    """It is the route that the request itself would reach."""
    assert ask(make_app(), "/items/new", "GET") == "app new"
    assert ask(make_app(), "/items/new", "PUT") == "app"


def test_routers_and_mounts_are_around_their_routes() -> None:
    """From the outside in: app, mount, router, route."""
    assert ask(make_app(), "/admin/users", "GET") == "app mount router users"


def test_unknown_path_has_what_is_around_all() -> None:
    """Below the prefix of a router that is the router's too."""
    assert ask(make_app(), "/nowhere", "GET") == "app"
    assert ask(make_app(), "/admin/nowhere", "GET") == "app mount router"


def test_looking_leaves_the_request_alone() -> None:
    """The path parameters of the other route stay with it."""
    app = make_app()
    seen = []

    class After:
        def process_response(self, request: Request, response: Any) -> None:
            seen.append((request.method, request.path_params))

    app.add_middleware(After)
    ask(app, "/admin/users", "GET")
    ask_unknown = Yaat(autoload=False, middleware=[Witness, After])
    ask_unknown.add_route("/items/{id}", show, ["GET"])
    ask(ask_unknown, "/items/7", "GET")
    assert seen == [("OPTIONS", {}), ("OPTIONS", {})]


def test_routes_of_a_mounted_app_are_found() -> None:
    """From the outside in: the outer app, the inner one, the route."""
    inner, outer = Yaat(autoload=False), Yaat(autoload=False, middleware=[Middleware(Witness, name="outer")])
    inner.add_route("/x", show_new, ["GET"], middleware=name("route"))
    inner.middleware.extend(name("inner"))
    outer.mount("/inner", inner)
    assert ask(outer, "/inner/x", "GET") == "outer inner route"


def test_raw_middleware_does_not_hide_routes() -> None:
    """Whatever wraps the app as a whole, its routes are found below."""
    app = make_app()
    app.add_middleware(wrap)
    assert ask(app, "/items/7", "PUT") == "wrap app put"


def wrap(app: Any) -> Any:
    """Wrap an ASGI app."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return wrapped


def test_foreign_app_answers_for_itself() -> None:
    """What stands around a mounted ASGI app is found as for any request there."""

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = make_app()
    app.mount("/foreign", foreign, middleware=name("mount"))
    assert ask(app, "/foreign/x", "GET") == "app mount"


def test_outside_of_an_app_there_is_nothing() -> None:
    """A request that was made by hand has nothing around it."""
    request: Request[Any] = Request({"type": "http", "method": "OPTIONS", "path": "/", "headers": []})
    assert list(find_chain(request, "GET")) == []
    assert list(list_around(request.place)) == []
