"""This file is the close codes and reasons of RFC 6455 §7.4, and what may be sent of them."""

from enum import IntEnum
from typing import Final

#: A close frame carries at most 125 bytes, two of them the code (RFC 6455 §5.5).
MAX_REASON_BYTES: Final = 123


class CloseCode(IntEnum):
    """Why a connection ended (RFC 6455 §7.4.1 and the registry it founded).

    Some codes have two names: the registry's and the one that Yaat 0.1 had.
    """

    NORMAL_CLOSURE = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    NO_STATUS_RECEIVED = 1005
    ABNORMAL_CLOSURE = 1006
    INVALID_PAYLOAD_DATA = 1007
    INVALID_FRAME_PAYLOAD_DATA = 1007
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009
    MANDATORY_EXTENSION = 1010
    MISSING_EXTENSION = 1010
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    BAD_GATEWAY = 1014
    TLS_HANDSHAKE = 1015


#: The name in Yaat 0.1.
WebSocketCloseEvent = CloseCode

#: They stand for what was seen, and never in a close frame (RFC 6455 §7.4.1).
_NEVER_SENT = (CloseCode.NO_STATUS_RECEIVED, CloseCode.ABNORMAL_CLOSURE, CloseCode.TLS_HANDSHAKE)
_SENDABLE = frozenset(CloseCode) - frozenset(_NEVER_SENT)

#: Added to an HTTP status that only a close code can tell: 404 becomes 3404, a code for frameworks (RFC 6455 §7.4.2).
_HTTP_OFFSET = 3000


def check_close(code: int, reason: str) -> None:
    """Raise unless *code* and *reason* may stand in a close frame.

    Raises:
        ValueError: The code is reserved or out of range (RFC 6455 §7.4), or the reason is too long.
    """
    if code not in _SENDABLE and not 3000 <= code <= 4999:
        codes = ", ".join(str(int(known)) for known in sorted(_SENDABLE))
        raise ValueError(
            f"A WebSocket cannot be closed with {code!r} (RFC 6455 §7.4). Use one of {codes}; "
            "3000–3999 are for frameworks, 4000–4999 for the app's own."
        )
    size = len(reason.encode())
    if size > MAX_REASON_BYTES:
        raise ValueError(
            f"A close reason has at most {MAX_REASON_BYTES} bytes (RFC 6455 §5.5), but {reason[:20]!r}… has {size}. "
            "Send a message before closing to say more."
        )


def trim_reason(text: str) -> str:
    """Return as much of *text*, in whole characters, as a close frame holds."""
    return text.encode()[:MAX_REASON_BYTES].decode(errors="ignore")


def find_code(status_code: int, *, is_open: bool) -> int:
    """Return the close code that tells what went wrong, in place of an HTTP error.

    Args:
        status_code: What an HTTP request would have got.
        is_open: Whether the connection has been accepted. Before that the status itself is told.
    """
    if not is_open:
        return _HTTP_OFFSET + status_code
    return CloseCode.INTERNAL_ERROR if status_code >= 500 else CloseCode.POLICY_VIOLATION
