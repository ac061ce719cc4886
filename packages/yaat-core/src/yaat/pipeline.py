"""This file is the pipeline: it compiles each placed route, with everything around it, into one endpoint.

All of this happens once, while the app is built. A request meets only what it leaves behind.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from .asgi import ASGIApp
from .binding import Binding, find_annotated_converters
from .endpoint import Endpoint, cancel_when_left, make_app, respond_from, serve_by
from .exceptions import HandlerError, MethodNotAllowed, NotFound, RouteError
from .fallbacks import ReadyAnswers, Table, answer_missing, answer_redirect, enter_mount, offer_upgrade, raise_missing
from .handler import Handler, examine, examine_all
from .middleware import Respond
from .parts import Parts
from .place import BuiltPlace, Places, bind_handler, find_app
from .provenance import format_origin
from .record import frozen
from .records import Middleware, Protocol
from .routing.converters import explain_converter
from .routing.placement import Layer, PlacedArea, PlacedRoute
from .routing.template import PathTemplate
from .surroundings import Surroundings

#: Lets plugins wrap what answers a route: called with the app, the route and a function from request to response.
Wrap = Callable[[Any, PlacedRoute, Respond], Respond]


@frozen
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
        surroundings: The middleware.
    """

    def __init__(self, surroundings: Surroundings, wrap: Wrap) -> None:
        self._surroundings = surroundings
        self._wrap = wrap
        self._places = Places()
        #: With what the key identifies, so that nothing else can come to have the same identity.
        self._templates: dict[tuple[PathTemplate, int, int], tuple[PathTemplate, Any, Handler]] = {}
        self._examined: dict[int, Mapping[str | None, Handler]] = {}
        self._bindings: dict[int, Mapping[str, Binding]] = {}
        #: The routes of protocols that HTTP can be upgraded to, by the token that asks for it.
        self.upgrades: dict[str, Table] = {}

    # --- routes ---

    def compile(self, placed: PlacedRoute) -> Iterable[Compiled]:
        """Yield what serves each method of an HTTP route; GET brings HEAD along.

        Raises:
            HandlerError: The handler does not fit the route.
        """
        place = self.place_route(placed)
        chain = self._surroundings.list_inside(placed.layers, placed.route.middleware)
        for method, handler in self.list_handlers(placed):
            template = self.resolve_template(placed, handler)
            wrap = partial(self._wrap, place.app, placed)
            respond = bind_handler(handler, placed, place, method=method, wrap=wrap)
            respond = self._surroundings.surround(respond, chain, place, handler)
            endpoint = Endpoint(respond, place, handler)
            if method == "HEAD" or placed.route.on_disconnect == "cancel":
                endpoint.app = _make_app(endpoint, placed)
            yield Compiled(template=template, host=placed.host, method=method, endpoint=endpoint)
            if method == "GET" and "HEAD" not in self.list_methods(placed):
                silent = Endpoint(respond, place, handler, _make_app(endpoint, placed))
                yield Compiled(template=template, host=placed.host, method="HEAD", endpoint=silent)

    def place_route(self, placed: PlacedRoute) -> BuiltPlace:
        """Return what requests know that reach *placed*."""
        place = self._places.make(placed.layers, placed.route, self.list_around(placed))
        self._bindings[id(placed)] = place.bindings
        return place

    def find_binding(self, placed: PlacedRoute, method: str) -> Binding | None:
        """Return what a handler of *placed* gets, or `None` where another protocol has its own way."""
        return self._bindings[id(placed)].get(method)

    def list_around(self, placed: PlacedRoute) -> tuple[Middleware, ...]:
        """Return the middleware around *placed*, outermost first."""
        return self._surroundings.list_middleware(placed.layers, placed.route.middleware, placed.route.protocol)

    def resolve_template(self, placed: PlacedRoute, handler: Handler | None = None) -> PathTemplate:
        """Return the template of a route with a known converter for each parameter; `None` stays where `str` will do.

        Raises:
            RouteError: Nobody has registered a converter that it names.
        """
        handler = examine(placed.route.handler) if handler is None else handler
        key = placed.template, id(placed.layers), id(handler)
        kept = self._templates.get(key)
        if kept is not None:
            return kept[0]
        parts: Parts = find_app(placed.layers).parts
        template = placed.template.with_converters(find_annotated_converters(handler, parts.annotated_converters))
        for parameter in template.parameters:
            if parameter.converter is not None and parameter.converter not in parts.converters:
                raise RouteError(explain_converter(parameter.converter, placed.route, parts.converters))
        self._templates[key] = template, placed.layers, handler
        return template

    def compile_protocol(self, placed: PlacedRoute, protocol: Protocol) -> Compiled:
        """Return what serves a route of another protocol, inside the raw ASGI middleware that is for it."""
        handler = (protocol.examine or examine)(placed.route.handler)
        template = self.resolve_template(placed, handler)
        chain = self._surroundings.list_inside(placed.layers, placed.route.middleware, protocol.name)
        steps = self._surroundings.list_steps(chain)
        place = self._places.make(placed.layers, placed.route, self.list_around(placed), steps)
        self._bindings[id(placed)] = place.bindings
        app = self._surroundings.wrap(protocol.make_endpoint(placed, place), chain)
        return Compiled(template=template, host=placed.host, method="", endpoint=serve_by(app))

    def compile_protocol_fallback(self, layers: tuple[Layer, ...], protocol: Protocol) -> Endpoint:
        """Return what serves connections of another protocol to unknown paths below *layers*."""
        chain = self._surroundings.list_inside(layers, (), protocol.name)
        around = self._surroundings.list_middleware(layers, (), protocol.name)
        place = self._places.make(layers, None, around, self._surroundings.list_steps(chain))
        return serve_by(self._surroundings.wrap(protocol.make_fallback(place), chain))

    def pass_on(self, area: PlacedArea, protocol: str) -> Endpoint:
        """Return what serves another protocol below a mounted ASGI app: that app."""
        chain = self._surroundings.list_inside(area.layers, (), protocol)
        return serve_by(self._surroundings.wrap(enter_area(area), chain))

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
        place = self.place_area(area.layers)
        chain = self._surroundings.list_inside(area.layers)
        if not chain:
            return serve_by(enter_area(area), place)
        respond = self._surroundings.surround(respond_from(enter_area(area)), chain, place)
        return serve_by(make_app(respond, place))

    def compile_fallback(self, layers: tuple[Layer, ...]) -> Endpoint:
        """Return what answers 404, 405 and OPTIONS below *layers*, through their middleware."""
        failure = self.place_area(layers).failure
        is_wanted = any(failure.find(error)[0] is not None for error in (NotFound(), MethodNotAllowed("GET")))
        answer: Respond = raise_missing if is_wanted else answer_missing
        if self.upgrades:
            answer = partial(offer_upgrade, self.upgrades, answer)
        endpoint = self._compile_internal(answer, layers)
        if not (is_wanted or self.upgrades or self._surroundings.list_inside(layers)):
            endpoint.respond = ReadyAnswers(endpoint.respond).answer
        return endpoint

    def compile_redirect(self, layers: tuple[Layer, ...]) -> Endpoint:
        """Return what sends a request on to `scope["yaat.location"]`."""
        return self._compile_internal(answer_redirect, layers)

    def place_area(self, layers: tuple[Layer, ...]) -> BuiltPlace:
        """Return what requests below *layers* know that no route matches."""
        return self._places.make(layers, None, self._surroundings.list_middleware(layers))

    def _compile_internal(self, function: Respond, layers: tuple[Layer, ...]) -> Endpoint:
        """Return what answers with *function*, through the middleware of *layers*; HEAD without content."""
        place = self.place_area(layers)
        chain = self._surroundings.list_inside(layers)
        respond = self._surroundings.surround(function, chain, place)
        silent = respond_from(make_app(respond, place))
        return Endpoint(lambda request: (silent if request.method == "HEAD" else respond)(request), place)


def _make_app(endpoint: Endpoint, placed: PlacedRoute) -> ASGIApp:
    """Return *endpoint* as an ASGI app, with the route's policy for a client that leaves."""
    app = make_app(endpoint.respond, endpoint.place, endpoint.handler)
    return cancel_when_left(app) if placed.route.on_disconnect == "cancel" else app


def enter_area(area: PlacedArea) -> ASGIApp:
    """Return the ASGI app mounted at *area*, which sees its prefix as part of the root path."""
    app: ASGIApp = area.app
    depth = len(area.template.segments)
    return lambda scope, receive, send: app(enter_mount(scope, depth=depth), receive, send)


def tell_where(placed: PlacedRoute) -> str:
    """Return the line of a message that says where a route was added."""
    return f"The route {placed.template} was {format_origin(placed.route.owner, placed.route.source)}."
