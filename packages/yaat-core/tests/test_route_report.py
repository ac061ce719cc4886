"""Why each middleware stands where it does, and who else has a say in a route."""

from typing import Any

from yaat import Middleware, Plugin, Request, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.provenance import APP
from yaat.records import ExceptionHandler
from yaat.report import RouteReport


async def handler(request: Request) -> str:
    return ""


def around(request: Request) -> Any:
    yield


class Raw:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class Stepper:
    def process_request(self, request: Request) -> None: ...


def report(app: Yaat) -> RouteReport:
    app.build()
    return app.report.routes[0]


def reasons(app: Yaat) -> dict[str, str]:
    return {each.name: each.reason for each in report(app).around}


def test_a_stage_is_a_reason() -> None:
    """Where nothing else is asked, the order of set-up decides inside it."""
    app = Yaat(autoload=False, middleware=[Stepper, Middleware(around, stage="edge", name="edge")])
    app.add_route("/", handler)
    assert list(reasons(app).items()) == [
        ("edge", "around the app; stage 'edge'; in the order of set-up"),
        ("Stepper", "around the app; stage 'app'; in the order of set-up"),
    ]


def test_what_a_middleware_asks_is_a_reason_for_both() -> None:
    """It is told of the one that asks and of the one that is asked."""
    middleware = [
        Middleware(around, name="b", before=["c"], after=["a"]),
        Middleware(around, name="c"),
        Middleware(around, name="a"),
    ]
    app = Yaat(autoload=False, middleware=middleware)
    app.add_route("/", handler)
    assert list(reasons(app).items()) == [
        ("a", "around the app; stage 'app'; before 'b', as that asks"),
        ("b", "around the app; stage 'app'; after 'a', as it asks, before 'c', as it asks"),
        ("c", "around the app; stage 'app'; after 'b', as that asks"),
    ]


def test_names_of_another_stage_are_no_reason() -> None:
    """There the stage decides."""
    app = Yaat(autoload=False, middleware=[Middleware(around, name="a", stage="edge"), Middleware(around, after=["a"])])
    app.add_route("/", handler)
    assert reasons(app)["around"] == "around the app; stage 'app'; in the order of set-up"


def test_raw_middleware_of_the_app_stands_outside() -> None:
    """Even of a stage that comes later, which needs saying."""
    app = Yaat(autoload=False, middleware=[Raw, Middleware(around, stage="edge")])
    app.add_route("/", handler)
    name, reason = next(iter(reasons(app).items()))
    assert name == "Raw"
    assert reason.startswith("around the app, as raw ASGI middleware outside of what is not; stage 'app'")


def test_each_middleware_is_told_with_what_it_is_around() -> None:
    """The app, a mount, a mounted app, a router with or without a prefix, and the route."""
    router = Router(middleware=[Middleware(around, name="router")])
    router.add_route("/", handler, middleware=[Middleware(around, name="route")])
    prefixed = Router(prefix="/p", middleware=[Middleware(around, name="prefixed")])
    prefixed.mount("/r", router)
    inner = Yaat(autoload=False, middleware=[Middleware(around, name="inner")])
    inner.mount("", prefixed)
    app = Yaat(autoload=False, middleware=[Middleware(around, name="app")])
    app.mount("/m", inner, middleware=[Middleware(around, name="mount")])
    assert {name: reason.partition(";")[0] for name, reason in reasons(app).items()} == {
        "app": "around the app",
        "mount": "around the mount at /m",
        "inner": "around the mounted app",
        "prefixed": "around the router /p",
        "router": "around a router",
        "route": "of the route alone, inside all others",
    }


class Wrapping(Plugin):
    """Wraps what it is told to."""

    def __init__(self, name: str, *paths: str) -> None:
        self.name = name
        self.paths = paths

    @hookimpl
    def yaat_wrap_endpoint(self, route: Any, endpoint: Any) -> Any:
        return endpoint if route.path in self.paths else None


def test_plugins_that_wrap_a_route_are_told_innermost_first() -> None:
    """Those that leave it alone are not."""
    app = Yaat(autoload=False, plugins=[Wrapping("a", "/"), Wrapping("b", "/other"), Wrapping("c", "/")])
    app.add_route("/", handler, methods=["GET", "POST"])
    assert [owner.plugin for owner in report(app).wrapped_by] == ["a", "c"]


def test_wrappers_of_a_mounted_app_are_those_of_its_own_plugins() -> None:
    """An app wraps what it was given itself."""
    inner = Yaat(autoload=False, plugins=[Wrapping("inner", "/x")])
    inner.add_route("/x", handler)
    app = Yaat(autoload=False, plugins=[Wrapping("outer", "/x")])
    app.mount("/m", inner)
    assert [owner.plugin for owner in report(app).wrapped_by] == ["inner"]


async def answer(request: Request, error: Exception) -> str:
    return ""


class Answering(Plugin):
    name = "answering"

    @hookimpl
    def yaat_register_exception_handlers(self, app: Yaat) -> list[ExceptionHandler]:
        return [ExceptionHandler(key=key, handler=answer) for key in (404, 405)]


def test_an_exception_handler_of_the_app_takes_the_place_of_that_of_a_plugin() -> None:
    """Only the one that answers is told."""
    app = Yaat(autoload=False, plugins=[Answering()], exception_handlers={404: answer})
    app.add_route("/", handler)
    assert {each.key: each.owner.plugin for each in report(app).exception_handlers} == {404: "app", 405: "answering"}


def test_a_report_made_by_hand_knows_of_nothing_around() -> None:
    """What was not placed has no surroundings to be told."""
    made = RouteReport(
        path="/",
        host=None,
        protocol="http",
        methods=(),
        name="",
        handlers={},
        middleware=(),
        metadata={},
        owner=APP,
        source=None,
    )
    assert (made.around, made.exception_handlers, made.wrapped_by) == ((), (), ())
