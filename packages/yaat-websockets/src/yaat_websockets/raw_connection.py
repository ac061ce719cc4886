"""This file is the raw connection: ASGI messages of a WebSocket, each of which takes it a step further."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from yaat.asgi import Message, Receive, Scope, Send
from yaat.connection import OUTSIDE, Connection, Place, S

from . import exchange
from .exceptions import UnsupportedData
from .limits import DEFAULT_LIMITS, Limits
from .payload import read_payload
from .phase import Phase

T = TypeVar("T")

# PERF: members of an enumeration are slow to look up in some Pythons (row "WebSocket, 10 echoes").
_NEW, _OPEN, _GONE = Phase.NEW, Phase.OPEN, Phase.GONE


class RawConnection(Connection[S]):
    """What a `WebSocket` is of messages: how far it has come (`yaat_websockets.exchange.Standing`), and by which."""

    own_code: int | None = None
    end: Message | None = None
    is_end_told: bool = False
    #: Whether it was ever accepted.
    was_open: bool = False

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, place: Place = OUTSIDE, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.scope = scope
        self.place = place
        self._receive = receive
        self._send = send
        self._phase = _NEW
        # PERF: there for as long as the connection is open, so that one look settles two questions: what gives the next
        # message, and the class of what `send_text` takes (row "WebSocket, 10 echoes").
        self._take: Receive | None = None
        self._text: type[str] | None = None
        self._limits = limits
        self._safe_length = limits.safe_length

    @property
    def phase(self) -> Phase:
        """How far it has come."""
        return self._phase

    @phase.setter
    def phase(self, phase: Phase) -> None:
        self._phase = phase
        self.was_open = self.was_open or phase is _OPEN
        self._take, self._text = (self._receive, str) if phase is _OPEN else (None, None)

    @property
    def is_open(self) -> bool:
        """Whether it was accepted, and nobody has closed it as far as is known."""
        return self._phase is _OPEN

    @property
    def close_code(self) -> int | None:
        """What the app or the client has closed it with, once one of them has."""
        return exchange.read_close_code(self)

    async def receive(self) -> Message:
        """Return the next ASGI message; for those who want to know it all."""
        if self.phase is _GONE:
            raise exchange.refuse_receiving(self)
        message = await self._receive()
        while not exchange.note_receiving(self, message):
            message = await self._receive()
        return message

    async def send(self, message: Message) -> None:
        """Send an ASGI message.

        Raises:
            TypeError: It is none.
        """
        given: Any = message  # Not everybody checks types.
        if not isinstance(given, Mapping) or "type" not in given:
            raise TypeError(
                "send() takes an ASGI message such as {'type': 'websocket.send', 'text': '…'}, "
                f"not {message!r:.100}. Write send_text(…), send_bytes(…) or send_json(…)."
            )
        exchange.note_sending(self, message)
        try:
            await self._send(message)
        except OSError as error:
            raise exchange.note_left(self, error) from error

    def wrap_receive(self, wrap: Callable[[Receive], Receive]) -> None:
        """Let what *wrap* makes of the server's `receive` give the messages from now on."""
        self._receive = wrap(self._receive)
        self.phase = self._phase  # An open connection takes its messages from there.

    async def _receive_opening(self) -> None:
        """Receive what the server opens every connection with, unless it was received (ASGI spec, "Connect")."""
        if self.phase is _NEW:
            await self.receive()

    def _read(self, message: Message) -> str | bytes | None:
        """Return what *message* holds, or `None` when it is the end."""
        if not exchange.note_receiving(self, message) or message["type"] == "websocket.disconnect":
            return None
        return read_payload(message, max_bytes=self._limits.max_message_bytes)

    def _expect(self, message: Message, kind: type[T]) -> T:
        """Return what *message* holds, which must be of the type *kind*."""
        data: Any = self._read(message)
        if data is None:
            raise exchange.make_disconnect(self)
        if not isinstance(data, kind):
            raise UnsupportedData("Text was expected, and bytes came." if kind is str else "Bytes were expected.")
        return data
