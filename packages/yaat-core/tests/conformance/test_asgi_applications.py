"""ASGI 3.0 specification, "Applications" and "Connection Scope": what any app is to any server."""

import asyncio
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.asgi import Message, Receive, Scope, Send
from yaat.exceptions import ConfigurationError

from ..asgi_driver import call, make_scope


def make_app() -> Yaat:
    app = Yaat(autoload=False)

    @app.get("/")
    async def hello(request: Request) -> str:
        return "hello"

    return app


async def receive_nothing() -> Message:
    return {"type": "http.request"}


async def send_nothing(message: Message) -> None: ...


def test_an_app_is_a_single_asynchronous_callable() -> None:
    """It is called once for each connection with scope, receive and send, and gives a coroutine."""
    app = make_app()
    served = app(make_scope("GET", "/"), receive_nothing, send_nothing)
    assert asyncio.iscoroutine(served)
    results: list[object] = [asyncio.run(served)]
    assert results == [None]


@pytest.mark.parametrize("kind", ["gopher", "http2", "", None])
def test_an_app_raises_for_a_protocol_that_it_does_not_know(kind: Any) -> None:
    """A scope of a type that nobody here serves is an exception, so that the server knows."""
    with pytest.raises(ConfigurationError, match="No plugin serves connections of type"):
        asyncio.run(make_app()({"type": kind}, receive_nothing, send_nothing))


async def test_an_app_serves_connections_at_the_same_time() -> None:
    """Each connection is a call of its own; one that waits holds up no other."""
    app, go_on = make_app(), asyncio.Event()

    @app.get("/wait")
    async def wait(request: Request) -> str:
        await go_on.wait()
        return "waited"

    waiting = asyncio.ensure_future(call(app, "GET", "/wait"))
    answers = [await call(app, "GET", "/") for _ in range(2)]
    go_on.set()
    assert [answer.text for answer in (*answers, await waiting)] == ["hello", "hello", "waited"]


def test_what_the_server_gives_stays_as_it_is() -> None:
    """An app adds to the scope, for what is further in, and changes nothing that the server has put there."""
    scope = make_scope("GET", "/", headers=[("accept", "a/b")], state={"a": 1}, extensions={})
    given = {key: list(value) if isinstance(value, list) else value for key, value in scope.items()}
    asyncio.run(make_app()(scope, receive_nothing, send_nothing))
    assert {key: scope[key] for key in given} == given


def test_middleware_may_hand_on_a_copy_of_the_scope() -> None:
    """Middleware that changes the scope makes a copy of it: the app works on what it is given."""
    seen: list[Any] = []

    def add(app: Any) -> Any:
        async def adding(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "mine": 1}, receive, send)

        return adding

    app = Yaat(autoload=False, middleware=[add])

    @app.get("/{x}")
    async def look(request: Request, x: str) -> str:
        seen.append((request.scope["mine"], request.path_params))
        return ""

    scope = make_scope("GET", "/a")
    asyncio.run(app(scope, receive_nothing, send_nothing))
    assert (seen, "mine" in scope, "path_params" in scope) == ([(1, {"x": "a"})], False, False)
