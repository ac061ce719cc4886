"""This file is one WebSocket as the client lives it: connect, talk, close; all on the app's loop."""

import asyncio

from .errors import ABNORMAL_CLOSURE, INTERNAL_ERROR, WebSocketDisconnect
from .supervision import Supervision
from .websocket_exchange import Accepted, Refused, WebSocketExchange


class WebSocketConversation:
    """A WebSocket to the app.

    Args:
        supervision: The care for the call of the app.
        exchange: What is said in it.
    """

    def __init__(self, supervision: Supervision, exchange: WebSocketExchange) -> None:
        self.supervision = supervision
        self._run = supervision.run
        self._exchange = exchange

    @property
    def is_answered(self) -> bool:
        """Whether the app has closed the connection."""
        return self._exchange.closed is not None

    async def connect(self) -> Accepted | Refused:
        """Call the app and return its answer to the handshake.

        Raises:
            ReadTimeout: It neither accepted nor refused within the limit. It has been ended.
            BaseException: What it did wrong before that.
        """
        self._run.start()
        exchange = self._exchange
        limit = self.supervision.limit_seconds
        try:
            is_timely = await self._run.wait_until(lambda: exchange.answer is not None, limit)
        except asyncio.CancelledError:
            self.leave(ABNORMAL_CLOSURE, "")
            raise
        if not is_timely:
            self.leave(ABNORMAL_CLOSURE, "")
            what = f"{self._run.name} was neither accepted nor refused"
            await self.supervision.give_up(what, limit)
        answer = exchange.answer
        if answer is None:
            self.supervision.report()
            answer = exchange.refuse(500, "Internal Server Error")
        if isinstance(answer, Refused):
            await self.supervision.finish()
        return answer

    async def receive(self, limit_seconds: float | None) -> str | bytes:
        """Return the next message of the app.

        Raises:
            WebSocketDisconnect: The app has closed the connection, and there is no more.
            ReadTimeout: It said nothing within the limit. It has been ended.
            BaseException: What it did wrong.
        """
        exchange = self._exchange
        if not await self._run.wait_until(exchange.has_message, limit_seconds):
            self.leave(ABNORMAL_CLOSURE, "")
            await self.supervision.give_up(f"{self._run.name} got no message", limit_seconds)
        data = exchange.next_sent()
        if data is None:
            raise self._make_disconnect()
        # The app may be waiting for the room that this has made.
        self._run.wake()
        return data

    async def say(self, data: str | bytes) -> None:
        """Send *data* to the app.

        Raises:
            WebSocketDisconnect: The connection is not open any more.
            BaseException: What the app did wrong.
        """
        if not self._exchange.is_open or self._run.has_ended:
            raise self._make_disconnect()
        self._exchange.say(data)
        self._run.wake()

    async def end(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection unless it is closed, and wait until the app has ended.

        Raises:
            BaseException: What the app did wrong, if that has not been raised before.
        """
        if self.supervision.is_settled:
            return
        if self._exchange.is_open:
            self.leave(code, reason)
            await self.supervision.go_away()
        else:
            await self.supervision.finish()

    def leave(self, code: int, reason: str) -> None:
        """Let the app know that its client has gone."""
        self._exchange.leave(code, reason)
        self._run.wake()

    def _make_disconnect(self) -> WebSocketDisconnect:
        self.supervision.report()
        closed = self._exchange.closed
        if closed is not None:
            return WebSocketDisconnect(closed.code, closed.reason)
        if self._run.error is not None:
            # What servers close with when the app raised.
            return WebSocketDisconnect(INTERNAL_ERROR)
        return WebSocketDisconnect(ABNORMAL_CLOSURE)
