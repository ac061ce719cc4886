"""This file is who may say what when: the order of ASGI messages, as state machines.

A protocol is one or more machines that watch the same events. A machine ignores events that none of
its states mention; an event that is mentioned, but not by the present state, is out of turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class State(Enum):
    """Where a conversation stands; the value says it in words."""

    NO_RESPONSE = "no response has been started"
    STREAMING = "the response has been started and its body is not complete"
    STREAMING_BEFORE_TRAILERS = "the response has been started, with trailers announced"
    TRAILERS = "the body is complete and the trailers announced by the start are due"
    COMPLETE = "the response is complete"
    LEFT = "the client has left"

    BODY_DUE = "the request body has not been given whole"
    BODY_GIVEN = "the request body has been given whole"

    CONNECT_DUE = "websocket.connect has not been given"
    CONNECT_GIVEN = "websocket.connect has been given"
    UNANSWERED = "the connection has been neither accepted nor refused"
    OPEN = "the connection is open"
    REFUSING = "the connection is being refused with a response"
    CLOSED = "the app has closed the connection"

    NOT_STARTED = "lifespan.startup has not been received"
    STARTING = "the app has not answered lifespan.startup"
    RUNNING = "the app is running"
    STOPPING = "the app has not answered lifespan.shutdown"
    STOPPED = "the lifespan is over"


Table = Mapping[State, Mapping[str, State]]

#: The response (ASGI HTTP spec). Early hints are allowed before the start too: there they make
#: sense (RFC 8297), and there hypercorn takes them.
RESPONSE: Table = {
    State.NO_RESPONSE: {
        "sent http.response.debug": State.NO_RESPONSE,
        "sent http.response.early_hint": State.NO_RESPONSE,
        "sent http.response.start": State.STREAMING,
        "sent http.response.start, trailers": State.STREAMING_BEFORE_TRAILERS,
        "given http.disconnect": State.LEFT,
    },
    State.STREAMING: {
        "sent http.response.early_hint": State.STREAMING,
        "sent http.response.push": State.STREAMING,
        "sent http.response.body, more": State.STREAMING,
        "sent http.response.body": State.COMPLETE,
        "sent http.response.zerocopysend, more": State.STREAMING,
        "sent http.response.zerocopysend": State.COMPLETE,
        "sent http.response.pathsend": State.COMPLETE,
        "given http.disconnect": State.LEFT,
    },
    State.STREAMING_BEFORE_TRAILERS: {
        "sent http.response.early_hint": State.STREAMING_BEFORE_TRAILERS,
        "sent http.response.push": State.STREAMING_BEFORE_TRAILERS,
        "sent http.response.body, more": State.STREAMING_BEFORE_TRAILERS,
        "sent http.response.body": State.TRAILERS,
        "sent http.response.zerocopysend, more": State.STREAMING_BEFORE_TRAILERS,
        "sent http.response.zerocopysend": State.TRAILERS,
        "sent http.response.pathsend": State.TRAILERS,
        "given http.disconnect": State.LEFT,
    },
    State.TRAILERS: {
        "sent http.response.trailers, more": State.TRAILERS,
        "sent http.response.trailers": State.COMPLETE,
        "given http.disconnect": State.LEFT,
    },
    State.COMPLETE: {"given http.disconnect": State.COMPLETE},
    State.LEFT: {"given http.disconnect": State.LEFT},
}

#: The request body (ASGI HTTP spec, "Request").
REQUEST: Table = {
    State.BODY_DUE: {
        "given http.request, more": State.BODY_DUE,
        "given http.request": State.BODY_GIVEN,
        "given http.disconnect": State.LEFT,
    },
    State.BODY_GIVEN: {"given http.disconnect": State.LEFT},
    State.LEFT: {"given http.disconnect": State.LEFT},
}

#: A WebSocket (ASGI WebSocket spec, and "Websocket Denial Response").
WEBSOCKET: Table = {
    State.UNANSWERED: {
        "sent websocket.accept": State.OPEN,
        "sent websocket.close": State.CLOSED,
        "sent websocket.http.response.start": State.REFUSING,
        "given websocket.disconnect": State.LEFT,
    },
    State.OPEN: {
        "given websocket.receive": State.OPEN,
        "given websocket.disconnect": State.LEFT,
        "sent websocket.send": State.OPEN,
        "sent websocket.close": State.CLOSED,
    },
    State.REFUSING: {
        "sent websocket.http.response.body, more": State.REFUSING,
        "sent websocket.http.response.body": State.CLOSED,
        "given websocket.disconnect": State.LEFT,
    },
    State.CLOSED: {"given websocket.disconnect": State.CLOSED},
    State.LEFT: {"given websocket.disconnect": State.LEFT},
}

#: Its beginning (ASGI WebSocket spec, "Connect"). An app may answer it unread, and Starlette does.
CONNECT: Table = {
    State.CONNECT_DUE: {"given websocket.connect": State.CONNECT_GIVEN},
    State.CONNECT_GIVEN: {},
}

#: The lifespan (ASGI Lifespan spec).
LIFESPAN: Table = {
    State.NOT_STARTED: {"given lifespan.startup": State.STARTING},
    State.STARTING: {
        "sent lifespan.startup.complete": State.RUNNING,
        "sent lifespan.startup.failed": State.STOPPED,
    },
    State.RUNNING: {"given lifespan.shutdown": State.STOPPING},
    State.STOPPING: {
        "sent lifespan.shutdown.complete": State.STOPPED,
        "sent lifespan.shutdown.failed": State.STOPPED,
    },
    State.STOPPED: {},
}

#: The states in which an app may return: it has said all that was due.
FINAL = frozenset(
    {
        State.COMPLETE,
        State.LEFT,
        State.BODY_DUE,
        State.BODY_GIVEN,
        State.CONNECT_DUE,
        State.CONNECT_GIVEN,
        State.OPEN,
        State.CLOSED,
        State.NOT_STARTED,
        State.RUNNING,
        State.STOPPED,
    }
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A table, the state it starts in, and all the events it knows."""

    table: Table
    start: State
    events: frozenset[str]


def make_machine(table: Table) -> Machine:
    """Return the machine that runs *table* from its first state."""
    return Machine(table, next(iter(table)), frozenset().union(*table.values()))


#: The machines of each scope type.
PROTOCOLS: Mapping[str, tuple[Machine, ...]] = {
    "http": (make_machine(RESPONSE), make_machine(REQUEST)),
    "websocket": (make_machine(WEBSOCKET), make_machine(CONNECT)),
    "lifespan": (make_machine(LIFESPAN),),
}


def name_event(direction: str, message: Mapping[str, Any]) -> str:
    """Return the name the machines have for *message*: direction, type and what makes it go on."""
    name = f"{direction} {message['type']}"
    if message.get("more_body") or message.get("more_trailers"):
        return f"{name}, more"
    if message.get("trailers"):
        return f"{name}, trailers"
    return name


class Turns:
    """One machine at work on one connection.

    Args:
        machine: The machine.
    """

    __slots__ = ("_machine", "state")

    def __init__(self, machine: Machine) -> None:
        self.state = machine.start
        self._machine = machine

    def take(self, event: str) -> bool:
        """Follow *event* and tell whether it was in turn."""
        following = self._machine.table[self.state].get(event)
        if following is not None:
            self.state = following
            return True
        if event not in self._machine.events:
            return True
        # Once the client has left, what the app still sends is lost, and no mistake.
        return self.state is State.LEFT and event.startswith("sent ")

    def find_allowed(self, direction: str) -> list[str]:
        """Return the types of the messages that would be in turn now, in *direction*."""
        events = [event.partition(",")[0].split() for event in self._machine.table[self.state]]
        return sorted({name for found, name in events if found == direction})
