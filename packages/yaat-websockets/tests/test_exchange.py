"""The exchange: what messages do to a connection, and what it says of its end."""

from types import SimpleNamespace
from typing import Any

import pytest

from yaat_websockets import exchange
from yaat_websockets.exceptions import WebSocketDisconnect, WebSocketStateError
from yaat_websockets.phase import LAST_BODY, RECEIVABLE, SENDABLE, Phase


def stand(phase: Phase = Phase.OPEN, **values: Any) -> Any:
    """Return a connection that has come as far as *phase*."""
    return SimpleNamespace(**{"phase": phase, "own_code": None, "end": None, "is_end_told": False, **values})


def message_of(event: str) -> dict[str, Any]:
    """Return a message that the tables call *event*."""
    return {"type": event.partition(" ")[0], "more_body": event != LAST_BODY}


@pytest.mark.parametrize(
    ("phase", "event", "leads_to"),
    [(phase, event, leads_to) for phase, row in SENDABLE.items() for event, leads_to in row.items()],
)
def test_sending_takes_the_step_of_the_table(phase: Phase, event: str, leads_to: Phase) -> None:
    """What may be sent takes the connection where the table says."""
    standing = stand(phase)
    exchange.note_sending(standing, message_of(event))
    assert standing.phase is leads_to


@pytest.mark.parametrize(
    ("phase", "event", "leads_to"),
    [(phase, event, leads_to) for phase, row in RECEIVABLE.items() for event, leads_to in row.items()],
)
def test_receiving_takes_the_step_of_the_table(phase: Phase, event: str, leads_to: Phase) -> None:
    """What may be received takes the connection where the table says, and is for the handler."""
    standing = stand(phase)
    assert exchange.note_receiving(standing, {"type": event})
    assert standing.phase is leads_to


@pytest.mark.parametrize("phase", Phase)
def test_sending_anything_else_is_refused(phase: Phase) -> None:
    """What the table does not have is refused, and changes nothing."""
    standing = stand(phase)
    with pytest.raises(WebSocketStateError, match="cannot send 'websocket.other'"):
        exchange.note_sending(standing, {"type": "websocket.other"})
    assert standing.phase is phase


@pytest.mark.parametrize("phase", Phase)
def test_receiving_anything_else_is_refused(phase: Phase) -> None:
    """What a server should not have given is refused, and changes nothing."""
    standing = stand(phase)
    with pytest.raises(WebSocketStateError, match="cannot receive 'websocket.other'"):
        exchange.note_receiving(standing, {"type": "websocket.other"})
    assert standing.phase is phase


def test_message_under_way_when_the_app_closed_is_for_nobody() -> None:
    """What the client had sent before it knew of the close is let go (RFC 6455 §1.4)."""
    standing = stand(Phase.CLOSED)
    assert not exchange.note_receiving(standing, {"type": "websocket.receive", "text": "late"})
    assert standing.phase is Phase.CLOSED


def test_close_of_the_app_is_kept() -> None:
    """The code that the app closes with stays, whatever the server says afterwards."""
    standing = stand()
    exchange.note_sending(standing, {"type": "websocket.close", "code": 4001})
    exchange.note_receiving(standing, {"type": "websocket.disconnect", "code": 1006})
    assert exchange.read_close_code(standing) == 4001


def test_close_without_a_code_is_a_normal_one() -> None:
    """A raw close message without a code closes with 1000 (ASGI spec, "Close")."""
    standing = stand()
    exchange.note_sending(standing, {"type": "websocket.close"})
    assert exchange.read_close_code(standing) == 1000


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        ({"code": 1001, "reason": "bye"}, 1001, "bye"),
        ({"code": 1001, "reason": None}, 1001, ""),
        ({}, 1005, ""),
    ],
    ids=str,
)
def test_disconnect_says_how_the_client_left(message: dict[str, Any], code: int, reason: str) -> None:
    """Code and reason come from the server; without a code it is 1005 (ASGI spec, "Disconnect")."""
    standing = stand()
    exchange.note_receiving(standing, {"type": "websocket.disconnect", **message})
    error = exchange.make_disconnect(standing)
    assert (error.code, error.reason, exchange.read_close_code(standing)) == (code, reason, code)


def test_first_end_counts() -> None:
    """A connection that was closed in the place of its handler ended with that code, whatever comes after it."""
    standing = stand()
    exchange.note_end(standing, 1001, "stopping")
    exchange.note_receiving(standing, {"type": "websocket.disconnect", "code": 1006})
    error = exchange.make_disconnect(standing)
    assert (error.code, error.reason) == (1001, "stopping")


def test_failed_farewell_changes_nothing() -> None:
    """When even the close cannot be sent, the end is still the one that it was to tell of."""
    standing = stand(Phase.CLOSED, own_code=1001, end={"code": 1001, "reason": "stopping"})
    error = exchange.note_left(standing, OSError("gone"))
    assert isinstance(error, WebSocketDisconnect)
    assert (error.code, error.reason, exchange.read_close_code(standing)) == (1001, "stopping", 1001)


def test_failed_sending_means_that_the_client_is_gone() -> None:
    """A server whose send fails has lost the client: that is 1006 (RFC 6455 §7.1.5)."""
    standing = stand()
    error = exchange.note_left(standing, OSError("gone"))
    assert isinstance(error, WebSocketDisconnect)
    assert (error.code, error.reason, standing.phase) == (1006, "", Phase.GONE)
    assert exchange.read_close_code(standing) == 1006


def test_disconnect_after_the_own_close_has_its_code() -> None:
    """Where nobody else has ended the connection, the end is that of the app, and gives no reason."""
    error = exchange.make_disconnect(stand(Phase.CLOSED, own_code=4000))
    assert (error.code, error.reason) == (4000, "")


def test_failed_sending_keeps_a_reason_that_is_known() -> None:
    """Where sending failed because the connection was given up, that reason is told."""
    error = exchange.note_left(stand(), WebSocketDisconnect(1013, "slow"))
    assert isinstance(error, WebSocketDisconnect)
    assert (error.code, error.reason) == (1013, "slow")


def test_sending_after_an_end_tells_of_the_end() -> None:
    """Sending to a client that has left is no mistake: it tells how it left, as often as it is tried."""
    standing = stand(Phase.GONE, end={"code": 1001, "reason": "bye"}, is_end_told=True)
    for error in (exchange.refuse_sending(standing), exchange.refuse_sending(standing)):
        assert isinstance(error, WebSocketDisconnect)
        assert error.code == 1001
    with pytest.raises(WebSocketDisconnect):
        exchange.note_sending(standing, {"type": "websocket.send", "text": ""})


def test_sending_after_the_own_close_is_a_mistake() -> None:
    """Sending on a connection that the handler itself has closed is a mistake, and says so."""
    error = exchange.refuse_sending(stand(Phase.CLOSED, own_code=1000))
    assert isinstance(error, WebSocketStateError)
    assert "that the app has closed cannot send 'websocket.send'" in str(error)


def test_sending_after_the_own_close_stays_a_mistake() -> None:
    """That the client has confirmed the close does not turn it into a client that has left."""
    standing = stand(Phase.CLOSED, own_code=1000)
    exchange.note_receiving(standing, {"type": "websocket.disconnect", "code": 1000})
    assert isinstance(exchange.refuse_sending(standing), WebSocketStateError)


def test_close_can_follow_an_end_from_elsewhere() -> None:
    """Whoever ends a connection in the place of its handler still has to send the close."""
    standing = stand(end={"code": 1001, "reason": ""})
    exchange.note_sending(standing, {"type": "websocket.close", "code": 1001})
    assert standing.phase is Phase.CLOSED


def test_receiver_is_told_of_an_end_once() -> None:
    """A loop that ignores the end gets an error the second time, or it would never let anything else run."""
    standing = stand(Phase.GONE, end={"code": 1006, "reason": ""})
    assert isinstance(exchange.refuse_receiving(standing), WebSocketDisconnect)
    assert isinstance(exchange.refuse_receiving(standing), WebSocketStateError)


def test_disconnect_message_is_that_telling() -> None:
    """Whoever has received the disconnect knows of it."""
    standing = stand()
    exchange.note_receiving(standing, {"type": "websocket.disconnect", "code": 1000})
    assert isinstance(exchange.refuse_receiving(standing), WebSocketStateError)


@pytest.mark.parametrize("phase", Phase)
def test_end_and_answer_are_read_from_the_phase(phase: Phase) -> None:
    """A connection has ended when somebody has closed it, and is answered from the acceptance or denial on."""
    standing = stand(phase)
    assert exchange.has_ended(standing) == (phase in (Phase.CLOSED, Phase.GONE))
    assert exchange.is_answered(standing) == (phase not in (Phase.NEW, Phase.CONNECTING))
