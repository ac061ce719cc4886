"""This file is the pipeline: it compiles each placed route, with everything around it, into one endpoint.

All of this happens once, while the app is built. A request meets only what it leaves behind.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from .asgi import ASGIApp
from .background import BackgroundRunner
from .binding import bind, find_annotated_converters
from .convert import ResponseConverter
from .endpoint import Endpoint, cancel_when_left, make_app, respond_from, serve_by
from .exceptions import HandlerError, MethodNotAllowed, NotFound, RouteError
from .failure import Failure, Handlers
from .fallbacks import answer_missing, answer_redirect, enter_mount, raise_missing
from .handler import Handler, examine, examine_all
from .middleware import Loop, Respond, Step, make_step, sort_middleware
from .parts import Parts
from .provenance import format_origin
from .records import ExceptionHandler, Middleware
from .routing.converters import explain_converter
from .routing.placement import Layer, PlacedArea, PlacedRoute
from .routing.template import PathTemplate
from .threads import ThreadLimiter


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPlace:
    """What a request knows of where it is: see `yaat.connection.Place`."""

    app: Any
    route: Any
    max_body_bytes: int
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    body_parsers: Mapping[str, Callable[[Any], Awaitable[Any]]]
    converter: ResponseConverter
    failure: Failure
    background: BackgroundRunner
    middleware: Sequence[Middleware]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """One method of one route, ready to serve.

    Attributes:
        template: The full path, with the converters that annotations of the handler ask for.
    """

    template: PathTemplate
    host: str | None
    method: str
    endpoint: Endpoint


class Pipeline:
    """Compiles the routes of an app and of the apps mounted in it.

    Args:
        root: The app whose raw ASGI middleware stays outside, around everything.
        wrap: Lets plugins wrap what answers a route: called with the route and a function from request to response.
    """

    def __init__(self, root: Any, wrap: Callable[[Any, Any, Respond], Respond]) -> None:
        self._root = root
        self._wrap = wrap
        self._steps: dict[int, Any] = {}
        self._handlers: dict[int, Handlers] = {}
        self._examined: dict[int, Mapping[str | None, Handler]] = {}

    # --- routes ---

    def compile(self, placed: PlacedRoute) -> Iterable[Compiled]:
        """Yield what serves each method of an HTTP route; GET brings HEAD along.

        Raises:
            HandlerError: The handler does not fit the route.
        """
        for method, handler in self.list_handlers(placed):
            app = self.app_of(placed.layers)
            template = self.resolve_template(placed, handler)
            names = [parameter.name for parameter in template.parameters]
            names += [label[1:-1] for label in (placed.host or "").split(".") if label.startswith("{")]
            respond = bind(handler, names, app.threads, tell_where(placed))
            respond = self._wrap(app, placed, respond)
            place = self._place(placed.layers, placed.route)
            chain = self.list_middleware(placed.layers, placed.route.middleware)
            respond = self._surround(respond, chain, place, handler)
            endpoint = Endpoint(respond, place, handler)
            if method == "HEAD" or placed.route.on_disconnect == "cancel":
                endpoint.app = self._make_app(endpoint, placed)
            yield Compiled(template=template, host=placed.host, method=method, endpoint=endpoint)
            if method == "GET" and "HEAD" not in self.list_methods(placed):
                silent = Endpoint(respond, place, handler, self._make_app(endpoint, placed))
                yield Compiled(template=template, host=placed.host, method="HEAD", endpoint=silent)

    def resolve_template(self, placed: PlacedRoute, handler: Handler | None = None) -> PathTemplate:
        """Return the template of a route with a known converter for each parameter; `None` stays where `str` will do.

        Raises:
            RouteError: Nobody has registered a converter that it names.
        """
        parts: Parts = self.app_of(placed.layers).parts
        handler = examine(placed.route.handler) if handler is None else handler
        template = placed.template.with_converters(find_annotated_converters(handler, parts.annotated_converters))
        for parameter in template.parameters:
            if parameter.converter is not None and parameter.converter not in parts.converters:
                raise RouteError(explain_converter(parameter.converter, placed.route, parts.converters))
        return template

    def wrap_protocol(self, placed: PlacedRoute | PlacedArea, endpoint: ASGIApp, protocol: str) -> ASGIApp:
        """Return the endpoint of another protocol inside the raw ASGI middleware of its routers that is for it."""
        for layer in reversed(placed.layers):
            if layer.router is self._root:
                break
            for record in reversed(sort_middleware(list_layer_middleware(layer))):
                step = self.step_of(record)
                if protocol in record.protocols and not isinstance(step, Step):
                    endpoint = step(endpoint)
        return endpoint

    def list_handlers(self, placed: PlacedRoute) -> list[tuple[str, Handler]]:
        """Return each method of a route with its handler.

        Raises:
            HandlerError: The route's handler is none, or the route names a method that the view does not have.
        """
        key = id(placed.route.handler)
        if key not in self._examined:
            try:
                self._examined[key] = examine_all(placed.route.handler)
            except HandlerError as error:
                raise HandlerError(f"{error}\n{tell_where(placed)}") from error
        handlers = self._examined[key]
        function = handlers.get(None)
        if function is not None:
            return [(method, function) for method in placed.route.methods or ("GET",)]
        for method in placed.route.methods or ():
            if method not in handlers:
                raise HandlerError(
                    f"The view {placed.route.handler!r} has no method {method.lower()!r} for {method}.\n"
                    f"{tell_where(placed)}"
                )
        return [(str(m), h) for m, h in handlers.items() if placed.route.methods is None or m in placed.route.methods]

    def list_methods(self, placed: PlacedRoute) -> list[str]:
        """Return the methods of a route; one empty name for a route of another protocol than HTTP."""
        if placed.route.protocol != "http":
            return [""]
        return [method for method, _ in self.list_handlers(placed)]

    # --- what nothing matches ---

    def compile_area(self, area: PlacedArea) -> Endpoint:
        """Return what serves a prefix: a mounted ASGI app, or the error responses of a router."""
        if area.app is None:
            return self.compile_fallback(area.layers)
        chain = self.list_middleware(area.layers, ())
        if not chain:
            return serve_by(enter_area(area))
        place = self._place(area.layers, None)
        respond = self._surround(respond_from(enter_area(area)), chain, place, None)
        return serve_by(make_app(respond, place))

    def compile_fallback(self, layers: tuple[Layer, ...]) -> Endpoint:
        """Return what answers 404, 405 and OPTIONS below *layers*, through their middleware."""
        failure = self._place(layers, None).failure
        is_wanted = any(failure.find(error)[0] is not None for error in (NotFound(), MethodNotAllowed("GET")))
        return self._compile_internal(raise_missing if is_wanted else answer_missing, layers)

    def compile_redirect(self, layers: tuple[Layer, ...]) -> Endpoint:
        """Return what sends a request on to `scope["yaat.location"]`."""
        return self._compile_internal(answer_redirect, layers)

    def _compile_internal(self, function: Respond, layers: tuple[Layer, ...]) -> Endpoint:
        place = self._place(layers, None)
        return Endpoint(self._surround(function, self.list_middleware(layers, ()), place, examine(function)), place)

    # --- what stands around ---

    def app_of(self, layers: Sequence[Layer]) -> Any:
        """Return the innermost app of *layers*."""
        return next(layer.router for layer in reversed(layers) if hasattr(layer.router, "parts"))

    def list_middleware(self, layers: Sequence[Layer], own: Sequence[Middleware]) -> list[Middleware]:
        """Return the middleware of a route outermost first, without the raw ASGI middleware of the root app."""
        chain: list[Middleware] = []
        for layer in layers:
            records = sort_middleware(list_layer_middleware(layer))
            if layer.router is self._root:
                records = [record for record in records if isinstance(self.step_of(record), Step)]
            chain += records
        return [record for record in (*chain, *own) if "http" in record.protocols]

    def step_of(self, record: Middleware) -> Any:
        """Return what *record* is, made once."""
        key = id(record)
        if key not in self._steps:
            self._steps[key] = make_step(record)
        return self._steps[key]

    def _surround(self, respond: Respond, chain: Sequence[Middleware], place: BuiltPlace, handler: Any) -> Respond:
        """Return *respond* with *chain* around it; neighbours of the flat kind become one loop."""
        pending: list[Step] = []
        for record in reversed(chain):
            step = self.step_of(record)
            if isinstance(step, Step):
                pending.insert(0, step)
                continue
            respond = self._flatten(pending, respond, place, handler)
            respond = respond_from(step(make_app(respond, place, handler)))
            pending, handler = [], None
        return self._flatten(pending, respond, place, handler)

    def _flatten(self, steps: Sequence[Step], respond: Respond, place: BuiltPlace, handler: Any) -> Respond:
        """Return *respond* with *steps* around it, or as it is when there are none."""
        if not steps:
            return respond
        return Loop(steps, respond, handler, place).respond

    def _make_app(self, endpoint: Endpoint, placed: PlacedRoute) -> ASGIApp:
        """Return *endpoint* as an ASGI app, with the route's policy for a client that leaves."""
        app = make_app(endpoint.respond, endpoint.place, endpoint.handler)
        return cancel_when_left(app) if placed.route.on_disconnect == "cancel" else app

    def _place(self, layers: Sequence[Layer], route: Any) -> BuiltPlace:
        """Return what requests below *layers* know."""
        app = self.app_of(layers)
        parts: Parts = app.parts
        limits = [layer.router.max_body_bytes for layer in layers if layer.router is not None]
        limits.append(route.max_body_bytes if route is not None else None)
        handlers = [self._handlers_of(layer, app) for layer in reversed(layers)]
        if route is not None:
            handlers.insert(0, self._prepare(route.exception_handlers, app))
        return BuiltPlace(
            app=app,
            route=route,
            max_body_bytes=next(limit for limit in reversed(limits) if limit is not None),
            encode=parts.codec.encode,
            decode=parts.codec.decode,
            body_parsers=parts.body_parsers,
            converter=parts.responses,
            failure=Failure(handlers, parts.responses, debug=app.debug),
            background=app.background,
            middleware=tuple(self.list_middleware(layers, route.middleware if route is not None else ())),
        )

    def _handlers_of(self, layer: Layer, app: Any) -> Handlers:
        """Return the exception handlers of *layer*; of an app's own and its plugins', the app's have the last word."""
        router = layer.router
        if router is None:
            return {}
        if id(router) not in self._handlers:
            parts = getattr(router, "parts", None)
            plugin_handlers = parts.exception_handlers if parts is not None else ()
            self._handlers[id(router)] = self._prepare((*plugin_handlers, *router.exception_handlers), app)
        return self._handlers[id(router)]

    def _prepare(self, records: Sequence[ExceptionHandler], app: Any) -> Handlers:
        """Return *records* by key, each ready to be awaited."""
        return {record.key: make_async(record.handler, app.threads) for record in records}


def enter_area(area: PlacedArea) -> ASGIApp:
    """Return the ASGI app mounted at *area*, which sees its prefix as part of the root path."""
    app: ASGIApp = area.app
    depth = len(area.template.segments)
    return lambda scope, receive, send: app(enter_mount(scope, depth=depth), receive, send)


def make_async(function: Any, threads: ThreadLimiter) -> Callable[..., Awaitable[Any]]:
    """Return *function* as one that can be awaited; a plain one runs in a thread."""
    handler = examine(function)
    return handler.function if handler.is_async else partial(threads.run, function)


def list_layer_middleware(layer: Layer) -> list[Middleware]:
    """Return the middleware of one layer: of the app's plugins, then its own."""
    if layer.router is None:
        return list(layer.mount.middleware) if layer.mount is not None else []
    parts = getattr(layer.router, "parts", None)
    return [*(parts.middleware if parts is not None else ()), *layer.router.middleware]


def tell_where(placed: PlacedRoute) -> str:
    """Return the line of a message that says where a route was added."""
    return f"The route {placed.template} was {format_origin(placed.route.owner, placed.route.source)}."
