"""This file is an app with a life of many parts, each of which may fail, and the server that starts and stops it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any

from yaat import Plugin, Yaat, hookimpl
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.records import Lifespan
from yaat_forms import FormsPlugin
from yaat_typed import TypedPlugin, Use, inject
from yaat_websockets import WebSocketsPlugin

from .driving import Ledger, pause
from .exchange import Exchange

#: What is entered, in this order.
PARTS = ("plugin", "lifespan", "on_startup", "child plugin", "dependency", "ASGI app")


class Fault:
    """What goes wrong where.

    Args:
        part: One of `PARTS`.
        phase: `startup` or `shutdown`.
        error: Is raised there.
    """

    def __init__(self, part: str = "", phase: str = "", error: Callable[[], BaseException] = RuntimeError) -> None:
        self._place = part, phase
        self._error = error

    def strike(self, part: str, phase: str) -> None:
        """Raise if this is the place."""
        if self._place == (part, phase):
            raise self._error()


class Diary:
    """What was entered and left, in order, with a fault at one place."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault or Fault()
        self.ledger = Ledger()
        self.lines: list[str] = []

    @asynccontextmanager
    async def hold(self, part: str) -> AsyncIterator[None]:
        """Enter *part*, and leave it."""
        await pause()
        self.fault.strike(part, "startup")
        # From here on it is to be left.
        with self.ledger.hold(part):
            self.lines.append(f"+{part}")
            try:
                yield
            finally:
                await pause()
                self.lines.append(f"-{part}")
                self.fault.strike(part, "shutdown")


class Held(Plugin):
    """A plugin with a lifespan."""

    name = "held"

    def __init__(self, diary: Diary, part: str) -> None:
        self._diary = diary
        self._part = part

    @hookimpl
    def yaat_register_lifespans(self, app: Any) -> Lifespan:
        """Enter and leave."""
        return Lifespan(name=self._part, context=lambda app: self._diary.hold(self._part))


def make_app(diary: Diary) -> Yaat:
    """Return an app whose life has all of `PARTS`."""

    async def connect() -> AsyncIterator[str]:
        async with diary.hold("dependency"):
            yield "value"

    @inject
    async def depend(app: Yaat, value: Annotated[str, Use(connect)]) -> AsyncIterator[None]:
        yield

    async def hold(app: Yaat) -> AsyncIterator[None]:
        async with diary.hold("lifespan"):
            yield

    app = Yaat(autoload=False, plugins=list_plugins(diary, "plugin"), lifespan=hold)
    child = Yaat(autoload=False, plugins=list_plugins(diary, "child plugin"), lifespan=depend)
    app.mount("/child", child)
    app.mount("/asgi", make_asgi_app(diary))
    stack = AsyncExitStack()

    @app.on_startup
    async def start() -> None:
        await stack.enter_async_context(diary.hold("on_startup"))

    @app.on_shutdown
    async def stop() -> None:
        await stack.aclose()

    return app


def list_plugins(diary: Diary, part: str) -> list[Plugin]:
    """Return plugins with a life."""
    return [Held(diary, part), FormsPlugin(), TypedPlugin(), WebSocketsPlugin()]


def make_asgi_app(diary: Diary) -> ASGIApp:
    """Return an ASGI app of somebody else's that has a life of its own."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        phase = "startup"
        try:
            async with diary.hold("ASGI app"):
                await send({"type": "lifespan.startup.complete"})
                phase = "shutdown"
                await receive()
        except RuntimeError as error:
            await send({"type": f"lifespan.{phase}.failed", "message": f"{error}"})
        else:
            await send({"type": "lifespan.shutdown.complete"})

    return app


def make_exchange() -> Exchange:
    """Return a server that starts an app, and stops it at once."""
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    return Exchange(scope, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
