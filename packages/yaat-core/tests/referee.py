"""This file is the referee: it holds what an app sends on one connection against the ASGI specification.

It says nothing while the app runs, which would take a complaint for an error of its own; `conclude` raises.
"""

import re

from yaat.asgi import Message, Scope

#: What an app may send when, and where that leads (ASGI spec, "HTTP" and "Lifespan Protocol").
TURNS = {
    "http": {
        "new": {"http.response.start": "started", "http.response.early_hint": "new"},
        "started": {"http.response.body, more": "started", "http.response.body": "done"},
        "done": {},
    },
    "lifespan": {
        "new": {"lifespan.startup.complete": "running", "lifespan.startup.failed": "done"},
        "running": {"lifespan.shutdown.complete": "done", "lifespan.shutdown.failed": "done"},
        "done": {},
    },
}
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9a-z-]+")
_VALUE = re.compile(rb"(?:[!-~\x80-\xff](?:[ \t!-~\x80-\xff]*[!-~\x80-\xff])?)?")
#: Fields whose second value a client could not make sense of.
_SINGLE = {b"content-length", b"content-type", b"location", b"etag", b"last-modified", b"retry-after"}


class Referee:
    """Watches one connection.

    Attributes:
        fouls: What the app has done wrong.
    """

    def __init__(self, scope: Scope) -> None:
        self.fouls: list[str] = []
        self._scope = scope
        self._turns = TURNS.get(scope["type"], {})
        self._state = "new"
        self._status = 0
        self._length: int | None = None
        self._sent = 0

    def see(self, message: Message) -> None:
        """Check a message of the app."""
        if not self._turns:
            return
        event = message["type"] + (", more" if message.get("more_body") else "")
        if event not in self._turns[self._state]:
            self._blame(f"sent {event} when the connection was {self._state}")
            return
        self._state = self._turns[self._state][event]
        if message["type"] == "http.response.start":
            self._see_start(message)
        elif message["type"] == "http.response.body":
            self._see_body(message)

    def conclude(self, *, is_complete: bool = True) -> None:
        """Raise for what was wrong.

        Args:
            is_complete: Whether the app has returned and its client has stayed, so that a whole response was due.
        """
        if is_complete and self._turns and self._state != "done":
            self._blame(f"returned when the connection was {self._state}")
        assert not self.fouls, self.fouls

    def _see_start(self, message: Message) -> None:
        self._status, headers = message["status"], message.get("headers", ())
        if self._status.__class__ is not int or not 200 <= self._status <= 599:
            self._blame(f"sent the status {self._status!r}")
        malformed = [field for field in headers if not _is_field(field)]
        if malformed:
            self._blame(f"sent the headers {malformed}")
            return
        names = [name for name, _ in headers]
        doubled = {name for name in names if names.count(name) > 1} & _SINGLE
        if doubled or b"transfer-encoding" in names:
            self._blame(f"sent the headers {names}")
        lengths = [value for name, value in headers if name == b"content-length"]
        if lengths and self._status == 204:
            self._blame("sent a Content-Length with a 204 (RFC 9110 §8.6)")
        if lengths and lengths[0].isdigit():
            self._length = int(lengths[0])

    def _see_body(self, message: Message) -> None:
        body = message.get("body", b"")
        if body.__class__ is not bytes:
            self._blame(f"sent the body {body!r}")
            return
        self._sent += len(body)
        is_silent = self._scope["method"] == "HEAD" or self._status in (204, 304)
        if is_silent and body:
            self._blame(f"sent content with {self._scope['method']} and {self._status} (RFC 9110 §6.4.1)")
        if self._state == "done" and self._length not in (None, self._sent) and not is_silent:
            self._blame(f"sent {self._sent} bytes and the Content-Length {self._length}")

    def _blame(self, what: str) -> None:
        about = " ".join(str(self._scope[key]) for key in ("type", "method", "path") if key in self._scope)
        self.fouls.append(f"{about}: the app {what}")


def _is_field(field: object) -> bool:
    """Return whether *field* is a name and a value as ASGI and RFC 9110 §5 have them."""
    match field:
        case [bytes(name), bytes(value)]:
            return _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None
    return False
