"""Targets: path templates, the route table, hosts and URLs, each beside a naive model of what is right."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from yaat.exceptions import RouteError
from yaat.routing.built_in import BUILT_IN
from yaat.routing.hosts import parse_host_template
from yaat.routing.table import RouteTable, format_allow
from yaat.routing.template import Parameter, PathTemplate, Segment, parse_template
from yaat.url import MAX_HOST_BYTES, URL, InvalidHost, InvalidURL, encode_path, parse_host, parse_url, url_from_scope

PARSERS: dict[str, Callable[[str], Any]] = {converter.name: converter.parse for converter in BUILT_IN}
NOWHERE = "nowhere"
#: Of a route table, so many lines count.
MAX_ROUTES = 12

# --- path templates ---

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PARAMETER = rf"\{{{_NAME}(?::{_NAME})?\}}"
_SEGMENT = re.compile(rf"(?:{_PARAMETER})?(?:[^{{}}]+{_PARAMETER})*[^{{}}]*")


def check_template(data: bytes) -> None:
    """A template is taken if it keeps to the rules, and then written as it was; else the error shows a place in it."""
    path = data.decode("utf-8", "surrogateescape")
    try:
        template = parse_template(path)
    except RouteError:
        assert not is_template(path)
        return
    assert is_template(path)
    assert str(template) == (path or "/")
    assert template.is_static == ("{" not in path)
    assert not path or parse_template(str(template)) == template


def is_template(path: str) -> bool:
    """Return whether *path* is one of a route."""
    if not path:
        return True
    texts = path[1:].split("/")
    found = re.findall(rf"\{{({_NAME})(:{_NAME})?\}}", path)
    greedy = [f"{{{name}{converter}}}" for name, converter in found if converter == ":path"]
    return (
        path[0] == "/"
        and not set(path) & set("?#%<\\")
        and path.encode("utf-8", "replace").decode() == path
        and all(text not in (".", "..") and _SEGMENT.fullmatch(text) for text in texts)
        and all(texts[:-1])
        and len({name for name, _ in found}) == len(found)
        and len(greedy) <= 1
        and all(text in texts for text in greedy)
    )


# --- the route table ---


def check_route_table(data: bytes) -> None:
    """The table finds what trying every route finds: the first line is the path, each further one a route."""
    first, *lines = data.decode("utf-8", "replace").split("\n")
    raw = "/" + quote(first, safe="/%-._~!$&'()*+,;=:@")
    routes = read_routes(lines)
    table: RouteTable[str] = RouteTable(PARSERS, NOWHERE)
    for (_, method), template in routes.items():
        table.add(template, method, f"{method} {template}")
    scope: dict[str, Any] = {"type": "http", "path": unquote(raw), "raw_path": raw.encode(), "root_path": ""}
    found = table.find(scope, "GET")
    wanted, values, allowed = find_naively(routes, [unquote(text) for text in raw[1:].split("/")])
    assert (found, scope.get("path_params", {})) == (wanted, values)
    assert scope.get("yaat.allow") == (format_allow(frozenset(allowed)) if wanted == NOWHERE and allowed else None)
    assert table.has(scope, "GET") == (wanted != NOWHERE)


Routes = dict[tuple[tuple[Segment, ...], str], PathTemplate]


def read_routes(lines: list[str]) -> Routes:
    """Return the routes that *lines* write as `GET /path`, each shape and method once; the others are left out."""
    routes: Routes = {}
    for line in lines[:MAX_ROUTES]:
        method, _, path = line.partition(" ")
        with suppress(RouteError):
            template = parse_template(path)
            if path and all(parameter.converter in (None, *PARSERS) for parameter in template.parameters):
                routes.setdefault((template.shape, "GET" if method == "GET" else "POST"), template)
    return routes


def find_naively(routes: Routes, texts: list[str]) -> tuple[str, dict[str, Any], set[str]]:
    """Return what serves GET, its path parameters, and the methods of all routes that match."""
    matching = []
    for (shape, method), template in routes.items():
        values = match(template.segments, texts)
        if values is not None:
            ranks = [rank(segment, len(shape) - index) for index, segment in enumerate(shape)]
            matching.append((ranks, method, f"{method} {template}", values))
    allowed = {method for _, method, _, _ in matching}
    best = min((one for one in matching if one[1] == "GET"), key=lambda one: one[0], default=None)
    return (NOWHERE, {}, allowed) if best is None else (best[2], best[3], allowed)


def rank(segment: Segment, following: int) -> tuple[Any, ...]:
    """Return how early *segment* is tried: literal, with literal parts, typed, `str`, `path`."""
    order = [name for name in PARSERS if name != "str"] + ["str"]
    pieces = [(0, 0, p) if isinstance(p, str) else (1, order.index(str(p.converter)), "") for p in segment]
    if len(segment) > 1:
        return 1, -sum(len(piece) for piece in segment if isinstance(piece, str)), pieces
    if isinstance(segment[0], str):
        return (0,)
    return (3, -following) if segment[0].converter == "path" else (2, pieces)


def match(template: tuple[Segment, ...], texts: list[str]) -> dict[str, Any] | None:
    """Return the values that a template takes from the segments of a path, or `None`."""
    if not template or not texts:
        return None if template or texts else {}
    segment, *rest = template
    count = 1
    if isinstance(segment[0], Parameter) and segment[0].converter == "path":
        count = max(len(texts) - len(rest), 1)
        texts = ["/".join(texts[:count]), *texts[count:]]
    values = match_segment(segment, texts[0])
    others = match(tuple(rest), texts[1:])
    return None if values is None or others is None else {**values, **others}


def match_segment(segment: Segment, text: str) -> dict[str, Any] | None:
    """Return the values that *segment* takes from *text*, or `None`; a literal ends a value where it first occurs."""
    parameters = [piece for piece in segment if isinstance(piece, Parameter)]
    pattern = ""
    for index, piece in enumerate(segment):
        following = segment[index + 1] if index + 2 < len(segment) else None
        if isinstance(piece, str):
            pattern += re.escape(piece)
        elif piece.converter == "path":
            pattern += "(.*)"
        else:
            pattern += f"((?:(?!{re.escape(str(following))}).)+)" if following else "(.+)"
    found = re.fullmatch(pattern, text, re.DOTALL)
    if found is None:
        return None
    try:
        return {
            p.name: PARSERS[p.converter or "str"](value) for p, value in zip(parameters, found.groups(), strict=True)
        }
    except ValueError:
        return None


# --- hosts ---


def check_host(data: bytes) -> None:
    """A Host field is a name or an address with a port, or a 400; no two ways to write one host pass for two."""
    text = data.decode("latin-1")
    scope = {"headers": [(b"host", data)], "path": "/", "query_string": b"", "scheme": "http"}
    try:
        host, port = parse_host(data)
    except InvalidHost:
        assert not is_host(text)
        with pytest.raises(InvalidHost):
            url_from_scope(scope)
        return
    assert is_host(text)
    assert host == host.lower()
    assert parse_host(f"[{host}]" if ":" in host else host) == (host, None)
    url = url_from_scope(scope)
    split = urlsplit(str(url))
    assert split.hostname == host
    assert (80 if split.port is None else split.port) == (80 if port is None else port)
    check_host_template(text, host)


def is_host(text: str) -> bool:
    """Return whether *text* is a host with or without a port."""
    found = re.fullmatch(r"(\[([0-9A-Fa-f:.]+)\]|[A-Za-z0-9._-]+)(?::([0-9]{0,5}))?", text)
    if found is None or len(text) > MAX_HOST_BYTES or int(found[3] or 0) > 65535:
        return False
    if found[2]:
        return is_address(IPv6Address, found[2])
    labels = found[1].removesuffix(".").split(".")
    return all(labels) and (not labels[-1].isdigit() or (found[1][-1] != "." and is_address(IPv4Address, found[1])))


def is_address(kind: Callable[[str], object], text: str) -> bool:
    """Return whether *text* is one."""
    try:
        kind(text)
    except AddressValueError:
        return False
    return True


def check_host_template(text: str, host: str) -> None:
    """A template of a route's host is refused with a `RouteError`, or matches what it formats."""
    with suppress(RouteError):
        template = parse_host_template(text)
        assert parse_host_template(template.text) == template
        assert template.match(host) == {}
    template = parse_host_template("{a}.{b}.example")
    values = template.match(host)
    assert values is None or template.format(values) == host


# --- URLs ---


def check_url(data: bytes) -> None:
    """A URL is refused, or each component stays in its place, whoever reads the text afterwards."""
    text = data.decode("utf-8", "surrogateescape")
    with suppress(InvalidURL):
        url = parse_url(text)
        check_components(url)
        assert parse_url(str(url)) == url
        # What a browser sees in it: a backslash that got through would be a slash to it.
        assert "\\" not in url
    path = "/" + text
    assert unquote(encode_path(path), errors="strict") == path.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )
    for make in (make_with_path, make_with_query, make_with_host):
        with suppress(InvalidURL):
            check_components(make(text))


def make_with_path(text: str) -> URL:
    """Return a URL with any path."""
    return URL(path=text).under("/prefix") if text.startswith("/") else URL(path=text)


def make_with_query(text: str) -> URL:
    """Return a URL with any query."""
    url = URL(scheme="https", host="example.com", query=text, fragment=text)
    assert url.host == "example.com"
    added = url.include_query(a=text)
    assert "a" not in {field.partition("=")[0] for field in added.replace(query="").query.split("&")}
    return added


def make_with_host(text: str) -> URL:
    """Return a URL with any host."""
    return URL(scheme="https", host=text)


def check_components(url: URL) -> None:
    """The components are what the standard library finds in the text."""
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    split = urlsplit(str(url))
    assert split.scheme == url.scheme
    assert (split.hostname or "") == url.host
    defaults: Mapping[str, int] = {"http": 80, "https": 443, "ws": 80, "wss": 443}
    assert (split.port or defaults.get(url.scheme)) == (url.port or defaults.get(url.scheme)) or split.port == url.port
    assert split.query == url.query
    assert split.fragment == url.fragment
    assert split.path in (url.path, f"/.{url.path}", f"./{url.path}")
