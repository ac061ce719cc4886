"""This file is the payload of messages: what one holds, and what may be sent."""

from typing import Any

from yaat.asgi import Message

from .exceptions import MessageTooBig


def read_payload(message: Message, *, max_bytes: int) -> str | bytes:
    """Return what a `websocket.receive` message holds.

    Raises:
        MessageTooBig: It is more than *max_bytes*; a text counts as its UTF-8.
    """
    data: str | bytes | None = message.get("text")
    if data is None:
        data = bytes(message["bytes"])
    size = len(data)
    # UTF-8 takes at most four bytes for a character, so few texts have to be encoded to know.
    if isinstance(data, str) and size <= max_bytes < size * 4:
        size = len(data.encode())
    if size > max_bytes:
        raise MessageTooBig(max_bytes)
    return data


def check_type(value: Any, wanted: tuple[type, ...], method: str, others: str) -> None:
    """Raise for a *value* that is none of the types *wanted*.

    Raises:
        TypeError: The message names *method*, and the *others* that would have taken it.
    """
    if not isinstance(value, wanted):
        names = " or ".join(kind.__name__ for kind in wanted)
        raise TypeError(f"{method} takes {names}, not {type(value).__name__}: {value!r:.100}. See {others}.")
