"""This file is the exchange: the steps that messages take a connection through, and what it says of its end.

Nothing here waits, and nothing is sent or received: whoever does that says so.
"""

from typing import Protocol

from yaat.asgi import Message
from yaat.leaving import says_that_client_left

from .close_code import CloseCode
from .exceptions import WebSocketDisconnect, WebSocketStateError
from .phase import BODY, RECEIVABLE, SENDABLE, Phase, explain_receiving, explain_sending, name_event

# PERF: a member of an enumeration is slow to look up in some Pythons (row "WebSocket, 10 echoes").
_OPEN, _CLOSED, _GONE = Phase.OPEN, Phase.CLOSED, Phase.GONE
_NORMAL, _NO_STATUS = int(CloseCode.NORMAL_CLOSURE), int(CloseCode.NO_STATUS_RECEIVED)


class Standing(Protocol):
    """How far a connection has come.

    Attributes:
        phase: Where it stands.
        own_code: What the app has closed it with.
        end: The code and reason of an end that the handler has not brought about, as a message has them.
        is_end_told: Whether a receiver knows of that.
    """

    phase: Phase
    own_code: int | None
    end: Message | None
    is_end_told: bool


def has_ended(standing: Standing) -> bool:
    """Return whether either side has ended the connection, as far as is known."""
    return standing.phase is _CLOSED or standing.phase is _GONE


def is_answered(standing: Standing) -> bool:
    """Return whether the opening was accepted or denied, or the client did not wait for that."""
    return standing.phase not in (Phase.NEW, Phase.CONNECTING)


def read_close_code(standing: Standing) -> int | None:
    """Return what the connection was closed with: by the app or, if that was faster, by anybody else."""
    if standing.own_code is None and standing.end is not None:
        return read_end(standing.end)[0]
    return standing.own_code


def read_end(end: Message) -> tuple[int, str]:
    """Return code and reason of a message that ends a connection (ASGI spec, "Disconnect")."""
    return end.get("code", _NO_STATUS), end.get("reason") or ""


# --- steps ---


def note_sending(standing: Standing, message: Message) -> None:
    """Take the step of *message*, which the app is about to send.

    Raises:
        WebSocketStateError: It may not be sent now.
        WebSocketDisconnect: The connection has ended without the handler's doing.
    """
    event = message["type"] if message["type"] != BODY else name_event(message)
    if standing.end is not None and event != "websocket.close":
        raise make_disconnect(standing)
    try:
        standing.phase = SENDABLE[standing.phase][event]
    except KeyError:
        raise WebSocketStateError(explain_sending(standing.phase, event)) from None
    if event == "websocket.close":
        standing.own_code = message.get("code", _NORMAL)


def note_receiving(standing: Standing, message: Message) -> bool:
    """Take the step of *message*, which the server has given.

    Returns:
        Whether it is for anybody: what was under way when the app closed is not.

    Raises:
        WebSocketStateError: It may not come now.
    """
    kind = message["type"]
    try:
        standing.phase = RECEIVABLE[standing.phase][kind]
    except KeyError:
        if standing.phase is _CLOSED and kind == "websocket.receive":
            return False
        # Sending may have shown already that the client has left; whoever waits still gets what comes.
        if standing.phase is not _GONE or standing.is_end_told or kind not in RECEIVABLE[_OPEN]:
            raise WebSocketStateError(explain_receiving(standing.phase, kind)) from None
    if kind == "websocket.disconnect":
        note_disconnect(standing, message)
    return True


def note_disconnect(standing: Standing, message: Message) -> None:
    """Take the last step: *message* says that the client has left."""
    standing.phase = _GONE
    standing.is_end_told = True
    # After the handler's own close the end is its own doing.
    if standing.own_code is None and standing.end is None:
        standing.end = message


def note_end(standing: Standing, code: int, reason: str) -> None:
    """Keep that somebody else than the handler ends the connection; the first end counts."""
    if standing.end is None:
        standing.end = {"code": code, "reason": reason}


def note_left(standing: Standing, error: OSError) -> WebSocketDisconnect | RuntimeError:
    """Keep that sending has failed with *error*, and return what that means to a handler."""
    if not says_that_client_left(error):
        return RuntimeError("Middleware around the app has failed to send a message.")
    standing.phase = _GONE
    if isinstance(error, WebSocketDisconnect):
        note_end(standing, error.code, error.reason)
    else:
        note_end(standing, CloseCode.ABNORMAL_CLOSURE, "")
    return make_disconnect(standing)


# --- errors ---


def make_disconnect(standing: Standing) -> WebSocketDisconnect:
    """Return the end as an exception."""
    if standing.end is None:
        return WebSocketDisconnect(standing.own_code or _NO_STATUS, "")
    return WebSocketDisconnect(*read_end(standing.end))


def refuse_sending(standing: Standing, event: str = "websocket.send") -> Exception:
    """Return the error for what cannot be sent now."""
    if standing.end is not None:
        return make_disconnect(standing)
    return WebSocketStateError(explain_sending(standing.phase, event))


def refuse_receiving(standing: Standing) -> Exception:
    """Return the error for data that cannot be received now.

    An end is told once: a loop that ignores it would otherwise never let anything else run.
    """
    if standing.end is not None and not standing.is_end_told:
        standing.is_end_told = True
        return make_disconnect(standing)
    return WebSocketStateError(explain_receiving(standing.phase, "websocket.receive"))
