"""One method of one route in the document."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors
from yaat.records import PathConverter
from yaat_openapi.operation import split_docstring

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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (None, ("", "")),
        ("One.", ("One.", "")),
        ("\nOne,\n  two.\n\nThree.\n\nFour.\n", ("One, two.", "Three.\n\nFour.")),
    ],
)
def test_docstring_is_a_summary_and_the_rest(text: str | None, parts: tuple[str, str]) -> None:
    """The first paragraph is the summary, in one line."""
    assert split_docstring(text) == parts
