"""ASGI lifespan protocol 2.0."""

from typing import Any

import pytest

from yaat_testclient import ASGIViolation

STARTUP = ("<", "lifespan.startup")
STARTED = (">", "lifespan.startup.complete")
SHUTDOWN = ("<", "lifespan.shutdown")
STOPPED = (">", "lifespan.shutdown.complete")


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [STARTUP, STARTED, SHUTDOWN, STOPPED],
        [STARTUP, STARTED],
        [STARTUP, (">", {"type": "lifespan.startup.failed", "message": "no database"})],
        [STARTUP, STARTED, SHUTDOWN, (">", "lifespan.shutdown.failed")],
    ],
    ids=["not supported", "whole", "ended early", "failed to start", "failed to stop"],
)
def test_a_right_life_passes(play: Any, messages: list[Any]) -> None:
    """Each stage is answered once, with success or failure."""
    play("lifespan", *messages, returns=True)


@pytest.mark.parametrize(
    ("messages", "what"),
    [
        ([STARTED], "out of turn: lifespan.startup has not been received"),
        ([STARTUP, STOPPED], "out of turn: the app has not answered lifespan.startup"),
        ([STARTUP, STARTED, STARTED], "out of turn: the app is running"),
        ([STARTUP, STARTED, STOPPED], "out of turn: the app is running"),
        ([STARTUP, SHUTDOWN], "out of turn: the app has not answered lifespan.startup"),
        ([STARTUP, (">", "http.response.start")], "which is no message of this connection"),
    ],
    ids=str,
)
def test_a_message_out_of_turn_is_a_violation(play: Any, messages: list[Any], what: str) -> None:
    """Complete and failed answer a message, so they come after it."""
    with pytest.raises(ASGIViolation, match=what):
        play("lifespan", *messages)


@pytest.mark.parametrize("messages", [[STARTUP], [STARTUP, STARTED, SHUTDOWN]], ids=["startup", "shutdown"])
def test_each_stage_is_answered(play: Any, messages: list[Any]) -> None:
    """A server waits for the answer."""
    with pytest.raises(ASGIViolation, match="returned too early: the app has not answered"):
        play("lifespan", *messages, returns=True)


def test_the_message_of_a_failure_is_text(play: Any) -> None:
    """The server prints it ("Startup Failed")."""
    failed = {"type": "lifespan.startup.failed", "message": ValueError("no")}
    with pytest.raises(ASGIViolation, match="its 'message' is ValueError"):
        play("lifespan", STARTUP, (">", failed))
