"""This file drives an app with ASGI messages, as a server would."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from yaat.asgi import ASGIApp, Message, Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app sent: status, headers in lower case, content, and the messages themselves."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    messages: list[Message]

    def __getitem__(self, name: str) -> str:
        """The value of the one header of that name."""
        [value] = (value for key, value in self.headers if key == name)
        return value

    @property
    def text(self) -> str:
        """The content as text."""
        return self.body.decode()


def make_scope(method: str, path: str, /, *, headers: Iterable[tuple[str, str]] = (), **other: Any) -> Scope:
    """Return the scope that a server makes of a request line; *path* is percent-encoded and may have a query."""
    raw_path, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        **other,
    }


async def call(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    headers: Iterable[tuple[str, str]] = (),
    scope: Mapping[str, Any] | None = None,
) -> Answer:
    """Return what *app* answers to one request; the client stays until it has the whole response.

    Args:
        scope: Takes the place of parts of the scope.
    """
    incoming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    messages: list[Message] = []
    is_answered = asyncio.Event()

    async def receive() -> Message:
        if incoming:
            return incoming.pop()
        await is_answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            is_answered.set()

    await app(make_scope(method, path, headers=headers, **(scope or {})), receive, send)
    start, *parts = (message for message in messages if message["type"] != "http.response.early_hint")
    return Answer(
        start["status"],
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]],
        b"".join(part["body"] for part in parts),
        messages,
    )


def ask(app: ASGIApp, method: str, path: str, **options: Any) -> Answer:
    """Do `call` in an event loop of its own."""
    return asyncio.run(call(app, method, path, **options))
