"""This file is the response with a file that is too large for memory: it is read in threads while it is sent.

The law here: a response is as long as its Content-Length says, or it is broken off where everybody sees it.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from io import FileIO
from typing import Any, ClassVar

from aiofiles.threadpool import wrap

from yaat.asgi import Message, Receive, Scope, Send
from yaat.exceptions import ClientDisconnect, NotFound, ResponseError
from yaat.response import Response, has_content
from yaat.streaming import send_while_listening

from .opening import FILE_THREADS, logger
from .ranges import Span

#: How much is read at once: what one response holds in memory.
CHUNK_BYTES = 256 * 1024
PATHSEND = "http.response.pathsend"


class FileBroken(ResponseError):
    """A file could not be read to its end, or has become shorter, while it was sent."""


class FileReader:
    """Reads an open file in threads, and closes it when no thread uses it any more.

    Args:
        file: Belongs to the reader from now on.
        path: Where it is, for messages.
    """

    def __init__(self, file: FileIO, path: str) -> None:
        self._file = file
        self._path = path
        self._stream: Any = None
        self._step: asyncio.Future[Any] | None = None

    async def seek(self, position: int) -> None:
        """Go to a place in the file."""
        await self._run("seek", position)

    async def read(self, count: int) -> bytes:
        """Return the next bytes, of which the system may give fewer than *count*.

        Raises:
            FileBroken: The file has ended, or cannot be read.
        """
        chunk: bytes = await self._run("read", count)
        if not chunk:
            raise FileBroken(
                f"{self._path} ended at least {count} bytes too early: it was made shorter while it was sent. "
                "Write a new file and put it in the place of the old one: os.replace(new, old)."
            )
        return chunk

    async def _run(self, method: str, argument: int) -> Any:
        """Return what a method of the file returns, called in a thread that nothing interrupts."""
        if self._stream is None:
            self._stream = wrap(self._file, loop=asyncio.get_running_loop(), executor=FILE_THREADS)
        self._step = asyncio.ensure_future(getattr(self._stream, method)(argument))
        try:
            return await asyncio.shield(self._step)
        except OSError as error:
            raise FileBroken(f"{self._path} could not be read to its end: {error}") from error

    def close(self) -> None:
        """Close the file, once the thread is done that reads it now."""
        if self._step is None or self._step.done():
            self._file.close()
        else:
            self._step.add_done_callback(self._close_late)

    def _close_late(self, step: "asyncio.Future[Any]") -> None:
        """Close the file after its last *step*."""
        if step.cancelled():  # As a loop does at its end; the thread knows nothing of that, and may go on.
            FILE_THREADS.submit(self._file.close)
        else:
            step.exception()  # Nobody waits for it any more, so nobody else will ask.
            self._file.close()


class LargeFileResponse(Response):
    """Sends pieces of an open file, and closes it in the end.

    Whoever does not send the response after all has to `close` it.

    Args:
        file: Belongs to the response from now on.
        pieces: Parts of the file, and bytes between them.
        length: Of all pieces.
        path: Where the file is.
        is_whole: The whole file is to be sent, so a server may do that by itself.
    """

    __slots__ = ("_is_whole", "_length", "_path", "_pieces", "_reader", "is_started")
    notes_start: ClassVar[bool] = True

    def __init__(self, file: FileIO, pieces: Iterable[bytes | Span], length: int, *, path: str, is_whole: bool) -> None:
        super().__init__(b"")
        self.raw_body = None
        self.is_started = False
        self._reader = FileReader(file, path)
        self._is_whole = is_whole
        self._pieces = pieces
        self._length = length
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces; for HEAD the headers alone.

        Raises:
            NotFound: The file cannot be read at all.
            FileBroken: It could not be read to its end.
            ClientDisconnect: The client left, and *send* said so.
        """
        if self.raw_body is not None:  # Something has put other content in the place of the file's.
            self.close()
            self.is_started = True
            await super().__call__(scope, receive, send)
            return
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.make_fields(self._length),
        }
        try:
            if scope["method"] == "HEAD" or not has_content(self.status_code):
                await self._send(send, start)
                await self._send(send, {"type": "http.response.body", "body": b""})
            elif self._is_whole and PATHSEND in (scope.get("extensions") or {}):
                await self._send(send, start)
                await self._send(send, {"type": PATHSEND, "path": self._path})
            else:
                await send_while_listening(self._send_pieces(start, send), receive)
        except FileBroken as error:
            if self.is_started:
                raise
            logger.error("%s It was answered with 404.", error)
            raise NotFound from error
        finally:
            self.close()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    async def _read(self) -> AsyncGenerator[bytes, None]:
        """Yield all content, in parts."""
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            await self._reader.seek(piece.start)
            left = piece.stop - piece.start
            while left:
                chunk = await self._reader.read(min(left, CHUNK_BYTES))
                left -= len(chunk)
                yield chunk

    async def _send_pieces(self, start: Message, send: Send) -> None:
        """Send *start*, when there is content, and all of the content."""
        async with aclosing(self._read()) as chunks:
            async for chunk in chunks:
                if not self.is_started:
                    await self._send(send, start)
                await self._send(send, {"type": "http.response.body", "body": chunk, "more_body": True})
        await self._send(send, {"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send, message: Message) -> None:
        """Send *message*; from the first one on, the response has begun.

        Raises:
            ClientDisconnect: The client left.
        """
        self.is_started = True
        try:
            await send(message)
        except OSError as error:
            raise ClientDisconnect("The client left before it had the whole file.") from error
