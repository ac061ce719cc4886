"""ASGI specification, "Lifespan Protocol": the state of requests, and mounted apps, for which Yaat plays the server."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.asgi import Message, Receive, Scope, Send

from ..asgi_driver import Life, call
from ..asgi_exchange import Exchange


async def test_each_request_has_a_copy_of_the_state() -> None:
    """Lifespan State: a server passes a shallow copy to each request; names that a request sets do not leave it."""

    async def lifespan(app: Yaat) -> AsyncIterator[dict[str, Any]]:
        yield {"list": []}

    app = Yaat(autoload=False, lifespan=lifespan)

    @app.get("/")
    async def show(request: Request[Any]) -> str:
        request.state.list.append(1)
        request.state["own"] = True
        return str(len(request.state.list))

    life = Life(app)
    await life.start()
    answers = [await call(app, "GET", "/", scope={"state": life.state.copy()}) for _ in range(2)]
    assert [answer.text for answer in answers] == ["1", "2"]
    assert set(life.state) == {"list"}
    await life.stop()


class Recording:
    """A mounted ASGI app that notes what Yaat, as its server, does."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve."""
        self.scopes.append(scope)
        if scope["type"] != "lifespan":
            raise NotImplementedError
        for phase in ("startup", "shutdown"):
            self.received.append(await receive())
            await send({"type": f"lifespan.{phase}.complete"})


async def test_mounted_app_is_served_as_by_a_server() -> None:
    """A mounted app gets the same scope and messages that a server would give it, once each."""
    recording = Recording()
    app = Yaat(autoload=False)
    app.mount("/a", recording)
    life = Life(app)
    await life.start()
    await life.stop()
    [scope] = recording.scopes
    assert scope["type"] == "lifespan"
    assert set(scope["asgi"]) == {"version", "spec_version"}
    assert recording.received == [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]


@pytest.mark.parametrize("raises", [True, False])
async def test_mounted_app_that_does_not_know_the_protocol_is_served(raises: bool) -> None:
    """Scope: if the app raises for this scope the server must continue, without any lifespan events."""

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            if raises:
                raise NotImplementedError
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})

    app = Yaat(autoload=False)
    app.mount("/a", mounted)
    life = Life(app)
    assert await life.start() == {"type": "lifespan.startup.complete"}
    exchange = Exchange()
    await exchange.serve(app, "GET", "/a")
    assert exchange.body == b"served"
    assert await life.stop() == {"type": "lifespan.shutdown.complete"}
