"""This file is the request: a connection with content."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from .asgi import Message, Receive, Scope, Send
from .body import BROKEN_OFF, FORGOTTEN, STREAMED, UNDER_WAY, Inbox, read_body, stream_body
from .connection import OUTSIDE, Connection, Place, S, share_names
from .exceptions import BadRequest, BodyConsumed, ClientDisconnect, ContentTooLarge, UnsupportedMediaType
from .headers import encode_value
from .json_codec import InvalidJSON
from .media_type import is_json
from .query import QueryParams, TooManyFields

logger = logging.getLogger("yaat.error")


class Request(Connection[S]):
    """What the client sent, its content included.

    Args:
        scope: The ASGI scope, shared, not copied.
        receive: Gives the content.
        place: What the app knows of the route; left out outside an app.
        send: For early hints.
    """

    _body: bytes | None = None
    _closers: tuple[Callable[[], Any], ...] = ()
    _form: Any = None
    _inbox: Inbox | None = None
    _is_given_again: bool = False
    _is_raw: bool = False
    _is_streamed: bool = False
    _json: Any
    #: Whether `close` has something to do.
    needs_closing: bool = False
    #: Why the content cannot be read, or not once more.
    _obstacle: Exception | str | None = None

    def __init__(
        self,
        scope: Scope,
        receive: Receive | None = None,
        place: Place = OUTSIDE,
        send: Send | None = None,
    ) -> None:
        super().__init__(scope, place)
        self._receive = receive
        self._send = send

    @property
    def method(self) -> str:
        """Such as `GET`."""
        method: str = self.scope["method"]
        return method

    # --- content ---

    async def body(self) -> bytes:
        """Return the whole content.

        Raises:
            ContentTooLarge: It is over the limit of the route.
            BodyConsumed: It was read as a stream before.
            ClientDisconnect: The client left before it was complete.
        """
        body = self._body
        if body is None:
            self._claim_content(UNDER_WAY)
            try:
                body = self._body = await read_body(self._get_receive(), max_bytes=self.place.max_body_bytes)
            except BaseException as error:  # What is left is not the content.
                self._obstacle = error if isinstance(error, Exception) else BROKEN_OFF
                self.needs_closing = True
                raise
        return body

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the content in the parts in which it arrives. It can be done once.

        Raises:
            ContentTooLarge: It is over the limit of the route.
            BodyConsumed: It was read as a stream before.
            ClientDisconnect: The client left before it was complete.
        """
        if self._body is not None:
            yield self._body
            return
        self._claim_content(STREAMED)
        async for chunk in stream_body(self.receive, max_bytes=self.place.max_body_bytes):
            yield chunk
        self._is_streamed = True

    async def json(self, *, any_type: bool = False) -> Any:
        """Return the content, which must be JSON.

        Args:
            any_type: Read it whatever its Content-Type says.

        Raises:
            UnsupportedMediaType: The Content-Type is not JSON.
            BadRequest: The content is not JSON; the detail tells line and column.
            ContentTooLarge: It is over the limit of the route.
        """
        if self._body is not None and hasattr(self, "_json"):
            return self._json
        content_type = self.headers.get("content-type", "")
        if (
            not any_type
            and content_type != "application/json"
            and not is_json(content_type.partition(";")[0].strip().lower())
        ):
            raise UnsupportedMediaType(
                f"The content must be JSON, but its Content-Type says {content_type[:100]!r}."
                if content_type
                else "The content must be JSON: send 'Content-Type: application/json'."
            )
        content = await self.body()
        decode = self.place.decode  # PERF: called at once, it would be looked for as a method (row "POST JSON echo").
        try:
            self._json = value = decode(content)
        except InvalidJSON as error:
            position = {"line": error.line, "column": error.column} if error.line else {}
            raise BadRequest(f"The content is not JSON: {error}.", **position) from error
        except ValueError as error:
            raise BadRequest(f"The content is not JSON: {error}.") from error
        return value

    async def form(self) -> Any:
        """Return the fields of a form.

        Raises:
            UnsupportedMediaType: No parser is installed for the Content-Type.
            BadRequest: The content is malformed, or has more fields than the limit.
            ContentTooLarge: It is over the limit of the route.
        """
        if self._form is not None:
            return self._form
        essence = self._read_essence()
        parser = self.place.body_parsers.get(essence)
        if parser is None and essence != _URLENCODED:
            raise UnsupportedMediaType(f"A form's Content-Type must be one that is read here, not {_show(essence)}")
        self._form = form = await (parse_urlencoded_form if parser is None else parser.parse)(self)
        return form

    def multipart(self) -> AsyncIterator[Any]:
        """Return the parts of a multipart form, each as it arrives; what they are, the package that reads them tells.

        Raises:
            UnsupportedMediaType: No package that reads such content in parts is installed.
        """
        essence = self._read_essence()
        parser = self.place.body_parsers.get(essence)
        if parser is None or parser.stream is None:
            raise UnsupportedMediaType(f"The Content-Type must be one that comes in parts, not {_show(essence)}")
        parts: AsyncIterator[Any] = parser.stream(self)
        return parts

    async def receive(self) -> Message:
        """Return the next ASGI message. Content that `body` has read comes once more, for an ASGI app further in.

        Raises:
            BodyConsumed: It was read as a stream, so who asks for it would wait for good.
        """
        self._is_raw = True
        if self._is_streamed or self._obstacle is FORGOTTEN:
            raise BodyConsumed(self._obstacle)
        if self._body is not None and not self._is_given_again:
            self._is_given_again = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        return await self._get_receive()()

    async def is_disconnected(self) -> bool:
        """Return whether the client has left, as far as the server says by now."""
        if self._inbox is None and self._obstacle is UNDER_WAY and self._body is None:
            return False  # Another task waits for content, and will be the one to learn of it.
        return await self.open_inbox().has_left_by_now()

    def open_inbox(self) -> Inbox:
        """Return what keeps messages that come early; it stands in front of `receive` from now on."""
        inbox = self._inbox
        if inbox is None:
            self._inbox = inbox = Inbox(self._get_receive(), self._give_up_content)
            self._receive = inbox.receive
            self.needs_closing = True
        return inbox

    async def send_early_hints(self, *links: str) -> None:
        """Send `Link` headers ahead of the response, where the server can (RFC 8297).

        Args:
            links: Values of the field, such as ``</app.css>; rel=preload; as=style``.

        Raises:
            InvalidHeader: One holds what no header may.
            ClientDisconnect: The client left.
        """
        if self._send is not None and "http.response.early_hint" in (self.scope.get("extensions") or {}):
            fields = [encode_value(link) for link in links]
            try:
                await self._send({"type": "http.response.early_hint", "links": fields})
            except OSError as error:
                raise ClientDisconnect("The client left before its early hints.") from error

    # --- for the pipeline ---

    def add_closer(self, close: Callable[[], Any]) -> None:
        """Have *close* called when the request is over: after the response and its background work, whatever happens.

        Args:
            close: A plain function; it must not wait. What was added last is called first.
        """
        self._closers = (close, *self._closers)
        self.needs_closing = True

    def close(self) -> None:
        """End what still waits for messages, call the closers, and let go of errors: their tracebacks lead here."""
        self.error = None
        if isinstance(self._obstacle, Exception):
            self._obstacle = BROKEN_OFF
        if self._inbox is not None:
            self._inbox.close()
        closers, self._closers = self._closers, ()
        for close in closers:
            try:
                close()
            except Exception as error:
                logger.error("What %r had to close could not be closed", self, exc_info=error)

    def _read_essence(self) -> str:
        """Return the media type of the content, in lower case and without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def _get_receive(self) -> Receive:
        """Return what gives the content."""
        if self._receive is None:
            raise BodyConsumed("This request was made without receive, so it has no content.")
        return self._receive

    def _give_up_content(self) -> bool:
        """Return whether nobody has begun to read the content; then nobody can any more."""
        if self._obstacle is None and not self._is_raw:
            self._obstacle = FORGOTTEN
        return self._obstacle is FORGOTTEN

    def _claim_content(self, obstacle: str) -> None:
        """Let nobody else read the content from now on, for the reason *obstacle*.

        Raises:
            BodyConsumed: Somebody has begun to.
            ContentTooLarge: Its length, as the client declares it, is over the limit.
        """
        if self._obstacle is not None:
            raise BodyConsumed(self._obstacle) if isinstance(self._obstacle, str) else self._obstacle
        max_bytes = self.place.max_body_bytes
        for name, value in self.scope["headers"]:
            # A server has seen to it that it is a number (RFC 9112 §6.3); what is none, or is a lie, is not counted on.
            if name == b"content-length" and value.isdigit():
                digits = value if len(value) < 19 else value.lstrip(b"0") or b"0"
                if len(digits) > 18 or int(digits) > max_bytes:
                    raise ContentTooLarge(max_bytes)
        self._obstacle = obstacle


class ServedRequest(Request[Any]):
    """A request as the line makes it.

    PERF: it is made without arguments, and its maker sets the attributes. Calling a class with an `__init__` in Python
    costs a seventh of a raw request (row "plaintext GET").
    """

    __init__ = object.__init__


ServedRequest.__name__ = Request.__name__  # What Python calls it in its messages.
share_names(ServedRequest())
_URLENCODED = "application/x-www-form-urlencoded"


def _show(essence: str) -> str:
    """Return a media type for a message, with what to install where that would help."""
    hint = " Multipart forms need: pip install yaat-forms" if essence == "multipart/form-data" else ""
    return f"{essence[:100]!r}.{hint}"


async def parse_urlencoded_form(request: Request[Any]) -> QueryParams:
    """Return the fields of a form in the query notation.

    Raises:
        BadRequest: It has too many fields.
    """
    form = QueryParams(await request.body())
    try:
        form.multi_items()  # Parses now, while the error can be told.
    except TooManyFields as error:
        raise BadRequest(f"{error}") from error
    return form
