"""The plugin in an app."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Router, Yaat, hookimpl
from yaat.exceptions import RouteError
from yaat.plugins import PluginErrors
from yaat.routing import Route
from yaat_cors import CORS, CORSPlugin

ORIGIN = "https://app.example"
Fetch = Callable[..., Any]
MakeApp = Callable[..., Yaat]


async def answer(request: Request) -> str:
    return "here"


def list_middleware(app: Yaat) -> list[tuple[str, str]]:
    """Return name and stage of what stands around *app*."""
    app.build()
    return [(each.name, each.stage) for each in app.report.middleware]


def test_plugin_stands_outermost(make_app: MakeApp) -> None:
    """Whatever anybody answers passes by it."""
    assert list_middleware(make_app(CORSPlugin(allow_origins=[ORIGIN]))) == [("cors", "edge")]


def test_installed_plugin_without_settings_does_nothing(fetch: Fetch) -> None:
    """It weakens nobody's security, and costs no request anything."""
    app = Yaat(autoload=False, plugins=["cors"])
    app.add_route("/", answer, ["GET"])
    assert list_middleware(app) == []
    got = fetch(app, origin=ORIGIN)
    assert (got.grants, got.vary) == ({}, set())


def test_settings_reach_a_plugin_that_is_loaded_by_its_name(fetch: Fetch) -> None:
    """The options are those of `CORS`."""
    app = Yaat(autoload=False, plugins=["cors"], settings={"cors": {"allow_origins": [ORIGIN], "max_age": 5}})
    app.add_route("/", answer, ["GET"])
    assert fetch(app, origin=ORIGIN, asks="GET").get("access-control-max-age") == "5"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"allow_origin": [ORIGIN]}, "allow_origins"),
        ({"allow_origins": ["*"], "allow_credentials": True}, "allow_any_origin_with_credentials=True"),
    ],
)
def test_settings_that_cannot_be_stop_the_build(settings: dict[str, Any], message: str) -> None:
    """A misspelt option and a dangerous one are told with the way out."""
    with pytest.raises(PluginErrors) as caught:
        Yaat(autoload=False, plugins=["cors"], settings={"cors": settings}).build()
    assert message in str(caught.value.exceptions[0])


def add_to_route(app: Yaat) -> None:
    """Give a route a policy."""
    app.add_route("/x", answer, ["GET"], middleware=[CORS(allow_origins=[ORIGIN])])


def add_to_mount(app: Yaat) -> None:
    """Give a mount a policy."""
    router = Router()
    router.add_route("/x", answer, ["GET"])
    app.mount(router, middleware=[CORS(allow_origins=[ORIGIN])])


def add_to_router(app: Yaat) -> None:
    """Give a router a policy that has no prefix, and is mounted in another."""
    inner, outer = Router(middleware=[Middleware(CORS, allow_origins=[ORIGIN])]), Router()
    inner.add_route("/x", answer, ["GET"])
    outer.mount(inner)
    outer.mount("/again", inner)
    app.mount(outer)


@pytest.mark.parametrize("add", [add_to_route, add_to_mount, add_to_router])
def test_policy_further_in_is_found(fetch: Fetch, add: Callable[[Yaat], None]) -> None:
    """The installed plugin answers preflights for whatever has a policy of its own."""
    app = Yaat(autoload=False, plugins=["cors"])
    add(app)
    app.add_route("/plain", answer, ["GET"])
    assert list_middleware(app) == [("cors", "edge")]
    assert fetch(app, "/x", origin=ORIGIN, asks="GET").get("access-control-allow-origin") == ORIGIN
    got = fetch(app, "/plain", origin=ORIGIN, asks="GET")
    assert (got.status, got.grants) == (204, {})


def test_policies_of_nobody_cost_nothing() -> None:
    """Routers without policies, mounted twice or around foreign apps, bring no middleware."""

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        return

    app, router = Yaat(autoload=False, plugins=[CORSPlugin()]), Router()
    router.add_route("/x", answer, ["GET"])
    app.mount("/a", router)
    app.mount("/b", router)
    app.mount("/c", foreign)
    assert list_middleware(app) == []


def test_router_inside_itself_is_told_by_the_core() -> None:
    """Looking for policies comes to an end, and the mistake gets its own message."""
    app, router = Yaat(autoload=False, plugins=[CORSPlugin()]), Router()
    router.mount("/again", router)
    app.mount("/x", router)
    with pytest.raises(RouteError, match="mounted inside itself"):
        app.build()


def test_app_has_the_last_word(make_app: MakeApp, fetch: Fetch) -> None:
    """What the app adds itself is further in than what its settings say, and decides."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN]))
    app.add_middleware(CORS, allow_origins=["https://own.example"])
    assert fetch(app, origin=ORIGIN).grants == {}
    assert fetch(app, origin="https://own.example").get("access-control-allow-origin") == "https://own.example"


def test_route_of_another_plugin_can_have_a_policy(make_app: MakeApp, fetch: Fetch) -> None:
    """Where the app has one too, preflights follow the one of the route."""

    class Fonts(Plugin):
        name = "fonts"

        @hookimpl
        def yaat_register_routes(self, app: Any) -> Route:
            opened = Middleware(CORS, allow_origins=["*"])
            return Route(path="/fonts", handler=answer, methods=("GET",), middleware=(opened,))

    app = make_app(CORSPlugin(allow_origins=[ORIGIN]), Fonts())
    assert fetch(app, "/fonts", origin="https://any.example", asks="GET").get("access-control-allow-origin") == "*"
