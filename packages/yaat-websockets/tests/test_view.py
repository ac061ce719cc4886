"""Class-based views: what is called when a client comes, speaks and leaves, and with what."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from yaat import HTTPException, Plugin, Yaat, hookimpl
from yaat.arguments import EXITS, Argument, Source
from yaat.exceptions import HandlerError
from yaat.records import ParameterResolver
from yaat_websockets import WebSocket, WebSocketException, WebSocketsPlugin
from yaat_websockets.close_code import find_code
from yaat_websockets.view import examine_handler, is_view

Log = list[tuple[Any, ...]]


def make_view(log: Log, **attributes: Any) -> type:
    """Return a view that writes into *log* what it is called with."""

    class Room:
        async def on_connect(self, websocket: WebSocket[Any], room: int) -> None:
            log.append(("connect", room))
            self.room = room
            await websocket.accept()

        async def on_receive(self, websocket: WebSocket[Any], message: Any) -> None:
            log.append(("receive", self.room, message))
            await websocket.send_text(f"{self.room}: {message}")

        async def on_disconnect(self, websocket: WebSocket[Any], code: int, room: int) -> None:
            log.append(("disconnect", room, code))

    for name, value in attributes.items():
        setattr(Room, name, value)
    return Room


async def test_methods_are_called_as_the_connection_goes(app: Yaat, make_peer: Any) -> None:
    """A view is called when its client comes, for each message, and when it leaves, with path parameters by name."""
    log: Log = []
    app.add_websocket_route("/rooms/{room}", make_view(log))
    peer = make_peer("/rooms/7")
    async with peer.serving(app):
        await peer.accepted()
        peer.say("hi", b"\x00")
        await peer.next()
        peer.leave(4000)
    assert log == [("connect", 7), ("receive", 7, "hi"), ("receive", 7, b"\x00"), ("disconnect", 7, 4000)]
    assert peer.texts[0] == "7: hi"


async def test_instance_stays_with_its_connection(app: Yaat, make_peer: Any) -> None:
    """A class is made anew for each connection, so what it keeps is not shared."""
    app.add_websocket_route("/rooms/{room}", make_view([]))
    first, second = make_peer("/rooms/1"), make_peer("/rooms/2")
    async with first.serving(app), second.serving(app):
        await first.accepted()
        await second.accepted()
        first.say("a")
        second.say("b")
        assert (await first.next())["text"] == "1: a"
        assert (await second.next())["text"] == "2: b"
        first.leave()
        second.leave()


async def test_instance_can_be_given_to_the_route(app: Yaat, make_peer: Any) -> None:
    """An instance serves all connections, which is how a view gets what it works with."""

    class Greeter:
        def __init__(self, greeting: str) -> None:
            self.greeting = greeting

        async def on_receive(self, websocket: WebSocket[Any], message: str, name: str) -> None:
            await websocket.send_text(f"{self.greeting} {name}, {message}")

    greeter: Any = Greeter("Hello")
    app.add_websocket_route("/{name}", greeter)
    peer = make_peer("/Ada")
    async with peer.serving(app):
        await peer.accepted()
        peer.say("you there")
        assert (await peer.next())["text"] == "Hello Ada, you there"
        peer.leave()


async def test_view_that_only_receives_accepts_by_itself(app: Yaat, make_peer: Any) -> None:
    """Without `on_connect` every client is let in."""

    @app.websocket_route("/")
    class Echo:
        async def on_receive(self, websocket: WebSocket[Any], message: str) -> None:
            await websocket.send_text(message)

    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.leave()


async def test_view_that_only_connects_lets_messages_go(app: Yaat, make_peer: Any) -> None:
    """Without `on_receive` what the client says is let go, and the connection stays until it leaves."""

    @app.websocket_route("/")
    class Greeting:
        async def on_connect(self, websocket: WebSocket[Any]) -> None:
            await websocket.accept()
            await websocket.send_text("hello")

    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        assert (await peer.next())["text"] == "hello"
        peer.say("unheard")
        peer.leave()
    assert (peer.types, peer.unhandled) == (["accept", "send"], [])


async def test_view_that_does_not_accept_denies(app: Yaat, make_peer: Any) -> None:
    """A view whose `on_connect` returns without accepting has refused; nothing else is called."""
    log: Log = []

    async def on_connect(self: Any, websocket: WebSocket[Any], room: int) -> None:
        log.append(("connect", room))

    app.add_websocket_route("/rooms/{room}", make_view(log, on_connect=on_connect))
    peer = await make_peer("/rooms/7").run(app)
    assert peer.types == ["close"]
    assert log == [("connect", 7)]


@pytest.mark.parametrize(
    ("encoding", "sent", "received"),
    [("text", "1", "1"), ("bytes", b"1", b"1"), ("json", "[1]", [1]), (None, b"1", b"1")],
)
async def test_encoding_says_how_messages_are_read(
    app: Yaat, make_peer: Any, encoding: str | None, sent: Any, received: Any
) -> None:
    """`encoding` reads each message before it is given to the view."""
    log: Log = []
    app.add_websocket_route("/rooms/{room}", make_view(log, encoding=encoding))
    peer = make_peer("/rooms/7")
    async with peer.serving(app):
        await peer.accepted()
        peer.say(sent)
        await peer.next()
        peer.leave()
    assert log[1] == ("receive", 7, received)


async def test_message_of_another_encoding_closes(app: Yaat, make_peer: Any) -> None:
    """A message that is not of the view's encoding closes with 1003, and the view is told so."""
    log: Log = []
    app.add_websocket_route("/rooms/{room}", make_view(log, encoding="text"))
    peer = make_peer("/rooms/7")
    async with peer.serving(app):
        await peer.accepted()
        peer.say(b"x")
    assert peer.close == (1003, "Text was expected, and bytes came.")
    assert log[-1] == ("disconnect", 7, 1003)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WebSocketException(4000, "no"), 4000),
        (HTTPException(404), find_code(404, is_open=True)),
        (ValueError("a bug"), 1011),
    ],
)
async def test_view_is_told_of_the_code_that_its_error_closes_with(
    app: Yaat, make_peer: Any, error: Exception, code: int
) -> None:
    """It is what the client is told."""
    log: Log = []

    async def on_receive(self: Any, websocket: WebSocket[Any], message: Any) -> None:
        raise error

    app.add_websocket_route("/rooms/{room}", make_view(log, on_receive=on_receive))
    peer = make_peer("/rooms/7")
    async with peer.serving(app):
        await peer.accepted()
        peer.say("x")
    assert (peer.close[0], log[-1]) == (code, ("disconnect", 7, code))


@pytest.mark.parametrize(
    ("way", "code"),
    [("leave", 4009), ("vanish", 1006), ("close", 4001), ("fail", 1011), ("return", 1000)],
)
async def test_view_that_has_accepted_is_told_of_an_end_during_on_connect(
    app: Yaat, make_peer: Any, way: str, code: int
) -> None:
    """What it has begun there it can end: a connection that was open is never forgotten."""
    log: Log = []
    peer = make_peer("/rooms/7")

    async def on_connect(self: Any, websocket: WebSocket[Any], room: int) -> None:
        await websocket.accept()
        if way == "leave":
            peer.leave(4009)
            await websocket.receive_text()
        elif way == "vanish":
            peer.has_left = True
            await websocket.send_text("hello")
        elif way == "close":
            await websocket.close(4001)
        elif way == "fail":
            raise ValueError("a bug")
        else:
            peer.leave(1000)

    app.add_websocket_route("/rooms/{room}", make_view(log, on_connect=on_connect))
    await peer.run(app)
    assert log == [("disconnect", 7, code)]


@pytest.mark.parametrize("way", ["leave", "close", "fail"])
async def test_view_that_has_not_accepted_is_told_of_no_end(app: Yaat, make_peer: Any, way: str) -> None:
    """There was no connection."""
    log: Log = []
    peer = make_peer("/rooms/7")

    async def on_connect(self: Any, websocket: WebSocket[Any], room: int) -> None:
        if way == "leave":
            peer.leave()
            await websocket.receive()
            await websocket.receive()
        elif way == "close":
            await websocket.close(4001)
        raise HTTPException(404)

    app.add_websocket_route("/rooms/{room}", make_view(log, on_connect=on_connect))
    await peer.run(app)
    assert log == []


async def test_view_is_told_of_its_own_close(app: Yaat, make_peer: Any) -> None:
    """A view that closes is told the code that it has closed with."""
    log: Log = []

    async def on_receive(self: Any, websocket: WebSocket[Any], message: str) -> None:
        await websocket.close(4001)

    app.add_websocket_route("/rooms/{room}", make_view(log, on_receive=on_receive))
    peer = make_peer("/rooms/7")
    async with peer.serving(app):
        await peer.accepted()
        peer.say("bye")
    assert log[-1] == ("disconnect", 7, 4001)


async def test_view_is_told_when_it_fails(app: Yaat, make_peer: Any) -> None:
    """`on_disconnect` is called after an error of the view too, with 1011."""
    log: Log = []

    async def on_receive(self: Any, websocket: WebSocket[Any], message: str) -> None:
        raise LookupError(message)

    app.add_websocket_route("/rooms/{room}", make_view(log, on_receive=on_receive))
    peer = make_peer("/rooms/7")
    async with peer.serving(app):
        await peer.accepted()
        peer.say("boom")
    assert log[-1] == ("disconnect", 7, 1011)
    assert peer.close[0] == 1011


async def test_view_is_told_when_it_is_cancelled(app: Yaat, make_peer: Any) -> None:
    """`on_disconnect` is called when the server gives the connection up, with 1011."""
    log: Log = []
    app.add_websocket_route("/rooms/{room}", make_view(log))
    peer = make_peer("/rooms/7")
    serving = asyncio.ensure_future(peer.run(app))
    await peer.accepted()
    serving.cancel()
    await asyncio.wait([serving])
    assert serving.cancelled()
    assert log[-1] == ("disconnect", 7, 1011)


async def test_every_method_may_take_all_path_parameters(app: Yaat, make_peer: Any) -> None:
    """A method with `**path_params` gets them all."""
    taken: dict[str, Any] = {}

    @app.websocket_route("/{a}/{b:int}")
    class Greedy:
        async def on_receive(self, websocket: WebSocket[Any], message: str, c: str = "c", **others: Any) -> None:
            taken.update(others, c=c)
            await websocket.close()

    peer = make_peer("/x/5")
    async with peer.serving(app):
        await peer.accepted()
        peer.say("")
    assert taken == {"a": "x", "b": 5, "c": "c"}


class Session:
    """What a resolver gives."""


class Sessions(Plugin):
    """Gives each connection one session, and closes it in the end."""

    name = "sessions"

    def __init__(self) -> None:
        self.diary: list[Any] = []

    @hookimpl
    def yaat_register_parameter_resolvers(self, app: Any) -> ParameterResolver:
        return ParameterResolver(name="session", resolve=self._resolve)

    def _resolve(self, parameter: Any, site: Any) -> Argument | None:
        return Argument(source=Source(get=self._open, has_exit=True)) if parameter.annotation is Session else None

    def _open(self, websocket: Any) -> Session:
        if "x-token" not in websocket.headers:
            raise HTTPException(401)
        self.diary.append(session := Session())
        websocket.scope[EXITS].callback(self.diary.append, "closed")
        return session


async def test_methods_take_what_resolvers_give(make_peer: Any) -> None:
    """It is made once for a connection, and left when the connection has ended."""
    sessions = Sessions()
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin(), sessions])

    @app.websocket_route("/{room}")
    class Chat:
        async def on_connect(self, websocket: WebSocket[Any], session: Session) -> None:
            sessions.diary.append(session)
            await websocket.accept()

        async def on_receive(self, websocket: WebSocket[Any], message: str, room: str, session: Session) -> None:
            sessions.diary.append(session)
            await websocket.close()

    peer = make_peer("/x", headers=[(b"x-token", b"a")])
    async with peer.serving(app):
        await peer.accepted()
        peer.say("")
    opened, *same, closed = sessions.diary
    assert (same, closed) == ([opened, opened], "closed")


async def test_resolver_may_deny_the_connection(make_peer: Any) -> None:
    """What it raises before the connection is accepted is the answer to the opening."""
    app = Yaat(autoload=False, plugins=[WebSocketsPlugin(), Sessions()])

    @app.websocket_route("/")
    class Chat:
        async def on_connect(self, websocket: WebSocket[Any], session: Session) -> None:
            await websocket.accept()

    peer = await make_peer("/").run(app)
    assert peer.denial[0] == 401


async def test_annotation_of_a_method_converts(app: Yaat, make_peer: Any) -> None:
    """A path parameter is converted as a method of the view annotates it; what does not fit is not found."""
    app.add_websocket_route("/rooms/{room}", make_view([]))
    peer = await make_peer("/rooms/seven").run(app)
    assert peer.denial[0] == 404


class Arguments:
    def __init__(self, greeting: str) -> None: ...

    async def on_receive(self, websocket: WebSocket[Any], message: str) -> None: ...


class NoMethod:
    async def get(self, websocket: WebSocket[Any]) -> None: ...


class Plain:
    def on_receive(self, websocket: WebSocket[Any], message: str) -> None: ...


class Unknown:
    async def on_connect(self, websocket: WebSocket[Any], rome: int) -> None: ...


class TooFew:
    async def on_receive(self, websocket: WebSocket[Any]) -> None: ...


class WrongOrder:
    async def on_receive(self, websocket: WebSocket[Any], room: str, message: str) -> None: ...


class WrongEncoding:
    encoding: ClassVar[str] = "xml"

    async def on_receive(self, websocket: WebSocket[Any], message: str) -> None: ...


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (Arguments, r"Arguments cannot be made without arguments.*add_websocket_route\(path, Arguments\(…\)\)"),
        (NoMethod, "none of the methods of a WebSocket view: on_connect, on_receive, on_disconnect"),
        (Plain, r"Plain\.on_receive.* must be a coroutine function: write 'async def'"),
        (Unknown, r"(?s)takes 'rome', which nothing gives.*added at .*test_view.*The path gives: room"),
        (TooFew, r"(?s)TooFew\.on_receive.* must take websocket and message first.*added at"),
        (WrongOrder, "must take websocket and message first"),
        (WrongEncoding, "encoding = 'xml'. It can be None, 'text', 'bytes', 'json'"),
    ],
)
def test_view_that_cannot_work_is_refused_at_build(app: Yaat, view: Any, message: str) -> None:
    """A mistake in a view is an error of the build that says what and where."""
    app.add_websocket_route("/rooms/{room}", view)
    with pytest.raises(HandlerError, match=message):
        app.build()


def test_path_without_parameters_is_said_to_have_none(make_app: Callable[..., Yaat]) -> None:
    """The message about an unknown parameter says when the path has none at all."""
    app = make_app()
    app.add_websocket_route("/rooms", Unknown)
    with pytest.raises(HandlerError, match="The path has no parameters"):
        app.build()


@pytest.mark.parametrize("is_class", [True, False])
def test_view_is_a_handler_that_takes_what_its_methods_take(*, is_class: bool) -> None:
    """It stands for all of them, and is named after the first."""
    view = make_view([])
    handler = examine_handler(view if is_class else view())
    assert [parameter.name for parameter in handler.parameters] == ["websocket", "room", "message", "code"]
    assert (handler.name.rpartition(".")[2], handler.is_async) == ("on_connect", True)
    assert (handler.view, handler.returns) == (view if is_class else None, inspect.Signature.empty)


def test_function_is_no_view() -> None:
    """A function, and an object that is called, are handlers of the other kind."""

    class Callable:
        async def __call__(self, websocket: WebSocket[Any]) -> None: ...

    assert not is_view(lambda websocket: None)
    assert not is_view(Callable())
    assert examine_handler(Callable()).is_async
