"""This file is the build: the one step that turns everything set up into what requests read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .asgi import ASGIApp, Receive, Scope, Send
from .boundary import pass_boundary, surround
from .endpoint import Endpoint, answer_as_get, serve_by
from .exceptions import ConfigurationError, RouteError
from .line import Line
from .pipeline import Compiled, Pipeline
from .place import find_app
from .provenance import format_origin
from .record import replace
from .records import PathConverter, Protocol
from .report import BuildReport, HandlerReport, report_middleware, report_mount, report_route
from .route_report import report_shadowed
from .routing.converters import ConverterIndex, explain_converter
from .routing.hosts import rank_hosts
from .routing.names import NameTable, check_names
from .routing.placement import ROOT, Claims, Layer, PlacedArea, PlacedRoute, Placement, check_conflicts, check_mounts
from .routing.route import TrailingSlash
from .routing.table import RouteTable
from .routing.template import PathTemplate
from .selection import FindHTTP, HostTables, find_other, make_find
from .surroundings import Surroundings

#: What serves one method of one route: its host, if it is for one, its path, the method and the endpoint.
Row = tuple[str | None, PathTemplate, str, Endpoint]
#: What serves unknown paths below prefixes.
Fallbacks = Sequence[tuple[PlacedArea, Endpoint]]

#: The scope types that mounted ASGI apps may serve though no plugin here does.
PASSED_ON = ("websocket",)


class Builder:
    """Builds one app, with the apps and routers mounted in it.

    Args:
        root: The app; its parts, and those of the apps in it, are collected.
        placement: What is where.

    Attributes:
        find_http: Finds what serves an HTTP request below all raw ASGI middleware; there once the app is built.
    """

    find_http: FindHTTP

    def __init__(self, root: Any, placement: Placement, trailing_slash: TrailingSlash) -> None:
        self._root = root
        self._areas = placement.areas
        self._routes = placement.routes
        #: The routes that have lost methods to others, each with these methods.
        self._shadowed: Sequence[tuple[PlacedRoute, Sequence[str]]] = ()
        self._trailing_slash = trailing_slash
        self._layers = (Layer(router=root),)
        self._surroundings = Surroundings(root)
        self._pipeline = Pipeline(self._surroundings, root.parts.protocols)
        self._converters = ConverterIndex(root.parts.converters)
        #: By the identity of the app; made when they are asked for, as most apps need neither.
        self._names: dict[int, NameTable] = {}
        self._reports: dict[int, BuildReport] = {}

    def build(self, lifespan: ASGIApp) -> Line:
        """Return what requests read.

        Args:
            lifespan: Serves the connection of that type.

        Raises:
            ConfigurationError: Something cannot work; the message says what, where and how to mend it.
        """
        protocols: Mapping[str, Protocol] = self._root.parts.protocols
        self._refuse_unknown_converters(self._areas)
        check_mounts(self._areas)
        self._routes, self._shadowed = check_conflicts(self._routes, self._list_claims)
        routes = self._routes
        self._refuse_unknown_protocols(routes, protocols)
        check_names(routes)
        passed_on = PASSED_ON if any(area.app is not None for area in self._areas) else ()
        tables: dict[str, HostTables] = {}
        for name in dict.fromkeys((*protocols, *passed_on)):
            tables[name] = self._make_protocol(name, routes)
            token = protocols[name].upgrade if name in protocols else None
            if token is not None and any(placed.route.protocol == name for placed in routes):
                self._pipeline.upgrades[token] = tables[name]
        http = tables["http"] = self._make_http(routes, self._areas)
        find = make_find(tables, {"lifespan": serve_by(lifespan)})
        self.find_http = find_http = http.find
        self._pipeline.head.app = answer_as_get(find_http)
        return Line(http.static, find_http, find)

    def wrap_outside(self, line: Line) -> ASGIApp:
        """Return what the app is called as: *line*, inside of the raw ASGI middleware around the whole app."""
        apps: dict[str, ASGIApp] = {}
        for name in dict.fromkeys(name for record in self._surroundings.outside for name in record.protocols):
            chain = [record for record in self._surroundings.outside if name in record.protocols]
            apps[name] = self._surroundings.wrap(pass_boundary(line.serve) if name == "http" else line.serve, chain)
        return surround(apps, line.serve, self._pipeline.place_area(self._layers)) if apps else line.serve

    def find_place(self, scope: Scope, method: str) -> Any:
        """Return the place of a request; `None` where a mounted ASGI app would answer."""
        endpoint = self.find_http(scope, method)
        return (self.find_http(scope, "GET") if endpoint is self._pipeline.head else endpoint).place

    def forget(self) -> None:
        """Let go of what only plugins have needed that look at the finished app; it is made again if need be."""
        self._pipeline.forget()
        self._reports.clear()

    def name_routes(self, app: Any) -> NameTable:
        """Return the routes of *app*, the root or an app mounted in it, by the names that it has for them."""
        if id(app) not in self._names:
            self._names[id(app)] = self._name_routes(app)
        return self._names[id(app)]

    def report(self, app: Any) -> BuildReport:
        """Return who gave what to *app*, the root or an app mounted in it."""
        if id(app) not in self._reports:
            self._reports[id(app)] = self._report(app)
        return self._reports[id(app)]

    def _name_routes(self, app: Any) -> NameTable:
        """Return the names of *app*."""
        if app is self._root:
            return NameTable(map(self._resolve, self._routes), _list_converters)
        named: list[PlacedRoute] = []
        for area in self._areas:
            if area.layers[-1].router is app and area.app is None:
                below = [placed for placed in self._routes if placed.layers[: len(area.layers)] == area.layers]
                # An app may be mounted twice; that two of its routes have one name is told when that is asked for.
                named += [
                    replace(
                        self._resolve(placed),
                        name=placed.name.removeprefix(area.name),
                        route=replace(placed.route, name=None),
                    )
                    for placed in below
                ]
        return NameTable(named, _list_converters)

    def _report(self, app: Any) -> BuildReport:
        """Return the report of *app*."""
        return BuildReport(
            plugins=app.manager.statuses,
            routes=[
                report_route(placed, self._report_handlers(placed), self._pipeline.list_around(placed))
                for placed in self._routes
                if _is_in(placed, app)
            ],
            middleware=[report_middleware(record) for record in self._surroundings.list_own(app)],
            mounts=[report_mount(area) for area in self._areas if area.app is not None and _is_in(area, app)],
            shadowed=[report_shadowed(placed, lost) for placed, lost in self._shadowed if _is_in(placed, app)],
            hooks=app.manager.hooks,
            converters=tuple(app.parts.converters.values()),
            exception_handlers=(*app.parts.exception_handlers, *app.exception_handlers),
        )

    def _report_handlers(self, placed: PlacedRoute) -> dict[str, HandlerReport]:
        """Return what answers each method of a route."""
        known = _list_converters(placed)
        return {
            method: HandlerReport(
                handler=handler,
                converters={each.name: known[each.converter or "str"] for each in template.parameters},
                binding=self._pipeline.find_binding(placed, method, handler),
            )
            for method, handler, template in self._pipeline.list_answers(placed)
        }

    def _list_claims(self, placed: PlacedRoute) -> Claims:
        """Return what a route answers, in terms that can be compared between apps."""
        return [(method, self._qualify(path, placed)) for method, _, path in self._pipeline.list_answers(placed)]

    def _resolve(self, placed: PlacedRoute) -> PlacedRoute:
        """Return *placed* with the converters that all of its handlers agree on."""
        if placed.template.is_static:
            return placed
        templates = {template for _, _, template in self._pipeline.list_answers(placed)}
        return replace(placed, template=templates.pop()) if len(templates) == 1 else placed

    def _qualify(self, template: PathTemplate, placed: PlacedRoute | PlacedArea) -> PathTemplate:
        """Return *template* with the names that its converters have in the route table."""
        return template if template.is_static else self._converters.qualify(template, _list_converters(placed))

    def _make_http(self, routes: Iterable[PlacedRoute], areas: Iterable[PlacedArea]) -> HostTables:
        """Return the tables for HTTP."""
        # An explicit HEAD comes before the one that every GET brings along: where both claim a path, the first has it.
        ordered = sorted(routes, key=lambda placed: "HEAD" not in self._pipeline.list_methods(placed))
        rows = self._list_rows("http", ordered, self._pipeline.compile)
        fallbacks = [(area, self._pipeline.compile_area(area)) for area in areas]
        return self._make_tables(rows, fallbacks, self._pipeline.compile_fallback(self._layers))

    def _make_protocol(self, name: str, routes: Iterable[PlacedRoute]) -> HostTables:
        """Return the tables for another protocol. What is below a mounted ASGI app is passed on to that."""
        fallbacks = [(area, self._pipeline.pass_on(area, name)) for area in self._areas if area.app is not None]
        protocol: Protocol | None = self._root.parts.protocols.get(name)
        if protocol is None:
            return self._make_tables((), fallbacks, serve_by(refuse))
        fallbacks += [
            (area, self._pipeline.compile_protocol_fallback(area.layers, protocol))
            for area in self._areas
            if area.app is None
        ]
        rows = self._list_rows(name, routes, partial(self._pipeline.compile_protocol, protocol=protocol))
        return self._make_tables(rows, fallbacks, self._pipeline.compile_protocol_fallback(self._layers, protocol))

    def _list_rows(
        self, protocol: str, routes: Iterable[PlacedRoute], compile_route: Callable[[PlacedRoute], Iterable[Compiled]]
    ) -> list[Row]:
        """Return what serves the routes of one protocol."""
        return [
            (placed.host, self._qualify(template, placed), method, endpoint)
            for placed in routes
            if placed.route.protocol == protocol
            for method, template, endpoint in compile_route(placed)
        ]

    def _make_tables(self, rows: Sequence[Row], fallbacks: Fallbacks, fallback: Endpoint) -> HostTables:
        """Return a table for each host that has routes of its own, and one for all others."""
        named = [*(row[0] for row in rows), *(area.host for area, _ in fallbacks)]
        hosts = rank_hosts(host for host in named if host)
        return HostTables(
            self._make_table(rows, fallbacks, fallback, None),
            {host: self._make_table(rows, fallbacks, fallback, host.text) for host in hosts},
        )

    def _make_table(
        self, rows: Sequence[Row], fallbacks: Fallbacks, fallback: Endpoint, host: str | None
    ) -> RouteTable[Endpoint]:
        """Return the table of one host; what is for any host comes after what is for this one."""
        table: RouteTable[Endpoint] = RouteTable(
            self._converters.parsers,
            fallback,
            trailing_slash=self._trailing_slash,
            redirect=self._pipeline.compile_redirect(self._layers) if self._trailing_slash == "redirect" else None,
        )
        for wanted in dict.fromkeys((host, None)):
            for of_host, template, method, serving in rows:
                if of_host == wanted:
                    table.add(template, method, serving)
        # The last one at a prefix has it: an app before a router, and what is for this host before what is for any.
        for area, endpoint in sorted(fallbacks, key=lambda item: (item[0].host is not None, item[0].app is not None)):
            if area.host in (host, None) and (area.app is not None or area.template != ROOT):
                table.add_fallback(self._qualify(area.template, area), endpoint)
        return table

    def _refuse_unknown_protocols(self, routes: Iterable[PlacedRoute], protocols: Mapping[str, Protocol]) -> None:
        """Raise for a route of a protocol that no plugin serves."""
        for placed in routes:
            name = placed.route.protocol
            if name != "http" and name not in protocols:
                what = "it: pip install yaat-websockets" if name == "websocket" else "the plugin for it."
                origin = format_origin(placed.route.owner, placed.route.source)
                raise ConfigurationError(
                    f"The route {placed.template} {origin} is for the protocol {name!r}, "
                    f"which no active plugin serves. Install {what}"
                )

    def _refuse_unknown_converters(self, areas: Iterable[PlacedArea]) -> None:
        """Raise for a prefix with a converter that nobody has registered; of routes, the pipeline sees to that."""
        for area in areas:
            converters = _list_converters(area)
            for parameter in area.template.parameters:
                if parameter.converter is not None and parameter.converter not in converters:
                    raise RouteError(explain_converter(parameter.converter, area.mount, converters))


def _list_converters(placed: PlacedRoute | PlacedArea) -> Mapping[str, PathConverter]:
    """Return the path converters of the app that *placed* belongs to."""
    converters: Mapping[str, PathConverter] = find_app(placed.layers).parts.converters
    return converters


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a connection of a protocol that only mounted apps serve, when it is for none of them.

    Raises:
        ConfigurationError: Always.
    """
    find_other(scope["type"], {})


def _is_in(placed: PlacedRoute | PlacedArea, app: Any) -> bool:
    """Return whether *placed* belongs to *app*, or to something that is mounted in it."""
    return any(layer.router is app for layer in placed.layers)
