"""This file is where routes end up: each route and mount with its full path, its host and the routers around it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..exceptions import RouteConflict, RouteError
from .hosts import parse_host_template
from .route import Mount, Route
from .router import Router
from .template import PathTemplate, parse_template


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What stands around a route: one router or app, or one mount with middleware of its own."""

    router: Router | None
    mount: Mount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedArea:
    """A prefix whose unknown paths are answered in their own way: a router's, or by a mounted ASGI app.

    Attributes:
        app: The ASGI app mounted there, or `None` for a router.
    """

    template: PathTemplate
    host: str | None
    app: Any
    layers: tuple[Layer, ...]
    mount: Mount


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the walk stands."""

    template: PathTemplate
    host: str | None
    name: str
    layers: tuple[Layer, ...]


#: The empty prefix.
ROOT = PathTemplate(())


Extra = Callable[[Router], Iterable[Route | Mount]]


class Placement:
    """Everything below one app, at its full path. Walking a router marks it as built.

    Args:
        root: The app.
        extra: Gives what a router has apart from its own routes; this is how the routes of an app's plugins join.

    Raises:
        RouteError: A router is mounted inside itself, or two hosts contradict each other.
    """

    def __init__(self, root: Router, extra: Extra = lambda router: ()) -> None:
        self.routes: list[PlacedRoute] = []
        self.areas: list[PlacedArea] = []
        self._extra = extra
        self._walk(root, _Place(template=ROOT, host=None, name="", layers=()))

    def _walk(self, router: Router, place: _Place, mount: Mount | None = None) -> None:
        """Add everything below *router*."""
        if any(layer.router is router for layer in place.layers):
            raise RouteError(f"A router is mounted inside itself, below {place.template}.")
        inner = _Place(
            template=_extend(place.template, router.prefix),
            host=_join_hosts(place.host, router.host),
            name=place.name,
            layers=(*place.layers, Layer(router=router)),
        )
        router.is_built = True
        if mount is not None:
            area = PlacedArea(template=inner.template, host=inner.host, app=None, layers=inner.layers, mount=mount)
            self.areas.append(area)
        for entry in (*router.routes, *self._extra(router)):
            if isinstance(entry, Mount):
                self._walk_mount(entry, inner)
            else:
                self.routes.append(_place_route(entry, inner))

    def _walk_mount(self, mount: Mount, place: _Place) -> None:
        """Add everything below *mount*: routes of a router, or an area that an ASGI app serves."""
        inner = _Place(
            template=_extend(place.template, mount.path),
            host=_join_hosts(place.host, mount.host),
            name=f"{place.name}{mount.name}:" if mount.name else place.name,
            layers=(*place.layers, Layer(router=None, mount=mount)) if mount.middleware else place.layers,
        )
        if isinstance(mount.app, Router):
            self._walk(mount.app, inner, mount)
        else:
            area = PlacedArea(
                template=inner.template,
                host=inner.host,
                app=mount.app,
                layers=inner.layers,
                mount=mount,
            )
            self.areas.append(area)


def _place_route(route: Route, place: _Place) -> PlacedRoute:
    """Return *route* at its full path. A plugin's name comes before the names of its routes."""
    name = route.name or getattr(route.handler, "__name__", type(route.handler).__name__)
    return PlacedRoute(
        route=route,
        template=route.template.under(place.template),
        host=_join_hosts(place.host, route.host),
        name=f"{place.name}{name}" if route.owner.is_app else f"{place.name}{route.owner.plugin}:{name}",
        layers=place.layers,
    )


def _extend(template: PathTemplate, prefix: str) -> PathTemplate:
    """Return *template* with *prefix* after it, where a lone slash adds nothing."""
    stripped = prefix.rstrip("/")
    return parse_template(stripped).under(template) if stripped else template


def _join_hosts(outer: str | None, inner: str | None) -> str | None:
    """Return the host that holds inside another."""
    if inner is not None:
        inner = parse_host_template(inner).text
        if outer is not None and outer != inner:
            raise RouteError(f"The host {inner!r} lies inside the host {outer!r}, so nothing could ever match.")
    return inner or outer


def check_conflicts(
    routes: Iterable[PlacedRoute], methods_of: Callable[[PlacedRoute], Iterable[str]]
) -> list[PlacedRoute]:
    """Return *routes* without those that the app replaces.

    Raises:
        RouteConflict: Two routes match the same requests; the message names both lines.
    """
    taken: dict[object, PlacedRoute] = {}
    replaced: list[PlacedRoute] = []
    for placed in sorted(routes, key=lambda one: not one.route.replaces):
        for method in methods_of(placed):
            key = (placed.route.protocol, placed.host, placed.template.shape, method)
            other = taken.setdefault(key, placed)
            if other is placed:
                continue
            if other.route.replaces and not placed.route.replaces and not placed.route.owner.is_app:
                replaced.append(placed)
                break
            raise RouteConflict(_describe_conflict(method, other, placed))
    return [placed for placed in routes if placed not in replaced]


def _describe_conflict(method: str, first: PlacedRoute, second: PlacedRoute) -> str:
    """Return the message for two routes of one shape."""
    what = f"{method} {second.template}".strip()
    lines = [f"Two routes answer {what}, so one of them could never be reached."]
    lines += [f"    {one.template} added at {one.route.source} by {one.route.owner}" for one in (first, second)]
    fix = "Give one of them another path or method"
    if not (first.route.owner.is_app and second.route.owner.is_app):
        fix += ", block one plugin, or let the app's own route win with replaces=True"
    return "\n".join([*lines, f"{fix}."])
