"""This file is an event loop in a thread of its own, which other threads hand work to.

The law of this file: the thread does not keep its owner alive, and nothing that runs on the loop can
end it but `close`.
"""

import asyncio
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from .frames import find_thread_place

T = TypeVar("T")

#: A loop that does not get round to a thing that takes no time within this time is blocked.
BLOCKED_SECONDS = 1.0
#: How long a loop may take to cancel what is left on it, and to end, with the threads it uses.
CLOSE_SECONDS = 5.0


class LoopBlocked(Exception):
    """The loop is stuck in code that does not await."""


class Call(Generic[T]):
    """One coroutine function on its way through the loop, and its result on the way back."""

    def __init__(self, function: Callable[..., Coroutine[Any, Any, T]], args: tuple[Any, ...]):
        self._function = function
        self._args = args
        self._task: asyncio.Task[None]
        self._result: list[T] = []
        self._error: BaseException | None = None
        # A bare lock hands over in two thirds of the time that asyncio.run_coroutine_threadsafe
        # and its two futures take.
        self._pending = threading.Lock()
        self._pending.acquire()

    def start(self) -> None:
        """Begin, on the loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def cancel(self) -> None:
        """Give up, on the loop, where `start` has run before."""
        self._task.cancel()

    def wait(self, limit_seconds: float | None) -> bool:
        """Wait for the end, in the thread of the caller, and tell whether it has come."""
        return self._pending.acquire(timeout=-1 if limit_seconds is None else limit_seconds)

    def take_result(self) -> T:
        """Return what the function returned.

        Raises:
            BaseException: What it raised.
        """
        error, self._error = self._error, None
        if error is None:
            return self._result[0]
        try:
            raise error
        finally:
            # Its traceback has this frame: with the name, the two would keep each other alive.
            del error

    async def _run(self) -> None:
        try:
            self._result.append(await self._function(*self._args))
        except BaseException as error:
            # All of them: a SystemExit would end the loop, and it is the caller who should see it.
            self._error = error
        finally:
            self._pending.release()


class LoopThread:
    """An event loop that turns in the background. It ends with `close`, or with its owner."""

    def __init__(self) -> None:
        #: The loop was found stuck; it may never end.
        self.is_blocked = False
        ready: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=run_loop, args=(ready,), name="yaat-testclient", daemon=True)
        self._thread.start()
        self._loop = ready.result()
        self._stop = weakref.finalize(self, stop_loop, self._loop)

    def call(
        self,
        function: Callable[..., Coroutine[Any, Any, T]],
        *args: Any,
        limit_seconds: float | None,
    ) -> T:
        """Run a coroutine function on the loop, in the context of the caller, and return its result.

        Args:
            function: The coroutine function.
            args: Its arguments.
            limit_seconds: How often to look whether the loop still turns. The function may take
                longer than that; `None` never looks.

        Raises:
            LoopBlocked: The loop does not turn.
            RuntimeError: The caller is on this very loop, and would wait for itself.
            BaseException: What *function* raised.
        """
        if threading.get_ident() == self._thread.ident:
            raise RuntimeError(
                "This client was used by its own app, on the loop that would have to answer it.\n"
                "Await an AsyncTestClient there, or use this one from another thread."
            )
        call = Call(function, args)
        self._loop.call_soon_threadsafe(call.start)
        try:
            while not call.wait(limit_seconds):
                self._check_turning()
        except BaseException:
            self._loop.call_soon_threadsafe(call.cancel)
            raise
        return call.take_result()

    def close(self) -> bool:
        """Cancel what is left on the loop, and tell whether its thread has ended.

        A blocked one is not waited for; it ends by itself when it turns again.
        """
        self._stop()
        self._thread.join(0 if self.is_blocked else CLOSE_SECONDS)
        return not self._thread.is_alive()

    def _check_turning(self) -> None:
        turn = threading.Event()
        self._loop.call_soon_threadsafe(turn.set)
        if not turn.wait(BLOCKED_SECONDS):
            self.is_blocked = True
            place = find_thread_place(self._thread.ident or 0)
            raise LoopBlocked(
                "The app blocks its event loop: nothing else can run.\n"
                f"It is at {place}\n"
                "Await there, or move the work to a thread: await asyncio.to_thread(...)."
            )


def run_loop(ready: "Future[asyncio.AbstractEventLoop]") -> None:
    """Run a loop until it is stopped, then end all that is left on it."""
    # A factory of its own leaves the policy's idea of the current loop alone.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        loop = runner.get_loop()
        ready.set_result(loop)
        loop.run_forever()


def stop_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Stop a loop from another thread."""
    with suppress(RuntimeError):  # It is closed already.
        loop.call_soon_threadsafe(loop.stop)
