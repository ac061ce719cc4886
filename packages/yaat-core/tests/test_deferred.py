"""ASGI apps inside the pipeline: middleware around them sees the head of what they send, and can replace it."""

import asyncio
from collections.abc import AsyncIterator, Generator
from typing import Any

import pytest

from yaat import HTTPException, Request, Response, Yaat
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.responses import StreamResponse, TextResponse

from .asgi_driver import Answer, ask
from .asgi_exchange import Exchange, take_turns


def make_asgi(*parts: bytes, status: int = 200, headers: Any = ((b"x-inner", b"1"),)) -> ASGIApp:
    """Return an ASGI app that sends *parts* one by one."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return app


def mount(app: ASGIApp, *middleware: Any, **options: Any) -> Yaat:
    outer = Yaat(autoload=False, middleware=middleware, **options)
    outer.mount("/m", app)
    return outer


def visit(app: ASGIApp, *middleware: Any, method: str = "GET", **options: Any) -> Answer:
    return ask(mount(app, *middleware, **options), method, "/m/x")


class Respond:
    """Does something with the response."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def process_response(self, request: Request, response: Response) -> Any:
        return self.function(response)


# --- the head ---


def test_status_and_headers_can_be_read_and_changed() -> None:
    """Middleware sees status and headers of a mounted ASGI app, and changes them; the content passes untouched."""

    def change(response: Response) -> None:
        assert (response.status_code, response.headers["x-inner"]) == (201, "1")
        response.status_code = 202
        response.headers["x-outer"] = "2"
        del response.headers["x-inner"]

    answer = visit(make_asgi(b"a", b"b", status=201), Respond(change))
    assert (answer.status, answer.headers, answer.text) == (202, [("x-outer", "2")], "ab")


def test_headers_may_be_any_iterable() -> None:
    """What ASGI allows as headers is understood: pairs of any kind, bytes of any kind, or no headers at all."""
    assert visit(make_asgi(headers=iter([[bytearray(b"x"), b"1"]])), Respond(lambda r: None)).headers == [("x", "1")]

    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    assert visit(bare, Respond(lambda r: r.headers.__setitem__("x", "2"))).headers == [("x", "2")]


def test_all_middleware_sees_the_head_from_the_inside_out() -> None:
    """It is in the same order as for other responses."""

    def add(text: str) -> Respond:
        return Respond(lambda r: r.headers.__setitem__("x-inner", f"{r.headers['x-inner']} {text}"))

    assert visit(make_asgi(), add("a"), add("b"))["x-inner"] == "1 b a"


def test_other_messages_pass() -> None:
    """Early hints and whatever else there is goes to the server as it came."""

    async def hint(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.early_hint", "links": [b"</a>"]})
        await make_asgi(b"a")(scope, receive, send)

    answer = visit(hint, Respond(lambda r: None))
    assert (answer.messages[0]["type"], answer.text) == ("http.response.early_hint", "a")


@pytest.mark.parametrize("middleware", [[], [lambda app: app]], ids=["none", "raw"])
def test_it_costs_nothing_where_nobody_waits_for_the_head(middleware: list[Any]) -> None:
    """Where no middleware of the flat kind is around an app, messages go to the server as the app sends them."""
    headers = [(b"x-inner", b"1")]
    app = Yaat(autoload=False)
    app.mount("/m", make_asgi(headers=headers), middleware=middleware)
    assert ask(app, "GET", "/m").messages[0]["headers"] is headers


# --- replaced ---


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_response_can_be_replaced(method: str) -> None:
    """Another response that middleware returns is sent instead, and nothing of the app's."""
    answer = visit(make_asgi(b"a", b"b"), Respond(lambda r: TextResponse("other", 403)), method=method)
    assert (answer.status, answer["content-length"], answer.text) == (403, "5", "other" if method == "GET" else "")


def test_the_content_can_be_replaced() -> None:
    """A `body` that middleware sets is sent with the head of the app, in a length that is true."""
    answer = visit(
        make_asgi(b"a", headers=[(b"content-length", b"1")]), Respond(lambda r: setattr(r, "body", b"longer"))
    )
    assert (answer.status, answer["content-length"], answer.text) == (200, "6", "longer")


def test_the_next_middleware_sees_the_new_response() -> None:
    """What is further out sees the response that took the place of the app's."""
    outer = Respond(lambda r: TextResponse(f"<{r.body.decode()}>"))
    assert visit(make_asgi(b"a"), outer, Respond(lambda r: TextResponse("b"))).text == "<b>"


async def test_an_app_that_is_not_listened_to_is_stopped() -> None:
    """An endless stream whose response was replaced ends at its next part, as if the client had left."""
    closed = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while True:
                await send({"type": "http.response.body", "body": b"more", "more_body": True})
        finally:
            closed.set()

    exchange = Exchange()
    await exchange.serve(mount(endless, Respond(lambda r: TextResponse("other"))), path="/m/x")
    assert (exchange.body, exchange.is_finished, closed.is_set()) == (b"other", True, True)


def test_an_app_may_go_on_after_its_response() -> None:
    """What it does after the last part is done, whether its response was replaced or not."""
    done: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a"})
        done.append(True)

    assert (visit(app, Respond(lambda r: TextResponse("b"))).text, done) == ("b", [True])


def test_background_work_of_a_new_response_runs() -> None:
    """A response that replaces the app's may bring background work; so may the head."""
    done: list[int] = []
    work = BackgroundTask(done.append, 1)
    visit(make_asgi(), Respond(lambda r: TextResponse("b", background=work)))
    visit(make_asgi(), Respond(lambda r: setattr(r, "background", work)))
    assert done == [1, 1]


# --- errors ---


def fail_before(error: Exception) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    return app


def mark(response: Response) -> None:
    response.headers["x-seen"] = str(response.status_code)


@pytest.mark.parametrize(
    ("error", "status"), [(HTTPException(418), 418), (LookupError("lost"), 410), (ZeroDivisionError(), 500)]
)
def test_what_an_app_raises_is_answered(error: Exception, status: int) -> None:
    """Before its response an app may raise anything: handlers answer, and the middleware around it sees the answer."""
    handlers = {LookupError: lambda request, error: (str(error), 410)}
    answer = visit(fail_before(error), Respond(mark), exception_handlers=handlers)
    assert (answer.status, answer["x-seen"]) == (status, str(status))


def test_what_an_app_raises_is_answered_without_middleware() -> None:
    """Without middleware around the app, its errors are answered all the same."""
    handlers = {LookupError: lambda request, error: (str(error), 410)}
    answer = visit(fail_before(LookupError("lost")), exception_handlers=handlers)
    assert (answer.status, answer.text) == (410, "lost")


def fail_after(error: Exception) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        raise error

    return app


@pytest.mark.parametrize("middleware", [[], [Respond(mark)]], ids=["bare", "with middleware"])
async def test_an_error_in_the_middle_breaks_the_connection_off(middleware: list[Any]) -> None:
    """After its first message the response cannot be taken back: the server gets the error, and ends the connection."""
    exchange = Exchange()
    with pytest.raises(LookupError, match="lost"):
        await exchange.serve(mount(fail_after(LookupError("lost")), *middleware), path="/m/x")
    assert (exchange.body, exchange.is_finished) == (b"a", False)


def test_an_error_after_a_replaced_response_is_no_matter_of_the_client() -> None:
    """The client has its response; what the app's own sending runs into is not heard of."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})

    assert visit(app, Respond(lambda r: TextResponse("b"))).text == "b"


def test_errors_of_middleware_around_an_app_are_answered() -> None:
    """What middleware raises when it sees the head becomes the response, which is seen further out."""

    def fail(response: Response) -> None:
        raise LookupError("in middleware")

    handlers = {LookupError: lambda request, error: (str(error), 410)}
    answer = visit(make_asgi(b"a"), Respond(mark), Respond(fail), exception_handlers=handlers)
    assert (answer.status, answer["x-seen"], answer.text) == (410, "410", "in middleware")


# --- generators around an app ---


async def test_a_generator_sees_the_head() -> None:
    """An around gets the head at its `yield`, before the content is sent."""
    events: list[str] = []

    def watch(request: Request) -> Generator[None, Response]:
        response = yield
        events.append(str(response.status_code))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})
        events.append("started")
        await send({"type": "http.response.body"})

    await Exchange().serve(mount(app, watch), path="/m/x")
    assert events == ["201", "started"]


@pytest.mark.parametrize("is_cancelled", [True, False])
async def test_generators_around_an_app_that_never_answers_are_closed(is_cancelled: bool) -> None:
    """When there will be no head, because the request was cancelled or the app just ended, `finally` runs."""
    events: list[str] = []
    is_waiting = asyncio.Event()

    def watch(request: Request) -> Generator[None, Response]:
        try:
            yield
        finally:
            events.append("closed")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_waiting.set()
        if is_cancelled:
            await asyncio.Event().wait()

    task = asyncio.ensure_future(Exchange().serve(mount(app, watch), path="/m/x"))
    await is_waiting.wait()
    if is_cancelled:
        task.cancel()
    await asyncio.wait([task])
    assert (task.cancelled(), events) == (is_cancelled, ["closed"])


# --- a client that leaves ---


@pytest.mark.parametrize("breaks_send", [False, True])
async def test_a_client_that_leaves_ends_a_mounted_stream_quietly(
    breaks_send: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A Yaat behind raw ASGI middleware streams until its client leaves; nothing is logged, and nothing raised."""
    closed = asyncio.Event()
    inner = Yaat(autoload=False)

    async def ticks() -> AsyncIterator[str]:
        try:
            while True:
                yield "tick"
                await asyncio.sleep(0)
        finally:
            closed.set()

    @inner.get("/m/x")
    async def stream(request: Request) -> Response:
        return StreamResponse(ticks())

    def hide(app: Yaat) -> ASGIApp:
        async def hidden(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "root_path": ""}, receive, send)

        return hidden

    exchange = Exchange()
    task = asyncio.ensure_future(exchange.serve(mount(hide(inner), Respond(mark)), path="/m/x"))
    await take_turns()
    exchange.leave(breaks_send=breaks_send)
    await task
    assert (closed.is_set(), caplog.records, exchange.is_finished) == (True, [], False)


async def test_an_app_that_raises_because_its_client_left_gets_no_answer() -> None:
    """There is nobody to read it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = await receive()
        assert message["type"] == "http.disconnect"
        await Request(scope, receive).body()

    exchange = Exchange(is_complete=False)
    exchange.leave()
    await exchange.serve(mount(app, Respond(mark)), path="/m/x")
    assert exchange.sent == []
