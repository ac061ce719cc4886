"""This file is the WebSocket that a handler is given: what it may ask of a connection, and tell it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Literal, TypeVar

from yaat.asgi import Message
from yaat.connection import S
from yaat.exceptions import find_phrase
from yaat.response import Response

from . import exchange
from .close_code import CloseCode, check_close, find_code
from .exceptions import InvalidPayload, WebSocketDisconnect
from .opening import DENIAL, can_deny, make_accept, make_denial_receive, make_denial_send, run_after
from .payload import check_type
from .phase import Phase
from .raw_connection import RawConnection

T = TypeVar("T")

# PERF: members of an enumeration are slow to look up in some Pythons (row "WebSocket, 10 echoes").
_NEW, _OPEN, _GONE = Phase.NEW, Phase.OPEN, Phase.GONE


class WebSocket(RawConnection[S]):
    """One WebSocket connection. Iterate it to get its messages, `str` or `bytes`, until the connection ends.

    Whatever sends or receives raises `WebSocketDisconnect` when the client has left, and `WebSocketStateError` for what
    cannot be sent or received now. Uncaught, each error closes the connection with the code that its class names.

    Args:
        scope: The ASGI scope, shared, not copied.
        receive: The server's.
        send: The server's.
        place: What the app knows of the route; left out outside an app.
        limits: For the size of messages.
    """

    @property
    def subprotocols(self) -> list[str]:
        """What the client offers to speak, best first."""
        return list(self.scope.get("subprotocols") or ())

    async def accept(
        self, subprotocol: str | None = None, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()
    ) -> None:
        """Open the connection.

        Args:
            subprotocol: One of `subprotocols`.
            headers: Added to the response that opens it.

        Raises:
            ValueError: The client does not offer that subprotocol, or a header cannot be sent.
        """
        accept: Message = {"type": "websocket.accept"}
        if headers or subprotocol is not None:
            accept = make_accept(self.scope, subprotocol, headers)
        # PERF: an opening that is received here leads through CONNECTING at once, and functions kept on the
        # connection are not called as its methods (row "WebSocket, 10 echoes").
        receive = self._receive
        if self._phase is not _NEW:
            exchange.note_sending(self, accept)
        elif (message := await receive())["type"] != "websocket.connect":
            exchange.note_receiving(self, message)
            raise exchange.make_disconnect(self)
        self._phase = _OPEN
        self.was_open = True
        self._take = receive
        self._text = str
        send = self._send
        try:
            await send(accept)
        except OSError as error:
            raise exchange.note_left(self, error) from error

    async def deny(
        self, status_code: int = 403, body: str | bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer the opening with an HTTP response instead of accepting it.

        Where the server cannot do that, the connection is closed with 3000 + *status_code*, and the client sees 403.
        """
        await self.send_denial_response(Response(body, status_code, headers))

    async def send_denial_response(self, response: Response) -> None:
        """Answer the opening with *response*, which may be a stream; see `deny`. Then its background work runs."""
        await self._receive_opening()
        if can_deny(self.scope):
            response.complete(self.place.encode)
            await response(self.scope, make_denial_receive(self.receive), make_denial_send(self.send))
        elif exchange.is_answered(self):
            raise exchange.refuse_sending(self, f"{DENIAL}.start")
        else:
            await self.close(find_code(response.status_code, is_open=False), find_phrase(response.status_code))
        if response.background is not None:
            await run_after(response.background, self.place)

    async def send_text(self, text: str) -> None:
        """Send a text message."""
        # PERF: `SENDABLE` has `websocket.send` in this phase alone; `send_bytes` shares no call (row "WebSocket").
        if text.__class__ is not self._text:
            if self._text is None:
                raise exchange.refuse_sending(self)
            check_type(text, (str,), "send_text", "send_bytes and send_json")
        send = self._send  # PERF: as in `accept`.
        try:
            await send({"type": "websocket.send", "text": text})
        except OSError as error:
            raise exchange.note_left(self, error) from error

    async def send_bytes(self, data: bytes | bytearray | memoryview) -> None:
        """Send a binary message."""
        if not self.is_open:
            raise exchange.refuse_sending(self)
        if data.__class__ is not bytes:
            check_type(data, (bytes, bytearray, memoryview), "send_bytes", "send_text and send_json")
        try:
            await self._send({"type": "websocket.send", "bytes": bytes(data)})
        except OSError as error:
            raise exchange.note_left(self, error) from error

    async def send_json(self, value: Any, mode: Literal["text", "bytes"] = "text") -> None:
        """Send *value* as JSON, written by the app's encoder.

        Raises:
            TypeError: Something in it has no form in JSON.
            ValueError: It holds what JSON cannot write, such as `NaN`.
        """
        data = self.place.encode(value)
        await (self.send_bytes(data) if mode == "bytes" else self.send_text(data.decode()))

    async def receive_text(self) -> str:
        """Return the next message.

        Raises:
            UnsupportedData: It is binary.
            MessageTooBig: It is over the limit.
        """
        receive = self._take
        if receive is None:
            raise exchange.refuse_receiving(self)
        message = await receive()
        text: str | None = message.get("text")
        if text is None or len(text) > self._safe_length:
            return self._expect(message, str)
        return text

    async def receive_bytes(self) -> bytes:
        """Return the next message.

        Raises:
            UnsupportedData: It is text.
            MessageTooBig: It is over the limit.
        """
        receive = self._take
        if receive is None:
            raise exchange.refuse_receiving(self)
        return self._expect(await receive(), bytes)

    async def receive_data(self) -> Any:
        """Return the next message, `str` or `bytes`.

        Raises:
            MessageTooBig: It is over the limit.
        """
        receive = self._take
        if receive is None:
            raise exchange.refuse_receiving(self)
        return self._expect(await receive(), object)

    async def receive_json(self) -> Any:
        """Return the value of the next message, of either kind, read by the app's JSON decoder.

        Raises:
            InvalidPayload: It is no JSON.
            MessageTooBig: It is over the limit.
        """
        data = await self.receive_data()
        try:
            return self.place.decode(data.encode() if isinstance(data, str) else data)
        except ValueError as error:
            raise InvalidPayload("The message is not JSON.") from error

    def iter_text(self) -> AsyncIterator[str]:
        """Yield messages until the connection ends; each must be text."""
        return self._iterate(self.receive_text)

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """Yield messages until the connection ends; each must be binary."""
        return self._iterate(self.receive_bytes)

    def iter_json(self) -> AsyncIterator[Any]:
        """Yield the values of messages in JSON until the connection ends."""
        return self._iterate(self.receive_json)

    def __aiter__(self) -> "WebSocket[S]":
        return self

    async def __anext__(self) -> str | bytes:
        receive = self._take
        if receive is None:
            if not exchange.has_ended(self):
                raise exchange.refuse_receiving(self)
            raise StopAsyncIteration
        message = await receive()
        # PERF: `message.get` would be a call (row "WebSocket, 10 echoes").
        data: str | bytes | None = message["text"] if "text" in message else None  # noqa: SIM401
        if data is None or len(data) > self._safe_length:
            # PERF: the usual end, which is `exchange.note_disconnect` in this frame (row "WebSocket, 10 echoes").
            if self._take is not None and message["type"] == "websocket.disconnect":
                self._phase = _GONE
                self._take = self._text = None
                self.is_end_told = True
                self.end = message
                raise StopAsyncIteration
            data = self._read(message)
            if data is None:
                raise StopAsyncIteration
        return data

    async def close(self, code: int = CloseCode.NORMAL_CLOSURE, reason: str = "") -> None:
        """Close the connection; before it is accepted this denies it with a 403. A second time does nothing.

        Args:
            code: RFC 6455 §7.4; 4000–4999 are the app's own.
            reason: One sentence for the client, of at most 123 bytes.

        Raises:
            ValueError: *code* or *reason* cannot be sent.
        """
        check_close(code, reason)
        await self._receive_opening()
        if not exchange.has_ended(self):
            with suppress(WebSocketDisconnect):  # The client was faster.
                await self.send({"type": "websocket.close", "code": int(code), "reason": reason})

    async def go_away(self, code: int = CloseCode.GOING_AWAY, reason: str = "") -> None:
        """Close an open connection in the place of its handler, who meets a `WebSocketDisconnect` when it goes on."""
        if self.is_open:
            exchange.note_end(self, code, reason)
            await self.close(code, reason)

    async def _iterate(self, receive: Callable[[], Awaitable[T]]) -> AsyncIterator[T]:
        """Yield what *receive* gives until the connection ends."""
        if not self.is_open and not exchange.has_ended(self):
            raise exchange.refuse_receiving(self)
        with suppress(WebSocketDisconnect):
            while self.is_open:
                yield await receive()
