"""This file is the rim: where a client's requests meet its app, in two colours.

It is written against what httpx and httpx2 share; `Library` says what that is.
"""

import asyncio
import threading
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from .engine import Engine
from .errors import AppLeftBehindWarning
from .exchange import Head
from .loop_thread import LoopBlocked, LoopThread
from .options import Library
from .websocket_exchange import Accepted, Refused

T = TypeVar("T")

#: The request extension that asks for a WebSocket; its value is the subprotocols. The response has,
#: under the same name, what a session needs to go on.
WEBSOCKET = "yaat_testclient.websocket"


class SyncTransport:
    """Runs the app on a loop in a thread of its own.

    The loop starts with the first request, or with the ``with`` block of the client, and ends with
    the client. It turns between the calls of a test too, so timers and background tasks of the app
    go on as on a server.

    Args:
        engine: The app.
        library: The HTTP library of the client.
        limit_seconds: How long the app may take to start and to stop.
    """

    def __init__(self, engine: Engine, library: Library, limit_seconds: float | None) -> None:
        self.engine = engine
        self._library = library
        self._limit_seconds = limit_seconds
        self._lock = threading.Lock()
        self._thread: LoopThread | None = None

    def __enter__(self) -> "SyncTransport":
        try:
            self.call(self.engine.start, limit_seconds=self._limit_seconds)
        except BaseException:
            self._close_thread()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        with noted_on(error):
            self.close()

    def handle_request(self, request: Any) -> Any:
        """Put *request* to the app and return its response once that has started."""
        limit = read_limit(request)
        call = partial(self.call, limit_seconds=limit)
        if WEBSOCKET in request.extensions:
            subprotocols = request.extensions[WEBSOCKET]
            websocket, answer = call(self.engine.connect, request, subprotocols, limit)
            return make_handshake_response(self._library, answer, (websocket, call))
        check_scheme(self._library, request)
        content = request.stream
        body = b"".join(content) if isinstance(content, self._library.ByteStream) else None
        conversation, progress = call(self.engine.begin, request, body, limit)
        stream = self._library.SyncStream(call, conversation, iter(content))
        return make_response(self._library, stream.open(progress), stream)

    def finish_background(self) -> None:
        """Wait until every call of the app that has been answered has ended."""
        if self._thread is not None:
            self.call(self.engine.finish_background, limit_seconds=self._limit_seconds)

    def close(self) -> None:
        """Stop the app and end the loop. Closing again does nothing."""
        if self._thread is None:
            return
        try:
            if not self._thread.is_blocked:
                self.call(self.engine.stop, limit_seconds=self._limit_seconds)
        finally:
            self._close_thread()

    def call(
        self,
        function: Callable[..., Coroutine[Any, Any, T]],
        *args: Any,
        limit_seconds: float | None,
    ) -> T:
        """Run a coroutine function on the app's loop and return its result.

        Raises:
            ReadTimeout: The app blocks its loop.
            BaseException: What *function* raised.
        """
        with self._lock:
            if self._thread is None:
                self._thread = LoopThread()
            thread = self._thread
        try:
            return thread.call(function, *args, limit_seconds=limit_seconds)
        except LoopBlocked as blocked:
            raise self._library.ReadTimeout(str(blocked)) from None

    def _close_thread(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None and not thread.close() and not thread.is_blocked:
            warnings.warn(
                "The app's loop has not ended: a thread that the app has started is still at work.",
                AppLeftBehindWarning,
                stacklevel=2,
            )


class AsyncTransport:
    """Runs the app on the loop of the test.

    Args:
        engine: The app.
        library: The HTTP library of the client.
    """

    def __init__(self, engine: Engine, library: Library) -> None:
        self.engine = engine
        self._library = library

    async def __aenter__(self) -> "AsyncTransport":
        check_asyncio()
        await self.engine.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        with noted_on(error):
            await self.aclose()

    async def handle_async_request(self, request: Any) -> Any:
        """Put *request* to the app and return its response once that has started."""
        check_asyncio()
        limit = read_limit(request)
        if WEBSOCKET in request.extensions:
            subprotocols = request.extensions[WEBSOCKET]
            websocket, answer = await self.engine.connect(request, subprotocols, limit)
            return make_handshake_response(self._library, answer, websocket)
        check_scheme(self._library, request)
        content = request.stream
        body = b"".join(content) if isinstance(content, self._library.ByteStream) else None
        conversation, progress = await self.engine.begin(request, body, limit)
        stream = self._library.AsyncStream(conversation, aiter(content))
        return make_response(self._library, await stream.open(progress), stream)

    async def finish_background(self) -> None:
        """Wait until every call of the app that has been answered has ended."""
        await self.engine.finish_background()

    async def aclose(self) -> None:
        """Stop the app. Closing again does nothing."""
        await self.engine.stop()


@contextmanager
def noted_on(error: BaseException | None) -> Iterator[None]:
    """Let a failure of the block be a note on *error*, which matters more, if there is one."""
    try:
        yield
    except BaseException as failure:
        if error is None:
            raise
        error.add_note(f"Closing the client failed too: {failure!r}")


def read_limit(request: Any) -> float | None:
    """Return the read timeout of *request* in seconds; `None` is no limit."""
    timeout: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeout.get("read")


def check_asyncio() -> None:
    """Refuse to run under another library than asyncio.

    Raises:
        RuntimeError: No asyncio loop is running.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "AsyncTestClient needs asyncio, and this code runs on something else.\n"
            "With anyio's pytest plugin, let the fixture anyio_backend return 'asyncio'."
        ) from None


def check_scheme(library: Library, request: Any) -> None:
    """Refuse a URL that HTTP cannot reach.

    Raises:
        UnsupportedProtocol: Its scheme is neither http nor https.
    """
    if request.url.scheme not in {"http", "https"}:
        raise library.UnsupportedProtocol(
            f"A test client cannot request {str(request.url)!r}. "
            "Use a path, or an http or https URL; for a WebSocket, websocket_connect()."
        )


def make_response(library: Library, head: Head, stream: Any) -> Any:
    """Return the response that starts with *head* and whose body is *stream*.

    What arrives after the start shows up in the same lists and dicts later.
    """
    return library.Response(
        head.status,
        headers=head.headers,
        stream=stream,
        extensions={
            "http_version": b"HTTP/1.1",
            "http.response.early_hint": head.links,
            "http.response.trailers": head.trailers,
            "http.response.debug": head.debug,
        },
    )


def make_handshake_response(library: Library, answer: Accepted | Refused, session: Any) -> Any:
    """Return the response to a WebSocket handshake: 101 if the app has accepted (RFC 6455 §4.2.2)."""
    if isinstance(answer, Accepted):
        status, body = 101, b""
    else:
        status, body = answer.status, answer.body
    return library.Response(
        status,
        headers=answer.headers,
        stream=library.ByteStream(body),
        extensions={"http_version": b"HTTP/1.1", WEBSOCKET: (answer, session)},
    )
