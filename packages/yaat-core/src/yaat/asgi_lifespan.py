"""This file is the lifespan of an ASGI app that is mounted: Yaat plays the server for it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from .asgi import ASGIApp, Message, call
from .exceptions import ConfigurationError
from .records import Lifespan

logger = logging.getLogger("yaat.lifespan")


@asynccontextmanager
async def run_lifespan(app: ASGIApp, state: dict[str, Any]) -> AsyncIterator[None]:
    """Start *app* up, and shut it down in the end (ASGI spec, "Lifespan Protocol").

    An app that raises or returns before it has answered does without a lifespan; that is its right. If it raises after
    it was told of the start-up, that is logged.

    Args:
        state: What the app may add to.

    Raises:
        ConfigurationError: It says that its start-up or shutdown failed.
    """
    exchange = _Exchange()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": state}
    task = asyncio.create_task(call(app, scope, exchange.receive, exchange.send))
    try:
        await exchange.ask("startup", task)
        try:
            yield
        finally:
            await exchange.ask("shutdown", task)
    finally:
        if not task.done():
            task.cancel()
        await asyncio.wait([task])
        _log_unanswered(app, task, exchange)


def _log_unanswered(app: ASGIApp, task: "asyncio.Task[None]", exchange: "_Exchange") -> None:
    """Log what *app* raised in the middle of its lifespan without a word; no one else would see it."""
    error = None if task.cancelled() else task.exception()
    if error is not None and exchange.is_begun and not exchange.has_failed:
        logger.warning("The lifespan of the mounted app %r broke off", app, exc_info=error)


class _Exchange:
    """The messages between Yaat as a server and the mounted app.

    Attributes:
        is_begun: The app has taken a message.
        has_failed: It has said that something failed.
    """

    def __init__(self) -> None:
        self.is_begun = False
        self.has_failed = False
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._answer: asyncio.Queue[Message] = asyncio.Queue()

    async def receive(self) -> Message:
        """Give the app its next message."""
        message = await self._to_app.get()
        self.is_begun = True
        return message

    async def send(self, message: Message) -> None:
        """Take what the app answers."""
        await self._answer.put(message)

    async def ask(self, phase: str, task: "asyncio.Task[None]") -> None:
        """Let the app do *phase*, and return when it has."""
        if task.done():
            return
        await self._to_app.put({"type": f"lifespan.{phase}"})
        answer = asyncio.create_task(self._answer.get())
        waited_for: set[asyncio.Task[Any]] = {answer, task}
        try:
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answer.cancel()
        if not answer.done():
            return
        message = answer.result()
        if message["type"] == f"lifespan.{phase}.failed":
            self.has_failed = True
            raise ConfigurationError(
                f"The mounted app's {phase} failed: {message.get('message') or 'it does not say why'}"
            )


def make_mounted_lifespan(app: ASGIApp, name: str) -> Lifespan:
    """Return the lifespan record of a mounted ASGI app; what it puts into its state joins that of the whole."""

    @asynccontextmanager
    async def context(_: Any) -> AsyncIterator[dict[str, Any]]:
        state: dict[str, Any] = {}
        async with run_lifespan(app, state):
            yield state

    return Lifespan(name=name, context=context)
