"""The two tables: which messages may be sent and received, and where each leads."""

from typing import Any

import pytest

from yaat_websockets.phase import (
    LAST_BODY,
    RECEIVABLE,
    SENDABLE,
    Phase,
    explain_receiving,
    explain_sending,
    name_event,
)

SENT = ["websocket.accept", "websocket.close", "websocket.send", "websocket.http.response.start", LAST_BODY]
RECEIVED = ["websocket.connect", "websocket.receive", "websocket.disconnect"]


@pytest.mark.parametrize("table", [SENDABLE, RECEIVABLE], ids=["sendable", "receivable"])
def test_table_says_something_of_every_phase(table: Any) -> None:
    """No phase is forgotten in either table."""
    assert set(table) == set(Phase)


@pytest.mark.parametrize(
    ("phase", "allowed"),
    [
        (Phase.NEW, set()),
        (Phase.CONNECTING, {"websocket.accept", "websocket.close", "websocket.http.response.start"}),
        (Phase.DENYING, {"websocket.http.response.body", LAST_BODY}),
        (Phase.OPEN, {"websocket.send", "websocket.close"}),
        (Phase.CLOSED, set()),
        (Phase.GONE, set()),
    ],
)
def test_phase_says_what_can_be_sent(phase: Phase, allowed: set[str]) -> None:
    """What the app may send is what the ASGI specification lets it send at that point."""
    assert set(SENDABLE[phase]) == allowed


@pytest.mark.parametrize(
    ("phase", "allowed"),
    [
        (Phase.NEW, {"websocket.connect", "websocket.disconnect"}),
        (Phase.CONNECTING, {"websocket.disconnect"}),
        (Phase.DENYING, {"websocket.disconnect"}),
        (Phase.OPEN, {"websocket.receive", "websocket.disconnect"}),
        (Phase.CLOSED, {"websocket.disconnect"}),
        (Phase.GONE, set()),
    ],
)
def test_phase_says_what_can_be_received(phase: Phase, allowed: set[str]) -> None:
    """What the app may be given is what the ASGI specification lets a server give at that point."""
    assert set(RECEIVABLE[phase]) == allowed


def test_every_way_ends() -> None:
    """From every phase on, the connection can come to an end, and nothing leads out of the end again."""
    final = {Phase.CLOSED, Phase.GONE}
    for phase in set(Phase) - final:
        reachable, seen = {phase}, set[Phase]()
        while reachable - seen:
            one = (reachable - seen).pop()
            seen.add(one)
            reachable |= {*SENDABLE[one].values(), *RECEIVABLE[one].values()}
        assert final & seen
    assert {*SENDABLE[Phase.CLOSED].values(), *RECEIVABLE[Phase.CLOSED].values()} <= final


def test_last_part_of_a_denial_is_told_apart() -> None:
    """The last part of a denial ends the connection; the parts before it do not."""
    kind = "websocket.http.response.body"
    assert name_event({"type": kind}) == LAST_BODY
    assert name_event({"type": kind, "more_body": False}) == LAST_BODY
    assert name_event({"type": kind, "more_body": True}) == kind


def test_other_messages_are_called_by_their_type() -> None:
    """Any other message is called what ASGI calls it."""
    assert name_event({"type": "websocket.send", "text": ""}) == "websocket.send"


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("event", SENT)
def test_explanation_of_sending_names_phase_event_and_choices(phase: Phase, event: str) -> None:
    """The message about what cannot be sent names the phase, the message, and what can be sent instead."""
    text = explain_sending(phase, event)
    assert phase.value in text
    assert f"cannot send {event!r}" in text
    assert all(choice in text for choice in SENDABLE[phase] or ["nothing"])


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("event", RECEIVED)
def test_explanation_of_receiving_names_phase_event_and_choices(phase: Phase, event: str) -> None:
    """The message about what cannot be received names the phase, the message, and what can come instead."""
    text = explain_receiving(phase, event)
    assert phase.value in text
    assert f"cannot receive {event!r}" in text
    assert all(choice in text for choice in RECEIVABLE[phase] or ["nothing"])


@pytest.mark.parametrize("phase", [Phase.NEW, Phase.CONNECTING])
def test_explanation_before_the_acceptance_says_to_accept(phase: Phase) -> None:
    """Whoever talks before accepting is told to accept first."""
    assert explain_sending(phase, "websocket.send").endswith("Call accept() first.")


def test_explanation_is_one_line() -> None:
    """It says what happened and what is possible, and of accepting only where that helps."""
    assert explain_sending(Phase.OPEN, "websocket.accept") == (
        "A WebSocket that is open cannot send 'websocket.accept'. It can send: websocket.send, websocket.close."
    )
    assert explain_receiving(Phase.GONE, "websocket.receive") == (
        "A WebSocket that has ended cannot receive 'websocket.receive'. It can receive: nothing."
    )
