"""This file is what a connection meets first: from its scope to the endpoint that serves it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .asgi import Scope
from .endpoint import Endpoint
from .exceptions import ConfigurationError
from .record import EMPTY
from .routing.hosts import HostTemplate
from .routing.table import RouteTable, Static

#: Finds what serves an HTTP request, by its scope and method.
FindHTTP = Callable[[Scope, str], Endpoint]
#: Finds what serves any other connection.
Find = Callable[[Scope], Endpoint]
Table = RouteTable[Endpoint]


class HostTables:
    """The route tables of one protocol: one for each host that has routes of its own, and one for all others.

    Args:
        default: For hosts without routes of their own.
        hosts: Each complete: what is for any host is in it too.
    """

    def __init__(self, default: Table, hosts: Mapping[HostTemplate, Table]) -> None:
        self._default = default
        self._static = {host.text: table for host, table in hosts.items() if host.is_static}
        self._templates = [(host, table) for host, table in hosts.items() if not host.is_static]
        #: Finds what serves a scope; without a detour where the host does not count.
        self.find: FindHTTP = self._find_by_host if hosts else default.find
        #: For the first look; empty where the host has to be asked first.
        self.static: Mapping[str, Static[Endpoint]] = {} if hosts else default.static

    def has(self, scope: Scope, method: str) -> bool:
        """Return whether anything but a fallback serves *scope*."""
        table, _ = self._choose(scope)
        return table.has(scope, method)

    def _find_by_host(self, scope: Scope, method: str) -> Endpoint:
        """Return what serves *scope* at its host, whose parameters join those of the path."""
        table, values = self._choose(scope)
        endpoint = table.find(scope, method)
        if values:
            scope["path_params"] = {**values, **scope.get("path_params", {})}
        return endpoint

    def _choose(self, scope: Scope) -> tuple[Table, Mapping[str, Any]]:
        """Return the table of the host that *scope* is for, and the parameters of that host."""
        host = _read_host(scope)
        table = self._static.get(host)
        if table is not None:
            return table, EMPTY
        for template, table in self._templates:
            values = template.match(host)
            if values is not None:
                return table, values
        return self._default, EMPTY


def make_find(tables: Mapping[str, HostTables], others: Mapping[str, Endpoint]) -> Find:
    """Return the function that finds what serves a connection that is no HTTP request.

    Args:
        tables: By protocol.
        others: What serves scope types that have no routes, such as the lifespan.
    """
    ways = {kind: (_list_literal(table), table.find) for kind, table in tables.items()}

    def find(scope: Scope) -> Endpoint:
        try:
            literal, search = ways[scope["type"]]
        except KeyError:
            return find_other(scope["type"], others, tables)
        # PERF: the first look that `yaat.line` takes for HTTP (row "WebSocket, 10 echoes").
        try:
            found = literal.get(scope["path"])
            if found is not None and len(scope["raw_path"]) == found[0] and not scope["root_path"]:
                return found[1]
        except (KeyError, TypeError):  # As there.
            pass
        return search(scope, "")

    return find


def _list_literal(tables: HostTables) -> dict[str, tuple[int, Endpoint]]:
    """Return each static path of a protocol without methods, with its length in bytes and what serves it."""
    return {path: (length, endpoints[""]) for path, (length, _, endpoints) in tables.static.items() if "" in endpoints}


def find_other(kind: Any, others: Mapping[str, Endpoint], routed: Iterable[str] = ("http",)) -> Endpoint:
    """Return what serves a scope type without routes.

    Args:
        routed: The scope types with routes, to be named in the message.

    Raises:
        ConfigurationError: Nobody serves it. It is the server's to deal with that (ASGI spec, "Applications").
    """
    try:
        return others[kind]
    except KeyError:
        hint = " WebSockets need: pip install yaat-websockets" if kind == "websocket" else ""
        known = ", ".join(sorted((*routed, *others)))
        raise ConfigurationError(f"No plugin serves connections of type {kind!r}; served are: {known}.{hint}") from None


def _read_host(scope: Scope) -> str:
    """Return the Host header in lower case, without its port; nothing where there are several (RFC 9112 §3.2)."""
    values = [value for name, value in scope.get("headers", ()) if name == b"host"]
    if len(values) != 1:
        return ""
    text: str = values[0].decode("latin-1").lower()
    host, colon, port = text.rpartition(":")
    return host if colon and (port.isdigit() or not port) else text
