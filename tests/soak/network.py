"""This file is clients that visit over the network, several at a time, and leave at any moment."""

import asyncio
from contextlib import suppress
from importlib import import_module
from random import Random

from .visiting import ROWS, Row

_CLIENTS = 4
_ENDLESS_SECONDS = 0.02


async def visit_at(port: int, random: Random, count: int) -> None:
    """Send so many requests to the server at *port*."""
    await asyncio.gather(*[_visit(port, Random(random.random()), count // _CLIENTS) for _ in range(_CLIENTS)])


async def _visit(port: int, random: Random, count: int) -> None:
    """Send one request after the other."""
    for _ in range(count):
        row = random.choice(ROWS)
        with suppress(OSError):
            async with asyncio.timeout(30):
                await (_talk(port, row, random) if row.is_websocket else _ask(port, row, random))


async def _ask(port: int, row: Row, random: Random) -> None:
    """Send one request on a connection of its own, read some of the answer or all, and close or break off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    content = b"".join(row.chunks)
    fields = b"".join(b"%b: %b\r\n" % field for field in (*row.headers, (b"host", b"soak"), (b"connection", b"close")))
    whole = f"{row.method} {row.path} HTTP/1.1\r\n".encode() + fields + b"\r\n" + content
    kind = random.random()
    try:
        writer.write(whole[: random.randrange(len(whole))] if kind < 0.1 else whole)
        if kind < 0.2 or row.is_endless:
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(random.randint(1, 1000)), _ENDLESS_SECONDS)
        elif kind > 0.25:
            await reader.read()
    finally:
        if kind < 0.3:
            writer.transport.abort()
        writer.close()


async def _talk(port: int, row: Row, random: Random) -> None:
    """Speak over a WebSocket."""
    connect, failures = import_module("websockets.asyncio.client").connect, import_module("websockets.exceptions")
    with suppress(failures.WebSocketException):
        client = await connect(f"ws://127.0.0.1:{port}{row.path}", proxy=None)
        try:
            for chunk in row.chunks:
                await client.send(chunk.decode())
                await client.recv()
        finally:
            if random.random() < 0.5:
                client.transport.abort()
            await client.close()
