"""This file is the heartbeat: messages that keep an idle connection alive, and notice a client that is silent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from yaat.asgi import Message, Receive

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
    ignore or answer.

    Args:
        every_seconds: Proxies commonly close what is silent for 60 seconds.
        message: `str` goes as text, `bytes` as binary, anything else as JSON.
        silence_seconds: Raise in the block when nothing was received from the client for so long.

    Raises:
        SilentClient: Nothing was heard for *silence_seconds*; uncaught it closes the connection with 1011.
    """
    ear = Ear(asyncio.get_running_loop().time)
    if silence_seconds is not None:
        websocket.wrap_receive(ear.listen_to)
    async with sending(websocket, _beat(every_seconds, message, ear, silence_seconds)):
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

    def listen_to(self, receive: Receive) -> Receive:
        """Return *receive* with an ear on it."""

        async def listening() -> Message:
            message = await receive()
            self._heard_at = self._time()
            return message

        return listening


async def _beat(every_seconds: float, message: Any, ear: Ear, silence_seconds: float | None) -> AsyncIterator[Any]:
    """Yield *message* every so often, unless the silence has lasted too long."""
    while True:
        await asyncio.sleep(every_seconds)
        if silence_seconds is not None and ear.silence_seconds > silence_seconds:
            raise SilentClient(silence_seconds)
        yield message
