"""This file is the debug page: what went wrong, in which lines, on which route, for the person who writes the app.

The law here: no locals, no headers, no environment, and everything escaped.
"""

import linecache
import traceback
from typing import Any

from .error_response import ProblemResponse, choose_kind, find_accept
from .markup import escape
from .response import Response
from .responses import HTMLResponse, TextResponse

#: Lines shown before and after the one that raised.
CONTEXT_LINES = 4
#: Frames shown with their lines; an endless recursion has a thousand.
MAX_FRAMES = 50

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
<details><summary>The traceback as Python prints it, with causes</summary><pre>{whole}</pre></details>
<footer>This page is shown because debug is on. Turn it off where others can reach the app.</footer>
</body></html>
"""


def make_debug_response(request: Any, error: Exception) -> Response:
    """Return *error* as a page, as a problem document, or as text for clients that take anything."""
    accept = request.headers.get("accept")
    kind = choose_kind(find_accept(request)) if accept not in (None, "*/*") else "text/plain"
    if kind == "text/html":
        return HTMLResponse(format_page(request, error), 500)
    facts, lines = list_facts(request), format_traceback(error)
    if kind == "text/plain":
        told = "".join(f"{name}: {value}\n" for name, value in facts.items())
        return TextResponse(f"500 {describe(error)}\n\n{told}\n{lines}", 500)
    problem = {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": describe(error),
    }
    return ProblemResponse({**problem, "traceback": lines.splitlines(), **facts}, 500)


def format_page(request: Any, error: Exception) -> str:
    """Return the page for *error*."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in list_facts(request).items())
    stack = traceback.extract_tb(error.__traceback__, limit=-MAX_FRAMES)
    frames = _make_writable("".join(_format_frame(frame) for frame in reversed(stack)))
    whole = escape(format_traceback(error))
    return _PAGE.format(title=escape(describe(error)), facts=facts, frames=frames, whole=whole)


def describe(error: Exception) -> str:
    """Return the class and text of *error*, with its notes."""
    return _make_writable("".join(traceback.format_exception_only(error)).rstrip())


def format_traceback(error: Exception) -> str:
    """Return the traceback of *error* as Python prints it, with those of its causes."""
    return _make_writable("".join(traceback.format_exception(error)))


def list_facts(request: Any) -> dict[str, str]:
    """Return what is known of the request and its route."""
    facts = {"request": f"{request.method} {request.path}"}
    route = request.route
    if route is not None:
        facts["route"] = f"{route.path} added at {route.source} by {route.owner}"
        middleware = getattr(request.place, "middleware", ())
        facts["middleware"] = " → ".join([*(f"{one.name} of {one.owner}" for one in middleware), "handler"])
    return {name: _make_writable(value) for name, value in facts.items()}


def _make_writable(text: str) -> str:
    """Return *text* without what UTF-8 cannot write, such as half of a surrogate pair in the text of an error."""
    return text.encode("utf-8", "backslashreplace").decode()


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
