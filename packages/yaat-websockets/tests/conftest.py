"""What the tests share: running coroutines, an app with the plugin, and the other end of a connection."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from yaat import Yaat
from yaat_websockets import WebSocketsPlugin

#: Longer than any test takes, so that what never comes fails instead of hanging.
PATIENCE_SECONDS = 10


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run coroutine functions, each on an event loop of its own, which may not complain of anything."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    complaints: list[str] = []
    asyncio.run(run_patiently(pyfuncitem.obj(**arguments), complaints))
    assert not complaints, complaints
    return True


async def run_patiently(test: Coroutine[Any, Any, None], complaints: list[str]) -> None:
    """Await *test*, which must not take for ever; take down what the event loop says, such as errors of tasks."""
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(str(context)))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await test


class Peer:
    """A server and its client, of one connection: what the app gets and sends are real ASGI messages.

    It does what the specification asks of servers: a close by the app is answered by a disconnect, and sending to a
    client that has left raises an `OSError` (ASGI spec, "Disconnected client").
    """

    def __init__(self, path: str = "/", *, can_deny: bool = True, **scope: Any) -> None:
        self.scope: dict[str, Any] = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"example.com")],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "subprotocols": [],
            "extensions": {"yaat.unhandled": []},
            "state": {},
            **scope,
        }
        if can_deny:
            self.scope["extensions"]["websocket.http.response"] = {}
        self.sent: list[Any] = []
        self.has_left = False
        #: Clear it, and the server takes no message until it is set again: the client is slow.
        self.takes = asyncio.Event()
        self.takes.set()
        self._to_app: asyncio.Queue[Any] = asyncio.Queue()
        self._to_app.put_nowait({"type": "websocket.connect"})
        self._sent_one = asyncio.Event()
        self._read = 0

    async def receive(self) -> Any:
        """Give the app its next message."""
        return await self._to_app.get()

    async def send(self, message: Any) -> None:
        """Take a message of the app."""
        await self.takes.wait()
        if self.has_left:
            raise OSError("The client has left.")
        self.sent.append(message)
        self._sent_one.set()
        if message["type"] == "websocket.close":
            self._to_app.put_nowait({"type": "websocket.disconnect", "code": message["code"], "reason": ""})

    def say(self, *messages: str | bytes) -> None:
        """Let the client send *messages*."""
        for message in messages:
            kind = "text" if isinstance(message, str) else "bytes"
            self._to_app.put_nowait({"type": "websocket.receive", kind: message})

    def leave(self, code: int = 1001, reason: str = "") -> None:
        """Let the client close the connection."""
        self.has_left = True
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})

    async def next(self) -> Any:
        """Return the next message that the app sends."""
        while len(self.sent) <= self._read:
            self._sent_one.clear()
            await self._sent_one.wait()
        self._read += 1
        return self.sent[self._read - 1]

    async def accepted(self) -> None:
        """Return when the app has accepted the connection."""
        message = await self.next()
        assert message["type"] == "websocket.accept", message

    @property
    def types(self) -> list[str]:
        """The types of what the app has sent."""
        return [message["type"].removeprefix("websocket.") for message in self.sent]

    @property
    def texts(self) -> list[str]:
        """The text messages that the app has sent."""
        return [message["text"] for message in self.sent if "text" in message]

    @property
    def close(self) -> tuple[int, str]:
        """Code and reason with which the app has closed the connection; it must have been the last that it did."""
        message = self.sent[-1]
        assert message["type"] == "websocket.close", self.types
        return message["code"], message["reason"]

    @property
    def denial(self) -> tuple[int, bytes]:
        """Status and content with which the app has denied the connection; it must not have done anything else."""
        assert set(self.types) == {"http.response.start", "http.response.body"}, self.types
        return self.sent[0]["status"], b"".join(message["body"] for message in self.sent[1:])

    @property
    def unhandled(self) -> list[Exception]:
        """The errors that nobody had expected."""
        errors: list[Exception] = self.scope["extensions"]["yaat.unhandled"]
        return errors

    async def run(self, app: Any) -> "Peer":
        """Let *app* serve the connection to its end."""
        await app(self.scope, self.receive, self.send)
        return self

    @asynccontextmanager
    async def serving(self, app: Any) -> AsyncIterator["asyncio.Task[Peer]"]:
        """Let *app* serve the connection beside the block, and to its end after it."""
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(self.run(app))
            yield serving
        serving.result()  # A group overlooks a task that was cancelled.


@pytest.fixture
def make_peer() -> Callable[..., Peer]:
    """Make the other end of a connection, see `Peer`."""
    return Peer


@pytest.fixture
def make_app() -> Callable[..., Yaat]:
    """Make an app with the plugin alone; its options come first, those of the app by name."""

    def make(plugin: WebSocketsPlugin | None = None, **options: Any) -> Yaat:
        return Yaat(plugins=[plugin or WebSocketsPlugin()], autoload=False, **options)

    return make


@pytest.fixture
def app(make_app: Callable[..., Yaat]) -> Yaat:
    """An app with the plugin, and no options."""
    return make_app()
