"""The boundary: what ASGI apps raise that nobody else stands around is answered, once."""

import inspect

import pytest

from yaat import HTTPException, Request, Yaat
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.responses import TextResponse

from .asgi_driver import ask
from .asgi_exchange import Exchange


def make_app(error: Exception, *, is_late: bool = False) -> Yaat:
    """Return an app with raw ASGI middleware that fails, before or after its first message."""

    def failing(app: ASGIApp) -> ASGIApp:
        async def fail(scope: Scope, receive: Receive, send: Send) -> None:
            if is_late:
                await send({"type": "http.response.start", "status": 200, "headers": []})
            raise error

        return fail

    return Yaat(
        autoload=False, middleware=[failing], exception_handlers={LookupError: lambda request, error: ("lost", 410)}
    )


@pytest.mark.parametrize(("error", "status"), [(LookupError(), 410), (HTTPException(418), 418), (ValueError(), 500)])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_error_before_the_first_message_is_answered(error: Exception, status: int, method: str) -> None:
    """The handlers of the app answer for its raw middleware too."""
    assert ask(make_app(error), method, "/").status == status


def test_such_an_error_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """It belongs to no route."""
    ask(make_app(ValueError("lost")), "GET", "/x")
    [record] = caplog.records
    assert record.getMessage() == "GET '/x' failed (no route)"


async def test_an_error_after_that_goes_to_the_server(caplog: pytest.LogCaptureFixture) -> None:
    """The response has begun, so only the server can end it."""
    exchange = Exchange()
    with pytest.raises(LookupError):
        await exchange.serve(make_app(LookupError(), is_late=True))
    assert (exchange.status, exchange.is_finished) == (200, False)


@pytest.mark.parametrize("is_mounted", [False, True], ids=["middleware", "mounted"])
async def test_a_client_that_left_ends_the_request_quietly(is_mounted: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Yaat's own responses say that the client left, and then nobody needs to know."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await TextResponse("a")(scope, receive, send)

    app = Yaat(autoload=False, middleware=[] if is_mounted else [lambda app: answer])
    if is_mounted:
        app.mount("/", answer)
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(app)
    assert (exchange.sent, caplog.records) == ([], [])


def test_raw_middleware_may_wrap_send() -> None:
    """What middleware puts in the place of `send` is used by everything that is further in."""
    seen: list[str] = []

    def watch(app: ASGIApp) -> ASGIApp:
        async def watching(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_on(message: Message) -> None:
                seen.append(message["type"])
                await send(message)

            await app(scope, receive, send_on)

        return watching

    app = Yaat(autoload=False, middleware=[watch])
    app.add_route("/", lambda request: "hello")
    assert (ask(app, "GET", "/").text, seen) == ("hello", ["http.response.start", "http.response.body"])


async def test_an_error_behind_the_response_goes_to_the_server() -> None:
    """Raw middleware that fails when the response was sent already changes nothing about that."""

    def late(app: ASGIApp) -> ASGIApp:
        async def failing(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)
            raise LookupError("too late")

        return failing

    app, exchange = Yaat(autoload=False, middleware=[late]), Exchange()
    with pytest.raises(LookupError, match="too late"):
        await exchange.serve(app)
    assert (exchange.status, exchange.is_finished) == (404, True)


async def test_an_error_of_the_app_s_own_is_no_client_that_left() -> None:
    """An `OSError` that does not come from `send` is an error like others, also in the middle of a response."""
    exchange = Exchange()
    with pytest.raises(TimeoutError):
        await exchange.serve(make_app(TimeoutError(), is_late=True))


async def test_an_error_response_that_nobody_receives_is_quiet() -> None:
    """Nor does it matter that the client has left when its error response is sent."""
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(make_app(ValueError()))
    assert exchange.sent == []


def test_what_does_not_fail_passes() -> None:
    """Where nothing goes wrong, messages pass as they are."""
    app = Yaat(autoload=False, middleware=[lambda app: app])

    @app.get("/")
    async def hello(request: Request) -> str:
        return "hello"

    assert ask(app, "GET", "/").text == "hello"


def test_raw_middleware_is_given_what_anybody_takes_for_asgi_3() -> None:
    """Libraries that still know ASGI 2 tell the two apart: by a coroutine function, or by what asgiref looks for."""
    given: list[ASGIApp] = []

    def look(app: ASGIApp) -> ASGIApp:
        given.append(app)
        return app

    app = Yaat(autoload=False, middleware=[look, look])
    app.add_route("/", lambda: "hello", middleware=[look])
    app.build()
    marks = [inspect.iscoroutinefunction(app) or getattr(app, "_asgi_single_callable", False) for app in given]
    assert marks == [True, True, True]


@pytest.mark.parametrize("is_copied", [True, False])
@pytest.mark.parametrize("second", ["/nowhere", "/nowhere/at/all", "/items/x"])
def test_a_second_try_knows_nothing_of_the_first(second: str, *, is_copied: bool) -> None:
    """Middleware that calls the app again with another path gets the answer for that path."""

    def retrying(app: ASGIApp) -> ASGIApp:
        async def retry(scope: Scope, receive: Receive, send: Send) -> None:
            async def ignore(message: Message) -> None:
                """Say nothing of the first try."""

            await app(scope, receive, ignore)
            other = {**scope} if is_copied else scope
            other.update(path=second, raw_path=second.encode())
            await app(other, receive, send)

        return retry

    app = Yaat(autoload=False, middleware=[retrying])

    @app.post("/only-post")
    @app.get("/items/{number:int}")
    async def show(request: Request, **parameters: int) -> str:
        return "shown"

    assert ask(app, "GET", "/only-post").status == 404
