"""This file is how content becomes a file for good: whole, or not at all."""

import os
from collections.abc import AsyncIterator
from functools import partial
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from yaat.threads import ThreadLimiter

from .disk_file import DiskFile
from .spool import BATCH_BYTES, append


async def save(chunks: AsyncIterator[bytes], path: str | PathLike[str], threads: ThreadLimiter) -> None:
    """Write *chunks* to a new file, then give it the name *path*; a file of that name is replaced.

    Until then it stands beside, under a name of its own; whatever goes wrong, that is removed. What comes is written
    before more is asked for, and the event loop does not wait for the disk.

    Raises:
        OSError: It cannot be written there.
    """
    target = Path(path)
    beside = target.with_name(f".{os.urandom(8).hex()}.part")
    # Opened by name, and not by `tempfile`, so that the file has the mode that other new files have.
    file = DiskFile(partial(_create, beside), threads, partial(beside.unlink, missing_ok=True))
    try:
        batch = bytearray()
        async for chunk in chunks:
            batch += chunk
            if len(batch) >= BATCH_BYTES:
                await file.call(partial(append, content=batch))
                batch = bytearray()
        await file.call(partial(append, content=batch))
        await file.call(partial(_move, source=beside, target=target))
    finally:
        file.close()


def _create(path: Path) -> BinaryIO:
    """Return a new file called *path*."""
    return path.open("xb")


def _move(file: BinaryIO, source: Path, target: Path) -> None:
    """Give a written file its name; closed before, which some systems demand."""
    file.close()
    source.replace(target)
