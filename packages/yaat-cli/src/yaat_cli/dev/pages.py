"""This file is what a browser, curl or a program is shown of an error while the app is being written.

The law here: no locals, no headers, no environment, and everything escaped.
"""

from typing import Any

from yaat.debug_page import describe, list_facts, make_debug_response
from yaat.error_response import make_error_response
from yaat.exceptions import HTTPException
from yaat.failure import tell_unhandled
from yaat.response import Response
from yaat.responses import HTMLResponse

#: Beyond this many frames, which only endless recursion has, the core's page shows what matters.
_MAX_FRAMES = 200
_NOTE = "This page is shown because debug is on. The next save starts the app anew; then load it again."


def make_page(request: Any, error: Exception) -> Response:
    """Return *error* as a page, as a problem document, or as text, as the client prefers."""
    response = make_debug_response(request, error)
    if not isinstance(response, HTMLResponse):
        return response
    page = format_page(request, error)
    return response if page is None else HTMLResponse(page, 500)


def format_page(request: Any, error: Exception) -> str | None:
    """Return the page for a browser by tracerite, or `None` where that cannot make one."""
    # It takes a tenth of a second to import, and only mistakes need it.
    import tracerite  # noqa: PLC0415  # see above

    try:
        chain = tracerite.extract_chain(error)
        for frame in chain["frames"]:
            frame["variables"] = []  # They hold what nobody is to see: passwords, keys, other people's data.
        if len(chain["frames"]) > _MAX_FRAMES:
            return None
        facts = " · ".join(f"{name}: {value}" for name, value in list_facts(request).items())
        text = describe(error)
        page = tracerite.html_page(error, chain=chain, title=text, heading=text, ingress=facts, footer=_NOTE)
        return str(page).encode("utf-8", "replace").decode()
    except Exception:
        return None


async def answer(request: Any, error: Exception) -> Response:
    """Answer for what no exception handler of the app has answered."""
    if isinstance(error, HTTPException):
        return make_error_response(request, error.status_code, error.detail, error.headers, error.extensions)
    tell_unhandled(request.scope, error)
    return make_page(request, error)
