"""What a server hears of an app that cannot be built."""

import asyncio
from typing import Any

import pytest

from yaat import Plugin, Yaat, hookimpl
from yaat.exceptions import RouteConflict


async def start(app: Yaat) -> list[dict[str, Any]]:
    """Return what *app* sends when a server starts it."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    return sent


def make_app_with_a_mistake() -> Yaat:
    app = Yaat(autoload=False)
    app.add_route("/x", lambda request: "one")
    app.add_route("/x", lambda request: "two")
    return app


def test_a_mistake_in_the_set_up_fails_the_start() -> None:
    """A server that starts the app hears what is wrong, and does not serve."""
    (message,) = asyncio.run(start(make_app_with_a_mistake()))
    assert message["type"] == "lifespan.startup.failed"
    assert "Two routes answer GET /x" in message["message"]
    assert "Traceback" not in message["message"]


def test_every_mistake_is_told() -> None:
    """Of several mistakes of plugins none is left out; what a plugin raised comes with its traceback."""

    class Broken(Plugin):
        def __init__(self, name: str) -> None:
            self.name = name

        @hookimpl
        def yaat_register_routes(self, app: Any) -> None:
            raise KeyError(f"of {self.name}")

    (message,) = asyncio.run(start(Yaat(autoload=False, plugins=[Broken("one"), Broken("two")])))
    assert "'of one'" in message["message"]
    assert "'of two'" in message["message"]
    assert "Traceback" in message["message"]


def test_a_request_to_it_raises() -> None:
    """Without a lifespan the first request raises the mistake, and so does every one after it."""
    app = make_app_with_a_mistake()
    scope = {"type": "http", "method": "GET", "path": "/x", "headers": []}

    async def nothing(*message: Any) -> Any:
        raise AssertionError(message)

    for _ in range(2):
        with pytest.raises(RouteConflict, match="Two routes answer GET /x"):
            asyncio.run(_call(app, dict(scope), nothing))


async def _call(app: Yaat, scope: dict[str, Any], nothing: Any) -> None:
    await app(scope, nothing, nothing)
