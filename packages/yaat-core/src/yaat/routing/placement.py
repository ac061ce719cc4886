"""This file is where routes end up: each route and mount with its full path, its host and the routers around it."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..exceptions import RouteConflict, RouteError
from ..provenance import format_origin
from ..record import frozen, replace
from .hosts import parse_host_template
from .route import Mount, Route, parse_prefix
from .router import Router
from .template import PathTemplate, parse_template


@frozen
class Layer:
    """What stands around a route: one router or app, or one mount with middleware of its own."""

    router: Router | None
    mount: Mount | None = None


@frozen
class PlacedRoute:
    """A route at its full path.

    Attributes:
        template: The path from the root of the app.
        host: The host template's text, or `None` for any host.
        name: What `url_for` knows it by: the names of the mounts before it, each followed by a colon, and its own.
        layers: What stands around it, outermost first.
    """

    route: Route
    template: PathTemplate
    host: str | None
    name: str
    layers: tuple[Layer, ...]

    def __str__(self) -> str:
        """Tell where it was added, for messages."""
        return f"The route {self.template} was {format_origin(self.route.owner, self.route.source)}."

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """What `scope["path_params"]` will hold: the parameters of the path and of the host."""
        of_host = parse_host_template(self.host).parameters if self.host else ()
        return (*(parameter.name for parameter in self.template.parameters), *of_host)


@frozen
class PlacedArea:
    """A prefix whose unknown paths are answered in their own way: a router's, or by a mounted ASGI app.

    Attributes:
        app: The ASGI app mounted there, or `None` for a router.
        name: What stands before the names of the routes below: the names of the mounts, each followed by a colon.
    """

    template: PathTemplate
    host: str | None
    name: str
    app: Any
    layers: tuple[Layer, ...]
    mount: Mount


@frozen
class _Place:
    """Where the walk stands."""

    template: PathTemplate
    host: str | None
    name: str
    layers: tuple[Layer, ...]


#: The empty prefix.
ROOT = PathTemplate(())


#: Gives what is in a router.
ListEntries = Callable[[Router], Iterable[Route | Mount]]


class Placement:
    """Everything below one app, at its full path. Walking a router marks it as built.

    Args:
        root: The app.
        list_entries: Gives what is in a router, which need not be its own routes alone: this is how the routes of an
            app's plugins join. It is asked once for each router, however often that is mounted.

    Raises:
        RouteError: A router is mounted inside itself, two hosts are meant, or a parameter name occurs twice.
    """

    def __init__(self, root: Router, list_entries: ListEntries = lambda router: router.routes) -> None:
        self.routes: list[PlacedRoute] = []
        self.areas: list[PlacedArea] = []
        self._list_entries = list_entries
        self._entries: dict[int, list[Route | Mount]] = {}
        self._walk(root, _Place(template=ROOT, host=None, name="", layers=()))

    def _walk(self, router: Router, place: _Place, mount: Mount | None = None) -> None:
        """Add everything below *router*."""
        inner = _Place(
            template=parse_prefix(router.prefix).under(place.template),
            host=_join_hosts(place.host, router.host),
            name=place.name,
            layers=(*place.layers, Layer(router=router)),
        )
        router.is_built = True
        if mount is not None:
            self.areas.append(_place_area(None, inner, mount))
        for entry in self._find_entries(router):
            try:
                if isinstance(entry, Mount):
                    self._walk_mount(entry, inner)
                else:
                    self.routes.append(_place_route(entry, inner))
            except RouteError as error:
                what = f"{type(entry).__name__.lower()} {entry.path!r}"
                error.add_note(f"In the {what}, {format_origin(entry.owner, entry.source)}.")
                raise

    def _find_entries(self, router: Router) -> list[Route | Mount]:
        """Return the routes and mounts in *router*."""
        if id(router) not in self._entries:
            self._entries[id(router)] = list(self._list_entries(router))
        return self._entries[id(router)]

    def _walk_mount(self, mount: Mount, place: _Place) -> None:
        """Add everything below *mount*: routes of a router, or an area that an ASGI app serves."""
        if any(layer.router is mount.app for layer in place.layers):
            raise RouteError(f"A router is mounted inside itself, below {place.template}.")
        inner = _Place(
            template=mount.template.under(place.template),
            host=_join_hosts(place.host, mount.host),
            name=f"{place.name}{mount.name}:" if mount.name else place.name,
            layers=(*place.layers, Layer(router=None, mount=mount)) if mount.middleware else place.layers,
        )
        if isinstance(mount.app, Router):
            self._walk(mount.app, inner, mount)
        else:
            self.areas.append(_place_area(mount.app, inner, mount))


def _place_area(app: Any, place: _Place, mount: Mount) -> PlacedArea:
    """Return the area of *mount*, with the ASGI app that serves it if it is one."""
    return PlacedArea(
        template=place.template, host=place.host, name=place.name, app=app, layers=place.layers, mount=mount
    )


def _place_route(route: Route, place: _Place) -> PlacedRoute:
    """Return *route* at its full path. A plugin's name comes before the names of its routes."""
    template = route.template.under(place.template)
    host = _join_hosts(place.host, route.host)
    for name in parse_host_template(host).parameters if host else ():
        if any(parameter.name == name for parameter in template.parameters):
            raise RouteError(f"The parameter {name!r} occurs in the host {host!r} and in the path {template}.")
    own = route.name or _find_name(route.handler)
    return PlacedRoute(
        route=route,
        template=template if template.segments else parse_template("/"),
        host=host,
        name=place.name + own if route.owner.is_app else f"{place.name}{route.owner.plugin}:{own}",
        layers=place.layers,
    )


def _find_name(handler: Any) -> str:
    """Return what a handler that was given no name is called."""
    while isinstance(handler, partial):
        handler = handler.func
    name: str = getattr(handler, "__name__", type(handler).__name__)
    return name


def _join_hosts(outer: str | None, inner: str | None) -> str | None:
    """Return the host of something with the host *inner* that stands in something with the host *outer*."""
    if inner is not None and outer is not None and outer != inner:
        raise RouteError(f"It is for the host {inner!r}, but stands in what is for the host {outer!r}.")
    return inner or outer


#: What a route answers: each method, and the path with a converter for each parameter.
Claims = Iterable[tuple[str, PathTemplate]]


def check_conflicts(
    routes: Iterable[PlacedRoute], claims_of: Callable[[PlacedRoute], Claims]
) -> tuple[list[PlacedRoute], list[tuple[PlacedRoute, tuple[str, ...]]]]:
    """Return *routes* without what the app replaces, and what that is.

    A plugin's route keeps the methods that are left to it. The others are in the second list, by route.

    Raises:
        RouteConflict: Two routes match the same requests; the message names both lines.
    """
    routes = list(routes)
    taken: dict[object, tuple[PlacedRoute, PathTemplate]] = {}
    kept: dict[int, PlacedRoute] = {}
    lost: list[tuple[PlacedRoute, tuple[str, ...]]] = []
    for placed in sorted(routes, key=lambda one: not one.route.replaces):
        left = []
        claims = list(claims_of(placed))
        for method, template in claims:
            key = (placed.route.protocol, placed.host, template.shape, method)
            other, other_template = taken.setdefault(key, (placed, template))
            if other is placed:
                left.append(method)
            elif not _replaces(other.route, placed.route):
                message = _describe_conflict(method, (other_template, other.route), (template, placed.route))
                raise RouteConflict(message, (other.route.owner, placed.route.owner))
        if len(left) == len(claims):
            kept[id(placed)] = placed
            continue
        lost.append((placed, tuple(method for method, _ in claims if method not in left)))
        if left:
            kept[id(placed)] = replace(placed, route=replace(placed.route, methods=tuple(left)))
    return [kept[id(placed)] for placed in routes if id(placed) in kept], lost


def _replaces(route: Route, other: Route) -> bool:
    """Return whether *route* takes the place of *other*: only the app can say so, and only to a plugin."""
    return route.replaces and route.owner.is_app and not other.owner.is_app


def check_mounts(areas: Iterable[PlacedArea]) -> None:
    """Refuse what could never be reached.

    Raises:
        RouteConflict: Two ASGI apps are mounted at one prefix; the message names both lines.
    """
    taken: dict[object, Mount] = {}
    for area in areas:
        if area.app is None:
            continue
        other = taken.setdefault((area.host, area.template.shape), area.mount)
        if other is not area.mount:
            raise RouteConflict(
                f"Two apps are mounted at {area.template}, so one of them could never be reached.\n"
                f"    One was {format_origin(other.owner, other.source)}\n"
                f"    One was {format_origin(area.mount.owner, area.mount.source)}\n"
                "Give one of them another prefix or host.",
                (other.owner, area.mount.owner),
            )


def _describe_conflict(method: str, *routes: tuple[PathTemplate, Route]) -> str:
    """Return the message for two routes of one shape."""
    what = f"{method} {routes[-1][0]}".strip()
    lines = [f"Two routes answer {what}, so one of them could never be reached."]
    lines += [f"    {template} {format_origin(route.owner, route.source)}" for template, route in routes]
    fix = "Give one of them another path or method"
    if not all(route.owner.is_app for _, route in routes):
        fix += ", block one plugin, or let the app's own route win with replaces=True"
        lines.append("Plugins give them in their hook 'yaat_register_routes'.")
    return "\n".join([*lines, f"{fix}."])
