"""This file is work that runs after the response: tasks in this process, without a queue or a broker."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Iterator
from inspect import iscoroutinefunction
from typing import Any, Protocol

from .cancellation import blame_other
from .threads import ThreadLimiter

logger = logging.getLogger("yaat.background")

#: How long `BackgroundRunner.drain` waits for work that was cancelled and does not end.
CANCEL_SECONDS = 1.0

#: Called with the task and what it raised.
ErrorHook = Callable[["BackgroundTask", Exception], Any]


class BackgroundTask:
    """One call to make after the response was sent.

    Args:
        function: A coroutine function, or a plain one, which runs in a thread.
        args: Passed to it.
        kwargs: Passed to it.
    """

    def __init__(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        if not callable(function):
            raise TypeError(
                f"A background task is made of a function and its arguments, not {function!r}. "
                "Write BackgroundTask(send_mail, address), without calling the function yourself."
            )
        self.function = function
        self.args = args
        self.kwargs = kwargs

    @property
    def name(self) -> str:
        """The function's qualified name."""
        return getattr(self.function, "__qualname__", repr(self.function))

    def __iter__(self) -> Iterator["BackgroundTask"]:
        yield self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class BackgroundTasks:
    """Several calls to make after the response, one after the other; one that fails leaves the next running.

    Args:
        tasks: What it starts with.
    """

    def __init__(self, tasks: Iterable[BackgroundTask] = ()) -> None:
        self._tasks = list(tasks)

    def add(self, function: Any, /, *args: Any, **kwargs: Any) -> None:
        """Add a call.

        Args:
            function: A function, called with the other arguments; or a `BackgroundTask`, which has them already.
        """
        if isinstance(function, BackgroundTask) and not (args or kwargs):
            self._tasks.append(function)
        else:
            self._tasks.append(BackgroundTask(function, *args, **kwargs))

    #: The name that users of Starlette know.
    add_task = add

    def __iter__(self) -> Iterator[BackgroundTask]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)


class HasBackground(Protocol):
    """What `RunAfterResponse` needs of a response."""

    background: Any


class RunAfterResponse:
    """A response together with what to run after it; returned by a handler in place of the response.

    Args:
        response: What to answer: a response, or any value a handler may return.
        background: A `BackgroundTask`, `BackgroundTasks`, or any iterable of tasks.

    Raises:
        TypeError: *background* is none of these.
    """

    __slots__ = ("background", "response")

    def __init__(self, response: Any, background: Iterable[BackgroundTask]) -> None:
        if not isinstance(background, Iterable):
            raise TypeError(_explain(background))
        self.response = response
        self.background = background


class BackgroundRunner:
    """What runs the background tasks of one app: isolated from each other, listed, cancellable, waited for at the end.

    Args:
        threads: Where plain functions run.
        on_error: Called with a task and what it raised, after that was logged.
        grace_seconds: How long work may go on when the app stops; then it is cancelled.
    """

    def __init__(
        self,
        threads: ThreadLimiter,
        *,
        on_error: ErrorHook | None = None,
        grace_seconds: float = 5.0,
    ) -> None:
        self.on_error = on_error
        self.grace_seconds = grace_seconds
        self._threads = threads
        self._running: set[asyncio.Task[None]] = set()
        self._is_ending = False
        #: When the last work is cancelled, on the clock of the event loop.
        self._end = math.inf

    @property
    def running(self) -> frozenset["asyncio.Task[None]"]:
        """What runs now: one `asyncio.Task` for each response with background work; cancel it to stop that work."""
        return frozenset(self._running)

    def start(self, background: Any) -> "asyncio.Task[None]":
        """Return a new `asyncio.Task` that runs the tasks of *background* in their order.

        Args:
            background: A `BackgroundTask`, `BackgroundTasks`, or any iterable of tasks.

        Raises:
            TypeError: *background* is something else.
        """
        tasks = list_tasks(background)
        runner = asyncio.create_task(self._run_all(tasks), name=", ".join(task.name for task in tasks))
        self._running.add(runner)
        runner.add_done_callback(self._running.discard)
        if self._is_ending:
            self._limit(runner)
        return runner

    def begin_grace(self) -> None:
        """Give what runs, and what is started from now on, `grace_seconds` each; then cancel it and log its name.

        Servers wait for the requests that have started it, and send no shutdown before.
        """
        if not self._is_ending:
            self._is_ending = True
            for runner in self._running:
                self._limit(runner)

    async def drain(self) -> None:
        """Wait for everything that runs, `grace_seconds` at most, and for what is cancelled then."""
        self.begin_grace()
        clock = asyncio.get_running_loop().time
        self._end = clock() + self.grace_seconds
        while self._running:
            left = max(0, self._end + CANCEL_SECONDS - clock())
            done, _ = await asyncio.wait(self._running, timeout=left)
            if not done:
                break
        self._is_ending, self._end = False, math.inf

    def _limit(self, runner: "asyncio.Task[None]") -> None:
        """Cancel *runner* when its grace is over."""
        loop = asyncio.get_running_loop()
        timer = loop.call_at(min(loop.time() + self.grace_seconds, self._end), self._cancel, runner)
        runner.add_done_callback(lambda _: timer.cancel())

    def _cancel(self, runner: "asyncio.Task[None]") -> None:
        """Cancel *runner*, and log its name."""
        name = runner.get_name()
        logger.warning("Background work was cancelled after %s seconds: %s", self.grace_seconds, name)
        runner.cancel()

    async def _run_all(self, tasks: list[BackgroundTask]) -> None:
        """Run *tasks* one after the other."""
        for task in tasks:
            try:
                await self._call(task.function, *task.args, **task.kwargs)
            except Exception as error:
                await self._report(task, error)
            except asyncio.CancelledError:
                await self._report(task, blame_other())

    async def _report(self, task: BackgroundTask, error: Exception) -> None:
        """Log what *task* raised and tell the error hook."""
        logger.error("The background task %s failed", task.name, exc_info=error)
        if self.on_error is None:
            return
        try:
            await self._call(self.on_error, task, error)
        except Exception:
            logger.exception("The error hook for background tasks failed itself")

    async def _call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Call *function*: awaited when it is asynchronous, in a thread when it is not."""
        if iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004  # asks what calling gives, not whether
            await function(*args, **kwargs)
            return
        result = await self._threads.run(function, *args, **kwargs)
        if isinstance(result, Awaitable):
            await result


def list_tasks(background: Any) -> list[BackgroundTask]:
    """Return the tasks of what a response may have as background work.

    Raises:
        TypeError: It is none.
    """
    tasks = list(background) if isinstance(background, Iterable) else [background]
    for task in tasks:
        if not isinstance(task, BackgroundTask):
            raise TypeError(_explain(task))
    return tasks


def _explain(background: object) -> str:
    """Return the message for an object that is no background work."""
    return (
        f"{background!r:.200} is no background work. "
        "Write BackgroundTask(function, arguments), or a BackgroundTasks of several."
    )
