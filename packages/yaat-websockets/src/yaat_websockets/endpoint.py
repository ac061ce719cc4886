"""This file is the line of a WebSocket connection: from the server's call to the handler, and to how it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import Any

from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.cancellation import blame_other
from yaat.connection import share_names
from yaat.endpoint import Equipment
from yaat.exceptions import (
    ClientDisconnect,
    HandlerError,
    HTTPException,
    NotFound,
    ResponseError,
    RouteError,
    find_phrase,
)
from yaat.failure import Silence, log_failure
from yaat.handler import Handler
from yaat.middleware import Loop
from yaat.place import bind_handler
from yaat.response import Response
from yaat.routing.placement import PlacedRoute

from .close_code import CloseCode, find_code, trim_reason
from .drain import Connections, find_task
from .exceptions import WebSocketException
from .exchange import is_answered
from .inbox import cancel_when_left
from .limits import Limits
from .outbox import FLUSH_SECONDS, queue_sends
from .phase import Phase
from .view import examine_handler, is_view, make_handler
from .websocket import WebSocket

_NEW, _CLOSED, _GONE = Phase.NEW, Phase.CLOSED, Phase.GONE
#: Serves a connection; gives `None`, or a response that denies it.
Respond = Callable[[Any], Awaitable[Any]]


class ServedWebSocket(WebSocket[Any]):
    """A connection as the line makes it.

    PERF: it is made without arguments, and its maker sets what `__init__` would (row "WebSocket, 10 echoes").
    """

    __init__ = object.__init__


ServedWebSocket.__name__ = WebSocket.__name__  # What Python calls it in its messages.
share_names(ServedWebSocket())


def make_endpoint(placed: PlacedRoute, place: Equipment, limits: Limits, connections: Connections) -> ASGIApp:
    """Return what serves the connections of one route.

    Raises:
        HandlerError: The handler does not fit the route.
        RouteError: An option of the route cannot be.
    """
    route = placed.route
    where = f"The route {placed.template} was added at {route.source} by {route.owner}."
    try:
        limits = limits.with_options(route.metadata)
    except ValueError as error:
        raise RouteError(f"{error}\n{where}") from None
    handler = examine_handler(route.handler)
    if is_view(route.handler):
        handler = make_handler(route.handler, placed.parameter_names, where)
    elif not handler.is_async:
        raise HandlerError(f"The WebSocket handler {handler} must be a coroutine function: write 'async def'.\n{where}")
    respond: Respond = bind_handler(handler, placed, place, given=WebSocket)
    endpoint = serve(respond, place, limits, connections, handler)
    if limits.send_queue is not None:
        endpoint = queue_sends(endpoint, limits.send_queue)
    return cancel_when_left(endpoint) if route.on_disconnect == "cancel" else endpoint


def make_fallback(place: Equipment, limits: Limits, connections: Connections) -> ASGIApp:
    """Return what answers connections to unknown paths: 404."""
    return serve(raise_not_found, place, limits, connections)


async def raise_not_found(websocket: WebSocket[Any]) -> None:
    """Answer a connection that no route matches."""
    raise NotFound


def serve(  # noqa: C901, PLR0915  # see PERF
    respond: Respond, place: Equipment, limits: Limits, connections: Connections, handler: Handler | None = None
) -> ASGIApp:
    """Return the ASGI app that serves connections with *respond*, inside the flat middleware of *place*.

    Args:
        handler: What *respond* calls, for messages.
    """
    is_checked = bool(place.steps)
    if is_checked:
        respond = Loop(place.steps, make_silent(respond, handler), handler, place).respond
    fail = place.failure.respond
    safe_length = limits.safe_length
    tasks = connections.tasks
    find = find_task

    # PERF: everything in one frame; a function for a part of it would cost each connection a call (row "WebSocket, 10
    # echoes").
    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        websocket = ServedWebSocket()
        websocket.scope = scope
        websocket.place = place
        websocket._receive = receive
        websocket._send = send
        websocket._phase = _NEW
        websocket._limits = limits
        websocket._safe_length = safe_length
        websocket._take = websocket._text = None
        tasks[websocket] = find(connections.loop)
        try:
            try:
                if connections.is_draining:
                    raise HTTPException(503)
                answer = await respond(websocket)
                if answer is not None and not is_checked:
                    check_answer(answer, websocket, handler)
            except asyncio.CancelledError:
                if connections.has_cancelled(websocket):
                    answer = None
                    websocket.error = WebSocketException(CloseCode.GOING_AWAY)
                else:
                    answer = await fail(websocket, blame_other())
            except Exception as error:
                answer = await fail(websocket, error)
            if websocket._phase is not _GONE and websocket._phase is not _CLOSED:
                await conclude(websocket, answer)
        finally:
            websocket.error = None  # Its traceback leads back to the connection.
            del tasks[websocket]
            if connections.is_draining:
                connections.note_served()

    return endpoint


def make_silent(respond: Respond, handler: Handler | None) -> Respond:
    """Return *respond* with a response that says nothing for a connection that was served, for middleware to see."""

    async def respond_silently(websocket: WebSocket[Any]) -> Response:
        answer = await respond(websocket)
        if answer is None:
            return Silence()
        check_answer(answer, websocket, handler)
        response: Response = answer
        return response

    return respond_silently


def check_answer(answer: Any, websocket: WebSocket[Any], handler: Handler | None) -> None:
    """Raise for what a handler cannot return: it is only a response that can deny, and only before anything else did.

    Raises:
        ResponseError: The message names the handler.
    """
    if not isinstance(answer, Response):
        what = f"returned {type(answer).__name__}: {answer!r:.200}"
    elif is_answered(websocket):
        what = f"returned {answer!r} for a connection {websocket.phase.value}"
    else:
        return
    raise ResponseError(
        f"The WebSocket handler {handler} {what}. Send messages with websocket.send_text(…), send_bytes(…) or "
        "send_json(…) and return nothing, or return a Response before accept() to deny the connection."
    )


async def conclude(websocket: WebSocket[Any], answer: Response | None, *, flush_seconds: float = FLUSH_SECONDS) -> None:
    """End a connection that its handler has left open, in the way that *answer* and the error behind it say.

    Args:
        flush_seconds: How long a client that takes nothing holds the closing up; then it is left to the server.
    """
    try:
        if websocket.is_open or answer is None or isinstance(answer, Silence):
            with suppress(TimeoutError):
                async with limit_time(flush_seconds):
                    await websocket.close(*choose_close(websocket.error, answer))
        elif not is_answered(websocket):
            await websocket.send_denial_response(answer)
    except ClientDisconnect:
        return
    except Exception as error:
        if websocket.error is None:  # Else it is known already that the connection ends badly.
            log_failure(websocket, error)
        raise


def limit_time(seconds: float) -> AbstractAsyncContextManager[Any]:
    """Return what ends its block after *seconds*, with a `TimeoutError`; it takes a task to do so."""
    return nullcontext() if asyncio.current_task() is None else asyncio.timeout(seconds)


def choose_close(error: Exception | None, answer: Response | None) -> tuple[int, str]:
    """Return code and reason for a connection that ends after *error*; nothing of the inside is told.

    Args:
        error: What the handler has raised, or `None` when it is done.
        answer: What an HTTP request would have been answered for that error.
    """
    if error is None:
        return CloseCode.NORMAL_CLOSURE, ""
    if isinstance(error, WebSocketException):
        return error.code, error.reason
    status_code = 500 if answer is None or isinstance(answer, Silence) else answer.status_code
    reason = error.detail if isinstance(error, HTTPException) else find_phrase(status_code)
    return find_code(status_code, is_open=True), trim_reason(reason)
