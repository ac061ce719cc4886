"""This file is how what a handler returns becomes a response."""

from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Mapping
from inspect import Signature
from typing import Any

from .background import RunAfterResponse
from .exceptions import ConfigurationError, ResponseError
from .handler import Handler
from .provenance import CORE
from .records import ResponseType
from .response import Response
from .responses import JSONResponse, TextResponse

#: What the core converts by itself.
BUILT_IN: tuple[ResponseType, ...] = (
    ResponseType(type=str, convert=lambda value, request: TextResponse(value), owner=CORE),
    ResponseType(
        type=bytes,
        convert=lambda value, request: Response(value, media_type="application/octet-stream"),
        owner=CORE,
    ),
    ResponseType(type=dict, convert=lambda value, request: JSONResponse(value), owner=CORE),
    ResponseType(type=list, convert=lambda value, request: JSONResponse(value), owner=CORE),
)


class ResponseConverter:
    """Turns what handlers return into responses, by the response types of one app.

    Raises:
        ConfigurationError: Two records are for the same type.
    """

    def __init__(self, types: Iterable[ResponseType] = ()) -> None:
        self._types: dict[type, ResponseType] = {}
        for record in types:
            other = self._types.setdefault(record.type, record)
            if other is not record:
                raise ConfigurationError(
                    f"{record.type.__name__} has two response types, of {other.owner} and of {record.owner}. "
                    "Block one plugin."
                )
        for record in BUILT_IN:
            self._types.setdefault(record.type, record)
        self._cache: dict[type, ResponseType | None] = {}

    @property
    def types(self) -> Mapping[type, ResponseType]:
        """The records by type."""
        return self._types

    async def convert(self, value: Any, request: Any, handler: Handler | None = None) -> Response:
        """Return *value* as a response.

        Args:
            value: What *handler* returned.

        Raises:
            ResponseError: It cannot be one; the message names the handler and what to write instead.
        """
        if isinstance(value, Response):
            return value
        if isinstance(value, tuple) and len(value) == 2 and _is_status(value[1]):
            response = Response() if value[0] is None else await self.convert(value[0], request, handler)
            if response is value[0]:
                from copy import copy  # noqa: PLC0415  # PERF: not for `import yaat` (figure "import, CPU")

                response = copy(response)  # It may be one that is kept.
            response.status_code = int(value[1])
            return response
        if isinstance(value, RunAfterResponse):
            response = await self.convert(value.response, request, handler)
            response.background = value.background
            return response
        if value is None and handler is not None and handler.returns is None:
            return Response(status_code=204)
        record = self._find(type(value))
        if record is None:
            raise ResponseError(_explain(value, handler))
        result = record.convert(value, request)
        if isinstance(result, Awaitable):
            result = await result
        return result if isinstance(result, Response) else await self.convert(result, request, handler)

    def _find(self, kind: type) -> ResponseType | None:
        """Return the record for *kind* or its nearest base."""
        try:
            return self._cache[kind]
        except KeyError:
            found = next((self._types[base] for base in kind.__mro__ if base in self._types), None)
            self._cache[kind] = found
            return found


def _is_status(value: Any) -> bool:
    """Return whether *value* is the status of a final response (RFC 9110 §15)."""
    return isinstance(value, int) and 200 <= value <= 599


def _explain(value: Any, handler: Handler | None) -> str:
    """Return the message for a value that is no response."""
    who = f"The handler {handler}" if handler else "A handler"
    if value is None:
        hint = "Did you forget 'return'? For an empty 204 response annotate it '-> None'."
        if handler is not None and handler.returns not in (None, Signature.empty):
            hint = "Did you forget 'return' on one of its branches?"
        return f"{who} returned None. {hint}"
    if isinstance(value, Awaitable):
        close = getattr(value, "close", None)
        if close is not None:
            close()  # Or Python warns that it was never awaited, far away from here.
        hint = "Did you forget 'await'?"
        if handler is not None and not handler.is_async:
            hint = "Make it 'async def', and await that; a decorator of an 'async def' needs functools.wraps."
        return f"{who} returned {value!r:.200}, which nobody awaited. {hint}"
    if isinstance(value, AsyncIterator | Iterator):
        return f"{who} returned {value!r:.200}. To send it part by part, return StreamResponse(…) of it."
    return (
        f"{who} returned {type(value).__name__}: {value!r:.200}. "
        "Return a Response, a str, bytes, dict or list, or (value, status); "
        f"or register a response type for {type(value).__name__}."
    )
