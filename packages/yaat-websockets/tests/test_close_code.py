"""Close codes: their names, which may be sent, and how much a reason may say (RFC 6455 §7.4)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat_websockets.close_code import (
    MAX_REASON_BYTES,
    CloseCode,
    WebSocketCloseEvent,
    check_close,
    find_code,
    trim_reason,
)

#: The constants of Yaat 0.1.10.
NAMES_OF_0_1 = {
    "NORMAL_CLOSURE": 1000,
    "GOING_AWAY": 1001,
    "PROTOCOL_ERROR": 1002,
    "UNSUPPORTED_DATA": 1003,
    "NO_STATUS_RECEIVED": 1005,
    "ABNORMAL_CLOSURE": 1006,
    "INVALID_FRAME_PAYLOAD_DATA": 1007,
    "POLICY_VIOLATION": 1008,
    "MESSAGE_TOO_BIG": 1009,
    "MISSING_EXTENSION": 1010,
    "INTERNAL_ERROR": 1011,
    "SERVICE_RESTART": 1012,
    "TRY_AGAIN_LATER": 1013,
    "BAD_GATEWAY": 1014,
    "TLS_HANDSHAKE": 1015,
}


@pytest.mark.parametrize(("name", "code"), NAMES_OF_0_1.items())
def test_names_of_0_1_keep_working(name: str, code: int) -> None:
    """`WebSocketCloseEvent` has all the names that it had in Yaat 0.1."""
    assert getattr(WebSocketCloseEvent, name) == code


def test_code_is_a_number() -> None:
    """A close code can be used wherever a number can."""
    code: int = CloseCode.GOING_AWAY
    assert (code, f"{code}") == (1001, "1001")


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, *range(1007, 1015), 3000, 3999, 4000, 4999])
def test_code_that_may_be_sent_is_taken(code: int) -> None:
    """The codes of RFC 6455 §7.4.1 and those for frameworks and apps (§7.4.2) can be sent."""
    check_close(code, "")


@pytest.mark.parametrize("code", [-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000])
def test_code_that_may_not_be_sent_is_refused(code: int) -> None:
    """Reserved codes, and those that only stand for what was seen, cannot be sent (RFC 6455 §7.4.1)."""
    with pytest.raises(ValueError, match=rf"cannot be closed with {code} .*4000–4999"):
        check_close(code, "")


def test_refusal_says_what_may_be_sent() -> None:
    """The message lists the codes that a close frame can hold."""
    with pytest.raises(ValueError, match="1006") as caught:
        check_close(1006, "")
    assert str(caught.value) == (
        "A WebSocket cannot be closed with 1006 (RFC 6455 §7.4). Use one of 1000, 1001, 1002, 1003, 1007, 1008, 1009, "
        "1010, 1011, 1012, 1013, 1014; 3000–3999 are for frameworks, 4000–4999 for the app's own."
    )


def test_reason_of_123_bytes_is_taken() -> None:
    """A reason has room for 123 bytes (RFC 6455 §5.5)."""
    check_close(1000, "é" * 61 + "x")


def test_longer_reason_is_refused_with_its_size() -> None:
    """A longer reason is refused; the message says how long it is in bytes, not in characters."""
    with pytest.raises(ValueError, match="124") as caught:
        check_close(1000, "é" * 62)
    assert str(caught.value) == (
        "A close reason has at most 123 bytes (RFC 6455 §5.5), but 'éééééééééééééééééééé'… has 124. "
        "Send a message before closing to say more."
    )


@settings(deadline=None)
@given(st.text())
def test_trimmed_reason_fits_and_is_a_beginning(text: str) -> None:
    """A reason is trimmed at a whole character, and by no more than it must be."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return
    trimmed = trim_reason(text)
    assert text.startswith(trimmed)
    assert len(trimmed.encode()) > min(size, MAX_REASON_BYTES) - 4
    check_close(1000, trimmed)


@pytest.mark.parametrize(
    ("status", "is_open", "code"),
    [
        (404, False, 3404),
        (503, False, 3503),
        (403, True, 1008),
        (499, True, 1008),
        (500, True, 1011),
        (503, True, 1011),
    ],
)
def test_http_status_has_a_close_code(status: int, is_open: bool, code: int) -> None:
    """An HTTP error is 3000 + status before the opening is accepted, and 1008 or 1011 afterwards."""
    assert find_code(status, is_open=is_open) == code
