"""Sending files that are too large for memory."""

import asyncio
import os
import threading
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from yaat.exceptions import ClientDisconnect, NotFound
from yaat_staticfiles.large_file import CHUNK_BYTES, PATHSEND, FileBroken, FileReader, LargeFileResponse
from yaat_staticfiles.opening import LockedFile, open_regular
from yaat_staticfiles.ranges import Span

Put = Callable[..., Path]
Exchange = Callable[..., list[dict[str, Any]]]


async def stay() -> dict[str, Any]:
    """Receive for a client that stays and says nothing."""
    await asyncio.Event().wait()
    return {}


def respond(target: Path, *pieces: bytes | Span) -> LargeFileResponse:
    """Return the response with pieces of a file, or with all of it."""
    file, status = open_regular(str(target))
    parts = pieces or (Span(0, status.st_size),)
    length = sum(len(piece) if isinstance(piece, bytes) else piece.stop - piece.start for piece in parts)
    return LargeFileResponse(file, parts, length, path=str(target), is_whole=not pieces)


@pytest.fixture
def collect() -> Exchange:
    """A function that lets a response send, and returns its messages; *on_send* is called with each."""

    def run(
        response: LargeFileResponse,
        *,
        method: str = "GET",
        extensions: dict[str, Any] | None = None,
        on_send: Callable[[dict[str, Any]], None] = lambda message: None,
        receive: Callable[[], Any] = stay,
    ) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)
            on_send(message)

        scope = {"type": "http", "method": method, "extensions": extensions}
        try:
            asyncio.run(response(scope, receive, send))
        finally:
            run.sent = sent  # type: ignore[attr-defined]  # for tests in which it raises
        return sent

    return run


@pytest.mark.usefixtures("is_tight")
def test_a_file_is_sent_in_parts(put: Put, large: bytes, collect: Exchange) -> None:
    """Never more than one part is in memory, and the length is known before."""
    start, *parts = collect(respond(put("a", large)))
    assert start["headers"] == [(b"content-length", str(len(large)).encode())]
    assert b"".join(part["body"] for part in parts) == large
    assert max(len(part["body"]) for part in parts) == CHUNK_BYTES
    assert [part["more_body"] for part in parts] == [True, True, True, False]


@pytest.mark.usefixtures("is_tight")
def test_pieces_come_in_their_order(put: Put, large: bytes, collect: Exchange) -> None:
    """Parts of the file, wherever they are in it, and bytes between them."""
    _, *parts = collect(respond(put("a", large), b"<", Span(CHUNK_BYTES, CHUNK_BYTES + 5), b"|", Span(0, 3), b">"))
    assert (
        b"".join(part["body"] for part in parts)
        == b"<" + large[CHUNK_BYTES : CHUNK_BYTES + 5] + b"|" + large[:3] + b">"
    )


@pytest.mark.usefixtures("is_tight")
def test_head_is_answered_without_reading(put: Put, large: bytes, collect: Exchange) -> None:
    """HEAD gets the headers of GET and no content (RFC 9110 §9.3.2)."""
    start, end = collect(respond(put("a", large)), method="HEAD")
    assert start["headers"] == [(b"content-length", str(len(large)).encode())]
    assert end == {"type": "http.response.body", "body": b""}


@pytest.mark.usefixtures("is_tight")
def test_a_server_that_can_sends_the_file_itself(put: Put, large: bytes, collect: Exchange) -> None:
    """Where `http.response.pathsend` is offered, the whole file is left to the server (ASGI extensions)."""
    path = put("a", large)
    _, end = collect(respond(path), extensions={PATHSEND: {}})
    assert end == {"type": PATHSEND, "path": str(path)}


def test_parts_of_a_file_are_not_left_to_the_server(put: Put, large: bytes, collect: Exchange) -> None:
    """The extension knows whole files alone."""
    _, *parts = collect(respond(put("a", large), Span(0, 10)), extensions={PATHSEND: {}})
    assert b"".join(part["body"] for part in parts) == large[:10]


@pytest.mark.usefixtures("is_tight")
def test_a_file_made_shorter_breaks_the_response_off(put: Put, large: bytes, collect: Exchange) -> None:
    """A response that cannot be as long as it said raises, so the server closes the connection (RFC 9112 §8)."""
    path = put("a", large)
    response = respond(path)

    def shorten(message: dict[str, Any]) -> None:
        if "more_body" in message:
            os.truncate(path, CHUNK_BYTES)

    with pytest.raises(FileBroken, match="made shorter"):
        collect(response, on_send=shorten)
    assert response.is_started
    assert [message.get("more_body") for message in collect.sent] == [None, True]  # type: ignore[attr-defined]  # see there


@pytest.mark.usefixtures("is_tight")
def test_a_file_emptied_before_it_is_sent_is_not_found(put: Put, large: bytes, collect: Exchange) -> None:
    """While nothing was sent, an answer is still possible."""
    path = put("a", large)
    response = respond(path)
    os.truncate(path, 0)
    with pytest.raises(NotFound):
        collect(response)
    assert not response.is_started


@pytest.mark.usefixtures("is_tight")
def test_a_file_removed_while_it_is_sent_is_sent_to_its_end(put: Put, large: bytes, collect: Exchange) -> None:
    """What is open stays there; so does what a new file of that name has taken the place of."""
    path = put("a", large)
    response = respond(path)
    put("b", b"new").replace(path)
    _, *parts = collect(response)
    assert b"".join(part["body"] for part in parts) == large


@pytest.mark.usefixtures("is_tight")
def test_a_file_that_grows_is_as_long_as_it_said(put: Put, large: bytes, collect: Exchange) -> None:
    """What is added to a log while it is sent is for the next request."""
    path = put("a", large)
    response = respond(path)
    with path.open("ab") as log:
        log.write(b"more")
    _, *parts = collect(response)
    assert b"".join(part["body"] for part in parts) == large


@pytest.mark.usefixtures("is_tight")
def test_a_disk_error_is_told_apart_from_a_client_that_leaves(put: Put, large: bytes, collect: Exchange) -> None:
    """The `OSError` of a disk is not that of `send`."""
    response = respond(put("a", large))
    # The system refuses to read a descriptor that can only be written.
    writing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(writing, response._reader._file.fileno())
    os.close(writing)
    with pytest.raises(NotFound) as caught:
        collect(response)
    assert isinstance(caught.value.__cause__, FileBroken)


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_that_leaves_ends_the_sending(put: Put, large: bytes, collect: Exchange, method: str) -> None:
    """A `send` that raises ends the exchange as ASGI has it, and the file is closed."""

    def leave(message: dict[str, Any]) -> None:
        raise BrokenPipeError

    with pytest.raises(ClientDisconnect):
        collect(respond(put("a", large)), on_send=leave, method=method)


@pytest.mark.usefixtures("is_tight")
def test_nothing_is_read_for_a_client_that_has_left(put: Put, large: bytes, collect: Exchange) -> None:
    """Servers that say nothing in `send` say it in `receive`; the sending ends long before the file does."""
    content = large * 20

    async def leave() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    sent = collect(respond(put("a", content)), receive=leave)
    assert sum(len(message.get("body", b"")) for message in sent) < len(content)
    assert all(message.get("more_body", True) for message in sent)


class NotedFile(LockedFile):
    """A file that tells when it is being read, and when it was closed."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        self.is_being_read = threading.Event()
        self.is_closed = threading.Event()

    def read(self, size: int | None = -1) -> Any:
        with self._lock:
            self.is_being_read.set()
            return FileIO.read(self, size)

    def close(self) -> None:
        super().close()
        self.is_closed.set()


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_file_is_closed_when_no_thread_reads_it_any_more(*, is_cancelled: bool) -> None:
    """A response that is cancelled while a thread reads waits for nothing; the end of the reading closes the file."""
    reading, writing = os.pipe()
    file = NotedFile(reading)
    reader = FileReader(file, "pipe")

    async def main() -> None:
        task = asyncio.create_task(reader.read(1))
        await asyncio.to_thread(file.is_being_read.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        reader.close()
        assert not file.closed
        step = reader._step
        assert step is not None
        if is_cancelled:  # As a loop does with everything when it ends.
            step.cancel()
            await asyncio.wait([step])
            assert not file.closed
        os.write(writing, b"x")
        await asyncio.to_thread(file.is_closed.wait, 10)
        assert file.closed

    asyncio.run(main())
    os.close(writing)


@pytest.mark.usefixtures("is_tight")
def test_a_response_that_is_never_sent_can_be_closed(put: Put, large: bytes) -> None:
    """Whoever sends another one in its place closes it."""
    respond(put("a", large)).close()
