"""This file is the plain error response: a page, a problem document or a line of text, as the client prefers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .exceptions import find_phrase
from .markup import escape
from .media_type import choose_media_type
from .response import Response
from .responses import HTMLResponse, JSONResponse, TextResponse

PROBLEM = "application/problem+json"
#: Best first for a client that takes anything: programs read problem documents (RFC 9457), browsers ask for HTML.
OFFERS = (PROBLEM, "application/json", "text/html", "text/plain")

#: Its form depends on what the client prefers, which caches have to know (RFC 9110 §12.5.5).
VARY = (b"vary", b"accept")

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{status} {title}</title></head>
<body style="font-family: system-ui, sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 1em">
<h1>{status} {title}</h1>
<p>{detail}</p>
</body>
</html>
"""


class ProblemResponse(JSONResponse):
    """A problem document (RFC 9457)."""

    __slots__ = ()
    media_type = PROBLEM


class RenderedProblem(Response):
    """A problem document that was written before."""

    __slots__ = ()
    media_type = PROBLEM


def find_accept(request: Any) -> bytes | None:
    """Return the Accept field of *request*; several make up one list (RFC 9110 §5.3)."""
    accept: bytes | None = None
    for name, value in request.scope["headers"]:
        if name == b"accept":
            accept = value if accept is None else accept + b"," + value
    return accept


@lru_cache(maxsize=256)
def _choose_kind(accept: bytes | None) -> str | None:
    """Return which of `OFFERS` the client prefers, or `None` for none of them (RFC 9110 §12.5.1)."""
    return choose_media_type(None if accept is None else accept.decode("latin-1"), OFFERS)


def choose_kind(accept: bytes | None) -> str | None:
    """Return which of `OFFERS` the client prefers; a long Accept field is not kept, so nobody can fill the cache."""
    return _choose_kind(accept) if accept is None or len(accept) < 512 else _choose_kind.__wrapped__(accept)


# PERF: clients send few different Accept fields, and all that most errors say is their status; parsing the one and
# writing the other costs more than the rest of a 404 (row "404 / 405").
@lru_cache(maxsize=256)
def _render_bare(accept: bytes | None, status_code: int) -> tuple[type[Response], bytes]:
    """Return the class and the content of an error that has nothing more to say than its status."""
    response = _render(choose_kind(accept), status_code, find_phrase(status_code), "", {})
    return (RenderedProblem if isinstance(response, ProblemResponse) else type(response)), response.body


def make_bare_response(request: Any, status_code: int) -> Response:
    """Return an error that has nothing more to say than its status, in the form that the client prefers."""
    accept = find_accept(request)
    render = _render_bare if accept is None or len(accept) < 512 else _render_bare.__wrapped__
    make, body = render(accept, status_code)
    # PERF: made without `__init__`, which has nothing to look at here; it takes twice as long (row "404").
    response: Response = make.__new__(make)
    response.raw_body = body
    response.status_code = status_code
    response.background = None
    field = make._content_type_field
    response._fields = [VARY] if field is None else [field, VARY]
    return response


def make_error_response(
    request: Any,
    status_code: int,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    extensions: Mapping[str, Any] | None = None,
) -> Response:
    """Return an error in the form that the client of *request* prefers.

    Args:
        detail: One sentence; it is escaped where that is due.
        headers: Added to the response.
        extensions: More members of a problem document (RFC 9457 §3.2).
    """
    title = find_phrase(status_code)
    if (not detail or detail == title) and not extensions:
        response = make_bare_response(request, status_code)
    else:
        kind = choose_kind(find_accept(request))
        response = _render(kind, status_code, title, detail if detail != title else "", extensions or {})
        response.headers.raw.append(VARY)
    if headers:
        response.headers.update(headers)
    return response


def _render(kind: str | None, status_code: int, title: str, detail: str, extensions: Mapping[str, Any]) -> Response:
    """Return the response for one kind."""
    detail = str(detail).encode(errors="replace").decode()  # The name of a file, for one, may hold half a character.
    if kind == "text/html":
        page = _PAGE.format(status=status_code, title=escape(title), detail=escape(detail))
        return HTMLResponse(page, status_code)
    if kind == "text/plain":
        return TextResponse(f"{status_code} {title}\n{detail}".rstrip() + "\n", status_code)
    problem = {"type": "about:blank", "title": title, "status": status_code, "detail": detail}
    if not detail:
        del problem["detail"]
    return ProblemResponse({**problem, **extensions}, status_code)
