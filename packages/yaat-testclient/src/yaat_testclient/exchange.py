"""This file is what has been said in one HTTP request and its response: plain state, no waiting.

Every kind of connection has such an exchange. It has a side for the app (`next_given`, `holds_back`,
`apply_sent`) and a side for the client. Whoever changes it has to wake the other side.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from .asgi import Message, RawHeaders

#: Statuses whose response never has content (RFC 9110 §15.3.5, §15.4.5).
BODILESS = frozenset({204, 304})


class Exchange(Protocol):
    """The app's side of any connection."""

    #: The client is gone: what the app sends from now on reaches nobody.
    has_left: bool
    #: The app has learnt that.
    has_noticed: bool

    def next_given(self) -> Message | None:
        """Return the next message for the app, or `None` while there is none."""

    def holds_back(self, message: Message) -> bool:
        """Tell whether the client must first take what was sent before *message*."""

    def apply_sent(self, message: Message) -> None:
        """Take *message* from the app."""

    def describe_next(self) -> str:
        """Return in words what a waiting `receive` waits for."""


@dataclass(slots=True)
class Head:
    """The start of a response, and what comes beside its body."""

    status: int
    headers: RawHeaders
    has_trailers: bool = False
    links: list[bytes] = field(default_factory=list)
    trailers: RawHeaders = field(default_factory=list)
    debug: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a response is, and which chunks have come since the client last asked."""

    head: Head | None
    chunks: list[bytes]
    is_complete: bool
    wants_body: bool


class HTTPExchange:
    """One request and its response.

    The next body message is taken from the app only when the client has seen the one before. So a
    response never runs ahead of the test that reads it, and an endless one needs no memory.

    Args:
        method: The method of the request; content in the response to a HEAD is dropped.
        body: The whole request body, or `None` when it comes in pieces by `feed`.
    """

    def __init__(self, method: str, body: bytes | None) -> None:
        self.has_left = False
        self.has_noticed = False
        self.is_complete = False
        self.head: Head | None = None
        self._links: list[bytes] = []
        self._debug: dict[str, Any] = {}
        self._pieces: deque[bytes] = deque()
        self._body_ended = body is not None
        self._body_given = False
        self._wants_body = False
        self._drops_content = method == "HEAD"
        self._chunks: list[bytes] = []
        self._is_unseen = False
        self._has_news = False
        if body is not None:
            self._pieces.append(body)

    # --- the app's side

    def next_given(self) -> Message | None:
        """Return the next piece of the request body; the disconnect once all is over."""
        if self.has_left or self.is_complete:
            self.has_noticed = True
            return {"type": "http.disconnect"}
        if self._pieces or (self._body_ended and not self._body_given):
            piece = self._pieces.popleft() if self._pieces else b""
            self._body_given = self._body_ended and not self._pieces
            return {"type": "http.request", "body": piece, "more_body": not self._body_given}
        self._wants_body = not self._body_given
        return None

    def holds_back(self, message: Message) -> bool:
        """Tell whether the client must first see the body message before *message*."""
        return self._is_unseen and bool(message.get("body") or message.get("more_body"))

    def apply_sent(self, message: Message) -> None:
        """Take *message* from the app; what makes no sense now is lost, as on a server."""
        match message.get("type"):
            case "http.response.start" if self.head is None:
                self._start(message)
            case "http.response.body" if self.head is not None:
                self._add_content(self.head, message)
            case "http.response.trailers" if self.head is not None:
                self.head.trailers.extend(message.get("headers", ()))
                self.is_complete = not message.get("more_trailers")
            case "http.response.early_hint":
                self._links.extend(message["links"])
            case "http.response.debug":
                self._debug.update(message["info"])
        self._has_news = True

    def describe_next(self) -> str:
        """Return in words what a waiting `receive` waits for."""
        if self._body_given:
            return "the request body has been given whole, so only http.disconnect can come"
        return "the next piece of the request body is due from the test"

    # --- the client's side

    def has_news(self) -> bool:
        """Tell whether `take` would give the client something new."""
        return self._wants_body or (self.head is not None and self._has_news)

    def take(self) -> Progress:
        """Return what is new, once."""
        chunks, self._chunks = self._chunks, []
        self._is_unseen = self._has_news = False
        return Progress(self.head, chunks, self.is_complete, self._wants_body)

    def feed(self, piece: bytes | None) -> None:
        """Add *piece* to the request body; `None` ends it."""
        self._wants_body = False
        if piece is None:
            self._body_ended = True
        else:
            self._pieces.append(piece)

    def want_no_body(self) -> None:
        """Ask for no more of the request body; nobody is left to read it."""
        self._wants_body = False

    def leave(self) -> None:
        """Let the client go away."""
        self.has_left = True

    def answer(self, status: int, text: str) -> None:
        """Answer in the app's place, as a server does when the app has failed."""
        content = text.encode()
        length = str(len(content)).encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length)]
        self._start({"status": status, "headers": headers})
        self._chunks = [] if self._drops_content else [content]
        self.is_complete = True

    def _start(self, message: Message) -> None:
        headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
        has_trailers = bool(message.get("trailers"))
        status = message["status"]
        self.head = Head(status, headers, has_trailers, self._links, debug=self._debug)
        self._drops_content = self._drops_content or status in BODILESS

    def _add_content(self, head: Head, message: Message) -> None:
        if self.is_complete:
            return
        content = message.get("body")
        if content and not self._drops_content:
            self._chunks.append(content)
        if message.get("more_body"):
            self._is_unseen = True
        else:
            self.is_complete = not head.has_trailers
