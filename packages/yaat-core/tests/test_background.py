"""Work that runs after the response."""

import asyncio
import logging
import threading
import weakref
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest

from yaat import Response, Yaat
from yaat.background import BackgroundRunner, BackgroundTask, BackgroundTasks, RunAfterResponse
from yaat.responses import StreamResponse, TextResponse
from yaat.threads import ThreadLimiter

from .asgi_driver import Life, call
from .asgi_exchange import Exchange, take_turns

CURRENT: ContextVar[str] = ContextVar("CURRENT", default="unset")


@pytest.fixture
def threads() -> Iterator[ThreadLimiter]:
    """Threads for plain functions."""
    limiter = ThreadLimiter("test")
    yield limiter
    limiter.close()


@pytest.fixture
def runner(threads: ThreadLimiter) -> BackgroundRunner:
    """A runner that waits for nobody in the end."""
    return BackgroundRunner(threads, grace_seconds=0)


async def fail() -> None:
    """Fail."""
    raise ValueError("It failed.")


# --- tasks ---


async def test_arguments_are_passed(runner: BackgroundRunner) -> None:
    """A task is a function with its arguments, whatever their names are."""
    seen: list[Any] = []

    async def work(*args: Any, **kwargs: Any) -> None:
        seen.append((args, kwargs))

    await runner.start(BackgroundTask(work, 1, function=2, self=3))
    assert seen == [((1,), {"function": 2, "self": 3})]


class Worker:
    """Callable objects, bound methods, and functions that only return something to await."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    async def __call__(self) -> None:
        self.note()

    async def work(self) -> None:
        """Note the thread, in a coroutine."""
        self.note()

    def note(self) -> None:
        """Note the thread."""
        self.threads.append(threading.current_thread())

    def start(self) -> Awaitable[None]:
        """Return something to await."""
        return self.work()


@pytest.mark.parametrize(
    "make",
    [lambda w: w, lambda w: w.work, lambda w: partial(w.work), lambda w: w.start],
    ids=["object", "method", "partial", "awaitable"],
)
async def test_asynchronous_functions_run_in_the_event_loop(make: Any, runner: BackgroundRunner) -> None:
    """Whatever gives something to await is awaited in the event loop."""
    worker = Worker()
    await runner.start(BackgroundTask(make(worker)))
    assert worker.threads == [threading.current_thread()]


async def test_plain_functions_run_in_threads_with_context_variables(runner: BackgroundRunner) -> None:
    """A plain function runs in a thread, with the context variables of the request."""
    seen: list[tuple[str, str]] = []
    CURRENT.set("set")
    await runner.start(BackgroundTask(lambda: seen.append((CURRENT.get(), threading.current_thread().name))))
    [(value, thread)] = seen
    assert value == "set"
    assert thread.startswith("yaat-test")


@pytest.mark.parametrize("function", [None, "send_mail", 7])
def test_task_needs_a_function(function: Any) -> None:
    """A task that is made of something else says how to write it."""
    with pytest.raises(TypeError, match=r"not .*Write BackgroundTask\(send_mail, address\), without calling"):
        BackgroundTask(function)


def test_task_is_named_after_its_function() -> None:
    """A task shows the name of its function; a callable object is shown as it is."""
    assert BackgroundTask(fail).name == "fail"
    assert repr(BackgroundTask(fail)) == "<BackgroundTask fail>"
    assert "Worker object at" in BackgroundTask(Worker()).name


def test_tasks_are_added() -> None:
    """Tasks are collected in their order, by either name of the method."""
    first = BackgroundTask(fail)
    tasks = BackgroundTasks([first])
    tasks.add(fail, 1)
    tasks.add_task(first)
    assert [task.args for task in tasks] == [(), (1,), ()]
    assert len(tasks) == 3


def test_task_has_its_arguments_already() -> None:
    """Arguments beside a ready-made task would be lost, so they are refused."""
    with pytest.raises(TypeError):
        BackgroundTasks().add(BackgroundTask(fail), 1)


# --- after the response ---


async def test_tasks_run_in_order_after_the_response() -> None:
    """Tasks run one after the other when the response has been sent."""
    done: list[str] = []
    app = Yaat(autoload=False)

    async def work(name: str) -> None:
        await asyncio.sleep(0)
        done.append(name)

    @app.get("/")
    async def show() -> RunAfterResponse:
        tasks = BackgroundTasks()
        tasks.add(work, "one")
        tasks.add(done.append, "two")
        tasks.add(work, "three")
        return RunAfterResponse({"a": 1}, tasks)

    exchange = Exchange()
    exchange.has_sent = lambda message: done.append(message["type"])
    await exchange.serve(app)
    assert exchange.body == b'{"a":1}'
    assert done == ["http.response.start", "http.response.body", "one", "two", "three"]


async def stream() -> AsyncIterator[bytes]:
    """Yield one part."""
    yield b"a"


@pytest.mark.parametrize(
    "make", [TextResponse, lambda text, background: StreamResponse(stream(), background=background)]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_response_has_its_background(make: Any, method: str) -> None:
    """A response of any kind takes its background work along, for HEAD too."""
    done: list[str] = []
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> Response:
        response: Response = make("a", background=BackgroundTask(done.append, "work"))
        return response

    await call(app, method, "/")
    assert done == ["work"]


async def test_middleware_can_add_background_work() -> None:
    """Middleware may give a response its background work."""
    done: list[str] = []

    class Noting:
        """Middleware that notes every response."""

        def process_response(self, request: Any, response: Response) -> None:
            """Add work."""
            response.background = BackgroundTask(done.append, request.path)

    app = Yaat(autoload=False, middleware=[Noting])
    await call(app, "GET", "/missing")
    assert done == ["/missing"]


@pytest.mark.parametrize("background", [fail, None, 7])
def test_work_of_another_kind_is_refused(background: Any) -> None:
    """What is no background work is refused where it is given, and the message says what to write."""
    with pytest.raises(TypeError, match=r"is no background work. Write BackgroundTask\(function, arguments\)"):
        RunAfterResponse("a", background)


@pytest.mark.parametrize("background", [fail, [fail], ["a"]])
async def test_runner_refuses_work_of_another_kind(background: Any, runner: BackgroundRunner) -> None:
    """What is no background work is refused as a whole, before any of it runs."""
    with pytest.raises(TypeError, match="is no background work"):
        runner.start(background)
    assert not runner.running


@pytest.mark.parametrize(
    "background", [print, [print], iter([BackgroundTask(print), 5]), 5], ids=["one", "list", "iterator", "5"]
)
async def test_a_response_with_work_of_another_kind_is_a_failure(
    background: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """It is answered and logged like any other, before anything is sent, and nothing of the work runs."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def index() -> Response:
        return TextResponse("never", background=background)

    answer = await call(app, "GET", "/")
    assert answer.status == 500
    (record,) = caplog.records
    assert "route / of the app" in record.getMessage()
    assert record.exc_info is not None
    assert "is no background work. Write BackgroundTask(" in str(record.exc_info[1])


async def test_background_work_may_come_from_an_iterator() -> None:
    """It is asked once."""
    app, done = Yaat(autoload=False), list[int]()

    @app.get("/")
    async def index() -> Response:
        return TextResponse("", background=(BackgroundTask(done.append, number) for number in (1, 2)))

    await call(app, "GET", "/")
    assert done == [1, 2]


async def test_background_work_survives_the_request() -> None:
    """A server that cancels the request during its background work does not cancel that work."""
    done: list[str] = []
    may_go_on = asyncio.Event()
    app = Yaat(autoload=False)

    async def work() -> None:
        await may_go_on.wait()
        done.append("work")

    @app.get("/")
    async def show() -> Response:
        return TextResponse("a", background=BackgroundTask(work))

    request = asyncio.create_task(call(app, "GET", "/"))
    await take_turns()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    may_go_on.set()
    await asyncio.wait(app.background.running)
    assert done == ["work"]


# --- failures ---


async def test_a_task_that_waits_for_what_others_have_cancelled_has_failed(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the next ones run; only whoever cancels the work itself stops them."""
    done: list[str] = []

    async def wait() -> None:
        other = asyncio.ensure_future(asyncio.Event().wait())
        asyncio.get_running_loop().call_soon(other.cancel)
        await other

    async def work() -> None:
        done.append("work")

    app = Yaat(autoload=False)
    await app.background.start(BackgroundTasks([BackgroundTask(wait), BackgroundTask(work)]))
    assert done == ["work"]
    assert "It waited for something that somebody else has cancelled." in caplog.text


async def test_failing_task_leaves_the_next_ones_running(caplog: pytest.LogCaptureFixture) -> None:
    """A task that fails is logged once, the next ones run, and the server learns nothing of it."""
    done: list[str] = []
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> RunAfterResponse:
        return RunAfterResponse("a", [BackgroundTask(fail), BackgroundTask(done.append, "next")])

    assert (await call(app, "GET", "/")).status == 200
    assert done == ["next"]
    [record] = caplog.records
    assert (record.name, record.getMessage()) == ("yaat.background", "The background task fail failed")
    assert record.exc_info is not None


async def test_error_hook_is_told() -> None:
    """The error hook of the app is called with the task and what it raised."""
    told: list[tuple[str, str]] = []

    async def tell(task: BackgroundTask, error: Exception) -> None:
        told.append((task.name, str(error)))

    def tell_plainly(task: BackgroundTask, error: Exception) -> None:
        told.append((task.name, f"plainly: {error}"))

    for hook in (tell, tell_plainly):
        app = Yaat(autoload=False, on_background_error=hook)
        await app.background.start(BackgroundTask(fail))
    assert told == [("fail", "It failed."), ("fail", "plainly: It failed.")]


async def test_error_hook_that_fails_is_logged(threads: ThreadLimiter, caplog: pytest.LogCaptureFixture) -> None:
    """An error hook that fails itself is logged, and the next tasks run all the same."""

    def break_down(task: BackgroundTask, error: Exception) -> None:
        raise RuntimeError("The hook failed.")

    done: list[str] = []
    runner = BackgroundRunner(threads, on_error=break_down)
    await runner.start([BackgroundTask(fail), BackgroundTask(done.append, "next")])
    assert done == ["next"]
    assert [record.getMessage() for record in caplog.records] == [
        "The background task fail failed",
        "The error hook for background tasks failed itself",
    ]


# --- what runs ---


async def wait_for_ever() -> None:
    """Wait for ever."""
    await asyncio.Event().wait()


async def test_running_work_is_listed_and_can_be_cancelled(runner: BackgroundRunner) -> None:
    """What runs is listed under the names of its functions, and ends when it is cancelled."""
    done: list[str] = []
    started = runner.start([BackgroundTask(wait_for_ever), BackgroundTask(done.append, "next")])
    [running] = runner.running
    assert running is started
    assert running.get_name().startswith("wait_for_ever, ")
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert done == []
    assert not runner.running


async def test_work_that_is_done_is_no_longer_listed(runner: BackgroundRunner) -> None:
    """Work that has ended is not listed any more."""
    await runner.start(BackgroundTask(take_turns))
    assert not runner.running


# --- the end ---


async def test_drain_waits_for_what_runs(threads: ThreadLimiter, caplog: pytest.LogCaptureFixture) -> None:
    """In the end what runs is waited for, and what it starts as well."""
    done: list[str] = []
    runner = BackgroundRunner(threads, grace_seconds=60)

    async def start_another() -> None:
        await take_turns()
        runner.start(BackgroundTask(done.append, "another"))

    runner.start(BackgroundTask(start_another))
    await runner.drain()
    assert (done, caplog.records) == (["another"], [])


async def test_drain_of_nothing_is_done(runner: BackgroundRunner) -> None:
    """Where nothing runs there is nothing to wait for."""
    await runner.drain()
    assert not runner.running


async def test_drain_cancels_what_is_late(runner: BackgroundRunner, caplog: pytest.LogCaptureFixture) -> None:
    """What has not ended after the grace period is cancelled, and its name is logged."""
    late = runner.start(BackgroundTask(wait_for_ever))
    await take_turns()
    await runner.drain()
    assert late.cancelled()
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "Background work was cancelled after 0 seconds: wait_for_ever"


async def test_drain_gives_up_on_work_that_does_not_end(
    runner: BackgroundRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that goes on when it is cancelled does not keep the app from ending."""
    monkeypatch.setattr("yaat.background.CANCEL_SECONDS", 0)
    may_end = asyncio.Event()

    async def persist() -> None:
        while not may_end.is_set():
            try:
                await may_end.wait()
            except asyncio.CancelledError:
                continue

    stubborn = runner.start(BackgroundTask(persist))
    await take_turns()
    await runner.drain()
    assert not stubborn.done()
    may_end.set()
    await stubborn


async def test_grace_begins_before_the_drain(runner: BackgroundRunner, caplog: pytest.LogCaptureFixture) -> None:
    """Work is cancelled when its grace is over, whether it had begun when the grace did, or began later."""
    before = runner.start(BackgroundTask(wait_for_ever))
    runner.begin_grace()
    after = runner.start(BackgroundTask(wait_for_ever))
    await asyncio.wait([before, after])
    assert (before.cancelled(), after.cancelled(), len(caplog.records)) == (True, True, 2)


async def test_work_that_ends_within_its_grace_is_left_alone(
    threads: ThreadLimiter, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is logged, and nothing holds it any more."""
    runner = BackgroundRunner(threads, grace_seconds=60)
    reference = weakref.ref(runner.start(BackgroundTask(take_turns)))
    runner.begin_grace()
    await take_turns(20)
    assert (reference(), caplog.records) == (None, [])


async def test_work_is_not_limited_when_the_app_runs_again(runner: BackgroundRunner) -> None:
    """A grace that is over is not that of the next run."""
    await runner.drain()
    work = runner.start(BackgroundTask(wait_for_ever))
    await take_turns()
    assert not work.done()
    work.cancel()


async def test_server_that_waits_for_requests_does_not_wait_for_ever() -> None:
    """A request ends when its background work is cancelled, and the server hears no error of that."""
    app = Yaat(autoload=False, background_grace_seconds=0)

    @app.get("/")
    async def show() -> Response:
        return TextResponse("a", background=BackgroundTask(wait_for_ever))

    request = asyncio.create_task(call(app, "GET", "/"))
    await take_turns()
    assert not request.done()
    app.background.begin_grace()
    assert (await request).text == "a"


async def test_app_waits_for_background_work_when_it_ends() -> None:
    """When the app is shut down it waits for background work, before anything that this may use is undone."""
    done: list[str] = []
    app = Yaat(autoload=False, background_grace_seconds=60, on_shutdown=[lambda: done.append("shutdown")])

    async def work() -> None:
        await app.stopping.wait()
        await take_turns()
        done.append("work")

    life = Life(app)
    await life.start()
    app.background.start(BackgroundTask(work))
    await life.stop()
    assert done == ["work", "shutdown"]
