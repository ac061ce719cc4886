"""What a WebSocket raises: each class with the code it closes with, and the status it denies with."""

from typing import Any

import pytest

from yaat.exceptions import ClientDisconnect, HTTPException
from yaat_websockets.exceptions import (
    InvalidPayload,
    MessageTooBig,
    SilentClient,
    SlowConsumer,
    UnsupportedData,
    WebSocketDisconnect,
    WebSocketException,
    WebSocketStateError,
)


def test_disconnect_says_code_and_reason() -> None:
    """A disconnect carries code and reason, and says both."""
    error = WebSocketDisconnect(1001, "tab closed")
    assert (error.code, error.reason) == (1001, "tab closed")
    assert str(error) == "The WebSocket was closed with 1001: tab closed"


def test_disconnect_without_a_reason_says_the_code() -> None:
    """A disconnect without a code stands for a close frame without one (RFC 6455 §7.1.5)."""
    assert str(WebSocketDisconnect()) == "The WebSocket was closed with 1005"


def test_disconnect_is_a_client_that_left() -> None:
    """A disconnect is what leaving is in HTTP too, so it is nobody's mistake."""
    assert issubclass(WebSocketDisconnect, ClientDisconnect)
    assert issubclass(WebSocketDisconnect, OSError)


def test_state_error_is_a_runtime_error() -> None:
    """A mistake in the order of calls is a RuntimeError, as it was in Yaat 0.1."""
    assert issubclass(WebSocketStateError, RuntimeError)


def test_exception_is_an_http_error_before_the_acceptance() -> None:
    """An exception with a close code is an HTTP error too, with a status of its own and the reason as its detail."""
    error = WebSocketException(4001, "The room is full.", status_code=409)
    assert isinstance(error, HTTPException)
    assert (error.status_code, error.detail) == (409, "The room is full.")
    assert str(error) == "4001 The room is full."


def test_exception_may_have_members_of_a_problem_document() -> None:
    """What denies a connection can say as much as any HTTP error (RFC 9457 §3.2)."""
    assert WebSocketException(4001, room="blue").extensions == {"room": "blue"}


def test_exception_without_a_reason_has_the_phrase_of_its_status() -> None:
    """Without a reason the detail is the standard phrase of the status, 403 unless it is said."""
    error = WebSocketException(4001)
    assert (error.status_code, error.detail, error.reason) == (403, "Forbidden", "")
    assert str(error) == "4001"


@pytest.mark.parametrize(("code", "reason"), [(1005, ""), (4000, "x" * 124)])
def test_exception_that_could_not_be_sent_is_refused(code: int, reason: str) -> None:
    """A code or reason that no close frame can hold is refused where it is written."""
    with pytest.raises(ValueError, match="cannot be closed|at most 123 bytes"):
        WebSocketException(code, reason)


@pytest.mark.parametrize(
    ("kind", "argument", "code", "status", "reason"),
    [
        (UnsupportedData, "Text was expected.", 1003, 415, "Text was expected."),
        (InvalidPayload, "Not JSON.", 1007, 400, "Not JSON."),
        (MessageTooBig, 100, 1009, 413, "The message is over the limit of 100 bytes."),
        (SilentClient, 60.0, 1011, 408, "Nothing was heard of the client for 60 seconds."),
        (SlowConsumer, 100, 1013, 503, "The client is too slow: 100 messages wait for it."),
    ],
)
def test_class_has_its_code_and_status(kind: Any, argument: Any, code: int, status: int, reason: str) -> None:
    """Each class stands for one close code (RFC 6455 §7.4.1), and one status."""
    error: WebSocketException = kind(argument)
    assert (error.code, error.status_code, error.reason, error.detail) == (code, status, reason, reason)
