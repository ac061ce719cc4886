"""This file is the place: what a request knows of where it is, found once for each route and each prefix."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial, update_wrapper
from typing import Any

from .arguments import Site
from .background import BackgroundRunner
from .binding import Binding, Wrap, compile_binding, find_annotated_converters, resolve
from .compilation import Respond
from .connection import Connection
from .convert import ResponseConverter
from .exceptions import HandlerError
from .failure import Failure, Handlers
from .handler import Handler, examine
from .parts import Parts
from .provenance import format_origin
from .record import EMPTY, field, frozen, replace
from .records import BodyParser, ExceptionHandler, Middleware, PathConverter
from .request import Request
from .routing.placement import Layer, PlacedRoute
from .routing.route import Route
from .signature import read_signature
from .step import Step
from .threads import ThreadLimiter


@frozen
class BuiltPlace:
    """What a request knows of where it is: see `yaat.connection.Place`.

    Attributes:
        middleware: What stands around, outermost first, for whoever wants to tell of it.
        steps: Of that, what is of the flat kind; filled for other protocols than HTTP alone.
        bindings: What handlers get from plugins, by the identity of the placed route and the method, filled while all
            routes of the build are compiled; for the report.
    """

    app: Any
    route: Route | None
    max_body_bytes: int
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    body_parsers: Mapping[str, BodyParser]
    converter: ResponseConverter
    failure: Failure
    background: BackgroundRunner
    middleware: Sequence[Middleware]
    steps: Sequence[Step] = ()
    bindings: dict[tuple[int, str], Binding] = field(is_shown=False)


class Places:
    """Makes the places of one build; what several of them have in common is made once."""

    def __init__(self) -> None:
        self.bindings: dict[tuple[int, str], Binding] = {}
        self._handlers: dict[int, Handlers] = {}
        self._shared: dict[tuple[int, ...], dict[str, Any]] = {}

    def make(
        self,
        layers: Sequence[Layer],
        route: Route | None,
        middleware: Sequence[Middleware],
        steps: Sequence[Step] = (),
    ) -> BuiltPlace:
        """Return the place of *route*, or of requests below *layers* that no route matches."""
        key = tuple(map(id, layers))
        if key not in self._shared:
            self._shared[key] = self._find_shared(layers)
        values = {**self._shared[key], "route": route, "middleware": middleware, "steps": steps}
        if route is not None and route.max_body_bytes is not None:
            values["max_body_bytes"] = route.max_body_bytes
        if route is not None and route.exception_handlers:
            values["failure"] = self._make_failure(layers, route.exception_handlers)
        return BuiltPlace(**values)

    def _find_shared(self, layers: Sequence[Layer]) -> dict[str, Any]:
        """Return what the places below *layers* share, as far as a route says nothing else."""
        app = find_app(layers)
        parts: Parts = app.parts
        return {
            "app": app,
            "max_body_bytes": _find_limit(layers),
            "encode": parts.codec.encode,
            "decode": parts.codec.decode,
            "body_parsers": parts.body_parsers,
            "converter": parts.responses,
            "failure": self._make_failure(layers),
            "background": app.background,
            "bindings": self.bindings,
        }

    def _make_failure(self, layers: Sequence[Layer], own: Sequence[ExceptionHandler] = ()) -> Failure:
        """Return what answers for exceptions below *layers*, where a route may have *own* handlers."""
        app = find_app(layers)
        handlers = [self._handlers_of(layer, app) for layer in reversed(layers)]
        return Failure([_prepare(own, app.threads), *handlers], app.parts.responses, debug=app.debug)

    def _handlers_of(self, layer: Layer, app: Any) -> Handlers:
        """Return the exception handlers of *layer*; of an app's own and its plugins', the app's have the last word."""
        router = layer.router
        if router is None:
            return {}
        if id(router) not in self._handlers:
            parts: Parts | None = getattr(router, "parts", None)
            of_plugins = parts.exception_handlers if parts is not None else ()
            self._handlers[id(router)] = _prepare((*of_plugins, *router.exception_handlers), app.threads)
        return self._handlers[id(router)]


def bind_handler(
    handler: Handler,
    placed: PlacedRoute,
    place: Any,
    *,
    method: str = "",
    given: type[Connection[Any]] = Request,
    wrap: Wrap | None = None,
) -> Respond:
    """Return what calls *handler* with all that it takes, on a route of any protocol.

    Args:
        handler: It.
        placed: Its route.
        place: What connections to that route work with; the binding is kept there, for the report.
        method: In upper case, on a route for HTTP.
        given: What takes the place of the request on routes of another protocol.
        wrap: Puts something around the call; what the handler returns is converted after that.

    Raises:
        HandlerError: It takes something that nobody gives, or lacks a path parameter.
    """
    site = _make_site(place.app, handler, placed, method, given)
    binding = resolve(handler, site)
    if not (method and binding.is_plain):
        place.bindings[id(placed), method] = binding
    return compile_binding(binding, site, wrap)


def resolve_plainly(handler: Handler, placed: PlacedRoute, method: str) -> Binding:
    """Return what *handler* gets where no plugin gives it anything: nobody keeps that, since the core can tell it."""
    site = _make_site(find_app(placed.layers), handler, placed, method, Request)
    return resolve(handler, replace(site, resolvers=(), return_converters=()))


def _make_site(app: Any, handler: Handler, placed: PlacedRoute, method: str, given: type[Connection[Any]]) -> Site:
    """Return where *handler* stands."""
    parts: Parts = app.parts
    return Site(
        app=app,
        route=placed.route,
        method=method,
        converters=_find_converters(handler, placed, parts),
        given=given,
        threads=app.threads,
        where=placed,
        resolvers=parts.resolvers,
        return_converters=parts.return_converters,
        handler=handler,
    )


def _find_converters(handler: Handler, placed: PlacedRoute, parts: Parts) -> Mapping[str, PathConverter | None]:
    """Return what reads each parameter of the path and the host of a route."""
    names = placed.parameter_names
    if not names:
        return EMPTY
    template = placed.template.with_converters(find_annotated_converters(handler, parts.annotated_converters))
    named = {parameter.name: parts.converters.get(parameter.converter or "str") for parameter in template.parameters}
    return {name: named.get(name) for name in names}


def find_app(layers: Sequence[Layer]) -> Any:
    """Return the innermost app of *layers*."""
    return next(layer.router for layer in reversed(layers) if hasattr(layer.router, "parts"))


def _find_limit(layers: Sequence[Layer]) -> int:
    """Return the limit of request content: the innermost that is set. That of an app always is."""
    limits = (layer.router.max_body_bytes for layer in reversed(layers) if layer.router is not None)
    return next(limit for limit in limits if limit is not None)


def _prepare(records: Sequence[ExceptionHandler], threads: ThreadLimiter) -> Handlers:
    """Return *records* by key, each ready to be awaited."""
    return {record.key: _make_async(record, threads) for record in records}


def _make_async(record: ExceptionHandler, threads: ThreadLimiter) -> Callable[..., Awaitable[Any]]:
    """Return the function of *record* as one that can be awaited; a plain one runs in a thread.

    Raises:
        HandlerError: It is no function that takes the request and the exception.
    """
    function: Callable[..., Any] = record.handler
    try:
        handler = examine(function)
        read_signature(function).bind("request", "exception")
    except (HandlerError, TypeError) as error:
        key = record.key if isinstance(record.key, int) else record.key.__name__
        raise HandlerError(
            f"The exception handler for {key}, {format_origin(record.owner, record.source)}, cannot be called with the "
            f"request and the exception: {error}"
        ) from error
    return handler.function if handler.is_async else update_wrapper(partial(threads.run, function), function)
