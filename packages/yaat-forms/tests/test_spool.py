"""Where the content of an upload is kept."""

from collections.abc import Callable
from pathlib import Path
from threading import enumerate as list_threads

import pytest

from yaat.threads import ThreadLimiter
from yaat_forms.spool import BATCH_BYTES, LARGE_BYTES, Spool

ListNames = Callable[[Path], list[str]]


async def test_small_content_stays_in_memory(threads: ThreadLimiter, tmp_path: Path) -> None:
    """Up to the limit nothing touches the disk: its folder need not even be there."""
    spool = Spool(threads, max_memory_bytes=4, folder=tmp_path / "none")
    await spool.write(b"abcd")
    await spool.finish()
    assert await spool.call(lambda file: file.read()) == b"abcd"
    assert spool.size == 4


async def test_larger_content_goes_to_disk(
    threads: ThreadLimiter, tmp_path: Path, list_names: ListNames, list_open: Callable[[Path], list[str]]
) -> None:
    """Over the limit it is in a file, which has no name there is, so that nothing stays behind after a crash."""
    spool = Spool(threads, max_memory_bytes=4, folder=tmp_path)
    await spool.write(b"abc")
    assert list_open(tmp_path) == []
    await spool.write(b"de")
    assert len(list_open(tmp_path)) == 1
    assert list_names(tmp_path) == []
    await spool.write(b"f")
    await spool.finish()
    assert await spool.call(lambda file: file.read()) == b"abcdef"
    spool.close()
    assert list_open(tmp_path) == []


async def test_disk_is_written_in_batches(threads: ThreadLimiter, tmp_path: Path) -> None:
    """Behind the limit for memory, whole batches go to the disk, and in the end all is there."""
    spool = Spool(threads, max_memory_bytes=BATCH_BYTES * 2, folder=tmp_path)
    content = bytes(range(256)) * 1024
    for _ in range(10):
        await spool.write(content)
    await spool.finish()
    assert await spool.call(lambda file: file.read()) == content * 10
    assert spool.size == len(content) * 10
    spool.close()


@pytest.mark.parametrize("max_memory_bytes", [0, 100])
async def test_closed_spool_gives_no_file(threads: ThreadLimiter, max_memory_bytes: int) -> None:
    """Whether it was in memory or on disk: what is closed is gone."""
    spool = Spool(threads, max_memory_bytes=max_memory_bytes)
    await spool.write(b"abc")
    await spool.finish()
    assert spool.file.read() == b"abc"
    spool.close()
    spool.close()
    with pytest.raises(ValueError, match="The file is closed"):
        spool.file.read()
    with pytest.raises(ValueError, match="closed"):
        await spool.call(lambda file: file.read())


async def test_large_content_is_let_go_in_a_thread(
    threads: ThreadLimiter, tmp_path: Path, list_open: Callable[[Path], list[str]]
) -> None:
    """The event loop does not wait while a file system deletes a large file."""
    spool = Spool(threads, max_memory_bytes=0, folder=tmp_path)
    block = bytes(LARGE_BYTES // 4)
    for _ in range(5):
        await spool.write(block)
    spool.close()
    for thread in list_threads():
        if thread.name == "yaat-forms-close":
            thread.join()
    assert list_open(tmp_path) == []
