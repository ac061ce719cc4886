"""This file is `template`: a mark on a handler that returns only what its template is filled in with.

The mark is read when the app is built; the function itself stays as it is, so a test can call it and look at what it
returns.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from yaat.background import RunAfterResponse
from yaat.record import frozen
from yaat.views import METHODS

from .response import TemplateResponse

H = TypeVar("H", bound=Callable[..., Any])
#: From a request to what a handler returns.
Respond = Callable[[Any], Awaitable[Any]]

_ATTRIBUTE = "__yaat_template__"


@frozen
class Mark:
    """What `template` says about a handler; the attributes are its arguments."""

    name: str
    options: Mapping[str, Any]

    @property
    def media_type(self) -> str:
        """Of the page."""
        return self.options["media_type"] or TemplateResponse.media_type


def template(
    name: str, *, block: str | None = None, stream: bool = False, media_type: str | None = None
) -> Callable[[H], H]:
    """Return a decorator that lets a handler return a mapping, and makes a page of it.

    A mapping, or nothing for an empty one, is the context; with a status behind it the response has that. Any other
    value, such as a redirect, goes its own way. The decorator may stand above or below that of the route, and on the
    methods of a view class. It needs `TemplatesPlugin` in the app, which is there unless it was blocked.

    Args:
        name: Of the template; the app is not built when it does not exist.
        block: Only this block of the template.
        stream: Send the page while it is made.
        media_type: `text/html` when left out.
    """
    options = {"block": block, "stream": stream, "media_type": media_type}
    mark = Mark(name=name, options=MappingProxyType(options))

    def put(handler: H) -> H:
        setattr(handler, _ATTRIBUTE, mark)
        return handler

    return put


def find_mark(function: Any) -> Mark | None:
    """Return the mark of a function or method, if it has one."""
    mark: Mark | None = getattr(function, _ATTRIBUTE, None)
    return mark


def find_marks(handler: Any) -> dict[str, Mark]:
    """Return the marks of a handler by HTTP method: one under an empty text for a function."""
    mark = find_mark(handler)
    if mark is not None:
        return {"": mark}
    methods = {name: getattr(handler, name.lower(), None) for name in METHODS}
    if methods["HEAD"] is None:
        methods["HEAD"] = methods["GET"]  # which answers both
    marks = {name: find_mark(method) for name, method in methods.items()}
    return {name: mark for name, mark in marks.items() if mark is not None}


def wrap(respond: Respond, marks: Mapping[str, Mark]) -> Respond:
    """Return *respond* with the template of *marks* put around what it returns."""

    async def respond_with_page(request: Any) -> Any:
        value = await respond(request)
        mark = marks.get("") or marks.get(request.method)
        return value if mark is None else apply(mark, value)

    return respond_with_page


def apply(mark: Mark, value: Any) -> Any:
    """Return the page for what a handler returned, or that value when it is no context."""
    if isinstance(value, RunAfterResponse):
        return RunAfterResponse(apply(mark, value.response), value.background)
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], int):
        return apply(mark, value[0]), value[1]
    if value is None or isinstance(value, Mapping):
        return TemplateResponse(mark.name, value, **mark.options)
    return value
