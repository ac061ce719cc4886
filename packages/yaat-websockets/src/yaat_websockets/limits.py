"""This file is the limits of a connection: how large a message may be, and how many may wait for a slow client."""

from collections.abc import Mapping
from typing import Any

from yaat.record import field, frozen, replace, set_field
from yaat.similar import find_similar

from .bounded_queue import QueueLimit

#: What the `websockets` library takes by default, and more than a message of an interactive page needs.
DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024
#: The limits that routes may have of their own.
_OPTIONS = ("max_message_bytes", "send_queue")


@frozen
class Limits:
    """What one connection may take up. Each is an option of a route too.

    Attributes:
        max_message_bytes: A larger message closes the connection with 1009. Servers have a limit of their own, which
            holds before this one.
        send_queue: How many messages may wait for a slow client, and what happens to the next. Without it nothing
            waits: sending returns when the server has taken the message, and a slow client slows its handler down.
    """

    max_message_bytes: int = DEFAULT_MAX_MESSAGE_BYTES
    send_queue: QueueLimit | None = None
    #: How long a text can be without its bytes being counted: UTF-8 takes at most four for a character.
    safe_length: int = field(init=False, is_shown=False)

    def __post_init__(self) -> None:
        # Both may come from a settings file, which no type checker has seen.
        size: Any = self.max_message_bytes
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"max_message_bytes is a number of bytes from 1 up, not {self.max_message_bytes!r}.")
        if not isinstance(self.send_queue, QueueLimit | None):
            raise ValueError(
                f"send_queue is a QueueLimit such as QueueLimit(max_messages=100, when_full='close'), or None, "
                f"not {self.send_queue!r}."
            )
        set_field(self, "safe_length", self.max_message_bytes // 4)

    def with_options(self, options: Mapping[str, Any]) -> "Limits":
        """Return these limits with those that a route has of its own among its *options*.

        Raises:
            ValueError: One cannot be, or is misspelt.
        """
        for name in options:
            similar = None if name in _OPTIONS else find_similar(name, _OPTIONS, cutoff=0.75)
            if similar is not None:
                raise ValueError(f"Unknown option {name!r}. Did you mean {similar!r}?")
        return replace(self, **{name: options[name] for name in _OPTIONS if name in options})


DEFAULT_LIMITS = Limits()
