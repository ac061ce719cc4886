"""A form while it arrives."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from yaat.exceptions import BodyConsumed, ClientDisconnect, ContentTooLarge
from yaat.threads import ThreadLimiter
from yaat_forms import FormLimits, InvalidForm, PartTooLarge
from yaat_forms.parts import SLICE_BYTES, Parts, slice_content

ListNames = Callable[[Path], list[str]]

Build = Callable[..., bytes]


class Chunks:
    """A request that has content, and notes how much of it was asked for."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self.given = 0
        self._chunks = chunks

    async def stream(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            self.given += 1
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


def read(chunks: Iterable[bytes | Exception], threads: ThreadLimiter, **limits: Any) -> Parts:
    return Parts(Chunks(*chunks), "b", FormLimits(**limits), threads)


async def test_parts_come_one_after_the_other(threads: ThreadLimiter, build: Build) -> None:
    """Each part tells what it is, and gives its content."""
    content = build(("name=a", b"1"), ('name=f; filename="../x"', b"23", "Content-Type: image/png", "X-Y: z"))
    parts = read([content], threads)
    field = await anext(parts)
    assert (field.name, field.is_file, field.filename, field.content_type) == ("a", False, None, "text/plain")
    assert repr(field) == "<Part 'a'>"
    assert await field.text() == "1"
    file = await anext(parts)
    assert (file.name, file.is_file, file.filename, file.safe_filename) == ("f", True, "../x", "x")
    assert (file.content_type, file.headers["x-y"]) == ("image/png", "z")
    assert repr(file) == "<Part 'f' '../x'>"
    assert await file.read() == b"23"
    with pytest.raises(StopAsyncIteration):
        await anext(parts)


async def test_content_comes_as_it_arrives(threads: ThreadLimiter) -> None:
    """A piece is given before the next is asked for: the handler sets the pace."""
    source = Chunks(b"--b\r\nContent-Disposition: form-data; name=a; filename=x\r\n\r\n1", b"2", b"3\r\n--b--")
    parts = Parts(source, "b", FormLimits(), threads)
    part = await anext(parts)
    assert (await anext(part), source.given) == (b"1", 1)
    assert (await anext(part), source.given) == (b"2", 2)
    assert [chunk async for chunk in part] == [b"3"]
    assert [chunk async for chunk in part] == []


async def test_part_that_nobody_reads_is_passed_over(threads: ThreadLimiter, build: Build) -> None:
    """Asking for the next part leaves the rest of this one aside."""
    content = build(("name=a", b"1"), ("name=f; filename=x", b"y" * 1000), ("name=c", b"3"))
    parts = read([content[:200], content[200:]], threads)
    assert [part.name async for part in parts] == ["a", "f", "c"]


async def test_part_that_was_passed_over_is_gone(threads: ThreadLimiter, build: Build) -> None:
    """Who keeps a part for later learns that it has to be read now."""
    parts = read([build(("name=a", b"1"), ("name=b", b"2"))], threads)
    first = await anext(parts)
    await anext(parts)
    with pytest.raises(BodyConsumed, match="<Part 'a'> was passed over"):
        await first.read()


async def test_part_that_was_read_is_empty_later(threads: ThreadLimiter, build: Build) -> None:
    """A part that was read to its end may be kept: it has no more to give."""
    parts = read([build(("name=a", b"1"), ("name=b", b"2"))], threads)
    first = await anext(parts)
    assert await first.read() == b"1"
    await anext(parts)
    assert await first.read() == b""


async def test_part_is_text_in_its_charset(threads: ThreadLimiter, build: Build) -> None:
    """A part may say its charset; otherwise it is UTF-8, or what the caller knows."""
    latin = ("name=a", b"\xfc", "Content-Type: text/plain; charset=iso-8859-1")
    parts = read([build(latin, ("name=b", "ü".encode()), ("name=c", b"\xfc"), ("name=d", b"\xfc"))], threads)
    assert await (await anext(parts)).text() == "ü"
    assert await (await anext(parts)).text() == "ü"
    assert await (await anext(parts)).text(default_charset="latin1") == "ü"
    last = await anext(parts)
    with pytest.raises(InvalidForm, match="'d' is no text in UTF-8"):
        await last.text()


async def test_reading_into_memory_is_limited(threads: ThreadLimiter, build: Build) -> None:
    """A file may be as large as it likes, but not in memory, unless the handler says how large."""
    content = build(("name=f; filename=x", b"x" * 11), ("name=g; filename=x", b"x" * 11))
    parts = read([content], threads, max_memory_bytes=10)
    assert len(await (await anext(parts)).read(max_bytes=11)) == 11
    part = await anext(parts)
    with pytest.raises(PartTooLarge, match="The part 'g' is over the limit of 10 bytes"):
        await part.read()


async def test_part_is_saved_as_it_comes(threads: ThreadLimiter, build: Build, tmp_path: Path) -> None:
    """A file can go to its place without a temporary one elsewhere."""
    value = bytes(range(256)) * 5000
    parts = read([build(("name=f; filename=x", value))], threads)
    async for part in parts:
        await part.save(tmp_path / part.safe_filename)
    assert (tmp_path / "x").read_bytes() == value


@pytest.mark.parametrize("error", [ClientDisconnect("left"), ContentTooLarge(1)])
async def test_upload_that_breaks_off_is_not_saved(
    threads: ThreadLimiter, build: Build, tmp_path: Path, list_names: ListNames, error: Exception
) -> None:
    """Half a file is none."""
    content = build(("name=f; filename=x", b"x" * 600_000))
    part = await anext(read([content[:500_000], error], threads))
    with pytest.raises(type(error)):
        await part.save(tmp_path / "x")
    assert list_names(tmp_path) == []


async def test_content_that_is_cut_off_is_refused(threads: ThreadLimiter, build: Build) -> None:
    """The end of a part that never came is no end."""
    part = await anext(read([build(("name=f; filename=x", b"x" * 100))[:-10]], threads))
    with pytest.raises(InvalidForm, match="is cut off"):
        await part.read()


async def test_whole_content_is_limited(threads: ThreadLimiter, build: Build) -> None:
    """The limit for all counts what comes between and behind parts, too."""
    content = build(("name=a", b"1")) + b"epilogue"
    assert [part.name async for part in read([content], threads, max_total_bytes=len(content))] == ["a"]
    parts = read([content[:-1], content[-1:]], threads, max_total_bytes=len(content) - 1)
    await anext(parts)
    with pytest.raises(ContentTooLarge):
        await anext(parts)


async def test_others_get_a_turn_while_much_is_read() -> None:
    """Content that a server hands over in one piece is cut, and the event loop runs between."""
    turns = 0
    lengths = []

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counter = asyncio.create_task(count())
    async for chunk in slice_content(Chunks(b"x" * (SLICE_BYTES * 3 + 1)), None):
        lengths.append(len(chunk))
    counter.cancel()
    assert lengths == [SLICE_BYTES] * 3 + [1]
    assert turns >= 3


async def test_form_that_was_refused_stays_refused(threads: ThreadLimiter, build: Build) -> None:
    """Who goes on after an error gets no parts: what follows it could be taken for something else."""
    content = build(("name=a", b"12345"), ("name=b", b"6"), ("name=c", b"7"))
    parts = read([content, content], threads, max_field_bytes=4)
    first = await anext(parts)
    with pytest.raises(PartTooLarge):
        await first.read()
    for _ in range(3):
        with pytest.raises(InvalidForm, match="has failed before|is cut off"):
            await anext(parts)
