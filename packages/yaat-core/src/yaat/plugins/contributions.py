"""This file is the hooks by which plugins contribute what answers connections, in call order."""

from collections.abc import Collection, Iterable
from typing import Any

from ..records import Command, ExceptionHandler, Lifespan, Middleware, Protocol
from .markers import hookspec


class Contributions:
    """What answers, and what stands around it: called once for each app, after the formats are known.

    Each hook gives one record, an iterable of records, or `None`. Whatever owner a record names, it gets that of its
    plugin.
    """

    @hookspec
    def yaat_register_protocols(self, app: Any) -> Protocol | Iterable[Protocol] | None:
        """Serve connections of a scope type beyond `http` and `lifespan`.

        Called after the formats, and before any route is placed.

        Args:
            app: The app that is being built.

        Returns:
            `Protocol` records; two for one scope type are an error.

        Order:
            Plugin order, which changes nothing: the type of the scope decides.

        Example:
            ```python
            from yaat import Plugin, hookimpl
            from yaat.records import Protocol

            class EchoPlugin(Plugin):
                name = "echo"

                @hookimpl
                def yaat_register_protocols(self, app):
                    return Protocol(name="echo", make_endpoint=self.serve, make_fallback=self.refuse)

                def serve(self, route, app):
                    async def endpoint(scope, receive, send):
                        await send(await receive())

                    return endpoint

                def refuse(self, app):
                    async def endpoint(scope, receive, send):
                        await send({"type": "echo.close"})

                    return endpoint
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_routes(self, app: Any) -> Any:
        """Add endpoints of the plugin itself.

        Called after the protocols.

        Args:
            app: The app that is being built. Its routes are not placed yet; `yaat_modify_routes` has them all.

        Returns:
            `Route` and `Mount` records. The same method and path twice is an error, unless the app's own route says
            `replaces=True`.

        Order:
            Plugin order, after the routes of the app itself.

        Example:
            ```python
            from yaat import Plugin, Response, hookimpl
            from yaat.routing import Route

            class HealthPlugin(Plugin):
                name = "health"

                @hookimpl
                def yaat_register_routes(self, app):
                    return Route(path="/health", handler=self.answer, name="health")

                async def answer(self, request):
                    return Response("ok")
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_exception_handlers(self, app: Any) -> ExceptionHandler | Iterable[ExceptionHandler] | None:
        """Answer for a status, or for exceptions of a class, in the whole app.

        Called after the routes.

        Args:
            app: The app that is being built.

        Returns:
            `ExceptionHandler` records; two for one key are an error. The app's own for the same key comes first.

        Order:
            Plugin order, which changes nothing: the status decides, and then the nearest class of the exception.

        Example:
            ```python
            from yaat import Plugin, Response, hookimpl
            from yaat.records import ExceptionHandler

            class LookupPlugin(Plugin):
                name = "lookup"

                @hookimpl
                def yaat_register_exception_handlers(self, app):
                    return ExceptionHandler(key=LookupError, handler=self.answer)

                async def answer(self, request, error):
                    return Response("There is no such thing.", 404)
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_middleware(self, app: Any) -> Middleware | Iterable[Middleware] | None:
        """Put code around all handlers.

        Called after the exception handlers.

        Args:
            app: The app that is being built.

        Returns:
            `Middleware` records; their `stage`, `before` and `after` say where they stand.

        Order:
            By stage; then what `before` and `after` ask; then plugin order, the first outermost.

        Example:
            ```python
            from yaat import Middleware, Plugin, hookimpl

            class ServerName:
                def process_response(self, request, response):
                    response.headers["server"] = "yaat"
                    return response

            class ServerNamePlugin(Plugin):
                name = "server-name"

                @hookimpl
                def yaat_register_middleware(self, app):
                    return Middleware(ServerName, stage="edge")
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_lifespans(self, app: Any) -> Lifespan | Iterable[Lifespan] | None:
        """Do asynchronous work before the first request and after the last: open and close, start and stop.

        Called last of the hooks that contribute; what it gives is entered when the app starts.

        Args:
            app: The app that is being built.

        Returns:
            `Lifespan` records. What their context managers yield joins the lifespan state.

        Order:
            Plugin order; they are left in reverse.

        Example:
            ```python
            from contextlib import asynccontextmanager

            from yaat import Plugin, hookimpl
            from yaat.records import Lifespan

            @asynccontextmanager
            async def open_pool(app):
                yield {"pool": ["connection"]}

            class PoolPlugin(Plugin):
                name = "pool"

                @hookimpl
                def yaat_register_lifespans(self, app):
                    return Lifespan(name="pool", context=open_pool)
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_commands(self, commands: Collection[str]) -> Command | Iterable[Command] | None:
        """Add commands to `yaat`.

        Called by the command line of yaat-cli when the app is built: for a command that is not its own, and for
        `yaat --help`. A server never calls it.

        Args:
            commands: The names that are taken.

        Returns:
            `Command` records; two for one name are an error, as is one of *commands*.

        Order:
            Plugin order, which changes nothing: `yaat --help` sorts them by name.

        Example:
            ```python
            from yaat import Plugin, hookimpl
            from yaat.records import Command

            class CountPlugin(Plugin):
                name = "count"

                @hookimpl
                def yaat_register_commands(self):
                    return Command(name="count", run=self.count, summary="Count the routes.")

                def count(self, app, arguments):
                    print(len(app.report.routes))
            ```

        Added in hook API 1.0.
        """
