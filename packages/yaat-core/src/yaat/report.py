"""This file is the report of a build: who gave what, as data to print or to test."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .handler import Handler
from .provenance import Owner, Source
from .records import Middleware, PathConverter
from .routing.placement import PlacedRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareReport:
    """One middleware."""

    name: str
    stage: str
    owner: Owner
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerReport:
    """What answers one method of a route.

    Attributes:
        handler: The function, with what it takes and returns.
        converters: What reads each parameter of the path, by its name, from left to right.
    """

    handler: Handler
    converters: Mapping[str, PathConverter]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteReport:
    """One route as it is served.

    Attributes:
        path: From the root of the app.
        methods: Sorted; empty for another protocol than HTTP.
        name: For `url_for`.
        handlers: By method; under an empty text for another protocol than HTTP.
        middleware: The names of the middleware around it, outermost first.
    """

    path: str
    host: str | None
    protocol: str
    methods: tuple[str, ...]
    name: str
    handlers: Mapping[str, HandlerReport]
    middleware: tuple[str, ...]
    metadata: Any
    owner: Owner
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What an app was built of.

    Attributes:
        plugins: What became of each plugin, in their order.
        routes: In the order in which they were added, those of mounted routers in place of the mount.
        middleware: Around the whole app, outermost first.
    """

    plugins: Sequence[Any]
    routes: Sequence[RouteReport]
    middleware: Sequence[MiddlewareReport]


def report_middleware(record: Middleware) -> MiddlewareReport:
    """Return the report of one middleware."""
    return MiddlewareReport(name=record.name, stage=record.stage, owner=record.owner, source=record.source)


def report_route(
    placed: PlacedRoute, handlers: Mapping[str, HandlerReport], middleware: Iterable[Middleware]
) -> RouteReport:
    """Return the report of one route."""
    return RouteReport(
        path=str(placed.template),
        host=placed.host,
        protocol=placed.route.protocol,
        methods=tuple(method for method in handlers if method),
        name=placed.name,
        handlers=handlers,
        middleware=tuple(record.name for record in middleware),
        metadata=placed.route.metadata,
        owner=placed.route.owner,
        source=placed.route.source,
    )
