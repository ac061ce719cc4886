"""The boundary: what ASGI apps raise that nobody else stands around is answered, once."""

import pytest

from yaat import HTTPException, Request, Yaat
from yaat.asgi import ASGIApp, Receive, Scope, Send
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


@pytest.mark.parametrize("error", [None, ValueError("of its own")], ids=["the server's", "its own"])
@pytest.mark.parametrize("is_mounted", [False, True], ids=["middleware", "mounted"])
async def test_a_client_that_left_ends_the_request_quietly(
    error: Exception | None, is_mounted: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """When `send` has said that the client left, an app may raise that or anything else: nobody needs to know."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await TextResponse("a")(scope, receive, send)
        except OSError:
            raise error or OSError from None

    app = Yaat(autoload=False, middleware=[] if is_mounted else [lambda app: answer])
    if is_mounted:
        app.mount("/", answer)
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    await exchange.serve(app)
    assert (exchange.sent, caplog.records) == ([], [])


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
