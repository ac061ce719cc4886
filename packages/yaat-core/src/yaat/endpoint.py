"""This file is the last step of a request: from what a handler returns to the messages that ASGI sends."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from types import FunctionType
from typing import Any, Protocol

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .background import BackgroundRunner, list_tasks
from .body import Inbox
from .cancellation import blame_other
from .connection import Place
from .convert import ResponseConverter
from .deferred import Deferred
from .exceptions import ClientDisconnect
from .failure import Failure, log_failure
from .handler import Handler
from .leaving import says_that_client_left, tell_clients_apart
from .middleware import Respond
from .request import Request
from .response import Response
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

    @property
    def steps(self) -> Sequence[Any]:
        """Middleware of the flat kind, outermost first, for other protocols; on HTTP it is in what answers already."""


class Endpoint:
    """What the build makes of a route.

    Attributes:
        respond: Handler, parameters and middleware in one callable: from request to response.
        place: What its requests know.
        handler: What *respond* calls, for messages.
        app: An ASGI app that serves in place of all that, or `None`.
    """

    __slots__ = ("app", "handler", "place", "respond")

    def __init__(
        self, respond: Respond, place: Any, handler: Handler | None = None, app: ASGIApp | None = None
    ) -> None:
        self.respond = respond
        self.place = place
        self.handler = handler
        self.app = app


def serve_by(app: ASGIApp) -> Endpoint:
    """Return the endpoint that an ASGI app is."""
    return Endpoint(_nobody, None, None, call_directly(app))


def call_directly(app: ASGIApp) -> ASGIApp:
    """Return what Python calls in one step where *app* is an object, which it looks through first.

    PERF: that costs every request (row "5 ASGI middleware").
    """
    if isinstance(getattr(type(app), "__call__", None), FunctionType):  # noqa: B004  # not whether, but how it is called
        return app.__call__  # type: ignore[operator,no-any-return]  # mypy takes it for a function already
    return app


async def _nobody(request: Any) -> Any:
    """Stand in for what an ASGI app does by itself."""


def make_app(respond: Respond, place: Equipment, handler: Handler | None = None) -> ASGIApp:
    """Return the ASGI app that answers requests of any method, HEAD without content, with what *respond* gives."""
    return _App(respond, place, handler)


def answer_as_get(find: Callable[[Scope, str], Endpoint]) -> ASGIApp:
    """Return the ASGI app that answers HEAD as GET, without content (RFC 9110 §9.3.2).

    It finds what serves GET when it is asked, so that routes need no endpoint for HEAD beside it.
    """

    def answer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        endpoint = find(scope, "GET")
        app = endpoint.app or make_app(endpoint.respond, endpoint.place, endpoint.handler)
        return app(scope, receive, send)

    return answer


class _App:
    """What `make_app` gives; an object, as it takes a sixth of the memory of a function that remembers as much."""

    __slots__ = ("_handler", "_place", "_respond")
    #: Tells libraries that still know ASGI 2 that this is ASGI 3, as a coroutine function would (asgiref).
    _asgi_single_callable = True

    def __init__(self, respond: Respond, place: Equipment, handler: Handler | None) -> None:
        self._respond = respond
        self._place = place
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = self._place
        request: Request[Any] = Request(scope, receive, place, send)
        try:
            try:
                response = await self._respond(request)
                if not isinstance(response, Response):
                    response = await place.converter.convert(response, request, self._handler)
                response.complete(place.encode)
            except Exception as error:
                response = await place.failure.respond(request, error)
                request.error = None  # As in `yaat.line`.
            except asyncio.CancelledError:
                response = await place.failure.respond(request, blame_other())
                request.error = None
            await _deliver(response, request, send)
        finally:
            if request.needs_closing:
                request.close()


async def _deliver(response: Response, request: Request[Any], send: Send) -> None:
    """Send *response*, and run its background work, as `yaat.line` does in its own frame."""
    watch: Any = response if response.notes_start else Watch(send)
    try:
        await response(request.scope, request.receive, send if watch is response else watch.send)
    except Exception as error:
        await end_badly(error, watch, request, send)
    except asyncio.CancelledError:
        await end_badly(blame_other(), watch, request, send)
    if response.background is not None:
        await run_background(response, request)


#: What the error that says that the client has left is marked with.
_LEFT = "yaat.left"


class Watch:
    """A `send` that is watched for the first message, and for the error that says that the client has left."""

    __slots__ = ("_mark", "_send", "is_started")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_started = False
        # In place of the error, which would lead back here by its traceback: a circle only the garbage collector finds.
        self._mark: object = None

    async def send(self, message: Message) -> None:
        """Send *message*."""
        self.is_started = True
        try:
            await self._send(message)
        except OSError as error:
            if says_that_client_left(error):
                self._mark = vars(error)[_LEFT] = object()
            raise

    def explains(self, error: Exception) -> bool:
        """Return whether the client's leaving is why there is *error*; apps of others raise what they like then."""
        causes: list[BaseException] = []
        cause: BaseException | None = error
        while cause is not None and cause not in causes:  # Somebody may have tied them in a circle.
            causes.append(cause)
            cause = cause.__cause__ or cause.__context__
        return self._mark is not None and any(vars(cause).get(_LEFT) is self._mark for cause in causes)


def check_background(response: Response) -> None:
    """Raise for background work that is none, before anything is sent: the response then goes without.

    Raises:
        TypeError: It is none.
    """
    background, response.background = response.background, None
    response.background = list_tasks(background)


async def run_background(response: Response, request: Request[Any]) -> None:
    """Run the background work of *response*; what goes on when this is cancelled closes the request itself."""
    runner: BackgroundRunner = request.place.background  # type: ignore[attr-defined]  # an Equipment
    work = runner.start(response.background)
    try:
        # Its own end concerns it alone: the server is not told that it was cancelled when the app stopped.
        await asyncio.wait([work])
    finally:
        if not work.done():
            request.needs_closing = False
            work.add_done_callback(lambda _: request.close())


async def end_badly(error: Exception, watch: Any, request: Request[Any], send: Send) -> None:
    """Do what is left to do when sending a response has raised *error*.

    A client that leaves ends the sending quietly. An error before the first message becomes an error response; after
    it, the connection must be broken off, which only the server can do: so it is logged here and raised.

    Args:
        watch: The response, if it notes its start, else the `Watch` it was sent through.
    """
    error = tell_clients_apart(error, request)
    if isinstance(error, ClientDisconnect):
        return
    if not watch.is_started:
        await deliver_failure(request, error, send)
    elif not (isinstance(watch, Watch) and watch.explains(error)):
        log_failure(request, error)
        try:
            raise error
        finally:
            del error  # Its traceback leads to this frame.


async def deliver_failure(request: Request[Any], error: Exception, send: Send) -> None:
    """Send the error response for something that failed before it had sent anything, if the client is still there."""
    failure: Failure = request.place.failure  # type: ignore[attr-defined]  # an Equipment
    response = await failure.respond(request, error)
    request.error = None
    with suppress(ClientDisconnect):
        await response(request.scope, request.receive, send)


def cancel_when_left(app: ASGIApp) -> ASGIApp:
    """Return *app* with its handler cancelled when the client leaves before it is done."""

    async def cancelling(scope: Scope, receive: Receive, send: Send) -> None:
        inbox = Inbox(receive)
        try:
            await send_while_listening(app(scope, inbox.receive, send), inbox.receive)
        finally:
            inbox.close()

    return cancelling


def respond_from(app: ASGIApp, change_scope: Callable[[Scope], Scope] = lambda scope: scope) -> Respond:
    """Return what lets an ASGI app answer inside the pipeline."""

    async def respond(request: Request[Any]) -> Deferred:
        request.scope.setdefault("yaat.logged", object())  # Shared with what is further in, whose scope may be a copy.
        return Deferred(app, change_scope(request.scope))

    return respond
