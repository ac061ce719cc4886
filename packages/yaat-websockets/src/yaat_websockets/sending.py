"""This file is sending beside receiving: what comes from elsewhere goes to the client while its handler listens."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from yaat.exceptions import ClientDisconnect

from .answer import expect_answer
from .websocket import WebSocket


@asynccontextmanager
async def sending(websocket: WebSocket[Any], messages: AsyncIterable[Any]) -> AsyncIterator[None]:
    """Send *messages* as they come for as long as the block runs.

    `str` goes as text, `bytes` as binary, anything else as JSON. An error of either side ends the other, and is raised
    as it was. Before the connection is accepted nothing is asked of *messages*: those of a subscription wait, as many
    as its limit lets.
    """
    answered = expect_answer(websocket)
    try:
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(_send_each(websocket, messages, answered))
            yield
            sender.cancel()
    except BaseExceptionGroup as errors:
        # When one side fails, that the client has left is what the other side sees of it.
        told = [error for error in errors.exceptions if not isinstance(error, ClientDisconnect)]
        if len(told) > 1:
            raise
        raise (told or errors.exceptions)[0] from None


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
