"""Requests that mean harm: each gets one answer, shows nothing that is not served, and leaves nothing behind."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Yaat
from yaat_staticfiles import StaticFiles
from yaat_staticfiles.answer import WISHES
from yaat_testclient import check_app

SECRET = b"do not tell"

PIECES = [
    *("..", ".", "", "/", "\\", "\0", "%2e%2e", "%2f", "%5c", "%00", "\r\n", "~", ":", "*", "\ud800", "\udcff"),
    *(
        "a.css",
        "a.css.gz",
        "docs",
        "index.html",
        "link",
        "up",
        "fifo",
        "loop",
        "secret",
        ".hidden",
        "big",
        "CON",
        "nul.",
    ),
]
PATHS = st.lists(st.sampled_from(PIECES), max_size=8).flatmap(
    lambda pieces: st.sampled_from("/ ").map(lambda s: s.strip().join(pieces))
)
TOKENS = [
    "bytes=",
    "0-",
    "-1",
    "5-2",
    ",",
    "999999999999999999999",
    '"',
    "W/",
    "*",
    ";q=0",
    "gzip",
    "br",
    "text/html",
    "\t",
]
VALUES = st.one_of(
    st.lists(st.sampled_from(TOKENS), max_size=12).map("".join).map(str.encode),
    st.binary(max_size=40),
)
HEADERS = st.lists(st.tuples(st.sampled_from([*sorted(WISHES), b"accept"]), VALUES), max_size=6)


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Yaat, Callable[[], int]]]:
    """An app that serves a folder with all that can be asked for, and what counts open files."""
    with TemporaryDirectory() as name:
        root = Path(name) / "static"
        (root / "docs").mkdir(parents=True)
        for path in (root.parent / "secret", root / ".hidden"):
            path.write_bytes(SECRET)
        for file in ("a.css", "a.css.gz", "docs/index.html", "index.html"):
            (root / file).write_bytes(b"content")
            os.utime(root / file, (1_700_000_000,) * 2)
        (root / "big").write_bytes(b"x" * 200_000)
        os.mkfifo(root / "fifo")
        (root / "link").symlink_to("../secret")
        (root / "up").symlink_to("..")
        (root / "loop").symlink_to("loop")
        app = Yaat(autoload=False)
        app.mount("/files", StaticFiles(root, html=True, fallback="index.html", cache_bytes=10_000))
        yield app, lambda: sum(1 for _ in Path("/proc/self/fd").iterdir())


@settings(max_examples=400, deadline=None)
@given(
    path=PATHS, headers=HEADERS, method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]), query=st.binary(max_size=9)
)
def test_any_request_gets_one_harmless_answer(
    site: tuple[Yaat, Callable[[], int]],
    path: str,
    headers: list[tuple[bytes, bytes]],
    method: str,
    query: bytes,
) -> None:
    """Whatever is asked for, in whatever spelling, with whatever conditions: no error, no secret, nothing left open."""
    app, count = site
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()

    full = f"/files/{path}"
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": full,
        "raw_path": full.encode("utf-8", "surrogatepass"),
        "root_path": "",
        "query_string": query,
        "headers": headers,
    }

    async def ask() -> None:
        await check_app(app)(scope, receive, send)

    before = count()
    asyncio.run(ask())
    assert count() == before
    assert messages[0]["status"] in (200, 204, 206, 304, 307, 404, 405, 412, 416)
    assert SECRET not in b"".join(message.get("body", b"") for message in messages[1:])
