"""What these tests share: a client that speaks ASGI to an app, and an app that autoloads nothing."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from openapi_spec_validator import validate

from yaat import Yaat
from yaat_openapi import OpenAPI


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent."""

    status: int
    headers: dict[str, str]
    content: bytes


async def _exchange(app: Any, scope: dict[str, Any]) -> Answer:
    """Send one request without content, and gather what comes back."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *bodies = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(status=start["status"], headers=headers, content=b"".join(body["body"] for body in bodies))


@pytest.fixture
def fetch() -> Callable[..., Answer]:
    """A function that sends a request to an app and returns its answer."""

    def request(
        app: Any,
        path: str,
        *,
        method: str = "GET",
        root_path: str = "",
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> Answer:
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
            "headers": [(b"host", b"testserver"), *headers],
        }
        return asyncio.run(_exchange(app, scope))

    return request


@pytest.fixture
def make_app() -> Callable[..., Yaat]:
    """A function that makes an app with the plugin, which takes its options, and with other plugins."""

    def make(*plugins: Any, **options: Any) -> Yaat:
        return Yaat(autoload=False, plugins=[OpenAPI(**options), *plugins])

    return make


@pytest.fixture
def read_document() -> Callable[[Yaat], Any]:
    """A function that builds an app and returns its document, having had it checked."""

    def read(app: Yaat) -> Any:
        app.build()
        document = app.extensions["openapi"].document
        validate(document)
        return document

    return read
