"""This file is the response: a status, headers and content, and how they are sent."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Literal

from .asgi import Receive, Scope, Send
from .cookies import MAX_COOKIE_BYTES, check_texts, format_attributes, join_set_cookie
from .exceptions import ClientDisconnect, ResponseError
from .headers import MutableHeaders, encode_value
from .json_codec import encode_json

#: `Content-Length` fields, ready made. PERF: formatting one costs a third of a raw request (row "plaintext GET").
LENGTH_FIELDS = [(b"content-length", b"%d" % length) for length in range(1024)]


class Response:
    """What goes back to the client: a status, headers and content.

    It is an ASGI app too: `await response(scope, receive, send)` sends it, which is how raw ASGI middleware answers.
    Make one for each request: middleware adds to its headers what is meant for that request alone.

    Args:
        content: `str` (sent as UTF-8) or `bytes`.
        status_code: From 200 to 599 (RFC 9110 §15).
        headers: Each name and value is checked; see `yaat.headers.MutableHeaders`.
        media_type: The `Content-Type`; ``; charset=utf-8`` joins a text type that names none.
        background: A `BackgroundTask` or `BackgroundTasks` to run after it was sent.
    """

    __slots__ = ("_fields", "background", "raw_body", "status_code")

    #: The media type of a class of responses.
    media_type: ClassVar[str | None] = None
    _content_type_field: ClassVar[tuple[bytes, bytes] | None] = None
    #: A response whose head is only known while it is sent collects here what is to see that head.
    finishers: Any = None
    #: A class whose `__call__` sets `is_started` before its first message says so here, and is spared a wrapper.
    notes_start: ClassVar[bool] = False
    #: Whether a class has a `render` of its own, which then is asked about any content.
    _has_own_render: ClassVar[bool] = False
    #: Whether a class sends its messages in its own way, so that nobody may do it for it.
    sends_itself: ClassVar[bool] = False
    #: The content, where others may send it; `None` where it is not known yet, and for a class that sends itself.
    sent_body: bytes | None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._content_type_field = make_content_type(cls.media_type) if cls.media_type else None
        cls._has_own_render = cls.render is not Response.render
        if "sends_itself" not in vars(cls):
            own = cls.__call__ is not Response.__call__ or cls.make_fields is not Response.make_fields
            cls.sends_itself = own
        cls.sent_body = None if cls.sends_itself else vars(Response)["raw_body"]

    def __init__(
        self,
        content: Any = b"",
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: Any = None,
    ) -> None:
        kind = content.__class__
        # PERF: what `render` does with text and bytes, without the call (row "plaintext GET").
        if kind is str and not self._has_own_render:
            self.raw_body: bytes | None = content.encode()
        elif kind is bytes and not self._has_own_render:
            self.raw_body = content
        else:
            self.raw_body = self.render(content)
        # PERF: most are asked for nothing more (row "exception to its registered handler").
        if status_code != 200 and (type(status_code) is not int or not 200 <= status_code <= 599):
            check_status(status_code)
        self.status_code = status_code
        self.background = background
        #: The headers as ASGI sends them; `None` while there are none but the Content-Type of the class.
        self._fields: list[tuple[bytes, bytes]] | None = None
        if headers is not None or media_type is not None:
            self._set_headers(headers, media_type)

    def render(self, content: Any) -> bytes | None:
        """Return *content* as bytes; for subclasses to override. `None` leaves it to `complete`."""
        if content is None:
            return b""
        if isinstance(content, str):
            return content.encode()
        if isinstance(content, (bytes, bytearray, memoryview)):
            return bytes(content)
        raise ResponseError(
            f"{type(self).__name__} takes str or bytes as content, not {type(content).__name__}: {content!r:.100}. "
            "For a dict or list use JSONResponse, or return it as it is."
        )

    def complete(self, encode: Callable[[Any], bytes]) -> bytes | None:
        """Return the content, made now if it was not made before; `None` when it is not known whole.

        Args:
            encode: The app's JSON encoder.
        """
        return self.raw_body

    @property
    def body(self) -> bytes:
        """The content as it will be sent.

        Raises:
            ResponseError: The response is a stream.
        """
        body = self.raw_body if self.raw_body is not None else self.complete(encode_json)
        if body is None:
            raise ResponseError(f"The content of a {type(self).__name__} is not known before it is sent.")
        return body

    @body.setter
    def body(self, body: bytes) -> None:
        self.raw_body = body

    @property
    def headers(self) -> MutableHeaders:
        """The headers, to read and to change. `Content-Length` joins them when the response is sent."""
        fields = self._fields
        if fields is None:
            field = self._content_type_field
            fields = self._fields = [] if field is None else [field]
        return MutableHeaders(fields)

    def set_cookie(
        self,
        key: str,
        value: str = "",
        *,
        max_age: int | timedelta | None = None,
        expires: datetime | int | str | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Literal["lax", "strict", "none"] | None = "lax",
        partitioned: bool = False,
    ) -> None:
        """Add a `Set-Cookie` header beside those that are there (RFC 6265 §4.1).

        Raises:
            InvalidCookie: A part cannot stand in the header, or two parts contradict each other.
        """
        # PERF: in two calls by position, where `format_set_cookie` would be one by keyword; and most values are letters
        # and digits, for which there is nothing to decide (row "cookie read and set").
        try:
            attributes = format_attributes(key, path, domain, secure, httponly, samesite, partitioned)
            is_short = len(key) + len(value) <= MAX_COOKIE_BYTES
            if max_age is None and expires is None and is_short and str.isalnum(value) and value.isascii():
                text = f"{key}={value}{attributes}"
            else:
                text = join_set_cookie(key, value, max_age, expires, attributes)
        except TypeError:
            check_texts(key, value)
            raise
        fields = self._fields
        if fields is None:  # PERF: as in `headers`, which would make an object for it (row "cookie read and set").
            field = self._content_type_field
            fields = self._fields = [] if field is None else [field]
        fields.append((b"set-cookie", text.encode()))  # Checked already, each part by its own rule.

    def delete_cookie(self, key: str, path: str | None = "/", domain: str | None = None, **attributes: Any) -> None:
        """Tell the client to forget a cookie; *path* and *domain* must be those it was set with (RFC 6265 §3.1)."""
        self.set_cookie(key, "", max_age=0, expires=0, path=path, domain=domain, **attributes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response; for HEAD the headers alone (RFC 9110 §9.3.2).

        Raises:
            ClientDisconnect: The client left.
        """
        body = self.body
        is_head = scope.get("method") == "HEAD"
        is_silent = is_head or not has_content(self.status_code)
        fields = self._fields
        if fields is not None and is_head and not body and any(name == b"content-length" for name, _ in fields):
            fields = fields.copy()  # A handler for HEAD alone knows the length that GET would have (RFC 9110 §8.6).
        else:
            fields = self.make_fields(len(body))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": fields})
            await send({"type": "http.response.body", "body": b"" if is_silent else body})
        except OSError as error:
            raise ClientDisconnect("The client left before it had the response.") from error

    def make_fields(self, length: int | None) -> list[tuple[bytes, bytes]]:
        """Return the headers as ASGI sends them.

        Args:
            length: Of the content, in bytes; `None` when it is not known.
        """
        own, status = self._fields, self.status_code
        if own is None:
            fields = [] if self._content_type_field is None else [self._content_type_field]
        else:
            fields = own.copy()
            if length is None or status == 304:
                # A 304 may tell the length of what it stands for; Yaat does not know that (RFC 9110 §8.6).
                return fields
            for field in own:  # PERF: most have none to take out (row "cookie read and set").
                if field[0] == b"content-length":
                    fields.remove(field)
        if length is not None and (status == 200 or status not in SILENT_STATUSES):
            fields.append(LENGTH_FIELDS[length] if length < 1024 else (b"content-length", b"%d" % length))
        elif status == 205:  # It has no content, and says so (RFC 9110 §15.3.6).
            fields.append(LENGTH_FIELDS[0])
        return fields

    def _set_headers(self, headers: Mapping[str, str] | None, media_type: str | None) -> None:
        """Set what the constructor was given."""
        if media_type is not None:
            self._fields = [make_content_type(media_type)]
        if headers:
            self.headers.update(headers)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status_code}>"


# PERF: another name of that slot, which a class that sends itself covers: the line is spared a look at what kind it has
# got, and in 3.11 that of a class costs three times as much as that of a slot (row "plaintext GET").
Response.sent_body = vars(Response)["raw_body"]

#: Statuses whose responses have no content (RFC 9110 §6.4.1, §15.3.6).
SILENT_STATUSES = frozenset((*range(100, 200), 204, 205, 304))


def check_status(status_code: Any) -> None:
    """Raise for what no response can have.

    Raises:
        ResponseError: It is no status of a final response (RFC 9110 §15).
    """
    if not isinstance(status_code, int) or not 200 <= status_code <= 599:
        raise ResponseError(f"{status_code!r} is no status of a response. Use a number from 200 to 599 (RFC 9110 §15).")


def has_content(status_code: int) -> bool:
    """Return whether a response of this status has content (RFC 9110 §6.4.1)."""
    return status_code not in SILENT_STATUSES


@lru_cache(maxsize=64)  # PERF: few media types, named again and again (row "streaming, 10 chunks")
def make_content_type(media_type: str) -> tuple[bytes, bytes]:
    """Return the `Content-Type` field; texts are UTF-8 unless they say otherwise."""
    if media_type.startswith("text/") and "charset=" not in media_type.lower():
        media_type = f"{media_type}; charset=utf-8"
    return b"content-type", encode_value(media_type)
