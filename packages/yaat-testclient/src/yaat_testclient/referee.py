"""This file is the referee: it holds every message of an ASGI connection against the specification.

It needs nothing but the standard library, so any test suite can put it around an app::

    app = check_app(app)
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn

from .asgi import ASGIApp, Message, Receive, Scope, Send
from .errors import ASGIViolation
from .frames import find_caller
from .lengths import BodyLength
from .shapes import EXTENSIONS, GIVEN, SCOPES, SENT, find_shape_problem
from .turns import FINAL, PROTOCOLS, Turns, name_event

#: How a sentence about a message of each direction begins.
DONE = {"sent": "The app sent", "given": "The app was given"}


class Referee:
    """Watches one connection, from its scope to the app's return.

    Scopes of a type that the specification does not know pass, and so do all their messages.

    Args:
        scope: What the app is called with.

    Raises:
        ASGIViolation: *scope* is not what the specification wants.
    """

    __slots__ = ("_extensions", "_length", "_scope", "_turns", "_type", "violation")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._type = str(scope.get("type"))
        self._turns = [Turns(machine) for machine in PROTOCOLS.get(self._type, ())]
        self._extensions = scope.get("extensions") or {}
        self._length: BodyLength | None = None
        #: The first violation: the app may have caught it.
        self.violation: ASGIViolation | None = None
        problem = find_shape_problem(scope, SCOPES.get(self._type, {}))
        if problem is not None:
            fix = "Mend it where the scope is made."
            self._refuse(f"The scope is malformed: {problem}.", fix, is_called=False)

    def given(self, message: Message) -> None:
        """Check a message on its way to the app.

        Raises:
            ASGIViolation: It is malformed, or out of turn.
        """
        if self._turns:
            self._check_shape("given", message, GIVEN[self._type])
            self._check_turn("given", message)

    def sent(self, message: Message) -> None:
        """Check a message of the app.

        Raises:
            ASGIViolation: It is malformed or out of turn, or the body is not as long as announced.
        """
        if self._turns:
            self._check_shape("sent", message, SENT[self._type])
            self._check_extension(message)
            self._check_turn("sent", message)
            self._check_accept(message)
            self._check_length(message)

    def returned(self, value: object) -> None:
        """Check that the app had said all it must when it returned *value*.

        Raises:
            ASGIViolation: Something is missing, or *value* is not `None`.
        """
        for turns in self._turns:
            if turns.state not in FINAL:
                due = " or ".join(turns.find_allowed("sent"))
                self._refuse(
                    f"The app returned too early: {turns.state.value}.",
                    f"Send {due}; or raise an exception when there is no answer.",
                    is_called=False,
                )
        if self._turns and value is not None:
            self._refuse(
                f"The app returned {value!r}.",
                "Return None: an app answers by awaiting send(), not by what it returns.",
                is_called=False,
            )

    def _check_shape(self, direction: str, message: Message, shapes: Mapping[str, Mapping[str, Any]]) -> None:
        name = find_type(message)
        if name not in shapes:
            self._refuse(
                f"{DONE[direction]} {message!r}, which is no message of this connection.",
                f"It must be a dict whose 'type' is one of {', '.join(shapes)}.",
            )
        problem = find_shape_problem(message, shapes[name]) or find_pair_problem(message)
        if problem is not None:
            self._refuse(f"{DONE[direction]} a malformed {name!r}: {problem}.", "Mend that value.")

    def _check_turn(self, direction: str, message: Message) -> None:
        event = name_event(direction, message)
        for turns in self._turns:
            if not turns.take(event):
                allowed = " or ".join(turns.find_allowed(direction))
                self._refuse(
                    f"{DONE[direction]} {message['type']!r} out of turn: {turns.state.value}.",
                    f"Only {allowed} may come now." if allowed else "Nothing may come any more.",
                )

    def _check_extension(self, message: Message) -> None:
        name = EXTENSIONS.get(message["type"])
        if message.get("trailers"):
            name = "http.response.trailers"
        if name is not None and name not in self._extensions:
            self._refuse(
                f"The app sent {message['type']!r}, which needs the extension {name!r}, and this "
                "server has not offered it.",
                f'Look for {name!r} in scope["extensions"] first.',
            )

    def _check_accept(self, message: Message) -> None:
        if message["type"] != "websocket.accept":
            return
        chosen = message.get("subprotocol")
        offered = list(self._scope.get("subprotocols") or ())
        if chosen is not None and chosen not in offered:
            self._refuse(
                f"The app accepted the subprotocol {chosen!r}, and the client offered {offered!r}.",
                "Choose one of those, or none (RFC 6455 §4.2.2).",
            )
        if any(name == b"sec-websocket-protocol" for name, _ in message.get("headers", ())):
            self._refuse(
                "The app accepted with a header named b'sec-websocket-protocol'.",
                "Use the key 'subprotocol' of the message instead.",
            )

    def _check_length(self, message: Message) -> None:
        problem = self._find_length_problem(message)
        if problem is not None:
            self._refuse(
                f"The app sent a response whose length is wrong: {problem}.",
                "Make Content-Length the number of bytes of the body, or leave it out.",
            )

    def _find_length_problem(self, message: Message) -> str | None:
        if "status" in message:
            method = str(self._scope.get("method", "GET"))
            self._length = BodyLength(method, message["status"], message.get("headers", ()))
            return self._length.find_start_problem()
        if self._length is None:
            return None
        if not message["type"].endswith(".response.body"):
            # The size of what an extension sends from a file is not known here.
            self._length = None if message["type"].endswith("send") else self._length
            return None
        excess = self._length.find_excess(len(message.get("body", b"")))
        return excess or (None if message.get("more_body") else self._length.find_lack())

    def _refuse(self, what: str, fix: str, *, is_called: bool = True) -> NoReturn:
        place = find_caller() if is_called else None
        where = f"on {describe_connection(self._scope)}" + (f", at {place}" if place else "")
        violation = ASGIViolation(what, where=where, fix=fix)
        self.violation = self.violation or violation
        raise violation


def find_type(message: object) -> str:
    """Return the type of *message*, or an empty text for what is none."""
    return str(message.get("type")) if isinstance(message, Mapping) else ""


def describe_connection(scope: Scope) -> str:
    """Return the words for the connection of *scope*: its method and path, or its type."""
    if "path" in scope:
        return f"{scope.get('method', 'WebSocket')} {scope['path']}"
    return f"the {scope.get('type')} connection"


def find_pair_problem(message: Message) -> str | None:
    """Say what is wrong with the two ways to carry WebSocket data, if anything is."""
    if message["type"] not in {"websocket.send", "websocket.receive"}:
        return None
    carried = [key for key in ("bytes", "text") if message.get(key) is not None]
    if len(carried) == 1:
        return None
    return f"{' and '.join(carried) or 'neither bytes nor text'} carried data; exactly one must"


def check_app(app: ASGIApp) -> ASGIApp:
    """Return *app* with a referee around each of its connections.

    A violation is raised where it happens: from `send` or `receive`, inside the app. Should the app
    catch it, it is raised again when the app ends, so it cannot be missed.
    """
    return partial(run_checked, app)


async def run_checked(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Call *app* once with a referee between it and the server.

    Raises:
        ASGIViolation: Whoever of the two broke the specification first.
    """
    referee = Referee(scope)
    checked_receive = partial(receive_checked, referee, receive)
    checked_send = partial(send_checked, referee, send)
    try:
        # What an app returns is to be checked, whatever its annotation promises.
        value: object = await app(scope, checked_receive, checked_send)  # type: ignore[func-returns-value]
        referee.returned(value)
    finally:
        if referee.violation is not None:
            raise referee.violation


async def receive_checked(referee: Referee, receive: Receive) -> Message:
    """Return the next message for the app, checked."""
    message = await receive()
    referee.given(message)
    return message


async def send_checked(referee: Referee, send: Send, message: Message) -> None:
    """Send a message of the app on, if it is right."""
    referee.sent(message)
    await send(message)
