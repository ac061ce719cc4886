"""This file is the app as `yaat dev` serves it: itself, or what stands in when it does not start."""

import logging
from collections.abc import Callable

from yaat import Yaat
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.exceptions import ConfigurationError

from ..brief import trim_traceback
from ..finding import Target
from ..loading import load_app
from .pages import answer
from .stand_in import StandIn

#: Called with what went wrong, for the terminal.
Tell = Callable[[BaseException], None]


class StartupWatch(logging.Handler):
    """Keeps the error that the core logs when a lifespan fails: ASGI passes on only its text."""

    def __init__(self) -> None:
        super().__init__()
        self.error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error of *record*."""
        self.error = record.exc_info[1] if record.exc_info else self.error


class Stage:
    """Serves one app.

    Args:
        target: Where it is. It is imported and built now.
        tell: Called with the error when it does not start.
    """

    def __init__(self, target: Target, tell: Tell) -> None:
        self._tell = tell
        self._app = self._open(target)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _open(self, target: Target) -> ASGIApp:
        """Return the app with debug on, or what stands in."""
        try:
            app: ASGIApp = load_app(target)
            if isinstance(app, Yaat):
                prepare(app)
                app.build()
            return app
        except (Exception, SystemExit) as error:
            return self._stand_in(error)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the lifespan of the app. One that fails is replaced by what stands in, so that the server goes on."""
        watch = StartupWatch()
        logger = logging.getLogger("yaat.lifespan")
        logger.addHandler(watch)
        failed = False

        async def tell_server(message: Message) -> None:
            nonlocal failed
            if message["type"] == "lifespan.startup.failed":
                failed = True
                text = str(message.get("message", ""))
                self._app = self._stand_in(watch.error or ConfigurationError(text or "The app did not start."))
                await send({"type": "lifespan.startup.complete"})
            elif not (failed and message["type"].startswith("lifespan.startup")):
                await send(message)

        try:
            await self._app(scope, receive, tell_server)
        finally:
            logger.removeHandler(watch)
        if failed:
            await receive()
            await send({"type": "lifespan.shutdown.complete"})

    def _stand_in(self, error: BaseException) -> StandIn:
        """Tell of *error*, and return what shows it."""
        self._tell(trim_traceback(error))
        return StandIn(error)


def prepare(app: Yaat) -> None:
    """Turn debug on, and show what no handler answers. Set-up of the app's own is left as it is."""
    app.debug = True
    if all(record.key != 500 for record in app.exception_handlers):
        app.exception_handler(500)(answer)
