"""This file builds URLs from their components and takes them apart, strictly (RFC 3986).

A URL is never made by gluing a Host header to a path and parsing the result: each component is
checked alone, so none can leak into its neighbour.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, NoReturn, Self, SupportsIndex, TypedDict, Unpack, overload

from yaat.query import STRAY_IN_QUERY, QueryParams, format_query, percent_decode_text, percent_encode

#: Longer than any name that DNS resolves, with a port (RFC 1035 §2.3.4).
MAX_HOST_BYTES = 255
DEFAULT_PORTS: Mapping[str, int] = {"http": 80, "https": 443, "ws": 80, "wss": 443}

# PERF: `re` compiles these when they are first needed, and keeps them (figure "import, CPU").
_PCHAR = rb"A-Za-z0-9\-._~!$&'()*+,;=:@"
_STRAY_IN_DECODED = {"/": rb"[^%b/]+" % _PCHAR, "": rb"[^%b]+" % _PCHAR}
_STRAY_IN_PATH = rb"[^%b/%%]+|%%(?![0-9A-Fa-f]{2})" % _PCHAR
_COMPONENTS = r"(?s)(?:([^:/?#]+):)?(//[^/?#]*)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?"  # RFC 3986, appendix B
_CONTROL_OR_SPACE = r"[\x00-\x20\x7f]"
_SCHEME = r"[a-z][a-z0-9+.\-]*"
_HOST_AND_PORT = r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._\-]+))(?::([0-9]{0,5}))?"
_NAME = r"(?:[A-Za-z0-9_\-]++\.)*+[A-Za-z0-9_\-]*+"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_HEX_GROUP = "[0-9A-Fa-f]{1,4}"


class InvalidURL(ValueError):
    """A URL, or a component of one, that is malformed."""


class InvalidHost(InvalidURL):
    """A host that is malformed, or two Host headers (RFC 3986 §3.2.2, RFC 9112 §3.2)."""


class Components(TypedDict, total=False):
    """What a `URL` is made of, each as the constructor takes it."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str


class URL(str):
    """A URL: text wherever text is wanted, with its components as attributes.

    It is a ``str`` because that is what templates, headers, JSON and ``==`` need; each of its own
    methods gives a new URL.

    A component may already be percent-encoded. What may not stand in it gets encoded, so a "?" in
    *path* stays in the path, and a path never reads as a host.

    Args:
        scheme: Without ":". One of http, https, ws, wss needs a host.
        host: A name or address, IPv6 without brackets.
        port: Left out of the text when it is the scheme's default.
        path: Begins with "/" after a host, or is empty.
        query: Without "?".
        fragment: Without "#".

    Raises:
        InvalidURL: A component is malformed (`InvalidHost`: the host), or they do not go together.
    """

    __slots__ = ("_components", "fragment", "host", "path", "port", "query", "scheme")

    _components: Components
    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str

    def __new__(
        cls,
        *,
        scheme: str = "",
        host: str = "",
        port: int | None = None,
        path: str = "/",
        query: str = "",
        fragment: str = "",
    ) -> Self:
        """Return the URL of these components."""
        scheme, host = scheme.lower(), host.lower()
        _check_components(scheme, host, port, path)
        components: Components = {
            "scheme": scheme,
            "host": host,
            "port": port,
            "path": percent_encode(path, _STRAY_IN_PATH),
            "query": query and percent_encode(query, STRAY_IN_QUERY),
            "fragment": fragment and percent_encode(fragment, STRAY_IN_QUERY),
        }
        self = super().__new__(cls, _format_components(components))
        object.__setattr__(self, "_components", components)
        for name, component in components.items():
            object.__setattr__(self, name, component)
        return self

    @property
    def netloc(self) -> str:
        """Host and port as they stand in the URL: ``[::1]:8000``; without a default port."""
        return _format_netloc(self.scheme, self.host, self.port)

    @property
    def is_absolute(self) -> bool:
        """Whether it names a scheme or a host; any other leads to the site it stands on."""
        return bool(self.scheme or self.host)

    @overload
    def replace(self, old: str, new: str, /, count: SupportsIndex = -1) -> str: ...
    @overload
    def replace(self, **components: Unpack[Components]) -> "URL": ...
    def replace(self, *text: Any, count: SupportsIndex = -1, **components: Any) -> str:
        """Return this URL with other *components*; with two texts it is ``str.replace``.

        Raises:
            InvalidURL: As the constructor.
        """
        if text:  # html.escape and template filters call it so
            return super().replace(*text, *(() if len(text) > 2 else (count,)))
        return URL(**{**self._components, **components})

    def under(self, prefix: str) -> "URL":
        """Return this URL with the decoded path *prefix* in front of its path."""
        return self.replace(path=encode_path(prefix) + self.path)

    def with_query(self, **params: object) -> "URL":
        """Return this URL with *params* as its whole query; see `format_query` for their values."""
        return self.replace(query=format_query(params))

    def include_query(self, **params: object) -> "URL":
        """Return this URL with *params* in its query, in place of fields of the same names.

        ``None`` removes a field. Fields of other names stay as they are, in front.
        """
        fields = [
            field for field in self.query.split("&") if field and params.keys().isdisjoint(QueryParams(field.encode()))
        ]
        added = format_query(params)
        return self.replace(query="&".join([*fields, added] if added else fields))

    def absolute(self, connection: Any) -> "URL":
        """Return this URL with the scheme and the host that *connection*, a request or WebSocket, was made to."""
        base: URL = connection.url
        host, port = (self.host, self.port) if self.host else (base.host, base.port)
        return self.replace(scheme=self.scheme or base.scheme, host=host, port=port)

    def __repr__(self) -> str:
        return f"URL({str(self)!r})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"A URL does not change; url.replace({name}=…) gives another one.")

    def __reduce__(self) -> "tuple[partial[URL], tuple[()]]":
        return partial(URL, **self._components), ()


def parse_url(text: str) -> URL:
    """Return the URL, absolute or relative, that *text* from outside names.

    Raises:
        InvalidURL: It is malformed or holds spaces, control characters or credentials.
    """
    if stray := re.search(_CONTROL_OR_SPACE, text):
        raise InvalidURL(
            f"{text[:100]!r} is no URL: it holds {stray[0]!r} at position {stray.start()}; percent-encode it."
        )
    scheme, authority, path, query, fragment = re.findall(_COMPONENTS, text)[0]
    if "@" in authority:  # the message must not repeat a password
        raise InvalidURL("The URL holds credentials before '@'; send them in a header instead.")
    host, port = parse_host(authority[2:]) if authority else ("", None)
    return URL(scheme=scheme, host=host, port=port, path=path, query=query, fragment=fragment)


def parse_host(value: bytes | str) -> tuple[str, int | None]:
    """Return host, in lower case and without brackets, and port of a Host header or authority.

    Of the names that RFC 3986 §3.2.2 allows only those of hosts are accepted: letters, digits,
    "-", "_" and "."; so two hosts that were joined by a comma are refused.

    Raises:
        InvalidHost: It is anything else than a name, an IPv4 or a bracketed IPv6 address and
            perhaps a port up to 65535.
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    found = re.fullmatch(_HOST_AND_PORT, text) if len(text) <= MAX_HOST_BYTES else None
    if found is not None:
        address, name, digits = found.groups()
        port = int(digits) if digits else None
        if (_is_ipv6(address) if address else _is_name(name)) and (port or 0) <= 65535:
            return (address or name).lower(), port
    raise InvalidHost(
        f"{value[:100]!r} is no host; use a name, an IPv4 address or an IPv6 address in brackets, "
        "and after a colon a port up to 65535."
    )


def encode_path(text: str, *, safe: Literal["/", ""] = "/") -> str:
    """Return a decoded path percent-encoded (RFC 3986 §3.3); with *safe* empty, as one segment."""
    return percent_encode(text, _STRAY_IN_DECODED[safe])


def url_from_scope(scope: Mapping[str, Any]) -> URL:
    """Return the URL that an ASGI scope was requested at.

    Without a Host header the address of the server is taken, if it has one; else the URL is
    relative. A path that is no path, as of ``OPTIONS *``, is left out (RFC 9110 §7.1).

    Raises:
        InvalidHost: The Host header is malformed, or there are two.
        InvalidURL: The scheme is malformed.
    """
    hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
    if len(hosts) > 1:
        raise InvalidHost(f"{len(hosts)} Host headers came; a request has one (RFC 9112 §3.2).")
    host, port = parse_host(hosts[0]) if hosts else _find_server(scope.get("server"))
    return URL(
        scheme=scope.get("scheme", "http") if host else "",
        host=host,
        port=port,
        path=find_path(scope),
        query=percent_encode(scope.get("query_string", b""), STRAY_IN_QUERY),
    )


def _find_server(server: tuple[str, int | None] | None) -> tuple[str, int | None]:
    if server is None or server[1] is None or not _is_host(server[0]):
        return "", None  # it does not say, or it is a Unix socket, or a link-local address
    return server[0], server[1]


def find_path(scope: Mapping[str, Any]) -> str:
    """Return the path of an ASGI scope, encoded as the client sent it; "" for what is no path, as of `OPTIONS *`."""
    path: str = scope["path"]
    # It keeps what decoding loses ("%2F"), but whoever changes path may forget about it; some servers leave the query.
    raw = (scope.get("raw_path") or b"").partition(b"?")[0]
    if percent_decode_text(raw) != path:
        raw = b""
    return (percent_encode(raw, _STRAY_IN_PATH) if raw else encode_path(path)) if path.startswith("/") else ""


def _check_components(scheme: str, host: str, port: int | None, path: str) -> None:
    if scheme and not re.fullmatch(_SCHEME, scheme):
        raise InvalidURL(f"{scheme!r} is no scheme; use one like 'https' (RFC 3986 §3.1).")
    if host and not _is_host(host):
        raise InvalidHost(f"{host[:100]!r} is no host; use a name or an address without brackets.")
    if scheme in DEFAULT_PORTS and not host:
        raise InvalidURL(f"A URL with the scheme {scheme!r} needs a host (RFC 9110 §4.2).")
    if port is not None and not (host and 0 <= port <= 65535):
        raise InvalidURL(f"The port {port!r} is no number up to 65535 after a host.")
    if host and path and not path.startswith("/"):
        raise InvalidURL(f"The path {path[:100]!r} follows a host, so begin it with '/'.")


def _format_components(components: Components) -> str:
    scheme, host, path = components["scheme"], components["host"], components["path"]
    text = f"{scheme}:" if scheme else ""
    if host:
        text += f"//{_format_netloc(scheme, host, components['port'])}"
    elif path.startswith("//"):  # else its first segment would be read as a host (§3.3)
        text += "/."
    elif not scheme and ":" in path.partition("/")[0]:  # else as a scheme (§4.2)
        text += "./"
    query = components["query"] and f"?{components['query']}"
    return text + path + query + (components["fragment"] and f"#{components['fragment']}")


def _format_netloc(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port in (None, DEFAULT_PORTS.get(scheme)) else f"{shown}:{port}"


def _is_host(text: str) -> bool:
    return len(text) <= MAX_HOST_BYTES and (_is_ipv6(text) if ":" in text else _is_name(text))


def _is_name(text: str) -> bool:
    if not text or not re.fullmatch(_NAME, text):
        return False
    # No top-level domain is a number (RFC 1123 §2.1): what ends in one is meant as an address.
    return not text.rstrip(".").rpartition(".")[2].isdigit() or bool(re.fullmatch(_IPV4, text))


def _is_ipv6(text: str) -> bool:
    left, gap, right = text.partition("::")
    groups = [group for side in (left, right) if side for group in side.split(":")]
    if groups and re.fullmatch(_IPV4, groups[-1]) and text.endswith(groups[-1]):
        groups[-1:] = ["0", "0"]  # the last 32 bits may be written as IPv4
    fits = len(groups) < 8 if gap else len(groups) == 8
    return fits and all(re.fullmatch(_HEX_GROUP, group) for group in groups)
