"""This file is middleware at work: in which order it stands, and how it is made flat.

Whatever the number of middleware, a request runs through one loop, so the stack at the handler does not grow with it.
"""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Sequence
from types import CoroutineType
from typing import Any

from .cancellation import blame_other
from .exceptions import MiddlewareError, ResponseError
from .plugins.order import OrderCycle, sort_names
from .provenance import format_origin
from .records import STAGES, Middleware
from .response import Response
from .step import After, Step, close_arounds

Respond = Callable[[Any], Awaitable[Any]]


def sort_middleware(records: Sequence[Middleware]) -> list[Middleware]:
    """Return *records* outermost first: by stage, inside a stage by `before` and `after`, else in their order.

    Raises:
        MiddlewareError: They form a circle, or one asks for what its stage rules out; the message shows who asks what.
    """
    by_stage = sorted(records, key=lambda record: STAGES.index(record.stage))
    by_key = _name_apart(by_stage)
    earlier = {key: _find_earlier(record, by_key) for key, record in by_key.items()}
    try:
        return [by_key[key] for key in sort_names(list(by_key), earlier)]
    except OrderCycle as error:
        steps = zip(error.cycle, error.cycle[1:], strict=False)
        reasons = "\n".join(f"    {first} → {second}: {earlier[second][first]}" for first, second in steps)
        circle = MiddlewareError(
            f"The middleware cannot be put in order, outermost first: {error}\n{reasons}\n"
            "Drop one of these before or after, or change a stage."
        )
        circle.owners = [by_key[key].owner for key in error.cycle]
        raise circle from None


def _name_apart(records: Sequence[Middleware]) -> dict[str, Middleware]:
    """Return *records* by their name, with a number after it where another has it too."""
    by_key: dict[str, Middleware] = {}
    for record in records:
        key, number = record.name, 1
        while key in by_key:
            number += 1
            key = f"{record.name} ({number})"
        by_key[key] = record
    return by_key


def _find_earlier(record: Middleware, by_key: dict[str, Middleware]) -> dict[str, str]:
    """Return the keys of those that must come before *record*, each with the reason."""
    earlier: dict[str, str] = {}
    for key, other in by_key.items():
        if other is record:
            continue
        if STAGES.index(other.stage) < STAGES.index(record.stage):
            earlier[key] = f"the stage {other.stage!r} is outside {record.stage!r}"
        elif other.name in record.after:
            earlier[key] = f"after={other.name!r} was {format_origin(record.owner, record.source)}"
        elif record.name in other.before:
            earlier[key] = f"before={record.name!r} was {format_origin(other.owner, other.source)}"
    return earlier


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

    __slots__ = ("_befores", "_convert", "_encode", "_fail", "_handler", "_respond", "_steps", "_ways_out")

    def __init__(self, steps: Sequence[Step], respond: Respond, handler: Any, place: Any) -> None:
        self._befores = tuple(step.before for step in steps)
        #: By how many steps were passed on the way in: what is to run on the way out.
        self._ways_out = tuple(
            tuple(step.after for step in reversed(steps[:depth]) if step.after) for depth in range(len(steps) + 1)
        )
        self._steps = tuple(steps)
        self._respond = respond
        self._handler = handler
        self._convert: Callable[..., Awaitable[Response]] = place.converter.convert
        self._fail: Callable[[Any, Exception], Awaitable[Response]] = place.failure.respond
        self._encode: Callable[[Any], bytes] = place.encode

    # PERF: one frame for any number of steps; a method for the way in or out would cost every row with middleware a
    # coroutine.
    async def respond(self, request: Any) -> Response:  # noqa: C901, PLR0912, PLR0915  # see PERF
        """Return the response of the handler, or of a step, after all steps that saw the request have seen it."""
        depth = 0
        try:
            try:
                for before in self._befores:
                    if before is not None:
                        answer = before(request)
                        if answer is not None:
                            if type(answer) is CoroutineType:
                                answer = await answer
                            if answer is not None:
                                break
                    depth += 1
                else:
                    respond = self._respond  # PERF: as in `yaat.line` (row "5 middleware").
                    answer = await respond(request)
                if not isinstance(answer, Response):
                    handler = self._handler if depth == len(self._befores) else None
                    answer = await self._convert(answer, request, handler)
                if answer.raw_body is None:
                    answer.complete(self._encode)
                response: Response = answer
            except Exception as error:
                self._blame(depth, error)
                response = await self._fail(request, error)
                request.needs_closing = True  # Steps may still look at the error.
            except CancelledError:
                response = await self._fail(request, blame_other())
                request.needs_closing = True
            way_out = self._ways_out[depth]
            if response.finishers is not None:
                response.finishers.append(WayOut(self, request, way_out))
                return response
            for after in way_out:
                try:
                    answer = after(request, response)
                    if answer is not None:
                        response = await self._see(request, response, answer, after)
                except Exception as error:
                    response = await self._fail(request, error)
                    request.needs_closing = True
            return response
        except BaseException:
            await close_arounds(request)
            raise

    async def _see(self, request: Any, response: Response, answer: Any, after: After) -> Response:
        """Return the response after *after*, a step on the way out, has given *answer*, or something to wait for.

        Background work goes with the response that takes the place of the one it came with.
        """
        if answer.__class__ is CoroutineType:
            answer = await answer
        if answer is None or answer is response:
            return response
        try:
            replacement = await self._convert(answer, request)
            replacement.complete(self._encode)
        except Exception as error:
            self._blame(next(depth for depth, step in enumerate(self._steps) if step.after is after), error)
            raise
        if replacement.background is None:
            replacement.background = response.background
        return replacement

    def _blame(self, depth: int, error: Exception) -> None:
        """Tell of the step whose answer is no response; of other errors the traceback tells."""
        if isinstance(error, ResponseError) and depth < len(self._steps):
            error.add_note(f"It was the middleware {self._steps[depth].name!r} that answered so.")

    async def see_head(self, request: Any, response: Response, way_out: Sequence[After]) -> Response:
        """Return the head of a response that is being sent, after the steps of *way_out* have seen it."""
        for after in way_out:
            try:
                answer = after(request, response)
                if answer is not None:
                    response = await self._see(request, response, answer, after)
            except Exception as error:
                response = await self._fail(request, error)
        return response

    async def fail(self, request: Any, error: Exception) -> Response:
        """Return the response for *error*."""
        return await self._fail(request, error)


class WayOut:
    """The steps of one request that wait for the head of a response that is still to be sent: see `yaat.deferred`."""

    __slots__ = ("_loop", "_request", "_steps")

    def __init__(self, loop: Loop, request: Any, steps: Sequence[After]) -> None:
        self._loop = loop
        self._request = request
        self._steps = steps

    async def see(self, response: Response) -> Response:
        """Return what is to be sent in the place of *response*."""
        return await self._loop.see_head(self._request, response, self._steps)

    async def answer(self, error: Exception) -> Response:
        """Return the response for what was raised before there was a head."""
        return await self._loop.fail(self._request, error)

    async def close(self) -> None:
        """Let go of what still waits: nothing more will come."""
        await close_arounds(self._request)
