"""Opening files: regular ones, without waiting, and with nothing left open."""

import asyncio
import errno
import os
import socket
import threading
from pathlib import Path

import pytest

from yaat_staticfiles.opening import (
    NotRegularError,
    discard,
    log_trouble,
    open_and_check,
    open_regular,
    read_exactly,
    run_in_file_thread,
)


def test_a_regular_file_is_opened(tmp_path: Path) -> None:
    """What is known of the file is known of the one that is open."""
    path = tmp_path / "file"
    path.write_bytes(b"content")
    file, status = open_regular(str(path))
    with file:
        assert status.st_size == 7
        assert read_exactly(file, 7) == b"content"


@pytest.mark.usefixtures("is_tight")
def test_a_fifo_is_refused_at_once(tmp_path: Path) -> None:
    """Opening a FIFO waits for a writer, which may never come; so it is not opened."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(NotRegularError):
        open_regular(str(path))


@pytest.mark.usefixtures("is_tight")
def test_devices_and_sockets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have no end, or do things when they are opened."""
    monkeypatch.chdir(tmp_path)  # The path of a socket may not be long.
    with pytest.raises(NotRegularError):
        open_regular("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(NotRegularError):
            open_regular(str(tmp_path / "socket"))


@pytest.mark.usefixtures("is_tight")
def test_folders_are_told_apart(tmp_path: Path) -> None:
    """A folder is an error of its own kind, as it may stand for a page."""
    with pytest.raises(IsADirectoryError):
        open_regular(str(tmp_path))


@pytest.mark.usefixtures("is_tight")
def test_a_link_at_the_end_is_refused_on_request(tmp_path: Path) -> None:
    """A link that is put in the place of a file after its path was checked is not followed."""
    (tmp_path / "file").write_bytes(b"secret")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(OSError, match="symbolic"):
        open_regular(str(tmp_path / "link"), flags=os.O_NOFOLLOW)


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("path", ["", "a\0b", "/" + "x" * 10_000, "\ud800", "/nowhere/at/all"])
def test_paths_that_cannot_be_end_in_an_error_that_is_expected(path: str) -> None:
    """Whatever is wrong with a path is an `OSError` or a `ValueError`."""
    with pytest.raises((OSError, ValueError)):
        open_regular(path)


def test_a_file_that_ends_too_early_is_an_error(tmp_path: Path) -> None:
    """Fewer bytes than there were never pass as the whole."""
    path = tmp_path / "file"
    path.write_bytes(b"content")
    file, _ = open_regular(str(path))
    with file, pytest.raises(OSError, match="ended 3 bytes before"):
        read_exactly(file, 10)


def test_content_that_comes_in_pieces_is_joined() -> None:
    """The system may give fewer bytes than were asked for."""
    reading, writing = os.pipe()
    os.write(writing, b"abc")

    def write_more() -> None:
        os.write(writing, b"def")
        os.close(writing)

    with open(reading, "rb", buffering=0) as file:  # noqa: PTH123 - it has no path
        first = file.read(3)
        writer = threading.Thread(target=write_more)
        writer.start()
        assert first + read_exactly(file, 3) == b"abcdef"
        writer.join()


class Opened:
    """Stands for something that a thread opens."""

    def __init__(self) -> None:
        self.is_closed = threading.Event()

    def close(self) -> None:
        """Note that it was closed."""
        self.is_closed.set()


def test_what_a_thread_opens_for_nobody_is_closed() -> None:
    """A client that leaves while its file is being opened leaves nothing open."""
    opened, has_begun, may_end = Opened(), threading.Event(), threading.Event()

    def work(result: Opened) -> Opened:
        has_begun.set()
        may_end.wait()
        return result

    async def main() -> None:
        task = asyncio.create_task(run_in_file_thread(work, opened))
        await asyncio.to_thread(has_begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_end.set()
        await asyncio.to_thread(opened.is_closed.wait, 10)

    asyncio.run(main())
    assert opened.is_closed.is_set()


def test_nothing_is_said_of_what_nobody_waits_for() -> None:
    """What fails, finds nothing, or never begins after its client has left is over then."""
    complaints: list[object] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        failed, empty, cancelled = (loop.create_future() for _ in range(3))
        failed.set_exception(OSError())
        empty.set_result(None)
        cancelled.cancel()
        for future in (failed, empty, cancelled):
            discard(future)

    asyncio.run(main())
    assert not complaints


@pytest.mark.usefixtures("is_tight")
def test_a_file_that_becomes_something_else_is_looked_at_again(tmp_path: Path) -> None:
    """What is opened counts, not what was at the path before; a FIFO does not hang there either."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(NotRegularError):
        open_and_check(str(path), 0)


@pytest.mark.parametrize(
    ("error", "is_logged"),
    [
        (OSError(errno.EIO, "Input/output error"), True),
        (OSError(errno.EMFILE, "Too many open files"), True),
        (FileNotFoundError(errno.ENOENT, "No such file"), False),
        (NotRegularError("/dev/zero"), False),
        (ValueError("embedded null byte"), False),
    ],
)
def test_trouble_of_the_machine_is_logged(
    error: Exception, caplog: pytest.LogCaptureFixture, *, is_logged: bool
) -> None:
    """Clients see a 404 for whatever goes wrong; a failing disk is told to those who can mend it."""
    log_trouble(error)
    assert bool(caplog.records) == is_logged
