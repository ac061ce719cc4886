"""This file is what makes an HTTP client a test client: a constructor and a few more methods.

`yaat_testclient.httpx` and `yaat_testclient.httpx2` put it in front of the clients of their library.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from .asgi import ASGIApp
from .async_sessions import AsyncWebSocketSession
from .engine import Engine
from .options import Library, Lifespan, Options
from .sessions import WebSocketSession
from .transports import AsyncTransport, SyncTransport

#: Long enough for what an app does in a test, short enough to wait for when it hangs.
TIMEOUT_SECONDS = 10.0
#: Where requests come from: a name instead of an address, so it is never anybody's.
CLIENT = ("testclient", 50000)


class SyncTestClient:
    """Calls an ASGI app in process, synchronously; the other base is the library's `Client`.

    As a context manager it runs the app's lifespan. Without, requests work and no lifespan runs.
    The app runs on an event loop in a thread of its own, so it goes on between the calls of a test,
    and may be tested from code that runs on another loop. A call sees the context variables of the
    code that makes it.

    Args:
        app: Any ASGI 3 app.
        base_url: What a path is added to. Its scheme and host are what the app sees.
        raise_server_exceptions: Raise in the test what the app did not handle; otherwise answer as
            a server would, with a 500 or by breaking off.
        strict: Hold every message of the app against the ASGI specification, and raise
            `ASGIViolation` when one breaks it.
        wait_for_background: Return from a call only when the app has ended its work on it;
            otherwise `finish_background` waits for that.
        lifespan: ``auto`` goes on without if the app has none, ``on`` insists, ``off`` runs none.
        client: The address requests come from.
        root_path: Where the app is mounted, like ``/api``. As a server does, it is put in front of
            the path of each request.
        timeout_seconds: How long the app may take for the next thing a test waits for; `None` for
            ever. A request may have its own, ``timeout``.
        follow_redirects: Whether redirects are followed.
        headers: Sent with every request.
        client_options: Whatever else the `Client` of the library takes, such as ``cookies``,
            ``auth``, ``params`` and ``event_hooks``.

    Raises:
        TypeError: *app* cannot be called.
        ValueError: An option makes no sense.
    """

    #: Not a class of tests, whatever its name.
    __test__ = False

    _library: ClassVar[Library]

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: Any = "http://testserver",
        raise_server_exceptions: bool = True,
        strict: bool = True,
        wait_for_background: bool = True,
        lifespan: Lifespan = "auto",
        client: tuple[str, int] = CLIENT,
        root_path: str = "",
        timeout_seconds: float | None = TIMEOUT_SECONDS,
        follow_redirects: bool = True,
        headers: Any = None,
        **client_options: Any,
    ) -> None:
        options = Options(
            raise_server_exceptions=raise_server_exceptions,
            strict=strict,
            wait_for_background=wait_for_background,
            lifespan=lifespan,
            client=client,
            root_path=root_path,
            timeout_seconds=timeout_seconds,
        )
        engine = Engine(app, options, self._library)
        self._app_transport = SyncTransport(engine, self._library, timeout_seconds)
        # The next base is the library's client, which takes all this.
        super().__init__(  # type: ignore[call-arg]
            transport=self._app_transport,
            base_url=base_url,
            timeout=timeout_seconds,
            follow_redirects=follow_redirects,
            headers=headers,
            **client_options,
        )

    def websocket_connect(
        self, url: Any, *, subprotocols: Sequence[str] = (), **request_options: Any
    ) -> WebSocketSession:
        """Return a WebSocket to *url*, which is connected when it is entered with ``with``.

        Args:
            url: A path, or an absolute URL.
            subprotocols: What the client offers, best first.
            request_options: ``headers``, ``params``, ``cookies`` and ``timeout``, as for a request.
        """
        return WebSocketSession(self, url, subprotocols, request_options)

    def override(
        self,
        *,
        plugin: Any = None,
        block: Sequence[str] = (),
        resolver: Any = None,
        state: Mapping[str, Any] | None = None,
    ) -> AbstractContextManager[None]:
        """Return a context manager in which the app is different: ``with client.override(plugin=FakeMail()):``.

        It reaches the apps that are mounted in the app, those that ASGI middleware keeps as its `app` too, and ends
        with the block, whatever happens in it. The lifespan of a plugin that comes in runs if the client is opened
        inside the block, and not if it is open already.

        Args:
            plugin: A plugin, or a list of them; each takes the place of the active plugin of its name.
            block: Names of active plugins to go without.
            resolver: A `ParameterResolver`, or a list of them; each takes the place of the one of its name.
            state: Values in `app.state`, and in the state of requests over what the lifespan gives.

        Raises:
            ConfigurationError: No app has such a plugin or resolver, or the app cannot be built with it.
            TypeError: The app is no `Yaat`, and more than *state* is to be overridden.
        """
        return self._app_transport.engine.override(
            plugins=list_given(plugin), block=block, resolvers=list_given(resolver), state=dict(state or {})
        )

    def disconnect(self, response: Any) -> None:
        """Go away in the middle of *response*, and wait until the app has ended.

        The app's `receive` gives ``http.disconnect`` and its `send` raises an `OSError`. An app
        that looks for neither is cancelled, with an `AppLeftBehindWarning`. Leaving a streamed
        response, or closing it, before its end is the same.
        """
        response.close()

    def finish_background(self) -> None:
        """Wait until the app has ended its work on all that it has answered.

        Raises:
            BaseException: What the app did wrong in it.
        """
        self._app_transport.finish_background()


class AsyncTestClient:
    """Calls an ASGI app in process, on the loop of the test; the other base is `AsyncClient`.

    As a context manager it runs the app's lifespan. Without, requests work and no lifespan runs.
    The app shares the event loop with the test, so both may use the same connections, locks and
    queues. A handler that blocks blocks the test too.

    Args:
        app: Any ASGI 3 app. This and all the others are as for `SyncTestClient`.
        base_url: What a path is added to.
        raise_server_exceptions: Raise in the test what the app did not handle.
        strict: Hold every message of the app against the ASGI specification.
        wait_for_background: Return from a call only when the app has ended its work on it.
        lifespan: Run it if there is one, insist on it, or leave it out.
        client: The address requests come from.
        root_path: Where the app is mounted.
        timeout_seconds: How long the app may take for the next thing a test waits for.
        follow_redirects: Whether redirects are followed.
        headers: Sent with every request.
        client_options: Whatever else the `AsyncClient` of the library takes.

    Raises:
        TypeError: *app* cannot be called.
        ValueError: An option makes no sense.
    """

    #: Not a class of tests, whatever its name.
    __test__ = False

    _library: ClassVar[Library]

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: Any = "http://testserver",
        raise_server_exceptions: bool = True,
        strict: bool = True,
        wait_for_background: bool = True,
        lifespan: Lifespan = "auto",
        client: tuple[str, int] = CLIENT,
        root_path: str = "",
        timeout_seconds: float | None = TIMEOUT_SECONDS,
        follow_redirects: bool = True,
        headers: Any = None,
        **client_options: Any,
    ) -> None:
        options = Options(
            raise_server_exceptions=raise_server_exceptions,
            strict=strict,
            wait_for_background=wait_for_background,
            lifespan=lifespan,
            client=client,
            root_path=root_path,
            timeout_seconds=timeout_seconds,
        )
        engine = Engine(app, options, self._library)
        self._app_transport = AsyncTransport(engine, self._library)
        # The next base is the library's client, which takes all this.
        super().__init__(  # type: ignore[call-arg]
            transport=self._app_transport,
            base_url=base_url,
            timeout=timeout_seconds,
            follow_redirects=follow_redirects,
            headers=headers,
            **client_options,
        )

    def websocket_connect(
        self, url: Any, *, subprotocols: Sequence[str] = (), **request_options: Any
    ) -> AsyncWebSocketSession:
        """Return a WebSocket to *url*, which is connected when it is entered with ``async with``.

        Args:
            url: A path, or an absolute URL.
            subprotocols: What the client offers, best first.
            request_options: ``headers``, ``params``, ``cookies`` and ``timeout``, as for a request.
        """
        return AsyncWebSocketSession(self, url, subprotocols, request_options)

    def override(
        self,
        *,
        plugin: Any = None,
        block: Sequence[str] = (),
        resolver: Any = None,
        state: Mapping[str, Any] | None = None,
    ) -> AbstractContextManager[None]:
        """Return a context manager in which the app is different: ``with client.override(plugin=FakeMail()):``.

        It reaches the apps that are mounted in the app, those that ASGI middleware keeps as its `app` too, and ends
        with the block, whatever happens in it. The lifespan of a plugin that comes in runs if the client is opened
        inside the block, and not if it is open already.

        Args:
            plugin: A plugin, or a list of them; each takes the place of the active plugin of its name.
            block: Names of active plugins to go without.
            resolver: A `ParameterResolver`, or a list of them; each takes the place of the one of its name.
            state: Values in `app.state`, and in the state of requests over what the lifespan gives.

        Raises:
            ConfigurationError: No app has such a plugin or resolver, or the app cannot be built with it.
            TypeError: The app is no `Yaat`, and more than *state* is to be overridden.
        """
        return self._app_transport.engine.override(
            plugins=list_given(plugin), block=block, resolvers=list_given(resolver), state=dict(state or {})
        )

    async def disconnect(self, response: Any) -> None:
        """Go away in the middle of *response*, and wait until the app has ended.

        The app's `receive` gives ``http.disconnect`` and its `send` raises an `OSError`. An app
        that looks for neither is cancelled, with an `AppLeftBehindWarning`. Leaving a streamed
        response, or closing it, before its end is the same.
        """
        await response.aclose()

    async def finish_background(self) -> None:
        """Wait until the app has ended its work on all that it has answered.

        Raises:
            BaseException: What the app did wrong in it.
        """
        await self._app_transport.finish_background()


def list_given(given: Any) -> list[Any]:
    """Return what was given, one thing or a list of them or nothing, as a list."""
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]
