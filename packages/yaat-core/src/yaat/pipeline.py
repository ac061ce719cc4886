"""This file is the pipeline: it compiles each placed route, with everything around it, into one endpoint.

All of this happens once, while the app is built. A request meets only what it leaves behind.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from .asgi import ASGIApp
from .binding import Binding, find_annotated_converters
from .boundary import surround
from .endpoint import Endpoint, cancel_when_left, make_app, respond_from, serve_by
from .exceptions import HandlerError, MethodNotAllowed, NotFound, RouteError
from .fallbacks import ReadyAnswers, Table, answer_missing, answer_redirect, enter_mount, offer_upgrade, raise_missing
from .handler import Handler, examine, examine_all
from .middleware import Respond
from .parts import Parts
from .place import BuiltPlace, Places, bind_handler, find_app, resolve_plainly
from .records import Middleware, Protocol
from .routing.converters import explain_converter
from .routing.placement import Layer, PlacedArea, PlacedRoute
from .routing.template import PathTemplate
from .surroundings import Surroundings

#: A method of a route, what answers it, and the path with the converters that annotations of the handler ask for.
Answer = tuple[str, Handler, PathTemplate]

#: A method of a route, its path, and what serves it.
Compiled = tuple[str, PathTemplate, Endpoint]


class Pipeline:
    """Compiles the routes of an app and of the apps mounted in it.

    Args:
        surroundings: The middleware.
        protocols: Those of plugins, by name.
    """

    def __init__(self, surroundings: Surroundings, protocols: Mapping[str, Protocol]) -> None:
        self._surroundings = surroundings
        self._protocols = protocols
        self._places = Places()
        #: By the identity of the route, which is kept with them, so that nothing else can come to have it; `None` when
        #: the build is over.
        self._answers: dict[int, tuple[PlacedRoute, list[Answer]]] | None = {}
        #: What serves HEAD wherever GET has a route and HEAD has none; its app is set when there are tables.
        self.head = Endpoint(raise_missing, None)
        #: The routes of protocols that HTTP can be upgraded to, by the token that asks for it.
        self.upgrades: dict[str, Table] = {}

    # --- routes ---

    def compile(self, placed: PlacedRoute) -> Iterable[Compiled]:
        """Yield what serves each method of an HTTP route; GET brings HEAD along.

        Raises:
            HandlerError: The handler does not fit the route.
        """
        place = self._places.make(placed.layers, placed.route, self.list_around(placed))
        chain = self._surroundings.list_inside(placed.layers, placed.route.middleware)
        wrap = partial(wrap_endpoint, place.app, placed)
        methods = self.list_methods(placed)
        for method, handler, template in self.list_answers(placed):
            respond = bind_handler(handler, placed, place, method=method, wrap=wrap)
            respond = self._surroundings.surround(respond, chain, place, handler)
            endpoint = Endpoint(respond, place, handler)
            if method == "HEAD" or placed.route.on_disconnect == "cancel":
                endpoint.app = _make_app(endpoint, placed)
            yield method, template, endpoint
            if method == "GET" and "HEAD" not in methods:
                yield "HEAD", template, self.head

    def find_binding(self, placed: PlacedRoute, method: str, handler: Handler) -> Binding | None:
        """Return what a handler of *placed* gets, or `None` where another protocol has its own way."""
        found = self._places.bindings.get((id(placed), method))
        if found is None and placed.route.protocol == "http":
            return resolve_plainly(handler, placed, method)
        return found

    def list_around(self, placed: PlacedRoute) -> tuple[Middleware, ...]:
        """Return the middleware around *placed*, outermost first."""
        return self._surroundings.list_middleware(placed.layers, placed.route.middleware, placed.route.protocol)

    def list_answers(self, placed: PlacedRoute) -> list[Answer]:
        """Return what answers a route, by method; one with an empty name for another protocol than HTTP.

        Raises:
            HandlerError: The route's handler is none, or the route names a method that the view does not have.
            RouteError: Nobody has registered a converter that the path names.
        """
        if self._answers is not None and id(placed) in self._answers:
            return self._answers[id(placed)][1]
        handlers = _list_handlers(placed) if placed.route.protocol == "http" else [("", self._examine(placed))]
        answers = [(method, handler, _resolve_template(placed, handler)) for method, handler in handlers]
        if self._answers is not None:
            self._answers[id(placed)] = placed, answers
        return answers

    def list_methods(self, placed: PlacedRoute) -> list[str]:
        """Return the methods of a route; one empty name for a route of another protocol than HTTP."""
        return [method for method, _, _ in self.list_answers(placed)]

    def forget(self) -> None:
        """Let go of what only a build asks for more than once."""
        self._answers = None

    def compile_protocol(self, placed: PlacedRoute, protocol: Protocol) -> Iterable[Compiled]:
        """Yield what serves a route of another protocol, inside the raw ASGI middleware that is for it."""
        chain = self._surroundings.list_inside(placed.layers, placed.route.middleware, protocol.name)
        steps = self._surroundings.list_steps(chain)
        place = self._places.make(placed.layers, placed.route, self.list_around(placed), steps)
        app = self._surroundings.wrap(protocol.make_endpoint(placed, place), chain)
        yield from ((method, template, serve_by(app)) for method, _, template in self.list_answers(placed))

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

    def _examine(self, placed: PlacedRoute) -> Handler:
        """Return the handler of a route of another protocol than HTTP."""
        protocol = self._protocols.get(placed.route.protocol)
        look: Callable[[Any], Handler] = (protocol and protocol.examine) or examine
        return look(placed.route.handler)

    # --- what nothing matches ---

    def compile_area(self, area: PlacedArea) -> Endpoint:
        """Return what serves a prefix: a mounted ASGI app, or the error responses of a router."""
        if area.app is None:
            return self.compile_fallback(area.layers)
        place = self.place_area(area.layers)
        chain = self._surroundings.list_inside(area.layers)
        if not chain:
            app = enter_area(area)
            return serve_by(surround({"http": app}, app, place))
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
        """Return what sends a request on to the other form of its path."""
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


def _list_handlers(placed: PlacedRoute) -> list[tuple[str, Handler]]:
    """Return each method of a route for HTTP with its handler.

    Raises:
        HandlerError: The route's handler is none, or the route names a method that the view does not have.
    """
    route = placed.route
    try:
        handlers = examine_all(route.handler)
    except HandlerError as error:
        raise HandlerError(f"{error}\n{placed}") from error
    function = handlers.get(None)
    if function is not None:
        return [(method, function) for method in route.methods or ("GET",)]
    for method in route.methods or ():
        if method not in handlers:
            raise HandlerError(f"The view {route.handler!r} has no method {method.lower()!r} for {method}.\n{placed}")
    return [(str(m), h) for m, h in handlers.items() if route.methods is None or m in route.methods]


def _resolve_template(placed: PlacedRoute, handler: Handler) -> PathTemplate:
    """Return the template of a route with a known converter for each parameter; `None` stays where `str` will do.

    Raises:
        RouteError: Nobody has registered a converter that it names.
    """
    if placed.template.is_static:
        return placed.template
    parts: Parts = find_app(placed.layers).parts
    template = placed.template.with_converters(find_annotated_converters(handler, parts.annotated_converters))
    for parameter in template.parameters:
        if parameter.converter is not None and parameter.converter not in parts.converters:
            raise RouteError(explain_converter(parameter.converter, placed.route, parts.converters))
    return template


def wrap_endpoint(app: Any, placed: PlacedRoute, respond: Respond) -> Respond:
    """Return *respond* as the plugins of *app* wrap it for one route."""
    wrapped: Respond = app.manager.fold(
        "yaat_wrap_endpoint", "endpoint", respond, expect=Callable, app=app, route=placed.route
    )
    return wrapped
