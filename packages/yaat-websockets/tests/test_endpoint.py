"""The line of a connection: routes, handlers and middleware, and how each of them ends."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from yaat import HTTPException, Middleware, Response, Router, Yaat
from yaat.background import BackgroundTask
from yaat.exceptions import ClientDisconnect, HandlerError, RouteError
from yaat.responses import JSONResponse
from yaat_websockets import QueueLimit, WebSocket, WebSocketDisconnect, WebSocketException
from yaat_websockets.endpoint import choose_close, conclude, limit_time
from yaat_websockets.limits import DEFAULT_LIMITS

Act = Callable[[WebSocket[Any]], Any]


def add(app: Router, act: Act, path: str = "/", **options: Any) -> None:
    """Let *act* serve the connections at *path* of *app*."""

    async def handler(websocket: WebSocket[Any], **path_params: Any) -> Any:
        return await act(websocket)

    app.add_websocket_route(path, handler, **options)


async def accept(websocket: WebSocket[Any]) -> None:
    await websocket.accept()


def fail_with(error: Exception, *, accepts: bool) -> Act:
    """Return what raises *error* before or after it has accepted."""

    async def fail(websocket: WebSocket[Any]) -> None:
        if accepts:
            await websocket.accept()
        raise error

    return fail


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """The errors that are logged."""
    records: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    keeper = Keeper(logging.ERROR)
    logging.getLogger("yaat").addHandler(keeper)
    yield records
    logging.getLogger("yaat").removeHandler(keeper)


# Routes


async def test_handler_gets_the_connection_and_path_parameters(app: Yaat, make_peer: Any) -> None:
    """A handler takes the WebSocket first, and path parameters by name, converted as it annotates them."""
    got: list[Any] = []

    @app.websocket_route("/rooms/{room}/{seat}")
    async def live(websocket: Any, room: str, seat: int) -> None:
        got.extend([isinstance(websocket, WebSocket), room, seat, websocket.app, websocket.route.path])
        await websocket.accept()

    await make_peer("/rooms/blue/7").run(app)
    assert got == [True, "blue", 7, app, "/rooms/{room}/{seat}"]


@pytest.mark.parametrize("place", ["first", "annotated", "by name", "left out"])
async def test_handler_may_take_the_connection_anywhere(app: Yaat, make_peer: Any, place: str) -> None:
    """The WebSocket is the first parameter, or the one that is annotated or called so; it may be left out."""
    got: list[Any] = []

    async def first(ws, room):  # type: ignore[no-untyped-def]  # as in an app without annotations
        got.extend([ws, room])

    async def annotated(room: str, socket: WebSocket[Any]) -> None:
        got.extend([socket, room])

    async def by_name(room, *, websocket):  # type: ignore[no-untyped-def]  # as in an app without annotations
        got.extend([websocket, room])

    async def left_out(room: str) -> None:
        got.extend([None, room])

    handlers: dict[str, Any] = {"first": first, "annotated": annotated, "by name": by_name, "left out": left_out}
    handler = handlers[place]
    app.add_websocket_route("/{room}", handler)
    await make_peer("/blue").run(app)
    assert got[1] == "blue"
    assert isinstance(got[0], WebSocket) or place == "left out"


def test_parameter_that_nothing_gives_is_refused_at_build(app: Yaat) -> None:
    """A handler that takes what the path does not give is refused; the message says what and where."""

    @app.websocket_route("/{room}")
    async def live(websocket: WebSocket[Any], rooms: str) -> None: ...

    with pytest.raises(HandlerError, match=r"(?s)takes 'rooms', which nothing gives.*Did you mean 'room'"):
        app.build()


def test_plain_function_is_refused_at_build(app: Yaat) -> None:
    """A handler that could wait for nothing is refused."""

    @app.websocket_route("/")
    def live(websocket: WebSocket[Any]) -> None: ...

    with pytest.raises(HandlerError, match=r"(?s)live .*must be a coroutine function: write 'async def'.*added at"):
        app.build()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_message_bytes": 0}, "max_message_bytes is a number of bytes from 1 up, not 0"),
        ({"max_mesage_bytes": 10}, "Unknown option 'max_mesage_bytes'. Did you mean 'max_message_bytes'?"),
        ({"send_queue": 10}, "send_queue is a QueueLimit"),
    ],
)
def test_option_that_cannot_be_is_refused_at_build(app: Yaat, options: Any, message: str) -> None:
    """A wrong option of a route is refused; the message says where the route was added."""
    add(app, accept, **options)
    with pytest.raises(RouteError, match=f"(?s){message}.*The route / was added at .*test_endpoint"):
        app.build()


@pytest.mark.parametrize("verb", ["send", "receive"])
async def test_handler_that_talks_before_it_accepts_is_told_to_accept(app: Yaat, make_peer: Any, verb: str) -> None:
    """Nothing is sent, and the opening is no message."""

    async def talk(websocket: WebSocket[Any]) -> None:
        await (websocket.send_text("hello") if verb == "send" else websocket.receive_text())

    add(app, talk)
    peer = await make_peer().run(app)
    assert peer.denial[0] == 500
    assert f"cannot {verb} 'websocket.{verb}'" in str(peer.unhandled[0])
    assert str(peer.unhandled[0]).endswith("Call accept() first.")


async def test_unknown_path_is_denied_with_404(app: Yaat, make_peer: Any) -> None:
    """A connection to a path that nobody serves is denied like a request to one."""
    add(app, accept, "/ws")
    peer = await make_peer("/other").run(app)
    assert peer.denial[0] == 404
    assert peer.unhandled == []


async def test_unknown_path_is_closed_with_3404_where_nothing_can_be_denied(app: Yaat, make_peer: Any) -> None:
    """Without the extension an unknown path is a close with 3000 + 404."""
    peer = await make_peer("/other", can_deny=False).run(app)
    assert peer.close == (3404, "Not Found")


async def test_http_on_the_path_is_told_to_upgrade(app: Yaat, make_peer: Any) -> None:
    """Plain HTTP on a path of WebSockets alone is answered with 426 and what to upgrade to (RFC 9110 §15.5.22)."""
    add(app, accept, "/ws/{room:int}")
    add(app, accept, "/both")

    @app.get("/both")
    async def page() -> str:
        return "page"

    answers = []
    for path in ("/ws/7", "/ws/seven", "/both"):
        peer = make_peer(path, type="http", method="GET", scheme="http")
        await peer.run(app)
        fields = dict(peer.sent[0]["headers"])
        answers.append((peer.sent[0]["status"], fields.get(b"upgrade"), fields.get(b"connection")))
    assert answers == [(426, b"websocket", b"Upgrade"), (404, None, None), (200, None, None)]


@pytest.mark.parametrize("accepts", [False, True])
async def test_waiting_for_what_others_have_cancelled_is_a_failure(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord], *, accepts: bool
) -> None:
    """Only the cancellation of the connection itself is the server's business: any other is answered, and logged."""

    async def wait(websocket: WebSocket[Any]) -> None:
        if accepts:
            await websocket.accept()
        other = asyncio.ensure_future(asyncio.Event().wait())
        asyncio.get_running_loop().call_soon(other.cancel)
        await other

    add(app, wait)
    peer = await make_peer().run(app)
    assert (peer.close[0] if accepts else peer.denial[0]) == (1011 if accepts else 500)
    assert len(logged) == 1


async def test_router_and_mount_serve_connections(app: Yaat, make_peer: Any) -> None:
    """Routes of routers and of mounted apps serve connections below their prefixes."""
    router = Router("/inner")
    add(router, accept, "/ws")
    mounted = Yaat(autoload=False)
    add(mounted, accept, "/ws")
    app.mount("/outer", router)
    app.mount("/app", mounted)
    for path in ("/outer/inner/ws", "/app/ws"):
        peer = await make_peer(path).run(app)
        assert peer.close == (1000, ""), path


async def test_connection_below_a_mounted_asgi_app_is_that_apps(app: Yaat, make_peer: Any) -> None:
    """A foreign ASGI app gets the connections below its prefix, with the prefix in its root path."""
    scopes = []

    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        await receive()
        await send({"type": "websocket.close", "code": 1000, "reason": ""})

    app.mount("/legacy", foreign)
    await make_peer("/legacy/chat").run(app)
    assert [(scope["type"], scope["root_path"], scope["path"]) for scope in scopes] == [
        ("websocket", "/legacy", "/legacy/chat")
    ]


# How a connection ends


async def test_handler_that_returns_has_closed(app: Yaat, make_peer: Any) -> None:
    """A handler that returns without closing has its connection closed with 1000."""
    add(app, accept)
    peer = await make_peer().run(app)
    assert peer.types == ["accept", "close"]
    assert peer.close == (1000, "")


async def test_handler_that_returns_without_accepting_has_denied(app: Yaat, make_peer: Any) -> None:
    """A handler that returns without an answer has refused: the server makes a 403 of that."""

    @app.websocket_route("/")
    async def ignore(websocket: WebSocket[Any]) -> None: ...

    peer = await make_peer().run(app)
    assert peer.types == ["close"]


async def test_client_that_leaves_is_no_error(app: Yaat, make_peer: Any, logged: list[logging.LogRecord]) -> None:
    """A disconnect that the handler does not catch ends it quietly."""

    async def receive(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.receive_text()

    add(app, receive)
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.leave()
    assert (peer.types, peer.unhandled, logged) == (["accept"], [], [])


async def test_handler_that_has_closed_is_left_alone(app: Yaat, make_peer: Any) -> None:
    """After the handler's own close nothing more is sent."""

    async def close(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.close(4000, "done")

    add(app, close)
    peer = await make_peer().run(app)
    assert peer.types == ["accept", "close"]
    assert peer.close == (4000, "done")


async def test_response_that_is_returned_denies(app: Yaat, make_peer: Any) -> None:
    """A handler may deny by returning a response before it accepts."""

    async def deny(websocket: WebSocket[Any]) -> Response:
        return JSONResponse({"error": "full"}, 409)

    add(app, deny)
    peer = await make_peer().run(app)
    assert peer.denial == (409, b'{"error":"full"}')


@pytest.mark.parametrize("is_inside_middleware", [False, True])
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Response("too late"), "<Response 200> for a connection that is open"),
        ("text", "str: 'text'"),
        ({"a": 1}, "dict: {'a': 1}"),
        (0, "int: 0"),
    ],
)
async def test_anything_else_that_is_returned_is_a_mistake(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord], answer: Any, told: str, *, is_inside_middleware: bool
) -> None:
    """What a handler returns after the acceptance is sent to nobody, so it is an error that says what to do."""

    async def reply(websocket: WebSocket[Any]) -> Any:
        await websocket.accept()
        return answer

    app.add_websocket_route("/", reply, middleware=[Guard] if is_inside_middleware else [])
    peer = await make_peer(headers=TOKEN).run(app)
    assert peer.close == (1011, "Internal Server Error")
    message = str(peer.unhandled[0])
    assert re.sub(r"\(.*test_endpoint.py:\d+\)", "(…)", message) == (
        f"The WebSocket handler {reply.__qualname__} (…) returned {told}. Send messages with websocket.send_text(…), "
        "send_bytes(…) or send_json(…) and return nothing, or return a Response before accept() to deny the connection."
    )
    assert len(logged) == 1


# Errors: one rule for HTTP and WebSockets

NOT_ALLOWED = HTTPException(403, "Not your room.", {"x-room": "7"})


@pytest.mark.parametrize("can_deny", [True, False])
async def test_background_work_of_a_denial_runs(app: Yaat, make_peer: Any, *, can_deny: bool) -> None:
    """What a response that denies has to do afterwards is done, though the client sees a close alone."""
    done: list[str] = []

    async def note(what: str) -> None:
        done.append(what)

    async def deny(websocket: WebSocket[Any]) -> Response:
        return Response("no", 403, background=BackgroundTask(note, "denied"))

    add(app, deny)
    peer = await make_peer(can_deny=can_deny).run(app)
    assert done == ["denied"]
    assert (peer.denial[0] == 403) if can_deny else (peer.close == (3403, "Forbidden"))


async def test_http_error_before_the_acceptance_denies(app: Yaat, make_peer: Any) -> None:
    """An HTTP error is the response that HTTP would get, with its headers."""
    add(app, fail_with(NOT_ALLOWED, accepts=False))
    peer = await make_peer(headers=[(b"host", b"x"), (b"accept", b"text/plain")]).run(app)
    assert peer.denial == (403, b"403 Forbidden\nNot your room.\n")
    assert (b"x-room", b"7") in peer.sent[0]["headers"]


async def test_http_error_is_3000_and_its_status_where_nothing_can_be_denied(app: Yaat, make_peer: Any) -> None:
    """Without the extension an HTTP error before the acceptance is a close with 3000 + status."""
    add(app, fail_with(NOT_ALLOWED, accepts=False))
    peer = await make_peer(can_deny=False).run(app)
    assert peer.close == (3403, "Forbidden")


async def test_http_error_after_the_acceptance_closes_with_1008(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord]
) -> None:
    """After the acceptance an HTTP error is 1008 with its detail, which is meant for the client; nothing is logged."""
    add(app, fail_with(NOT_ALLOWED, accepts=True))
    peer = await make_peer().run(app)
    assert peer.close == (1008, "Not your room.")
    assert (peer.unhandled, logged) == ([], [])


async def test_http_error_of_the_server_closes_with_1011(app: Yaat, make_peer: Any) -> None:
    """An HTTP error that says that the server is at fault is 1011."""
    add(app, fail_with(HTTPException(503), accepts=True))
    peer = await make_peer().run(app)
    assert peer.close == (1011, "Service Unavailable")


async def test_long_detail_is_trimmed(app: Yaat, make_peer: Any) -> None:
    """A detail that is too long for a close frame is trimmed to 123 bytes (RFC 6455 §5.5)."""
    add(app, fail_with(HTTPException(403, "é" * 100), accepts=True))
    peer = await make_peer().run(app)
    assert peer.close == (1008, "é" * 61)


async def test_unexpected_error_closes_with_1011_and_tells_nothing(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord]
) -> None:
    """An error that nobody expected is 1011; the client learns nothing of it, the log everything, once."""
    error = LookupError("password=hunter2")
    add(app, fail_with(error, accepts=True))
    peer = await make_peer().run(app)
    assert peer.close == (1011, "Internal Server Error")
    assert peer.unhandled == [error]
    [record] = logged
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    assert "websocket '/' failed (route / of the app" in record.getMessage()


async def test_unexpected_error_before_the_acceptance_is_a_500(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord]
) -> None:
    """Before the acceptance an error that nobody expected is denied with 500, and logged once."""
    add(app, fail_with(LookupError("password=hunter2"), accepts=False))
    peer = await make_peer().run(app)
    assert peer.denial[0] == 500
    assert b"hunter2" not in peer.denial[1]
    assert len(peer.unhandled) == len(logged) == 1


@pytest.mark.parametrize("accepts", [False, True])
async def test_exception_with_a_close_code(app: Yaat, make_peer: Any, accepts: bool) -> None:
    """A WebSocketException closes with its code, and denies with its status before that."""
    add(app, fail_with(WebSocketException(4001, "The room is full.", status_code=409), accepts=accepts))
    peer = await make_peer().run(app)
    if accepts:
        assert peer.close == (4001, "The room is full.")
    else:
        assert peer.denial[0] == 409
    assert peer.unhandled == []


@pytest.mark.parametrize("level", ["route", "router", "app"])
@pytest.mark.parametrize("accepts", [False, True])
async def test_exception_handlers_of_http_answer(app: Yaat, make_peer: Any, level: str, accepts: bool) -> None:
    """Exception handlers are the same as for HTTP, of the route, the router and the app: their status counts."""

    async def apologise(websocket: Any, error: Exception) -> Response:
        return Response(f"Sorry: {error}", 409)

    handlers: dict[Any, Any] = {LookupError: apologise}
    router = Router(exception_handlers=handlers if level == "router" else None)
    add(router, fail_with(LookupError("x"), accepts=accepts), exception_handlers=handlers if level == "route" else None)
    app.mount(router=router, prefix="/r")
    if level == "app":
        app.add_exception_handler(LookupError, apologise)
    peer = await make_peer("/r/").run(app)
    if accepts:
        assert peer.close == (1008, "Conflict")
    else:
        assert peer.denial == (409, b"Sorry: x")
    assert peer.unhandled == []


async def test_exception_handler_may_close_by_itself(app: Yaat, make_peer: Any) -> None:
    """An exception handler that has closed the connection has had the last word."""

    @app.exception_handler(LookupError)
    async def close(websocket: Any, error: Exception) -> Response:
        await websocket.close(4004, "Nothing there.")
        return Response(status_code=404)

    add(app, fail_with(LookupError(), accepts=True))
    peer = await make_peer().run(app)
    assert peer.close == (4004, "Nothing there.")


async def test_handler_for_404_answers_unknown_paths(app: Yaat, make_peer: Any) -> None:
    """An app's own 404 page is the denial of an unknown path too."""

    @app.exception_handler(404)
    async def missing(request: Any, error: Exception) -> Response:
        return Response("Nobody lives here.", 404)

    peer = await make_peer("/other").run(app)
    assert peer.denial == (404, b"Nobody lives here.")


async def test_disconnect_of_another_connection_is_an_error_for_the_client(app: Yaat, make_peer: Any) -> None:
    """A handler that ends because something else has left closes its own connection with 1011."""
    add(app, fail_with(ClientDisconnect("upstream"), accepts=True))
    peer = await make_peer().run(app)
    assert peer.close[0] == 1011


@pytest.mark.parametrize("is_view", [False, True])
async def test_a_vanished_client_among_others_is_told_in_the_log(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord], is_view: bool
) -> None:
    """Who sends to others and does not expect one of them to have left is at fault, and is told."""
    others: list[WebSocket[Any]] = []

    async def wait(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        others.append(websocket)
        await websocket.receive_text()

    async def tell(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await others[0].send_text("news")

    class Tell:
        async def on_connect(self, websocket: WebSocket[Any]) -> None:
            await tell(websocket)

    add(app, wait, "/wait")
    app.add_websocket_route("/tell", Tell) if is_view else add(app, tell, "/tell")
    other = make_peer("/wait")
    async with other.serving(app):
        await other.accepted()
        other.has_left = True
        peer = await make_peer("/tell").run(app)
        other.leave(1006)
    assert peer.close == (1011, "Internal Server Error")
    assert len(logged) == 1


@pytest.mark.parametrize("is_view", [False, True])
async def test_a_group_of_nothing_but_the_own_clients_leaving_is_that(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord], is_view: bool
) -> None:
    """A handler with tasks that receive and send ends quietly, as one without."""

    async def talk(websocket: WebSocket[Any], message: Any = None) -> None:
        async def receive() -> None:
            while True:
                await websocket.receive_text()

        async def send() -> None:
            while True:
                await websocket.send_text("tick")
                await asyncio.sleep(0)

        await websocket.accept()
        async with asyncio.TaskGroup() as group:
            group.create_task(receive())
            group.create_task(send())

    class Talk:
        async def on_connect(self, websocket: WebSocket[Any]) -> None:
            await talk(websocket)

    app.add_websocket_route("/", Talk) if is_view else add(app, talk)
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.leave()
    assert "close" not in peer.types
    assert logged == []


async def test_a_group_of_more_than_the_own_clients_leaving_is_told(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord]
) -> None:
    """What else has failed meanwhile is a mistake."""
    await_end = asyncio.Event()

    async def talk(websocket: WebSocket[Any]) -> None:
        async def clean_up() -> None:
            try:
                await await_end.wait()
            finally:
                raise LookupError("lost")

        await websocket.accept()
        async with asyncio.TaskGroup() as group:
            group.create_task(clean_up())
            await websocket.receive_text()

    add(app, talk)
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.leave()
    assert len(logged) == 1


async def test_an_error_of_middleware_is_no_client_that_left(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord]
) -> None:
    """What else than the server fails in `send` is told in the log, and the connection is closed with 1011."""
    peer = make_peer()

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise PermissionError("the notes of what is sent cannot be written")
        await peer.send(message)

    async def greet(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.send_text("hello")

    add(app, greet)
    await app(peer.scope, peer.receive, send)
    assert peer.close == (1011, "Internal Server Error")
    assert len(logged) == 1


async def test_failing_denial_reaches_the_server(app: Yaat, make_peer: Any, logged: list[logging.LogRecord]) -> None:
    """A denial that fails while it is being sent is logged, and the server has to break the connection off."""

    class Broken(Response):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            raise LookupError("half-way")

    async def deny(websocket: WebSocket[Any]) -> Response:
        return Broken()

    add(app, deny)
    with pytest.raises(LookupError, match="half-way") as caught:
        await make_peer().run(app)
    [record] = logged
    assert record.exc_info is not None
    assert record.exc_info[1] is caught.value


async def test_handler_whose_denial_has_failed_is_not_answered_again(app: Yaat, make_peer: Any) -> None:
    """When a handler fails in the middle of its own denial, nothing more can be sent."""

    async def half_deny(websocket: WebSocket[Any]) -> None:
        await websocket.receive()
        await websocket.send({"type": "websocket.http.response.start", "status": 403, "headers": []})
        raise LookupError

    add(app, half_deny)
    peer = await make_peer().run(app)
    assert peer.types == ["http.response.start"]


async def test_client_that_leaves_during_the_last_close_is_no_error(app: Yaat, make_peer: Any) -> None:
    """A client that has left before the final close is nobody's mistake."""

    async def wait(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        peer.has_left = True

    add(app, wait)
    peer = make_peer()
    await peer.run(app)
    assert (peer.types, peer.unhandled) == (["accept"], [])


async def test_client_that_leaves_during_a_denial_is_no_error(app: Yaat, make_peer: Any) -> None:
    """A client that does not wait for its denial is nobody's mistake."""
    add(app, fail_with(NOT_ALLOWED, accepts=False))
    peer = make_peer()
    peer.has_left = True
    await peer.run(app)
    assert (peer.sent, peer.unhandled) == ([], [])


@pytest.mark.parametrize(
    ("error", "answer", "close"),
    [
        (None, None, (1000, "")),
        (WebSocketException(4001, "full"), Response(status_code=200), (4001, "full")),
        (HTTPException(403, "no"), Response(status_code=403), (1008, "no")),
        (LookupError("secret"), Response(status_code=409), (1008, "Conflict")),
        (LookupError("secret"), Response(status_code=500), (1011, "Internal Server Error")),
        (LookupError("secret"), None, (1011, "Internal Server Error")),
    ],
    ids=repr,
)
def test_close_is_chosen_by_error_and_answer(error: Exception | None, answer: Any, close: tuple[int, str]) -> None:
    """Code and reason come from the error where it is meant for the client, else from the status of the answer."""
    assert choose_close(error, answer) == close


# Limits, queue, leaving


async def test_limit_of_the_route_closes_with_1009(app: Yaat, make_peer: Any) -> None:
    """A message over the limit of its route closes the connection with 1009 (RFC 6455 §7.4.1)."""

    async def echo(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        async for message in websocket:
            await websocket.send_text(str(len(message)))

    add(app, echo, max_message_bytes=100)
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.say("x" * 100, "x" * 101)
    assert peer.texts == ["100"]
    assert peer.close == (1009, "The message is over the limit of 100 bytes.")


async def test_queue_of_the_route_gives_a_slow_client_up(app: Yaat, make_peer: Any) -> None:
    """On a route with a queue a client that is too slow is closed with 1013, and its handler ends."""

    async def flood(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        for number in range(1000):
            await websocket.send_text(str(number))

    add(app, flood, send_queue=QueueLimit(max_messages=3, when_full="close"))
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.takes.clear()
        for _ in range(50):
            await asyncio.sleep(0)
        peer.takes.set()
    assert peer.close[0] == 1013
    assert len(peer.texts) < 10
    assert peer.unhandled == []


async def test_busy_handler_of_the_route_is_cancelled(app: Yaat, make_peer: Any) -> None:
    """With `on_disconnect="cancel"` a handler that waits for something else ends when its client leaves."""
    ended = []

    async def wait(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    add(app, wait, on_disconnect="cancel")
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.leave()
    assert (ended, peer.unhandled) == ([True], [])


# Middleware


class Guard:
    """Lets nobody in without a token, and marks every response."""

    def process_request(self, connection: Any) -> Response | None:
        return None if "x-token" in connection.headers else Response("Who are you?", 401)

    def process_response(self, connection: Any, response: Response) -> None:
        response.headers["x-guarded"] = "yes"


TOKEN = [(b"host", b"x"), (b"x-token", b"t")]


@pytest.mark.parametrize("level", ["route", "router", "app"])
async def test_middleware_can_deny(app: Yaat, make_peer: Any, level: str) -> None:
    """Flat middleware sees the connection before its handler, and what it returns denies."""
    guard = Middleware(Guard, protocols=("websocket",))
    router = Router(middleware=[guard] if level == "router" else [])
    add(router, accept, middleware=[guard] if level == "route" else [])
    app.mount("/r", router)
    if level == "app":
        app.add_middleware(guard)
    stranger = await make_peer("/r/").run(app)
    friend = await make_peer("/r/", headers=TOKEN).run(app)
    assert stranger.denial == (401, b"Who are you?")
    assert friend.types == ["accept", "close"]


async def test_middleware_of_a_route_is_for_its_protocol(app: Yaat, make_peer: Any) -> None:
    """What is given to a WebSocket route runs on it, whatever protocols it was written for."""
    add(app, accept, middleware=[Guard])
    peer = await make_peer().run(app)
    assert peer.denial[0] == 401


async def test_middleware_for_http_leaves_connections_alone(app: Yaat, make_peer: Any) -> None:
    """Middleware of an app is for HTTP unless it says otherwise."""
    app.add_middleware(Guard)
    add(app, accept)
    assert (await make_peer().run(app)).types == ["accept", "close"]


async def test_middleware_sees_denials(app: Yaat, make_peer: Any) -> None:
    """What denies a connection passes the middleware on its way out: of errors and unknown paths too."""
    app.add_middleware(Guard, protocols=("http", "websocket"))
    add(app, fail_with(NOT_ALLOWED, accepts=False))
    for path, status in (("/", 403), ("/other", 404)):
        peer = await make_peer(path, headers=TOKEN).run(app)
        assert peer.denial[0] == status
        assert (b"x-guarded", b"yes") in peer.sent[0]["headers"]


async def test_around_middleware_stands_around_the_connection(app: Yaat, make_peer: Any) -> None:
    """A generator runs its first half before the handler, and its second when the connection has been served."""
    log: list[Any] = []

    async def timed(connection: Any) -> Any:
        log.append("before")
        response = yield
        log.append((connection.phase.name, response.status_code))

    async def live(websocket: WebSocket[Any]) -> None:
        log.append("handler")
        await websocket.accept()

    add(app, live, middleware=[timed])
    peer = await make_peer().run(app)
    assert log == ["before", "handler", ("OPEN", 200)]
    assert peer.close == (1000, "")


async def test_handler_inside_middleware_can_deny_or_be_mistaken(app: Yaat, make_peer: Any) -> None:
    """Inside middleware too a response denies before the acceptance, and is a mistake after it."""

    async def deny(websocket: WebSocket[Any]) -> Response:
        return Response("full", 409)

    async def reply(websocket: WebSocket[Any]) -> Response:
        await websocket.accept()
        return Response("late")

    add(app, deny, "/deny", middleware=[Guard])
    add(app, reply, "/reply", middleware=[Guard])
    assert (await make_peer("/deny", headers=TOKEN).run(app)).denial[0] == 409
    assert (await make_peer("/reply", headers=TOKEN).run(app)).close[0] == 1011


async def test_error_inside_middleware_keeps_its_close_code(app: Yaat, make_peer: Any) -> None:
    """Middleware between an error and the end does not change how the connection is closed."""
    add(app, fail_with(WebSocketException(4001, "full"), accepts=True), middleware=[Guard])
    assert (await make_peer(headers=TOKEN).run(app)).close == (4001, "full")


@pytest.mark.parametrize("level", ["route", "router", "mount", "app"])
async def test_asgi_middleware_stands_outside(app: Yaat, make_peer: Any, level: str) -> None:
    """ASGI middleware wraps the connection itself: its scope, what it receives, what it sends."""
    seen = []

    def watch(inner: Any) -> Any:
        async def watching(scope: Any, receive: Any, send: Any) -> None:
            async def send_and_see(message: Any) -> None:
                seen.append(message["type"])
                await send(message)

            await inner(scope, receive, send_and_see)

        return watching

    record = Middleware(watch, protocols=("websocket",))
    router = Router(middleware=[record] if level == "router" else [])
    add(router, accept, middleware=[record] if level == "route" else [])
    app.mount("/r", router, middleware=[record] if level == "mount" else [])
    if level == "app":
        app.add_middleware(record)
    await make_peer("/r/").run(app)
    assert seen == ["websocket.accept", "websocket.close"]


async def test_route_without_features_is_called_with_the_servers_own(app: Yaat, make_peer: Any) -> None:
    """Where no feature needs it nothing stands between the handler and the server's receive and send."""
    got = []

    async def live(websocket: WebSocket[Any]) -> None:
        got.append((websocket._receive, websocket._send))

    add(app, live)
    peer = make_peer()
    await peer.run(app)
    assert got == [(peer.receive, peer.send)]


async def test_mounted_app_serves_with_its_own_parts(app: Yaat, make_peer: Any) -> None:
    """Below a mounted app exception handlers and `websocket.app` are those of that app."""
    inner = Yaat(autoload=False)
    apps = []

    @inner.exception_handler(LookupError)
    async def answer(websocket: Any, error: Exception) -> Response:
        apps.append(websocket.app)
        return Response("inner", 410)

    add(inner, fail_with(LookupError(), accepts=False))
    app.mount("/in", inner)
    peer = await make_peer("/in/").run(app)
    assert (peer.denial, apps) == ((410, b"inner"), [inner])


async def test_disconnect_can_be_answered(app: Yaat, make_peer: Any) -> None:
    """A handler for the disconnect is called when nobody else has caught it."""
    codes = []

    @app.exception_handler(WebSocketDisconnect)
    async def note(websocket: Any, error: WebSocketDisconnect) -> Response:
        codes.append(error.code)
        return Response()

    async def receive(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.receive_text()

    add(app, receive)
    peer = make_peer()
    async with peer.serving(app):
        await peer.accepted()
        peer.leave(4002)
    assert (codes, peer.types) == ([4002], ["accept"])


def test_default_limits_are_the_plugins(app: Yaat) -> None:
    """A route that says nothing has the limits of the plugin."""
    assert DEFAULT_LIMITS.with_options({}) == DEFAULT_LIMITS


async def test_server_that_cannot_send_is_logged_once(
    app: Yaat, make_peer: Any, logged: list[logging.LogRecord]
) -> None:
    """When sending fails in the handler and again in the close after it, there is one line in the log, not two."""

    async def greet(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        await websocket.send_text("hello")

    add(app, greet)
    peer = make_peer()

    async def fail(message: Any) -> None:
        if message["type"] != "websocket.accept":
            raise LookupError(message["type"])

    peer.send = fail
    with pytest.raises(LookupError, match=r"websocket\.close"):
        await peer.run(app)
    assert len(logged) == 1


async def test_client_that_takes_no_close_is_left_to_the_server(make_peer: Any) -> None:
    """A closing waits only for so long for a client that takes nothing any more."""
    peer = make_peer()
    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send)
    await websocket.accept()
    peer.takes.clear()
    await conclude(websocket, None, flush_seconds=0)
    assert peer.types == ["accept"]


async def test_time_is_limited_in_tasks() -> None:
    """A server that runs handlers in its own way, without tasks, has to limit it by itself."""
    loop = asyncio.get_running_loop()
    limit: asyncio.Future[Any] = loop.create_future()
    loop.call_soon(lambda: limit.set_result(limit_time(0)))
    async with await limit:
        await asyncio.sleep(0.001)
    with pytest.raises(TimeoutError):
        async with limit_time(0):
            await asyncio.Event().wait()
