"""This file asks an app as a server would, in ASGI messages: what a client sends that keeps to no rules.

A referee watches what the app answers.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from yaat.asgi import ASGIApp, Message
from yaat_testclient import check_app

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        """The value of the one header of that name."""
        [value] = (value for key, value in self.headers if key == name)
        return value

    @property
    def text(self) -> str:
        """The content as text."""
        return self.body.decode()


def ask(
    app: ASGIApp,
    path: str = "/",
    *,
    method: str = "GET",
    headers: Iterable[tuple[bytes, bytes]] = ((b"host", b"good.example"),),
    chunks: Iterable[bytes] = (),
    **scope: Any,
) -> Answer:
    """Return what *app* answers to one request.

    Args:
        path: Decoded, as servers give it.
        headers: As they are: neither checked nor made up.
        chunks: The content, a message each.
        scope: Takes the place of parts of the scope.
    """
    return asyncio.run(_ask(app, path, {"method": method, "headers": [*headers], **scope}, chunks))


async def _ask(app: ASGIApp, path: str, scope: dict[str, Any], chunks: Iterable[bytes]) -> Answer:
    incoming = iter([*({"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks)])
    last = iter([{"type": "http.request", "body": b"", "more_body": False}])
    sent: list[Message] = []

    async def receive() -> Message:
        message = next(incoming, None) or next(last, None)
        return message or await asyncio.get_running_loop().create_future()  # The client stays, and says nothing more.

    async def send(message: Message) -> None:
        sent.append(message)

    await check_app(app)({**make_scope(path), **scope}, receive, send)
    start, *parts = sent
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], fields, b"".join(part.get("body", b"") for part in parts))


def make_scope(path: str = "/", **other: Any) -> dict[str, Any]:
    """Return the scope of a request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": ("10.0.0.1", 50000),
        "server": ("10.0.0.2", 80),
        **other,
    }


def is_linear(prepare: Callable[[int], T], run: Callable[[T], object], *, count: int = 10_000) -> bool:
    """Return whether four times the input takes about four times the time.

    It is tried a few times, because others use the machine too; what is quadratic takes sixteen times every time.
    """
    small, large = prepare(count), prepare(4 * count)
    return any(_measure(run, large) < 6 * _measure(run, small) + 0.0005 for _ in range(8))


def _measure(run: Callable[[T], object], value: T) -> float:
    """Return the seconds that *run* takes, at best."""
    timings = []
    for _ in range(3):
        start = time.process_time()
        run(value)
        timings.append(time.process_time() - start)
    return min(timings)
