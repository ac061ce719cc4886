"""This file is the step: what each kind of middleware becomes when the app is built."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from .asgi import ASGIApp
from .exceptions import MiddlewareError, ResponseError
from .failure import log_failure
from .provenance import format_origin
from .records import Middleware
from .signature import read_signature

Before = Callable[[Any], Any]
After = Callable[[Any, Any], Any]


class Step(NamedTuple):
    """One middleware of the flat kind: what it does with the request, and with the response.

    Attributes:
        name: For messages.
    """

    before: Before | None
    after: After | None
    name: str


def make_step(record: Middleware) -> Step | Callable[[ASGIApp], ASGIApp]:
    """Return *record* as a step, or as what wraps an ASGI app.

    Raises:
        MiddlewareError: It is neither, or cannot be made with its options; the message says what to write.
    """
    factory, options = record.factory, record.options
    if inspect.isgeneratorfunction(factory) or inspect.isasyncgenfunction(factory):
        _check_call(record, factory, "the request")
        return _make_around(record.name, lambda request: factory(request, **options))
    if hasattr(factory, "process_request") or hasattr(factory, "process_response"):
        return _make_pair(record, _make_instance(record))
    if inspect.iscoroutinefunction(factory) or not callable(factory):
        raise MiddlewareError(_explain(record))
    _check_call(record, factory, "the app")
    return lambda app: _wrap(record, app)


def _make_instance(record: Middleware) -> Any:
    """Return the object with `process_request` or `process_response` that *record* is for."""
    if isinstance(record.factory, type):
        _check_call(record, record.factory)
        return _make(record)
    if record.options:
        raise MiddlewareError(
            f"The middleware {record.name!r} is an instance and takes no more options: {', '.join(record.options)}.\n"
            f"Give them to its constructor. {_where(record)}"
        )
    return record.factory


def _make_pair(record: Middleware, instance: Any) -> Step:
    """Return the step of an object with `process_request`, `process_response` or both."""
    before = getattr(instance, "process_request", None)
    after = getattr(instance, "process_response", None)
    if before is not None and not _takes(before, 1):
        raise MiddlewareError(_explain_method(record, "process_request", before, "the request"))
    if after is not None and _needs_one(after):
        return Step(before, lambda request, response: after(response), record.name)
    if after is not None and not _takes(after, 2):
        due = "the request and the response, or the response alone"
        raise MiddlewareError(_explain_method(record, "process_response", after, due))
    return Step(before, after, record.name)


def _make_around(name: str, start: Callable[[Any], Any]) -> Step:
    """Return the step of a generator function of either kind: `response = yield` in the middle."""

    async def before(request: Any) -> Any:
        generator = start(request)
        answer = await _advance(generator, None)
        if answer is _ENDED:
            raise ResponseError(f"The middleware {name!r} ended without a 'yield'. Write: response = yield")
        if answer is not None:
            await _close(generator)
            return answer
        request.add_around(generator)
        return None

    async def after(request: Any, response: Any) -> Any:
        generator = request.take_around()
        answer = await _advance(generator, response)
        if answer is _ENDED:
            return None
        await _close(generator)
        return answer

    return Step(before, after, name)


_ENDED = object()


async def _advance(generator: Any, value: Any) -> Any:
    """Return what *generator* yields next, or `_ENDED`."""
    try:
        if inspect.isasyncgen(generator):
            return await generator.asend(value)
        return generator.send(value)
    except (StopIteration, StopAsyncIteration):
        return _ENDED


async def close_arounds(request: Any) -> None:
    """Close the generators that will never see a response, innermost first; what they raise is logged."""
    while generator := request.take_around():
        try:
            await _close(generator)
        except Exception as error:
            log_failure(request, error)


async def _close(generator: Any) -> None:
    """Close a generator of either kind."""
    if inspect.isasyncgen(generator):
        await generator.aclose()
    else:
        generator.close()


# --- what can be told while the app is built ---


def _wrap(record: Middleware, app: ASGIApp) -> ASGIApp:
    """Return *app* inside the ASGI middleware that *record* makes."""
    made = _make(record, app)
    if not callable(made):
        raise MiddlewareError(
            f"The middleware {record.name!r} gave {made!r:.100} for an app, and not an ASGI app. {_where(record)}"
        )
    wrapped: ASGIApp = made
    return wrapped


def _make(record: Middleware, *arguments: Any) -> Any:
    """Return what the factory of *record* gives."""
    try:
        return record.factory(*arguments, **record.options)
    except Exception as error:
        error.add_note(f"Raised by the middleware {record.name!r} when it was made. {_where(record)}")
        raise


def _check_call(record: Middleware, factory: Any, *arguments: str) -> None:
    """Raise when *factory* cannot be called with *arguments* and the options of *record*."""
    try:
        read_signature(factory).bind(*arguments, **record.options)
    except TypeError as error:
        given = ", ".join([*arguments, *(f"{name}=" for name in record.options)]) or "nothing"
        raise MiddlewareError(
            f"The middleware {record.name!r} cannot be called with {given}: {error}.\n{_explain(record)}"
        ) from None
    except ValueError:  # What is written in C need not tell what it takes.
        return


def _takes(function: Any, count: int) -> bool:
    """Return whether *function* can be called with *count* arguments."""
    try:
        read_signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # As above.
        return True
    return True


def _needs_one(function: Any) -> bool:
    """Return whether *function* has exactly one argument that must be given, and so takes the response alone."""
    return _takes(function, 1) and not _takes(function, 0)


def _explain_method(record: Middleware, name: str, method: Any, due: str) -> str:
    """Return the message for a method that does not take what it is given."""
    return f"{record.name}.{name} takes {due}; it has {read_signature(method)}. {_where(record)}"


def _where(record: Middleware) -> str:
    """Return who added *record*, and where."""
    return f"It was {format_origin(record.owner, record.source)}."


def _explain(record: Middleware) -> str:
    """Return the message for an object that is no middleware."""
    return (
        f"{record.factory!r} is no middleware. {_where(record)}\n"
        "Middleware is one of:\n"
        "    a class with process_request(self, request) or process_response(self, request, response)\n"
        "    a generator function: def timed(request): …; response = yield; …\n"
        "    an ASGI class: __init__(self, app, …) and async __call__(self, scope, receive, send)"
    )
