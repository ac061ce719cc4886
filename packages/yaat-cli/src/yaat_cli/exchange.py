"""This file is one request to an app without a server: its lifespan, the request, and what comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from yaat.asgi import ASGIApp, Message

from .errors import CommandFailed

#: The address requests come from, as a server on this computer would say.
_CLIENT = ("127.0.0.1", 0)
_HOST = ("localhost", 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request to send.

    Attributes:
        path: As a client writes it, with its query.
        headers: Names and values.
    """

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(slots=True, kw_only=True, repr=False)
class Received:
    """What came back; the status is 0 when nothing did, and the response is complete when its last part did."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    is_complete: bool = False

    def find_header(self, name: str) -> str:
        """Return a header by its name in lower case; empty when it is not there."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def text(self) -> str:
        """The content as text; what is not UTF-8 becomes U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the value that the content writes.

        Raises:
            ValueError: It is no JSON.
        """
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"<{self.status} {self.find_header('content-type')} {self.text[:200]!r}>"


async def send_request(
    app: ASGIApp, request: Sent, *, state: dict[str, Any] | None = None, on_body: Callable[[bytes], Any] | None = None
) -> Received:
    """Return the answer of *app*.

    Args:
        state: What the lifespan gave.
        on_body: Called with each part of the content when it comes, which is then not kept.
    """
    received = Received()
    pending: list[Message] = [{"type": "http.request", "body": request.body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        await asyncio.Event().wait()  # The client stays for as long as the app takes.
        raise AssertionError  # pragma: no cover - nobody sets that event

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            received.status = message["status"]
            received.headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in message.get("headers", ())]
        elif message["type"] == "http.response.body":
            (on_body or received.body.extend)(message.get("body", b""))
            received.is_complete = not message.get("more_body", False)

    await app(make_scope(request, state), receive, send)
    return received


def make_scope(request: Sent, state: dict[str, Any] | None) -> dict[str, Any]:
    """Return the scope of *request*, as a server makes it (ASGI HTTP spec, "HTTP Connection Scope")."""
    path, _, query = request.path.partition("?")
    path = path.partition("#")[0]
    given = {name.lower() for name, _ in request.headers}
    usual = [("host", "localhost"), ("accept", "*/*"), ("user-agent", "yaat")]
    if request.body:
        usual.append(("content-length", str(len(request.body))))
    headers = [*((name, value) for name, value in usual if name not in given), *request.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": request.method.upper(),
        "scheme": "http",
        "path": unquote(path),
        "raw_path": quote(path, safe="/%:@!$&'()*+,;=~-._").encode("ascii"),
        "query_string": quote(query.partition("#")[0], safe="/%:@!$&'()*+,;=~-._?[]").encode("ascii"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": _CLIENT,
        "server": _HOST,
        "state": dict(state or {}),
    }


@asynccontextmanager
async def run_lifespan(app: ASGIApp) -> AsyncIterator[dict[str, Any]]:
    """Start *app*, give what its lifespan puts into the state, and stop it in the end.

    Raises:
        CommandFailed: It does not start or stop, as it should.
    """
    state: dict[str, Any] = {}
    events: asyncio.Queue[Message] = asyncio.Queue()
    answers: asyncio.Queue[Message | None] = asyncio.Queue()

    async def run() -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": state}
        with suppress(Exception):  # So an app says that it has no lifespan (ASGI spec, "Lifespan Protocol").
            await app(scope, events.get, answers.put)
        await answers.put(None)

    running = asyncio.create_task(run())
    try:
        events.put_nowait({"type": "lifespan.startup"})
        _check(await answers.get(), "start")
        yield state
        if not running.done():
            events.put_nowait({"type": "lifespan.shutdown"})
            _check(await answers.get(), "stop")
    finally:
        running.cancel()
        await asyncio.wait([running])


def _check(answer: Message | None, what: str) -> None:
    """Refuse what says that the app could not start or stop."""
    if answer is not None and answer["type"].endswith(".failed"):
        lines: Iterable[str] = answer.get("message", "").splitlines()
        raise CommandFailed(f"The app did not {what}: {next(iter(lines), 'it does not say why')}")
