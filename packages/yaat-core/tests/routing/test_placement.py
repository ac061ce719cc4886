"""Placement: every route and mount at its full path, and no two for the same requests."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from yaat import Router
from yaat.exceptions import RouteConflict, RouteError
from yaat.provenance import APP, Owner, Source
from yaat.routing.placement import Claims, PlacedRoute, Placement, check_conflicts, check_mounts
from yaat.routing.route import Mount, Route
from yaat.routing.template import parse_template

BLOG = Owner(plugin="blog", distribution="yaat-blog", version="1.0")
SHOP = Owner(plugin="shop")


async def handler(request: Any) -> str:
    return ""


async def asgi_app(scope: Any, receive: Any, send: Any) -> None: ...


def place(router: Router, *extra: Route) -> list[str]:
    """Return the full paths of the routes of *router*."""
    placement = Placement(router, lambda each: [*each.routes, *(extra if each is router else ())])
    return [str(placed.template) for placed in placement.routes]


def make_router(*paths: str, **options: Any) -> Router:
    router = Router(**options)
    for path in paths:
        router.add_route(path, handler)
    return router


# --- paths ---


def test_routers_nest_to_any_depth() -> None:
    """Prefixes of mounts and of the routers themselves add up, in the order in which a request meets them."""
    inner = make_router("/a", "/", "", prefix="/inner")
    middle = make_router("/b")
    middle.mount("/to-inner", inner)
    root = make_router("/c")
    root.mount("/middle/", middle)
    assert place(root) == [
        "/c",
        "/middle/b",
        "/middle/to-inner/inner/a",
        "/middle/to-inner/inner/",
        "/middle/to-inner/inner",
    ]


def test_the_empty_path_at_the_root_is_the_root() -> None:
    """Where there is no prefix, the empty path is `/`."""
    (placed,) = Placement(make_router("")).routes
    assert placed.template == parse_template("/")


def test_a_prefix_may_hold_parameters() -> None:
    """Parameters of prefixes are parameters of every route below."""
    root = Router()
    root.mount("/{tenant}", make_router("/{id:int}", prefix="/users"))
    assert place(root) == ["/{tenant}/users/{id:int}"]


def test_a_router_can_be_mounted_twice() -> None:
    """One router may stand at several places, once below another router and once directly."""
    shared = make_router("/x")
    middle = Router()
    middle.mount("/m", shared)
    root = Router()
    root.mount("/a", shared)
    root.mount("/b", middle)
    assert place(root) == ["/a/x", "/b/m/x"]


def test_what_is_in_a_router_is_asked_for_once() -> None:
    """However often an app is mounted, it is asked once what is in it, and that is placed each time."""
    asked: list[Router] = []
    shared, root = Router(), Router()
    root.mount("/a", shared, name="a")
    root.mount("/b", shared, name="b")

    def list_entries(router: Router) -> Iterable[Route | Mount]:
        asked.append(router)
        return [Route(path="/x", handler=handler, owner=BLOG)] if router is shared else router.routes

    placement = Placement(root, list_entries)
    assert ([str(placed.template) for placed in placement.routes], asked) == (["/a/x", "/b/x"], [root, shared])


def test_walking_marks_every_router_as_built() -> None:
    """From the placement on, nothing can be added anywhere."""
    inner, root = Router(), Router()
    root.mount("/x", inner)
    Placement(root)
    assert (root.is_built, inner.is_built) == (True, True)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_router_inside_itself_is_refused(depth: int) -> None:
    """A circle of mounts would never end; the message shows the path, the notes show the mounts."""
    routers = [Router() for _ in range(depth + 1)]
    for index, router in enumerate(routers):
        router.mount(f"/m{index}", routers[(index + 1) % len(routers)])
    with pytest.raises(RouteError, match="A router is mounted inside itself") as caught:
        Placement(routers[0])
    notes = caught.value.__notes__
    assert len(notes) == depth + 1
    assert notes[0].startswith(f"In the mount '/m{depth}', added at ")


@pytest.mark.parametrize(("prefix", "path"), [("/{id}", "/{id:int}"), ("/{id}/x", "/y-{id}")])
def test_a_parameter_of_the_prefix_cannot_occur_again(prefix: str, path: str) -> None:
    """A parameter name that a prefix has is refused below it, where one of the two values would be lost."""
    root = Router()
    root.mount(prefix, make_router(path))
    with pytest.raises(RouteError, match="The name 'id' occurs twice") as caught:
        Placement(root)
    assert [note.partition(",")[0] for note in caught.value.__notes__] == [
        f"In the route {path!r}",
        f"In the mount {prefix!r}",
    ]


def test_an_error_notes_who_gave_the_route() -> None:
    """Where the line is not known, the plugin is."""
    extra = Route(path="/{id}", handler=handler, owner=BLOG)
    with pytest.raises(RouteError) as caught:
        place(Router("/{id}"), extra)
    assert caught.value.__notes__ == ["In the route '/{id}', added by plugin 'blog' (yaat-blog 1.0)."]


# --- hosts ---


def test_a_host_holds_for_everything_below() -> None:
    """A host of a route, router or mount is that of all routes inside; the same host may be said again."""
    inner = make_router("/a", host="{t}.example.com")
    inner.add_route("/b", handler, host="{t}.Example.com")
    root = make_router("/c")
    root.add_route("/d", handler, host="d.example.com")
    root.mount("/m", inner)
    root.mount("/n", asgi_app, host="n.example.com")
    placement = Placement(root)
    assert [placed.host for placed in placement.routes] == [None, "d.example.com", "{t}.example.com", "{t}.example.com"]
    assert [area.host for area in placement.areas] == ["{t}.example.com", "n.example.com"]


def test_a_host_of_a_router_holds_for_what_is_mounted_in_it() -> None:
    """Routers and apps in a router for one host are for that host too."""
    root = Router(host="a.example")
    root.mount("/r", make_router("/x"))
    root.mount("/m", asgi_app)
    placement = Placement(root)
    assert [placed.host for placed in placement.routes] == ["a.example"]
    assert [area.host for area in placement.areas] == ["a.example", "a.example"]


def test_an_area_knows_the_names_of_its_mounts() -> None:
    """What stands before the names of the routes below is known of an area too, whatever is mounted there."""
    root, router = Router(), Router()
    router.mount("/files", asgi_app, name="files")
    root.mount("/shop", router, name="shop")
    assert [area.name for area in Placement(root).areas] == ["shop:", "shop:files:"]


def test_a_route_knows_all_its_parameters() -> None:
    """The parameters of a route are those of its whole path and of its host."""
    root, router = Router(), Router(host="{tenant}.example.com")
    router.add_route("/{id}", handler)
    root.add_route("/x", handler)
    root.mount("/{kind}", router)
    assert [placed.parameter_names for placed in Placement(root).routes] == [(), ("kind", "id", "tenant")]


def test_the_text_of_a_placed_route_says_where_it_was_added() -> None:
    """Messages show its full path, with the line and the owner."""
    [placed] = Placement(
        Router("/shop"), lambda router: [Route(path="/x", handler=handler, source=Source("a.py", 3))]
    ).routes
    assert str(placed) == "The route /shop/x was added at a.py:3 by the app."


def test_two_hosts_contradict_each_other() -> None:
    """What is for one host cannot hold something for another."""
    root = Router()
    root.mount("/x", make_router("/", host="a.example"), host="b.example")
    with pytest.raises(RouteError, match="for the host 'a.example', but stands in what is for the host 'b.example'"):
        Placement(root)


def test_host_and_path_cannot_share_a_parameter() -> None:
    """A parameter is either part of the host or of the path."""
    root = Router()
    root.add_route("/{tenant}", handler, host="{tenant}.example.com")
    with pytest.raises(
        RouteError, match=r"'tenant' occurs in the host '\{tenant\}\.example\.com' and in the path /\{te"
    ):
        Placement(root)


# --- names ---


class Greeter:
    async def get(self, request: Any) -> str:
        return ""


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (handler, "handler"),
        (partial(partial(handler)), "handler"),
        (Greeter, "Greeter"),
        (Greeter(), "Greeter"),
    ],
    ids=["function", "partial", "class", "instance"],
)
def test_a_route_without_a_name_is_called_like_its_handler(target: Callable[..., Any], name: str) -> None:
    """The name of the function or class is the name of the route."""
    router = Router()
    router.add_route("/", target)
    assert [placed.name for placed in Placement(router).routes] == [name]


def test_names_come_after_those_of_mounts_and_plugins() -> None:
    """A mount with a name puts it before the names of the routes below; a plugin's name comes before its routes'."""
    inner, root = make_router("/x"), Router()
    root.mount("/a", inner, name="a")
    root.mount("/b", inner)
    extra = Route(path="/y", handler=handler, name="y", owner=BLOG)
    placement = Placement(root, lambda router: [*router.routes, extra])
    assert [placed.name for placed in placement.routes] == ["a:handler", "a:blog:y", "handler", "blog:y", "blog:y"]


# --- areas ---


def test_every_mount_is_an_area() -> None:
    """Mounted routers and ASGI apps have a say about unknown paths below their prefix; a router itself has not."""
    root, inner = Router(), Router("/own")
    root.mount("/r", inner)
    inner.mount("/a", asgi_app)
    areas = Placement(root).areas
    assert [(str(area.template), area.app) for area in areas] == [("/r/own", None), ("/r/own/a", asgi_app)]


def test_an_area_knows_its_mount() -> None:
    """What was said where it was mounted holds for the whole area."""
    root, inner = Router(), Router()
    root.mount("/r", inner)
    inner.mount("/a", asgi_app)
    assert [area.mount for area in Placement(root).areas] == [root.routes[0], inner.routes[0]]


def test_layers_are_what_stands_around() -> None:
    """The layers of a route are the routers and the mounts with middleware of their own, outermost first."""
    root, inner = Router(), make_router("/x")
    root.mount("/plain", inner)
    root.mount("/wrapped", inner, middleware=[asgi_app])
    plain, wrapped = Placement(root).routes
    assert [layer.router for layer in plain.layers] == [root, inner]
    assert [layer.router or layer.mount for layer in wrapped.layers] == [root, root.routes[1], inner]


# --- conflicts ---


def claims_of(placed: PlacedRoute) -> Claims:
    return [(method, placed.template) for method in placed.route.methods or ("GET",)]


def check(*routes: Route) -> list[tuple[Route, tuple[str, ...] | None]]:
    """Return the routes that are left, with the methods that are left to them."""
    router = Router()
    router.routes = [replace(route, metadata={"index": index}) for index, route in enumerate(routes)]
    left, _ = check_conflicts(Placement(router).routes, claims_of)
    return [(routes[placed.route.metadata["index"]], placed.route.methods) for placed in left]


def make_route(path: str = "/x", *methods: str, **options: Any) -> Route:
    return Route(path=path, handler=handler, methods=methods or ("GET",), source=Source("a.py", 1), **options)


def test_two_routes_for_the_same_requests_are_refused() -> None:
    """A second route of the same method and shape could never be reached; the message names both lines."""
    with pytest.raises(RouteConflict) as caught:
        check(make_route("/{a}", "GET", "PUT"), replace(make_route("/{b}", "PUT"), source=Source("b.py", 2)))
    assert str(caught.value) == (
        "Two routes answer PUT /{b}, so one of them could never be reached.\n"
        "    /{a} added at a.py:1 by the app\n"
        "    /{b} added at b.py:2 by the app\n"
        "Give one of them another path or method."
    )


@pytest.mark.parametrize(
    "options",
    [
        {"path": "/y"},
        {"path": "/x/"},
        {"path": "/{x}"},
        {"host": "a.example"},
        {"protocol": "websocket"},
        {"methods": ["POST"]},
    ],
    ids=lambda options: next(iter(options)) + next(map(str, options.values())),
)
def test_routes_that_differ_in_anything_go_together(options: dict[str, Any]) -> None:
    """Another path, host, protocol or method makes another route."""
    assert len(check(make_route(), replace(make_route(), **options))) == 2


def test_a_conflict_with_a_plugin_names_it_and_the_ways_out() -> None:
    """The message names the plugin and its distribution, and says how to choose."""
    with pytest.raises(RouteConflict) as caught:
        check(make_route(), replace(make_route(owner=BLOG), source=None))
    assert str(caught.value).endswith(
        "    /x added by plugin 'blog' (yaat-blog 1.0)\n"
        "Plugins give them in their hook 'yaat_register_routes'.\n"
        "Give one of them another path or method, block one plugin, or let the app's own route win with replaces=True."
    )


def test_a_conflict_knows_who_has_a_part_in_it() -> None:
    """Both owners are in the error, that of the first route first."""
    with pytest.raises(RouteConflict) as caught:
        check(make_route(), make_route(owner=BLOG))
    assert caught.value.owners == (APP, BLOG)


def test_what_is_replaced_is_told() -> None:
    """Beside the routes that are left, reports want to know what was taken from which."""
    own, others = make_route(replaces=True), make_route("/x", "DELETE", "GET", "POST", owner=BLOG)
    router = Router()
    router.routes = [own, others]
    _, lost = check_conflicts(Placement(router).routes, claims_of)
    assert [(placed.route, methods) for placed, methods in lost] == [(others, ("GET",))]


@pytest.mark.parametrize("is_first", [True, False])
def test_the_app_may_replace_a_route_of_a_plugin(is_first: bool) -> None:
    """With `replaces=True` the app's own route takes the place of a plugin's, wherever it was added."""
    own, others = make_route(replaces=True), make_route(owner=BLOG)
    assert check(*((own, others) if is_first else (others, own))) == [(own, ("GET",))]


def test_a_replaced_route_keeps_its_other_methods() -> None:
    """Only what the app answers itself is taken from the plugin's route."""
    own, others = make_route(replaces=True), make_route("/x", "DELETE", "GET", "POST", owner=BLOG)
    assert check(own, others) == [(own, ("GET",)), (others, ("DELETE", "POST"))]


@pytest.mark.parametrize(
    "routes",
    [
        (make_route(replaces=True), make_route()),
        (make_route(replaces=True), make_route(replaces=True)),
        (make_route(replaces=True, owner=SHOP), make_route(owner=BLOG)),
        (make_route(replaces=True, owner=SHOP), make_route()),
    ],
    ids=["app and app", "twice", "plugin and plugin", "plugin and app"],
)
def test_nobody_else_may_replace_anything(routes: tuple[Route, Route]) -> None:
    """A plugin replaces no route, and the app none of its own."""
    with pytest.raises(RouteConflict):
        check(*routes)


def test_a_mount_is_no_route() -> None:
    """Mounts leave the routes beside and below their prefix alone, so they conflict with none."""
    router = Router()
    router.routes = [Mount(path="/x", app=asgi_app), make_route("/x/y"), make_route("/x")]
    assert len(check_conflicts(Placement(router).routes, claims_of)[0]) == 2


def test_two_apps_at_one_prefix_are_refused() -> None:
    """Of two ASGI apps at one prefix one could never be reached; the message names both lines."""
    root = Router()
    root.mount("/{a}/x", asgi_app)
    root.mount("/{b}/x", asgi_app)
    with pytest.raises(
        RouteConflict, match=r"(?s)at /\{b\}/x.*One was added at .*test_pl.*:\d+ by.*One was added at .*:\d+"
    ):
        check_mounts(Placement(root).areas)


def test_the_error_about_two_apps_knows_who_mounted_them() -> None:
    """The message names both lines and the way out; the routers that are mounted beside them do not hide it."""
    root = Router()
    root.routes = [
        Mount(path="/r", app=Router()),
        Mount(path="/x", app=asgi_app, source=Source("a.py", 1)),
        Mount(path="/x", app=asgi_app, owner=BLOG),
    ]
    with pytest.raises(RouteConflict) as caught:
        check_mounts(Placement(root).areas)
    assert caught.value.owners == (APP, BLOG)
    assert str(caught.value) == (
        "Two apps are mounted at /x, so one of them could never be reached.\n"
        "    One was added at a.py:1 by the app\n"
        "    One was added by plugin 'blog' (yaat-blog 1.0)\n"
        "Give one of them another prefix or host."
    )


def test_routers_and_apps_may_share_a_prefix() -> None:
    """Any number of routers and one ASGI app for each host can stand at the same prefix."""
    root = Router()
    for app in (Router(), Router(), asgi_app):
        root.mount("/x", app)
    root.mount("/x", asgi_app, host="a.example")
    check_mounts(Placement(root).areas)
    assert len(Placement(root).areas) == 4
