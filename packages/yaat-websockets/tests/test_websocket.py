"""The WebSocket: what a handler can ask of a connection and tell it, with real ASGI messages."""

import asyncio
import json
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from contextlib import nullcontext, suppress
from types import MappingProxyType
from typing import Any

import pytest

from yaat.responses import JSONResponse, Response, StreamResponse
from yaat_websockets import CloseCode, WebSocket, WebSocketDisconnect, WebSocketStateError
from yaat_websockets.exceptions import InvalidPayload, MessageTooBig, UnsupportedData
from yaat_websockets.limits import Limits
from yaat_websockets.phase import Phase


def connect(peer: Any, **limits: Any) -> WebSocket[Any]:
    """Return the WebSocket of a connection that *peer* has asked for."""
    return WebSocket(peer.scope, peer.receive, peer.send, limits=Limits(**limits))


@pytest.fixture
def peer(make_peer: Any) -> Any:
    """The other end of one connection."""
    return make_peer("/room/7", query_string=b"lang=de", subprotocols=["chat.v1"])


@pytest.fixture
def websocket(peer: Any) -> WebSocket[Any]:
    """A connection that was asked for."""
    return connect(peer)


# What it is


def test_connection_says_what_it_is_about(websocket: WebSocket[Any]) -> None:
    """A WebSocket has what a request has: URL, path, query, headers, client."""
    assert str(websocket.url) == "ws://example.com/room/7?lang=de"
    assert (websocket.path, websocket.query_params["lang"]) == ("/room/7", "de")
    assert (websocket.headers["host"], websocket.cookies) == ("example.com", {})
    assert websocket.client is not None
    assert websocket.client.host == "127.0.0.1"
    assert websocket.path_params == {}


def test_state_is_shared_with_the_lifespan(peer: Any) -> None:
    """`websocket.state` is what the lifespan has yielded."""
    peer.scope["state"] = {"db": "pool"}
    assert connect(peer).state.db == "pool"


def test_subprotocols_are_those_of_the_client(websocket: WebSocket[Any]) -> None:
    """A handler can look at what the client offers."""
    assert websocket.subprotocols == ["chat.v1"]


async def test_phase_goes_with_the_connection(peer: Any, websocket: WebSocket[Any]) -> None:
    """A new connection is asked for, then open, then closed with a code."""
    assert (websocket.phase, websocket.is_open, websocket.close_code) == (Phase.NEW, False, None)
    await websocket.accept()
    assert (websocket.phase, websocket.is_open) == (Phase.OPEN, True)
    await websocket.close(4000)
    assert (websocket.phase, websocket.is_open, websocket.close_code) == (Phase.CLOSED, False, 4000)


# The opening


async def test_accept_sends_one_message(peer: Any, websocket: WebSocket[Any]) -> None:
    """Accepting receives the opening and answers it."""
    await websocket.accept("chat.v1", {"X-Room": "7"})
    assert peer.sent == [{"type": "websocket.accept", "subprotocol": "chat.v1", "headers": [(b"x-room", b"7")]}]


async def test_accept_takes_each_value_of_a_header(peer: Any, websocket: WebSocket[Any]) -> None:
    """Headers of a response may have several values for one name, such as two cookies."""
    response = Response()
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    await websocket.accept(headers=response.headers)
    assert [name for name, _ in peer.sent[0]["headers"]] == [b"set-cookie", b"set-cookie"]


async def test_opening_can_be_received_first(peer: Any, websocket: WebSocket[Any]) -> None:
    """Whoever wants to see the opening message can receive it before accepting."""
    assert await websocket.receive() == {"type": "websocket.connect"}
    await websocket.accept()
    assert peer.types == ["accept"]


async def test_connection_that_does_not_begin_cannot_be_accepted(make_peer: Any) -> None:
    """A server whose first message is no opening has not asked for anything that could be accepted."""
    peer = make_peer()
    await peer.receive()
    peer.say("too early")
    with pytest.raises(WebSocketStateError, match="opening was not received yet cannot receive 'websocket.receive'"):
        await connect(peer).accept()


async def test_client_that_left_before_its_opening_is_gone(make_peer: Any) -> None:
    """A server may say that its client has left before it says that it came; then nothing is left to be closed."""
    peer = make_peer()
    await peer.receive()
    peer.leave()
    websocket = connect(peer)
    with pytest.raises(WebSocketDisconnect):
        await websocket.accept()
    await websocket.close()
    assert peer.sent == []


async def test_accepting_twice_is_a_mistake(websocket: WebSocket[Any]) -> None:
    """A second acceptance is refused; the message says what is possible."""
    await websocket.accept()
    with pytest.raises(WebSocketStateError, match="that is open cannot send 'websocket.accept'"):
        await websocket.accept()


async def test_subprotocol_that_is_not_offered_leaves_the_connection_as_it_was(
    peer: Any, websocket: WebSocket[Any]
) -> None:
    """A mistake in the acceptance is raised before anything is sent."""
    with pytest.raises(ValueError, match="'mqtt'"):
        await websocket.accept("mqtt")
    assert (peer.sent, websocket.phase) == ([], Phase.NEW)


async def test_client_that_left_before_the_acceptance(peer: Any, websocket: WebSocket[Any]) -> None:
    """Accepting a client that has left meanwhile raises the disconnect."""
    peer.leave()
    with pytest.raises(WebSocketDisconnect) as caught:
        await websocket.accept()
    assert caught.value.code == 1006


async def test_denial_is_an_http_response(peer: Any, websocket: WebSocket[Any]) -> None:
    """Denying answers the opening with status, headers and content (ASGI spec, "WebSocket Denial Response")."""
    await websocket.deny(401, "Who are you?", {"WWW-Authenticate": "Bearer"})
    assert peer.denial == (401, b"Who are you?")
    assert (b"www-authenticate", b"Bearer") in peer.sent[0]["headers"]
    assert (b"content-length", b"12") in peer.sent[0]["headers"]
    assert websocket.phase is Phase.CLOSED


async def test_denial_is_forbidden_unless_it_says_otherwise(peer: Any, websocket: WebSocket[Any]) -> None:
    """Without a status it is 403, without content."""
    await websocket.deny()
    assert peer.denial == (403, b"")


async def test_any_response_can_deny(peer: Any, websocket: WebSocket[Any]) -> None:
    """A whole response denies too, such as one in JSON."""
    await websocket.send_denial_response(JSONResponse({"error": "full"}, 409))
    assert peer.denial == (409, b'{"error":"full"}')


async def test_stream_can_deny(peer: Any, websocket: WebSocket[Any]) -> None:
    """A denial can be a stream; it ends the connection with its last part."""

    async def parts() -> Any:
        yield "one "
        assert websocket.phase is Phase.DENYING
        yield "two"

    await websocket.send_denial_response(StreamResponse(parts(), 403))
    assert peer.denial == (403, b"one two")
    assert websocket.phase is Phase.CLOSED


async def test_stream_that_denies_ends_when_the_client_leaves(peer: Any, websocket: WebSocket[Any]) -> None:
    """A denial that goes on for ever stops, and its generator is closed, when nobody is there any more."""
    ended = asyncio.Event()

    async def parts() -> Any:
        try:
            yield "one "
            peer.leave()
            await asyncio.Event().wait()
        finally:
            ended.set()

    with suppress(WebSocketDisconnect):
        await websocket.send_denial_response(StreamResponse(parts(), 403))
    assert ended.is_set()


async def test_background_work_of_a_denial_needs_an_app(peer: Any, websocket: WebSocket[Any]) -> None:
    """Outside an app there is nobody who would run it, and the denial is sent all the same."""
    ran = []
    await websocket.send_denial_response(JSONResponse(None, 403, background=lambda: ran.append(1)))
    assert (peer.denial, ran) == ((403, b"null"), [])


async def test_server_that_cannot_deny_gets_a_close(make_peer: Any) -> None:
    """Without the extension a denial is a close with 3000 + status, which the server turns into a 403."""
    peer = make_peer(can_deny=False)
    await connect(peer).deny(404)
    assert peer.close == (3404, "Not Found")


@pytest.mark.parametrize("can_deny", [True, False])
async def test_open_connection_cannot_be_denied(make_peer: Any, can_deny: bool) -> None:
    """After the acceptance it is too late to deny."""
    websocket = connect(make_peer(can_deny=can_deny))
    await websocket.accept()
    with pytest.raises(WebSocketStateError, match=r"cannot send 'websocket.http.response.start'"):
        await websocket.deny()


# Sending


async def test_text_bytes_and_json_are_sent(peer: Any, websocket: WebSocket[Any]) -> None:
    """Text goes as text, bytes as binary, and a value as JSON in either."""
    await websocket.accept()
    await websocket.send_text("hé")
    await websocket.send_bytes(b"\x00")
    await websocket.send_bytes(bytearray(b"\x01"))
    await websocket.send_json({"a": "é"})
    await websocket.send_json([1], mode="bytes")
    assert peer.sent[1:] == [
        {"type": "websocket.send", "text": "hé"},
        {"type": "websocket.send", "bytes": b"\x00"},
        {"type": "websocket.send", "bytes": b"\x01"},
        {"type": "websocket.send", "text": '{"a":"é"}'},
        {"type": "websocket.send", "bytes": b"[1]"},
    ]


@pytest.mark.parametrize(
    ("method", "value", "message"),
    [
        ("send_text", b"x", "send_text takes str, not bytes: b'x'. See send_bytes and send_json."),
        ("send_text", None, "send_text takes str, not NoneType: None. See send_bytes and send_json."),
        (
            "send_bytes",
            "x",
            "send_bytes takes bytes or bytearray or memoryview, not str: 'x'. See send_text and send_json.",
        ),
    ],
)
async def test_wrong_type_is_refused(websocket: WebSocket[Any], method: str, value: Any, message: str) -> None:
    """What a method cannot send is refused, whatever the server would make of it."""
    await websocket.accept()
    with pytest.raises(TypeError) as caught:
        await getattr(websocket, method)(value)
    assert str(caught.value) == message


async def test_subclass_of_str_is_sent(peer: Any, websocket: WebSocket[Any]) -> None:
    """What is a text by inheritance is one."""
    await websocket.accept()
    await websocket.send_text(type("Text", (str,), {})("hi"))
    assert peer.sent[1:] == [{"type": "websocket.send", "text": "hi"}]


@pytest.mark.parametrize(
    ("method", "value"), [("send_text", "x"), ("send_bytes", b"x"), ("send", {"type": "websocket.send", "text": "x"})]
)
async def test_reason_that_sending_fails_for_is_told(peer: Any, method: str, value: Any) -> None:
    """A queue that gives a slow client up says so, and the handler is told that."""

    async def give_up(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise WebSocketDisconnect(1013, "slow")

    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, give_up)
    await websocket.accept()
    with pytest.raises(WebSocketDisconnect) as caught:
        await getattr(websocket, method)(value)
    assert (caught.value.code, caught.value.reason) == (1013, "slow")


async def test_reason_that_accepting_fails_for_is_told(peer: Any) -> None:
    """The same when it happens at the acceptance."""

    async def give_up(message: Any) -> None:
        raise WebSocketDisconnect(1013, "slow")

    with pytest.raises(WebSocketDisconnect) as caught:
        await WebSocket(peer.scope, peer.receive, give_up).accept()
    assert (caught.value.code, caught.value.reason) == (1013, "slow")


@pytest.mark.parametrize(("method", "value"), [("send_text", "x"), ("send_bytes", b"x"), ("send_json", 1)])
async def test_sending_before_the_acceptance_is_a_mistake(websocket: WebSocket[Any], method: str, value: Any) -> None:
    """Nothing can be sent before the connection is accepted; the message says so."""
    with pytest.raises(WebSocketStateError, match=r"Call accept\(\) first."):
        await getattr(websocket, method)(value)


async def test_sending_after_the_close_is_a_mistake(websocket: WebSocket[Any]) -> None:
    """Nothing can be sent after the handler's own close."""
    await websocket.accept()
    await websocket.close()
    with pytest.raises(WebSocketStateError, match="that the app has closed cannot send 'websocket.send'"):
        await websocket.send_text("more")


@pytest.mark.parametrize(("method", "value"), [("send_text", "x"), ("send_bytes", b"x")])
async def test_sending_to_a_client_that_has_left(peer: Any, websocket: WebSocket[Any], method: str, value: Any) -> None:
    """A server that cannot send any more means that the client has left, now and the next time."""
    await websocket.accept()
    peer.leave()
    for _ in range(2):
        with pytest.raises(WebSocketDisconnect) as caught:
            await getattr(websocket, method)(value)
        assert caught.value.code == CloseCode.ABNORMAL_CLOSURE
    assert websocket.phase is Phase.GONE


async def test_raw_messages_are_checked_too(peer: Any, websocket: WebSocket[Any]) -> None:
    """A raw ASGI message goes out if it may be sent now, and is refused otherwise."""
    await websocket.receive()
    await websocket.send({"type": "websocket.accept"})
    await websocket.send({"type": "websocket.send", "text": "hi"})
    with pytest.raises(WebSocketStateError, match="cannot send 'http.response.start'"):
        await websocket.send({"type": "http.response.start", "status": 200})
    assert peer.types == ["accept", "send"]


@pytest.mark.parametrize("message", ["hi", b"hi", {"text": "hi"}, ["hi"], 5], ids=repr)
async def test_what_is_no_raw_message_is_told(peer: Any, websocket: WebSocket[Any], message: Any) -> None:
    """Whoever sends a text or data by that method is told of the others; the connection goes on."""
    await websocket.accept()
    with pytest.raises(TypeError, match=r"takes an ASGI message such as .*Write send_text\(…\), send_bytes\(…\) or"):
        await websocket.send(message)
    await websocket.send_text("hi")
    assert peer.types == ["accept", "send"]


# Receiving


async def test_text_bytes_and_json_are_received(peer: Any, websocket: WebSocket[Any]) -> None:
    """Each kind of message is received by the method of its name, and JSON from both."""
    peer.say("hé", b"\x00", '{"a": 1}', b"[1]", "data", b"data")
    await websocket.accept()
    assert await websocket.receive_text() == "hé"
    assert await websocket.receive_bytes() == b"\x00"
    assert await websocket.receive_json() == {"a": 1}
    assert await websocket.receive_json() == [1]
    assert await websocket.receive_data() == "data"
    assert await websocket.receive_data() == b"data"


async def test_bytes_where_text_is_expected(peer: Any, websocket: WebSocket[Any]) -> None:
    """A binary message where text is expected is an error that closes with 1003 (RFC 6455 §7.4.1)."""
    peer.say(b"x")
    await websocket.accept()
    with pytest.raises(UnsupportedData, match="1003 Text was expected, and bytes came."):
        await websocket.receive_text()


async def test_text_where_bytes_are_expected(peer: Any, websocket: WebSocket[Any]) -> None:
    """A text message where bytes are expected is an error that closes with 1003 (RFC 6455 §7.4.1)."""
    peer.say("x")
    await websocket.accept()
    with pytest.raises(UnsupportedData, match="1003 Bytes were expected"):
        await websocket.receive_bytes()


@pytest.mark.parametrize("message", ["{", "NaN", b"\xff", ""])
async def test_message_that_is_no_json(peer: Any, websocket: WebSocket[Any], message: Any) -> None:
    """What is no JSON is an error that closes with 1007 (RFC 6455 §7.4.1)."""
    peer.say(message)
    await websocket.accept()
    with pytest.raises(InvalidPayload, match="1007 The message is not JSON."):
        await websocket.receive_json()


@pytest.mark.parametrize("message", ["x" * 101, "é" * 51, b"x" * 101])
@pytest.mark.parametrize("method", ["receive_data", "__anext__"])
async def test_message_over_the_limit(peer: Any, message: Any, method: str) -> None:
    """A message over the limit is an error that closes with 1009 (RFC 6455 §7.4.1)."""
    websocket = connect(peer, max_message_bytes=100)
    peer.say("é" * 50, message)
    await websocket.accept()
    assert await getattr(websocket, method)() == "é" * 50
    with pytest.raises(MessageTooBig, match="1009 .* 100 bytes"):
        await getattr(websocket, method)()


async def test_text_over_the_limit(peer: Any) -> None:
    """`receive_text` counts too."""
    websocket = connect(peer, max_message_bytes=100)
    peer.say("x" * 100, "x" * 101)
    await websocket.accept()
    assert await websocket.receive_text() == "x" * 100
    with pytest.raises(MessageTooBig):
        await websocket.receive_text()


@pytest.mark.parametrize("method", ["receive_text", "receive_bytes", "receive_data", "receive_json", "__anext__"])
async def test_receiving_before_the_acceptance_is_a_mistake(websocket: WebSocket[Any], method: str) -> None:
    """Nothing can be received before the connection is accepted: it would never come."""
    with pytest.raises(WebSocketStateError, match=r"cannot receive 'websocket.receive'.*Call accept\(\) first."):
        await getattr(websocket, method)()


@pytest.mark.parametrize("method", ["receive_text", "receive_bytes", "receive_data", "receive_json"])
async def test_client_that_leaves_is_told_once(peer: Any, websocket: WebSocket[Any], method: str) -> None:
    """The client's leaving is raised with its code; receiving again after that is a mistake."""
    await websocket.accept()
    peer.leave(4000, "bye")
    with pytest.raises(WebSocketDisconnect) as caught:
        await getattr(websocket, method)()
    assert (caught.value.code, caught.value.reason, websocket.close_code) == (4000, "bye", 4000)
    with pytest.raises(WebSocketStateError, match="that has ended cannot receive"):
        await getattr(websocket, method)()


async def test_raw_messages_can_be_received(peer: Any, websocket: WebSocket[Any]) -> None:
    """`receive` gives each ASGI message as it came, the disconnect included, and nothing after that."""
    peer.say("hi")
    await websocket.accept()
    peer.leave(1001)
    assert await websocket.receive() == {"type": "websocket.receive", "text": "hi"}
    assert (await websocket.receive())["type"] == "websocket.disconnect"
    with pytest.raises(WebSocketStateError):
        await websocket.receive()


async def test_message_under_way_during_the_close_is_let_go(peer: Any, websocket: WebSocket[Any]) -> None:
    """After its own close a handler that waits for the end is given that, and not what came before it."""
    peer.say("under way")
    await websocket.accept()
    await websocket.close()
    assert (await websocket.receive())["type"] == "websocket.disconnect"


@pytest.mark.parametrize("message", ["short", b"bytes"])
async def test_receiver_learns_of_a_close_by_another_task(
    peer: Any, websocket: WebSocket[Any], message: str | bytes
) -> None:
    """Whoever waits for a message while another task closes gets the end."""
    await websocket.accept()
    receiving = asyncio.ensure_future(websocket.receive_bytes())
    await asyncio.sleep(0)
    peer.say(message)
    await websocket.close(4000)
    with pytest.raises(WebSocketDisconnect) as caught:
        await receiving
    assert caught.value.code == 4000


# Iterating


async def test_iteration_gives_messages_until_the_client_leaves(peer: Any, websocket: WebSocket[Any]) -> None:
    """Iterating gives text and bytes as they come, and ends when the client leaves."""
    peer.say("one", b"two", "")
    await websocket.accept()
    peer.leave()
    assert [message async for message in websocket] == ["one", b"two", ""]
    assert [message async for message in websocket] == []


async def test_end_of_an_iteration_is_known_afterwards(peer: Any, websocket: WebSocket[Any]) -> None:
    """Whoever goes on after the loop is told how the client left when sending, and of a mistake when receiving."""
    await websocket.accept()
    peer.leave(4000, "bye")
    assert [message async for message in websocket] == []
    assert (websocket.phase, websocket.is_open, websocket.close_code) == (Phase.GONE, False, 4000)
    with pytest.raises(WebSocketDisconnect) as caught:
        await websocket.send_text("still there?")
    assert (caught.value.code, caught.value.reason) == (4000, "bye")
    with pytest.raises(WebSocketStateError, match="that has ended cannot receive"):
        await websocket.receive_text()


async def test_iteration_ends_with_the_own_close(peer: Any, websocket: WebSocket[Any]) -> None:
    """A handler that closes in the middle of its loop leaves the loop, whatever the client has sent since."""
    peer.say("one", "two", "three")
    await websocket.accept()
    seen = []
    async for message in websocket:
        seen.append(message)
        await websocket.close()
    assert seen == ["one"]


async def test_iteration_ends_when_another_task_closes(peer: Any, websocket: WebSocket[Any]) -> None:
    """A loop that waits for a message ends when another task closes."""
    await websocket.accept()

    async def loop() -> list[Any]:
        return [message async for message in websocket]

    looping = asyncio.ensure_future(loop())
    await asyncio.sleep(0)
    await websocket.close()
    assert await looping == []


async def test_iteration_by_kind(peer: Any, websocket: WebSocket[Any]) -> None:
    """Messages can be taken as text, bytes or JSON alone, one loop after the other."""
    peer.say("text", "stop", b"bytes", b"stop", "[1]")
    await websocket.accept()
    peer.leave()
    found: list[Any] = []
    async for text in websocket.iter_text():
        if text == "stop":
            break
        found.append(text)
    async for data in websocket.iter_bytes():
        if data == b"stop":
            break
        found.append(data)
    found += [value async for value in websocket.iter_json()]
    assert found == ["text", b"bytes", [1]]


async def test_iteration_by_kind_needs_an_open_connection(websocket: WebSocket[Any]) -> None:
    """Iterating before the acceptance is a mistake in each way."""
    with pytest.raises(WebSocketStateError, match="Call accept"):
        await anext(websocket.iter_text())


# The end


async def test_close_sends_code_and_reason(peer: Any, websocket: WebSocket[Any]) -> None:
    """Closing says why."""
    await websocket.accept()
    await websocket.close(CloseCode.GOING_AWAY, "see you")
    assert peer.sent[-1] == {"type": "websocket.close", "code": 1001, "reason": "see you"}
    assert type(peer.sent[-1]["code"]) is int


async def test_close_is_normal_unless_it_says_otherwise(peer: Any, websocket: WebSocket[Any]) -> None:
    """Without a code it is 1000."""
    await websocket.accept()
    await websocket.close()
    assert peer.close == (1000, "")


async def test_close_before_the_acceptance_denies(peer: Any, websocket: WebSocket[Any]) -> None:
    """Closing instead of accepting is how a server is told to answer 403 (ASGI spec, "Close")."""
    await websocket.close(1008)
    assert peer.types == ["close"]


async def test_closing_twice_does_nothing(peer: Any, websocket: WebSocket[Any]) -> None:
    """What has ended need not be closed again, whoever ended it."""
    await websocket.accept()
    await websocket.close(4000)
    await websocket.close(4001)
    assert peer.types == ["accept", "close"]


async def test_closing_what_the_client_has_left_does_nothing(peer: Any, websocket: WebSocket[Any]) -> None:
    """A client that is gone, known or not, makes closing no error."""
    await websocket.accept()
    peer.leave()
    await websocket.close()
    assert peer.types == ["accept"]
    assert websocket.phase is Phase.GONE


@pytest.mark.parametrize(("code", "reason"), [(1006, ""), (1000, "x" * 124)])
async def test_close_that_cannot_be_sent_is_refused(
    peer: Any, websocket: WebSocket[Any], code: int, reason: str
) -> None:
    """A code or reason that no close frame can hold is refused, and the connection stays open."""
    await websocket.accept()
    with pytest.raises(ValueError, match="cannot be closed|at most 123 bytes"):
        await websocket.close(code, reason)
    assert websocket.is_open


async def test_going_away_closes_for_the_handler(peer: Any, websocket: WebSocket[Any]) -> None:
    """A connection that is closed in the place of its handler is a disconnect for the handler, not a mistake."""
    await websocket.accept()
    await websocket.go_away(1001, "stopping")
    assert peer.close == (1001, "stopping")
    for act in (lambda: websocket.send_text("x"), websocket.receive_text, lambda: websocket.send(peer.sent[0])):
        with pytest.raises(WebSocketDisconnect) as caught:
            await act()
        assert (caught.value.code, caught.value.reason) == (1001, "stopping")


async def test_going_away_twice_closes_once(peer: Any, websocket: WebSocket[Any]) -> None:
    """Only an open connection can be closed in the place of its handler."""
    await websocket.go_away()
    assert peer.sent == []
    await websocket.accept()
    await websocket.go_away()
    await websocket.go_away()
    assert peer.types == ["accept", "close"]
    assert peer.close == (1001, "")


async def test_receive_can_be_wrapped(peer: Any, websocket: WebSocket[Any]) -> None:
    """Whoever wants to see every message that comes can stand before the server's receive."""
    seen = []

    def wrap(receive: Any) -> Any:
        async def receive_and_see() -> Any:
            message = await receive()
            seen.append(message["type"])
            return message

        return receive_and_see

    await websocket.accept()
    websocket.wrap_receive(wrap)
    peer.say("one")
    await websocket.receive_text()
    assert seen == ["websocket.receive"]


async def test_place_gives_the_json_codec(peer: Any) -> None:
    """JSON is written and read by what the place has, which is the app's codec."""

    class Place:
        app = route = None
        max_body_bytes = 0
        body_parsers: Mapping[str, Any] = MappingProxyType({})
        encode = staticmethod(lambda value: json.dumps({"wrapped": value}).encode())
        decode = staticmethod(lambda data: json.loads(data)["wrapped"])

    websocket: WebSocket[Any] = WebSocket(peer.scope, peer.receive, peer.send, Place())
    peer.say('{"wrapped": 2}')
    await websocket.accept()
    await websocket.send_json(1)
    assert peer.texts == ['{"wrapped": 1}']
    assert await websocket.receive_json() == 2


async def gather(messages: AsyncIterable[Any]) -> list[Any]:
    """Return all of *messages*."""
    return [message async for message in messages]


async def gather_one(receiving: Awaitable[Any]) -> list[Any]:
    """Return what comes, if anything does."""
    try:
        return [await receiving]
    except WebSocketDisconnect:
        return []


WAYS: Mapping[str, Callable[[WebSocket[Any]], Awaitable[list[Any]]]] = MappingProxyType(
    {
        "iterate": gather,
        "iter_text": lambda websocket: gather(websocket.iter_text()),
        "receive_text": lambda websocket: gather_one(websocket.receive_text()),
        "receive_data": lambda websocket: gather_one(websocket.receive_data()),
    }
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("last", [[], ["text"], [b"bytes"]])
async def test_who_waits_is_told_of_the_end_also_when_sending_knew_first(peer: Any, way: str, last: list[Any]) -> None:
    """Another task sends what all shall see to one who has vanished; what that one said before still comes."""
    websocket = connect(peer)
    await websocket.accept()
    waiting: asyncio.Future[list[Any]] = asyncio.ensure_future(WAYS[way](websocket))
    await asyncio.sleep(0)
    peer.has_left = True
    with pytest.raises(WebSocketDisconnect):
        await websocket.send_text("news")
    peer.say(*last)
    peer.leave(1006)
    is_other_kind = way.endswith("text") and last == [b"bytes"]
    with pytest.raises(UnsupportedData) if is_other_kind else nullcontext():
        assert await waiting == last


async def test_end_that_sending_knew_first_is_told_once(peer: Any) -> None:
    """Who asks for raw messages gets the last one too, and none after it."""
    websocket = connect(peer)
    await websocket.accept()
    waiting = asyncio.create_task(websocket.receive())
    await asyncio.sleep(0)
    peer.has_left = True
    with pytest.raises(WebSocketDisconnect):
        await websocket.send_text("news")
    peer.leave(1006)
    assert (await waiting)["type"] == "websocket.disconnect"
    with pytest.raises(WebSocketStateError):
        await websocket.receive()
