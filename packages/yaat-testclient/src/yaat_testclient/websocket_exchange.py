"""This file is what has been said on one WebSocket: plain state, no waiting."""

from collections import deque
from dataclasses import dataclass

from .asgi import Message, RawHeaders
from .errors import ABNORMAL_CLOSURE

#: What the app may send before the client must read: the amount at which asyncio's transports, and
#: so servers, make a writer wait.
UNREAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Accepted:
    """The app has accepted the connection."""

    subprotocol: str | None
    headers: RawHeaders


@dataclass(frozen=True, slots=True)
class Refused:
    """The app has refused the connection: with a response, or by closing it before it was open."""

    status: int
    headers: RawHeaders
    body: bytes
    code: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """The app has closed the connection after it was open."""

    code: int
    reason: str


class WebSocketExchange:
    """One WebSocket, from its handshake to its end."""

    def __init__(self) -> None:
        self.has_left = False
        self.has_noticed = False
        self.answer: Accepted | Refused | None = None
        self.closed: Closed | None = None
        self._given: deque[Message] = deque([{"type": "websocket.connect"}])
        self._left_with = Closed(ABNORMAL_CLOSURE, "")
        self._sent: deque[str | bytes] = deque()
        self._unread_bytes = 0
        self._denial = Refused(403, [], b"")

    # --- the app's side

    def next_given(self) -> Message | None:
        """Return what the client has said next; the disconnect once the connection has ended."""
        end = self.closed
        if end is None and self._given:
            return self._given.popleft()
        if self.has_left:
            self.has_noticed = True
            end = end or self._left_with
        if isinstance(self.answer, Refused):
            end = end or Closed(ABNORMAL_CLOSURE, "")
        if end is None:
            return None
        return {"type": "websocket.disconnect", "code": end.code, "reason": end.reason}

    def holds_back(self, message: Message) -> bool:
        """Tell whether the client has too much unread for *message* to be taken."""
        return message.get("type") == "websocket.send" and self._unread_bytes >= UNREAD_BYTES

    def apply_sent(self, message: Message) -> None:
        """Take *message* from the app; what makes no sense now is lost, as on a server."""
        match message.get("type"):
            case "websocket.accept" if self.answer is None:
                self.answer = Accepted(message.get("subprotocol"), list(message.get("headers", ())))
            case "websocket.send" if self.is_open:
                self._add(message)
            case "websocket.close":
                self._close(message.get("code", 1000), message.get("reason") or "")
            case "websocket.http.response.start" if self.answer is None:
                headers = list(message.get("headers", ()))
                self._denial = Refused(message["status"], headers, b"")
            case "websocket.http.response.body" if self.answer is None:
                self._add_denial(message)

    def describe_next(self) -> str:
        """Return in words what a waiting `receive` waits for."""
        if self.answer is None:
            return "the connection is neither accepted nor refused, so nothing can come"
        return "the test has sent nothing that was not received"

    # --- the client's side

    @property
    def is_open(self) -> bool:
        """Whether both sides may send."""
        return isinstance(self.answer, Accepted) and self.closed is None and not self.has_left

    def has_message(self) -> bool:
        """Tell whether `next_sent` has something, or never will."""
        return bool(self._sent) or self.closed is not None

    def next_sent(self) -> str | bytes | None:
        """Return the next message of the app, or `None` if there is none."""
        if not self._sent:
            return None
        data = self._sent.popleft()
        self._unread_bytes -= weigh(data)
        return data

    def say(self, data: str | bytes) -> None:
        """Send *data* to the app."""
        key = "text" if isinstance(data, str) else "bytes"
        self._given.append({"type": "websocket.receive", key: data})

    def leave(self, code: int, reason: str) -> None:
        """Let the client close the connection; what it said before still reaches the app."""
        self.has_left = True
        self._left_with = Closed(code, reason)

    def refuse(self, status: int, text: str) -> Refused:
        """Refuse the connection in the app's place, as a server does when the app has failed."""
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        self.answer = Refused(status, headers, text.encode())
        return self.answer

    def _add(self, message: Message) -> None:
        text = message.get("text")
        data = message["bytes"] if text is None else text
        self._unread_bytes += weigh(data)
        self._sent.append(data)

    def _close(self, code: int, reason: str) -> None:
        if self.answer is None:
            # Closing before accepting refuses the handshake (ASGI WebSocket spec, "Close").
            self.answer = Refused(403, [], b"", code, reason)
        elif self.closed is None:
            self.closed = Closed(code, reason)

    def _add_denial(self, message: Message) -> None:
        denial = self._denial
        body = denial.body + message.get("body", b"")
        self._denial = Refused(denial.status, denial.headers, body)
        if not message.get("more_body"):
            self.answer = self._denial


def weigh(data: str | bytes) -> int:
    """Return what *data* counts for; even nothing counts, so that floods of it are held back too."""
    return len(data) + 1
