"""An event loop in a thread of its own."""

import asyncio
import contextvars
import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from yaat_testclient.loop_thread import LoopBlocked, LoopThread


@pytest.fixture
def loop_thread() -> Iterator[LoopThread]:
    """A loop that is closed after the test."""
    thread = LoopThread()
    yield thread
    assert thread.close()


async def double(number: int) -> int:
    """Return twice the number."""
    await asyncio.sleep(0)
    return number * 2


async def fail(error: BaseException) -> None:
    """Raise *error*."""
    raise error


def test_a_result_comes_back(loop_thread: LoopThread) -> None:
    """A coroutine function runs on the loop, with its arguments."""
    assert loop_thread.call(double, 21, limit_seconds=5) == 42


@pytest.mark.parametrize("error", [ValueError(), TimeoutError(), SystemExit(), KeyboardInterrupt()], ids=repr)
def test_an_exception_comes_back_and_the_loop_lives_on(loop_thread: LoopThread, error: BaseException) -> None:
    """Not even a SystemExit ends the thread."""
    with pytest.raises(type(error)) as caught:
        loop_thread.call(fail, error, limit_seconds=5)
    assert caught.value is error
    assert loop_thread.call(double, 1, limit_seconds=5) == 2


def test_the_context_of_the_caller_is_seen(loop_thread: LoopThread) -> None:
    """Context variables of the test reach the app."""
    variable = contextvars.ContextVar[int]("variable")
    variable.set(7)

    async def read() -> int:
        return variable.get()

    assert loop_thread.call(read, limit_seconds=5) == 7


def test_the_loop_turns_between_the_calls(loop_thread: LoopThread) -> None:
    """What an app has started goes on by itself."""
    done = threading.Event()

    async def start() -> None:
        asyncio.get_running_loop().call_later(0, done.set)

    loop_thread.call(start, limit_seconds=5)
    assert done.wait(5)


def test_a_call_may_take_longer_than_the_limit(loop_thread: LoopThread) -> None:
    """The limit says only how often to look whether the loop turns."""
    assert loop_thread.call(asyncio.sleep, 0.05, "late", limit_seconds=0.01) == "late"


def test_a_call_without_limit_is_waited_for(loop_thread: LoopThread) -> None:
    """So a debugger can be used."""
    assert loop_thread.call(double, 1, limit_seconds=None) == 2


def test_a_blocked_loop_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that does not await is found, and its thread is not waited for."""
    monkeypatch.setattr("yaat_testclient.loop_thread.BLOCKED_SECONDS", 0.05)
    release = threading.Event()

    async def block() -> None:
        release.wait()  # not awaited

    thread = LoopThread()
    with pytest.raises(LoopBlocked) as caught:
        thread.call(block, limit_seconds=0.01)
    assert f"{__file__}:" in str(caught.value)
    assert "# not awaited" in str(caught.value)
    assert not thread.close()
    release.set()


def test_the_loop_cannot_wait_for_itself(loop_thread: LoopThread) -> None:
    """A client that its own app uses would wait for ever."""

    async def call_again() -> None:
        loop_thread.call(double, 1, limit_seconds=5)

    with pytest.raises(RuntimeError, match="used by its own app"):
        loop_thread.call(call_again, limit_seconds=5)


def test_an_interrupted_call_is_cancelled(loop_thread: LoopThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the test ends what the test was waiting for."""
    cancelled = threading.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loop_thread, "_check_turning", interrupt)
    with pytest.raises(KeyboardInterrupt):
        loop_thread.call(wait, limit_seconds=0.01)
    assert cancelled.wait(5)


def test_closing_cancels_what_is_left() -> None:
    """No task survives its loop."""
    tasks: list[asyncio.Task[None]] = []

    async def start() -> None:
        tasks.append(asyncio.create_task(asyncio.sleep(3600)))

    thread = LoopThread()
    thread.call(start, limit_seconds=5)
    assert thread.close()
    assert tasks[0].cancelled()


def test_closing_again_does_nothing() -> None:
    """The thread is gone already."""
    thread = LoopThread()
    assert thread.close()
    assert thread.close()


def test_a_forgotten_loop_ends_with_its_owner() -> None:
    """A client that nobody closed leaves no thread either."""
    owner = LoopThread()
    [thread] = [thread for thread in threading.enumerate() if thread.name == "yaat-testclient"]
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None
    thread.join(5)
    assert not thread.is_alive()


def test_a_loop_that_died_on_its_own_can_be_closed() -> None:
    """Closing it is no error."""

    async def die() -> None:
        asyncio.get_running_loop().stop()

    thread = LoopThread()
    thread.call(die, limit_seconds=5)
    while thread._thread.is_alive():
        time.sleep(0)
    assert thread.close()
