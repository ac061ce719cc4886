"""Dependencies where there is no request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest

from yaat import Request, Yaat
from yaat.exceptions import HandlerError
from yaat_typed import AppConnection, TypedPlugin, Use, inject

LOG: list[str] = []


@pytest.fixture(autouse=True)
def log() -> list[str]:
    LOG.clear()
    return LOG


async def session(app: Yaat) -> AsyncIterator[str]:
    LOG.append(f"open in {type(app).__name__}")
    yield "session"
    LOG.append("close")


def test_a_command_uses_dependencies(app: Yaat, log: list[str]) -> None:
    """It is given them, and they are left when it is done."""

    @inject
    async def clean_up(session: Annotated[str, Use(session)]) -> str:
        LOG.append("command")
        return f"cleaned with {session}"

    assert asyncio.run(clean_up(app)) == "cleaned with session"
    assert log == ["open in Yaat", "command", "close"]


def test_a_plain_command_uses_dependencies_without_an_app() -> None:
    """It runs in a thread; the app is none."""

    async def answer() -> int:
        return 42

    @inject
    def command(app, answer: Annotated[int, Use(answer)]) -> Any:  # type: ignore[no-untyped-def]  # that is the point
        return app, answer

    assert asyncio.run(command()) == (None, 42)


def test_on_startup_uses_dependencies() -> None:
    """A function for the start-up is given them like any other."""
    app = Yaat(autoload=False, plugins=[TypedPlugin()])

    @app.on_startup
    @inject
    async def warm_up(session: Annotated[str, Use(session)]) -> None:
        LOG.append("warm")

    asyncio.run(live(app))
    assert LOG == ["open in Yaat", "warm", "close", "stopped"]


def test_a_lifespan_uses_dependencies() -> None:
    """They are left when the app has stopped."""

    async def lifespan(app: Any, session: Annotated[str, Use(session)]) -> AsyncIterator[dict[str, str]]:
        LOG.append("start")
        yield {"session": session}
        LOG.append("stop")

    app = Yaat(autoload=False, plugins=[TypedPlugin()], lifespan=inject(lifespan))
    state = asyncio.run(live(app))
    assert state == {"session": "session"}
    assert LOG == ["open in Yaat", "start", "stop", "close", "stopped"]


async def live(app: Yaat) -> dict[str, Any]:
    """Let *app* start and stop, and return its state."""
    state: dict[str, Any] = {}
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        assert "complete" in message["type"], message

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}, receive, send)
    LOG.append("stopped")
    return state


def test_a_replaced_dependency_is_replaced_there_too(app: Yaat) -> None:
    """What tests replace is replaced wherever the app uses it."""

    async def other() -> AsyncIterator[str]:
        yield "other"

    @inject
    async def command(session: Annotated[str, Use(session)]) -> str:
        return session

    app.build()
    with app.extensions["typed"].override(session, other):
        assert asyncio.run(command(app)) == "other"


def test_a_dependency_for_requests_alone_is_refused_at_once() -> None:
    """Where there is no request, nobody gives one."""

    async def method(request: Request) -> str:
        return request.method

    with pytest.raises(HandlerError, match=r"(?s)dependency '.*method' cannot be: .*'request', which nothing gives"):

        @inject
        async def command(method: Annotated[str, Use(method)]) -> None: ...


def test_a_function_whose_types_are_not_known_yet_is_looked_at_when_it_is_called() -> None:
    """A type that is defined further down, for instance."""

    @inject
    async def command(thing: "Unknown") -> None:  # type: ignore[name-defined]  # noqa: F821 - that is the point
        ...

    with pytest.raises(HandlerError, match="It is called where there is no request"):
        asyncio.run(command())


def test_a_type_that_is_not_there_is_refused_though_there_is_a_default() -> None:
    """It may be marked with a dependency, which nobody would call."""

    @inject
    async def command(thing: "Annotated[str, Use(unknown)]" = "") -> None:  # noqa: F821 - that is the point
        ...

    with pytest.raises(HandlerError, match=r"takes 'thing': its annotation '.*' names what its module does not have"):
        asyncio.run(command())


def test_a_stand_in_for_the_connection_knows_the_app(app: Yaat) -> None:
    """A dependency that takes any connection is given one."""

    async def kind(connection: AppConnection) -> Any:
        return connection.app

    @inject
    async def command(kind: Annotated[Any, Use(kind)]) -> Any:
        return kind

    assert asyncio.run(command(app)) is app
