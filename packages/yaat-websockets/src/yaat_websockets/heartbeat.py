"""This file is the heartbeat: messages that keep an idle connection alive, and notice a client that is silent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from yaat.asgi import Message, Receive

from .answer import expect_answer
from .beside import beside
from .exceptions import SilentClient
from .sending import sending
from .websocket import WebSocket


@asynccontextmanager
async def heartbeat(
    websocket: WebSocket[Any],
    every_seconds: float = 20.0,
    message: Any = "ping",
    *,
    silence_seconds: float | None = None,
) -> AsyncIterator[None]:
    """Send *message* every so often for as long as the block runs, so that nothing on the way to the client gives up.

    ASGI has no ping frames; those are the server's to send. So this is a message like any other, which the client may
    ignore or answer. It begins when the connection is accepted.

    Args:
        every_seconds: Proxies commonly close what is silent for 60 seconds.
        message: `str` goes as text, `bytes` as binary, anything else as JSON.
        silence_seconds: Raise in the block when nothing was received from the client for so long, also while a message
            to the client hangs because it takes none.

    Raises:
        SilentClient: Nothing was heard for *silence_seconds*; uncaught it closes the connection with 1011.
    """
    if silence_seconds is None:
        async with sending(websocket, _beat(every_seconds, message)):
            yield
        return
    ear = Ear(asyncio.get_running_loop().time)
    websocket.wrap_receive(ear.listen_to)
    silence = _notice_silence(websocket, ear, silence_seconds, expect_answer(websocket))
    async with beside(silence), sending(websocket, _beat(every_seconds, message)):
        yield


class Ear:
    """Keeps when a message was last received.

    Args:
        time: A clock, in seconds.
    """

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._heard_at = time()

    @property
    def silence_seconds(self) -> float:
        """How long nothing has been received."""
        return self._time() - self._heard_at

    def begin(self) -> None:
        """Count from now."""
        self._heard_at = self._time()

    def listen_to(self, receive: Receive) -> Receive:
        """Return *receive* with an ear on it."""

        async def listening() -> Message:
            message = await receive()
            self._heard_at = self._time()
            return message

        return listening


async def _beat(every_seconds: float, message: Any) -> AsyncIterator[Any]:
    """Yield *message* every so often."""
    while True:
        await asyncio.sleep(every_seconds)
        yield message


async def _notice_silence(websocket: WebSocket[Any], ear: Ear, silence_seconds: float, answered: asyncio.Event) -> None:
    """Raise when the silence of an open connection has lasted too long.

    Raises:
        SilentClient: It has.
    """
    await answered.wait()
    ear.begin()  # Nobody can say anything before.
    while websocket.is_open:
        seconds_left = silence_seconds - ear.silence_seconds
        if seconds_left < 0:
            raise SilentClient(silence_seconds)
        await asyncio.sleep(seconds_left)
