"""This file is every exception Yaat raises on purpose: mistakes in the set-up, and answers to a request."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from .provenance import Owner

E = TypeVar("E", bound=Exception)


class YaatError(Exception):
    """The root of what Yaat raises on purpose, apart from the `ValueError` of a single bad value."""


# --- mistakes of the person who writes the app: raised at import or build, never by a request ---


class ConfigurationError(YaatError):
    """Something was set up wrongly; the message says what, where and how to mend it.

    Attributes:
        owners: Who gave what does not go together, where that may be plugins.
    """

    owners: Sequence[Owner] = ()


class RouteError(ConfigurationError):
    """A route cannot work: its path, its methods or its handler."""


class RouteConflict(RouteError):
    """Two routes answer the same requests, or one can never be reached.

    Args:
        message: What, where, and how to mend it.
        owners: Who gave them.
    """

    def __init__(self, message: str, owners: Sequence[Owner] = ()) -> None:
        super().__init__(message)
        self.owners = owners


class HandlerError(ConfigurationError):
    """A handler's signature does not fit its route."""


class MiddlewareError(ConfigurationError):
    """An object given as middleware is none, or the order asked for is impossible."""


class PluginError(ConfigurationError):
    """A plugin cannot be used; the message names plugin, distribution, version and the switch that turns it off."""


class AppBuilt(ConfigurationError):
    """Something was added after the app was built, when it could no longer take effect."""


class UnknownRoute(ConfigurationError):
    """`url_for` was asked for a name or parameters that no route has."""


# --- mistakes of a handler while it answers a request: each becomes a 500 that names the handler ---


class ResponseError(YaatError):
    """A handler gave something that cannot be sent."""


class BodyConsumed(YaatError):
    """The request content was read as a stream before; ASGI does not send it twice."""


class ClientDisconnect(YaatError, ConnectionError):
    """The client left before the exchange was complete. It is nobody's mistake and is not logged as one.

    It is an `OSError`, as ASGI has it for a `send` that nobody receives any more (ASGI spec, "Disconnected client").
    """

    def is_of(self, connection: Any) -> bool:
        """Return whether it is the client of *connection* that has left, and not that of another one."""
        is_of_request: bool = connection.scope["type"] == "http"
        return is_of_request


# --- answers: raised by handlers and by Yaat, turned into a response ---


#: What an exception may answer with.
_STATUSES = frozenset(range(300, 600))


class HTTPException(YaatError):
    """An answer in the form of an exception: raising it ends the request with *status_code*.

    Args:
        status_code: 400–599 for errors; any status from 300 up is accepted.
        detail: One sentence for the client. The standard phrase of the status when left out (RFC 9110 §15).
        headers: Added to the response.
        extensions: More members of the problem document (RFC 9457 §3.2); JSON-serialisable.

    Raises:
        ValueError: *status_code* is not between 300 and 599.
    """

    #: Used by subclasses that stand for one status.
    status_code: int

    def __init__(
        self,
        status_code: int,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        if status_code not in _STATUSES:
            raise ValueError(
                f"HTTPException takes a status from 300 to 599, not {status_code!r}. "
                "Return a response for anything that is a success."
            )
        self.status_code = status_code
        self.detail = find_phrase(status_code) if detail is None else detail
        #: A copy, but of `yaat.headers.Headers`, which may have several values for one name.
        self.headers: Mapping[str, str] = {} if headers is None else headers
        if not hasattr(headers, "multi_items"):
            self.headers = dict(self.headers)
        self.extensions = extensions
        super().__init__(status_code, self.detail)

    def __str__(self) -> str:
        return f"{self.status_code} {self.detail}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle it as it is, whatever arguments a subclass takes: it may come from another process."""
        return _revive, (type(self), self.args, vars(self))


def _revive(kind: type[E], arguments: tuple[Any, ...], state: dict[str, Any]) -> E:
    """Return an exception as it was."""
    error = kind.__new__(kind, *arguments)
    vars(error).update(state)
    return error


class BadRequest(HTTPException):
    """The request is malformed (RFC 9110 §15.5.1)."""

    def __init__(self, detail: str | None = None, **extensions: Any) -> None:
        super().__init__(400, detail, **extensions)


class NotFound(HTTPException):
    """Nothing is at this path (RFC 9110 §15.5.5)."""

    def __init__(self, detail: str | None = None, **extensions: Any) -> None:
        super().__init__(404, detail, **extensions)


class MethodNotAllowed(HTTPException):
    """The path exists but not for this method; `Allow` names the others (RFC 9110 §15.5.6)."""

    def __init__(self, allow: str, detail: str | None = None) -> None:
        super().__init__(405, f"This path takes {allow}." if detail is None else detail, {"Allow": allow})


class ContentTooLarge(HTTPException):
    """The request content is over a limit (RFC 9110 §15.5.14)."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(413, f"The request content is over the limit of {max_bytes} bytes.", max_bytes=max_bytes)


class UnsupportedMediaType(HTTPException):
    """The request content is of a type this route does not read (RFC 9110 §15.5.16)."""

    def __init__(self, detail: str | None = None, **extensions: Any) -> None:
        super().__init__(415, detail, **extensions)


def find_phrase(status_code: int) -> str:
    """Return the standard phrase of a status, or an empty text for one that has none (RFC 9110 §15)."""
    return _PHRASES.get(status_code, "")


#: The phrases of RFC 9110 §15 and of the IANA registry of status codes. `http.HTTPStatus` has those of older standards,
#: other ones on each Python, and takes a millisecond to import (figure "import, CPU").
_PHRASES = {
    100: "Continue",
    101: "Switching Protocols",
    102: "Processing",
    103: "Early Hints",
    200: "OK",
    201: "Created",
    202: "Accepted",
    203: "Non-Authoritative Information",
    204: "No Content",
    205: "Reset Content",
    206: "Partial Content",
    207: "Multi-Status",
    208: "Already Reported",
    226: "IM Used",
    300: "Multiple Choices",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    305: "Use Proxy",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    418: "I'm a Teapot",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    423: "Locked",
    424: "Failed Dependency",
    425: "Too Early",
    426: "Upgrade Required",
    428: "Precondition Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
    506: "Variant Also Negotiates",
    507: "Insufficient Storage",
    508: "Loop Detected",
    510: "Not Extended",
    511: "Network Authentication Required",
}
