"""How an app learns that it will be stopped before its server waits for open streams to end."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from types import FrameType
from typing import Any

import pytest

from yaat import Request, Response, Yaat
from yaat.responses import StreamResponse
from yaat.stopping import SIGNALS, watch_signals

from .asgi_driver import Life
from .asgi_exchange import Exchange, take_turns


class Server:
    """What a server does with signals.

    Attributes:
        log: What has happened, in order.
    """

    def __init__(self) -> None:
        self.log: list[str] = []
        self.loop: asyncio.AbstractEventLoop | None = None

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Do what servers do: note it, and act when the event loop has a turn."""
        self.log.append(f"signal {signal.Signals(number).name}")
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.log.append, "server stops")

    def tell(self) -> None:
        """Note that the app was told."""
        self.log.append("app is told")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that handles both signals."""
    server = Server()
    before = {number: signal.signal(number, server.handle) for number in SIGNALS}
    yield server
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
async def test_app_is_told_before_the_server_acts(server: Server, number: signal.Signals) -> None:
    """On a signal the app is told on the event loop, before the server gets to stop anything."""
    server.loop = asyncio.get_running_loop()
    with watch_signals(server.tell):
        signal.raise_signal(number)
        await take_turns()
    assert server.log == ["app is told", f"signal {number.name}", "server stops"]


async def test_app_can_act_before_the_server_hears(server: Server) -> None:
    """Who waits for the event that the app is told by may start a task, and that may send something."""
    stopping = asyncio.Event()

    async def say_goodbye() -> None:
        server.log.append("goodbye")

    async def act() -> None:
        await stopping.wait()
        await asyncio.create_task(say_goodbye())

    acting = asyncio.create_task(act())
    await take_turns()
    with watch_signals(stopping.set):
        signal.raise_signal(signal.SIGTERM)
        await take_turns()
    await acting
    assert server.log == ["goodbye", "signal SIGTERM"]


async def test_second_signal_reaches_the_server_at_once(server: Server) -> None:
    """An event loop that is blocked cannot tell anybody anything, and has to be broken off."""
    with watch_signals(server.tell):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert server.log == ["signal SIGINT"]
        await take_turns()
    assert server.log == ["signal SIGINT", "app is told", "signal SIGINT"]


async def test_handlers_of_the_event_loop_come_later_too(server: Server) -> None:
    """A server that leaves its signals to the event loop acts after the app was told, too."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, server.log.append, "server stops")
    with watch_signals(server.tell):
        signal.raise_signal(signal.SIGTERM)
        await take_turns()
    loop.remove_signal_handler(signal.SIGTERM)
    assert server.log == ["app is told", "server stops"]


async def test_handlers_are_put_back(server: Server) -> None:
    """Afterwards the server's own handlers stand where they stood."""
    with watch_signals(server.tell):
        assert signal.getsignal(signal.SIGTERM) != server.handle
    assert [signal.getsignal(number) for number in SIGNALS] == [server.handle] * 2
    signal.raise_signal(signal.SIGTERM)
    await take_turns()
    assert server.log == ["signal SIGTERM"]


async def test_handler_that_was_put_in_front_stays(server: Server) -> None:
    """A handler that somebody has put in front meanwhile is left where it is."""

    def handle(number: int, frame: FrameType | None) -> None:
        """Do nothing."""

    with watch_signals(server.tell):
        signal.signal(signal.SIGTERM, handle)
    assert signal.getsignal(signal.SIGTERM) is handle
    assert signal.getsignal(signal.SIGINT) == server.handle


async def test_watches_may_end_in_any_order(server: Server) -> None:
    """Apps of one process put theirs before each other's; when all are over nothing of them is left."""
    with ExitStack() as later:
        with watch_signals(server.tell):
            later.enter_context(watch_signals(lambda: server.log.append("other app is told")))
        signal.raise_signal(signal.SIGTERM)
        await take_turns()
        assert server.log == ["other app is told", "signal SIGTERM"]
    assert signal.getsignal(signal.SIGTERM) == server.handle
    assert signal.getsignal(signal.SIGINT) == server.handle


async def test_signal_that_nobody_handles_is_left_alone(server: Server) -> None:
    """A signal that ends the process, is ignored, or interrupts in Python's own way goes on doing that."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with watch_signals(server.tell):
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


async def test_other_threads_are_left_alone(server: Server) -> None:
    """Outside the main thread, where signals cannot be handled, nothing is done."""

    def watch() -> Any:
        with watch_signals(server.tell):
            return signal.getsignal(signal.SIGTERM)

    assert await asyncio.to_thread(watch) == server.handle
    assert threading.current_thread() is threading.main_thread()


def test_closed_loop_is_not_told(server: Server) -> None:
    """A signal that comes when the event loop is closed reaches the server alone."""

    async def watch() -> Any:
        watching = watch_signals(server.tell)
        watching.__enter__()
        return watching

    watching = asyncio.run(watch())
    signal.raise_signal(signal.SIGTERM)
    assert server.log == ["signal SIGTERM"]
    watching.__exit__(None, None, None)


# --- in an app ---


async def test_stopping_is_set_on_a_signal_and_ends_open_streams(server: Server) -> None:
    """A stream that waits for `app.stopping` ends on the signal, long before the server sends the shutdown."""
    app = Yaat(autoload=False)

    async def wait_for_news() -> AsyncIterator[bytes]:
        yield b"hello"
        await app.stopping.wait()
        yield b"goodbye"

    @app.get("/")
    async def stream(request: Request[Any]) -> Response:
        return StreamResponse(wait_for_news())

    life = Life(app)
    await life.start()
    exchange = Exchange()
    streaming = asyncio.create_task(exchange.serve(app))
    await take_turns()
    assert exchange.body == b"hello"
    signal.raise_signal(signal.SIGTERM)
    await streaming
    assert exchange.body == b"hellogoodbye"
    await life.stop()


async def test_stopping_is_set_before_lifespans_are_left() -> None:
    """Without a signal `app.stopping` is set by the shutdown, before anything is undone."""
    seen: list[bool] = []
    app = Yaat(autoload=False, on_shutdown=[lambda: seen.append(app.stopping.is_set())])
    life = Life(app)
    await life.start()
    assert not app.stopping.is_set()
    await life.stop()
    assert seen == [True]


async def test_stopping_is_cleared_for_another_run() -> None:
    """An app that is started again is not stopping."""
    app = Yaat(autoload=False)
    for _ in range(2):
        life = Life(app)
        await life.start()
        assert not app.stopping.is_set()
        await life.stop()


async def test_handlers_of_the_server_are_put_back_by_the_shutdown(server: Server) -> None:
    """After the shutdown the server's own handlers stand where they stood."""
    life = Life(Yaat(autoload=False))
    await life.start()
    assert signal.getsignal(signal.SIGTERM) != server.handle
    await life.stop()
    assert signal.getsignal(signal.SIGTERM) == server.handle
