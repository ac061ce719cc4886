"""One method of one route in the document."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import pytest

from yaat import HTTPException, Plugin, Request, Router, Yaat, hookimpl
from yaat.exceptions import ConfigurationError, NotFound
from yaat.plugins import PluginErrors
from yaat.records import PathConverter
from yaat.responses import HTMLResponse
from yaat_openapi import OpenAPI
from yaat_openapi.operation import Surroundings, put_in_words
from yaat_typed import Header, Query, TypedPlugin

App = Callable[..., Yaat]
Read = Callable[[Yaat], Any]


async def show(request: Any, **parameters: Any) -> str:
    """Show something,
    whatever it is.

    In *detail*.

    And more.
    """
    return ""


def read_operation(app: Yaat, read_document: Read) -> Any:
    """Return the only operation of an app."""
    [(_, item)] = read_document(app)["paths"].items()
    [(_, operation)] = item.items()
    return operation


def test_operation_is_described_by_the_handler(make_app: App, read_document: Read) -> None:
    """The docstring gives summary and description, the name of the route the operation's."""
    app = make_app()
    app.add_route("/show", show)
    assert read_operation(app, read_document) == {
        "summary": "Show something, whatever it is.",
        "description": "In *detail*.\n\nAnd more.",
        "operationId": "show",
        "responses": {"200": {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    }


async def search(
    request: Request,
    shelf: int,
    words: Annotated[str, Query(description="Words.")],
    body: dict[str, int],
    x_page: Annotated[int, Header()] = 1,
) -> str:
    """Search.

    Args:
        request: The request.
        shelf: Where to look.
        words: What to look for.
        body: How often.
        x_page: Which page.
    """
    return ""


def test_docstring_describes_parameters_and_content(read_document: Read) -> None:
    """By the names of the arguments, whatever clients call them. What these say themselves counts."""
    app = Yaat(autoload=False, plugins=[OpenAPI(), TypedPlugin()])
    app.add_route("/{shelf}", search, ["POST"])
    operation = read_operation(app, read_document)
    told = {each["name"]: each.get("description") for each in operation["parameters"]}
    assert told == {"shelf": "Where to look.", "words": "Words.", "x-page": "Which page."}
    assert (operation["requestBody"]["description"], operation.get("description")) == ("How often.", None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list_books", "List books"),
        ("listBooks", "List books"),
        ("Books_get", "Books get"),
        ("_", ""),
        ("index", "Index"),
    ],
)
def test_an_operation_that_nobody_describes_has_its_name_in_words(name: str, words: str) -> None:
    """So a list of operations can be read."""
    assert put_in_words(name) == words


def test_options_of_the_route_come_before_the_docstring(make_app: App, read_document: Read) -> None:
    """What is said with the route counts."""
    app = make_app()
    options: dict[str, Any] = {
        "tags": ["things"],
        "summary": "Short",
        "description": "Long",
        "operation_id": "showThing",
        "deprecated": True,
        "responses": {404: "No such thing"},
    }
    app.add_route("/show", show, **options)
    operation = read_operation(app, read_document)
    assert {**operation, "responses": {404: operation["responses"]["404"]["description"]}} == {
        **{key: value for key, value in options.items() if key != "operation_id"},
        "operationId": "showThing",
    }


def test_operation_can_be_completed_by_hand(make_app: App, read_document: Read) -> None:
    """What Yaat cannot know, such as the content of a request, is merged in as it is."""
    app = make_app()
    content = {"application/json": {"schema": {"type": "object"}}}
    app.add_route("/show", show, methods=["POST"], openapi={"requestBody": {"content": content}})
    assert read_operation(app, read_document)["requestBody"] == {"content": content}


def test_responses_are_merged_by_their_status(make_app: App, read_document: Read) -> None:
    """What is known of the others stays."""
    app = make_app()
    metadata = {"responses": {503: {"description": "Closed"}, "200": {"description": "Open"}}}
    app.add_route("/show", show, methods=["POST"], openapi=metadata, responses={"404": "None there"})
    responses = read_operation(app, read_document)["responses"]
    assert {status: each["description"] for status, each in responses.items()} == {
        "200": "Open",
        "404": "None there",
        "503": "Closed",
    }


def test_parameters_come_from_the_path_with_their_schemas(make_app: App, read_document: Read) -> None:
    """Each parameter is required; an annotation chooses the converter as it does for requests."""
    app = make_app()

    @app.get("/{shelf}/{number}/{rest:path}")
    async def find(request: Any, shelf: str, number: int, rest: str) -> str:
        return ""

    shelf, number, rest = read_operation(app, read_document)["parameters"]
    assert shelf == {"name": "shelf", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    assert (number["name"], number["schema"]["type"]) == ("number", "integer")
    assert (rest["name"], rest["description"]) == ("rest", "May contain slashes.")


def test_converter_of_the_app_shows_its_example(make_app: App, read_document: Read) -> None:
    """A kind of parameter that nobody else knows is shown by what it accepts."""
    app = make_app()
    app.add_converter(PathConverter(name="hex", parse=lambda text: int(text, 16), example="ff"))
    app.add_route("/{color:hex}", show)
    [parameter] = read_operation(app, read_document)["parameters"]
    assert (parameter["schema"], parameter["example"]) == ({"type": "string"}, "ff")


@pytest.mark.parametrize(
    ("host", "server"),
    [
        ("api.example.com", {"url": "//api.example.com"}),
        (
            "{tenant}.example.com",
            {"url": "//{tenant}.example.com", "variables": {"tenant": {"default": "tenant"}}},
        ),
    ],
)
def test_host_of_a_route_is_its_server(make_app: App, read_document: Read, host: str, server: dict[str, Any]) -> None:
    """A route that one host has says so; what varies in the host is a variable."""
    app = make_app()
    app.add_route("/show", show, host=host)
    assert read_operation(app, read_document)["servers"] == [server]


@pytest.mark.parametrize(
    "metadata",
    [
        {"tags": "books"},
        {"summary": 1},
        {"deprecated": "yes"},
        {"has_schema": 0},
        {"responses": [404]},
        {"raises": NotFound},
        {"security": "token"},
        {"documents": "internal"},
        {"openapi": "x"},
    ],
)
def test_option_of_the_wrong_kind_stops_the_build(make_app: App, metadata: dict[str, Any]) -> None:
    """The message names the option, the route and its line, and says what it should be."""
    app = make_app()
    app.add_route("/show", show, **metadata)
    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    message = str(getattr(caught.value, "exceptions", [caught.value])[0])
    [name] = metadata
    assert f"{name}=" in message
    assert "of the route /show" in message
    assert "test_operation.py:" in message


class Gone(HTTPException):
    """It was there once."""

    def __init__(self) -> None:
        super().__init__(410)


def test_errors_of_a_route_come_with_their_content(make_app: App, read_document: Read) -> None:
    """What the path leads to and what the route raises are problem documents; what it describes itself comes first."""
    app = make_app()
    options: dict[str, Any] = {"raises": [Gone, NotFound], "responses": {404: "No such thing", 503: "Later"}}
    app.add_route("/show/{id:int}", show, **options)
    responses = read_operation(app, read_document)["responses"]
    assert {status: each["description"] for status, each in responses.items()} == {
        "200": "OK",
        "404": "No such thing",
        "410": "It was there once.",
        "503": "Later",
    }
    assert list(responses["410"]["content"]) == ["application/problem+json"]
    assert "content" not in responses["503"]


@pytest.mark.parametrize(("key", "has_content"), [(410, False), (Gone, False), (HTTPException, False), (404, True)])
def test_app_that_answers_for_an_error_itself_has_no_problem_document(
    make_app: App, read_document: Read, key: Any, has_content: bool
) -> None:
    """What it makes of it nobody knows."""
    app = make_app()
    app.add_route("/show", show, raises=[410], exception_handlers={key: lambda request, error: "gone"})
    told = read_operation(app, read_document)["responses"]["410"]
    assert ("content" in told) is has_content


def test_handler_that_may_answer_anything_may_answer_errors(make_app: App, read_document: Read) -> None:
    """Beside the kind of content that it is known for."""
    app = make_app()

    @app.get("/page")
    async def page(request: Any) -> HTMLResponse:
        return HTMLResponse("")

    told = read_operation(app, read_document)["responses"]["default"]
    assert list(told["content"]) == ["text/html", "application/problem+json"]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, "16 MiB"),
        ({"app": 2048}, "2 KiB"),
        ({"app": 2048, "router": 100}, "100 bytes"),
        ({"app": 2048, "router": 100, "route": 0}, "0 bytes"),
    ],
)
def test_limit_of_content_is_told(read_document: Read, limits: dict[str, int], words: str) -> None:
    """It is the innermost that is set; an operation without content has none."""
    options: dict[str, Any] = {"max_body_bytes": limits["app"]} if "app" in limits else {}
    app = Yaat(autoload=False, plugins=[OpenAPI(), TypedPlugin()], **options)
    router = Router("/api", max_body_bytes=limits.get("router"))

    @router.post("/notes", max_body_bytes=limits.get("route"))
    async def add(note: dict[str, str]) -> None:
        pass

    app.mount(router)
    told = read_operation(app, read_document)["responses"]["413"]
    assert told["description"] == f"The content is larger than {words}"


def test_security_of_a_route_is_told(make_app: App, read_document: Read) -> None:
    """A name is a scheme without scopes; an empty list is a route that needs none."""
    app = make_app(security_schemes={"token": {"type": "http", "scheme": "bearer"}}, security=["token"])
    app.add_route("/a", show, security=["token", {"token": ["read"]}])
    app.add_route("/b", show, security=[])
    document = read_document(app)
    assert document["security"] == [{"token": []}]
    assert document["paths"]["/a"]["get"]["security"] == [{"token": []}, {"token": ["read"]}]
    assert document["paths"]["/b"]["get"]["security"] == []


class Old:
    """As the first Yaat had it."""

    async def get(self, request: Any, name: str) -> Any:
        """
        summary: Show somebody
        tags:
          - people
        parameters:
          - name: name
            description: Whom
          - name: verbose
            schema: {type: boolean}
        responses:
          200:
            description: Somebody
        """

    async def delete(self, request: Any, name: str) -> Any:
        """Forget somebody.

        For good.

        ---
        operationId: forget
        responses:
          204: {description: Forgotten}
        """


def test_docstring_may_be_an_operation(make_app: App, read_document: Read) -> None:
    """In YAML as a whole, or below a line; what is known of a parameter completes what is said of it."""
    app = make_app()
    app.add_route("/people/{name}", Old, tags=["all"], responses={500: "Broken"})
    item = read_document(app)["paths"]["/people/{name}"]
    assert item["get"] == {
        "tags": ["people"],
        "summary": "Show somebody",
        "operationId": "Old_get",
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "minLength": 1},
                "description": "Whom",
            },
            {"name": "verbose", "in": "query", "schema": {"type": "boolean"}},
        ],
        "responses": {"200": {"description": "Somebody"}, "500": {"description": "Broken"}},
    }
    delete = item["delete"]
    assert (delete["summary"], delete["description"], delete["operationId"]) == (
        "Forget somebody.",
        "For good.",
        "forget",
    )
    assert list(delete["responses"]) == ["204", "500"]


def test_default_that_json_cannot_hold_is_left_out() -> None:
    """It is no part of the document, and breaks nothing."""
    surroundings = Surroundings()
    assert (surroundings.simplify([1, "a"]), surroundings.simplify(object())) == ([1, "a"], None)


def test_function_inside_a_partial_one_is_described(make_app: App, read_document: Read) -> None:
    """What `functools.partial` says of itself is of no interest."""
    app = make_app()
    app.add_route("/show", partial(show, extra=1))
    assert read_operation(app, read_document)["summary"] == "Show something, whatever it is."


def test_plugins_change_the_document_and_not_the_app(read_document: Read) -> None:
    """What a route was given stays as it is, however deep a plugin reaches."""

    class Marker(Plugin):
        name = "marker"

        @hookimpl(optionalhook=True)
        def yaat_openapi_operation(self, operation: dict[str, Any]) -> None:
            operation["externalDocs"]["url"] += "!"
            operation["responses"]["404"]["headers"]["X-A"] = {"schema": {"type": "string"}}

    given: dict[str, Any] = {
        "openapi": {"externalDocs": {"url": "/a"}},
        "responses": {404: {"description": "No", "headers": {}}},
    }
    app = Yaat(autoload=False, plugins=[OpenAPI(), Marker()])
    app.add_route("/show", show, **given)
    assert read_operation(app, read_document)["externalDocs"] == {"url": "/a!"}
    assert given["openapi"] == {"externalDocs": {"url": "/a"}}
    assert given["responses"][404]["headers"] == {}
