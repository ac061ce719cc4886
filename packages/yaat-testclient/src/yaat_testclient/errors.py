"""This file is every exception of this package that a test may want to catch."""

from typing import Any

#: The close code of a connection that ended without a close frame (RFC 6455 §7.4.1).
ABNORMAL_CLOSURE = 1006
#: What a server closes with when the app raised (RFC 6455 §7.4.1).
INTERNAL_ERROR = 1011


class ASGIViolation(Exception):
    """A message broke the ASGI specification, or an app ended before it had said what it must.

    Args:
        what: What was said or left out, and why that is wrong.
        where: Which connection, which message, and the line of the app it came from.
        fix: What to write instead.
    """

    def __init__(self, what: str, *, where: str, fix: str) -> None:
        super().__init__(f"{what}\n  {where}\n{fix}")
        self.what = what
        self.where = where
        self.fix = fix


class ClientDisconnected(OSError):
    """What `send` raises in an app whose client has left (ASGI HTTP spec 2.4)."""


class LifespanError(Exception):
    """The app could not start or stop; the message is the app's own."""


class WebSocketDenied(Exception):
    """The app refused a WebSocket before accepting it.

    Args:
        response: The HTTP answer the client saw: the app's own, or 403 when the app just closed.
        code: The code the app closed with; `None` when it answered with a response.
        reason: The reason the app closed with.
    """

    def __init__(self, response: Any, *, code: int | None, reason: str) -> None:
        detail = "with a response of its own" if code is None else f"by closing, {code} {reason!r}"
        super().__init__(
            f"The app refused the WebSocket {response.request.url.path} with status {response.status_code}, {detail}."
        )
        self.response = response
        self.code = code
        self.reason = reason


class WebSocketDisconnect(Exception):
    """The app closed an open WebSocket.

    Args:
        code: The close code (RFC 6455 §7.4); 1006 when the app ended without closing.
        reason: The app's reason, or an empty text.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"The app closed the WebSocket with code {code} and reason {reason!r}.")
        self.code = code
        self.reason = reason


class AppLeftBehindWarning(RuntimeWarning):
    """An app went on after its client had left; it had to be cancelled."""
