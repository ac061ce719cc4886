"""This file is the kinds of responses: text, HTML, JSON, redirects and streams."""

import asyncio
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from types import AsyncGeneratorType
from typing import Any

from .asgi import Receive, Scope, Send
from .exceptions import ClientDisconnect, ResponseError
from .query import percent_encode
from .response import SILENT_STATUSES, Response, check_status, make_content_type
from .streaming import END, Rest, close_iterator, iterate_in_threads, send_parts, send_rest

__all__ = [
    "HTMLResponse",
    "JSONResponse",
    "RedirectResponse",
    "Response",
    "StreamResponse",
    "TextResponse",
]

#: What a URL cannot hold as it is (RFC 3986 §2.2, §2.3). What is percent-encoded already stays so.
_STRAY_IN_URL = rb"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+"


class TextResponse(Response):
    """Plain text."""

    __slots__ = ()
    media_type = "text/plain"


class HTMLResponse(Response):
    """A page. Nothing is escaped here: that is the template's or the caller's part."""

    __slots__ = ()
    media_type = "text/html"


class JSONResponse(Response):
    """A value as JSON, written by the app's codec when the handler has returned.

    Args:
        content: What JSON can hold. It is encoded after the handler, so do not change it meanwhile.

    Raises:
        ResponseError: When it is encoded: something in *content* has no form in JSON; the message says where.
    """

    __slots__ = ("content",)
    media_type = "application/json"

    def __init__(
        self,
        content: Any = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: Any = None,
    ) -> None:
        self.content = content
        self.raw_body = None
        # PERF: most are asked for nothing more (row "exception to its registered handler").
        if status_code != 200 and (type(status_code) is not int or not 200 <= status_code <= 599):
            check_status(status_code)
        self.status_code = status_code
        self.background = background
        self._fields = None
        if headers is not None or media_type is not None:
            self._set_headers(headers, media_type)

    def complete(self, encode: Callable[[Any], bytes]) -> bytes:
        """Return the value as JSON, written now if it was not before."""
        if self.raw_body is None:
            try:
                self.raw_body = encode(self.content)
            except (TypeError, ValueError) as error:
                place = find_unencodable(self.content, encode)
                raise ResponseError(f"{place} cannot be written as JSON: {error}") from error
        return self.raw_body


class RedirectResponse(Response):
    """Sends the client elsewhere.

    Args:
        url: Absolute, or relative to the request (RFC 9110 §10.2.2). Characters a URL cannot hold are percent-encoded;
            half of a surrogate pair becomes U+FFFD, as in browsers.
        status_code: 307 keeps method and content; 303 makes it a GET; 308 is 307 for good.
    """

    __slots__ = ()

    def __init__(
        self,
        url: str,
        status_code: int = 307,
        headers: Mapping[str, str] | None = None,
        background: Any = None,
    ) -> None:
        super().__init__(b"", status_code, headers, background=background)
        self.headers["location"] = percent_encode(str(url), _STRAY_IN_URL)


class StreamResponse(Response):
    """Content sent part by part, as an iterator gives it.

    When the client leaves, the iterator is closed where it waits, so its `finally` runs.

    Args:
        content: An asynchronous or a plain iterable of `str` or `bytes`; a plain one is advanced in a thread.
        media_type: `application/octet-stream` when left out.
    """

    __slots__ = ("content", "is_started", "opening")
    media_type = "application/octet-stream"
    notes_start = True

    def __init__(
        self,
        content: AsyncIterable[str | bytes] | Iterable[str | bytes],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: Any = None,
    ) -> None:
        if (
            content.__class__ is not AsyncGeneratorType
            and not hasattr(content, "__aiter__")
            and (isinstance(content, (str, bytes, bytearray, memoryview)) or not hasattr(content, "__iter__"))
        ):
            raise ResponseError(
                f"StreamResponse takes an iterable of str or bytes, not {type(content).__name__}. "
                "Call the generator function: StreamResponse(generate())."
            )
        self.content = content
        self.is_started = False
        self.opening: asyncio.Future[None] | None = None
        self.raw_body = None
        if status_code != 200:
            check_status(status_code)
        self.status_code = status_code
        self.background = background
        # PERF: without a call, since most streams name their media type (row "streaming, 10 chunks").
        self._fields = None if media_type is None else [make_content_type(media_type)]
        if headers is not None:
            self._set_headers(headers, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the parts; for HEAD the headers alone, without running the iterator.

        Raises:
            ClientDisconnect: The client left, and *send* said so.
            ResponseError: A part is neither `str` nor `bytes`. The response is broken off then.
        """
        self.is_started = False  # A list may be sent again.
        content: Any = self.content
        if self.raw_body is not None:  # Something has put other content in the place of the stream.
            self.is_started = True
            await close_iterator(content)
            await Response.__call__(self, scope, receive, send)
            return
        is_silent = self.status_code != 200 and self.status_code in SILENT_STATUSES
        own = self._fields  # PERF: mostly there is nothing to add to them (row "streaming, 10 chunks").
        fields = self.make_fields(0 if is_silent else None) if is_silent or own is None else own.copy()
        start = {"type": "http.response.start", "status": self.status_code, "headers": fields}
        if is_silent or scope.get("method") == "HEAD":
            self.is_started = True
            try:
                await send(start)
                await send({"type": "http.response.body", "body": b""})
            except OSError as error:
                raise ClientDisconnect("The client left before it had the response.") from error
            finally:
                await close_iterator(content)
            return
        is_generator = type(content) is AsyncGeneratorType
        is_async = is_generator or hasattr(content, "__aiter__")
        parts = content if is_generator else aiter(content) if is_async else iterate_in_threads(content)
        is_done = False
        try:
            # PERF: most streams never wait, and need nothing that listens for a client that leaves. `next` is told of
            # the end without an exception, where `send` would raise one (row "streaming, 10 chunks").
            steps = send_parts(start, parts, send, self).__await__()
            waited_for = next(steps, END)
            if waited_for is END:
                is_done = True
            else:
                is_done = await send_rest(Rest(steps, waited_for), start, send, receive, self, is_prompt=is_async)
        finally:
            if not (is_done and is_generator):  # Which closes itself at its end.
                await close_iterator(parts)


def find_unencodable(value: Any, encode: Callable[[Any], bytes], path: str = "$", depth: int = 20) -> str:
    """Return where in *value* the thing stands that *encode* refuses, as a JSONPath such as `$.a.b[0]`."""
    if isinstance(value, dict):
        members = [(f"{path}.{key}", item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        members = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    else:
        members = []
    for place, item in members if depth else ():
        try:
            encode(item)
        except (TypeError, ValueError):
            return find_unencodable(item, encode, place, depth - 1)
    return f"{path} ({type(value).__name__})"
