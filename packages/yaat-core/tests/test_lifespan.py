"""What is entered before the first request and left after the last."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import pytest

from yaat import Plugin, Request, Router, Yaat, hookimpl
from yaat.asgi import Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.exceptions import AppBuilt, ConfigurationError
from yaat.lifespan import LifespanRunner, describe, make_callbacks_lifespan, make_user_lifespan, refuse_startup
from yaat.records import Lifespan
from yaat.threads import ThreadLimiter

from .asgi_driver import Life, call
from .asgi_exchange import Exchange, take_turns

COMPLETE = [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


class Diary:
    """What has happened, and lifespans that write there."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def make(self, name: str, yielded: Any = None, *, fails_in: str = "") -> Lifespan:
        """Return a lifespan that notes when it is entered and left.

        Args:
            yielded: What it yields.
            fails_in: `enter` or `leave`.
        """

        @asynccontextmanager
        async def context(app: Any) -> AsyncIterator[Any]:
            if fails_in == "enter":
                raise RuntimeError(f"{name} does not start")
            self.entries.append(f"enter {name}")
            try:
                yield yielded
            finally:
                self.entries.append(f"leave {name}")
                if fails_in == "leave":
                    raise RuntimeError(f"{name} does not end")

        return Lifespan(name=name, context=context)

    def note(self, entry: str) -> Callable[[], None]:
        """Return a plain function that makes an entry."""
        return partial(self.entries.append, entry)


@pytest.fixture
def diary() -> Diary:
    """An empty diary."""
    return Diary()


def make_runner(*lifespans: Lifespan) -> LifespanRunner:
    """Return what runs *lifespans*, for no app in particular."""
    return LifespanRunner(None, lifespans, lambda: None)


# --- order ---


async def test_lifespans_are_left_in_reverse(diary: Diary) -> None:
    """Lifespans are entered in their order and left in reverse, each once."""
    life = Life(make_runner(diary.make("one"), diary.make("two")))
    assert [await life.start(), await life.stop()] == COMPLETE
    assert diary.entries == ["enter one", "enter two", "leave two", "leave one"]


async def test_lifespans_are_held_until_the_shutdown(diary: Diary) -> None:
    """Nothing is left before the server asks for the shutdown."""
    life = Life(make_runner(diary.make("one")))
    await life.start()
    await take_turns()
    assert diary.entries == ["enter one"]
    assert await life.stop() == COMPLETE[1]


async def test_lifespans_wait_for_the_startup(diary: Diary) -> None:
    """Nothing is entered before the server asks for the start-up."""
    exchange = Exchange(is_complete=False)
    serving = asyncio.create_task(make_runner(diary.make("one"))({"type": "lifespan"}, exchange.receive, exchange.send))
    await take_turns()
    assert diary.entries == []
    serving.cancel()


class Database(Plugin):
    """A plugin with a lifespan."""

    name = "database"

    def __init__(self, diary: Diary) -> None:
        self.diary = diary

    @hookimpl
    def yaat_register_lifespans(self, app: Any) -> list[Lifespan]:
        """Give one."""
        return [self.diary.make("plugin", {"db": "database"})]


async def test_all_kinds_of_lifespan_compose(diary: Diary) -> None:
    """Those of plugins come first, then that of the app, then its functions; all is undone in reverse."""

    async def lifespan(app: Yaat) -> AsyncIterator[Mapping[str, Any]]:
        diary.entries.append("enter app")
        yield {"cache": "cache"}
        diary.entries.append("leave app")

    app = Yaat(
        autoload=False,
        plugins=[Database(diary)],
        lifespan=lifespan,
        on_startup=[diary.note("startup")],
        on_shutdown=[diary.note("shutdown")],
    )
    life = Life(app)
    assert [await life.start(), await life.stop()] == COMPLETE
    assert diary.entries == ["enter plugin", "enter app", "startup", "shutdown", "leave app", "leave plugin"]
    assert life.state == {"db": "database", "cache": "cache"}


async def test_app_can_be_started_again(diary: Diary) -> None:
    """An app that was shut down can be started again, and runs all of it once more."""
    app = Yaat(autoload=False, on_startup=[diary.note("startup")], on_shutdown=[diary.note("shutdown")])
    for _ in range(2):
        life = Life(app)
        assert [await life.start(), await life.stop()] == COMPLETE
    assert diary.entries == ["startup", "shutdown"] * 2


async def test_server_may_leave_out_the_state(diary: Diary) -> None:
    """A server that has no state in its scope runs the lifespan as well."""
    exchange = Exchange(is_complete=False)
    for phase in ("startup", "shutdown"):
        exchange.tell({"type": f"lifespan.{phase}"})
    await make_runner(diary.make("one", {"db": 1}))({"type": "lifespan"}, exchange.receive, exchange.send)
    assert exchange.sent == COMPLETE


async def test_lifespan_is_left_when_the_server_is_stopped_by_force(diary: Diary) -> None:
    """When the server cancels the lifespan, everything is left, functions included."""
    shutdown = make_callbacks_lifespan([], [diary.note("shutdown")], ThreadLimiter("test"))
    life = Life(make_runner(diary.make("one"), shutdown))
    await life.start()
    await life.abort()
    assert diary.entries == ["enter one", "shutdown", "leave one"]


# --- state ---


async def test_requests_see_what_lifespans_yield() -> None:
    """What lifespans yield is the state of every request; what a request adds stays with it."""

    async def lifespan(app: Yaat) -> AsyncIterator[Mapping[str, Any]]:
        yield {"db": "database"}

    app = Yaat(autoload=False, lifespan=lifespan)

    @app.get("/")
    async def show(request: Request[Any]) -> str:
        request.state.user = "alice"
        return f"{request.state.db} {len(request.state)}"

    life = Life(app)
    await life.start()
    for _ in range(2):
        # A server gives each request a copy (ASGI spec, "Lifespan State").
        answer = await call(app, "GET", "/", scope={"state": life.state.copy()})
        assert answer.text == "database 2"
    assert life.state == {"db": "database"}
    await life.stop()


@pytest.mark.parametrize("yielded", ["db", 7, ["db"]])
async def test_lifespan_yields_a_mapping(diary: Diary, yielded: Any) -> None:
    """A lifespan that yields something else than a mapping is told what to yield; what was entered is left."""
    answer = await Life(make_runner(diary.make("one", yielded))).start()
    assert answer["type"] == "lifespan.startup.failed"
    assert f"The lifespan 'one' of the app yielded {yielded!r}. Yield a mapping" in answer["message"]
    assert diary.entries == ["enter one", "leave one"]


async def test_lifespans_do_not_overwrite_each_other(diary: Diary) -> None:
    """Two lifespans that yield the same name are a mistake, told with name and owner."""
    answer = await Life(make_runner(diary.make("one", {"db": 1}), diary.make("two", {"db": 2, "a": 1}))).start()
    assert answer["type"] == "lifespan.startup.failed"
    assert "The lifespan 'two' of the app yielded 'db', which the state has already." in answer["message"]


# --- failures ---


async def test_failed_startup_tells_the_reason_and_whose_it_is(diary: Diary, caplog: pytest.LogCaptureFixture) -> None:
    """A start-up that fails is undone, and the server is told what was raised, where, and by whom."""
    life = Life(make_runner(diary.make("one"), diary.make("two", fails_in="enter"), diary.make("three")))
    answer = await life.start()
    await life.end()
    assert answer["type"] == "lifespan.startup.failed"
    first, *lines = answer["message"].splitlines()
    assert first == "RuntimeError: two does not start Raised by the lifespan 'two' of the app."
    assert lines[0] == "Traceback (most recent call last):"
    assert any("test_lifespan.py" in line for line in lines)
    assert diary.entries == ["enter one", "leave one"]
    [record] = caplog.records
    assert (record.name, record.levelno, record.getMessage()) == (
        "yaat.lifespan",
        logging.ERROR,
        "The startup failed",
    )


async def test_failed_shutdown_leaves_the_rest(diary: Diary, caplog: pytest.LogCaptureFixture) -> None:
    """A lifespan that fails when it is left does not keep the others from being left, and the server is told."""
    life = Life(make_runner(diary.make("one"), diary.make("two", fails_in="leave"), diary.make("three")))
    await life.start()
    answer = await life.stop()
    assert answer["type"] == "lifespan.shutdown.failed"
    assert answer["message"].startswith("RuntimeError: two does not end Raised by the lifespan 'two' of the app.")
    assert diary.entries[-3:] == ["leave three", "leave two", "leave one"]
    assert [record.getMessage() for record in caplog.records] == ["The shutdown failed"]


class PassOn(AbstractAsyncContextManager[None]):
    """A context manager that raises again what is raised in it."""

    async def __aenter__(self) -> None:
        """Do nothing."""

    async def __aexit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if error is not None:
            raise error


async def test_only_the_lifespan_that_failed_is_named(diary: Diary) -> None:
    """Lifespans that an error passes on its way out are not blamed for it."""
    pass_on = Lifespan(name="pass", context=lambda app: PassOn())
    life = Life(make_runner(diary.make("one"), pass_on, diary.make("three", fails_in="enter")))
    message = (await life.start())["message"]
    assert message.splitlines()[0].endswith("three does not start Raised by the lifespan 'three' of the app.")


async def test_lifespan_that_cannot_be_entered_is_named() -> None:
    """What is no context manager at all is told like any other failure."""
    answer = await Life(make_runner(Lifespan(name="one", context=lambda app: None))).start()  # type: ignore[arg-type, return-value]  # test
    assert answer["type"] == "lifespan.startup.failed"
    assert "Raised by the lifespan 'one' of the app." in answer["message"]


class HushUp(AbstractAsyncContextManager[None]):
    """A context manager that suppresses what is raised in it."""

    async def __aenter__(self) -> None:
        """Do nothing."""

    async def __aexit__(self, *exit_arguments: Any) -> bool:
        return True


async def test_failure_of_another_lifespan_cannot_be_hushed_up(diary: Diary) -> None:
    """A lifespan that suppresses errors does not hide that a later one failed."""
    hush_up = Lifespan(name="hush", context=lambda app: HushUp())
    answer = await Life(make_runner(hush_up, diary.make("two", fails_in="enter"))).start()
    assert answer["type"] == "lifespan.startup.failed"
    assert "two does not start" in answer["message"]


def test_error_is_described_in_one_line() -> None:
    """An error is told in one line with its notes, even one whose text cannot be had."""
    error = ValueError("one\ntwo")
    error.add_note("a note")
    assert describe(error) == "ValueError: one two a note"

    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert describe(Broken()).endswith("Broken: <exception str() failed>")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ConfigurationError("no such option"), "yaat.exceptions.ConfigurationError: no such option"),
        (
            ExceptionGroup("two", [ConfigurationError("one"), ConfigurationError("two")]),
            "yaat.exceptions.ConfigurationError: one\n\nyaat.exceptions.ConfigurationError: two",
        ),
        (KeyError("a"), "KeyError: 'a'"),
    ],
)
async def test_app_that_cannot_be_built_says_why(error: Exception, message: str) -> None:
    """Where there is nothing to start, the server hears what is wrong with the set-up."""
    life = Life(refuse_startup(error))
    assert await life.start() == {
        "type": "lifespan.startup.failed",
        "message": f"The app could not be built.\n{message}",
    }
    await life.end()


# --- on_startup and on_shutdown ---


async def test_functions_of_every_kind_are_called(diary: Diary) -> None:
    """Functions are called in their order, plain ones in a thread, with the app where they take an argument."""
    app = Yaat(autoload=False)
    threads: list[threading.Thread] = []

    @app.on_startup
    async def one() -> None:
        diary.entries.append("one")

    @app.on_startup
    async def two(which: Yaat) -> None:
        diary.entries.append(f"two {which is app}")

    @app.on_startup
    def three() -> None:
        threads.append(threading.current_thread())
        diary.entries.append("three")

    @app.on_startup
    def four(which: Yaat, *, option: int = 1) -> None:
        diary.entries.append(f"four {which is app}")

    @app.on_startup
    def five(optional: int = 5) -> Any:
        async def rest() -> None:
            diary.entries.append(f"five {optional}")

        return rest()

    app.on_startup(dict)  # Its signature cannot be had before Python 3.13; it takes nothing.
    life = Life(app)
    assert [await life.start(), await life.stop()] == COMPLETE
    assert diary.entries == ["one", "two True", "three", "four True", "five 5"]
    assert threads[0].name.startswith("yaat-handlers")


async def test_decorators_give_the_function_back() -> None:
    """The decorators return the function untouched."""
    app = Yaat(autoload=False)

    async def work() -> None:
        """Do nothing."""

    assert app.on_startup(work) is work
    assert app.on_shutdown(work) is work


async def test_too_late_functions_are_refused() -> None:
    """A function that is added after the start would never be called, so it is refused."""
    app = Yaat(autoload=False)
    app.build()
    for add in (app.on_startup, app.on_shutdown):
        with pytest.raises(AppBuilt):
            add(print)


def fail() -> None:
    """Fail."""
    raise RuntimeError("It failed.")


async def test_failing_startup_function_is_named() -> None:
    """A function of on_startup that fails is named in what the server is told; on_shutdown is not called then."""
    called: list[str] = []
    app = Yaat(autoload=False, on_startup=[fail], on_shutdown=[partial(called.append, "shutdown")])
    answer = await Life(app).start()
    assert answer["type"] == "lifespan.startup.failed"
    assert "Raised by 'fail', one of on_startup or on_shutdown." in answer["message"]
    assert called == []


async def test_all_shutdown_functions_are_called(diary: Diary) -> None:
    """A function of on_shutdown that fails does not keep the next ones from being called."""
    life = Life(Yaat(autoload=False, on_shutdown=[fail, diary.note("next")]))
    await life.start()
    answer = await life.stop()
    assert answer["type"] == "lifespan.shutdown.failed"
    assert "It failed." in answer["message"]
    assert diary.entries == ["next"]


async def test_several_failures_of_shutdown_are_all_told() -> None:
    """Where several functions of on_shutdown fail, all failures are told."""
    life = Life(Yaat(autoload=False, on_shutdown=[fail, lambda: 1 // 0]))
    await life.start()
    message = (await life.stop())["message"]
    assert "It failed." in message
    assert "ZeroDivisionError" in message


async def test_shutdown_functions_are_called_when_a_later_lifespan_fails(diary: Diary) -> None:
    """When what starts later fails, on_shutdown undoes what on_startup has done, and the failure is told."""
    functions = make_callbacks_lifespan([diary.note("startup")], [fail, diary.note("shutdown")], ThreadLimiter("test"))
    answer = await Life(make_runner(functions, diary.make("later", fails_in="enter"))).start()
    assert diary.entries == ["startup", "shutdown"]
    assert answer["message"].startswith("RuntimeError: later does not start")
    assert "After that: RuntimeError: It failed." in answer["message"]


# --- the app's own lifespan ---


class Resource(AbstractAsyncContextManager[Mapping[str, Any]]):
    """A lifespan that is a class."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __aenter__(self) -> Mapping[str, Any]:
        return {"resource": self}

    async def __aexit__(self, *exit_arguments: Any) -> None:
        """Do nothing."""


@asynccontextmanager
async def decorated(app: Any) -> AsyncIterator[Mapping[str, Any]]:
    """Make a resource."""
    yield {"resource": Resource(app)}


async def generate(app: Any) -> AsyncIterator[Mapping[str, Any]]:
    """Make a resource."""
    yield {"resource": Resource(app)}


@pytest.mark.parametrize(
    ("lifespan", "name"),
    [(Resource, "Resource"), (decorated, "decorated"), (generate, "generate"), (partial(generate), "lifespan")],
)
async def test_lifespan_is_a_generator_function_or_gives_a_context_manager(lifespan: Any, name: str) -> None:
    """An asynchronous generator function will do, decorated or not, and so will a class of context managers."""
    app = Yaat(autoload=False, lifespan=lifespan)
    life = Life(app)
    await life.start()
    assert life.state["resource"].app is app
    assert await life.stop() == COMPLETE[1]
    assert make_user_lifespan(lifespan).name == name


async def coroutine(app: Any) -> None:
    """Forget to yield."""


@pytest.mark.parametrize("lifespan", [coroutine, generate(None), "lifespan", 7])
def test_other_lifespans_are_refused(lifespan: Any) -> None:
    """Anything else is refused where it is given, and the message says what to write."""
    with pytest.raises(ConfigurationError, match=r"lifespan= takes an asynchronous generator function \(async def"):
        Yaat(autoload=False, lifespan=lifespan)


@pytest.mark.parametrize("gives", [None, 5, {"db": 1}], ids=repr)
async def test_what_a_function_gives_is_told_when_it_is_no_context_manager(gives: Any) -> None:
    """Only a call shows what it gives; the start-up fails then, and says what came."""
    told = await Life(Yaat(autoload=False, lifespan=lambda app: gives)).start()
    assert told["type"] == "lifespan.startup.failed"
    assert f"It gave {gives!r}, which is no asynchronous context manager. Raised by the lifespan" in told["message"]


# --- mounted apps ---


async def test_lifespan_of_a_mounted_app_runs(diary: Diary) -> None:
    """The lifespan of a mounted Yaat runs with that of the app around it, wherever it is mounted, and gets its app."""
    seen: list[Any] = []

    async def lifespan(app: Yaat) -> AsyncIterator[Mapping[str, Any]]:
        seen.append(app)
        yield {"child": "child"}

    child = Yaat(autoload=False, lifespan=lifespan, on_startup=[seen.append], on_shutdown=[diary.note("child")])

    @child.get("/")
    async def show(request: Request[Any]) -> str:
        return str(request.state.child)

    app, router = Yaat(autoload=False, on_shutdown=[diary.note("app")]), Router()
    router.mount("/b", child)
    app.mount("/a", router)
    life = Life(app)
    await life.start()
    assert (await call(app, "GET", "/a/b/", scope={"state": life.state})).text == "child"
    assert seen == [child, child]
    await life.stop()
    assert diary.entries == ["child", "app"]


async def test_state_of_a_mounted_asgi_app_reaches_its_requests() -> None:
    """What a mounted ASGI app puts into the state at its start-up is there in its requests."""

    async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["foreign"] = b"foreign"
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": scope["state"]["foreign"]})

    app = Yaat(autoload=False)
    app.mount("/a", foreign)
    app.mount("/b", foreign)
    life = Life(app)
    assert await life.start() == COMPLETE[0]
    assert (await call(app, "GET", "/a", scope={"state": life.state})).body == b"foreign"
    assert await life.stop() == COMPLETE[1]


async def test_background_work_of_a_mounted_app_is_waited_for(diary: Diary) -> None:
    """Background work that a mounted Yaat has begun is waited for, and its `stopping` is set."""
    child = Yaat(autoload=False, background_grace_seconds=60)

    async def work() -> None:
        await child.stopping.wait()
        diary.entries.append("work")

    app = Yaat(autoload=False)
    app.mount("/a", child)
    life = Life(app)
    await life.start()
    child.background.start(BackgroundTask(work))
    await life.stop()
    assert diary.entries == ["work"]


# --- cancellations ---


async def wait_for_a_cancelled_one(app: Any) -> None:
    """Wait for what somebody else has cancelled."""
    other: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    other.cancel("the pool was closed")
    await other


@asynccontextmanager
async def enter_by_waiting(app: Any) -> AsyncIterator[None]:
    await wait_for_a_cancelled_one(app)
    yield


@asynccontextmanager
async def leave_by_waiting(app: Any) -> AsyncIterator[None]:
    yield
    await wait_for_a_cancelled_one(app)


FAILING: list[tuple[str, dict[str, Any]]] = [
    ("startup", {"on_startup": [wait_for_a_cancelled_one]}),
    ("startup", {"lifespan": enter_by_waiting}),
    ("shutdown", {"on_shutdown": [wait_for_a_cancelled_one]}),
    ("shutdown", {"lifespan": leave_by_waiting}),
]


@pytest.mark.parametrize(("phase", "options"), FAILING)
async def test_what_others_have_cancelled_is_a_failure(phase: str, options: dict[str, Any]) -> None:
    """A part that waits for something cancelled fails; a server would take the app for one without a lifespan."""
    life = Life(Yaat(autoload=False, **options))
    answer = await life.start()
    if phase == "shutdown":
        answer = await life.stop()
    assert answer["type"] == f"lifespan.{phase}.failed"
    assert answer["message"].startswith("RuntimeError: It waited for something that somebody else has cancelled.")
    assert "the pool was closed" in answer["message"]


async def test_all_shutdown_functions_are_called_by_a_server_without_patience(diary: Diary) -> None:
    """A function of on_shutdown that is cancelled where it waits does not keep the next ones from being called."""
    has_begun = asyncio.Event()

    async def wait() -> None:
        has_begun.set()
        await asyncio.Event().wait()

    life = Life(Yaat(autoload=False, on_shutdown=[wait, diary.note("next")]))
    await life.start()
    stopping = asyncio.ensure_future(life.stop())
    await has_begun.wait()
    await life.abort()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert diary.entries == ["next"]


async def test_start_that_the_server_cancels_is_no_failure(diary: Diary) -> None:
    """A server that gives the start up cancels it: what was entered is left, and nothing is said to it."""
    is_waiting = asyncio.Event()

    @asynccontextmanager
    async def wait(app: Any) -> AsyncIterator[None]:
        is_waiting.set()
        await asyncio.Event().wait()
        yield

    life = Life(make_runner(diary.make("one"), Lifespan(name="two", context=wait)))
    starting = asyncio.ensure_future(life.start())
    await is_waiting.wait()
    await life.abort()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert diary.entries == ["enter one", "leave one"]
