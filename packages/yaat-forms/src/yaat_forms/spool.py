"""This file is where the content of an upload is kept: in memory while it is small, then in a temporary file."""

from collections.abc import Callable
from functools import partial
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from yaat.threads import ThreadLimiter

from .disk_file import DiskFile

T = TypeVar("T")

#: So much is handed to a thread at once: enough that the way there does not count.
BATCH_BYTES = 262_144
#: What is larger is deleted in a thread; below, it takes less than 3 ms.
LARGE_BYTES = 64 * 1024 * 1024


class Spool:
    """The content of one upload.

    A temporary file has no name where the system can do that, and is deleted when it is closed everywhere.

    Args:
        threads: Where work on the disk is done.
        max_memory_bytes: A longer content goes to disk.
        folder: Of temporary files; the system's own when left out.
    """

    def __init__(self, threads: ThreadLimiter, *, max_memory_bytes: int, folder: Path | None = None) -> None:
        self.size = 0
        self.threads = threads
        self._max_memory_bytes = max_memory_bytes
        self._memory = BytesIO()
        self._disk = DiskFile(partial(_open_temporary_file, folder), threads)
        self._is_on_disk = False

    @property
    def file(self) -> BinaryIO:
        """The content as a file, for code that blocks: use it in a thread.

        Raises:
            ValueError: It was closed.
        """
        file = self._disk.file if self._is_on_disk else self._memory
        if file is None or file.closed:
            raise ValueError("The file is closed.")
        return file

    async def write(self, chunk: bytes) -> None:
        """Put *chunk* behind what there is."""
        self.size += len(chunk)
        self._memory.write(chunk)
        limit = min(self._max_memory_bytes, BATCH_BYTES) if self._is_on_disk else self._max_memory_bytes
        if self._memory.tell() > limit:
            self._is_on_disk = True
            await self._flush()

    async def finish(self) -> None:
        """Get ready for reading from the beginning."""
        if self._is_on_disk:
            await self._flush()
        await self.call(lambda file: file.seek(0))

    async def call(self, function: Callable[[BinaryIO], T]) -> T:
        """Return what *function*, called with the file, returns; in a thread where it may block.

        Raises:
            ValueError: It was closed.
        """
        if self._is_on_disk:
            return await self._disk.call(function)
        return function(self._memory)

    def close(self) -> None:
        """Let go of the content. It can be done twice, and at any time."""
        self._memory.close()
        self._disk.close(is_large=self._is_on_disk and self.size > LARGE_BYTES)

    async def _flush(self) -> None:
        """Move what is in memory to the disk."""
        batch, self._memory = self._memory, BytesIO()
        # Not a view of it, which could be there still when the garbage collector closes what it is a view of.
        await self._disk.call(partial(append, content=batch.getvalue()))


def append(file: BinaryIO, content: bytes | bytearray | memoryview) -> None:
    """Write *content* at the end of *file*, and leave nothing that could fail when it is closed."""
    file.seek(0, SEEK_END)
    file.write(content)
    file.flush()


def _open_temporary_file(folder: Path | None) -> BinaryIO:
    """Return a new file that vanishes when it is closed."""
    import tempfile  # noqa: PLC0415  # PERF: it takes 3 ms to import, and few uploads are that large

    return tempfile.TemporaryFile(dir=folder)
