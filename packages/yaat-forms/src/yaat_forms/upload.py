"""This file is the uploaded file as a form has it: received whole, kept aside, and gone after the request."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from io import SEEK_SET
from os import PathLike
from typing import BinaryIO, TypeVar

from .part_head import Described, PartHead
from .saving import save
from .spool import BATCH_BYTES, Spool

T = TypeVar("T")


class UploadFile(Described):
    """A file of a form. It is closed, and deleted, when the request is over; `save` keeps it.

    It is true when it has a filename: a file input that nobody used sends an empty one.
    """

    __slots__ = ("_spool",)

    def __init__(self, head: PartHead, spool: Spool) -> None:
        super().__init__(head)
        self._spool = spool

    @property
    def filename(self) -> str:
        """As the client sent it, path and all. Show it, but never make a path of it: see `safe_filename`."""
        return self.head.filename or ""

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self._spool.size

    @property
    def file(self) -> BinaryIO:
        """The same as a file of the standard library, for code that blocks: use it in a thread.

        Raises:
            ValueError: It was closed.
        """
        return self._spool.file

    async def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes from the position on, or all that are left.

        Raises:
            ValueError: It was closed.
        """
        return await self._call(lambda file: file.read(size))

    async def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move the position, and return it.

        Raises:
            ValueError: It was closed, or the position is before the beginning.
        """
        return await self._call(lambda file: file.seek(offset, whence))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield what is left from the position on, in pieces of bounded length."""
        while chunk := await self.read(BATCH_BYTES):
            yield chunk

    async def save(self, path: str | PathLike[str]) -> None:
        """Keep a copy of the whole file as *path*; a file of that name is replaced. The position stays.

        It appears at once and whole, or not at all.

        Raises:
            OSError: It cannot be written there.
            ValueError: It was closed.
        """
        await save(self._read_whole(), path, self._spool.threads)

    async def close(self) -> None:
        """Let go of it before the request is over. It can be done twice."""
        self._spool.close()

    async def _read_whole(self) -> AsyncIterator[bytes]:
        """Yield all of the file, whatever the position."""
        for offset in range(0, self.size, BATCH_BYTES):
            yield await self._call(partial(_read_at, offset=offset))

    async def _call(self, function: Callable[[BinaryIO], T]) -> T:
        """Return what *function*, called with the file, returns."""
        try:
            return await self._spool.call(function)
        except ValueError as error:
            error.add_note(f"This was {self!r}. Files of a form are closed when their request is over.")
            raise

    def __bool__(self) -> bool:
        return bool(self.head.filename)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.filename!r:.200} {self.size} bytes>"


def _read_at(file: BinaryIO, offset: int) -> bytes:
    """Return a piece of *file*, whose position stays."""
    position = file.tell()
    try:
        file.seek(offset)
        return file.read(BATCH_BYTES)
    finally:
        file.seek(position)
