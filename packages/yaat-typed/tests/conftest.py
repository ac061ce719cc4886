"""What these tests share: a client that speaks ASGI to an app, and an app that autoloads nothing."""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest

from yaat import Yaat
from yaat_typed import TypedPlugin


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent, and how many messages of content it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    taken: int

    @property
    def json(self) -> Any:
        """The content as a value."""
        return json.loads(self.body)

    @property
    def mistakes(self) -> list[str]:
        """The errors of a problem document, each in one line."""
        return [f"{each['in']} {each['pointer']} {each['detail']}" for each in self.json["errors"]]


async def exchange(
    app: Any, target: str, content: bytes = b"", headers: Iterable[tuple[str, str]] = (), **scope: Any
) -> Answer:
    """Send one request, such as `GET /x?a=1`, and gather what comes back."""
    method, _, url = target.partition(" ")
    path, _, query = url.partition("?")
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": content, "more_body": False}]
    connection = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver"), *((name.encode(), value.encode("latin-1")) for name, value in headers)],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        **scope,
    }

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()  # The client stays and says nothing more.
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(connection, receive, send)
    start, *bodies = sent
    return Answer(
        status=start["status"],
        headers={name.decode(): value.decode() for name, value in start["headers"]},
        body=b"".join(each["body"] for each in bodies),
        taken=1 - len(messages),
    )


Fetch = Callable[..., Answer]


@pytest.fixture
def fetch() -> Fetch:
    """A function that sends a request to an app and returns its answer; `body=` is sent as JSON."""

    def request(app: Any, target: str, *, body: Any = ..., content: bytes = b"", **options: Any) -> Answer:
        headers = list(options.pop("headers", ()))
        if body is not ...:
            content = json.dumps(body).encode()
            headers.append(("content-type", "application/json"))
        return asyncio.run(exchange(app, target, content, headers, **options))

    return request


@pytest.fixture
def app() -> Yaat:
    """An app with the plugin, and nothing else."""
    return Yaat(autoload=False, plugins=[TypedPlugin()])
