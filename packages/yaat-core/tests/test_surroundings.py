"""What stands around routes: which middleware of which layer, in which order, and outside or inside of the line."""

from typing import Any

from yaat import Middleware, Plugin, Request, Response, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.surroundings import Surroundings

from .asgi_driver import ask


def flat(name: str, **options: Any) -> Middleware:
    def around(request: Request) -> Any:
        yield

    return Middleware(around, name=name, **options)


class Raw:
    def __init__(self, app: ASGIApp, seen: list[ASGIApp] | None = None) -> None:
        self.app = app
        if seen is not None:
            seen.append(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def raw(name: str, **options: Any) -> Middleware:
    return Middleware(Raw, name=name, **options)


async def handler(request: Request) -> str:
    return ""


def names(app: Yaat, path: str) -> list[str]:
    """Return the names of the middleware around the route at *path*, as the report has them."""
    app.build()
    [route] = (route for route in app.report.routes if route.path == path)
    return list(route.middleware)


def test_layers_follow_each_other() -> None:
    """Outermost is the app, and innermost the route; in each layer the order is that of stages."""
    app = Yaat(autoload=False, middleware=[flat("b"), flat("a", stage="edge")])
    router = Router(middleware=[flat("d"), raw("c", stage="security")])
    router.add_route("/x", handler, middleware=[flat("f"), flat("g")])
    app.mount("/r", router, middleware=[flat("m")])
    assert names(app, "/r/x") == ["a", "b", "m", "c", "d", "f", "g"]


def test_raw_middleware_of_the_app_stays_outside() -> None:
    """It comes first, and is made once for each protocol and not for each route."""
    seen: list[ASGIApp] = []
    app = Yaat(autoload=False, middleware=[flat("a"), raw("b", seen=seen)])
    for path in ("/x", "/y"):
        app.add_route(path, handler, name=path)
    assert (names(app, "/x"), len(seen)) == (["b", "a"], 1)
    assert [one.name for one in app.report.middleware] == ["b", "a"]


def test_raw_middleware_of_a_mounted_app_is_inside() -> None:
    """Only the outermost app has an outside; what is mounted in it stands around its own routes."""
    outer, inner = Yaat(autoload=False, middleware=[raw("a")]), Yaat(autoload=False, middleware=[flat("b"), raw("c")])
    inner.add_route("/x", handler)
    outer.mount("/inner", inner)
    assert names(outer, "/inner/x") == ["a", "b", "c"]
    assert [one.name for one in inner.report.middleware] == ["b", "c"]


def test_middleware_of_plugins_joins_that_of_their_app() -> None:
    """Plugins of an app stand around that app's routes."""

    class Shop(Plugin):
        name = "shop"

        @hookimpl
        def yaat_register_middleware(self, app: Yaat) -> Middleware:
            return flat("plugin")

    outer, inner = Yaat(autoload=False), Yaat(autoload=False, plugins=[Shop()], middleware=[flat("own")])
    outer.add_route("/x", handler)
    inner.add_route("/x", handler)
    outer.mount("/inner", inner)
    assert (names(outer, "/x"), names(outer, "/inner/x")) == ([], ["plugin", "own"])


def test_each_protocol_has_its_middleware() -> None:
    """Middleware stands around the protocols that it names, HTTP unless it says otherwise."""
    app = Yaat(
        autoload=False,
        middleware=[flat("http"), flat("echo", protocols=["echo"]), flat("both", protocols=["http", "echo"])],
    )
    app.add_route("/x", handler)
    assert names(app, "/x") == ["http", "both"]
    surroundings = Surroundings(app)
    assert [record.name for record in surroundings.list_own(app)] == ["http", "echo", "both"]
    assert [record.name for record in surroundings.list_middleware((), (flat("own"),), "http")] == ["own"]


def test_neighbours_of_the_flat_kind_are_one_loop() -> None:
    """Between two raw ones there is one loop, however many steps it has."""
    seen: list[ASGIApp] = []
    router = Router(middleware=[flat("a"), flat("b"), raw("c", seen=seen), flat("d"), flat("e")])

    @router.get("/x")
    async def show(request: Request) -> Response:
        return Response(request.path, media_type="text/plain")

    app = Yaat(autoload=False)
    app.mount(router)
    assert ask(app, "GET", "/x").text == "/x"
    assert len(seen) == 2  # for GET and HEAD


def test_steps_can_be_had_alone() -> None:
    """Another protocol runs the flat kind in its own loop."""
    app = Yaat(autoload=False)
    app.build()
    assert [step.name for step in Surroundings(app).list_steps([flat("a"), raw("b"), flat("c")])] == ["a", "c"]


def test_wrapping_an_app_leaves_steps_out() -> None:
    """For a protocol without requests only raw middleware can stand around."""
    app = Yaat(autoload=False)
    app.build()

    async def served(scope: Scope, receive: Receive, send: Send) -> None: ...

    wrapped: Any = Surroundings(app).wrap(served, [flat("a"), raw("b"), raw("c")])
    assert wrapped.app.app is served
