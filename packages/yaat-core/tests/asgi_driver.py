"""This file drives an app with ASGI messages, as a server would; a referee watches what the app sends."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote

from yaat.asgi import ASGIApp, Message, Scope

from .referee import Referee


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
    connection = {**make_scope(method, path, headers=headers), **(scope or {})}
    referee = Referee(connection)

    async def receive() -> Message:
        if incoming:
            return incoming.pop()
        await is_answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)
        referee.see(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            is_answered.set()

    try:
        await app(connection, receive, send)
    except BaseException:
        referee.conclude(is_complete=False)
        raise
    referee.conclude()
    start, *parts = (message for message in messages if message["type"] != "http.response.early_hint")
    return Answer(
        start["status"],
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start.get("headers", ())],
        b"".join(part.get("body", b"") for part in parts),
        messages,
    )


def ask(app: ASGIApp, method: str, path: str, **options: Any) -> Answer:
    """Do `call` in an event loop of its own."""
    return asyncio.run(call(app, method, path, **options))


class Life:
    """The lifespan of an app, as a server holds it.

    Attributes:
        state: What the app puts there for its requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._scope: Scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        self._referee = Referee(self._scope)
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()

    async def start(self) -> Message:
        """Start the app up, and return what it says."""
        self._task = asyncio.ensure_future(self._app(self._scope, self._to_app.get, self._send))
        return await self._ask("startup")

    async def stop(self) -> Message:
        """Shut the app down, and return what it says."""
        answer = await self._ask("shutdown")
        await self.end()
        return answer

    async def end(self) -> None:
        """Wait for the app to return, after its last word."""
        await self._task
        self._referee.conclude()

    async def abort(self) -> None:
        """Cancel the app, as a server does that is stopped by force."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def __aenter__(self) -> Self:
        assert await self.start() == {"type": "lifespan.startup.complete"}
        return self

    async def __aexit__(self, *_: object) -> None:
        assert await self.stop() == {"type": "lifespan.shutdown.complete"}

    async def _ask(self, phase: str) -> Message:
        self._to_app.put_nowait({"type": f"lifespan.{phase}"})
        answer = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait([answer, self._task], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            self._task.result()
        return await answer

    async def _send(self, message: Message) -> None:
        self._referee.see(message)
        self._from_app.put_nowait(message)
