"""The last step of a request: how responses are sent, what fails on the way, and what a leaving client ends."""

import asyncio
import errno
import weakref
from collections.abc import AsyncIterator, Generator
from contextlib import nullcontext
from typing import Any

import pytest

from yaat import Middleware, Plugin, Request, Response, Yaat, hookimpl
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.endpoint import Watch
from yaat.exceptions import ClientDisconnect
from yaat.records import ResponseType
from yaat.responses import StreamResponse, TextResponse

from .asgi_driver import ask, call
from .asgi_exchange import Exchange, take_turns


def make_app(response: Any, **options: Any) -> Yaat:
    app = Yaat(autoload=False)

    async def handler(request: Request) -> Any:
        return response

    app.add_route("/", handler, ["GET", "POST"], **options)
    return app


class Custom(Response):
    """A response that sends itself in its own way."""

    __slots__ = ("error", "is_late")

    def __init__(self, error: BaseException | None = None, *, is_late: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.error = error
        self.is_late = is_late

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.error is not None and not self.is_late:
            raise self.error
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"custom", "more_body": self.error is not None})
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize("options", [{}, {"on_disconnect": "cancel"}], ids=["finish", "cancel"])
@pytest.mark.parametrize("response", [{"a": 1}, object()], ids=["converted", "no response"])
def test_head_and_get_are_answered_alike(options: Any, response: Any) -> None:
    """What a handler returns is converted, and its errors are answered, whichever way the response is sent."""
    app = make_app(response, **options)
    head, full = ask(app, "HEAD", "/"), ask(app, "GET", "/")
    assert (head.status, head.headers, head.body) == (full.status, full.headers, b"")


# --- whichever way a request is answered ---


#: Options of a route: the first has the line answer, and the others an ASGI app around the handler.
WAYS: dict[str, dict[str, Any]] = {
    "line": {},
    "cancel": {"on_disconnect": "cancel"},
    "raw middleware": {"middleware": [lambda app: app]},
}


@pytest.fixture(params=WAYS)
def options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The options of a route for each of the ways."""
    return WAYS[request.param]


def test_the_log_names_the_handler_of_what_is_no_response(options: Any, caplog: pytest.LogCaptureFixture) -> None:
    """It says who returned it, and where that stands."""
    assert ask(make_app(object(), **options), "GET", "/").status == 500
    assert "The handler make_app.<locals>.handler (" in caplog.text


def test_a_response_type_is_given_the_request(options: Any) -> None:
    """What becomes of a value may depend on it."""

    class Paths(Plugin):
        name = "paths"

        @hookimpl
        def yaat_register_response_types(self, app: Yaat) -> ResponseType:
            return ResponseType(type=int, convert=lambda value, request: f"{value} {request.path}")

    app = Yaat(autoload=False, plugins=[Paths()])

    async def handler(request: Request) -> int:
        return 7

    app.add_route("/", handler, **options)
    assert ask(app, "GET", "/").text == "7 /"


def test_an_error_of_the_handler_is_answered(options: Any) -> None:
    """The exception handler gets that very error."""
    error = LookupError("lost")
    app = Yaat(autoload=False, exception_handlers={LookupError: lambda request, error: (f"{request.path}{error}", 410)})

    async def handler(request: Request) -> None:
        raise error

    app.add_route("/", handler, **options)
    answer = ask(app, "GET", "/")
    assert (answer.status, answer.text) == (410, "/lost")


def test_what_others_have_cancelled_is_answered(options: Any, caplog: pytest.LogCaptureFixture) -> None:
    """It is a failure of the handler that waits for it, and no reason for the server to give the request up."""
    app = Yaat(autoload=False)

    async def handler(request: Request) -> None:
        raise asyncio.CancelledError

    app.add_route("/", handler, **options)
    assert ask(app, "GET", "/").status == 500
    assert "It waited for something that somebody else has cancelled." in caplog.text


@pytest.mark.parametrize("error", [LookupError("lost"), asyncio.CancelledError()], ids=["error", "cancelled"])
async def test_a_response_that_fails_is_answered_or_broken_off(
    options: Any, error: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """It depends on whether something was sent; the log has it in either case, once."""
    early, late = Exchange(), Exchange()
    await early.serve(make_app(Custom(error), **options))
    assert (early.status, early.is_finished, len(caplog.records)) == (500, True, 1)
    with pytest.raises(RuntimeError if isinstance(error, asyncio.CancelledError) else LookupError):
        await late.serve(make_app(Custom(error, is_late=True), **options))
    assert (late.status, late.is_finished, len(caplog.records)) == (200, False, 2)


async def test_an_error_response_may_be_a_stream(options: Any) -> None:
    """What answers for a response that fails may wait, and ends when the client leaves meanwhile."""

    async def wait_for_ever() -> AsyncIterator[bytes]:
        yield b"part"
        exchange.leave()
        await asyncio.Event().wait()

    app = make_app(Custom(LookupError()), **options)
    app.add_exception_handler(LookupError, lambda request, error: StreamResponse(wait_for_ever()))
    exchange = Exchange()
    async with asyncio.timeout(5):
        await exchange.serve(app)
    assert (exchange.body, exchange.is_finished) == (b"part", False)


async def test_background_work_runs_after_the_response(options: Any) -> None:
    """It is that of the response."""
    exchange = Exchange()
    seen: list[bool] = []
    work = BackgroundTask(lambda: seen.append(exchange.is_finished))
    await exchange.serve(make_app(TextResponse("a", background=work), **options))
    assert seen == [True]


async def test_early_hints_are_sent(options: Any) -> None:
    """A handler may send them before its response, where the server can."""
    app = Yaat(autoload=False)

    async def handler(request: Request) -> str:
        await request.send_early_hints("</style.css>; rel=preload; as=style")
        return ""

    app.add_route("/", handler, **options)
    exchange = Exchange()
    await exchange.serve(app, extensions={"http.response.early_hint": {}})
    assert [message["type"] for message in exchange.sent][:2] == ["http.response.early_hint", "http.response.start"]


# --- errors while sending ---


def test_a_response_sends_itself() -> None:
    """A response class may override how it is sent; an empty content leaves it to that."""
    assert ask(make_app(Custom()), "GET", "/").text == "custom"


@pytest.mark.parametrize(("error", "status"), [(LookupError("lost"), 410), (ValueError(), 500)])
def test_an_error_before_the_first_message_is_answered(error: Exception, status: int) -> None:
    """As long as nothing was sent, exception handlers answer for a response that fails."""
    app = make_app(Custom(error))
    app.add_exception_handler(LookupError, lambda request, error: (str(error), 410))
    assert ask(app, "GET", "/").status == status


async def broken_stream() -> AsyncIterator[str]:
    yield "a"
    await asyncio.sleep(0)
    raise LookupError("lost")


@pytest.mark.parametrize(
    "make",
    [lambda: Custom(LookupError("lost"), is_late=True), lambda: StreamResponse(broken_stream())],
    ids=["own class", "stream"],
)
async def test_an_error_after_that_breaks_the_connection_off(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Then only the server can tell the client that something is missing, so it gets the error; it is logged once."""
    exchange = Exchange()
    with pytest.raises(LookupError, match="lost"):
        await exchange.serve(make_app(make()))
    assert (exchange.status, exchange.is_finished, len(caplog.records)) == (200, False, 1)


async def test_an_error_is_logged_once_through_middleware(caplog: pytest.LogCaptureFixture) -> None:
    """So it is with raw ASGI middleware around the route."""
    app = make_app(StreamResponse(broken_stream()), middleware=[pass_on])
    with pytest.raises(LookupError, match="lost"):
        await Exchange().serve(app)
    assert len(caplog.records) == 1


def pass_on(app: ASGIApp) -> ASGIApp:
    """Raw ASGI middleware that does nothing."""

    async def passing(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    return passing


def test_app_and_connection_are_usable_afterwards() -> None:
    """A response that broke off leaves nothing behind."""
    app = make_app(Custom(LookupError("lost"), is_late=True))
    with pytest.raises(LookupError):
        ask(app, "GET", "/")
    assert ask(app, "GET", "/nowhere").status == 404


# --- a client that leaves while something is sent ---


@pytest.mark.parametrize("response", [Custom(ClientDisconnect("left")), Custom(ClientDisconnect("left"), is_late=True)])
async def test_a_response_may_say_that_the_client_left(response: Any, caplog: pytest.LogCaptureFixture) -> None:
    """`ClientDisconnect` out of a response ends the request quietly."""
    await Exchange().serve(make_app(response))
    assert caplog.records == []


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_response_may_not_take_another_client_for_its_own(
    caplog: pytest.LogCaptureFixture, is_late: bool
) -> None:
    """A stream that sends to others, and meets one who has left, has failed."""

    class OtherLeft(ClientDisconnect):
        def is_of(self, connection: Any) -> bool:
            return False

    exchange = Exchange()
    with pytest.raises(RuntimeError, match="another connection") if is_late else nullcontext():
        await exchange.serve(make_app(Custom(OtherLeft("left"), is_late=is_late)))
    assert len(caplog.records) == 1
    assert [message.get("status") for message in exchange.sent[:1]] == [200 if is_late else 500]


async def test_an_error_response_that_nobody_receives_is_quiet() -> None:
    """A response fails, and when its error response is sent the client has left: nothing is raised."""
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(make_app(Custom(ValueError())))
    assert exchange.sent == []


async def test_a_foreign_app_may_let_the_error_of_send_through(caplog: pytest.LogCaptureFixture) -> None:
    """An ASGI app below raw middleware need not catch what `send` raises when the client has left."""

    def foreign(app: ASGIApp) -> ASGIApp:
        return Custom()

    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(make_app("", middleware=[foreign]))
    assert (exchange.sent, caplog.records) == ([], [])


async def test_an_error_of_a_foreign_app_is_no_client_that_left() -> None:
    """An `OSError` of the app's own in the middle of its response, such as a `TimeoutError`, is an error."""

    def foreign(app: ASGIApp) -> ASGIApp:
        return Custom(TimeoutError(), is_late=True)

    with pytest.raises(TimeoutError):
        await Exchange().serve(make_app("", middleware=[foreign]))


class Full:
    """Raw ASGI middleware that keeps notes of what is sent, on a disk that is full."""

    error: OSError = OSError(errno.ENOSPC, "No space left on device")

    def __init__(self, app: ASGIApp, *, room: int = 0) -> None:
        self.app = app
        self.room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = 0

        async def keep(message: Message) -> None:
            nonlocal sent
            sent += 1
            if sent > self.room:
                raise self.error
            await send(message)

        await self.app(scope, receive, keep)


async def wait_first() -> AsyncIterator[bytes]:
    """Give nothing before the head is due."""
    await asyncio.sleep(0.01)
    yield b"part"


@pytest.mark.parametrize("error", [Full.error, PermissionError(errno.EACCES, "no"), ConnectionRefusedError()])
@pytest.mark.parametrize("content", ["text", StreamResponse([b"part"]), wait_first, {}, Custom()])
async def test_an_error_of_middleware_is_no_client_that_left(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, content: Any, error: OSError
) -> None:
    """What else than the server fails in `send` is told in the log, and the client gets an answer."""
    monkeypatch.setattr(Full, "error", error)
    exchange = Exchange()
    answer = StreamResponse(wait_first()) if content is wait_first else content
    await exchange.serve(make_app(answer, middleware=[Full]))
    assert exchange.sent[0]["status"] == 500
    assert str(error) in caplog.text


async def test_an_error_of_middleware_in_the_middle_breaks_the_response_off(caplog: pytest.LogCaptureFixture) -> None:
    """It was begun, so only the server can say that it is none."""
    exchange = Exchange()
    with pytest.raises(OSError, match="No space left"):
        await exchange.serve(make_app(StreamResponse([b"part"]), middleware=[Middleware(Full, room=1)]))
    assert len(exchange.sent) == 1
    assert "No space left" in caplog.text


async def test_background_work_runs_though_the_client_left() -> None:
    """Background work belongs to the request, not to its client."""
    done: list[int] = []
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(make_app(TextResponse("a", background=BackgroundTask(done.append, 1))))
    assert done == [1]


async def test_background_work_outlives_a_request_that_is_cancelled() -> None:
    """A server that cancels a request after its response does not end the background work."""
    begun, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    app = make_app(TextResponse("a", background=BackgroundTask(work)))
    task = asyncio.ensure_future(call(app, "GET", "/"))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await asyncio.wait(app.background.running)
    assert done.is_set()


# --- what a request has to close ---


def make_closing_app(diary: list[str], answer: Any) -> Yaat:
    """Return an app whose handler has something to close."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def handler(request: Request) -> Any:
        request.add_closer(lambda: diary.append("closed"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    return app


async def write_parts(diary: list[str]) -> AsyncIterator[bytes]:
    diary.append("streamed")
    yield b"a"


@pytest.mark.parametrize("answer", ["whole", ValueError()], ids=["response", "error"])
async def test_request_is_closed_after_its_response(answer: Any) -> None:
    """What a handler leaves to be closed is closed, whatever becomes of it."""
    diary: list[str] = []
    await call(make_closing_app(diary, answer), "GET", "/")
    assert diary == ["closed"]


@pytest.mark.parametrize("options", [{}, {"on_disconnect": "cancel"}], ids=["finish", "cancel"])
async def test_request_is_closed_when_its_handler_is_cancelled(options: Any) -> None:
    """So it is when the handler does not come to its end."""
    diary: list[str] = []
    begun = asyncio.Event()
    app = Yaat(autoload=False)

    @app.get("/", **options)
    async def handler(request: Request) -> None:
        request.add_closer(lambda: diary.append("closed"))
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(call(app, "GET", "/"))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert diary == ["closed"]


async def test_request_is_closed_after_a_stream() -> None:
    """A stream may use what is closed after it."""
    diary: list[str] = []
    await call(make_closing_app(diary, StreamResponse(write_parts(diary))), "GET", "/")
    assert diary == ["streamed", "closed"]


async def test_request_is_closed_after_background_work() -> None:
    """Background work may use what is closed after it."""
    diary: list[str] = []
    work = BackgroundTask(diary.append, "worked")
    await call(make_closing_app(diary, TextResponse("a", background=work)), "GET", "/")
    assert diary == ["worked", "closed"]


async def test_request_is_closed_after_background_work_that_outlives_it() -> None:
    """What goes on when the server cancels a request keeps what it uses to the end."""
    diary: list[str] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        diary.append("worked")

    app = make_closing_app(diary, TextResponse("a", background=BackgroundTask(work)))
    task = asyncio.ensure_future(call(app, "GET", "/"))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert diary == []
    go_on.set()
    await asyncio.wait(app.background.running)
    await take_turns()
    assert diary == ["worked", "closed"]


# --- content that middleware has read ---


class ReadFirst:
    """Looks at the content before the handler does."""

    async def process_request(self, request: Request) -> None:
        await request.body()


def test_content_can_be_read_by_middleware_and_handler() -> None:
    """Middleware of the flat kind shares the request with the handler."""
    app = Yaat(autoload=False, middleware=[ReadFirst])

    @app.post("/")
    async def read(request: Request) -> bytes:
        return await request.body()

    assert ask(app, "POST", "/", body=b"content").text == "content"


@pytest.mark.parametrize("kind", ["raw middleware", "mounted app"])
async def test_content_that_middleware_has_read_reaches_asgi_apps(kind: str) -> None:
    """What is further in gets the content too, also behind raw ASGI middleware and in mounted ASGI apps."""
    app = Yaat(autoload=False, middleware=[ReadFirst])

    async def read(request: Request) -> bytes:
        return await request.body()

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await TextResponse(await Request(scope, receive).body())(scope, receive, send)

    if kind == "mounted app":
        app.mount("/", mounted)
    else:
        app.add_route("/", read, ["POST"], middleware=[pass_on])
    async with asyncio.timeout(1):
        assert (await call(app, "POST", "/", body=b"content")).text == "content"


# --- on_disconnect ---


class Waiting:
    """A handler that waits until it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.events: list[str] = []

    async def __call__(self, request: Request) -> str:
        self.begun.set()
        try:
            await self.go_on.wait()
            self.events.append("done")
        except asyncio.CancelledError:
            self.events.append("cancelled")
            raise
        return "done"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("breaks_send", [False, True])
async def test_cancel_ends_a_handler_whose_client_left(
    method: str, breaks_send: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """With `on_disconnect="cancel"` the handler is cancelled; nothing is sent, logged or raised."""
    waiting, exchange = Waiting(), Exchange()
    app = Yaat(autoload=False)
    app.add_route("/", waiting, ["GET", "POST"], on_disconnect="cancel")
    task = asyncio.ensure_future(exchange.serve(app, method))
    await waiting.begun.wait()
    exchange.leave(breaks_send=breaks_send)
    await task
    assert (waiting.events, exchange.sent, caplog.records) == (["cancelled"], [], [])


async def test_finish_lets_a_handler_run_to_its_end() -> None:
    """By default a handler is not cancelled, so nothing is left half done."""
    waiting, exchange = Waiting(), Exchange()
    app = Yaat(autoload=False)
    app.add_route("/", waiting)
    task = asyncio.ensure_future(exchange.serve(app))
    await waiting.begun.wait()
    exchange.leave()
    await take_turns()
    waiting.go_on.set()
    await task
    assert (waiting.events, exchange.body) == (["done"], b"done")


async def test_cancel_leaves_a_handler_alone_whose_client_stays() -> None:
    """The policy costs nothing but the listening."""
    waiting, exchange = Waiting(), Exchange()
    app = Yaat(autoload=False)
    app.add_route("/", waiting, on_disconnect="cancel")
    task = asyncio.ensure_future(exchange.serve(app))
    await waiting.begun.wait()
    waiting.go_on.set()
    await task
    assert (waiting.events, exchange.body, exchange.is_finished) == (["done"], b"done", True)


async def test_cancel_closes_middleware() -> None:
    """Generators around a cancelled handler are closed."""
    events: list[str] = []

    def watch(request: Request) -> Generator[None, Response]:
        try:
            yield
        finally:
            events.append("closed")

    waiting, exchange = Waiting(), Exchange()
    app = Yaat(autoload=False, middleware=[watch])
    app.add_route("/", waiting, on_disconnect="cancel")
    task = asyncio.ensure_future(exchange.serve(app))
    await waiting.begun.wait()
    exchange.leave()
    await task
    assert (waiting.events, events) == (["cancelled"], ["closed"])


async def test_cancel_lets_a_handler_read_its_content() -> None:
    """Listening for the client takes no content away from the handler."""
    app = Yaat(autoload=False)

    @app.post("/", on_disconnect="cancel")
    async def read(request: Request) -> bytes:
        await take_turns()
        return await request.body()

    exchange = Exchange(b"one, ", b"two")
    await exchange.serve(app, "POST")
    assert exchange.body == b"one, two"


async def test_a_server_that_cancels_is_obeyed() -> None:
    """A cancellation that comes from the server passes through, also with the policy."""
    waiting = Waiting()
    app = Yaat(autoload=False)
    app.add_route("/", waiting, on_disconnect="cancel")
    task = asyncio.ensure_future(Exchange().serve(app))
    await waiting.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert waiting.events == ["cancelled"]


async def test_listening_ends_with_the_request() -> None:
    """A handler that has looked for its client leaves no call of `receive` behind."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def look(request: Request) -> Response:
        return TextResponse(str(await request.is_disconnected()), background=BackgroundTask(lambda: None))

    exchange = Exchange()
    await exchange.serve(app)
    await take_turns()
    assert (exchange.body, [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]) == (
        b"False",
        [],
    )


@pytest.mark.parametrize("first", ["cause", "context"])
async def test_what_was_raised_for_it_is_explained_by_it(first: str) -> None:
    """However many errors lie between, and whether they were raised from one another or while handling it."""

    async def send(message: Message) -> None:
        raise OSError("Nobody is there.")

    watch = Watch(send)
    outer, inner = RuntimeError("Sending has failed."), LookupError()
    with pytest.raises(OSError) as caught:  # noqa: PT011  # its very self is asked for
        await watch.send({"type": "http.response.start"})
    if first == "cause":
        outer.__cause__, inner.__context__ = inner, caught.value
    else:
        outer.__context__, inner.__cause__ = inner, caught.value
    assert watch.explains(outer)
    assert not watch.explains(RuntimeError("Sending has failed."))


async def test_client_that_leaves_is_freed_at_once() -> None:
    """The error that says so is recognised, and does not hold what has noted it."""

    async def send(message: Message) -> None:
        raise OSError("Nobody is there.")

    watch = Watch(send)
    with pytest.raises(OSError) as caught:  # noqa: PT011  # its very self is asked for
        await watch.send({"type": "http.response.start"})
    assert watch.explains(caught.value)
    assert not watch.explains(OSError("Another."))
    reference = weakref.ref(send)
    del send, watch, caught
    assert reference() is None
