"""This file is the thread limiter: where blocking code runs, off the event loop, in a bounded number of threads."""

import asyncio
import concurrent.futures
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: What Starlette's users are used to: enough to hide slow I/O, few enough to spare memory.
DEFAULT_MAX_THREADS = 40


class ThreadLimiter:
    """Runs functions in threads of its own, never more than *max_threads* at once; the others wait their turn.

    One purpose, one limiter: slow handlers then cannot starve templates or files. Threads are started when needed.

    Args:
        name: Shown in thread names.
        max_threads: How many may run at the same time.
    """

    def __init__(self, name: str, *, max_threads: int = DEFAULT_MAX_THREADS) -> None:
        if max_threads < 1:
            raise ValueError(f"The thread limiter {name!r} needs at least one thread, not {max_threads!r}.")
        self.name = name
        self.max_threads = max_threads
        self._executor: Executor | None = None
        self._holding: Executor | None = None

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *function* returns, called in a thread with the caller's context variables.

        A caller that is cancelled goes on at once: a function that has begun ends by itself, another never begins.

        Raises:
            RuntimeError: *function* raised `StopIteration`, which cannot pass through a coroutine (PEP 479).
        """
        return await _start(self._open(), function, args, kwargs)

    async def run_to_end(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `run`, but let a caller that is cancelled wait for a function that has begun: it may hold something."""
        return await _run_to_end(self._open(), function, args, kwargs)

    async def run_holding(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `run_to_end`, in other threads: for callers who hold what those in `run` may wait for, such as a lock.

        They would wait for each other, were all threads taken by functions that wait.
        """
        return await _run_to_end(self._open_holding(), function, args, kwargs)

    async def run_leaving(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `run_holding` with a function that leaves what its caller holds: it is called in any case."""
        leaving = _start(self._open_holding(), function, args, kwargs)
        await finish(leaving)
        return leaving.result()

    def open(self) -> None:
        """Get ready what the first `run` would have to wait for; no thread is started yet."""
        self._open()

    def close(self) -> None:
        """Let running functions finish and the threads end; the next `run` starts anew."""
        for executor in filter(None, (self._executor, self._holding)):
            executor.shutdown(wait=False)
        self._executor = self._holding = None

    def _open(self) -> Executor:
        """Return the threads for everybody."""
        if self._executor is None:
            self._executor = self._make_threads("")
        return self._executor

    def _open_holding(self) -> Executor:
        """Return the threads for those who hold something."""
        if self._holding is None:
            self._holding = self._make_threads("-holding")
        return self._holding

    def _make_threads(self, suffix: str) -> Executor:
        """Return threads, none of which is started before it is needed; *suffix* ends their names."""
        # PERF: asked for here, for only now its module is imported (figure "import, CPU").
        return concurrent.futures.ThreadPoolExecutor(self.max_threads, thread_name_prefix=f"yaat-{self.name}{suffix}")


async def finish(work: "asyncio.Future[Any]") -> None:
    """Return when *work* is done, successful or not; being cancelled meanwhile is raised then, and not before."""
    cancelled: asyncio.CancelledError | None = None
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError as error:
            cancelled = error
    if not work.cancelled():
        work.exception()  # Where the caller is cancelled, nobody else will ask.
    if cancelled is not None:
        raise cancelled


def _start(
    executor: Executor, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
) -> "asyncio.Future[T]":
    """Return what *function* will return, called in a thread of *executor* with the caller's context variables."""
    call = partial(copy_context().run, _guard, function, args, kwargs)
    return asyncio.get_running_loop().run_in_executor(executor, call)


async def _run_to_end(
    executor: Executor, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
) -> T:
    """Return what *function* returns; whoever is cancelled waits for a function that has begun."""
    # Whether the future can be cancelled tells nothing of the thread. So there is a ticket, which only one can take:
    # the thread when it begins, or the caller who keeps it from that.
    tickets = [True]
    work = _start(executor, _begin, (tickets, function, args, kwargs), {})
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        if _take(tickets):
            work.cancel()
        else:
            await finish(work)
        raise


def _begin(tickets: list[bool], function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    """Return the result of *function*, unless its caller has taken the ticket."""
    if not _take(tickets):
        raise CancelledError
    return function(*args, **kwargs)


def _take(tickets: list[bool]) -> bool:
    """Return whether there was a ticket, which there is no more."""
    try:
        return tickets.pop()
    except IndexError:
        return False


def _guard(function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    """Return the result, with `StopIteration` turned into an error that a future can carry."""
    try:
        return function(*args, **kwargs)
    except StopIteration as error:
        raise RuntimeError(f"{function!r} raised StopIteration") from error
