"""This file is the report of one route: what answers, what stands around it and why, and who gave each part."""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .binding import Binding
from .handler import Handler
from .provenance import Owner, Source
from .record import field, frozen, replace
from .records import ExceptionHandler, Middleware, PathConverter
from .routing.placement import Layer, PlacedArea, PlacedRoute


@frozen
class MiddlewareReport:
    """One middleware.

    Attributes:
        reason: Why it stands where it does: what it is around, its stage, and what it or its neighbours ask for.
    """

    name: str
    stage: str
    owner: Owner
    source: Source | None
    reason: str = ""


@frozen
class ExceptionHandlerReport:
    """One exception handler.

    Attributes:
        key: A status code, or an exception class.
        place: What it answers for: the route, a router, or the app.
    """

    key: int | type[Exception]
    name: str
    place: str
    owner: Owner
    source: Source | None


@frozen
class HandlerReport:
    """What answers one method of a route.

    Attributes:
        handler: The function, with what it takes and returns.
        converters: What reads each parameter of the path, by its name, from left to right.
        binding: Who gives each parameter of the handler its value, and what is declared of inputs and outputs; `None`
            where the protocol of the route calls handlers in its own way.
    """

    handler: Handler
    converters: Mapping[str, PathConverter]
    binding: Binding | None = None


@frozen
class RouteReport:
    """One route as it is served.

    Attributes:
        path: From the root of the app.
        methods: Sorted; empty for another protocol than HTTP.
        name: For `url_for`.
        handlers: By method; under an empty text for another protocol than HTTP.
        middleware: The names of the middleware around it, outermost first.
        placed: What it is a report of. What is seldom asked for is found there, so that it costs a build nothing.
        chain: The records of the middleware around it, outermost first.
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
    placed: PlacedRoute | None = field(default=None, is_shown=False)
    chain: tuple[Middleware, ...] = field(default=(), is_shown=False)

    @property
    def around(self) -> tuple[MiddlewareReport, ...]:
        """The middleware around it, outermost first, each with why it stands there."""
        rings = list(_list_rings(self.placed)) if self.placed else []
        return tuple(replace(report_middleware(each), reason=_explain_place(each, rings)) for each in self.chain)

    @property
    def exception_handlers(self) -> tuple[ExceptionHandlerReport, ...]:
        """In the order in which they are asked: those of the route first, those of the app last."""
        return tuple(_list_exception_handlers(self.placed)) if self.placed else ()

    @property
    def wrapped_by(self) -> tuple[Owner, ...]:
        """The plugins that have put something around its handler, innermost first."""
        return _list_wrappers(self.placed) if self.placed else ()


@frozen
class MountReport:
    """One ASGI app that is mounted; the routes of mounted routers and Yaat apps are told as routes.

    Attributes:
        path: The prefix, from the root of the app.
        app: What answers below it.
    """

    path: str
    host: str | None
    app: Any
    owner: Owner
    source: Source | None


@frozen
class ShadowedRoute:
    """A route of a plugin that does not answer, because one of the app does in its place.

    Attributes:
        path: From the root of the app.
        methods: That it has lost; empty for another protocol than HTTP.
    """

    path: str
    host: str | None
    methods: tuple[str, ...]
    owner: Owner
    source: Source | None


def report_shadowed(placed: PlacedRoute, methods: Iterable[str]) -> ShadowedRoute:
    """Return the report of what is left of *placed* when it answers *methods* no more."""
    return ShadowedRoute(
        path=str(placed.template),
        host=placed.host,
        methods=tuple(sorted(filter(None, methods))),
        owner=placed.route.owner,
        source=placed.route.source,
    )


def report_mount(area: PlacedArea) -> MountReport:
    """Return the report of one mounted ASGI app."""
    mount = area.mount
    return MountReport(path=str(area.template), host=area.host, app=area.app, owner=mount.owner, source=mount.source)


def report_middleware(record: Middleware) -> MiddlewareReport:
    """Return the report of one middleware, for what it says of itself."""
    reason = f"stage {record.stage!r}"
    return MiddlewareReport(
        name=record.name, stage=record.stage, owner=record.owner, source=record.source, reason=reason
    )


def report_route(
    placed: PlacedRoute, handlers: Mapping[str, HandlerReport], middleware: Iterable[Middleware]
) -> RouteReport:
    """Return the report of one route."""
    chain = tuple(middleware)
    return RouteReport(
        path=str(placed.template),
        host=placed.host,
        protocol=placed.route.protocol,
        methods=tuple(method for method in handlers if method),
        name=placed.name,
        handlers=handlers,
        middleware=tuple(record.name for record in chain),
        metadata=placed.route.metadata,
        owner=placed.route.owner,
        source=placed.route.source,
        placed=placed,
        chain=chain,
    )


# --- what stands around a route ---


#: What a layer is called, and what it brings.
Ring = tuple[str, Sequence[Middleware], Sequence[ExceptionHandler]]


def _list_rings(placed: PlacedRoute) -> Iterator[Ring]:
    """Yield what each layer around a route is called and brings, outermost first, and last the route's own."""
    for depth, layer in enumerate(placed.layers):
        parts = getattr(layer.router, "parts", None)
        around: Any = layer.router or layer.mount
        handlers = {each.key: each for each in parts.exception_handlers} if parts else {}
        handlers |= {each.key: each for each in getattr(around, "exception_handlers", ())}
        middleware = [*(parts.middleware if parts else ()), *around.middleware]
        yield _name_layer(layer, depth), middleware, list(handlers.values())
    yield "the route", placed.route.middleware, placed.route.exception_handlers


def _name_layer(layer: Layer, depth: int) -> str:
    """Return what a layer is called."""
    if layer.mount is not None:
        return f"the mount at {layer.mount.path}"
    if hasattr(layer.router, "parts"):
        return "the mounted app" if depth else "the app"
    prefix = layer.router.prefix if layer.router is not None else ""
    return f"the router {prefix}" if prefix else "a router"


def _explain_place(record: Middleware, rings: Sequence[Ring]) -> str:
    """Return why a middleware stands where it does around a route."""
    depth = next(depth for depth, ring in enumerate(rings) if any(record is other for other in ring[1]))
    if depth == len(rings) - 1:
        return "of the route alone, inside all others"
    name, neighbours, _ = rings[depth]
    outside = ", as raw ASGI middleware outside of what is not" if depth == 0 and _is_raw(record) else ""
    return f"around {name}{outside}; stage {record.stage!r}; {', '.join(_list_wishes(record, neighbours))}"


def _list_wishes(record: Middleware, neighbours: Iterable[Middleware]) -> list[str]:
    """Return what orders a middleware among the others of its stage."""
    others = [other for other in neighbours if other is not record and other.stage == record.stage]
    wishes = [f"after {other.name!r}, as it asks" for other in others if other.name in record.after]
    wishes += [f"before {other.name!r}, as it asks" for other in others if other.name in record.before]
    wishes += [f"after {other.name!r}, as that asks" for other in others if record.name in other.before]
    wishes += [f"before {other.name!r}, as that asks" for other in others if record.name in other.after]
    return wishes or ["in the order of set-up" if record.owner.is_app else "in plugin order"]


def _is_raw(record: Middleware) -> bool:
    """Return whether a middleware wraps an ASGI app, rather than being a step of a loop (see `yaat.step`)."""
    factory = record.factory
    is_around = inspect.isgeneratorfunction(factory) or inspect.isasyncgenfunction(factory)
    return not is_around and not hasattr(factory, "process_request") and not hasattr(factory, "process_response")


def _list_exception_handlers(placed: PlacedRoute) -> Iterator[ExceptionHandlerReport]:
    """Yield the exception handlers of a route in the order in which they are asked."""
    for place, _, handlers in reversed(list(_list_rings(placed))):
        for each in handlers:
            name = getattr(each.handler, "__qualname__", repr(each.handler))
            yield ExceptionHandlerReport(key=each.key, name=name, place=place, owner=each.owner, source=each.source)


def _list_wrappers(placed: PlacedRoute) -> tuple[Owner, ...]:
    """Return the plugins of the route's app that have wrapped its handler."""
    managers = [manager for layer in placed.layers if (manager := getattr(layer.router, "manager", None)) is not None]
    owners: tuple[Owner, ...] = managers[-1].find_changers("yaat_wrap_endpoint", placed.route) if managers else ()
    return owners
