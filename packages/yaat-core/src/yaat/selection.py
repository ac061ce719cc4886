"""This file is what a connection meets first: from its scope to the endpoint that serves it."""

from collections.abc import Callable, Mapping
from typing import Any

from .asgi import ASGIApp, Scope
from .exceptions import ConfigurationError
from .routing.hosts import HostTemplate
from .routing.table import RouteTable

Select = Callable[[Scope], ASGIApp]
Table = RouteTable[ASGIApp]


class HostTables:
    """The route tables of one protocol: one for each host that has routes of its own, and one for all others.

    Args:
        default: For hosts without routes of their own.
        hosts: Each complete: what is for any host is in it too.
    """

    def __init__(self, default: Table, hosts: Mapping[HostTemplate, Table]) -> None:
        self.default = default
        self._static = {host.text: table for host, table in hosts.items() if host.is_static}
        self._templates = [(host, table) for host, table in hosts.items() if not host.is_static]
        self.has_hosts = bool(hosts)

    def find(self, scope: Scope, method: str) -> ASGIApp:
        """Return what serves *scope*."""
        if not self.has_hosts:
            return self.default.find(scope, method)
        host = _read_host(scope)
        table = self._static.get(host)
        if table is not None:
            return table.find(scope, method)
        for template, table in self._templates:
            values = template.match(host)
            if values is not None:
                endpoint = table.find(scope, method)
                scope["path_params"] = {**values, **scope.get("path_params", {})}
                return endpoint
        return self.default.find(scope, method)


def make_select(tables: Mapping[str, HostTables], others: Mapping[str, ASGIApp]) -> Select:
    """Return the function that finds what serves a connection.

    Args:
        tables: By protocol; HTTP is among them.
        others: What serves scope types that have no routes, such as the lifespan.
    """
    http = tables["http"]
    static: Mapping[str, Mapping[str, ASGIApp]] = {} if http.has_hosts else http.default.static
    find_http = http.find

    # PERF: a static path is one look-up. What follows rules out what the look-up cannot see: a root path in front, and
    # an encoded slash, which is longer in the raw path than in the path (row "plaintext GET").
    def select(scope: Scope) -> ASGIApp:
        kind = scope["type"]
        if kind == "http":
            path = scope["path"]
            methods = static.get(path)
            if methods is not None:
                endpoint = methods.get(scope["method"])
                if endpoint is not None and not scope.get("root_path"):
                    raw_path = scope.get("raw_path")
                    if raw_path is None or len(raw_path) == len(path):
                        return endpoint
            return find_http(scope, scope["method"])
        if kind in tables:
            return tables[kind].find(scope, "")
        return find_other(kind, others)

    return select


def find_other(kind: Any, others: Mapping[str, ASGIApp]) -> ASGIApp:
    """Return what serves a scope type without routes.

    Raises:
        ConfigurationError: Nobody serves it. It is the server's to deal with that (ASGI spec, "Applications").
    """
    try:
        return others[kind]
    except KeyError:
        hint = " WebSockets need: pip install yaat-websockets" if kind == "websocket" else ""
        known = ", ".join(sorted({"http", *others}))
        raise ConfigurationError(f"No plugin serves connections of type {kind!r}; served are: {known}.{hint}") from None


def _read_host(scope: Scope) -> str:
    """Return the Host header in lower case, without its port."""
    for name, value in scope.get("headers", ()):
        if name == b"host":
            text: str = value.decode("latin-1").lower()
            return text.rpartition(":")[0] if text.rpartition(":")[2].isdigit() else text
    return ""
