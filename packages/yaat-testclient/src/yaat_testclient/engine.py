"""This file is the app in the hands of a client: its lifespan, and all that goes on with it at once.

All of it lives on one event loop; which one, and who drives it, is the transports' business.
"""

import asyncio
from contextlib import AbstractContextManager, AsyncExitStack
from importlib import import_module
from typing import Any

from .asgi import ASGIApp, Scope
from .conversation import Conversation
from .exchange import Exchange, HTTPExchange, Progress
from .lifespan import Lifespan
from .options import Library, Options
from .run import AppRun
from .scopes import make_http_scope, make_websocket_scope
from .supervision import Supervision
from .websocket_conversation import WebSocketConversation
from .websocket_exchange import Accepted, Refused, WebSocketExchange


class Engine:
    """Runs one app.

    Args:
        app: The app.
        options: How the client treats it.
        library: The HTTP library of the client.

    Raises:
        TypeError: *app* cannot be called.
    """

    def __init__(self, app: ASGIApp, options: Options, library: Library) -> None:
        if not callable(app):
            raise TypeError(
                f"A test client needs an ASGI app, not {app!r}. "
                "Give it the app itself: a callable that takes scope, receive and send."
            )
        self._app = app
        self._options = options
        self._library = library
        self._state: dict[str, Any] = {}
        # Beside what the lifespan gives: an app refuses to start when its state has a name already.
        self._overriding: dict[str, Any] = {}
        self._lifespan: Lifespan | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: set[Conversation | WebSocketConversation] = set()

    async def start(self) -> None:
        """Run the lifespan up to the first request, unless the options leave it out.

        Raises:
            LifespanError: The app could not start.
        """
        self._loop = asyncio.get_running_loop()
        if self._options.lifespan != "off":
            self._lifespan = Lifespan(self._app, self._options, self._state)
            await self._lifespan.start()

    async def stop(self) -> None:
        """End what is still going on, then the lifespan.

        Raises:
            LifespanError: The app could not stop.
            BaseException: What it did wrong, if that has not been raised before.
        """
        # Whatever fails, the rest is still ended; the stack chains the failures.
        async with AsyncExitStack() as stack:
            if self._lifespan is not None:
                stack.push_async_callback(self._lifespan.stop)
            for conversation in self._open:
                stack.push_async_callback(conversation.supervision.finish)
                stack.push_async_callback(conversation.end)
            self._open = set()
            self._lifespan = None

    def override(self, **changes: Any) -> AbstractContextManager[None]:
        """Return a context manager in which the app is different; see `yaat_testclient.overrides`."""
        # The core is imported for this alone: the client tests any ASGI app.
        overrides = import_module("yaat_testclient.overrides")
        context: AbstractContextManager[None] = overrides.override(self._app, self._overriding, **changes)
        return context

    async def finish_background(self) -> None:
        """Wait until every call of the app that has been answered has ended.

        Raises:
            ReadTimeout: One of them went on beyond its limit.
            BaseException: What one of them did wrong.
        """
        for conversation in list(self._open):
            if conversation.is_answered:
                await conversation.supervision.finish()

    async def begin(
        self, request: Any, body: bytes | None, limit_seconds: float | None
    ) -> tuple[Conversation, Progress]:
        """Put an HTTP request to the app, and return the first news of the response.

        Args:
            request: The request.
            body: Its whole body, or `None` if it is to come in pieces.
            limit_seconds: How long the app may take for the next thing the client waits for.
        """
        scope = make_http_scope(request, **self._get_facts())
        exchange = HTTPExchange(request.method, body)
        conversation = Conversation(
            self._supervise(scope, exchange, limit_seconds),
            exchange,
            self._library,
            wait_for_background=self._options.wait_for_background,
        )
        self._track(conversation)
        return conversation, await conversation.begin()

    async def connect(
        self, request: Any, subprotocols: tuple[str, ...], limit_seconds: float | None
    ) -> tuple[WebSocketConversation, Accepted | Refused]:
        """Put a WebSocket handshake to the app, and return its answer."""
        scope = make_websocket_scope(request, subprotocols, **self._get_facts())
        exchange = WebSocketExchange()
        conversation = WebSocketConversation(self._supervise(scope, exchange, limit_seconds), exchange)
        self._track(conversation)
        return conversation, await conversation.connect()

    def _supervise(self, scope: Scope, exchange: Exchange, limit_seconds: float | None) -> Supervision:
        run = AppRun(self._app, scope, exchange, strict=self._options.strict)
        return Supervision(run, self._options, self._library, limit_seconds)

    def _get_facts(self) -> dict[str, Any]:
        """Return what a scope says beside the request.

        Raises:
            RuntimeError: The lifespan was started on another loop than the one that runs now.
        """
        if self._loop is not None and self._loop is not asyncio.get_running_loop():
            raise RuntimeError(
                "This client was opened on one event loop and is used on another, where the app's "
                "connections and locks would not work.\n"
                "Open it in the test itself, or give fixture and test the same loop scope."
            )
        options = self._options
        state = {**self._state, **self._overriding}
        return {"client": options.client, "root_path": options.root_path, "state": state}

    def _track(self, conversation: Conversation | WebSocketConversation) -> None:
        self._open = {known for known in self._open if not known.supervision.is_settled}
        self._open.add(conversation)
