"""This file is the explanation of one request: the route that answers it, and who gave each part of the way there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .provenance import CORE, Owner, Source
from .query import percent_decode_text
from .record import EMPTY, frozen, replace
from .records import PathConverter
from .route_report import HandlerReport, MountReport, RouteReport
from .routing.converters import ConverterIndex
from .routing.hosts import parse_host_template, rank_hosts
from .routing.table import RouteTable
from .routing.template import PathTemplate, parse_template
from .similar import list_similar

#: What a route table leads to: a route and one of its methods, a mount, or nothing.
Answer = tuple[RouteReport, str] | MountReport | None

#: As many as are read.
MAX_NEAREST = 5

_PARAMETER = re.compile(r"\{[^}]*\}")


@frozen
class Explanation:
    """What answers a request, and who gave each part of it; `str()` of it is for people.

    Attributes:
        method: As it was asked for, in upper case.
        path: As it was asked for.
        route: `None` when no route matches.
        mount: When no route matches: the mounted ASGI app that is asked then.
        handler: Of that route, for the method.
        parameters: The values that the path gives.
        methods: When no route matches: the methods that would have matched.
        nearest: When none would have: the routes with the most similar paths.
    """

    method: str
    path: str
    route: RouteReport | None = None
    mount: MountReport | None = None
    handler: HandlerReport | None = None
    parameters: Mapping[str, Any] = EMPTY
    methods: tuple[str, ...] = ()
    nearest: tuple[RouteReport, ...] = ()

    def __str__(self) -> str:
        asked = f"{self.method} {self.path}"
        if self.route is None or self.handler is None:
            return "\n".join([asked, *_describe_miss(self)])
        return "\n".join([asked, *_describe(self.route, self.handler, self.parameters)])


def explain(
    routes: Sequence[RouteReport],
    mounts: Sequence[MountReport],
    method: str,
    path: str,
    *,
    host: str | None = None,
) -> Explanation:
    """Return which of *routes*, or else which of *mounts*, answers a request; see `BuildReport.explain`.

    The route table decides, as it does for requests, so that this cannot differ from what happens.
    """
    protocols = {route.protocol for route in routes} - {"http"}
    protocol = method.lower() if method.lower() in protocols else "http"
    key = "" if protocol != "http" else method.upper()
    raw = path.partition("?")[0]
    scope: dict[str, Any] = {"path": percent_decode_text(raw.encode()), "raw_path": raw.encode(), "root_path": ""}
    table = _make_table(_select(routes, protocol, host), _select_mounts(mounts, host))
    answer = table.find(scope, key)
    if not isinstance(answer, tuple) and key == "HEAD":
        head = table.find(scope, "GET")
        answer = head if isinstance(head, tuple) else answer
    explanation = Explanation(method=method.upper(), path=path)
    if isinstance(answer, MountReport):
        return replace(explanation, mount=answer)
    if answer is None:
        allow = tuple(filter(None, scope.get("yaat.allow", "").split(", ")))
        return replace(explanation, methods=allow, nearest=() if allow else _find_nearest(routes, scope["path"]))
    route, found = answer
    parameters = scope.get("path_params", {})
    return replace(explanation, route=route, handler=route.handlers[found], parameters=parameters)


def _select(routes: Sequence[RouteReport], protocol: str, host: str | None) -> list[RouteReport]:
    """Return the routes that a connection could be for, best first, as the tables of the hosts have them."""
    hosts = rank_hosts(route.host for route in routes if route.host is not None)
    name = (host or "").lower()
    text = next((each.text for each in hosts if each.match(name) is not None), None)
    ordered = sorted(routes, key=lambda route: (route.host is None, "HEAD" not in route.methods))
    return [route for route in ordered if route.protocol == protocol and route.host in (text, None)]


def _select_mounts(mounts: Sequence[MountReport], host: str | None) -> list[MountReport]:
    """Return the mounts that a connection could be for; the last one at a prefix has it."""
    matching = (
        mount
        for mount in mounts
        if mount.host is None or parse_host_template(mount.host).match((host or "").lower()) is not None
    )
    return sorted(matching, key=lambda mount: mount.host is not None)


def _make_table(routes: Sequence[RouteReport], mounts: Sequence[MountReport]) -> RouteTable[Answer]:
    """Return a table of *routes* and *mounts*."""
    from .routing.built_in import BUILT_IN  # noqa: PLC0415  # PERF: see there

    index = ConverterIndex({converter.name: converter for converter in BUILT_IN})
    # The index knows mappings by their identity, so they are kept as long as it is filled.
    known: list[Mapping[str, PathConverter]] = []
    claims: list[tuple[PathTemplate, tuple[RouteReport, str]]] = []
    for route in routes:
        for method, handler in route.handlers.items():
            names = {name: converter.name for name, converter in handler.converters.items()}
            known.append({converter.name: converter for converter in handler.converters.values()})
            template = parse_template(route.path).with_converters(names)
            claims.append((index.qualify(template, known[-1]), (route, method)))
    table: RouteTable[Answer] = RouteTable(index.parsers, None)
    for template, answer in claims:
        table.add(template, answer[1], answer)
    for mount in mounts:
        # A converter that no route uses is not known here; what it takes is taken for a text.
        prefix = parse_template(mount.path).change_parameters(
            lambda p: p if p.converter in index.parsers else replace(p, converter=None)
        )
        table.add_fallback(prefix, mount)
    return table


def _find_nearest(routes: Sequence[RouteReport], path: str) -> tuple[RouteReport, ...]:
    """Return the routes whose literal parts are most like *path*, or the first ones where none is like it."""
    by_text: dict[str, RouteReport] = {}
    for route in routes:
        by_text.setdefault(_PARAMETER.sub("", route.path), route)
    texts = list_similar(path, by_text, count=MAX_NEAREST, cutoff=0.5) or list(by_text)[:MAX_NEAREST]
    return tuple(by_text[text] for text in texts)


# --- in words ---


def _describe(route: RouteReport, handler: HandlerReport, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines for a route that matches, from the outside in."""
    yield f"  is answered by the route {_title(route)}, {_origin(route.owner, route.source)}"
    for number, each in enumerate(route.around, 1):
        if number == 1:
            yield "  Middleware, outermost first:"
        yield f"    {number}. {each.name}, {_origin(each.owner, each.source)}"
        yield f"       {each.reason}"
    for name, converter in handler.converters.items():
        value = f" = {parameters[name]!r}" if name in parameters else ""
        yield f"  Path parameter {name}{value}: the converter {converter.name!r}, {_origin(converter.owner, None)}"
    yield from _describe_binding(handler)
    for owner in route.wrapped_by:
        yield f"  Wrapped by {owner}, in its hook 'yaat_wrap_endpoint'"
    yield f"  Handler: {handler.handler}"
    for index, answer in enumerate(route.exception_handlers):
        if index == 0:
            yield "  Exception handlers, in the order in which they are asked:"
        key = answer.key if isinstance(answer.key, int) else answer.key.__qualname__
        yield f"    {key}: {answer.name}, for {answer.place}, {_origin(answer.owner, answer.source)}"


def _describe_binding(handler: HandlerReport) -> Iterator[str]:
    """Yield a line for each argument that a resolver gives, and for who converts what is returned."""
    binding = handler.binding
    for one in binding.parameters.values() if binding else ():
        if one.argument is not None and one.name not in handler.converters:
            yield f"  Parameter {one.name}: the resolver {one.resolver!r}, {_origin(one.owner, None)}"
    if binding is not None and binding.returns is not None:
        converter = binding.returns[0]
        yield f"  Return value: the return converter {converter.name!r}, {_origin(converter.owner, None)}"


def _describe_miss(explanation: Explanation) -> Iterator[str]:
    """Yield the lines for a request that no route matches, with what there is."""
    mount = explanation.mount
    if mount is not None:
        yield "  matches no route, and is passed on to the app that is mounted"
        yield f"  at {mount.path}, {_origin(mount.owner, mount.source)}: {mount.app!r:.100}"
        return
    if explanation.methods:
        yield f"  is answered with 405: this path is there for {', '.join(explanation.methods)}."
        return
    yield "  matches no route."
    if not explanation.nearest:
        yield "  There are no routes."
        return
    yield "  There are, for example:"
    for route in explanation.nearest:
        yield f"    {_title(route)}, {_origin(route.owner, route.source)}"


def _title(route: RouteReport) -> str:
    """Return what a route answers, and its name."""
    host = f" for the host {route.host}" if route.host else ""
    return f"{','.join(route.methods) or route.protocol} {route.path}{host} ({route.name})"


def _origin(owner: Owner, source: Source | None) -> str:
    """Return who gave something, and where if that is known."""
    who = "the core" if owner == CORE else str(owner)
    return f"of {who}, added at {source}" if source else f"of {who}"
