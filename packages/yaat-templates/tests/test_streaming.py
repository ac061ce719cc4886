"""How pieces become parts."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from yaat_templates.streaming import MAX_WAITING, PART_CHARACTERS, PrimedStream, join_async_pieces, join_pieces


async def gather(parts: AsyncIterator[str]) -> list[str]:
    """Return all parts."""
    return [part async for part in parts]


def test_pieces_are_joined_until_they_are_worth_sending() -> None:
    """A part has about as many characters as was set, the last one what is left."""
    pieces = ["x" * 1000] * 40
    parts = asyncio.run(gather(join_pieces(pieces)))
    assert [len(part) for part in parts] == [17_000, 17_000, 6_000]
    assert PART_CHARACTERS == 16_384


def test_nothing_gives_no_part() -> None:
    """An empty template sends nothing, rather than an empty part."""
    assert asyncio.run(gather(join_pieces([]))) == []


def test_what_is_there_is_given_when_the_template_has_to_wait() -> None:
    """The top of a page is sent while its data is awaited, however short it is."""
    seen: list[str] = []

    async def run() -> None:
        data = asyncio.Event()

        async def pieces() -> AsyncIterator[str]:
            yield "<head>"
            yield "</head>"
            await data.wait()
            yield "<body>"

        async for part in join_async_pieces(pieces()):
            seen.append(part)
            data.set()  # Without the first part the rest would never come.

    asyncio.run(run())
    assert seen == ["<head></head>", "<body>"]


def test_error_after_the_first_part_is_raised_behind_it() -> None:
    """What was made before the mistake is given, then the mistake is raised."""
    seen: list[str] = []

    async def pieces() -> AsyncIterator[str]:
        yield "before"
        raise ValueError("broken")

    async def run() -> None:
        async for part in join_async_pieces(pieces()):
            seen.append(part)

    with pytest.raises(ValueError, match="broken"):
        asyncio.run(run())
    assert seen == ["before"]


def test_stream_that_is_closed_ends_what_makes_it() -> None:
    """When nobody reads on, the template's own clean-up runs before `aclose` returns."""
    ended: list[str] = []

    async def pieces() -> AsyncIterator[str]:
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            ended.append("closed")

    async def run() -> None:
        parts = join_async_pieces(pieces())
        assert await anext(parts) == "first"
        await parts.aclose()  # type: ignore[attr-defined]  # it is a generator
        assert ended == ["closed"]

    asyncio.run(run())


def test_reader_that_is_slow_holds_the_template_up() -> None:
    """No more than a set number of pieces waits in memory."""
    made: list[int] = []

    async def pieces() -> AsyncIterator[str]:
        for number in range(MAX_WAITING * 3):
            made.append(number)
            yield "x"

    async def run() -> None:
        parts = join_async_pieces(pieces())
        total = len(await anext(parts))
        await asyncio.sleep(0)
        assert len(made) <= MAX_WAITING * 2 + 2
        total += sum([len(part) async for part in parts])
        assert total == MAX_WAITING * 3

    asyncio.run(run())


def test_primed_stream_gives_the_first_part_once() -> None:
    """What was made ahead comes first, then the rest."""
    assert asyncio.run(gather(PrimedStream("a", join_pieces(["b"])))) == ["a", "b"]


def test_primed_stream_that_nobody_reads_is_closed_with_what_makes_it() -> None:
    """A page that is not sent after all, as for HEAD, leaves nothing open."""
    ended: list[str] = []

    def pieces() -> Iterator[str]:
        try:
            yield "x" * PART_CHARACTERS
            yield "more"
        finally:
            ended.append("closed")

    async def run() -> None:
        parts = join_pieces(pieces())
        await PrimedStream(await anext(parts), parts).aclose()

    asyncio.run(run())
    assert ended == ["closed"]


def test_primed_stream_of_what_cannot_be_closed_is_closed_quietly() -> None:
    """Not every iterator has something to close."""

    class Endless:
        def __aiter__(self) -> "Endless":
            return self

        async def __anext__(self) -> str:
            return "x"

    asyncio.run(PrimedStream("a", Endless()).aclose())
