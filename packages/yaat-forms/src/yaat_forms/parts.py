"""This file is a form while it arrives: one part after the other, with nothing kept."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from os import PathLike
from typing import Protocol

from yaat.exceptions import BodyConsumed, ContentTooLarge
from yaat.threads import ThreadLimiter

from .charset import decode_text, find_codec
from .exceptions import PartTooLarge
from .limits import FormLimits
from .part_head import Described, Event, PartHead
from .saving import save

#: Content is cut to pieces of this length, between which others get a turn.
SLICE_BYTES = 65_536


class Source(Protocol):
    """What gives content: a request."""

    def stream(self) -> AsyncIterator[bytes]:
        """Yield the content in the parts in which it arrives."""


class Part(Described):
    """A part of a form that is arriving: iterating over it gives its content in pieces, each as it comes.

    It can be read once, and only until the next part is asked for, which passes over what is left of this one.
    """

    __slots__ = ("_is_complete", "_number", "_parts")

    def __init__(self, head: PartHead, parts: "Parts", number: int) -> None:
        super().__init__(head)
        self._parts = parts
        self._is_complete = False
        #: Which part of the form it is, from 1 up.
        self._number = number

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no field."""
        return self.head.is_file

    @property
    def filename(self) -> str | None:
        """As the client sent it, path and all; `None` for a field. Never make a path of it: see `safe_filename`."""
        return self.head.filename

    def __aiter__(self) -> "Part":
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece.

        Raises:
            BodyConsumed: The next part was asked for.
            InvalidForm: The content is malformed or cut off.
            PartTooLarge: The part is over its limit.
            ContentTooLarge: The whole content is over its limit.
            ClientDisconnect: The client left.
        """
        if self._is_complete:
            raise StopAsyncIteration
        chunk = await self._parts.read_chunk(self)
        if chunk is None:
            self._is_complete = True
            raise StopAsyncIteration
        return chunk

    async def read(self, *, max_bytes: int | None = None) -> bytes:
        """Return what is left of the part.

        Args:
            max_bytes: More is refused; `max_memory_bytes` of the limits when left out.

        Raises:
            PartTooLarge: There is more. What else is raised is raised by iterating, too.
        """
        limit = self._parts.limits.max_memory_bytes if max_bytes is None else max_bytes
        content = bytearray()
        async for chunk in self:
            content += chunk
            if len(content) > limit:
                raise PartTooLarge(f"The part {self.name[:100]!r}", limit)
        return bytes(content)

    async def text(self, *, max_bytes: int | None = None, default_charset: str = "utf-8") -> str:
        """Return what is left of the part as text.

        Args:
            max_bytes: As for `read`.
            default_charset: For a part that names none.

        Raises:
            InvalidForm: It is no text in its charset, or the charset is unknown.
        """
        codec = self.head.find_codec(find_codec(default_charset))
        return decode_text(await self.read(max_bytes=max_bytes), codec, self.name)

    async def save(self, path: str | PathLike[str]) -> None:
        """Write what is left of the part to a new file called *path*; a file of that name is replaced.

        It appears when it is whole, or not at all.

        Raises:
            OSError: It cannot be written there. What else is raised is raised by iterating, too.
        """
        await save(self, path, self._parts.threads)

    def __repr__(self) -> str:
        filename = f" {self.filename!r:.200}" if self.is_file else ""
        return f"<{type(self).__name__} {self.name!r:.200}{filename}>"


class Parts:
    """The parts of a form, each as it arrives.

    Args:
        source: Gives the content.
        boundary: What divides it.
        limits: What is allowed.
        threads: Where files are written.
    """

    def __init__(self, source: Source, boundary: str, limits: FormLimits, threads: ThreadLimiter) -> None:
        from .framing import Framing  # noqa: PLC0415  # PERF: see the head of it

        self.limits = limits
        self.threads = threads
        self._slices = slice_content(source, limits.max_total_bytes)
        self._framing = Framing(boundary, limits)
        self._events: Iterator[Event] = iter(())
        #: The number of the part at hand; the part itself leads here, and would make a circle.
        self._current = 0

    def __aiter__(self) -> "Parts":
        return self

    async def __anext__(self) -> Part:
        """Return the next part; what nobody has read of the last one is passed over.

        Raises:
            InvalidForm: The content is malformed or cut off.
            TooManyParts: There are too many.
            PartTooLarge: A part that is passed over, or a header, is over its limit.
            ContentTooLarge: The whole content is over its limit.
            ClientDisconnect: The client left.
        """
        self._current += 1
        event = await self._read_event()
        while not isinstance(event, PartHead):
            event = await self._read_event()
        return Part(event, self, self._current)

    async def read_chunk(self, part: Part) -> bytes | None:
        """Return the next piece of *part*, or `None` at its end.

        Raises:
            BodyConsumed: It is not the part at hand.
        """
        if part._number != self._current:
            raise BodyConsumed(f"{part!r} was passed over when the next one was asked for. Read it before.")
        event = await self._read_event()
        return event if isinstance(event, bytes) else None

    async def _read_event(self) -> Event:
        """Return what comes next.

        Raises:
            StopAsyncIteration: Nothing does.
        """
        while True:
            for event in self._events:
                return event
            chunk = await anext(self._slices, b"")
            if not chunk:
                self._framing.finish()
                raise StopAsyncIteration
            self._events = self._framing.feed(chunk)


async def slice_content(source: Source, max_bytes: int | None) -> AsyncIterator[bytes]:
    """Yield the content of *source* in pieces of `SLICE_BYTES` at most.

    Raises:
        ContentTooLarge: It is longer than *max_bytes*.
    """
    total = 0
    async for chunk in source.stream():
        total += len(chunk)
        if max_bytes is not None and total > max_bytes:
            raise ContentTooLarge(max_bytes)
        yield chunk[:SLICE_BYTES]
        for start in range(SLICE_BYTES, len(chunk), SLICE_BYTES):
            # A server may hand over much at once, and each piece may be a thousand parts.
            await asyncio.sleep(0)
            yield chunk[start : start + SLICE_BYTES]
