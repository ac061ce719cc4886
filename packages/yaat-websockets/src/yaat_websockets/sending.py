"""This file is sending beside receiving: what comes from elsewhere goes to the client while its handler listens."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from .answer import expect_answer
from .beside import beside
from .channel import Subscription
from .websocket import WebSocket


@asynccontextmanager
async def sending(websocket: WebSocket[Any], messages: AsyncIterable[Any]) -> AsyncIterator[None]:
    """Send *messages* as they come for as long as the block runs.

    `str` goes as text, `bytes` as binary, anything else as JSON. An error of either side ends the other, and is raised
    as it was. Before the connection is accepted nothing is asked of *messages*: those of a subscription wait, as many
    as its limit lets. A subscription that is given up ends the block even while a message to the client hangs.
    """
    work = [_send_each(websocket, messages, expect_answer(websocket))]
    if isinstance(messages, Subscription) and messages.limit.when_full == "close":
        work.append(messages.raise_when_given_up())  # Sending, which hangs when the client takes nothing, is not told.
    async with beside(*work):
        yield


async def _send_each(websocket: WebSocket[Any], messages: AsyncIterable[Any], answered: asyncio.Event) -> None:
    """Send *messages* until they or the connection end."""
    await answered.wait()
    iterator = aiter(messages)
    try:
        async for message in iterator:
            if not websocket.is_open:
                return
            if isinstance(message, str):
                await websocket.send_text(message)
            elif isinstance(message, bytes):
                await websocket.send_bytes(message)
            else:
                await websocket.send_json(message)
    finally:
        if isinstance(iterator, AsyncGenerator):
            await iterator.aclose()  # Or its `finally` would run who knows when.
