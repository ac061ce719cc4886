"""Who may say what when."""

import pytest

from yaat_testclient.shapes import GIVEN, SENT
from yaat_testclient.turns import FINAL, PROTOCOLS, State, Turns, name_event


def test_a_message_in_turn_leads_on() -> None:
    """The start of a response leads to its body."""
    turns = Turns(PROTOCOLS["http"][0])
    assert turns.take("sent http.response.start")
    assert turns.state is State.STREAMING


def test_a_message_out_of_turn_changes_nothing() -> None:
    """A body before the start is refused, and the start is still due."""
    turns = Turns(PROTOCOLS["http"][0])
    assert not turns.take("sent http.response.body")
    assert turns.state is State.NO_RESPONSE


def test_an_event_of_another_machine_passes() -> None:
    """The response does not care for the request body."""
    turns = Turns(PROTOCOLS["http"][0])
    assert turns.take("given http.request")
    assert turns.state is State.NO_RESPONSE


def test_what_is_sent_after_the_client_has_left_is_no_mistake() -> None:
    """An app may not know yet that nobody listens any more."""
    turns = Turns(PROTOCOLS["websocket"][0])
    turns.take("given websocket.disconnect")
    assert turns.take("sent websocket.send")


def test_nothing_but_the_disconnect_is_given_after_it() -> None:
    """A client that has left says nothing more."""
    turns = Turns(PROTOCOLS["websocket"][0])
    turns.take("given websocket.disconnect")
    assert not turns.take("given websocket.receive")


def test_what_is_allowed_is_told_by_direction() -> None:
    """In an open WebSocket each side has its messages."""
    turns = Turns(PROTOCOLS["websocket"][0])
    turns.take("sent websocket.accept")
    assert turns.find_allowed("sent") == ["websocket.close", "websocket.send"]
    assert turns.find_allowed("given") == ["websocket.disconnect", "websocket.receive"]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"type": "a"}, "sent a"),
        ({"type": "a", "more_body": False}, "sent a"),
        ({"type": "a", "more_body": True}, "sent a, more"),
        ({"type": "a", "more_trailers": True}, "sent a, more"),
        ({"type": "a", "trailers": True}, "sent a, trailers"),
    ],
)
def test_an_event_is_named_after_what_it_leads_to(message: dict[str, object], name: str) -> None:
    """A message that announces more is another event than the last one."""
    assert name_event("sent", message) == name


def test_every_message_has_its_place_in_a_machine() -> None:
    """No message of the specification is forgotten in the tables."""
    for protocol, machines in PROTOCOLS.items():
        events = {event.partition(",")[0] for machine in machines for event in machine.events}
        given = {f"given {name}" for name in GIVEN[protocol]}
        assert events == given | {f"sent {name}" for name in SENT[protocol]}


def test_every_state_that_is_led_to_has_a_row() -> None:
    """No event leads out of its table."""
    for machines in PROTOCOLS.values():
        for machine in machines:
            reached = {state for row in machine.table.values() for state in row.values()}
            assert reached <= set(machine.table)


def test_a_state_that_is_not_final_says_what_is_due() -> None:
    """An app that returns too early can be told what to send, or to receive first."""
    for machines in PROTOCOLS.values():
        for machine in machines:
            for state in set(machine.table) - FINAL:
                assert machine.table[state]
