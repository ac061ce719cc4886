"""What these tests share: a folder of files, and a client that sends the very messages of ASGI."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from yaat import Yaat
from yaat_staticfiles import StaticFiles
from yaat_staticfiles.large_file import CHUNK_BYTES
from yaat_testclient import check_app

#: Long after any change that another one could be taken for.
LONG_AGO = 1_700_000_000
PATHSEND = "http.response.pathsend"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Of the response."""
        status: int = self.messages[0]["status"]
        return status

    @property
    def headers(self) -> dict[str, str]:
        """By name; a name that occurs twice is a mistake."""
        raw = [(name.decode(), value.decode("latin-1")) for name, value in self.messages[0]["headers"]]
        assert len(dict(raw)) == len(raw), raw
        return dict(raw)

    @property
    def body(self) -> bytes:
        """The whole content."""
        return b"".join(message.get("body", b"") for message in self.messages[1:])


def make_scope(path: str, method: str, headers: Iterable[tuple[str, str]], **more: Any) -> dict[str, Any]:
    """Return the scope of one request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), *((n.lower().encode(), v.encode("latin-1")) for n, v in headers)],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        **more,
    }


async def exchange(app: Any, scope: dict[str, Any]) -> Answer:
    """Send one request without content, and gather what comes back; breaking the protocol raises."""
    answer = Answer()
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()  # The client stays and says nothing more.
        return messages.pop()

    async def send(message: Any) -> None:
        answer.messages.append(message)

    await check_app(app)(scope, receive, send)
    return answer


Fetch = Callable[..., Answer]
Put = Callable[..., Path]


@pytest.fixture
def fetch() -> Fetch:
    """A function that sends a request to an app and returns its answer."""

    def request(app: Any, path: str = "/", *fields: tuple[str, str], method: str = "GET", **more: Any) -> Answer:
        return asyncio.run(exchange(app, make_scope(path, method, fields, **more)))

    return request


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    path = tmp_path / "static"
    path.mkdir()
    return path


@pytest.fixture
def put(folder: Path) -> Put:
    """A function that writes a file into the folder, as if long ago."""

    def write(name: str, content: bytes = b"content", *, time: float = LONG_AGO) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time, time))
        return path

    return write


@pytest.fixture
def make_app(folder: Path) -> Callable[..., Yaat]:
    """A function that makes an app with the folder at `/static`; its options go to `StaticFiles`."""

    def make(prefix: str = "/static", **options: Any) -> Yaat:
        app = Yaat(autoload=False)
        app.mount(prefix, StaticFiles(**{"directory": folder} | options))
        return app

    return make


@pytest.fixture
def large() -> bytes:
    """Content that is sent in three parts."""
    return bytes(range(256)) * (CHUNK_BYTES // 256 * 2 + 1)


def count_descriptors() -> int:
    """Return how many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
def is_tight() -> Iterable[None]:
    """Fails the test that leaves a file open: for good, since a thread that still reads one closes it after that."""
    before = count_descriptors()
    yield
    deadline = time.monotonic() + 5
    while count_descriptors() != before and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    assert count_descriptors() == before
