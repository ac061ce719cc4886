"""What has been said on one WebSocket."""

from yaat_testclient.websocket_exchange import (
    UNREAD_BYTES,
    Accepted,
    Closed,
    Refused,
    WebSocketExchange,
)

CONNECT = {"type": "websocket.connect"}
ACCEPT = {"type": "websocket.accept"}
SEND = {"type": "websocket.send", "text": "a"}


def opened() -> WebSocketExchange:
    """A connection that is open."""
    exchange = WebSocketExchange()
    exchange.next_given()
    exchange.apply_sent(ACCEPT)
    return exchange


def test_the_handshake_comes_first() -> None:
    """Nothing else is given before the app has answered."""
    exchange = WebSocketExchange()
    assert exchange.next_given() == CONNECT
    assert exchange.next_given() is None
    assert not exchange.is_open
    assert "neither accepted nor refused" in exchange.describe_next()


def test_an_accept_opens_the_connection() -> None:
    """It may choose a subprotocol and add headers."""
    exchange = WebSocketExchange()
    exchange.apply_sent({**ACCEPT, "subprotocol": "chat", "headers": [(b"x-a", b"1")]})
    assert exchange.answer == Accepted("chat", [(b"x-a", b"1")])
    assert exchange.is_open
    assert exchange.describe_next() == "the test has sent nothing that was not received"


def test_messages_go_both_ways() -> None:
    """Text stays text and bytes stay bytes."""
    exchange = opened()
    exchange.say("a")
    exchange.say(b"b")
    assert exchange.next_given() == {"type": "websocket.receive", "text": "a"}
    assert exchange.next_given() == {"type": "websocket.receive", "bytes": b"b"}
    exchange.apply_sent(SEND)
    exchange.apply_sent({"type": "websocket.send", "bytes": b"b", "text": None})
    assert [exchange.next_sent(), exchange.next_sent(), exchange.next_sent()] == ["a", b"b", None]


def test_an_app_that_floods_its_client_has_to_wait() -> None:
    """As on a server, there is room for some messages and no more, even for empty ones."""
    exchange = opened()
    nothing = {"type": "websocket.send", "text": ""}
    for _ in range(UNREAD_BYTES):
        assert not exchange.holds_back(nothing)
        exchange.apply_sent(nothing)
    assert exchange.holds_back(nothing)
    assert not exchange.holds_back({"type": "websocket.close"})
    exchange.next_sent()
    assert not exchange.holds_back(nothing)


def test_a_close_before_the_accept_is_a_403() -> None:
    """So the specification wants it (ASGI, "Close")."""
    exchange = WebSocketExchange()
    exchange.next_given()
    exchange.apply_sent({"type": "websocket.close", "code": 4001, "reason": "no token"})
    assert exchange.answer == Refused(403, [], b"", 4001, "no token")
    assert exchange.next_given() == {"type": "websocket.disconnect", "code": 1006, "reason": ""}


def test_a_denial_is_complete_with_its_body() -> None:
    """The body may come in parts (ASGI, "Websocket Denial Response")."""
    exchange = WebSocketExchange()
    start = {"type": "websocket.http.response.start", "status": 401, "headers": [(b"x-a", b"1")]}
    exchange.apply_sent(start)
    exchange.apply_sent({"type": "websocket.http.response.body", "body": b"n", "more_body": True})
    assert exchange.answer is None
    exchange.apply_sent({"type": "websocket.http.response.body", "body": b"o"})
    assert exchange.answer == Refused(401, [(b"x-a", b"1")], b"no")


def test_a_close_of_the_app_comes_after_its_messages() -> None:
    """What was sent before the close can still be read."""
    exchange = opened()
    assert not exchange.has_message()
    exchange.apply_sent(SEND)
    exchange.apply_sent({"type": "websocket.close", "code": 1001, "reason": None})
    assert exchange.has_message()
    assert exchange.next_sent() == "a"
    assert exchange.has_message()
    assert exchange.closed == Closed(1001, "")
    assert not exchange.is_open


def test_the_app_receives_the_disconnect_of_its_own_close() -> None:
    """ "Sent … when either connection to the client is lost" (ASGI, "Disconnect")."""
    exchange = opened()
    exchange.say("unread")
    exchange.apply_sent({"type": "websocket.close"})
    exchange.apply_sent({"type": "websocket.close", "code": 1011})
    exchange.leave(1006, "")
    assert exchange.next_given() == {"type": "websocket.disconnect", "code": 1000, "reason": ""}


def test_a_close_of_the_client_comes_after_its_messages() -> None:
    """What it said before still reaches the app; then the app notices."""
    exchange = opened()
    exchange.say("a")
    exchange.leave(1000, "done")
    assert exchange.next_given() == {"type": "websocket.receive", "text": "a"}
    assert not exchange.has_noticed
    assert exchange.next_given() == {"type": "websocket.disconnect", "code": 1000, "reason": "done"}
    assert exchange.has_noticed


def test_what_comes_too_early_is_lost() -> None:
    """Without a referee a client is as patient as a server."""
    exchange = WebSocketExchange()
    exchange.apply_sent(SEND)
    exchange.apply_sent({})
    assert exchange.answer is None
    assert not exchange.has_message()


def test_what_comes_too_late_is_lost() -> None:
    """Without a referee a client is as patient as a server."""
    exchange = WebSocketExchange()
    exchange.apply_sent(ACCEPT)
    exchange.apply_sent({**ACCEPT, "subprotocol": "late"})
    exchange.apply_sent({"type": "websocket.http.response.start", "status": 401})
    exchange.apply_sent({"type": "websocket.http.response.body"})
    assert exchange.answer == Accepted(None, [])
    assert not exchange.has_message()


def test_a_refusal_in_the_place_of_the_app_has_a_text() -> None:
    """It is what servers answer when an app fails in the handshake."""
    exchange = WebSocketExchange()
    refused = exchange.refuse(500, "Oops")
    assert exchange.answer is refused
    assert (refused.status, refused.body) == (500, b"Oops")
