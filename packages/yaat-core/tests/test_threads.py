"""Where blocking code runs, off the event loop."""

import asyncio
import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from yaat import Yaat
from yaat.threads import DEFAULT_MAX_THREADS, ThreadLimiter

from .asgi_driver import ask

CURRENT: ContextVar[str] = ContextVar("CURRENT", default="unset")


@pytest.fixture
def threads() -> Iterator[ThreadLimiter]:
    """Two threads."""
    limiter = ThreadLimiter("test", max_threads=2)
    yield limiter
    limiter.close()


async def test_function_runs_in_a_named_thread(threads: ThreadLimiter) -> None:
    """A function runs in a thread that has the name of the limiter."""
    thread = await threads.run(threading.current_thread)
    assert thread is not threading.current_thread()
    assert thread.name.startswith("yaat-test")


async def test_arguments_are_passed_and_the_result_comes_back(threads: ThreadLimiter) -> None:
    """A function gets its arguments, whatever their names are, and its result is returned."""
    assert await threads.run(lambda *args, **kwargs: (args, kwargs), 1, function=2) == ((1,), {"function": 2})


async def test_context_variables_are_those_of_the_caller(threads: ThreadLimiter) -> None:
    """A function sees the context variables of its caller; what it sets stays in its thread."""
    CURRENT.set("caller")

    def look_and_set() -> str:
        seen = CURRENT.get()
        CURRENT.set("thread")
        return seen

    assert await threads.run(look_and_set) == "caller"
    assert CURRENT.get() == "caller"


async def test_error_comes_back(threads: ThreadLimiter) -> None:
    """What a function raises is raised to its caller."""
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 // 0)


async def test_stop_iteration_comes_back_as_an_error(threads: ThreadLimiter) -> None:
    """StopIteration, which no coroutine can raise, comes back as a RuntimeError that names the function."""
    with pytest.raises(RuntimeError, match="next.* raised StopIteration"):
        await threads.run(next, iter([]))


async def test_no_more_run_at_once_than_the_limit(threads: ThreadLimiter) -> None:
    """Never more than the limit run at the same time; the others wait, and all are done in the end."""
    both = threading.Barrier(2)
    running: set[int] = set()
    most: list[int] = []

    def meet(number: int) -> None:
        running.add(number)
        both.wait(10)
        most.append(len(running))
        both.wait(10)
        running.discard(number)

    await asyncio.gather(*(threads.run(meet, number) for number in range(6)))
    assert len(most) == 6
    assert max(most) == 2


async def test_limiters_do_not_wait_for_each_other(threads: ThreadLimiter) -> None:
    """One purpose, one limiter: a full one leaves the others free."""
    other = ThreadLimiter("other", max_threads=1)
    may_end = threading.Event()
    blocked = [asyncio.ensure_future(threads.run(may_end.wait, 10)) for _ in range(2)]
    assert await other.run(lambda: "free") == "free"
    assert not any(task.done() for task in blocked)
    may_end.set()
    assert await asyncio.gather(*blocked) == [True, True]
    other.close()


async def test_closed_limiter_starts_anew(threads: ThreadLimiter) -> None:
    """Closing lets the threads go, more than once if need be; the next call starts new ones."""
    first = await threads.run(threading.current_thread)
    threads.close()
    threads.close()
    first.join(10)
    assert not first.is_alive()
    assert await threads.run(threading.current_thread) is not first


def test_opening_starts_no_thread(threads: ThreadLimiter) -> None:
    """Getting ready costs no thread, however often it is done."""
    before = threading.active_count()
    threads.open()
    threads.open()
    assert threading.active_count() == before


async def test_opened_limiter_runs_functions(threads: ThreadLimiter) -> None:
    """What was opened is what functions run in."""
    threads.open()
    assert (await threads.run(threading.current_thread)).name.startswith("yaat-test")


@pytest.mark.parametrize("max_threads", [0, -1])
def test_limit_is_at_least_one(max_threads: int) -> None:
    """Without a single thread nothing could ever run."""
    with pytest.raises(ValueError, match="'test' needs at least one thread, not"):
        ThreadLimiter("test", max_threads=max_threads)


def test_limit_of_an_app_can_be_chosen() -> None:
    """An app has a limit for its plain handlers, which can be chosen."""
    assert Yaat(autoload=False).threads.max_threads == DEFAULT_MAX_THREADS
    assert Yaat(autoload=False, max_threads=3).threads.max_threads == 3


def test_plain_handlers_run_in_threads() -> None:
    """A plain handler runs in a thread of the app."""
    app = Yaat(autoload=False)

    @app.get("/")
    def show() -> str:
        return threading.current_thread().name

    assert ask(app, "GET", "/").text.startswith("yaat-handlers")
    app.threads.close()


async def test_holders_do_not_wait_behind_those_who_wait_for_them(threads: ThreadLimiter) -> None:
    """What gives back a lock runs though every thread is taken by somebody who waits for that lock."""
    lock = threading.Lock()
    lock.acquire()
    waiting = [asyncio.ensure_future(threads.run(lock.acquire, timeout=10)) for _ in range(2)]
    thread = await threads.run_holding(threading.current_thread)
    assert thread.name.startswith("yaat-test-holding")
    await threads.run_holding(lock.release)
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    await threads.run_holding(lock.release)
    assert await asyncio.gather(*waiting) == [True, True]


# --- callers that are cancelled ---


async def begin(waiting: "asyncio.Task[object]", has_begun: threading.Event) -> None:
    """Cancel *waiting* when its function has begun."""
    await asyncio.to_thread(has_begun.wait, 10)
    waiting.cancel()
    for _ in range(10):
        await asyncio.sleep(0)


async def test_cancelled_caller_goes_on_at_once(threads: ThreadLimiter) -> None:
    """Whoever waits for `run` and is cancelled does not wait for the function, which ends by itself."""
    has_begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        has_begun.set()
        may_end.wait(10)

    waiting: asyncio.Task[object] = asyncio.create_task(threads.run(work))
    await begin(waiting, has_begun)
    assert waiting.cancelled()
    may_end.set()


@pytest.mark.parametrize("method", ["run_to_end", "run_holding", "run_leaving"])
async def test_cancelled_caller_waits_for_what_is_in_use(threads: ThreadLimiter, method: str) -> None:
    """Whoever holds something, or is about to, and is cancelled, even twice, waits for the function to end."""
    has_begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        has_begun.set()
        may_end.wait(10)

    waiting: asyncio.Task[object] = asyncio.create_task(getattr(threads, method)(work))
    await begin(waiting, has_begun)
    await begin(waiting, has_begun)
    assert not waiting.done()
    may_end.set()
    await asyncio.wait([waiting])
    assert waiting.cancelled()


@pytest.mark.parametrize(
    ("method", "is_called"), [("run", False), ("run_to_end", False), ("run_holding", False), ("run_leaving", True)]
)
async def test_cancelled_caller_gives_its_turn_up(threads: ThreadLimiter, method: str, is_called: bool) -> None:
    """A function that no thread has begun is not called for a caller who is gone, unless it leaves something."""
    called: list[int] = []
    may_end = threading.Event()
    run = threads.run if method in ("run", "run_to_end") else threads.run_holding
    busy = [asyncio.create_task(run(may_end.wait, 10)) for _ in range(threads.max_threads)]
    waiting = asyncio.create_task(getattr(threads, method)(called.append, 1))
    await asyncio.sleep(0)
    waiting.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
    assert waiting.cancelled() is not is_called
    may_end.set()
    await asyncio.wait([*busy, waiting])
    assert waiting.cancelled()
    await run(lambda: None)
    assert called == [1] * is_called


@pytest.mark.parametrize("method", ["run_to_end", "run_holding", "run_leaving"])
async def test_error_comes_back_to_holders_too(threads: ThreadLimiter, method: str) -> None:
    """What a function raises is raised to its caller, however it was called, but to one that is cancelled."""
    with pytest.raises(ZeroDivisionError):
        await getattr(threads, method)(lambda: 1 // 0)
    has_begun, may_end = threading.Event(), threading.Event()

    def fail() -> None:
        has_begun.set()
        may_end.wait(10)
        raise ZeroDivisionError

    waiting: asyncio.Task[object] = asyncio.create_task(getattr(threads, method)(fail))
    await begin(waiting, has_begun)
    may_end.set()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
