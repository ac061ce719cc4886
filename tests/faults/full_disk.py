"""Uploads that a full disk cannot take: run as a program, because the limit that fills it is one of the process.

It prints what each way to take an upload has led to, as JSON.
"""

import asyncio
import json
import logging
import resource
import sys
from itertools import product
from pathlib import Path
from typing import Any

from yaat import Request, Yaat
from yaat.asgi import Message
from yaat_forms import FormsPlugin

#: So much a file may have: some chunks of an upload, and a little.
MAX_FILE_BYTES = 263_000
#: What does not fit into a file is more than a buffer holds, or so little that it fails when the buffer is emptied.
LENGTHS = (1_000_000, 267_000)
HEAD = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n'


class Records(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.texts.append(type(error).__name__)


def make_app(folder: Path, spool_bytes: int) -> Yaat:
    """Return an app that takes uploads."""
    app = Yaat(autoload=False, plugins=[FormsPlugin(spool_bytes=spool_bytes, spool_folder=folder)])

    @app.post("/form")
    async def keep_aside(request: Request) -> str:
        return str((await request.form())["f"].size)

    @app.post("/save")
    async def save(request: Request) -> str:
        await (await request.form())["f"].save(folder / "f.bin")
        return "saved"

    @app.post("/save-part")
    async def save_part(request: Request) -> str:
        async for part in request.multipart():
            await part.save(folder / "f.bin")
        return "saved"

    return app


async def upload(app: Yaat, path: str, content: bytes) -> tuple[int, list[Any]]:
    """Return the status that an upload gets, and the types of what was sent."""
    chunks = [HEAD, *(content[start : start + 65_536] for start in range(0, len(content), 65_536)), b"\r\n--b--\r\n"]
    incoming = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    incoming[-1]["more_body"] = False
    sent: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0) if incoming else await asyncio.get_running_loop().create_future()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", b"multipart/form-data; boundary=b")],
    }
    await app(scope, receive, send)
    return sent[0]["status"], [message["type"] for message in sent]


def try_all(folder: Path, runner: asyncio.Runner) -> list[dict[str, Any]]:
    """Return what every way to take an upload leads to."""
    records = Records()
    logging.getLogger("yaat").addHandler(records)
    found = []
    ways = (("/form", 10), ("/save", 10), ("/save", 2_000_000), ("/save-part", 10))
    for (path, spool_bytes), length in product(ways, LENGTHS):
        app = make_app(folder, spool_bytes)
        runner.run(upload(app, path, b"small"))
        (folder / "f.bin").unlink(missing_ok=True)
        before = len(list(Path("/dev/fd").iterdir()))
        answer = runner.run(upload(app, path, bytes(length)))
        found.append(
            {
                "way": f"{path}, {spool_bytes}, {length}",
                "answer": answer,
                "logged": [*records.texts],
                "descriptors": len(list(Path("/dev/fd").iterdir())) - before,
                "files": [each.name for each in folder.iterdir()],
                "next": runner.run(upload(app, path, b"small"))[0],
            }
        )
        records.texts.clear()
        (folder / "f.bin").unlink(missing_ok=True)
    return found


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))
    with asyncio.Runner() as loop:
        print(json.dumps(try_all(Path(sys.argv[1]), loop)))
