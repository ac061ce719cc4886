"""This file is the raw app of the row ``static``: one small file, read for each request."""

from __future__ import annotations

import mimetypes
import os
from email.utils import formatdate
from stat import S_ISREG

from content import STATIC
from messages import Receive, Scope, Send

PREFIX = "/static/"
ROOT = str(STATIC.resolve()) + os.sep


async def static(scope: Scope, receive: Receive, send: Send) -> None:
    # A small file comes from the page cache in less time than it takes to ask a thread for it.
    path = scope["path"]
    try:
        if not path.startswith(PREFIX) or ".." in path:
            raise FileNotFoundError(path)
        descriptor = os.open(ROOT + path[len(PREFIX) :], os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError):
        await missing(send)
        return
    try:
        details = os.fstat(descriptor)
        if not S_ISREG(details.st_mode):
            await missing(send)
            return
        body = os.read(descriptor, details.st_size)
    finally:
        os.close(descriptor)
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    headers = [
        (b"content-type", media_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"last-modified", formatdate(details.st_mtime, usegmt=True).encode()),
        (b"etag", b'"%x-%x"' % (details.st_mtime_ns, details.st_size)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def missing(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"9")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"Not Found"})
