"""This file is the thread limiter: where blocking code runs, off the event loop, in a bounded number of threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

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
        self._executor: ThreadPoolExecutor | None = None
        self._holding: ThreadPoolExecutor | None = None

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *function* returns, called in a thread with the caller's context variables.

        Raises:
            RuntimeError: *function* raised `StopIteration`, which cannot pass through a coroutine (PEP 479).
        """
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self.max_threads, thread_name_prefix=f"yaat-{self.name}")
        return await _run_in(self._executor, function, args, kwargs)

    async def run_holding(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `run`, in other threads: for callers who hold what those in `run` may be waiting for, such as a lock.

        They would wait for each other, were all threads taken by functions that wait.
        """
        if self._holding is None:
            self._holding = ThreadPoolExecutor(self.max_threads, thread_name_prefix=f"yaat-{self.name}-holding")
        return await _run_in(self._holding, function, args, kwargs)

    def close(self) -> None:
        """Let running functions finish and the threads end; the next `run` starts anew."""
        for executor in filter(None, (self._executor, self._holding)):
            executor.shutdown(wait=False)
        self._executor = self._holding = None


async def _run_in(
    executor: ThreadPoolExecutor, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
) -> T:
    """Return what *function* returns, called in a thread of *executor* with the caller's context variables."""
    call = partial(copy_context().run, _guard, function, args, kwargs)
    result: T = await asyncio.get_running_loop().run_in_executor(executor, call)
    return result


def _guard(function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    """Return the result, with `StopIteration` turned into an error that a future can carry."""
    try:
        return function(*args, **kwargs)
    except StopIteration as error:
        raise RuntimeError(f"{function!r} raised StopIteration") from error
