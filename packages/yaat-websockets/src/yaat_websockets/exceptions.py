"""This file is what a WebSocket raises: mistakes in its use, answers to a client, and the client's leaving."""

from typing import Any

from yaat.exceptions import ClientDisconnect, HTTPException, YaatError

from .close_code import CloseCode, check_close


class WebSocketStateError(YaatError, RuntimeError):
    """Something was sent or received when it could not be; the message names the phase and what is allowed."""


class WebSocketDisconnect(ClientDisconnect):
    """The connection has ended. It is nobody's mistake: uncaught it ends the handler quietly.

    Args:
        code: The close code; 1005 when the client sent none, 1006 when it vanished (RFC 6455 §7.4.1).
        reason: What the other end said.
    """

    def __init__(self, code: int = CloseCode.NO_STATUS_RECEIVED, reason: str = "") -> None:
        super().__init__(f"The WebSocket was closed with {code}" + (f": {reason}" if reason else ""))
        self.code = code
        self.reason = reason

    def is_of(self, connection: Any) -> bool:
        """Return whether it is the client of *connection* that has left, and not that of another one."""
        return connection.scope["type"] == "websocket" and connection.close_code is not None


class WebSocketException(HTTPException):
    """An answer in the form of an exception: raising it ends the connection with *code*.

    Before the connection is accepted it is an HTTP error like any other, with *status_code* and *reason* as its detail.

    Args:
        code: The close code (RFC 6455 §7.4); 4000–4999 are the app's own.
        reason: One sentence for the client, of at most 123 bytes.
        status_code: For a client that has not been accepted yet.

    Raises:
        ValueError: *code* or *reason* cannot be sent.
    """

    def __init__(
        self, code: int = CloseCode.POLICY_VIOLATION, reason: str = "", *, status_code: int = 403, **extensions: Any
    ) -> None:
        check_close(code, reason)
        super().__init__(status_code, reason or None, **extensions)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return f"{int(self.code)} {self.reason}".rstrip()


class UnsupportedData(WebSocketException):
    """A text message came where bytes were expected, or the other way round."""

    def __init__(self, reason: str) -> None:
        super().__init__(CloseCode.UNSUPPORTED_DATA, reason, status_code=415)


class InvalidPayload(WebSocketException):
    """A message is not what its format demands, such as JSON that is none."""

    def __init__(self, reason: str) -> None:
        super().__init__(CloseCode.INVALID_PAYLOAD_DATA, reason, status_code=400)


class MessageTooBig(WebSocketException):
    """A message is over the limit of the route."""

    def __init__(self, max_bytes: int) -> None:
        reason = f"The message is over the limit of {max_bytes} bytes."
        super().__init__(CloseCode.MESSAGE_TOO_BIG, reason, status_code=413)


class SlowConsumer(WebSocketException):
    """A client, or a subscriber, takes messages more slowly than they come, and its queue is full."""

    def __init__(self, max_messages: int) -> None:
        reason = f"The client is too slow: {max_messages} messages wait for it."
        super().__init__(CloseCode.TRY_AGAIN_LATER, reason, status_code=503)


class SilentClient(WebSocketException):
    """Nothing was heard of the client for longer than the heartbeat allows."""

    def __init__(self, silence_seconds: float) -> None:
        reason = f"Nothing was heard of the client for {silence_seconds:g} seconds."
        super().__init__(CloseCode.INTERNAL_ERROR, reason, status_code=408)
