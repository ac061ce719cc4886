"""This file is the connection: what a scope says, parsed when it is asked for; the same for HTTP and WebSockets."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol

from .asgi import Scope
from .cookies import parse_cookies
from .exceptions import BadRequest
from .headers import Headers, ServedHeaders
from .json_codec import decode_json, encode_json
from .query import DEFAULT_MAX_FIELDS, QueryParams
from .record import EMPTY, frozen
from .state import State
from .url import URL, InvalidHost, url_from_scope

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    S = TypeVar("S", default=State)
else:
    from typing import TypeVar

    S = TypeVar("S")

#: Refuses larger request content unless app, router or route say otherwise.
DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024


class Address(NamedTuple):
    """One end of a connection."""

    host: str
    port: int


class Place(Protocol):
    """What a request needs to know of the route it is on."""

    @property
    def app(self) -> Any:
        """The app."""

    @property
    def route(self) -> Any:
        """The `Route`, or `None` where nothing matched."""

    @property
    def max_body_bytes(self) -> int:
        """The limit for request content."""

    @property
    def encode(self) -> Callable[[Any], bytes]:
        """The JSON encoder."""

    @property
    def decode(self) -> Callable[[bytes], Any]:
        """The JSON decoder."""

    @property
    def body_parsers(self) -> Mapping[str, Any]:
        """What reads forms, by media type: a `yaat.records.BodyParser` each."""


@frozen
class Outside:
    """The place of a request that was made outside any app."""

    app: None = None
    route: None = None
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
    encode: Callable[[Any], bytes] = encode_json
    decode: Callable[[bytes], Any] = decode_json
    body_parsers: Mapping[str, Any] = EMPTY


OUTSIDE = Outside()


class Connection(Generic[S]):
    """What a client and a server say to begin with. Nothing is parsed before it is asked for.

    `Request[MyState]` tells a type checker what `state` is.

    Args:
        scope: The ASGI scope, shared, not copied.
        place: What the app knows of the route; left out outside an app.
    """

    # PERF: what is `None` until asked for is so in the class: setting it costs every request (row "plaintext GET").
    _arounds: list[Any] | None = None
    _cookies: dict[str, str] | None = None
    _headers: Headers | None = None
    _query_params: QueryParams | None = None
    _state: S | None = None
    _url: URL | None = None
    #: What went wrong before the response at hand was made, for middleware to look at.
    error: Exception | None = None

    def __init__(self, scope: Scope, place: Place = OUTSIDE) -> None:
        self.scope = scope
        self.place = place

    # --- what it is about ---

    @property
    def app(self) -> Any:
        """The `Yaat` whose route this is."""
        return self.place.app

    @property
    def route(self) -> Any:
        """The `Route` that matched, or `None` for a path or method nobody serves."""
        return self.place.route

    @property
    def path(self) -> str:
        """The decoded path, with the root path that the server says."""
        path: str = self.scope["path"]
        return path

    @property
    def path_params(self) -> dict[str, Any]:
        """The path parameters, converted."""
        parameters: dict[str, Any] = self.scope.get("path_params") or {}
        return parameters

    @property
    def client(self) -> Address | None:
        """The other end of the connection, if the server says."""
        client = self.scope.get("client")
        return Address(*client) if client else None

    @property
    def state(self) -> S:
        """What the lifespan yielded, and what middleware put there for this request alone."""
        state: Any = self._state
        if state is None:
            values = self.scope.get("state")
            if values is None:
                values = self.scope["state"] = {}
            self._state = state = State(values)  # type: ignore[assignment]  # S describes what a State holds
        return state  # type: ignore[no-any-return]  # it is an S

    # --- headers and what they hold ---

    @property
    def headers(self) -> Headers:
        """The headers; repeated ones are kept."""
        headers = self._headers
        if headers is None:
            headers = self._headers = ServedHeaders()
            headers.raw = self.scope["headers"]
        return headers

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        cookies = self._cookies
        if cookies is None:
            # HTTP/2 may split one Cookie field into several (RFC 9113 §8.2.3); ASGI passes them on as they came,
            # so they are joined here, before parsing.
            fields = []
            for name, value in self.scope["headers"]:
                if name == b"cookie":
                    fields.append(value)
            field = fields[0] if len(fields) == 1 else b"; ".join(fields)
            cookies = self._cookies = parse_cookies(field.decode("latin-1"))
        return cookies

    @property
    def query_params(self) -> QueryParams:
        """The query parameters, decoded.

        Raises:
            BadRequest: There are more than `yaat.query.DEFAULT_MAX_FIELDS`.
        """
        query = self._query_params
        if query is None:
            raw = self.scope.get("query_string", b"")
            if len(raw) >= DEFAULT_MAX_FIELDS and raw.count(b"&") >= DEFAULT_MAX_FIELDS:
                raise BadRequest(f"The query has more than {DEFAULT_MAX_FIELDS} parameters.")
            query = self._query_params = QueryParams(raw)
        return query

    @property
    def url(self) -> URL:
        """The whole URL, from scheme, host, path and query.

        Raises:
            BadRequest: The Host header is malformed or doubled (RFC 9112 §3.2).
        """
        url = self._url
        if url is None:
            try:
                url = self._url = url_from_scope(self.scope)
            except InvalidHost as error:
                raise BadRequest(str(error)) from error
        return url

    def url_for(self, name: str, /, **parameters: Any) -> URL:
        """Return the path of the route called *name*, below the root path that the server says.

        Raises:
            UnknownRoute: No route has that name or takes these parameters.
        """
        url: URL = self.app.url_for(name, **parameters)
        root = (self.scope.get("root_path") or "").rstrip("/")
        return url.under(root) if root else url

    # --- for the pipeline ---

    def add_around(self, generator: Any) -> None:
        """Keep the generator of an *around* middleware that waits for the response."""
        if self._arounds is None:
            self._arounds = []
        self._arounds.append(generator)

    def take_around(self) -> Any:
        """Return the generator that was kept last, or `None`."""
        return self._arounds.pop() if self._arounds else None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.scope.get('method', '')} {self.scope.get('path')!r:.200}>"


def share_names(connection: Connection[Any]) -> None:
    """Set each attribute that its classes annotate on *connection*, the first of its class, which nobody needs.

    PERF: the instances of a class share one table of attribute names, which CPython closes when some two dozen of them
    are made. An attribute whose name comes later takes its instance a `dict`: 100 ns (row "cookie read and set").
    """
    for cls in type(connection).__mro__:
        for name in getattr(cls, "__annotations__", ()):
            setattr(connection, name, None)
