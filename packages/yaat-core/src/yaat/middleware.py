"""This file is middleware: telling its kinds apart, putting it in order, and making it flat.

Whatever the number of middleware, a request runs through one loop, so the stack at the handler does not grow with it.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from types import CoroutineType
from typing import Any, NamedTuple

from .asgi import ASGIApp
from .exceptions import ConfigurationError, MiddlewareError
from .records import STAGES, Middleware
from .response import Response

Respond = Callable[[Any], Awaitable[Any]]
Before = Callable[[Any], Any]
After = Callable[[Any, Any], Any]


class Step(NamedTuple):
    """One middleware of the flat kind: what it does with the request, and with the response."""

    before: Before | None
    after: After | None


def sort_middleware(records: Sequence[Middleware]) -> list[Middleware]:
    """Return *records* outermost first: by stage, inside a stage by `before` and `after`, else in their order.

    Raises:
        MiddlewareError: They form a circle; the message shows it.
    """
    ordered: list[Middleware] = []
    for stage in STAGES:
        waiting = [record for record in records if record.stage == stage]
        while waiting:
            ready = next((record for record in waiting if not _must_wait(record, waiting)), None)
            if ready is None:
                names = " → ".join(record.name for record in waiting)
                raise MiddlewareError(
                    f"The middleware of the stage {stage!r} wait for each other: {names}. Drop a before or after."
                )
            waiting.remove(ready)
            ordered.append(ready)
    return ordered


def _must_wait(record: Middleware, waiting: Iterable[Middleware]) -> bool:
    """Return whether another one that is still waiting has to come before *record*."""
    return any(other is not record and (other.name in record.after or record.name in other.before) for other in waiting)


def make_step(record: Middleware) -> Step | Callable[[ASGIApp], ASGIApp]:
    """Return *record* as a step, or as what wraps an ASGI app.

    Raises:
        MiddlewareError: It is neither; the message says what it may be.
    """
    factory, options = record.factory, record.options
    if inspect.isgeneratorfunction(factory) or inspect.isasyncgenfunction(factory):
        return _make_around(lambda request: factory(request, **options))
    if hasattr(factory, "process_request") or hasattr(factory, "process_response"):
        return _make_pair(record, factory(**options) if isinstance(factory, type) else factory)
    if inspect.iscoroutinefunction(factory) or not callable(factory):
        raise MiddlewareError(_explain(record))
    if not _takes_app(factory):
        raise MiddlewareError(_explain(record))
    return lambda app: factory(app, **options)


def _make_pair(record: Middleware, instance: Any) -> Step:
    """Return the step of an object with `process_request`, `process_response` or both."""
    after = getattr(instance, "process_response", None)
    if after is not None and _count_positional(after) == 1:
        return Step(getattr(instance, "process_request", None), lambda request, response: after(response))
    if after is not None and _count_positional(after) != 2:
        raise MiddlewareError(
            f"{record.name}.process_response takes the request and the response, or the response alone; "
            f"it has {inspect.signature(after)}. {_where(record)}"
        )
    return Step(getattr(instance, "process_request", None), after)


def _make_around(start: Callable[[Any], Any]) -> Step:
    """Return the step of a generator function of either kind: `response = yield` in the middle."""

    async def before(request: Any) -> Any:
        generator = start(request)
        answer = await _advance(generator, None)
        if answer is _ENDED:
            raise ConfigurationError(f"The middleware {generator.__qualname__} ended without a 'yield'.")
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

    return Step(before, after)


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
    """Close the generators that will never see a response, because the request was cancelled."""
    while generator := request.take_around():
        await _close(generator)


async def _close(generator: Any) -> None:
    """Close a generator of either kind."""
    if inspect.isasyncgen(generator):
        await generator.aclose()
    else:
        generator.close()


class Loop:
    """A handler with steps around it, outermost first, as one loop.

    A step that answers early, or raises, keeps what is further in from running; what is further out still sees the
    response. An exception becomes a response at once, so the steps that follow see that.

    Args:
        steps: Outermost first.
        respond: Calls the handler.
        handler: What *respond* calls, for messages.
        place: Gives the converter, the failure and the JSON encoder.
    """

    __slots__ = ("_befores", "_convert", "_encode", "_fail", "_handler", "_respond", "_ways_out")

    def __init__(self, steps: Sequence[Step], respond: Respond, handler: Any, place: Any) -> None:
        self._befores = tuple(step.before for step in steps)
        #: By how many steps were passed on the way in: what is to run on the way out.
        self._ways_out = tuple(
            tuple(step.after for step in reversed(steps[:depth]) if step.after) for depth in range(len(steps) + 1)
        )
        self._respond = respond
        self._handler = handler
        self._convert: Callable[..., Awaitable[Response]] = place.converter.convert
        self._fail: Callable[[Any, Exception], Awaitable[Response]] = place.failure.respond
        self._encode: Callable[[Any], bytes] = place.encode

    # PERF: one frame for any number of steps; a method for the way in would cost every row with middleware a coroutine.
    async def respond(self, request: Any) -> Response:  # noqa: C901  # see PERF
        """Return the response of the handler, or of a step, after all steps that saw the request have seen it."""
        depth = 0
        try:
            for before in self._befores:
                if before is not None:
                    answer = before(request)
                    if answer.__class__ is CoroutineType:
                        answer = await answer
                    if answer is not None:
                        break
                depth += 1
            else:
                answer = await self._respond(request)
            if not isinstance(answer, Response):
                answer = await self._convert(answer, request, self._handler if depth == len(self._befores) else None)
            answer.complete(self._encode)
            response: Response = answer
        except Exception as error:
            response = await self._fail(request, error)
        except BaseException:
            await close_arounds(request)
            raise
        way_out = self._ways_out[depth]
        if response.finishers is not None:
            response.finishers.append(lambda head: self._finish(request, head, way_out))
            return response
        for after in way_out:
            try:
                answer = after(request, response)
                if answer is not None:
                    response = await self._see(request, response, answer)
            except Exception as error:
                response = await self._fail(request, error)
        return response

    async def _see(self, request: Any, response: Response, answer: Any) -> Response:
        """Return the response after a step on the way out has given *answer*, or something to wait for."""
        if answer.__class__ is CoroutineType:
            answer = await answer
        if answer is None:
            return response
        response = await self._convert(answer, request)
        response.complete(self._encode)
        return response

    async def _finish(self, request: Any, response: Response, way_out: Sequence[After]) -> Response:
        """Return the head of a response that is being sent, after the steps of *way_out* have seen it."""
        for after in way_out:
            try:
                answer = after(request, response)
                if answer is not None:
                    response = await self._see(request, response, answer)
            except Exception as error:
                response = await self._fail(request, error)
        return response


def _takes_app(factory: Any) -> bool:
    """Return whether *factory* can be called with an ASGI app first."""
    try:
        return _count_positional(factory) >= 1
    except (TypeError, ValueError):
        return True


def _count_positional(function: Any) -> int:
    """Return how many arguments *function* takes by position."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(parameter.kind in kinds for parameter in inspect.signature(function).parameters.values())


def _where(record: Middleware) -> str:
    """Return who added *record*, and where."""
    return f"Added by {record.owner}" + (f" at {record.source}." if record.source else ".")


def _explain(record: Middleware) -> str:
    """Return the message for an object that is no middleware."""
    return (
        f"{record.factory!r} is no middleware. {_where(record)}\n"
        "Middleware is one of:\n"
        "    a class with process_request(self, request) or process_response(self, request, response)\n"
        "    a generator function: def timed(request): …; response = yield; …\n"
        "    an ASGI class: __init__(self, app, …) and async __call__(self, scope, receive, send)"
    )
