"""The answer to an opening: the message that accepts, and the messages of a denial."""

from typing import Any

import pytest

from yaat.headers import InvalidHeader
from yaat_websockets.opening import can_deny, make_accept, make_denial_receive, make_denial_send

SCOPE: dict[str, Any] = {"type": "websocket", "subprotocols": ["chat.v2", "chat.v1"]}


def test_plain_acceptance_says_nothing_more() -> None:
    """Without subprotocol and headers the message is as short as it can be."""
    assert make_accept(SCOPE, None, ()) == {"type": "websocket.accept"}


def test_subprotocol_that_is_offered_is_accepted() -> None:
    """A subprotocol that the client offers is sent with the acceptance."""
    assert make_accept(SCOPE, "chat.v1", ())["subprotocol"] == "chat.v1"


def test_subprotocol_that_is_not_offered_is_refused() -> None:
    """A subprotocol that the client did not offer would make it fail the connection (RFC 6455 §4.1)."""
    with pytest.raises(ValueError, match=r"does not offer .*'mqtt'. It offers: 'chat.v2', 'chat.v1'."):
        make_accept(SCOPE, "mqtt", ())


@pytest.mark.parametrize("scope", [{"type": "websocket"}, {"type": "websocket", "subprotocols": None}], ids=str)
def test_client_that_offers_nothing_gets_nothing(scope: dict[str, Any]) -> None:
    """Where the server tells of no subprotocols, none can be accepted."""
    with pytest.raises(ValueError, match="It offers: none."):
        make_accept(scope, "chat.v1", ())


@pytest.mark.parametrize("headers", [{"X-Room": "7"}, [("X-Room", "7")]], ids=["mapping", "pairs"])
def test_headers_are_sent_as_bytes(headers: Any) -> None:
    """Headers are given as a mapping or as pairs, and sent as ASGI wants them: lower-case names, bytes."""
    assert make_accept(SCOPE, None, headers)["headers"] == [(b"x-room", b"7")]


def test_header_that_breaks_the_response_is_refused() -> None:
    """A header with a line break is refused (RFC 9110 §5.5)."""
    with pytest.raises(InvalidHeader):
        make_accept(SCOPE, None, {"x-room": "7\r\nset-cookie: a=b"})


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"extensions": {"websocket.http.response": {}}}, True),
        ({"extensions": {"other": {}}}, False),
        ({"extensions": None}, False),
        ({}, False),
    ],
    ids=str,
)
def test_server_says_whether_it_can_deny(scope: dict[str, Any], expected: bool) -> None:
    """A denial needs the ASGI extension for it."""
    assert can_deny(scope) is expected


async def test_messages_of_a_response_get_the_names_of_a_denial() -> None:
    """A response sends its usual messages; they become those of the extension, and keep all they say."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await make_denial_send(send)({"type": "http.response.start", "status": 401, "headers": []})
    await make_denial_send(send)({"type": "http.response.body", "body": b"no", "more_body": True})
    assert sent == [
        {"type": "websocket.http.response.start", "status": 401, "headers": []},
        {"type": "websocket.http.response.body", "body": b"no", "more_body": True},
    ]


async def test_client_that_leaves_during_a_denial_is_told_in_http() -> None:
    """A response that streams learns of the client's leaving as in HTTP."""

    async def receive() -> Any:
        return {"type": "websocket.disconnect", "code": 1006}

    assert await make_denial_receive(receive)() == {"type": "http.disconnect"}
