"""This file is the server's side: what an app is called with, and what its answer was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from messages import App, Message, Receive, Scope, Send
from row import Row


class Call(NamedTuple):
    """The three arguments of one request, made afresh for each, as a server does."""

    scope: Scope
    receive: Receive
    send: Send


def make_scope(row: Row) -> Scope:
    """Return a new scope with the keys and types of value that uvicorn gives (spec version 2.3)."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "root_path": "",
        "headers": list(row.headers),
        "state": {},
        "method": row.method,
        "path": row.path,
        "raw_path": row.path.encode(),
        "query_string": row.query,
    }
    if row.incoming:
        del scope["method"]
        scope |= {"type": "websocket", "scheme": "ws", "subprotocols": []}
        scope["asgi"] = {"version": "3.0", "spec_version": "2.4"}
        scope["extensions"] = {"websocket.http.response": {}}
    return scope


async def discard(message: Message) -> None:
    """Take *message* and do nothing with it: what ``send`` itself costs is not what is measured."""


class Client:
    """The other end of one HTTP request: it sends all content at once and waits for the answer."""

    __slots__ = ("_content", "_last", "_left")

    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content
        self._last: Message = {}
        self._left: asyncio.Future[None] | None = None

    async def receive(self) -> Message:
        """Return the content; called again, wait for the end of the answer, as servers do."""
        if self._content is None:
            self._left = asyncio.get_running_loop().create_future()
            self._leave_if_answered()
            await self._left
            return {"type": "http.disconnect"}
        message = {"type": "http.request", "body": self._content, "more_body": False}
        self._content = None
        return message

    async def send(self, message: Message) -> None:
        self._last = message
        if self._left is not None:
            self._leave_if_answered()

    def _leave_if_answered(self) -> None:
        in_body = self._last.get("type") == "http.response.body"
        if in_body and not self._last.get("more_body", False):
            assert self._left is not None
            if not self._left.done():
                self._left.set_result(None)


class WebSocketClient:
    """The other end of one WebSocket: it sends all its texts, and leaves when each is answered."""

    __slots__ = ("_left", "_messages", "_unanswered")

    def __init__(self, texts: tuple[str, ...]) -> None:
        opening = {"type": "websocket.connect"}
        sent = [{"type": "websocket.receive", "text": text} for text in texts]
        self._messages = iter([opening, *sent])
        self._unanswered = len(texts) + 1
        self._left: asyncio.Future[None] | None = None

    async def receive(self) -> Message:
        for message in self._messages:
            return message
        if self._unanswered > 0:
            self._left = asyncio.get_running_loop().create_future()
            await self._left
        return {"type": "websocket.disconnect", "code": 1000, "reason": ""}

    async def send(self, message: Message) -> None:
        self._unanswered -= 1
        if self._unanswered == 0 and self._left is not None:
            self._left.set_result(None)


def make_call(row: Row) -> Call:
    """Return the arguments of one request whose answer nobody reads."""
    if row.incoming:
        socket = WebSocketClient(row.incoming)
        return Call(make_scope(row), socket.receive, socket.send)
    client = Client(row.content)
    # Only what listens while it streams needs a client that says when it has got everything.
    return Call(make_scope(row), client.receive, client.send if row.streamed else discard)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app sent for one request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    texts: tuple[str, ...]


async def ask(app: App, row: Row) -> Answer:
    """Call *app* once with the request of *row* and return what it answered."""
    scope, receive, send = make_call(row)
    sent: list[Message] = []

    async def collect(message: Message) -> None:
        sent.append(dict(message))
        await send(message)

    await app(scope, receive, collect)
    starts = [message for message in sent if message["type"] == "http.response.start"]
    accepted = [message for message in sent if message["type"] == "websocket.accept"]
    start: Message = (starts or accepted or [{}])[0]
    return Answer(
        status=start.get("status", 200 if accepted else 0),
        headers=tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start.get("headers") or ()
        ),
        body=b"".join(bytes(message.get("body", b"")) for message in sent),
        texts=tuple(message["text"] for message in sent if message["type"] == "websocket.send"),
    )


def find_mistakes(answer: Answer, row: Row) -> list[str]:
    """Return what is wrong with *answer*, a sentence each; empty when it is as *row* expects."""
    expected = row.expected
    mistakes = []
    if answer.status != expected.status:
        mistakes.append(f"the status is {answer.status}, not {expected.status}")
    if expected.body is not None and answer.body != expected.body:
        mistakes.append(f"the body is {answer.body[:200]!r}, not {expected.body[:200]!r}")
    if expected.json is not None and parse_json(answer.body) != expected.json:
        mistakes.append(f"the JSON is {answer.body[:200]!r}, not {expected.json!r}")
    if answer.texts != expected.texts:
        mistakes.append(f"the WebSocket sent {answer.texts!r}, not {expected.texts!r}")
    for name, start in expected.headers.items():
        values = [value for field, value in answer.headers if field == name]
        if not any(value.startswith(start) for value in values):
            mistakes.append(f"the field {name} is {values!r}, not {start!r}")
    return mistakes


def parse_json(body: bytes) -> Any:
    """Return the value of *body*, or the bytes themselves where they are not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return body


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Run the lifespan of *app* around the block: some frameworks route only after their start-up.

    Raises:
        RuntimeError: The app reported that its start-up failed.
    """
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    outgoing: asyncio.Queue[Message] = asyncio.Queue()
    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
    scope["state"] = {}
    lifespan = asyncio.ensure_future(app(scope, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    started = asyncio.ensure_future(outgoing.get())
    await asyncio.wait({lifespan, started}, return_when=asyncio.FIRST_COMPLETED)
    if started.done() and started.result()["type"] == "lifespan.startup.failed":
        raise RuntimeError(f"start-up failed: {started.result().get('message')}")
    started.cancel()
    try:
        yield
    finally:
        await incoming.put({"type": "lifespan.shutdown"})
        # An app without a lifespan raised at once, which is as good (ASGI lifespan spec, "Scope").
        await asyncio.wait({lifespan}, timeout=5)
        lifespan.cancel()
        await asyncio.gather(lifespan, return_exceptions=True)
