"""This file is what only folders of pages need: the slash after a folder, and who wants a page."""

from typing import Any

from yaat.media_type import parse_accept
from yaat.response import Response
from yaat.responses import RedirectResponse
from yaat.url import find_path


def add_slash(request: Any) -> Response:
    """Return what sends a client to the same path with a slash, below which the links of the page lead on.

    It is relative to the path, so nothing before that matters, and it can lead to no other host (RFC 3986 §4.2).
    """
    name = find_path(request.scope).rpartition("/")[2]
    query = request.scope.get("query_string", b"").decode("latin-1")
    location = f"./{name}/"
    return RedirectResponse(f"{location}?{query}" if query else location)


class SlashAdder:
    """Middleware for a router of files: redirects from the prefix itself, where no file can be, to the folder."""

    def process_request(self, request: Any) -> Response | None:
        """Redirect what is below the router and has no route, which is the prefix alone."""
        is_read = request.method in ("GET", "HEAD")
        return add_slash(request) if is_read and request.route is None else None


def wants_page(accept: str | None, path: str) -> bool:
    """Return whether a client that asks for *path* would like an HTML page.

    Browsers say so when they go to a page, and only then: what a page loads comes without `text/html`. Of a client that
    takes anything, the path tells: a page has no suffix.
    """
    ranges = [media_range for media_range, weight in parse_accept(accept or "*/*") if weight]
    if any(media_range.essence == "text/html" for media_range in ranges):
        return True
    return "." not in path.rpartition("/")[2] and any(media_range.type == "*" for media_range in ranges)
