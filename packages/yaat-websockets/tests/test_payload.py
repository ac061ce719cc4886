"""The payload: what a message holds, how large it may be, and what may be sent."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yaat_websockets.exceptions import MessageTooBig
from yaat_websockets.payload import check_type, read_payload

TEXTS = st.text(st.characters(codec="utf-8"))


@pytest.mark.parametrize(
    ("message", "payload"),
    [
        ({"text": "hi"}, "hi"),
        ({"text": ""}, ""),
        ({"text": "hi", "bytes": None}, "hi"),
        ({"bytes": b"hi"}, b"hi"),
        ({"text": None, "bytes": b""}, b""),
        ({"bytes": bytearray(b"hi")}, b"hi"),
    ],
    ids=str,
)
def test_message_holds_text_or_bytes(message: dict[str, Any], payload: str | bytes) -> None:
    """A message holds text or bytes; the other one may be there as `None` (ASGI spec, "Receive")."""
    found = read_payload({"type": "websocket.receive", **message}, max_bytes=100)
    assert found == payload
    assert type(found) is type(payload)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 40))
@example("é" * 10, 10)
@example("é" * 10, 20)
def test_text_counts_as_its_utf8(text: str, max_bytes: int) -> None:
    """A text is too big exactly when its UTF-8 is over the limit."""
    message = {"type": "websocket.receive", "text": text}
    if len(text.encode()) <= max_bytes:
        assert read_payload(message, max_bytes=max_bytes) == text
    else:
        with pytest.raises(MessageTooBig, match=f"{max_bytes} bytes"):
            read_payload(message, max_bytes=max_bytes)


@pytest.mark.parametrize(("size", "is_taken"), [(9, True), (10, True), (11, False)])
def test_bytes_are_counted(size: int, is_taken: bool) -> None:
    """Bytes are taken up to the limit, and no further."""
    message = {"type": "websocket.receive", "bytes": bytes(size)}
    if is_taken:
        assert read_payload(message, max_bytes=10) == bytes(size)
    else:
        with pytest.raises(MessageTooBig):
            read_payload(message, max_bytes=10)


def test_wrong_type_is_refused_with_the_method_that_fits() -> None:
    """A value of another type is refused; the message names it and where it would have been taken."""
    with pytest.raises(TypeError, match=r"send_text takes str, not dict: \{'a': 1\}. See send_json."):
        check_type({"a": 1}, (str,), "send_text", "send_json")


def test_wrong_type_is_refused_with_all_that_fit() -> None:
    """Where several types are taken, the message names each."""
    with pytest.raises(TypeError, match="send_bytes takes bytes or bytearray, not str: 'x'. See send_text."):
        check_type("x", (bytes, bytearray), "send_bytes", "send_text")


def test_subclass_is_taken() -> None:
    """A value of a subclass is as good."""
    check_type(type("Text", (str,), {})("x"), (str,), "send_text", "send_json")
