"""Large uploads take no more memory than small ones, and leave the event loop to others.

`YAAT_FORMS_SCALE_BYTES=1073741824 pytest tests/test_scale.py -s` sends a gibibyte and prints what it took.
"""

import asyncio
import os
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from yaat import Yaat
from yaat_forms import FormsPlugin

CHUNK = bytes(range(256)) * 256
#: Enough that keeping it would show.
BYTES = int(os.environ.get("YAAT_FORMS_SCALE_BYTES", "67108864")) // len(CHUNK) * len(CHUNK)
#: What an upload of any size may take: two batches, two slices, and what the app is.
MAX_PEAK_BYTES = 3 * 1024 * 1024


def make_app(folder: Path) -> Yaat:
    app = Yaat(autoload=False, plugins=[FormsPlugin(spool_folder=folder)], max_body_bytes=BYTES + 1000)

    @app.post("/form")
    async def keep_aside(request: Any) -> str:
        return str((await request.form())["f"].size)

    @app.post("/parts")
    async def read(request: Any) -> str:
        return str(sum([len(chunk) async for part in request.multipart() async for chunk in part]))

    @app.post("/save")
    async def save(request: Any) -> str:
        async for part in request.multipart():
            await part.save(folder / "saved")
        return str(len_of(folder / "saved"))

    app.build()
    return app


def len_of(path: Path) -> int:
    return path.stat().st_size


async def upload(app: Yaat, path: str) -> bytes:
    """Send a file of `BYTES` to *path*, chunk by chunk, and return the answer."""
    left = BYTES // len(CHUNK)
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
    answer = b""

    async def receive() -> Any:
        nonlocal left, head
        left -= not head
        body, head = head or (CHUNK if left >= 0 else b"\r\n--b--"), b""
        return {"type": "http.request", "body": body, "more_body": left >= 0}

    async def send(message: Any) -> None:
        nonlocal answer
        answer += message.get("body", b"")

    fields = [(b"host", b"testserver"), (b"content-type", b"multipart/form-data; boundary=b")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "root_path": ""}
    await app({**scope, "query_string": b"", "headers": fields}, receive, send)
    return answer


@pytest.mark.parametrize("path", ["/form", "/parts", "/save"])
async def test_upload_of_any_size_takes_the_same_memory(tmp_path: Path, path: str) -> None:
    """Content goes through as it comes: kept aside, read or saved, nothing that grows with it is held in memory."""
    app = make_app(tmp_path)
    tracemalloc.start()
    begin = time.perf_counter()
    try:
        answer = await upload(app, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    seconds = time.perf_counter() - begin
    print(f"{path}: {BYTES} bytes in {seconds:.1f} s, traced, with a peak of {peak} bytes")
    assert int(answer) == BYTES
    assert peak < MAX_PEAK_BYTES


async def test_others_are_served_during_an_upload(tmp_path: Path) -> None:
    """While content is written and read, the event loop goes round."""
    app = make_app(tmp_path)
    longest = turns = 0.0

    async def watch() -> None:
        nonlocal longest, turns
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(0)
            longest, turns = max(longest, time.perf_counter() - begin), turns + 1

    watcher = asyncio.create_task(watch())
    await upload(app, "/form")
    await asyncio.sleep(0)
    watcher.cancel()
    print(f"/form: the event loop was held for {longest * 1000:.1f} ms at most")
    # A write for each batch goes to a thread, and others run meanwhile.
    assert turns > BYTES / 262_144
