"""This file is the debug page: what went wrong, in which lines, on which route, for the person who writes the app.

The law here: no locals, no headers, no environment, and everything escaped.
"""

import linecache
import traceback
from html import escape
from typing import Any

from .error_response import ProblemResponse, choose_kind, find_accept
from .response import Response
from .responses import HTMLResponse, TextResponse

#: Lines shown before and after the one that raised.
CONTEXT_LINES = 4

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; color: #222 }}
h1 {{ font-size: 1.4em; white-space: pre-wrap; overflow-wrap: anywhere }}
h2 {{ font-size: 1em; margin: 1.5em 0 .3em }}
pre {{ background: #f6f6f4; padding: .6em 0; overflow-x: auto; margin: 0 }}
pre span {{ display: block; padding: 0 .8em }} .hit {{ background: #ffe0d6 }}
dt {{ font-weight: 600 }} footer {{ margin: 2em 0; color: #666 }}
</style></head>
<body><h1>{title}</h1><dl>{facts}</dl>{frames}
<footer>This page is shown because debug is on. Turn it off where others can reach the app.</footer>
</body></html>
"""


def make_debug_response(request: Any, error: Exception) -> Response:
    """Return *error* as a page, as a problem document, or as text for clients that take anything."""
    accept = request.headers.get("accept")
    kind = choose_kind(find_accept(request)) if accept not in (None, "*/*") else "text/plain"
    if kind == "text/html":
        return HTMLResponse(format_page(request, error), 500)
    lines = "".join(traceback.format_exception(error))
    if kind == "text/plain":
        facts = "".join(f"{name}: {value}\n" for name, value in list_facts(request).items())
        return TextResponse(f"500 {describe(error)}\n\n{facts}\n{lines}", 500)
    problem = {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": describe(error),
    }
    return ProblemResponse({**problem, "traceback": lines.splitlines(), **list_facts(request)}, 500)


def format_page(request: Any, error: Exception) -> str:
    """Return the page for *error*."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in list_facts(request).items())
    frames = "".join(_format_frame(frame) for frame in reversed(traceback.extract_tb(error.__traceback__)))
    return _PAGE.format(title=escape(describe(error)), facts=facts, frames=frames)


def describe(error: Exception) -> str:
    """Return the class and text of *error*, with its notes."""
    return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])


def list_facts(request: Any) -> dict[str, str]:
    """Return what is known of the request and its route."""
    facts = {"request": f"{request.method} {request.path}"}
    route = request.route
    if route is not None:
        facts["route"] = f"{route.path} added at {route.source} by {route.owner}"
        middleware = getattr(request.place, "middleware", ())
        facts["middleware"] = " → ".join([*(f"{one.name} of {one.owner}" for one in middleware), "handler"])
    return facts


def _format_frame(frame: traceback.FrameSummary) -> str:
    """Return one frame with the lines around the one that was running."""
    hit = frame.lineno or 1
    numbers = range(max(1, hit - CONTEXT_LINES), hit + CONTEXT_LINES + 1)
    lines = [(number, linecache.getline(frame.filename, number)) for number in numbers]
    code = "".join(
        f'<span class="{"hit" if number == hit else ""}">{number:>5}  {escape(line.rstrip())}</span>'
        for number, line in lines
        if line
    )
    return f"<h2>{escape(frame.name)} in {escape(frame.filename)}:{hit}</h2><pre>{code}</pre>"
