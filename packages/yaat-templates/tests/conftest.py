"""What these tests share: a client that speaks ASGI to an app, and an app that autoloads nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from yaat import Yaat
from yaat_templates import TemplatesPlugin


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent."""

    status: int
    headers: dict[str, str]
    parts: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The whole content."""
        return b"".join(self.parts).decode()


async def _exchange(app: Any, scope: dict[str, Any]) -> Answer:
    """Send one request without content, and gather what comes back."""
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()  # The client stays and says nothing more.
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *bodies = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(status=start["status"], headers=headers, parts=tuple(body["body"] for body in bodies))


@pytest.fixture
def fetch() -> Callable[..., Answer]:
    """A function that sends a request to an app and returns its answer."""

    def request(app: Any, path: str = "/", *, method: str = "GET", root_path: str = "") -> Answer:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": root_path + path,
            "raw_path": (root_path + path).encode(),
            "root_path": root_path,
            "query_string": b"",
            "headers": [(b"host", b"testserver")],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        return asyncio.run(_exchange(app, scope))

    return request


@pytest.fixture
def make_app() -> Callable[..., Yaat]:
    """A function that makes an app with templates; its options go to the plugin."""

    def make(source: Any, *more: Any, debug: bool = False, **options: Any) -> Yaat:
        return Yaat(debug=debug, autoload=False, plugins=[TemplatesPlugin(source, **options), *more])

    return make
