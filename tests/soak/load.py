"""This file is clients that keep their connections and ask one request after the other, and what became of each."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

#: Comes in two pieces, with a pause between them.
UPLOAD = b"x" * 300_000
UPLOAD_PAUSE_SECONDS = 0.1


@dataclass
class Ask:
    """One request, and what came of it.

    Attributes:
        received: All that came back.
        content: The content, decoded, when the response was complete.
    """

    number: int
    kind: str
    received: bytes = b""
    content: bytes | None = None

    @property
    def is_last(self) -> bool:
        """Whether the server said that it ends the connection."""
        return b"\r\nconnection: close\r\n" in self.received.lower()


@dataclass
class Load:
    """Clients that ask the server at *port*, and everything they have asked.

    Args:
        enough: How many answers set `is_warm`.
    """

    port: int
    enough: int = 100
    asked: list[Ask] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    answered: int = 0
    is_warm: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask_until_closed(self, *kinds: str) -> None:
        """Ask for *kinds* in turn on one connection, until the server ends it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            while True:
                for kind in kinds:
                    ask = await self.ask(kind, reader, writer)
                    if ask.content is None or ask.is_last:
                        return
        finally:
            writer.close()

    async def ask(self, kind: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Ask:
        """Send a request, and return what came of it."""
        ask = Ask(next(self.numbers), kind)
        self.asked.append(ask)
        with suppress(OSError, asyncio.IncompleteReadError):
            await asyncio.gather(_send(ask, writer), _read_response(ask, reader))
            self.answered += 1
            if self.answered == self.enough:
                self.is_warm.set()
        return ask


async def _send(ask: Ask, writer: asyncio.StreamWriter) -> None:
    """Write a request."""
    line = "POST" if ask.kind == "upload" else "GET"
    head = f"{line} /{ask.kind}?{ask.number} HTTP/1.1\r\nhost: soak\r\n"
    if ask.kind == "upload":
        middle = len(UPLOAD) // 2
        writer.write(f"{head}content-length: {len(UPLOAD)}\r\n\r\n".encode() + UPLOAD[:middle])
        await asyncio.sleep(UPLOAD_PAUSE_SECONDS)
        writer.write(UPLOAD[middle:])
    else:
        writer.write(f"{head}\r\n".encode())
    await writer.drain()


async def _read_response(ask: Ask, reader: asyncio.StreamReader) -> None:
    """Read one response into *ask*.

    Raises:
        IncompleteReadError: The connection ended before the response did.
    """
    head = await _read(ask, reader, b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    if b"content-length" in fields:
        ask.content = await reader.readexactly(int(fields[b"content-length"]))
        return
    content = []
    while size := int(await _read(ask, reader, b"\r\n"), 16):
        content.append(await reader.readexactly(size))
        ask.received += content[-1]
        await reader.readexactly(2)
    await reader.readexactly(2)
    ask.content = b"".join(content)


async def _read(ask: Ask, reader: asyncio.StreamReader, end: bytes) -> bytes:
    """Return what comes up to *end*, and keep it; what is cut off is kept too."""
    try:
        read = await reader.readuntil(end)
    except asyncio.IncompleteReadError as error:
        ask.received += error.partial
        raise
    ask.received += read
    return read
