"""How content becomes a file for good."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from yaat.threads import ThreadLimiter
from yaat_forms.saving import save
from yaat_forms.spool import BATCH_BYTES

ListNames = Callable[[Path], list[str]]


def find_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def give(*chunks: bytes | BaseException) -> AsyncIterator[bytes]:
    for chunk in chunks:
        if isinstance(chunk, BaseException):
            raise chunk
        yield chunk


async def test_content_is_written_whole(threads: ThreadLimiter, tmp_path: Path) -> None:
    """Small pieces and large ones come out as they came in."""
    chunks = [b"a", b"b" * BATCH_BYTES, b"c" * 10, b"d" * (BATCH_BYTES + 1)]
    await save(give(*chunks), tmp_path / "x", threads)
    assert (tmp_path / "x").read_bytes() == b"".join(chunks)


async def test_nothing_is_a_file_too(threads: ThreadLimiter, tmp_path: Path) -> None:
    """An empty file is saved as one."""
    await save(give(), str(tmp_path / "x"), threads)
    assert (tmp_path / "x").read_bytes() == b""


async def test_file_of_that_name_is_replaced(threads: ThreadLimiter, tmp_path: Path) -> None:
    """Who reads the old one meanwhile reads it to its end."""
    (tmp_path / "x").write_bytes(b"old")
    with (tmp_path / "x").open("rb") as old:
        await save(give(b"new"), tmp_path / "x", threads)
        assert old.read() == b"old"
    assert (tmp_path / "x").read_bytes() == b"new"


async def test_saved_file_has_the_mode_of_any_new_file(threads: ThreadLimiter, tmp_path: Path) -> None:
    """Others may read it who may read what the app writes otherwise, such as a web server."""
    (tmp_path / "other").touch()
    await save(give(b"new"), tmp_path / "x", threads)
    assert find_mode(tmp_path / "x") == find_mode(tmp_path / "other")


@pytest.mark.parametrize("error", [ValueError("gone wrong"), asyncio.CancelledError()])
async def test_failure_leaves_the_folder_as_it_was(
    threads: ThreadLimiter, tmp_path: Path, list_names: ListNames, error: BaseException
) -> None:
    """What is not whole is not there: an error and a cancellation leave no file and no half of one."""
    (tmp_path / "x").write_bytes(b"old")
    with pytest.raises(type(error)):
        await save(give(b"a" * BATCH_BYTES * 2, error), tmp_path / "x", threads)
    assert list_names(tmp_path) == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


async def test_missing_folder_is_told(threads: ThreadLimiter, tmp_path: Path) -> None:
    """It is the app that makes folders."""
    with pytest.raises(FileNotFoundError):
        await save(give(b"a"), tmp_path / "no" / "x", threads)
