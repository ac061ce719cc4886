"""This file opens files, off the event loop: regular ones only, and without ever waiting for another program.

The law here: whatever is wrong with a path ends in `OSError` or `ValueError`, and no descriptor stays open then.
"""

import asyncio
import errno
import logging
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar, TypeVarTuple

#: A FIFO without a writer would otherwise hold the thread for ever, and a terminal could take over the process.
FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT"):
    FLAGS |= getattr(os, _name, 0)  # Each system has some of them.
#: Refuses a symbolic link at the end of a path, where the system can.
NO_LINK = getattr(os, "O_NOFOLLOW", 0)

#: Files have threads of their own, so slow disks starve nothing else. They start when needed.
MAX_FILE_THREADS = 32
FILE_THREADS = ThreadPoolExecutor(MAX_FILE_THREADS, thread_name_prefix="yaat-files")

#: What a path that a client makes up can lead to. Other errors are trouble of this machine.
_OF_THE_PATH = (
    errno.EACCES,
    errno.EINVAL,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EPERM,
    None,  # Raised here.
)

logger = logging.getLogger("yaat.staticfiles")


class Closeable(Protocol):
    """What holds something open."""

    def close(self) -> None:
        """Let go of it."""


C = TypeVar("C", bound=Closeable | None)
Arguments = TypeVarTuple("Arguments")


class LockedFile(FileIO):
    """A file that is not closed while a thread reads it: the number of its descriptor could be another file's then."""

    def __init__(self, descriptor: int) -> None:
        self._lock = Lock()
        super().__init__(descriptor, "rb")

    def read(self, size: int | None = -1) -> Any:
        """Return up to *size* bytes."""
        with self._lock:
            return super().read(size)

    def close(self) -> None:
        """Close the file, after the read that is under way."""
        with self._lock:
            super().close()


class NotRegularError(OSError):
    """What is at a path is no regular file: a device, a FIFO, a socket."""


def open_regular(path: str, *, flags: int = 0) -> tuple[FileIO, os.stat_result]:
    """Return the regular file at *path*, open for reading, with what is known of it.

    Args:
        flags: For `os.open`, beside `FLAGS`.

    Raises:
        OSError: There is none that can be read; `IsADirectoryError` for a folder.
        ValueError: *path* cannot be one.
    """
    # Opening a device can do something already, so it is looked at first; and again, when nobody can change it.
    _check_regular(Path(path).stat(), path)
    return open_and_check(path, flags)


def open_and_check(path: str, flags: int) -> tuple[FileIO, os.stat_result]:
    """Do the same for a path that may have become another since it was looked at."""
    descriptor = os.open(path, FLAGS | flags)
    try:
        status = os.fstat(descriptor)
        _check_regular(status, path)
        return LockedFile(descriptor), status
    except BaseException:
        os.close(descriptor)
        raise


def _check_regular(status: os.stat_result, path: str) -> None:
    """Raise for what is no regular file."""
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(path)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(path)


def read_exactly(file: FileIO, count: int) -> bytes:
    """Return the next *count* bytes.

    Raises:
        OSError: The file ends before, or cannot be read.
    """
    parts = []
    while count:
        part = file.read(count)
        if not part:
            raise OSError(f"The file ended {count} bytes before its end: something made it shorter meanwhile.")
        parts.append(part)
        count -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def log_trouble(error: Exception) -> None:
    """Log an error that is not the client's, who gets a 404: a failing disk or too many open files are to be mended."""
    if isinstance(error, OSError) and error.errno not in _OF_THE_PATH:
        logger.error("A file could not be read, and was answered with 404: %s", error)


async def run_in_file_thread(function: Callable[[*Arguments], C], *arguments: *Arguments) -> C:
    """Return what *function* returns, called in a thread.

    If the caller is cancelled meanwhile, what the thread opens is closed all the same.
    """
    future = asyncio.get_running_loop().run_in_executor(FILE_THREADS, function, *arguments)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        future.add_done_callback(discard)
        raise


def discard(future: "asyncio.Future[C]") -> None:
    """Close what is in *future*, as nobody waits for it any more."""
    if not future.cancelled() and future.exception() is None:
        result = future.result()
        if result is not None:
            result.close()
