"""The document of an app."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from yaat import Plugin, Router, Yaat, hookimpl
from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors
from yaat.records import Protocol
from yaat.responses import StreamResponse
from yaat_openapi import OpenAPI, OpenAPIOptions
from yaat_openapi.document import build_document, list_operations, place_below
from yaat_typed import TypedPlugin
from yaat_websockets import WebSocket, WebSocketsPlugin

App = Callable[..., Yaat]
Read = Callable[[Yaat], Any]


async def index(request: Any, **parameters: Any) -> None:
    pass


async def serve(scope: Any, receive: Any, send: Any) -> None:
    pass


class Protocols(Plugin):
    """Serves connections of one type, well enough to build an app."""

    def __init__(self, name: str) -> None:
        self.name = name

    @hookimpl
    def yaat_register_protocols(self, app: Any) -> Protocol:
        return Protocol(name=self.name, make_endpoint=lambda route, app: serve, make_fallback=lambda app: serve)


def test_document_says_what_the_app_says_of_itself(make_app: App, read_document: Read) -> None:
    """Title, version and description stand in `info`; an app without routes has a valid document too."""
    document = read_document(make_app(title="Shop", version="2.1", description="All *things*"))
    assert document == {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "2.1", "description": "All *things*"},
        "paths": {},
    }


def test_paths_and_methods_stand_in_a_fixed_order(make_app: App, read_document: Read) -> None:
    """Paths come as they were added and methods as in the specification, in every build alike."""
    app = make_app()
    app.add_route("/b", index, methods=["PATCH", "POST", "GET"])
    app.add_route("/a", index)
    app.add_route("/b", index, methods=["DELETE", "PUT"], name="more")
    paths = read_document(app)["paths"]
    assert {path: list(item) for path, item in paths.items()} == {
        "/b": ["get", "post", "patch", "put", "delete"],
        "/a": ["get"],
    }


def test_two_builds_give_the_same_bytes(make_app: App, read_document: Read) -> None:
    """A document that is kept beside the code changes only when the app does."""
    documents = []
    for _ in range(2):
        app = make_app()
        app.add_route("/b/{id:int}", index, methods=["PATCH", "GET"], tags=["b"])
        app.add_route("/a", index)
        documents.append(json.dumps(read_document(app)))
    assert documents[0] == documents[1]


def test_route_can_stay_out_of_the_document(make_app: App, read_document: Read) -> None:
    """`has_schema=False` hides a route, as in the first Yaat."""
    app = make_app()
    app.add_route("/hidden", index, has_schema=False)
    assert read_document(app)["paths"] == {}


def test_routes_below_a_mount_stand_at_their_full_paths(make_app: App, read_document: Read) -> None:
    """Routers and mounted apps of Yaat are part of the document."""
    app, router, inner = make_app(), Router("/blog"), Yaat(autoload=False)
    router.add_route("/{post:int}", index)
    inner.add_route("/users", index)
    app.mount(router)
    app.mount("/admin", inner)
    assert list(read_document(app)["paths"]) == ["/blog/{post}", "/admin/users"]


def test_mounted_app_with_the_plugin_has_a_document_of_its_own(make_app: App, read_document: Read) -> None:
    """It holds the routes of that app alone, at the paths where they are."""
    outer, inner = make_app(), make_app()
    outer.add_route("/public", index)
    inner.add_route("/users", index)
    outer.mount("/admin", inner)
    assert list(read_document(outer)["paths"]) == ["/public", "/admin/users"]
    assert list(inner.extensions["openapi"].document["paths"]) == ["/admin/users"]


def test_head_that_comes_with_get_is_not_shown(make_app: App, read_document: Read) -> None:
    """Every GET has one; a handler for HEAD alone is shown."""
    app = make_app()
    app.add_route("/a", index)
    app.add_route("/b", index, methods=["HEAD"])
    assert [list(item) for item in read_document(app)["paths"].values()] == [["get"], ["head"]]


def test_method_that_openapi_has_no_field_for_is_in_an_extension(make_app: App, read_document: Read) -> None:
    """QUERY came after OpenAPI 3.1: it is listed where newer versions would have it, and the document stays valid."""
    app = make_app()
    app.add_route("/search", index, methods=["QUERY"])
    item = read_document(app)["paths"]["/search"]
    assert item["x-additional-operations"]["QUERY"]["operationId"] == "index"


def test_paths_that_differ_in_names_alone_are_one_path(make_app: App, read_document: Read) -> None:
    """Parameters take the names of the first route, since OpenAPI takes such paths for identical."""
    app = make_app()
    app.add_route("/items/{id}", index)
    app.add_route("/items/{item_id}", index, methods=["DELETE"], name="drop")
    [(path, item)] = read_document(app)["paths"].items()
    assert path == "/items/{id}"
    assert item["delete"]["parameters"][0]["name"] == "id"


def test_operations_that_openapi_cannot_tell_apart_are_all_shown(make_app: App, read_document: Read) -> None:
    """Yaat tells a number from a text in a path and OpenAPI does not: so the second stands in an extension."""
    app = make_app()
    app.add_route("/items/{id:int}", index, name="by_id")
    app.add_route("/items/{name}", index, name="by_name")
    document = read_document(app)
    assert document["paths"]["/items/{id}"]["get"]["operationId"] == "by_id"
    [other] = document["x-overlapping-operations"]
    assert (other["path"], other["method"], other["operation"]["operationId"]) == ("/items/{id}", "GET", "by_name")


def test_websocket_routes_are_listed_in_an_extension(make_app: App, read_document: Read) -> None:
    """OpenAPI has no place for them; there they are described as far as the same words fit."""
    app = make_app(Protocols("websocket"))

    @app.websocket_route("/rooms/{room:int}", tags=["chat"])
    async def chat(websocket: Any, room: int) -> None:
        """Talk."""

    [route] = read_document(app)["x-websockets"]
    assert (route["path"], route["summary"], route["tags"]) == ("/rooms/{room}", "Talk.", ["chat"])
    assert route["parameters"][0]["schema"]["type"] == "integer"
    assert "responses" not in route


def test_websocket_route_requires_what_is_described(make_app: App) -> None:
    """As operations do."""
    app = make_app(Protocols("websocket"))
    app.add_websocket_route("/live", index, security=["token"])
    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    message = str(getattr(caught.value, "exceptions", [caught.value])[0])
    assert "WebSocket /live requires the security scheme 'token'" in message


def test_route_of_another_protocol_is_left_out(make_app: App, read_document: Read) -> None:
    """What nobody has words for is not described."""
    app = make_app(Protocols("echo"))
    app.add_route("/echo", index, protocol="echo")
    assert set(read_document(app)) == {"openapi", "info", "paths"}


def test_all_operations_can_be_listed(make_app: App, read_document: Read) -> None:
    """Those in the extensions are among them."""
    app = make_app()
    app.add_route("/a/{id:int}", index, methods=["GET", "QUERY"])
    app.add_route("/a/{name}", index, name="other")
    found = [(path, method) for path, method, _ in list_operations(read_document(app))]
    assert found == [("/a/{id}", "GET"), ("/a/{id}", "QUERY"), ("/a/{id}", "GET")]


@pytest.mark.parametrize(
    ("document", "root_path", "servers"),
    [
        ({}, "", None),
        ({}, "/shop", [{"url": "/shop"}]),
        ({"servers": [{"url": "https://example.com"}]}, "/shop", [{"url": "https://example.com"}]),
    ],
)
def test_root_path_of_the_server_is_told(document: Mapping[str, Any], root_path: str, servers: Any) -> None:
    """Where a proxy puts the app below a prefix, requests must go there; what a plugin said stays."""
    assert place_below(dict(document), root_path).get("servers") == servers


# --- several documents ---


def test_name_of_no_document_stops_the_build(make_app: App) -> None:
    """A route that would be in none is a mistake; the message names the route and the documents."""
    app = make_app(documents={"internal": {}})
    app.add_route("/a", index, documents=["intern"])
    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    message = str(getattr(caught.value, "exceptions", [caught.value])[0])
    assert "documents= of the route /a, added at" in message
    assert "names 'intern', which is no document. Did you mean 'internal'?" in message


def test_documents_that_are_there_are_listed_where_none_is_like_it(make_app: App) -> None:
    """So one can choose."""
    app = make_app(documents={"internal": {}})
    app.add_route("/a", index, documents=["zzz"])
    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    assert "There are: default, internal." in str(getattr(caught.value, "exceptions", [caught.value])[0])


@pytest.mark.parametrize(("path", "is_below"), [("/v1", True), ("/v1/books", True), ("/v10", False), ("/", False)])
def test_document_may_hold_what_is_below_a_path(make_app: App, path: str, is_below: bool) -> None:
    """The path itself is part of it, and another that begins with the same letters is not."""
    app = make_app(documents={"v1": {"below": "/v1"}})
    app.add_route(path, index)
    app.build()
    assert list(app.extensions["openapi"].documents["v1"]["paths"]) == [path] * is_below


def test_plugins_are_told_which_document_it_is(make_app: App) -> None:
    """They have their say in each."""

    class Noter(Plugin):
        name = "noter"

        @hookimpl(optionalhook=True)
        def yaat_openapi_document(self, name: str, document: dict[str, Any]) -> dict[str, Any]:
            return {**document, "x-name": name}

    app = make_app(Noter(), documents={"internal": {}})
    app.build()
    documents = app.extensions["openapi"].documents
    assert {name: each["x-name"] for name, each in documents.items()} == {"default": "default", "internal": "internal"}


def test_document_says_what_its_options_say(make_app: App, read_document: Read) -> None:
    """Servers, tags and the rest of `info` come as they are."""
    contact = {"email": "api@example.com"}
    options: dict[str, Any] = {
        "info": {"contact": contact},
        "servers": [{"url": "https://api.example.com"}],
        "tags": [{"name": "b"}, {"name": "a"}],
    }
    document = read_document(make_app(**options))
    assert document["info"]["contact"] == contact
    assert (document["servers"], document["tags"]) == (options["servers"], options["tags"])


class Events(StreamResponse):
    """Events as they happen."""

    media_type = "text/event-stream"


def test_operations_that_answer_with_events_are_listed(make_app: App, read_document: Read) -> None:
    """Readers need not search for them."""
    app = make_app()

    @app.get("/events")
    async def events(request: Any) -> Events: ...  # type: ignore[empty-body]  # it is never called

    assert read_document(app)["x-server-sent-events"] == [{"path": "/events", "method": "GET", "operationId": "events"}]


def test_document_needs_no_app() -> None:
    """Nor plugins: it is a function of options and routes."""
    assert build_document(OpenAPIOptions(title="Shop"), []).document == {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "0.1.0"},
        "paths": {},
    }


def test_websocket_route_tells_what_it_takes(read_document: Read) -> None:
    """The query and the headers of its handshake are parameters, as for HTTP."""
    app = Yaat(autoload=False, plugins=[OpenAPI(), TypedPlugin(), WebSocketsPlugin()])

    @app.websocket_route("/rooms/{room}")
    async def chat(websocket: WebSocket[Any], room: str, since: int = 0) -> None:
        """Talk."""

    [route] = read_document(app)["x-websockets"]
    assert [(each["in"], each["name"]) for each in route["parameters"]] == [("path", "room"), ("query", "since")]
    assert "requestBody" not in route
