"""This file is how an explanation is found: the route table decides, as it does for requests.

PERF: it is imported when somebody asks, as few do (figure "import, CPU").
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .explanation import Explanation
from .query import percent_decode_text
from .record import replace
from .records import PathConverter
from .route_report import MountReport, RouteReport
from .routing.built_in import BUILT_IN
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
