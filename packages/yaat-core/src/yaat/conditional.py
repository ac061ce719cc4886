"""This file is conditional requests: what to answer a client that names the versions it knows (RFC 9110 §13)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from .etag import ETag, InvalidETag, find_etags, make_etag, parse_etag
from .exceptions import HTTPException, ResponseError
from .headers import Headers
from .http_date import format_http_date, parse_http_date
from .response import Response

__all__ = ["ETag", "InvalidETag", "check_preconditions", "evaluate", "make_conditional", "make_etag", "parse_etag"]

#: Methods that neither select nor change what is at the path (RFC 9110 §13.2.1).
_UNCONDITIONAL = ("CONNECT", "OPTIONS", "TRACE")
#: What describes content, which a 304 does not have (RFC 9110 §15.4.5). Content-Location stays.
_ABOUT_CONTENT = ("content-encoding", "content-language", "content-length", "content-range", "content-type")


def evaluate(
    method: str,
    headers: Headers,
    *,
    etag: ETag | None = None,
    last_modified: datetime | float | None = None,
    exists: bool = True,
) -> Literal[304, 412] | None:
    """Return the status that ends the request, or `None` to carry on, in the order of RFC 9110 §13.2.2.

    Conditions that are malformed, or about a validator that there is none of, are handled as the RFC says; none of them
    makes this fail. If-Range is not looked at here.

    Args:
        method: Of the request.
        headers: Of the request.
        etag: Of what is at the path now.
        last_modified: When that was changed: a datetime with a time zone, or a POSIX timestamp.
        exists: Whether there is anything at the path now.
    """
    if method in _UNCONDITIONAL:
        return None
    modified = None if last_modified is None else _cut_to_second(last_modified)
    if (wanted := _find_list(headers, "if-match")) is not None:
        if not _names(wanted, etag, exists, ETag.matches_strongly):
            return 412
    elif (moment := _find_date(headers, "if-unmodified-since")) and modified and modified > moment:
        return 412
    is_read = method in ("GET", "HEAD")
    if (known := _find_list(headers, "if-none-match")) is not None:
        if _names(known, etag, exists, ETag.matches_weakly):
            return 304 if is_read else 412
    elif is_read and (moment := _find_date(headers, "if-modified-since")) and modified and modified <= moment:
        return 304
    return None


def check_preconditions(
    request: Any,
    *,
    etag: ETag | str | None = None,
    last_modified: datetime | float | None = None,
    exists: bool = True,
) -> None:
    """Do nothing if *request* may change what is at its path: call it before the change, with the validators of now.

    So two clients that change the same thing at the same time do not undo each other's work (RFC 9110 §13.1.1).

    Args:
        etag: As for `evaluate`; a text is the value of a strong one, or a whole one with its quotes.
        last_modified: As for `evaluate`.
        exists: As for `evaluate`.

    Raises:
        HTTPException: 412, as a condition of the request does not hold.
    """
    tag = None if etag is None else _read_etag(etag)
    if evaluate(request.method, request.headers, etag=tag, last_modified=last_modified, exists=exists) == 412:
        raise _make_refusal()


def make_conditional(
    request: Any,
    response: Response,
    *,
    etag: ETag | str | Literal[True] | None = None,
    last_modified: datetime | float | None = None,
) -> Response:
    """Return *response* with validators; without content and as a 304 where the client has the same version already.

    It is for GET and HEAD. A response to another method gets its validators and stays as it is, because what its
    conditions should have prevented is done by then: see `check_preconditions`. So does one that is no success
    (RFC 9110 §13.2.1).

    Args:
        request: What it answers.
        response: Of any kind; it is changed. A stream that is not wanted is closed without being run.
        etag: A text is the value of a strong one, or a whole one with its quotes; `True` makes a strong one from the
            content. The response's own header counts where it is left out.
        last_modified: A datetime with a time zone, or a POSIX timestamp. The response's own header counts where it is
            left out.

    Raises:
        HTTPException: 412, as an If-Match or If-Unmodified-Since does not hold.
        InvalidETag: *etag*, or the response's own, is none.
        ResponseError: *etag* is `True`, and the content is a stream.
    """
    headers = response.headers
    if not 200 <= response.status_code < 300:
        return response
    if etag is not None:
        tag = make_etag(_get_content(request, response)) if etag is True else _read_etag(etag)
        headers["etag"] = str(tag)
    if last_modified is not None:
        headers["last-modified"] = format_http_date(_find_past(last_modified))
    if request.method not in ("GET", "HEAD"):
        return response
    own = headers.get("etag")
    status = evaluate(
        request.method,
        request.headers,
        etag=None if own is None else parse_etag(own),
        last_modified=_find_date(headers, "last-modified"),
    )
    if status == 412:
        raise _make_refusal()
    if status == 304:
        _empty(response)
    return response


def _empty(response: Response) -> None:
    """Make *response* a 304, which keeps all headers but those about the content it does not have."""
    response.status_code = 304
    for name in _ABOUT_CONTENT:
        del response.headers[name]
    if "etag" in response.headers:
        del response.headers["last-modified"]


def _get_content(request: Any, response: Response) -> bytes:
    """Return the content of *response*.

    Raises:
        ResponseError: It is a stream.
    """
    content = response.complete(request.place.encode)
    if content is None:
        raise ResponseError(
            f"No ETag can be made from the content of a {type(response).__name__}, which is not known before it is "
            "sent. Name one: etag='version 7'."
        )
    return content


def _read_etag(etag: ETag | str) -> ETag:
    """Return *etag*, a text with or without quotes, as an entity tag."""
    if isinstance(etag, ETag):
        return etag
    return parse_etag(etag) if '"' in etag else ETag(etag)


def _find_list(headers: Headers, name: str) -> str | None:
    """Return the list in the fields called *name*, or `None` where there is no such field."""
    fields = headers.get_all(name)
    return ",".join(fields) if fields else None


def _names(text: str, etag: ETag | None, exists: bool, matches: Callable[[ETag, ETag], bool]) -> bool:  # noqa: FBT001  # private
    """Return whether the list *text* names *etag*; a star names whatever exists. Malformed members name nothing."""
    if text.strip(" \t") == "*":
        return exists
    return exists and etag is not None and any(matches(etag, member) for member in find_etags(text))


def _find_date(headers: Headers, name: str) -> datetime | None:
    """Return the date in the only field called *name*; one that is malformed or repeated does not count."""
    fields = headers.get_all(name)
    return parse_http_date(fields[0]) if len(fields) == 1 else None


def _find_past(moment: datetime | float) -> datetime | float:
    """Return *moment*, or now if it lies in the future: some clock is wrong then (RFC 9110 §8.8.2.1)."""
    now = datetime.now(UTC)
    cut = _cut_to_second(moment)
    return now if cut is not None and cut > now else moment


def _cut_to_second(moment: datetime | float) -> datetime | None:
    """Return *moment* as precisely as HTTP can name it.

    Raises:
        ValueError: It has no time zone, or is beyond what HTTP can name.
    """
    return parse_http_date(format_http_date(moment))


def _make_refusal() -> HTTPException:
    """Return the answer to a request whose conditions do not hold (RFC 9110 §15.5.13)."""
    return HTTPException(412, "A condition of the request does not hold for what is at this path now.")
