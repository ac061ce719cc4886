"""This file is how the small pieces that a template gives become parts that are worth sending."""

import asyncio
from collections.abc import AsyncIterator, Iterable

#: A part is sent when it has so many characters: a few packets, and less than a server's buffer.
PART_CHARACTERS = 16_384
#: So many pieces wait at most while the client reads slowly.
MAX_WAITING = 1024


async def join_pieces(pieces: Iterable[str]) -> AsyncIterator[str]:
    """Yield *pieces* joined to parts of about `PART_CHARACTERS`.

    They are made here and now, so what goes wrong before the first part is raised before anything is sent.
    """
    part: list[str] = []
    length = 0
    for piece in pieces:
        part.append(piece)
        length += len(piece)
        if length >= PART_CHARACTERS:
            yield "".join(part)
            part, length = [], 0
    if part:
        yield "".join(part)


async def join_async_pieces(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Yield *pieces* joined to parts: whatever is there when the template has to wait for something.

    So the top of a page is on its way while its data is still awaited.
    """
    queue: asyncio.Queue[str | Exception | None] = asyncio.Queue(MAX_WAITING)

    async def fill() -> None:
        try:
            async for piece in pieces:
                await queue.put(piece)
        except Exception as error:
            await queue.put(error)
        else:
            await queue.put(None)

    filler = asyncio.create_task(fill())
    try:
        last: str | Exception | None = ""
        while isinstance(last, str):
            part, last = await _take(queue)
            if part:
                yield part
        if last is not None:
            raise last
    finally:
        filler.cancel()
        await asyncio.gather(filler, return_exceptions=True)


async def _take(
    queue: "asyncio.Queue[str | Exception | None]",
) -> tuple[str, str | Exception | None]:
    """Return the texts that wait in *queue*, joined, and the last item: a text, or what ended them."""
    item = await queue.get()
    part: list[str] = []
    while isinstance(item, str):
        part.append(item)
        if queue.empty():
            break
        item = queue.get_nowait()
    return "".join(part), item


class PrimedStream:
    """An asynchronous iterator whose first part is known already.

    Args:
        first: The first part.
        rest: The others; closed when this is closed, even if nobody asked for any.
    """

    def __init__(self, first: str, rest: AsyncIterator[str]) -> None:
        self._first: str | None = first
        self._rest = rest

    def __aiter__(self) -> "PrimedStream":
        return self

    async def __anext__(self) -> str:
        first, self._first = self._first, None
        return await anext(self._rest) if first is None else first

    async def aclose(self) -> None:
        """End the stream, and what makes it."""
        close = getattr(self._rest, "aclose", None)
        if close is not None:
            await close()
