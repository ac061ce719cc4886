"""This file is the WebSocket connections that faults meet, and the app that they are for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from yaat import Yaat
from yaat.asgi import ASGIApp, Message
from yaat.records import Middleware
from yaat.responses import TextResponse
from yaat_typed import TypedPlugin, Use
from yaat_websockets import Channel, QueueLimit, WebSocket, WebSocketsPlugin, heartbeat, sending

from .app import Pair, Refused, make_around, wrap_asgi
from .driving import Ledger, pause
from .exchange import Exchange


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One connection.

    Attributes:
        texts: What the client says.
        leaves: Whether it leaves when it has said that, and not when the app has closed.
        status: Of its answer when nothing goes wrong, if it is denied, like *body*.
        body: What the app says.
    """

    path: str
    texts: tuple[str, ...] = ("do", "ne")
    leaves: bool = True
    status: int | None = None
    body: bytes = b"done"

    def make_scope(self) -> dict[str, Any]:
        """Return the scope of the connection."""
        return {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.5"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"here.example")],
            "client": ("10.0.0.1", 50000),
            "server": ("10.0.0.2", 80),
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
        }

    def list_messages(self) -> list[Message]:
        """Return what the app receives."""
        texts = [{"type": "websocket.receive", "text": text} for text in self.texts]
        end = [{"type": "websocket.disconnect", "code": 1000}] if self.leaves else []
        return [{"type": "websocket.connect"}, *texts, *end]

    async def visit(self, app: ASGIApp) -> Exchange:
        """Let *app* serve the connection, and see that it does it well."""
        exchange = Exchange(self.make_scope(), self.list_messages())
        await exchange.serve(app)
        exchange.check(is_complete=True)
        assert exchange.outcome == (self.status, self.body), exchange.sent
        return exchange


CONNECTIONS = {
    "echo": Connection(path="/echo"),
    "closed by the app": Connection(path="/close", body=b"do"),
    "denied": Connection(path="/deny", status=401, body=b"who?"),
    "unknown path": Connection(
        path="/none", status=404, body=b'{"type":"about:blank","title":"Not Found","status":404}'
    ),
    "failing": Connection(path="/fail", body=b"do"),
    "queued sends": Connection(path="/queued"),
    "cancelled when left": Connection(path="/cancel", leaves=False),
    "dependency": Connection(path="/dependency"),
    "sending beside": Connection(path="/sending", texts=("a",), body=b"one two "),
    "heartbeat": Connection(path="/heartbeat"),
    "subscription": Connection(path="/subscription"),
    "middleware": Connection(path="/surrounded/echo"),
}


def make_app(ledger: Ledger) -> Yaat:
    """Return the app that all of these connections are for."""
    app = make_part(ledger)
    surrounded = make_part(ledger)
    around = Middleware(make_around(ledger), protocols=("websocket",))
    pair = Middleware(Pair, protocols=("websocket",))
    app.mount("/surrounded", surrounded, middleware=[around, pair, Middleware(wrap_asgi, protocols=("websocket",))])
    app.build()
    return app


def make_part(ledger: Ledger) -> Yaat:
    """Return an app with all of the routes."""
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin(), TypedPlugin()])
    add_echoes(app, ledger)
    add_ends(app, ledger)
    add_senders(app, ledger)
    return app


def add_echoes(app: Yaat, ledger: Ledger) -> None:
    """Add handlers that answer messages."""

    async def echo(websocket: WebSocket) -> None:
        async with ledger.hold_slowly("handler"):
            await websocket.accept()
            async for text in websocket.iter_text():
                await websocket.send_text(text)

    app.add_websocket_route("/echo", echo)
    app.add_websocket_route("/queued", echo, send_queue=QueueLimit(max_messages=2, when_full="block"))

    @app.websocket_route("/cancel", on_disconnect="cancel")
    async def echo_twice(websocket: WebSocket) -> None:
        async with ledger.hold_slowly("handler"):
            await websocket.accept()
            for _ in range(2):
                await websocket.send_text(await websocket.receive_text())

    async def connect() -> AsyncIterator[str]:
        async with ledger.hold_slowly("dependency"):
            yield "done"

    @app.websocket_route("/dependency")
    async def use(websocket: WebSocket, value: Annotated[str, Use(connect)]) -> None:
        await websocket.accept()
        await websocket.send_text(value)


def add_ends(app: Yaat, ledger: Ledger) -> None:
    """Add handlers that end the connection."""

    @app.websocket_route("/close")
    async def echo_once(websocket: WebSocket) -> None:
        with ledger.hold("handler"):
            await websocket.accept()
            await websocket.send_text(await websocket.receive_text())
            await websocket.close()

    @app.websocket_route("/deny")
    async def deny(websocket: WebSocket) -> TextResponse:
        async with ledger.hold_slowly("handler"):
            return TextResponse("who?", 401)

    @app.websocket_route("/fail")
    async def fail(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        raise Refused

    @app.exception_handler(Refused)
    async def answer(websocket: Any, error: Exception) -> Any:
        async with ledger.hold_slowly("exception handler"):
            return "done", 418


def add_senders(app: Yaat, ledger: Ledger) -> None:
    """Add handlers that send what comes from elsewhere."""
    channel = Channel()

    async def generate() -> AsyncIterator[str]:
        async with ledger.hold_slowly("generator"):
            yield "one "
            await pause()
            yield "two "

    @app.websocket_route("/sending")
    async def send_beside(websocket: WebSocket) -> None:
        await websocket.accept()
        async with sending(websocket, generate()):
            await websocket.receive_text()
            for _ in range(12):
                await pause()

    @app.websocket_route("/heartbeat")
    async def beat(websocket: WebSocket) -> None:
        await websocket.accept()
        async with heartbeat(websocket, silence_seconds=30):
            async for text in websocket:
                await websocket.send_text(str(text))

    @app.websocket_route("/subscription")
    async def subscribe(websocket: WebSocket) -> None:
        await websocket.accept()
        async with channel.subscribe("topic") as messages:
            async for text in websocket.iter_text():
                await channel.publish("topic", text)
                await websocket.send_text(await anext(aiter(messages)))
        assert channel.count("topic") == 0
