"""This file is a file that threads work on, and that may be closed at any time without waiting for them.

The law here: whatever was opened is closed, also when the task that waited for it was cancelled meanwhile.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import BinaryIO, TypeVar

from yaat.threads import ThreadLimiter

T = TypeVar("T")


class DiskFile:
    """A file on disk, opened by the first thread that works on it.

    Args:
        open_file: Opens it.
        threads: Where work on it is done.
        discard: Called after it was closed; not if it never was opened.
    """

    def __init__(
        self,
        open_file: Callable[[], BinaryIO],
        threads: ThreadLimiter,
        discard: Callable[[], None] = lambda: None,
    ) -> None:
        self.file: BinaryIO | None = None
        self._open = open_file
        self._threads = threads
        self._discard = discard
        self._lock = Lock()
        self._is_closed = False

    async def call(self, function: Callable[[BinaryIO], T]) -> T:
        """Return what *function*, called in a thread with the file, returns.

        Raises:
            ValueError: It was closed.
        """
        return await self._threads.run(self._work, function)

    def close(self, *, is_large: bool = False) -> None:
        """Close the file: now, or when the thread that works on it is done with it. It can be done twice.

        Args:
            is_large: Do it in a thread of its own: a file system may take 40 ms to let go of a gibibyte.
        """
        self._is_closed = True
        if is_large:
            Thread(target=self._clear, name="yaat-forms-close").start()
        else:
            self._clear()

    def _work(self, function: Callable[[BinaryIO], T]) -> T:
        """Return what *function* returns, called while nobody else works on the file."""
        try:
            with self._lock:
                if self._is_closed:
                    raise ValueError("The file is closed.")
                if self.file is None:
                    self.file = self._open()
                return function(self.file)
        finally:
            self._clear()

    def _clear(self) -> None:
        """Let go of the file if it is to be closed and nobody works on it.

        Who closes it while a thread works on it leaves this to the thread, which looks again when it is done.
        """
        if self._is_closed and self._lock.acquire(blocking=False):
            try:
                file, self.file = self.file, None
                if file is not None:
                    # What could not be written is in its buffer still, and cannot be written now either; whoever wrote
                    # it was told.
                    with suppress(OSError):
                        file.close()
                    self._discard()
            finally:
                self._lock.release()
