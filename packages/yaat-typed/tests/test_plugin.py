"""The plugin as an app sees it."""

import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest

from yaat import Plugin, Request, Yaat, hookimpl
from yaat.arguments import Argument, Source
from yaat.exceptions import HandlerError
from yaat.records import JSONCodec, ParameterResolver
from yaat.responses import JSONResponse, TextResponse
from yaat_typed import Query, TypedPlugin, decode, encode


@dataclass
class Point:
    x: int
    y: int = 0


class Item(msgspec.Struct):
    name: str


def find_caller() -> str:
    """Return the name of the function that has called the handler that asks."""
    frame = sys._getframe(2)
    return frame.f_code.co_name


def test_plain_handlers_are_left_as_they_are(app: Yaat, fetch: Any) -> None:
    """A handler that takes the request and declares nothing is called by the line itself."""

    @app.get("/")
    async def handler(request: Request) -> Any:
        return TextResponse(find_caller())

    assert fetch(app, "GET /").body.decode() == "serve"


def test_rich_values_work_in_responses(app: Yaat, fetch: Any) -> None:
    """The JSON codec of the app is msgspec's."""

    @app.get("/")
    async def handler(request: Request) -> Any:
        return JSONResponse({"day": date(2026, 1, 2), "price": Decimal("1.5"), "tags": {1}, "point": Point(1)})

    assert fetch(app, "GET /").body == b'{"day":"2026-01-02","price":"1.5","tags":[1],"point":{"x":1,"y":0}}'


def test_the_request_is_read_by_it_too(app: Yaat, fetch: Any) -> None:
    """With the core's strictness: 400 with line and column."""

    @app.post("/")
    async def handler(request: Request) -> Any:
        return await request.json()

    assert fetch(app, "POST /", body={"a": 1}).json == {"a": 1}
    answer = fetch(app, "POST /", content=b"[1,\n NaN]", headers=[("content-type", "application/json")])
    assert (answer.status, answer.json["line"], answer.json["column"]) == (400, 2, 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({1}, "[1]"),
        (5, "5"),
        (1.5, "1.5"),
        (date(2026, 1, 2), '"2026-01-02"'),
        (Item("a"), '{"name":"a"}'),
        (True, "true"),
    ],
)
def test_handlers_return_values_without_saying_so(app: Yaat, fetch: Any, value: Any, text: str) -> None:
    """What is no response and no container becomes JSON."""

    @app.get("/")
    async def handler(request: Request) -> Any:
        return value

    assert fetch(app, "GET /").body.decode() == text


def test_the_codec_of_the_app_can_stay(fetch: Any) -> None:
    """What handlers declare to return is written by msgspec all the same."""
    app = Yaat(autoload=False, plugins=[TypedPlugin(json_codec=False)])

    @app.get("/declared")
    async def declared() -> Item:
        return Item("a")

    @app.get("/")
    async def plain(request: Request) -> Any:
        return JSONResponse({"a": Decimal(1)})

    assert fetch(app, "GET /declared").json == {"name": "a"}
    assert fetch(app, "GET /").status == 500


@pytest.mark.parametrize(
    ("options", "debug", "status"),
    [({}, False, 200), ({}, True, 500), ({"refuse_nan": True}, False, 500), ({"refuse_nan": False}, True, 200)],
)
def test_what_is_no_number_is_refused_in_debug(
    fetch: Any, caplog: pytest.LogCaptureFixture, options: Any, debug: bool, status: int
) -> None:
    """Or whenever the plugin is told so; else it is null. The log says where it stands."""
    app = Yaat(autoload=False, plugins=[TypedPlugin(**options)], debug=debug)

    @app.get("/plain")
    async def plain(request: Request) -> Any:
        return {"price": [float("nan")]}

    @app.get("/declared")
    async def declared() -> dict[str, list[float]]:
        return {"price": [float("nan")]}

    for path in ("/plain", "/declared"):
        caplog.clear()
        answer = fetch(app, f"GET {path}")
        assert answer.status == status
        assert ("$.price[0] is nan" in caplog.text) is (status == 500)
        assert (answer.body == b'{"price":[null]}') is (status == 200)


def test_another_plugin_may_bring_the_codec(fetch: Any) -> None:
    """The first that answers is taken, as for every hook of one answer."""

    class Other(Plugin):
        name = "other"

        @hookimpl
        def yaat_json_codec(self) -> JSONCodec:
            return JSONCodec(encode=lambda value: b"other", decode=decode)

    app = Yaat(autoload=False, plugins=[Other(), TypedPlugin()])

    @app.get("/")
    async def handler(request: Request) -> Any:
        return {"a": 1}

    assert fetch(app, "GET /").body == b"other"


def test_a_plugin_that_knows_a_type_is_asked_first(fetch: Any) -> None:
    """What has no marker is left to whoever knows it; a model is content only if nobody else wants it."""

    class User(msgspec.Struct):
        name: str

    class Auth(Plugin):
        name = "auth"

        @hookimpl
        def yaat_register_parameter_resolvers(self) -> ParameterResolver:
            return ParameterResolver(name="user", resolve=self.resolve)

        def resolve(self, parameter: Any, site: Any) -> Argument | None:
            source = Source(get=lambda connection: User("ada"), phase="access")
            return Argument(source=source) if parameter.annotation is User else None

    app = Yaat(autoload=False, plugins=[Auth(), TypedPlugin()])

    @app.get("/")
    async def handler(user: User) -> Any:
        return [user.name]

    assert fetch(app, "GET /").json == ["ada"]


def test_two_plugins_that_want_a_parameter_stop_the_build() -> None:
    """The message names both."""

    class Greedy(Plugin):
        name = "greedy"

        @hookimpl
        def yaat_register_parameter_resolvers(self) -> ParameterResolver:
            return ParameterResolver(name="all", resolve=lambda parameter, site: Argument(source=Source(get=id)))

    app = Yaat(autoload=False, plugins=[Greedy(), TypedPlugin()])

    @app.get("/")
    async def handler(q: Annotated[str, Query()]) -> Any: ...

    with pytest.raises(HandlerError, match="resolved by 'all' of plugin 'greedy' and by 'query' of plugin 'typed'"):
        app.build()


def test_a_view_has_typed_methods(app: Yaat, fetch: Any) -> None:
    """Methods of a class are handlers like any other."""

    class Items:
        async def get(self, q: str) -> Any:
            return [q]

        async def post(self, item: Item) -> Item:
            return item

    app.add_route("/", Items)
    assert fetch(app, "GET /?q=a").json == ["a"]
    assert fetch(app, "POST /", body={"name": "b"}).json == {"name": "b"}


def test_head_is_answered_like_get(app: Yaat, fetch: Any) -> None:
    """Without content."""

    @app.get("/")
    async def handler(n: int) -> Item:
        return Item("a" * n)

    answer = fetch(app, "HEAD /?n=3")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "14")
    assert fetch(app, "HEAD /?n=x").status == 422


def test_what_a_route_declares_can_be_asked(app: Yaat) -> None:
    """Each value with its place, name, type, default, constraints and description; each answer with its status."""

    @app.post("/{id}", status_code=201)
    async def handler(
        id: int, item: Item, limit: Annotated[int, Query("max", ge=1, description="At most", deprecated=True)] = 5
    ) -> Item:
        return item

    app.build()
    binding = app.report.routes[0].handlers["POST"].binding
    assert binding is not None
    body, query = binding.inputs
    assert (body.place, body.type, body.is_required, body.media_types) == ("body", Item, True, ("application/json",))
    assert (query.place, query.name, query.is_required, query.default) == ("query", "max", False, 5)
    assert (query.constraints, query.description, query.extra) == ({"minimum": 1}, "At most", {"deprecated": True})
    assert [(each.status_code, each.media_type) for each in binding.outputs] == [
        (201, "application/json"),
        (400, "application/problem+json"),
        (415, "application/problem+json"),
        (422, "application/problem+json"),
    ]
    assert {name: one.resolver for name, one in binding.parameters.items()} == {
        "id": "path",
        "item": "type",
        "limit": "query",
    }
    assert binding.parameters["limit"].owner.plugin == "typed"
    assert body.make_schemas is not None
    schemas, components = body.make_schemas([body.type, query.type], "#/c/{name}")
    assert schemas == [{"$ref": "#/c/Item"}, {"type": "integer", "minimum": 1, "description": "At most"}]
    assert components["Item"]["required"] == ["name"]


def test_the_codec_is_public() -> None:
    """Other code may write and read as the app does."""
    assert decode(encode({"a": 1})) == {"a": 1}
