"""This file is the build: the one step that turns everything set up into what requests read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .asgi import ASGIApp, Receive, Scope, Send
from .endpoint import Endpoint, serve_by
from .exceptions import ConfigurationError, RouteError
from .line import Line
from .middleware import Step, sort_middleware
from .pipeline import Compiled, Pipeline, enter_area, list_layer_middleware
from .provenance import format_origin
from .records import Middleware, PathConverter, Protocol
from .report import BuildReport, MiddlewareReport, RouteReport
from .routing.converters import ConverterIndex, explain_converter
from .routing.hosts import parse_host_template
from .routing.names import NameTable
from .routing.placement import ROOT, Claims, Layer, PlacedArea, PlacedRoute, Placement, check_conflicts
from .routing.table import RouteTable, StaticKey, TrailingSlash
from .routing.template import PathTemplate
from .selection import Find, HostTables, find_other, make_find

#: The scope types that mounted ASGI apps may serve though no plugin here does.
PASSED_ON = ("websocket",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What the build leaves behind.

    Attributes:
        static: The endpoints of static paths, for the first look.
        find: Finds what serves any other connection.
        names: For `url_for`.
        routes: Every route at its full path.
        areas: Every prefix with its own way of answering unknown paths.
        middleware: The app's, outermost first.
    """

    static: Mapping[StaticKey, Endpoint]
    find: Find
    names: NameTable
    routes: Sequence[PlacedRoute]
    areas: Sequence[PlacedArea]
    middleware: Sequence[Middleware]


class Builder:
    """Builds one app, with the apps and routers mounted in it.

    Args:
        root: The app; its parts, and those of the apps in it, are collected.
    """

    def __init__(self, root: Any, pipeline: Pipeline, trailing_slash: TrailingSlash) -> None:
        self._root = root
        self._pipeline = pipeline
        self._trailing_slash = trailing_slash
        self._layers = (Layer(router=root),)
        self._converters = ConverterIndex(root.parts.converters)

    def build(self, placement: Placement, lifespan: ASGIApp) -> Built:
        """Return everything requests read.

        Args:
            placement: What is where.
            lifespan: Serves the connection of that type.

        Raises:
            ConfigurationError: Something cannot work; the message says what, where and how to mend it.
        """
        protocols: Mapping[str, Protocol] = self._root.parts.protocols
        self._refuse_unknown_converters(placement.areas)
        routes = check_conflicts(placement.routes, self._list_claims)
        self._refuse_unknown_protocols(routes, protocols)
        passed_on = [area for area in placement.areas if area.app is not None]
        tables = {"http": self._make_http(routes, placement.areas)}
        for name in dict.fromkeys((*protocols, *(PASSED_ON if passed_on else ()))):
            tables[name] = self._make_protocol(name, routes, passed_on)
        find = make_find(tables, {"lifespan": serve_by(lifespan)})
        middleware = sort_middleware(list_layer_middleware(self._layers[0]))
        line = self._wrap_outside(Line(tables["http"].static, find), middleware)
        return Built(
            static=line.static,
            find=line.find,
            names=NameTable(map(self._resolve, routes), lambda placed: self._converters_of(placed.layers)),
            routes=routes,
            areas=placement.areas,
            middleware=middleware,
        )

    def _list_templates(self, placed: PlacedRoute) -> list[tuple[str, PathTemplate]]:
        """Return each method of a route with its path, to which the handler's annotations give converters."""
        if placed.route.protocol != "http":
            return [("", self._pipeline.resolve_template(placed))]
        handlers = self._pipeline.list_handlers(placed)
        return [(method, self._pipeline.resolve_template(placed, handler)) for method, handler in handlers]

    def _list_claims(self, placed: PlacedRoute) -> Claims:
        """Return what a route answers, in terms that can be compared between apps."""
        return [(method, self._qualify(path, placed.layers)) for method, path in self._list_templates(placed)]

    def _resolve(self, placed: PlacedRoute) -> PlacedRoute:
        """Return *placed* with the converters that all of its handlers agree on."""
        templates = {template for _, template in self._list_templates(placed)}
        return replace(placed, template=templates.pop()) if len(templates) == 1 else placed

    def _converters_of(self, layers: Sequence[Layer]) -> Mapping[str, PathConverter]:
        """Return the path converters of the app that *layers* lead to."""
        converters: Mapping[str, PathConverter] = self._pipeline.app_of(layers).parts.converters
        return converters

    def _qualify(self, template: PathTemplate, layers: Sequence[Layer]) -> PathTemplate:
        """Return *template* with the names that its converters have in the route table."""
        return self._converters.qualify(template, self._converters_of(layers))

    def _make_http(self, routes: Iterable[PlacedRoute], areas: Iterable[PlacedArea]) -> HostTables:
        """Return the tables for HTTP."""
        # An explicit HEAD comes before the one that every GET brings along: where both claim a path, the first has it.
        ordered = sorted(routes, key=lambda placed: "HEAD" not in self._pipeline.list_methods(placed))
        compiled = [
            replace(one, template=self._qualify(one.template, placed.layers))
            for placed in ordered
            if placed.route.protocol == "http"
            for one in self._pipeline.compile(placed)
        ]
        fallbacks = [(area, self._pipeline.compile_area(area)) for area in areas]
        return self._make_tables(compiled, fallbacks, self._pipeline.compile_fallback(self._layers))

    def _make_protocol(self, name: str, routes: Iterable[PlacedRoute], areas: Iterable[PlacedArea]) -> HostTables:
        """Return the tables for another protocol. What is below a mounted ASGI app is passed on to that."""
        fallbacks = [(area, serve_by(self._pipeline.wrap_protocol(area, enter_area(area), name))) for area in areas]
        protocol: Protocol | None = self._root.parts.protocols.get(name)
        if protocol is None:
            return self._make_tables((), fallbacks, serve_by(refuse))
        compiled = self._compile_protocol(routes, protocol)
        return self._make_tables(compiled, fallbacks, serve_by(protocol.make_fallback(self._root)))

    def _compile_protocol(self, routes: Iterable[PlacedRoute], protocol: Protocol) -> list[Compiled]:
        """Return the endpoints of another protocol, with the raw ASGI middleware that is for it."""
        return [
            Compiled(
                template=self._qualify(self._pipeline.resolve_template(placed), placed.layers),
                host=placed.host,
                method="",
                endpoint=serve_by(
                    self._pipeline.wrap_protocol(placed, protocol.make_endpoint(placed, self._root), protocol.name)
                ),
            )
            for placed in routes
            if placed.route.protocol == protocol.name
        ]

    def _make_tables(
        self,
        compiled: Sequence[Compiled],
        fallbacks: Sequence[tuple[PlacedArea, Endpoint]],
        fallback: Endpoint,
    ) -> HostTables:
        """Return a table for each host that has routes of its own, and one for all others."""
        named = [*(one.host for one in compiled), *(area.host for area, _ in fallbacks)]
        hosts = dict.fromkeys(host for host in named if host)
        make = self._make_table
        return HostTables(
            make(compiled, fallbacks, fallback, None),
            {parse_host_template(host): make(compiled, fallbacks, fallback, host) for host in hosts},
        )

    def _make_table(
        self,
        compiled: Sequence[Compiled],
        fallbacks: Sequence[tuple[PlacedArea, Endpoint]],
        fallback: Endpoint,
        host: str | None,
    ) -> RouteTable[Endpoint]:
        """Return the table of one host; what is for any host comes after what is for this one."""
        table: RouteTable[Endpoint] = RouteTable(
            self._converters.parsers,
            fallback,
            trailing_slash=self._trailing_slash,
            redirect=self._pipeline.compile_redirect(self._layers) if self._trailing_slash == "redirect" else None,
        )
        for wanted in dict.fromkeys((host, None)):
            for one in compiled:
                if one.host == wanted:
                    table.add(one.template, one.method, one.endpoint)
            for area, endpoint in fallbacks:
                if area.host == wanted and area.template != ROOT:
                    table.add_fallback(self._qualify(area.template, area.layers), endpoint)
                elif area.host == wanted and area.app is not None:
                    table.add_fallback(ROOT, endpoint)
        return table

    def _wrap_outside(self, line: Line, middleware: Sequence[Middleware]) -> Line:
        """Return what the app itself is to use where raw ASGI middleware of its own is around *line*."""
        apps: dict[str, ASGIApp] = {}
        for record in reversed(middleware):
            step = self._pipeline.step_of(record)
            for protocol in () if isinstance(step, Step) else record.protocols:
                apps[protocol] = step(apps.get(protocol, line))
        if not apps:
            return line
        outside = {protocol: serve_by(app) for protocol, app in apps.items()}
        static = {} if "http" in outside else line.static
        return Line(static, lambda scope: outside.get(scope["type"]) or line.find(scope))

    def _refuse_unknown_protocols(self, routes: Iterable[PlacedRoute], protocols: Mapping[str, Protocol]) -> None:
        """Raise for a route of a protocol that no plugin serves."""
        for placed in routes:
            name = placed.route.protocol
            if name != "http" and name not in protocols:
                hint = (
                    "Install it: pip install yaat-websockets" if name == "websocket" else "Install the plugin for it."
                )
                origin = format_origin(placed.route.owner, placed.route.source)
                raise ConfigurationError(
                    f"The route {placed.template} {origin} is for the protocol {name!r}, "
                    f"which no active plugin serves. {hint}"
                )

    def _refuse_unknown_converters(self, areas: Iterable[PlacedArea]) -> None:
        """Raise for a prefix with a converter that nobody has registered; of routes, the pipeline sees to that."""
        for area in areas:
            converters = self._converters_of(area.layers)
            for parameter in area.template.parameters:
                if parameter.converter is not None and parameter.converter not in converters:
                    raise RouteError(explain_converter(parameter.converter, area.mount, converters))


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a connection of a protocol that only mounted apps serve, when it is for none of them.

    Raises:
        ConfigurationError: Always.
    """
    find_other(scope["type"], {})


def make_report(plugins: Sequence[Any], built: Built, pipeline: Pipeline) -> BuildReport:
    """Return who gave what."""
    routes = [
        RouteReport(
            path=str(placed.template),
            host=placed.host,
            protocol=placed.route.protocol,
            methods=tuple(method for method in pipeline.list_methods(placed) if method),
            name=placed.name,
            middleware=tuple(m.name for m in pipeline.list_middleware(placed.layers, placed.route.middleware)),
            metadata=placed.route.metadata,
            owner=placed.route.owner,
            source=placed.route.source,
        )
        for placed in built.routes
    ]
    middleware = [
        MiddlewareReport(name=m.name, stage=m.stage, owner=m.owner, source=m.source) for m in built.middleware
    ]
    return BuildReport(plugins=plugins, routes=routes, middleware=middleware)
