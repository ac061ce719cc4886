"""A file that threads work on and that the event loop closes."""

import asyncio
import tempfile
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest

from yaat.threads import ThreadLimiter
from yaat_forms.disk_file import DiskFile


def open_file() -> BinaryIO:
    return tempfile.TemporaryFile()


async def test_first_work_opens_the_file(threads: ThreadLimiter) -> None:
    """Nothing is opened before it is needed, and then once."""
    opened: list[BinaryIO] = []

    def open_and_note() -> BinaryIO:
        opened.append(open_file())
        return opened[-1]

    file = DiskFile(open_and_note, threads)
    assert opened == []
    await file.call(lambda it: it.write(b"ab"))
    assert await file.call(lambda it: it.tell()) == 2
    assert len(opened) == 1
    file.close()


async def test_closed_file_is_closed_and_discarded(threads: ThreadLimiter) -> None:
    """Closing closes at once when nobody works on the file."""
    discarded: list[bool] = []
    file = DiskFile(open_file, threads, lambda: discarded.append(True))
    inner = await file.call(lambda it: it)
    file.close()
    file.close()
    assert inner.closed
    assert discarded


async def test_closed_file_is_never_opened(threads: ThreadLimiter) -> None:
    """Who comes too late is told so, and nothing is opened for them."""
    file = DiskFile(open_file, threads)
    file.close()
    with pytest.raises(ValueError, match="The file is closed"):
        await file.call(lambda it: it.tell())
    assert file.file is None


async def test_closing_does_not_wait_for_a_thread(threads: ThreadLimiter) -> None:
    """The thread that works on the file closes it when it is done."""
    is_working, may_end = Event(), Event()
    inner: list[BinaryIO] = []

    def work(it: BinaryIO) -> None:
        inner.append(it)
        is_working.set()
        may_end.wait(30)

    file = DiskFile(open_file, threads)
    task = asyncio.create_task(file.call(work))
    await asyncio.to_thread(is_working.wait, 30)
    file.close()
    assert not inner[0].closed
    may_end.set()
    await task
    assert inner[0].closed


async def test_cancelled_opening_leaves_nothing_open(threads: ThreadLimiter) -> None:
    """A task that is cancelled while a thread opens the file leaves it to be closed all the same."""
    is_opening, may_end = Event(), Event()
    inner: list[BinaryIO] = []

    def open_slowly() -> BinaryIO:
        is_opening.set()
        may_end.wait(30)
        inner.append(open_file())
        return inner[0]

    file = DiskFile(open_slowly, threads)
    task = asyncio.create_task(file.call(lambda it: it.tell()))
    await asyncio.to_thread(is_opening.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    file.close()
    may_end.set()
    while not (inner and inner[0].closed):
        await asyncio.to_thread(lambda: None)


async def test_failed_opening_is_told(threads: ThreadLimiter, tmp_path: Path) -> None:
    """What goes wrong in the thread is raised where it is waited for."""
    file = DiskFile(lambda: (tmp_path / "no" / "way").open("xb"), threads)
    with pytest.raises(FileNotFoundError):
        await file.call(lambda it: it.tell())
    file.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no device that is always full.")
async def test_file_that_cannot_be_closed_well_is_discarded(threads: ThreadLimiter) -> None:
    """What a full disk did not take is told to whoever wrote it; the file is closed and discarded all the same."""
    discarded: list[bool] = []
    inner: list[BinaryIO] = []

    def open_full() -> BinaryIO:
        inner.append(Path("/dev/full").open("wb"))  # noqa: SIM115 - it is the file that is tested
        return inner[0]

    def work(it: BinaryIO) -> None:
        it.write(b"little")
        it.flush()

    file = DiskFile(open_full, threads, lambda: discarded.append(True))
    with pytest.raises(OSError, match="No space left"):
        await file.call(work)
    file.close()
    assert inner[0].closed
    assert discarded
