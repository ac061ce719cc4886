"""Which parameter is resolved how, on routes of other protocols too."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import pytest

from yaat import Plugin, Request, Yaat, hookimpl
from yaat.connection import Connection
from yaat.exceptions import HandlerError
from yaat.handler import examine
from yaat.place import bind_handler
from yaat.records import PathConverter, Protocol
from yaat.state import State
from yaat_typed import Body, Query, TypedPlugin, Use


class Echo(Connection[State]):
    """A connection of another protocol."""


class EchoPlugin(Plugin):
    """Serves connections of the type `echo`, of which handlers are given an `Echo`."""

    name = "echo"

    @hookimpl
    def yaat_register_protocols(self) -> Protocol:
        return Protocol(name="echo", make_endpoint=self.make_endpoint, make_fallback=lambda place: None)  # type: ignore[arg-type, return-value]  # never called

    def make_endpoint(self, placed: Any, place: Any) -> Any:
        respond = bind_handler(examine(placed.route.handler), placed, place, given=Echo)

        async def endpoint(scope: Any, receive: Any, send: Any) -> None:
            await send(await respond(Echo(scope, place)))

        return endpoint


def make_app(handler: Callable[..., Any]) -> Yaat:
    app = Yaat(autoload=False, plugins=[EchoPlugin(), TypedPlugin()])
    app.add_route("/{id}", handler, protocol="echo")
    return app


def connect(app: Yaat, path: str, query: bytes = b"") -> Any:
    """Return what is sent to one connection."""
    sent: list[Any] = []

    async def receive() -> Any: ...

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "echo", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query}
    asyncio.run(app(scope | {"headers": [(b"x-token", b"ada")]}, receive, send))
    [message] = sent
    return message


def test_dependencies_and_values_work_for_every_protocol() -> None:
    """They are given what the protocol gives, and left when the handler is done."""
    left: list[str] = []

    async def session(connection: Echo) -> Any:
        yield f"session of {connection.path}"
        left.append("left")

    async def handler(echo: Echo, id: int, n: int, session: Annotated[str, Use(session)]) -> Any:
        return [type(echo).__name__, id, n, session]

    app = make_app(handler)
    assert connect(app, "/5", b"n=7") == ["Echo", 5, 7, "session of /5"]
    assert left == ["left"]
    binding = app.report.routes[0].handlers[""].binding
    assert binding is not None
    assert {name: one.resolver for name, one in binding.parameters.items()} == {
        "echo": "request",
        "id": "path",
        "n": "type",
        "session": "dependency",
    }


def test_a_converter_of_somebody_else_may_give_anything(fetch: Any) -> None:
    """Such as a list, where the handler says so."""

    class Lists(Plugin):
        name = "lists"

        @hookimpl
        def yaat_register_converters(self) -> PathConverter:
            return PathConverter(name="list", parse=lambda text: text.split(","), example="a,b")

    async def handler(ids: list[str]) -> Any:
        return ids

    app = Yaat(autoload=False, plugins=[Lists(), TypedPlugin()])
    app.add_route("/{ids:list}", handler)
    assert fetch(app, "GET /a,b").json == ["a", "b"]


async def takes_content(id: int, body: Annotated[dict[str, int], Body()]) -> Any: ...


async def takes_model(id: int, body: dict[str, int]) -> Any: ...


async def takes_request(id: int, request: Request) -> Any: ...


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (takes_content, "takes 'body': it takes content, and a Echo has none"),
        (takes_model, "takes 'body': it takes content, and a Echo has none"),
        (takes_request, "takes 'request': its type is Request, but the route gives a Echo"),
    ],
)
def test_what_a_protocol_does_not_have_stops_the_build(handler: Callable[..., Any], message: str) -> None:
    """Content, and the connections of others."""
    with pytest.raises(HandlerError, match=message):
        make_app(handler).build()


def test_what_another_protocol_returns_is_left_alone() -> None:
    """A declared type is about responses."""

    async def handler(id: int) -> dict[str, int]:
        return {"id": id}

    assert connect(make_app(handler), "/5") == {"id": 5}


def test_a_subclass_of_the_request_is_given(app: Yaat, fetch: Any) -> None:
    """And what takes any connection."""

    async def path(connection: Connection) -> str:
        return connection.path

    @app.get("/x")
    async def handler(path: Annotated[str, Use(path)], q: Annotated[str, Query()] = "a") -> Any:
        return [path, q]

    assert fetch(app, "GET /x").json == ["/x", "a"]
