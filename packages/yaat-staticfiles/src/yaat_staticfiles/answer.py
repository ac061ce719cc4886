"""This file is the answer: what a request for a file gets, by its conditions and ranges (RFC 9110 §13, §14)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from yaat.conditional import evaluate
from yaat.etag import InvalidETag, parse_etag
from yaat.exceptions import HTTPException
from yaat.headers import Headers
from yaat.http_date import parse_http_date
from yaat.response import Response

from .large_file import LargeFileResponse
from .multipart import ByteRanges, format_content_range
from .ranges import NotSatisfiable, Span, parse_ranges
from .representation import Field, Loaded, Representation

#: The fields of a request that can change what it gets. Others need not be looked at.
WISHES = frozenset(
    (
        b"accept-encoding",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"range",
    )
)
#: What describes content, which a 304 has none of (RFC 9110 §15.4.5).
_ABOUT_CONTENT = (
    b"accept-ranges",
    b"content-disposition",
    b"content-encoding",
    b"content-language",
    b"content-range",
    b"content-type",
    b"last-modified",  # The ETag says it better.
)


class Decision(NamedTuple):
    """The status of an answer, and the parts it has; `None` for the whole file."""

    status: int
    spans: Sequence[Span] | None = None


def answer(
    method: str, headers: Headers, loaded: Loaded, fields: Iterable[Field], decision: Decision | None = None
) -> Response:
    """Return the response with a file, or with what the request wants of it. It takes over the open file.

    Args:
        method: Of the request.
        headers: Of the request.
        fields: The headers of a 200 but its Content-Length.
        decision: Made already, where it is not the conditions of the request that make it.

    Raises:
        HTTPException: As for `decide`. The file is closed then.
    """
    try:
        return make_response(decision or decide(method, headers, loaded.representation), loaded, fields)
    except BaseException:
        loaded.close()
        raise


def decide(method: str, headers: Headers, file: Representation) -> Decision:
    """Return what a request gets, in the order of RFC 9110 §13.2.2.

    Raises:
        HTTPException: 412, as a condition does not hold; 416, as the file has none of the ranges (RFC 9110 §15.5.17).
    """
    status = evaluate(method, headers, etag=file.etag, last_modified=file.modified)
    if status == 412:
        raise HTTPException(412, "A condition of the request does not hold for the file as it is now.")
    if status == 304:
        return Decision(304)
    field = _find_range(headers) if method == "GET" else None  # No other method has ranges (RFC 9110 §14.2).
    if field is None or not _may_send_parts(headers, file):
        return Decision(200)
    try:
        spans = parse_ranges(field, file.size)
    except NotSatisfiable:
        fields = {"Content-Range": f"bytes */{file.size}"}
        raise HTTPException(416, f"The file has {file.size} bytes, and none of these.", fields) from None
    return Decision(200) if spans is None else Decision(206, spans)


def _find_range(headers: Headers) -> str | None:
    """Return the only Range field; a repeated one does not count."""
    fields = headers.get_all("range")
    return fields[0] if len(fields) == 1 else None


def _may_send_parts(headers: Headers, file: Representation) -> bool:
    """Return whether the client's parts, by its If-Range, are of this very content (RFC 9110 §13.1.5)."""
    fields = headers.get_all("if-range")
    if not fields:
        return True
    if len(fields) > 1:
        return False
    try:
        return parse_etag(fields[0]).matches_strongly(file.etag)
    except InvalidETag:
        moment = parse_http_date(fields[0])
        return moment is not None and file.has_strong_date and moment.timestamp() == (file.modified or 0) // 1


def make_response(decision: Decision, loaded: Loaded, fields: Iterable[Field]) -> Response:
    """Return the response that a decision leads to; it takes over the open file."""
    file = loaded.representation
    status, spans = decision
    if status == 304:
        loaded.close()
        return _finish(Response(b"", 304), (field for field in fields if field[0] not in _ABOUT_CONTENT))
    if spans is None:
        return _finish(_make_content(loaded, [Span(0, file.size)], file.size, is_whole=True), fields, status)
    if len(spans) == 1:
        [span] = spans
        response = _make_content(loaded, spans, span.stop - span.start)
        response.headers["content-range"] = format_content_range(span, file.size)
        return _finish(response, fields, 206)
    parts = ByteRanges(spans=spans, size=file.size, media_type=file.media_type)
    response = _make_content(loaded, parts, parts.length)
    response.headers["content-type"] = parts.content_type
    return _finish(response, (field for field in fields if field[0] != b"content-type"), 206)


def _make_content(loaded: Loaded, pieces: Iterable[bytes | Span], length: int, *, is_whole: bool = False) -> Response:
    """Return a response with *pieces* as its content."""
    if loaded.file is not None:
        return LargeFileResponse(loaded.file, pieces, length, path=loaded.path, is_whole=is_whole)
    body = loaded.representation.body
    return Response(b"".join(piece if isinstance(piece, bytes) else body[piece.start : piece.stop] for piece in pieces))


def _finish(response: Response, fields: Iterable[Field], status: int | None = None) -> Response:
    """Return *response* with *fields* and *status*."""
    response.headers.raw.extend(fields)
    response.status_code = status or response.status_code
    return response
