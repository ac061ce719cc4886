"""This file is how the function of a dependency is called, be it of any kind: here or in a thread, entered and left."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from types import TracebackType
from typing import Any

from yaat.arguments import EXITS
from yaat.compilation import Respond
from yaat.handler import Handler, peel
from yaat.threads import ThreadLimiter

from .markers import Use


def find_context(use: Use, threads: ThreadLimiter) -> Callable[..., AbstractAsyncContextManager[Any]] | None:
    """Return what makes a context manager of a generator function, or `None` for a function of another kind."""
    layers = list(peel(use.function))
    kinds = [(inspect.isasyncgenfunction(each), inspect.isgeneratorfunction(each)) for each in layers]
    # A coroutine function gives what it likes, whatever it is around.
    decisive = [
        kind for each, kind in zip(layers, kinds, strict=True) if any(kind) or inspect.iscoroutinefunction(each)
    ]
    is_async, is_plain = decisive[0] if decisive else (False, False)
    is_settled = any(kinds[0])
    if is_async:
        return asynccontextmanager(layers[0] if is_settled else _settle_async(layers[0]))
    if not is_plain:
        return None
    make = contextmanager(layers[0] if is_settled else _settle(layers[0]))
    enter, leave = (threads.run_to_end, threads.run_leaving) if use.in_thread else (_run_here, _run_here)
    return lambda *args, **kwargs: _Threaded(make(*args, **kwargs), enter, leave)


def _settle(function: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """Return *function*, a decorator that gives a generator or a value, as a generator function."""

    def hold(*args: Any, **kwargs: Any) -> Iterator[Any]:
        result = function(*args, **kwargs)
        if inspect.isgenerator(result):
            with contextmanager(lambda: result)() as value:
                yield value
        else:
            yield result

    return hold


def _settle_async(function: Callable[..., Any]) -> Callable[..., AsyncIterator[Any]]:
    """Return the same for asynchronous generators."""

    async def hold(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        result = function(*args, **kwargs)
        if inspect.isasyncgen(result):
            async with asynccontextmanager(lambda: result)() as value:
                yield value
        else:
            yield result

    return hold


def make_call(use: Use, handler: Handler, threads: ThreadLimiter) -> Callable[..., Awaitable[Any]]:
    """Return what calls a function that is no generator, and gives something to await."""
    function: Callable[..., Any] = handler.function
    if handler.is_async:
        return function
    if not use.in_thread or isinstance(function, type):
        return make_async(function)

    async def call(*args: Any, **kwargs: Any) -> Any:
        return await threads.run(function, *args, **kwargs)

    return call


def make_async(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Return *function*, which never blocks, as one that gives something to await."""

    async def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call


def enter_context(respond: Respond) -> Respond:
    """Return what enters the context manager that *respond* gives; it is left when the handler is done."""

    async def enter(connection: Any) -> Any:
        stack: AsyncExitStack = connection.scope[EXITS]
        return await stack.enter_async_context(await respond(connection))

    return enter


class _Threaded:
    """A plain context manager, entered by *enter* and left by *leave*: in threads, or here.

    They are not the same threads, because what waits to enter may wait for somebody who wants to leave.
    """

    def __init__(
        self,
        context: AbstractContextManager[Any],
        enter: Callable[..., Awaitable[Any]],
        leave: Callable[..., Awaitable[Any]],
    ) -> None:
        self._context = context
        self._enter = enter
        self._leave = leave
        self._is_open = False

    async def __aenter__(self) -> Any:
        try:
            return await self._enter(self._open)
        except asyncio.CancelledError as error:
            # It was entered for nobody, who therefore would not leave it.
            if self._is_open:
                await self.__aexit__(type(error), error, error.__traceback__)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Any:
        return await self._leave(self._context.__exit__, kind, error, traceback)

    def _open(self) -> Any:
        """Enter the context manager."""
        value = self._context.__enter__()
        self._is_open = True
        return value


async def _run_here(function: Callable[..., Any], *args: Any) -> Any:
    """Return what *function* returns."""
    return function(*args)
