"""This file is the last step of a request: from what a handler returns to the messages that ASGI sends."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .background import BackgroundRunner
from .body import Inbox
from .connection import Place
from .convert import ResponseConverter
from .deferred import Deferred
from .exceptions import ClientDisconnect
from .failure import Failure, log_failure
from .handler import Handler
from .middleware import Respond
from .request import Request
from .response import LENGTH_FIELDS, Response
from .streaming import send_while_listening


class Equipment(Place, Protocol):
    """What an endpoint works with: its place, and the services of the app."""

    @property
    def converter(self) -> ResponseConverter:
        """Makes responses of what handlers return."""

    @property
    def failure(self) -> Failure:
        """Makes responses of exceptions."""

    @property
    def background(self) -> BackgroundRunner:
        """Runs background work."""


def make_endpoint(respond: Respond, place: Equipment, handler: Handler | None = None) -> ASGIApp:
    """Return the ASGI app that answers requests with what *respond* gives.

    Args:
        handler: What *respond* calls, for messages.
    """
    convert = place.converter.convert
    fail = place.failure.respond
    encode = place.encode

    # PERF: the common response, whole and with nothing but its own headers, is sent from this very frame: three frames
    # from the server to the handler, eleven calls in all (row "plaintext GET").
    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[Any] = Request(scope, receive, place, send)
        try:
            response = await respond(request)
            if not isinstance(response, Response):
                response = await convert(response, request, handler)
            body = response.raw_body
            if body is None:
                body = response.complete(encode)
        except Exception as error:
            response = await fail(request, error)
            body = response.raw_body
        if (
            body is None
            or response._headers is not None
            or response.status_code != 200
            or response.background is not None
            or len(body) >= 1024
        ):
            await deliver(response, request, send)
            return
        fields = [response._content_type_field, LENGTH_FIELDS[len(body)]]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": fields})
            await send({"type": "http.response.body", "body": body})
        except OSError:  # The client has left (ASGI spec, "Disconnected client").
            return

    return endpoint


def make_silent_endpoint(respond: Respond, place: Equipment, handler: Handler | None = None) -> ASGIApp:
    """Return the ASGI app that answers requests of any method, HEAD without content, with what *respond* gives."""

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[Any] = Request(scope, receive, place, send)
        try:
            response = await respond(request)
            if not isinstance(response, Response):
                response = await place.converter.convert(response, request, handler)
            response.complete(place.encode)
        except Exception as error:
            response = await place.failure.respond(request, error)
        await deliver(response, request, send)

    return endpoint


async def deliver(response: Response, request: Request[Any], send: Send) -> None:
    """Send *response* in full, then run its background work.

    A client that leaves ends the sending quietly. An error before the first message becomes an error response; after
    it, the connection must be broken off, which only the server can do: so it is logged here and raised.
    """
    is_started = False

    def send_noting(message: Message) -> Any:
        nonlocal is_started
        is_started = True
        return send(message)

    try:
        await response(request.scope, request.receive, send_noting)
    except ClientDisconnect:
        pass
    except Exception as error:
        # A foreign app lets the OSError of `send` through.
        if is_started and not (isinstance(response, Deferred) and isinstance(error, OSError)):
            log_failure(request, error)
            raise
        if not is_started:
            await deliver_failure(request, error, send)
    finally:
        request.close()
    if response.background is not None:
        runner: BackgroundRunner = request.place.background  # type: ignore[attr-defined]  # an Equipment
        await asyncio.shield(runner.start(response.background))


async def deliver_failure(request: Request[Any], error: Exception, send: Send) -> None:
    """Send the error response for something that failed before it had sent anything."""
    failure: Failure = request.place.failure  # type: ignore[attr-defined]  # an Equipment
    response = await failure.respond(request, error)
    await response(request.scope, request.receive, send)


def cancel_when_left(endpoint: ASGIApp) -> ASGIApp:
    """Return *endpoint* with its handler cancelled when the client leaves before it is done."""

    async def cancelling(scope: Scope, receive: Receive, send: Send) -> None:
        inbox = Inbox(receive)
        try:
            await send_while_listening(endpoint(scope, inbox.receive, send), inbox.receive)
        finally:
            inbox.close()

    return cancelling


def respond_from(app: ASGIApp, change_scope: Callable[[Scope], Scope] = lambda scope: scope) -> Respond:
    """Return what lets an ASGI app answer inside the pipeline."""

    async def respond(request: Request[Any]) -> Deferred:
        return Deferred(app, change_scope(request.scope))

    return respond
