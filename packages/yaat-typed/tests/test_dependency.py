"""Dependencies: functions that give handlers what they need."""

import asyncio
import contextlib
import functools
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest

from yaat import HTTPException, Plugin, Request, Router, Yaat, hookimpl
from yaat.arguments import Argument, InvalidInput, Source
from yaat.records import ParameterResolver
from yaat_typed import Body, FromState, Query, TypedPlugin, Use

from .conftest import exchange


class Log(list[str]):
    """What happened, in its order."""


@pytest.fixture
def log() -> Log:
    return Log()


def test_a_dependency_is_called_once_for_each_request(app: Yaat, fetch: Any, log: Log) -> None:
    """However many use it, directly or through others."""

    async def count() -> int:
        log.append("called")
        return len(log)

    async def double(count: Annotated[int, Use(count)]) -> int:
        return count * 2

    @app.get("/")
    async def handler(
        a: Annotated[int, Use(count)], b: Annotated[int, Use(double)], c: Annotated[int, Use(count)]
    ) -> Any:
        return [a, b, c]

    assert [fetch(app, "GET /").json for _ in range(2)] == [[1, 2, 1], [2, 4, 2]]


def test_a_dependency_can_be_called_each_time(app: Yaat, fetch: Any, log: Log) -> None:
    """With `cached=False` every use has a value of its own."""

    async def count() -> int:
        log.append("called")
        return len(log)

    @app.get("/")
    async def handler(a: Annotated[int, Use(count, cached=False)], b: Annotated[int, Use(count, cached=False)]) -> Any:
        return [a, b]

    assert fetch(app, "GET /").json == [1, 2]


@pytest.mark.parametrize(("in_thread", "is_main"), [(True, False), (False, True)])
def test_a_plain_function_runs_in_a_thread(app: Yaat, fetch: Any, in_thread: bool, is_main: bool) -> None:
    """It may block; one that never does can be called at once."""

    def where() -> bool:
        return threading.current_thread() is threading.main_thread()

    @app.get("/")
    async def handler(where: Annotated[bool, Use(where, in_thread=in_thread)]) -> Any:
        return [where]

    assert fetch(app, "GET /").json == [is_main]


def test_a_class_is_a_dependency(app: Yaat, fetch: Any) -> None:
    """What it is made with is resolved like the parameters of a function."""

    class Pages:
        def __init__(self, page: int = 1) -> None:
            self.page = page

    @app.get("/")
    async def handler(pages: Annotated[Pages, Use(Pages)]) -> Any:
        return [pages.page]

    assert fetch(app, "GET /?page=7").json == [7]


def test_a_dependency_that_finds_mistakes_is_called_once(app: Yaat, fetch: Any, log: Log) -> None:
    """However many use it; what it says is told once, and nothing is opened for such a request."""

    def tenant() -> str:
        log.append("called")
        raise InvalidInput([{"in": "header", "pointer": "#/x-tenant", "detail": "Unknown"}])

    async def plan(tenant: Annotated[str, Use(tenant)]) -> str:
        return tenant

    def session() -> Iterator[str]:
        log.append("opened")
        yield "session"

    @app.get("/")
    async def handler(
        tenant: Annotated[str, Use(tenant)],
        plan: Annotated[str, Use(plan)],
        session: Annotated[str, Use(session)],
        q: int,
    ) -> Any: ...

    answer = fetch(app, "GET /")
    assert answer.mistakes == ["header #/x-tenant Unknown", "query #/q Required, but missing"]
    assert log == ["called"]


def traced(function: Any) -> Any:
    """Decorate with a plain function, as most decorators do."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call


@pytest.mark.parametrize("is_async", [True, False])
@pytest.mark.parametrize("dress", [traced, lambda function: functools.partial(traced(function))])
def test_a_decorated_generator_is_entered_and_left(app: Yaat, fetch: Any, log: Log, is_async: bool, dress: Any) -> None:
    """What a decorator gives counts, so it may give a value instead."""

    def plain(n: int = 1) -> Iterator[int]:
        try:
            yield n
        finally:
            log.append("left")

    async def asynchronous(n: int = 1) -> AsyncIterator[int]:
        try:
            yield n
        finally:
            log.append("left")

    function = asynchronous if is_async else plain

    @functools.wraps(function)
    def instead(n: int = 1) -> Any:
        return "instead"

    @app.get("/")
    async def handler(a: Annotated[int, Use(dress(function))], b: Annotated[Any, Use(instead)]) -> Any:
        log.append("handled")
        return [a, b]

    assert fetch(app, "GET /?n=3").json == [3, "instead"]
    assert log == ["handled", "left"]


def test_an_object_that_is_called_like_a_generator_is_entered_and_left(app: Yaat, fetch: Any, log: Log) -> None:
    """Of either kind."""

    class Plain:
        def __call__(self) -> Iterator[str]:
            yield "plain"
            log.append("left plain")

    class Asynchronous:
        async def __call__(self) -> AsyncIterator[str]:
            yield "asynchronous"
            log.append("left asynchronous")

    @app.get("/")
    async def handler(a: Annotated[str, Use(Plain())], b: Annotated[str, Use(Asynchronous())]) -> Any:
        return [a, b]

    assert fetch(app, "GET /").json == ["plain", "asynchronous"]
    assert log == ["left asynchronous", "left plain"]


def test_a_coroutine_function_around_a_generator_gives_what_it_returns(app: Yaat, fetch: Any) -> None:
    """It is no generator, whatever it says that it is around."""

    def numbers() -> Iterator[int]:
        yield 1

    @functools.wraps(numbers)
    async def first() -> int:
        return next(numbers())

    @app.get("/")
    async def handler(a: Annotated[int, Use(first)]) -> Any:
        return [a]

    assert fetch(app, "GET /").json == [1]


@pytest.mark.parametrize("in_thread", [True, False])
def test_generators_are_left_in_reverse_when_the_handler_is_done(
    app: Yaat, fetch: Any, log: Log, in_thread: bool
) -> None:
    """Before the response is sent, whichever kind they are."""

    async def outer() -> AsyncIterator[str]:
        log.append("open outer")
        yield "outer"
        log.append("close outer")

    def inner(outer: Annotated[str, Use(outer)]) -> Iterator[str]:
        log.append(f"open inner of {outer}")
        yield "inner"
        log.append("close inner")

    @app.get("/")
    async def handler(inner: Annotated[str, Use(inner, in_thread=in_thread)]) -> Any:
        log.append(f"handler with {inner}")
        return ["done"]

    assert fetch(app, "GET /").json == ["done"]
    assert log == ["open outer", "open inner of outer", "handler with inner", "close inner", "close outer"]


@pytest.mark.parametrize("kind", ["plain", "asynchronous"])
def test_a_generator_sees_what_the_handler_raises(app: Yaat, fetch: Any, log: Log, kind: str) -> None:
    """So it can roll back; the error goes on."""

    def plain() -> Iterator[str]:
        try:
            yield "session"
        except LookupError:
            log.append("roll back")
            raise

    async def asynchronous() -> AsyncIterator[str]:
        try:
            yield "session"
        except LookupError:
            log.append("roll back")
            raise

    @app.get("/")
    async def handler(session: Annotated[str, Use(plain if kind == "plain" else asynchronous)]) -> Any:
        raise LookupError("no such row")

    assert fetch(app, "GET /").status == 500
    assert log == ["roll back"]


def test_a_generator_may_raise_another_error(app: Yaat, fetch: Any) -> None:
    """It takes the place of the handler's."""

    async def session() -> AsyncIterator[str]:
        try:
            yield "session"
        except LookupError as error:
            raise HTTPException(409) from error

    @app.get("/")
    async def handler(session: Annotated[str, Use(session)]) -> Any:
        raise LookupError

    assert fetch(app, "GET /").status == 409


def test_a_generator_cannot_hush_an_error_up(app: Yaat, fetch: Any, caplog: pytest.LogCaptureFixture) -> None:
    """There would be no response; the log says what to write."""

    async def session() -> AsyncIterator[str]:
        with contextlib.suppress(LookupError):
            yield "session"

    @app.get("/")
    async def handler(session: Annotated[str, Use(session)]) -> Any:
        raise LookupError

    assert fetch(app, "GET /").status == 500
    assert "has hushed that up. Raise the exception again after the clean-up." in caplog.text


def test_nothing_is_opened_late_for_a_request_that_is_not_valid(app: Yaat, fetch: Any, log: Log) -> None:
    """With `late=True` a dependency waits for all other values."""

    async def session() -> AsyncIterator[str]:
        log.append("open")
        yield "session"

    async def repository(session: Annotated[str, Use(session, late=True)]) -> str:
        return f"repository of {session}"

    @app.post("/")
    async def handler(values: dict[str, int], repository: Annotated[str, Use(repository)]) -> Any:
        return [repository]

    assert fetch(app, "POST /", body={"a": "x"}).status == 422
    assert log == []
    assert fetch(app, "POST /", body={"a": 1}).json == ["repository of session"]


def test_who_is_not_let_in_uploads_nothing(app: Yaat, fetch: Any) -> None:
    """A dependency that raises is called before anything of the content is read, and before values are looked at."""

    async def user(request: Request) -> str:
        raise HTTPException(401)

    @app.post("/")
    async def handler(values: dict[str, int], n: int, user: Annotated[str, Use(user)]) -> Any: ...

    answer = fetch(app, "POST /?n=x", content=b"x" * 1000, headers=[("content-type", "application/json")])
    assert (answer.status, answer.taken) == (401, 0)


def test_who_is_let_in_is_asked_first_however_deep(app: Yaat, fetch: Any, log: Log) -> None:
    """What is not late comes before the content, though a late dependency, or one that takes content, uses it alone."""

    async def user(token: str = "") -> str:
        log.append("user")
        if token != "secret":
            raise HTTPException(401)
        return "ada"

    async def session(user: Annotated[str, Use(user)]) -> AsyncIterator[str]:
        log.append("open")
        yield f"session of {user}"

    async def total(values: Annotated[dict[str, int], Body()], session: Annotated[str, Use(session)]) -> int:
        return sum(values.values())

    async def repository(total: Annotated[int, Use(total)], session: Annotated[str, Use(session)]) -> str:
        return f"{session}, {total}"

    @app.post("/")
    async def handler(
        values: Annotated[dict[str, int], Body()], repository: Annotated[str, Use(repository, late=True)]
    ) -> Any:
        return [repository]

    answer = fetch(app, "POST /", body={"a": "x"})
    assert (answer.status, answer.taken, log) == (401, 0, ["user"])
    assert fetch(app, "POST /?token=secret", body={"a": 1}).json == ["session of ada, 1"]
    assert log == ["user", "user", "open"]


class Witnesses(Plugin):
    """Gives what is called `witness` how often it was asked, before the content is read."""

    name = "witnesses"

    def __init__(self, log: Log) -> None:
        self._log = log

    @hookimpl
    def yaat_register_parameter_resolvers(self) -> ParameterResolver:
        source = Source(get=self._ask, phase="access")
        return ParameterResolver(
            name="witness",
            resolve=lambda parameter, site: Argument(source=source) if parameter.name == "witness" else None,
        )

    def _ask(self, connection: Any) -> int:
        self._log.append("asked")
        return len(self._log)


def test_what_comes_early_for_a_late_dependency_comes_once(fetch: Any, log: Log) -> None:
    """Every use has one value, also with `cached=False`, and whoever gives it."""
    app = Yaat(autoload=False, plugins=[TypedPlugin(), Witnesses(log)])

    async def count() -> int:
        log.append("called")
        return len(log)

    async def three(
        witness: Any, a: Annotated[int, Use(count, cached=False)], b: Annotated[int, Use(count, cached=False)]
    ) -> Any:
        return [witness, a, b]

    @app.get("/")
    async def handler(three: Annotated[Any, Use(three, late=True)]) -> Any:
        return three

    assert fetch(app, "GET /").json == [1, 2, 3]


def test_what_a_replaced_dependency_would_use_is_not_asked(app: Yaat, fetch: Any) -> None:
    """Neither early nor late."""

    async def user() -> str:
        raise HTTPException(401)

    async def repository(user: Annotated[str, Use(user)]) -> str: ...  # type: ignore[empty-body]  # never called

    @app.get("/")
    async def handler(repository: Annotated[str, Use(repository, late=True)]) -> Any:
        return [repository]

    app.build()
    with app.extensions["typed"].override(repository, lambda: "none"):
        assert fetch(app, "GET /").json == ["none"]
    assert fetch(app, "GET /").status == 401


def test_nothing_is_read_where_a_dependency_lacks_its_values(app: Yaat, fetch: Any) -> None:
    """Who could not even be asked for is not let in; all that can be told without the content is told."""

    async def user(token: Annotated[int, Query()], other: int = 1) -> str: ...  # type: ignore[empty-body]  # never called

    @app.post("/")
    async def handler(values: dict[str, int], n: int, user: Annotated[str, Use(user)]) -> Any: ...

    answer = fetch(app, "POST /?n=x&other=y", body={"a": "x"})
    assert answer.taken == 0
    assert answer.mistakes == [
        "query #/token Required, but missing",
        "query #/other Expected `int`, got 'y'",
        "query #/n Expected `int`, got 'x'",
    ]


def test_a_dependency_may_take_the_content(app: Yaat, fetch: Any) -> None:
    """Then it is called when that is read; all mistakes are told together."""

    async def total(values: Annotated[dict[str, int], Body()]) -> int:
        return sum(values.values())

    @app.post("/")
    async def handler(total: Annotated[int, Use(total)], n: int) -> Any:
        return [total, n]

    assert fetch(app, "POST /?n=1", body={"a": 1, "b": 2}).json == [3, 1]
    assert fetch(app, "POST /?n=x", body={"a": "y"}).mistakes == [
        "query #/n Expected `int`, got 'x'",
        "body #/a Expected `int`, got `str`",
    ]


def test_a_dependency_takes_values_of_the_state(app: Yaat, fetch: Any) -> None:
    """What a lifespan has yielded."""

    async def rows(db: Annotated[list[int], FromState("pool")]) -> int:
        return len(db)

    @app.get("/")
    async def handler(rows: Annotated[int, Use(rows)]) -> Any:
        return [rows]

    assert fetch(app, "GET /", state={"pool": [1, 2]}).json == [2]


def test_a_value_that_the_state_lacks_is_a_mistake_of_the_app(
    app: Yaat, fetch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says what the state has."""

    @app.get("/")
    async def handler(db: Annotated[Any, FromState()]) -> Any: ...

    assert fetch(app, "GET /", state={"pool": 1}).status == 500
    assert "The state has no 'db'; it holds pool." in caplog.text


# --- for tests ---


def test_a_dependency_can_be_replaced_for_a_while(app: Yaat, fetch: Any) -> None:
    """Inside a `with` block another function takes its place, wherever it is used; blocks lie in each other."""

    async def user() -> str:
        return "ada"

    async def greeting(user: Annotated[str, Use(user)]) -> str:
        return f"Hello {user}"

    @app.get("/")
    async def handler(greeting: Annotated[str, Use(greeting)]) -> Any:
        return [greeting]

    async def other(name: str = "bob") -> str:
        return name

    app.build()
    override = app.extensions["typed"].override
    with override(user, other):
        assert fetch(app, "GET /?name=eve").json == ["Hello eve"]
        with override(user, user):
            assert fetch(app, "GET /").json == ["Hello ada"]
        assert fetch(app, "GET /").json == ["Hello bob"]
    assert fetch(app, "GET /").json == ["Hello ada"]


def test_a_dependency_is_replaced_in_mounted_apps_too(app: Yaat, fetch: Any) -> None:
    """Each has dependencies of its own; those below routers are reached, an app without the plugin is left alone."""

    async def user() -> str:
        return "ada"

    async def handler(user: Annotated[str, Use(user)]) -> Any:
        return [user]

    inner, router = Yaat(autoload=False, plugins=[TypedPlugin()]), Router()
    for each in (app, inner):
        each.add_route("/", handler)
    router.mount("/inner", inner)
    app.mount("/router", router)
    app.mount("/again", router)
    app.mount("/other", Yaat(autoload=False))
    app.build()
    with app.extensions["typed"].override(user, lambda: "eve"):
        assert [fetch(app, f"GET {path}").json for path in ("/", "/router/inner/")] == [["eve"], ["eve"]]
        with inner.extensions["typed"].override(user, lambda: "bob"):
            assert [fetch(app, f"GET {path}").json for path in ("/", "/router/inner/")] == [["eve"], ["bob"]]
    assert [fetch(app, f"GET {path}").json for path in ("/", "/router/inner/")] == [["ada"], ["ada"]]


def test_a_generator_takes_the_place_of_generators_alone(app: Yaat, fetch: Any, caplog: Any) -> None:
    """Nobody would run what comes after its `yield`."""

    async def user() -> str: ...  # type: ignore[empty-body]  # never called

    async def other() -> AsyncIterator[str]:
        yield "bob"

    @app.get("/")
    async def handler(user: Annotated[str, Use(user)]) -> Any: ...

    app.build()
    with app.extensions["typed"].override(user, other):
        assert fetch(app, "GET /").status == 500
    assert "but it is a generator, or uses one. Let a function that returns the value take it." in caplog.text


# --- what documents are told ---


def test_what_dependencies_take_is_told_once(app: Yaat) -> None:
    """Path parameters included; what may be answered because of them too."""

    async def page(number: int = 1) -> int:
        return number

    async def item(id: int, page: Annotated[int, Use(page)]) -> int:
        return id

    @app.get("/{id}")
    async def handler(item: Annotated[int, Use(item)], page: Annotated[int, Use(page)]) -> Any: ...

    app.build()
    binding = app.report.routes[0].handlers["GET"].binding
    assert binding is not None
    assert [(each.place, each.name) for each in binding.parameters["item"].argument.inputs] == [  # type: ignore[union-attr]  # a resolver gave it
        ("path", "id"),
        ("query", "number"),
    ]
    assert [each.status_code for each in binding.outputs] == [422]


def test_requests_that_share_a_lock_do_not_block_each_other() -> None:
    """With fewer threads than requests wait, the one that holds it gets a thread, for its handler and its exit."""
    app = Yaat(autoload=False, plugins=[TypedPlugin()], max_threads=2)
    lock = threading.Lock()

    def hold() -> Iterator[bool]:
        is_mine = lock.acquire(timeout=10)
        yield is_mine
        lock.release()

    @app.get("/")
    def handler(is_mine: Annotated[bool, Use(hold)]) -> bool:
        return is_mine

    async def ask_at_once() -> list[Any]:
        return [answer.json for answer in await asyncio.gather(*(exchange(app, "GET /") for _ in range(10)))]

    assert asyncio.run(ask_at_once()) == [True] * 10


async def cancel_while(is_under_way: threading.Event, app: Yaat) -> "asyncio.Task[Any]":
    """Return a request that was cancelled while something of it was under way in a thread."""
    request = asyncio.create_task(exchange(app, "GET /"))
    await asyncio.to_thread(is_under_way.wait, 10)
    request.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
    return request


def test_a_generator_that_a_thread_enters_is_left_for_a_request_that_is_cancelled(log: Log) -> None:
    """It cannot be stopped half-way, so it is entered and left, and the request ends after that."""
    app = Yaat(autoload=False, plugins=[TypedPlugin()])
    is_entering, may_go_on = threading.Event(), threading.Event()

    def connect() -> Iterator[str]:
        is_entering.set()
        may_go_on.wait(10)
        log.append("enter")
        try:
            yield "value"
        except BaseException as error:
            log.append(type(error).__name__)
            raise
        finally:
            log.append("leave")

    @app.get("/")
    def handler(value: Annotated[str, Use(connect)]) -> str:
        log.append("handler")
        return value

    async def main() -> None:
        request = await cancel_while(is_entering, app)
        assert not request.done()
        may_go_on.set()
        await asyncio.wait([request])
        assert request.cancelled()

    asyncio.run(main())
    assert log == ["enter", "CancelledError", "leave"]
    app.threads.close()


def test_a_generator_is_not_left_before_the_handler_in_a_thread_is_done(log: Log) -> None:
    """A handler in a thread goes on when its request is cancelled, and what it uses waits for it."""
    app = Yaat(autoload=False, plugins=[TypedPlugin()])
    is_working, may_go_on = threading.Event(), threading.Event()

    def connect() -> Iterator[str]:
        try:
            yield "value"
        finally:
            log.append("leave")

    @app.get("/")
    def handler(value: Annotated[str, Use(connect)]) -> str:
        is_working.set()
        may_go_on.wait(10)
        log.append("handler")
        return value

    async def main() -> None:
        request = await cancel_while(is_working, app)
        assert log == []
        may_go_on.set()
        await asyncio.wait([request])
        assert request.cancelled()

    asyncio.run(main())
    assert log == ["handler", "leave"]
    app.threads.close()
