"""This file is the plain error response: a page, a problem document or a line of text, as the client prefers."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from .exceptions import find_phrase
from .media_type import choose_media_type
from .response import Response
from .responses import HTMLResponse, JSONResponse, TextResponse

PROBLEM = "application/problem+json"
#: Best first for a client that takes anything: programs read problem documents (RFC 9457), browsers ask for HTML.
OFFERS = (PROBLEM, "application/json", "text/html", "text/plain")

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{status} {title}</title></head>
<body style="font-family: system-ui, sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 1em">
<h1>{status} {title}</h1>
<p>{detail}</p>
</body>
</html>
"""


# PERF: clients send few different Accept fields, and parsing one costs more than the rest of a 404 (row "404 / 405").
@lru_cache(maxsize=256)
def choose_kind(accept: str | None) -> str | None:
    """Return which of `OFFERS` the client prefers, or `None` for none of them (RFC 9110 §12.5.1)."""
    return choose_media_type(accept, OFFERS)


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
    accept = request.headers.get("accept")
    kind = choose_kind(accept if accept is None or len(accept) < 512 else "*/*")
    title = find_phrase(status_code)
    detail = detail if detail != title else ""
    if kind == "text/html":
        page = _PAGE.format(status=status_code, title=escape(title), detail=escape(detail))
        return HTMLResponse(page, status_code, headers)
    if kind == "text/plain":
        return TextResponse(f"{status_code} {title}\n{detail}".rstrip() + "\n", status_code, headers)
    problem = {"type": "about:blank", "title": title, "status": status_code}
    if detail:
        problem["detail"] = detail
    return JSONResponse({**problem, **(extensions or {})}, status_code, headers, PROBLEM)
