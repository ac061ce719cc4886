"""This file is the phases of a WebSocket connection, and the messages that lead from one to another.

The law here: two tables say everything. What is in neither is an error that names the phase and what is allowed.
"""

from collections.abc import Mapping
from enum import Enum

from yaat.asgi import Message


class Phase(Enum):
    """How far a connection has come; the value completes "a WebSocket …"."""

    # PERF: that of `Enum` is written in Python, and each step looks into a table (row "WebSocket, 10 echoes").
    __hash__ = object.__hash__

    NEW = "whose opening was not received yet"
    CONNECTING = "that was not accepted yet"
    DENYING = "that is being denied"
    OPEN = "that is open"
    CLOSED = "that the app has closed"
    GONE = "that has ended"


BODY = "websocket.http.response.body"
#: The last part of a denial, told apart from the others: only it ends the connection.
LAST_BODY = f"{BODY} (more_body=False)"

Table = Mapping[Phase, Mapping[str, Phase]]

#: What the app may send, and the phase it leads to (ASGI spec, "WebSocket" and "WebSocket Denial Response").
SENDABLE: Table = {
    Phase.NEW: {},
    Phase.CONNECTING: {
        "websocket.accept": Phase.OPEN,
        "websocket.close": Phase.CLOSED,
        "websocket.http.response.start": Phase.DENYING,
    },
    Phase.DENYING: {BODY: Phase.DENYING, LAST_BODY: Phase.CLOSED},
    Phase.OPEN: {"websocket.send": Phase.OPEN, "websocket.close": Phase.CLOSED},
    Phase.CLOSED: {},
    Phase.GONE: {},
}

#: What the server may give the app, and the phase it leads to (ASGI spec, "WebSocket").
RECEIVABLE: Table = {
    # A client may leave before its opening is received, and a server may then leave that out.
    Phase.NEW: {"websocket.connect": Phase.CONNECTING, "websocket.disconnect": Phase.GONE},
    Phase.CONNECTING: {"websocket.disconnect": Phase.GONE},
    Phase.DENYING: {"websocket.disconnect": Phase.GONE},
    Phase.OPEN: {"websocket.receive": Phase.OPEN, "websocket.disconnect": Phase.GONE},
    # Messages that were under way when the app closed still arrive; nobody is given them (RFC 6455 §1.4).
    Phase.CLOSED: {"websocket.disconnect": Phase.GONE},
    Phase.GONE: {},
}


def name_event(message: Message) -> str:
    """Return what the tables call *message*."""
    kind: str = message["type"]
    return LAST_BODY if kind == BODY and not message.get("more_body") else kind


def explain_sending(phase: Phase, event: str) -> str:
    """Return the message for *event*, which cannot be sent."""
    return _explain(phase, event, SENDABLE, "send")


def explain_receiving(phase: Phase, event: str) -> str:
    """Return the message for *event*, which cannot be received."""
    return _explain(phase, event, RECEIVABLE, "receive")


def _explain(phase: Phase, event: str, table: Table, verb: str) -> str:
    """Return the message for a move that *table* does not have."""
    allowed = ", ".join(table[phase]) or "nothing"
    hint = " Call accept() first." if phase in (Phase.NEW, Phase.CONNECTING) else ""
    return f"A WebSocket {phase.value} cannot {verb} {event!r}. It can {verb}: {allowed}.{hint}"
