"""Limits: they check themselves, and a route can have its own."""

from typing import Any

import pytest

from yaat_websockets.bounded_queue import QueueLimit
from yaat_websockets.limits import DEFAULT_LIMITS, Limits


def test_default_is_one_mebibyte_and_no_queue() -> None:
    """Unless somebody says otherwise a message has up to 1 MiB, and nothing waits."""
    assert Limits(max_message_bytes=1024 * 1024, send_queue=None) == DEFAULT_LIMITS


def test_length_that_is_safe_is_a_quarter() -> None:
    """A text of a quarter of the limit cannot be over it, whatever its characters."""
    assert Limits(max_message_bytes=403).safe_length == 100


@pytest.mark.parametrize("value", [0, -1, "1024", None, 1.5])
def test_size_that_is_none_is_refused(value: Any) -> None:
    """A size is a whole number of bytes from 1 up."""
    with pytest.raises(ValueError, match="max_message_bytes is a number of bytes from 1 up"):
        Limits(max_message_bytes=value)


def test_queue_that_is_none_is_refused() -> None:
    """A queue is a QueueLimit; the message shows how to write one."""
    with pytest.raises(ValueError, match=r"QueueLimit\(max_messages=100, .*not 100"):
        Limits(send_queue=100)  # type: ignore[arg-type]  # the mistake


def test_route_has_its_own() -> None:
    """What a route says counts instead; the rest stays."""
    queue = QueueLimit(max_messages=5)
    limits = Limits(max_message_bytes=100).with_options({"send_queue": queue, "tags": ["live"]})
    assert limits == Limits(max_message_bytes=100, send_queue=queue)


def test_route_that_misspells_a_limit_is_told() -> None:
    """An option that is nearly a limit is refused: nobody would ever read it."""
    with pytest.raises(ValueError, match="Unknown option 'max_message_byte'. Did you mean 'max_message_bytes'?"):
        DEFAULT_LIMITS.with_options({"max_message_byte": 1})


def test_derived_length_is_no_option() -> None:
    """What is derived from the limits cannot be set."""
    assert DEFAULT_LIMITS.with_options({"safe_length": 5}) == DEFAULT_LIMITS


def test_smallest_limit_is_one_byte() -> None:
    """A connection may be limited to messages of one byte, and of none."""
    assert Limits(max_message_bytes=1).max_message_bytes == 1


def test_option_of_somebody_else_is_left_alone() -> None:
    """What is not nearly a limit is for whoever reads it."""
    assert DEFAULT_LIMITS.with_options({"queue": "jobs"}) == DEFAULT_LIMITS
