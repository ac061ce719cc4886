"""This file is one HTTP exchange as the client lives it: begin, go on, end; all on the app's loop."""

import asyncio

from .exchange import HTTPExchange, Progress
from .options import Library
from .supervision import Supervision


class Conversation:
    """A request on its way, and its response.

    Args:
        supervision: The care for the call of the app.
        exchange: What is said in it.
        library: Where its exceptions come from.
        wait_for_background: Let `end` wait for an app that has answered.
    """

    def __init__(
        self,
        supervision: Supervision,
        exchange: HTTPExchange,
        library: Library,
        *,
        wait_for_background: bool,
    ) -> None:
        self.supervision = supervision
        self._run = supervision.run
        self._exchange = exchange
        self._library = library
        self._wait_for_background = wait_for_background

    @property
    def is_answered(self) -> bool:
        """Whether the response is complete."""
        return self._exchange.is_complete

    async def begin(self) -> Progress:
        """Call the app and return the first news of its response.

        Raises:
            BaseException: As in `advance`.
        """
        self._run.start()
        return await self.advance()

    async def feed(self, piece: bytes | None) -> Progress:
        """Give the app another piece of the request body, `None` at its end, and `advance`."""
        self._exchange.feed(piece)
        self._run.wake()
        return await self.advance()

    async def advance(self) -> Progress:
        """Wait for news and return them.

        Raises:
            ReadTimeout: The app said nothing within the limit. It has been ended.
            RemoteProtocolError: The app ended in the middle of its response.
            BaseException: What the app did wrong before that.
        """
        exchange = self._exchange
        limit = self.supervision.limit_seconds
        try:
            is_timely = await self._run.wait_until(exchange.has_news, limit)
        except asyncio.CancelledError:
            self.leave()
            raise
        if not is_timely:
            part = "no response" if exchange.head is None else "no more of its response"
            self.leave()
            await self.supervision.give_up(f"{self._run.name} got {part}", limit)
        if self._run.has_ended:
            exchange.want_no_body()
            if not exchange.has_news():
                self._replace()
        progress = exchange.take()
        # What the client has taken makes room for what the app wants to send next.
        self._run.wake()
        if progress.is_complete:
            self.supervision.settle_if_done()
        return progress

    async def end(self) -> None:
        """Wait for the app's work in the background, or go away in the middle of its response.

        Raises:
            ReadTimeout: The app went on beyond the limit after its response.
            BaseException: What it did wrong, if that has not been raised before.
        """
        if self.supervision.is_settled:
            return
        if not self._exchange.is_complete:
            self.leave()
            await self.supervision.go_away()
        elif self._wait_for_background or self._run.has_ended:
            await self.supervision.finish()

    async def abandon(self) -> None:
        """Go away in the middle and tell nothing: the test has trouble of its own."""
        self.leave()
        await self.supervision.abandon()

    def leave(self) -> None:
        """Let the app know that its client has gone."""
        self._exchange.leave()
        self._run.wake()

    def _replace(self) -> None:
        """Say what a server would say of an app that has ended too early."""
        self.supervision.report()
        if self._exchange.head is not None:
            raise self._library.RemoteProtocolError(f"The app ended in the middle of its response to {self._run.name}.")
        self._exchange.answer(500, "Internal Server Error")
