"""This file is waiting for a handler's answer to an opening, for those who have something to do once it is open."""

import asyncio
from typing import Any

from yaat.asgi import Message

from . import exchange
from .raw_connection import RawConnection


def expect_answer(websocket: RawConnection[Any]) -> asyncio.Event:
    """Return what is set when the opening was accepted or denied; `websocket.is_open` says which."""
    answered = asyncio.Event()
    if exchange.is_answered(websocket):
        answered.set()
        return answered
    send = websocket._send

    async def send_answer(message: Message) -> None:
        websocket._send = send  # The first message is the answer; those that follow do not come this way.
        try:
            await send(message)
        finally:
            answered.set()

    websocket._send = send_answer
    return answered
