"""The uploaded file as a form has it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yaat.threads import ThreadLimiter
from yaat_forms import UploadFile
from yaat_forms.part_head import PartHead
from yaat_forms.spool import BATCH_BYTES, Spool

ListNames = Callable[[Path], list[str]]

#: In memory, and on disk.
SPOOL_BYTES = pytest.mark.parametrize("spool_bytes", [1 << 30, 0])


async def make_upload(
    threads: ThreadLimiter, content: bytes = b"hello", *, spool_bytes: int = 0, filename: str = "a.txt"
) -> UploadFile:
    spool = Spool(threads, max_memory_bytes=spool_bytes)
    await spool.write(content)
    await spool.finish()
    return UploadFile(PartHead("f", filename, "text/plain", [("Content-Type", "text/plain")]), spool)


async def test_upload_tells_what_the_client_said(threads: ThreadLimiter) -> None:
    """Name, filename, type and headers are those of the part; the size is the true one."""
    upload = await make_upload(threads, filename="../a.txt")
    assert (upload.name, upload.filename, upload.safe_filename) == ("f", "../a.txt", "a.txt")
    assert (upload.content_type, upload.headers["content-type"], upload.size) == ("text/plain", "text/plain", 5)
    assert repr(upload) == "<UploadFile '../a.txt' 5 bytes>"
    await upload.close()


async def test_upload_without_a_filename_is_false(threads: ThreadLimiter) -> None:
    """`if form["photo"]` tells whether a file was chosen."""
    chosen, unused = await make_upload(threads), await make_upload(threads, b"", filename="")
    assert chosen
    assert not unused
    await chosen.close()


@SPOOL_BYTES
async def test_upload_is_read_like_a_file(threads: ThreadLimiter, spool_bytes: int) -> None:
    """Reading moves a position, which can be set."""
    upload = await make_upload(threads, spool_bytes=spool_bytes)
    assert await upload.read(2) == b"he"
    assert await upload.read() == b"llo"
    assert await upload.read() == b""
    assert await upload.seek(-1, 2) == 4
    assert await upload.read() == b"o"
    await upload.close()


@SPOOL_BYTES
async def test_upload_is_read_in_pieces(threads: ThreadLimiter, spool_bytes: int) -> None:
    """Iterating gives what is left, in pieces of bounded length."""
    upload = await make_upload(threads, b"x" * BATCH_BYTES + b"end", spool_bytes=spool_bytes)
    await upload.seek(1)
    assert [len(chunk) async for chunk in upload] == [BATCH_BYTES, 2]
    await upload.close()


@SPOOL_BYTES
async def test_saved_upload_is_whole_whatever_was_read(
    threads: ThreadLimiter, tmp_path: Path, spool_bytes: int
) -> None:
    """Saving takes the file from its beginning, and leaves the position where it is."""
    content = bytes(range(256)) * 2000
    upload = await make_upload(threads, content, spool_bytes=spool_bytes)
    await upload.read(10)
    await upload.save(tmp_path / upload.safe_filename)
    assert (tmp_path / "a.txt").read_bytes() == content
    assert await upload.read(3) == content[10:13]
    await upload.close()


@SPOOL_BYTES
async def test_upload_is_a_file_for_code_that_blocks(threads: ThreadLimiter, spool_bytes: int) -> None:
    """Libraries that want a file get one."""
    upload = await make_upload(threads, spool_bytes=spool_bytes)
    assert upload.file.read() == b"hello"
    await upload.close()


@SPOOL_BYTES
async def test_closed_upload_says_why(
    threads: ThreadLimiter, tmp_path: Path, list_names: ListNames, spool_bytes: int
) -> None:
    """Who uses a file after its request learns that it ended with it."""
    upload = await make_upload(threads, spool_bytes=spool_bytes)
    await upload.close()
    await upload.close()
    with pytest.raises(ValueError, match="closed") as caught:
        await upload.read()
    assert "Files of a form are closed when their request is over." in caught.value.__notes__[0]
    with pytest.raises(ValueError, match="closed"):
        await upload.save(tmp_path / "x")
    assert list_names(tmp_path) == []


async def test_closed_upload_leaves_no_descriptor(
    threads: ThreadLimiter, tmp_path: Path, list_open: Callable[[Path], list[str]]
) -> None:
    """Closing gives back what the operating system lent."""
    spool = Spool(threads, max_memory_bytes=0, folder=tmp_path)
    await spool.write(b"x")
    upload = UploadFile(PartHead("f", "a"), spool)
    assert len(list_open(tmp_path)) == 1
    await upload.close()
    assert list_open(tmp_path) == []
