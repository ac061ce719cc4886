"""This file is failure: what turns an exception into a response.

The law here: nothing raises. An exception handler that fails itself leads to the plain 500.
"""

import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from .asgi import Receive, Scope, Send
from .cancellation import blame_other
from .convert import ResponseConverter
from .error_response import make_error_response
from .exceptions import ClientDisconnect, HTTPException, ResponseError, YaatError
from .handler import describe_function
from .leaving import tell_clients_apart
from .response import Response

logger = logging.getLogger("yaat.error")

#: What errors are marked with that were logged.
_LOGGED = "yaat.logged"

#: One layer's handlers, ready to be awaited, by status or exception class.
Handlers = Mapping[int | type[Exception], Callable[[Any, Exception], Awaitable[Any]]]

#: Bases that are too general to answer for an HTTPException or a client that left.
_GENERAL = (YaatError, Exception, BaseException, object)


class Silence(Response):
    """No response at all: nobody is there to read one."""

    __slots__ = ()

    def complete(self, encode: Callable[[Any], bytes]) -> None:
        """Give no content."""
        return

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send nothing."""


class Failure:
    """Answers for exceptions on the routes below one chain of layers.

    Args:
        layers: Exception handlers, innermost layer first. In each, the status of an `HTTPException` is looked up before
            the classes along its method resolution order.
        converter: Makes responses of what handlers return.
        debug: Show the source of what went wrong.
    """

    def __init__(self, layers: Sequence[Handlers], converter: ResponseConverter, *, debug: bool) -> None:
        self._layers = tuple(layer for layer in layers if layer)
        self._converter = converter
        self._make_page = _find_page(debug=debug)
        self._cache: dict[Any, tuple[Callable[[Any, Exception], Awaitable[Any]] | None, bool]] = {}
        #: What answers for exceptions that were expected and came before, by their class alone.
        self.answers: dict[type[Exception], Callable[[Any, Exception], Awaitable[Any]]] = {}

    async def respond(self, request: Any, error: Exception) -> Response:
        """Return the response for *error*; one that nobody expected is logged, once."""
        request.error = error = tell_clients_apart(error, request)
        handler, is_unexpected = self.find(error)
        if handler is None:
            return self._respond_plainly(request, error)
        if is_unexpected:
            log_failure(request, error)
        elif not isinstance(error, HTTPException):  # For which its status counts too.
            self.answers[type(error)] = handler
        try:
            return await self.complete(request, await handler(request, error))
        except Exception as second:
            return self.respond_for_handler(request, error, handler, second)
        except CancelledError:
            return self.respond_for_handler(request, error, handler, blame_other())

    async def complete(self, request: Any, answer: Any) -> Response:
        """Return the response that *answer* of an exception handler is, with its content."""
        response: Response = answer if isinstance(answer, Response) else await self._converter.convert(answer, request)
        response.complete(request.place.encode)
        return response

    def respond_for_handler(
        self, request: Any, error: Exception, handler: Callable[[Any, Exception], Awaitable[Any]], second: Exception
    ) -> Response:
        """Return the response for *second*, which the exception handler for *error* has raised."""
        name = describe_function(getattr(handler, "__wrapped__", handler))  # Threads wrap a plain one.
        second.add_note(f"Raised by the exception handler {name} for {_show(error)}.")
        return self._respond_plainly(request, second)

    def find(self, error: Exception) -> tuple[Callable[[Any, Exception], Awaitable[Any]] | None, bool]:
        """Return the handler for *error*, or `None`, and whether it is for whatever nobody expected."""
        key = (type(error), error.status_code) if isinstance(error, HTTPException) else type(error)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._find(error)
        return found

    def _find(self, error: Exception) -> tuple[Callable[[Any, Exception], Awaitable[Any]] | None, bool]:
        """Look the handler for *error* up, layer by layer."""
        for layer in self._layers:
            for key in _list_keys(error):
                if key in layer:
                    return layer[key], key in (Exception, 500) and not isinstance(error, HTTPException)
        return None, False

    def _respond_plainly(self, request: Any, error: Exception) -> Response:
        """Return the response for an error that no handler has answered."""
        if isinstance(error, ClientDisconnect):
            return Silence()
        try:
            if isinstance(error, HTTPException):
                response = make_error_response(
                    request, error.status_code, error.detail, error.headers, error.extensions
                )
            else:
                if isinstance(error, ResponseError):
                    _blame_handler(request, error)
                log_failure(request, error)
                tell_unhandled(request.scope, error)
                response = self._make_page(request, error)
            response.complete(request.place.encode)
        except Exception as second:  # Such as extensions or headers that cannot be sent.
            log_failure(request, second)
            response = make_error_response(request, 500)
        return response


def _find_page(*, debug: bool) -> Callable[[Any, Exception], Response]:
    """Return what makes the response for an error that nobody expected."""
    if not debug:
        return lambda request, _: make_error_response(request, 500)
    from .debug_page import make_debug_response  # noqa: PLC0415  # PERF: nobody else needs it (figure "import, CPU")

    return make_debug_response


def _blame_handler(request: Any, error: ResponseError) -> None:
    """Tell whose answer it was that cannot be sent, unless the message says so: no traceback leads there any more."""
    handler = getattr(request.route, "handler", None)
    if handler is None or hasattr(error, "__notes__"):  # Of middleware and of exception handlers a note tells already.
        return
    if isinstance(handler, type) or not callable(handler):
        method = request.scope.get("method", "").lower()
        handler = getattr(handler, method, None) or getattr(handler, "get", handler)
    text = describe_function(handler)
    if text not in str(error):
        error.add_note(f"It was returned by the handler {text}.")


def _list_keys(error: Exception) -> list[Any]:
    """Return the keys a handler for *error* may have, best first."""
    if isinstance(error, HTTPException):
        return [error.status_code, *(base for base in type(error).__mro__ if base not in _GENERAL)]
    if isinstance(error, ClientDisconnect):
        return [base for base in type(error).__mro__ if base not in _GENERAL]
    return [*type(error).__mro__, 500]


def log_failure(request: Any, error: Exception) -> None:
    """Log an error that nobody expected, with the request and the route it came from.

    It is logged once, though it may pass several places on its way out that are to see to that.
    """
    logged = request.scope.get("yaat.logged")
    if logged is not None:
        # By a mark: a list of errors in the scope would lead back to it by their tracebacks.
        if vars(error).get(_LOGGED) is logged:
            return
        vars(error)[_LOGGED] = logged
    route = request.route
    where = f"route {route.path} of {route.owner}, added at {route.source}" if route is not None else "no route"
    logger.error(
        "%s %.200r failed (%s)",
        request.scope.get("method") or request.scope["type"],
        request.scope.get("path"),
        where,
        exc_info=error,
    )


def tell_unhandled(scope: Scope, error: Exception) -> None:
    """Tell a test client of an error that became a 500, by the list it has put into the scope for this."""
    unhandled = (scope.get("extensions") or {}).get("yaat.unhandled")
    if unhandled is not None:
        unhandled.append(error)


def _show(error: Exception) -> str:
    """Return *error* for a message; one that cannot be shown by its class alone."""
    try:
        return f"{error!r:.200}"
    except Exception:
        return type(error).__qualname__
