"""This file is one call of an app: its task, its `receive` and `send`, where it stands, how it ended."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .asgi import ASGIApp, Message, Scope
from .bell import Bell
from .errors import ClientDisconnected
from .exchange import Exchange
from .frames import find_waiting_place
from .referee import Referee, describe_connection

#: How long an app may take to notice that its client has left, if it looks for that at all.
NOTICE_SECONDS = 1.0
#: How long an app may take to end when it is cancelled; beyond that it ignores cancellation.
CANCEL_SECONDS = 1.0

#: Which call a task belongs to; tasks that the app starts inherit it.
current_run: ContextVar["AppRun"] = ContextVar("current_run")


class AppRun:
    """An app at work on one connection.

    Args:
        app: The app.
        scope: What it is called with.
        exchange: What is said on the connection.
        strict: Hold every message against the specification.
    """

    def __init__(self, app: ASGIApp, scope: Scope, exchange: Exchange, *, strict: bool) -> None:
        self.name = describe_connection(scope)
        self.has_ended = False
        #: What the app raised.
        self.error: BaseException | None = None
        self._app = app
        self._scope = scope
        self._exchange = exchange
        self._referee = Referee(scope) if strict else None
        self._bell = Bell()
        self._waits: list[str] = []
        self._was_cancelled = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Call the app, in a task of its own."""
        self._task = asyncio.get_running_loop().create_task(self._call(), name=self.name)

    def wake(self) -> None:
        """Let the app and the client look at the exchange again."""
        self._bell.ring()

    async def wait_until(self, is_ready: Callable[[], bool], limit_seconds: float | None) -> bool:
        """Wait until something is so, or the app has ended.

        Returns:
            Whether it came to that within the limit.
        """
        try:
            async with asyncio.timeout(limit_seconds):
                while not (is_ready() or self.has_ended):
                    await self._bell.wait()
        except TimeoutError:
            return False
        return True

    async def wait_end(self, limit_seconds: float | None) -> bool:
        """Wait until the app has ended, and tell whether it has."""
        return await self.wait_until(lambda: False, limit_seconds)

    async def dismiss(self, limit_seconds: float | None) -> str:
        """End an app whose client has left.

        An app that notices gets *limit_seconds* to end by itself; another is cancelled.

        Returns:
            What it was doing when it had to be cancelled; an empty text if it ended by itself.
        """
        self.wake()
        await self.wait_until(lambda: self._exchange.has_noticed, NOTICE_SECONDS)
        if self._exchange.has_noticed:
            await self.wait_end(limit_seconds)
        return "" if self.has_ended else await self.cancel()

    async def cancel(self) -> str:
        """Cancel the app, and return what it was doing."""
        description = self.describe()
        if self._task is not None and not self.has_ended:
            self._was_cancelled = True
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=CANCEL_SECONDS)
            if not self.has_ended:
                description += "\nIt was cancelled, and ignores it: its task is left behind."
        return description

    def find_failure(self, *, with_errors: bool) -> BaseException | None:
        """Return what the app did wrong.

        Args:
            with_errors: Whether what it raised counts, or only violations of the specification.
        """
        if self._referee is not None and self._referee.violation is not None:
            # Even if the app has caught it, and whatever came of that.
            return self._referee.violation
        return self._find_error() if with_errors else None

    def _find_error(self) -> BaseException | None:
        errors: list[BaseException] = [*self._scope.get("extensions", {}).get("yaat.unhandled", ())]
        if self.error is not None and not any(self.error is hidden for hidden in errors):
            errors.append(self.error)
        found = [error for error in errors if not self._is_excused(error)]
        if not found:
            return None
        if len(found) > 1:
            return BaseExceptionGroup(f"The app failed more than once in {self.name}", found)
        if isinstance(found[0], asyncio.CancelledError):
            # Raised as it is, it would cancel the test.
            error = RuntimeError(f"The app cancelled its own task in {self.name}.")
            error.__cause__ = found[0]
            return error
        return found[0]

    def describe(self) -> str:
        """Return in words what the app is doing, and the lines at which it waits."""
        lines = [f"It awaits {wait}." for wait in self._waits]
        if self._task is not None:
            waiting = [self._task.get_coro(), *self._find_children()]
            places = map(find_waiting_place, waiting)
            lines += [f"It waits at {place}" for place in places if place is not None]
        return "\n".join(lines)

    async def _call(self) -> None:
        current_run.set(self)
        try:
            # What an app returns is to be checked, whatever its annotation promises.
            value: object = await self._app(  # type: ignore[func-returns-value]
                self._scope, self._receive, self._send
            )
            if self._referee is not None:
                self._referee.returned(value)
        except BaseException as error:
            # All of them: a SystemExit would end the loop, and it is the test that should see it.
            self.error = error
        finally:
            self.has_ended = True
            self._bell.ring()

    async def _receive(self) -> Message:
        while (message := self._exchange.next_given()) is None:
            self._bell.ring()
            with self._waiting(f"receive(): {self._exchange.describe_next()}"):
                await self._bell.wait()
        if self._exchange.has_noticed:
            self._bell.ring()
        if self._referee is not None:
            self._referee.given(message)
        return message

    async def _send(self, message: Message) -> None:
        self._refuse_if_left()
        if self._referee is not None:
            self._referee.sent(message)
        while self._exchange.holds_back(message):
            with self._waiting("send(): the client has not read what was sent before"):
                await self._bell.wait()
            self._refuse_if_left()
        self._exchange.apply_sent(message)
        self._bell.ring()

    def _refuse_if_left(self) -> None:
        if self._exchange.has_left:
            self._exchange.has_noticed = True
            self._bell.ring()
            raise ClientDisconnected(f"The client of {self.name} has left.")

    @contextmanager
    def _waiting(self, words: str) -> Iterator[None]:
        self._waits.append(words)
        try:
            yield
        finally:
            self._waits.remove(words)

    def _find_children(self) -> Iterator[Any]:
        for task in asyncio.all_tasks():
            # Before Python 3.12 a task does not show its context; there only the app's own task is
            # described.
            context = task.get_context() if hasattr(task, "get_context") else {}
            if task is not self._task and context.get(current_run) is self:
                yield task.get_coro()

    def _is_excused(self, error: BaseException) -> bool:
        if isinstance(error, asyncio.CancelledError):
            return self._was_cancelled
        return self._exchange.has_left and stems_from_leaving(error)


def stems_from_leaving(error: BaseException) -> bool:
    """Tell whether *error* says nothing but that the client has left.

    It is what `send` raised, or what a framework made of it: frameworks raise a "disconnect" of
    their own in its place, not all of them with ``from``.
    """
    if isinstance(error, ClientDisconnected):
        return True
    if isinstance(error, BaseExceptionGroup):
        return all(map(stems_from_leaving, error.exceptions))
    origin = error.__cause__
    if "disconnect" in type(error).__name__.lower():
        origin = origin or error.__context__
    return origin is not None and stems_from_leaving(origin)
