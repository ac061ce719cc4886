"""ASGI HTTP & WebSocket message format 2.5, "WebSocket"."""

from typing import Any

import pytest

from yaat_testclient import ASGIViolation

CONNECT = ("<", "websocket.connect")
ACCEPT = (">", "websocket.accept")
LEFT = ("<", {"type": "websocket.disconnect", "code": 1005})
SEND = {"type": "websocket.send", "text": "a"}
RECEIVE = {"type": "websocket.receive", "text": "a"}
DENY = {"type": "websocket.http.response.start", "status": 401, "headers": []}
DENY_BODY = {"type": "websocket.http.response.body", "body": b"no"}
OFFERED: dict[str, Any] = {"websocket.http.response": {}}


@pytest.mark.parametrize(
    "messages",
    [
        [CONNECT, ACCEPT, ("<", RECEIVE), (">", SEND), (">", "websocket.close"), LEFT],
        [CONNECT, ACCEPT, LEFT, (">", SEND)],
        [CONNECT, ACCEPT],
        [CONNECT, (">", "websocket.close")],
        [ACCEPT, CONNECT, ("<", RECEIVE)],
        [CONNECT, (">", DENY), (">", {**DENY_BODY, "more_body": True}), (">", DENY_BODY)],
        [CONNECT, LEFT],
    ],
    ids=["talk", "left", "accepted only", "closed before", "answered unread", "denied", "left before"],
)
def test_a_right_conversation_passes(play: Any, messages: list[Any]) -> None:
    """Connect, accept, talk, end; or a refusal."""
    play("websocket", *messages, returns=True, extensions=OFFERED)


@pytest.mark.parametrize(
    ("messages", "what"),
    [
        ([CONNECT, CONNECT], "out of turn: websocket.connect has been given"),
        ([CONNECT, (">", SEND)], "out of turn: the connection has been neither accepted nor refused"),
        ([CONNECT, ACCEPT, ACCEPT], "out of turn: the connection is open"),
        ([CONNECT, ACCEPT, (">", DENY)], "out of turn: the connection is open"),
        ([CONNECT, ACCEPT, (">", "websocket.close"), (">", SEND)], "out of turn: the app has closed"),
        ([CONNECT, (">", DENY), ACCEPT], "out of turn: the connection is being refused"),
        ([CONNECT, ("<", RECEIVE)], "out of turn: the connection has been neither accepted"),
        ([CONNECT, (">", DENY_BODY)], "out of turn: the connection has been neither accepted"),
    ],
    ids=str,
)
def test_a_message_out_of_turn_is_a_violation(play: Any, messages: list[Any], what: str) -> None:
    """Connect "must be responded to" before anything else."""
    with pytest.raises(ASGIViolation, match=what):
        play("websocket", *messages, extensions=OFFERED)


@pytest.mark.parametrize("messages", [[], [CONNECT], [CONNECT, (">", DENY)]], ids=str)
def test_an_app_must_answer_the_handshake(play: Any, messages: list[Any]) -> None:
    """Connect is responded to with an accept, a close or a whole response."""
    with pytest.raises(ASGIViolation, match="returned too early"):
        play("websocket", *messages, returns=True, extensions=OFFERED)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({}, "neither bytes nor text carried data"),
        ({"text": None, "bytes": None}, "neither bytes nor text carried data"),
        ({"text": "a", "bytes": b"a"}, "bytes and text carried data; exactly one must"),
        ({"text": b"a"}, "its 'text' is b'a'; it must be a str or None"),
        ({"bytes": "a"}, "its 'bytes' is 'a'; it must be bytes or None"),
    ],
    ids=str,
)
def test_exactly_one_of_text_and_bytes_is_sent(play: Any, data: dict[str, Any], what: str) -> None:
    """ "Exactly one of bytes or text must be non-None" ("Send")."""
    with pytest.raises(ASGIViolation, match=what):
        play("websocket", CONNECT, ACCEPT, (">", {"type": "websocket.send", **data}))


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ({"code": 1006}, "its 'code' is 1006; it must be a close code one may send"),
        ({"code": "1000"}, "its 'code' is '1000'"),
        ({"reason": "x" * 124}, "at most 123 bytes"),
    ],
    ids=str,
)
def test_a_close_must_fit_a_close_frame(play: Any, end: dict[str, Any], what: str) -> None:
    """Some codes are never sent, and a reason is short (RFC 6455 §7.4, §5.5)."""
    with pytest.raises(ASGIViolation, match=what):
        play("websocket", CONNECT, ACCEPT, (">", {"type": "websocket.close", **end}))


def test_the_subprotocol_must_be_one_that_was_offered(play: Any) -> None:
    """Browsers fail the connection otherwise (RFC 6455 §4.1)."""
    accept = {"type": "websocket.accept", "subprotocol": "soap"}
    with pytest.raises(ASGIViolation, match=r"'soap', and the client offered \['chat'\]"):
        play("websocket", CONNECT, (">", accept))


def test_the_subprotocol_has_a_key_of_its_own(play: Any) -> None:
    """A header for it is forbidden ("Accept")."""
    accept = {"type": "websocket.accept", "headers": [(b"sec-websocket-protocol", b"chat")]}
    with pytest.raises(ASGIViolation, match="a header named b'sec-websocket-protocol'"):
        play("websocket", CONNECT, (">", accept))


def test_an_offered_subprotocol_may_be_chosen(play: Any) -> None:
    """The choice and other headers travel in the accept ("Accept")."""
    accept = {"type": "websocket.accept", "subprotocol": "chat", "headers": [(b"x-a", b"1")]}
    play("websocket", CONNECT, (">", accept), returns=True)


def test_a_denial_must_have_been_offered(play: Any) -> None:
    """A response instead of a close is an extension ("Websocket Denial Response")."""
    with pytest.raises(ASGIViolation, match=r"needs the extension 'websocket\.http\.response'"):
        play("websocket", CONNECT, (">", DENY))
