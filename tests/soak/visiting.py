"""This file is requests of every kind as data, and clients that send them in process and may leave at any moment."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from urllib.parse import unquote

from yaat.asgi import ASGIApp, Message, Scope

_FILE = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n%b\r\n'
_FIELD = b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\nvalue\r\n'


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of request.

    Attributes:
        status: What a client that stays is answered; of a WebSocket, the code it is closed with, if the app closes it.
        chunks: Content, or the messages of a WebSocket.
        is_broken_off: Whether it raises, because only the server can break off a response that has begun.
    """

    path: str
    status: int | None = 200
    method: str = "GET"
    headers: Sequence[tuple[bytes, bytes]] = ()
    chunks: tuple[bytes, ...] = (b"",)
    is_websocket: bool = False
    is_endless: bool = False
    is_broken_off: bool = False

    @property
    def name(self) -> str:
        """What to call it."""
        kind = "websocket" if self.is_websocket else self.method
        return f"{kind} {self.path} {self.status} {b' '.join(value for _, value in self.headers).decode()}".strip()

    def make_scope(self) -> Scope:
        """Return the scope that a server makes of it."""
        path, _, query = self.path.partition("?")
        scope: Scope = {
            "type": "websocket" if self.is_websocket else "http",
            "asgi": {"version": "3.0", "spec_version": "2.5"},
            "http_version": "1.1",
            "scheme": "ws" if self.is_websocket else "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"example.com"), *self.headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }
        if self.is_websocket:
            scope["subprotocols"] = []
        else:
            scope["method"] = self.method
        return scope

    def make_messages(self) -> list[Message]:
        """Return what the client sends, the last message first."""
        if self.is_websocket:
            sent = [{"type": "websocket.receive", "text": chunk.decode()} for chunk in self.chunks]
            return [*reversed(sent), {"type": "websocket.connect"}]
        last = len(self.chunks) - 1
        return [
            {"type": "http.request", "body": self.chunks[number], "more_body": number < last}
            for number in range(last, -1, -1)
        ]


def post(path: str, content_type: bytes, *chunks: bytes, status: int = 200) -> Row:
    """Return a row that sends content."""
    length = b"%d" % sum(map(len, chunks))
    headers = ((b"content-type", content_type), (b"content-length", length))
    return Row(method="POST", path=path, headers=headers, chunks=chunks, status=status)


def _list_plain(prefix: str) -> list[Row]:
    """Return what is asked of the app, and again below middleware."""
    multipart, json = b"multipart/form-data; boundary=b", b"application/json"
    form = b"application/x-www-form-urlencoded"
    return [
        Row(path=f"{prefix}/text"),
        Row(path=f"{prefix}/text", method="HEAD"),
        Row(path=f"{prefix}/text", method="OPTIONS", status=204),
        Row(path=f"{prefix}/text", method="DELETE", status=405),
        Row(path=f"{prefix}/text", headers=((b"x-early", b"1"),)),
        Row(path=f"{prefix}/json?a=1&b=%C3%A9", headers=((b"cookie", b"a=1; b=2"),)),
        Row(path=f"{prefix}/users/ada/17", status=201),
        Row(path=f"{prefix}/users/ada/x", status=404),
        Row(path=f"{prefix}/thread"),
        Row(path=f"{prefix}/page"),
        Row(path=f"{prefix}/away", status=307),
        Row(path=f"{prefix}/search?words=a&words=b&limit=1"),
        Row(path=f"{prefix}/search?limit=x", status=422),
        Row(path=f"{prefix}/background"),
        Row(path=f"{prefix}/cancel"),
        post(f"{prefix}/echo", json, b'{"a": [1, 2', b', {"b": null}]}'),
        post(f"{prefix}/echo", json, b'{"a": ', status=400),
        post(f"{prefix}/echo", b"text/plain", b"a", status=415),
        post(f"{prefix}/books", json, b'{"title": "Sea", "pages": 3}'),
        post(f"{prefix}/books", json, b'{"title": 3}', status=422),
        post(f"{prefix}/form", form, b"a=1&b=%C3", b"%A9&c=+"),
        post(f"{prefix}/form", multipart, _FIELD, b"--b--\r\n"),
        post(f"{prefix}/form", multipart, _FIELD, status=400),
        post(f"{prefix}/upload", multipart, _FIELD, _FILE % b"small", _FILE % (b"x" * 300_000), b"--b--\r\n"),
        post(f"{prefix}/read", b"text/plain", *[b"x" * 10_000] * 4),
        Row(path=f"{prefix}/forbidden", status=403),
        Row(path=f"{prefix}/fail", status=500),
        Row(path=f"{prefix}/lost", status=500),
        Row(path=f"{prefix}/answered", status=418),
        Row(path=f"{prefix}/nowhere", status=404),
    ]


ROWS = [
    *_list_plain(""),
    *_list_plain("/wrapped"),
    Row(path="/text", headers=((b"origin", b"https://example.com"),)),
    Row(path="/fail-late", is_broken_off=True),
    Row(path="/stream"),
    Row(path="/stream", method="HEAD"),
    Row(path="/plain-stream"),
    Row(path="/endless", is_endless=True),
    Row(path="/file"),
    Row(path="/file", headers=((b"range", b"bytes=5-9"),), status=206),
    Row(path="/views/ada"),
    Row(path="/static/small.txt"),
    Row(path="/static/large.bin"),
    Row(path="/static/large.bin", method="HEAD"),
    Row(path="/static/large.bin", headers=((b"range", b"bytes=0-9,20-29"),), status=206),
    Row(path="/static/missing", status=404),
    Row(path="/hand/x"),
    Row(path="/openapi.json"),
    Row(path="/echo", is_websocket=True, chunks=(b"a", b"b", b"c"), status=None),
    Row(path="/fail", is_websocket=True, chunks=(), status=1011),
    Row(path="/nowhere", is_websocket=True, chunks=(), status=3404),
]


class Visit:
    """One client.

    Args:
        row: What it sends.
        leaves_after: How many messages it sends before it leaves; `None` when it stays.
        hears: How many messages reach it before `send` raises; `None` for all.
    """

    def __init__(self, row: Row, leaves_after: int | None = None, hears: int | None = None) -> None:
        self._row = row
        self._messages = row.make_messages()
        if leaves_after is not None:
            del self._messages[: max(0, len(self._messages) - leaves_after)]
        self._stays = leaves_after is None and not row.is_endless
        self._hears = hears
        self._is_over = asyncio.Event()
        self.status: int | None = None

    async def receive(self) -> Message:
        """Give the app a message."""
        if self._messages:
            return self._messages.pop()
        if self._row.is_websocket:
            return {"type": "websocket.disconnect", "code": 1000}
        if self._stays:
            await self._is_over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take a message of the app."""
        if self._hears is not None:
            if not self._hears:
                raise OSError("Nobody is there.")
            self._hears -= 1
        kind = message["type"]
        if kind in ("http.response.start", "websocket.http.response.start"):
            self.status = message["status"]
        elif kind == "websocket.close":
            self.status = message.get("code", 1000)
        elif kind == "http.response.body" and not message.get("more_body"):
            self._is_over.set()

    async def make(self, app: ASGIApp) -> int | None:
        """Let *app* serve this client; return the status that it was answered with."""
        try:
            await app(self._row.make_scope(), self.receive, self.send)
        except Exception:
            if not (self._row.is_broken_off or self._row.is_websocket):
                raise
        return self.status


def deal_visit(random: Random, share_of_leaving: float = 0.2) -> tuple[Visit, Row, bool]:
    """Return a client at random, what it sends, and whether it stays to the end."""
    row = random.choice(ROWS)
    if random.random() >= share_of_leaving:
        return Visit(row), row, True
    if random.random() < 0.5:
        return Visit(row, leaves_after=random.randint(0, 3)), row, False
    return Visit(row, hears=random.randint(0, 3)), row, False


@asynccontextmanager
async def started(app: ASGIApp) -> AsyncIterator[None]:
    """Start *app* up, and shut it down in the end."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    life = asyncio.ensure_future(app(scope, to_app.get, from_app.put))
    to_app.put_nowait({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        to_app.put_nowait({"type": "lifespan.shutdown"})
        assert (await from_app.get())["type"] == "lifespan.shutdown.complete"
        await life
