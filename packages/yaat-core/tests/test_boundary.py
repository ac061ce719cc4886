"""The boundary: what ASGI apps raise that nobody else stands around is answered, once."""

import pytest

from yaat import HTTPException, Request, Yaat
from yaat.asgi import ASGIApp, Receive, Scope, Send

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


def test_what_does_not_fail_passes() -> None:
    """Where nothing goes wrong, messages pass as they are."""
    app = Yaat(autoload=False, middleware=[lambda app: app])

    @app.get("/")
    async def hello(request: Request) -> str:
        return "hello"

    assert ask(app, "GET", "/").text == "hello"
