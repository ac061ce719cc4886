"""This file is class-based views: a class whose methods are named after the HTTP methods they answer."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from .exceptions import HandlerError
from .signature import read_signature

#: The methods a view may have (RFC 9110 §9.3, RFC 5789 and the QUERY method).
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE")


def find_view_methods(view: Any) -> Mapping[str, Callable[..., Any]]:
    """Return what *view*, a class or an instance, has for each HTTP method.

    A class is made anew for every request, so what a handler puts on `self` stays with that request. An instance is
    shared by all requests.

    Raises:
        HandlerError: There is no such method, or the class cannot be made without arguments.
    """
    found = {method: function for method in METHODS if callable(function := getattr(view, method.lower(), None))}
    if not found:
        raise HandlerError(_explain_none(view))
    if isinstance(view, type) and _needs_arguments(view):
        raise HandlerError(
            f"The view class {view.__qualname__} cannot be made without arguments, and a new one is made for every "
            f"request. Give an instance to the route: add_route(path, {view.__name__}(…))."
        )
    return found


def _explain_none(view: Any) -> str:
    """Return the message for what has no method that a view has."""
    if isinstance(view, Coroutine):
        view.close()  # Or Python warns that it was never awaited, far away from here.
        return f"A handler is a function or a view class, not {view!r}. Give the function itself, without calling it."
    what = f"The view {view!r}" if isinstance(view, type) else f"{view!r} is no function, and as a view it"
    names = ", ".join(method.lower() for method in METHODS)
    return f"{what} has no method named like an HTTP method, in lower case: {names}."


def _needs_arguments(view: type) -> bool:
    """Return whether calling *view* with nothing fails."""
    try:
        read_signature(view).bind()
    except TypeError:
        return True
    except ValueError:  # Classes written in C tell no signature.
        return False
    return False
