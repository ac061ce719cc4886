"""What people get wrong in their first ten minutes, and what they are told: what, where, and how to mend it."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors
from yaat.responses import JSONResponse, TextResponse
from yaat_staticfiles import StaticFiles
from yaat_templates import TemplateResponse, Templates
from yaat_testclient import LifespanError, TestClient

HERE = "test_newcomers.py"


class Book(msgspec.Struct):
    """What is sent to a shop."""

    title: str


@pytest.fixture
def app() -> Yaat:
    """An app as `yaat dev` has it."""
    return Yaat(autoload=False, debug=True)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What an app logs of its mistakes is not looked at here."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def ask(app: Yaat, method: str = "GET", content: bytes | None = None) -> Any:
    """Return what curl would get."""
    headers = {"accept": "*/*"} | ({"content-type": "application/json"} if content is not None else {})
    with TestClient(app, raise_server_exceptions=False) as client:
        return client.request(method, "/", content=content, headers=headers)


def read_refusal(app: Yaat) -> str:
    """Return why the app cannot be built, in full."""
    with pytest.raises(ConfigurationError) as caught:
        app.build()
    errors = caught.value.errors if isinstance(caught.value, PluginErrors) else [caught.value]
    return "\n".join(map(str, errors))


def has(text: str, *parts: str) -> bool:
    """Say that *text* has all of *parts*; print it where it has not."""
    missing = [part for part in parts if part not in text]
    assert not missing, f"{missing} not in:\n{text}"
    return True


def test_a_handler_without_return_is_told_to_return(app: Yaat) -> None:
    """By name and line."""

    @app.get("/")
    async def index(request):  # type: ignore[no-untyped-def] # newcomers annotate nothing
        TextResponse("Hello")

    assert has(ask(app).text, "index (", HERE, "returned None", "Did you forget 'return'?")


def test_a_branch_without_return_is_told_too(app: Yaat) -> None:
    """Where the annotation says that something is returned."""

    @app.get("/")
    async def index(request: Any) -> str:  # type: ignore[return] # this is the mistake
        TextResponse("Hello")

    assert has(ask(app).text, "Did you forget 'return' on one of its branches?")


def test_a_forgotten_await_is_noticed(app: Yaat) -> None:
    """What nobody awaited has a name."""

    async def load() -> dict[str, int]:
        return {}

    @app.get("/")
    async def index(request: Any) -> Any:
        return load()

    assert has(ask(app).text, "index (", "load", "which nobody awaited. Did you forget 'await'?")


def test_a_parameter_of_another_name_than_in_the_path_is_noticed(app: Yaat) -> None:
    """`{id}` in the path is `id` in the handler."""

    @app.get("/items/{id}")
    async def item(request: Any, item_id: str) -> str:
        return item_id

    assert has(
        read_refusal(app), "takes 'item_id', which nothing gives", HERE, "The path gives: id. Did you mean 'id'?"
    )


def test_the_same_route_twice_names_both(app: Yaat) -> None:
    """The second could never be reached."""

    @app.get("/")
    async def one(request: Any) -> str:
        return "one"

    @app.get("/")
    async def two(request: Any) -> str:
        return "two"

    text = read_refusal(app)
    assert has(text, "Two routes answer GET /", "Give one of them another path or method.")
    assert text.count(HERE) == 2


@pytest.mark.parametrize("wrap", [dict, JSONResponse])
def test_a_value_that_json_cannot_hold_is_found(app: Yaat, wrap: Any) -> None:
    """With the way to it, and the handler that returned it."""

    @app.get("/")
    async def index(request: Any) -> Any:
        return wrap({"a": {"b": object()}})

    page = ask(app).text
    assert has(page, "$.a.b (object) cannot be written as JSON", "route: / added at", HERE)
    assert has(page, "It was returned by the handler", "index (")


def test_a_missing_template_suggests_another(tmp_path: Path) -> None:
    """And says where it was looked for."""
    (tmp_path / "index.html").write_text("Hello")
    app = Yaat(autoload=False, debug=True, plugins=[Templates(directory=tmp_path)])

    @app.get("/")
    async def index(request: Any) -> Any:
        return TemplateResponse("indx.html")

    assert has(ask(app).text, "There is no template 'indx.html'", str(tmp_path), "Did you mean 'index.html'?")


def test_a_wrong_method_is_told_the_right_ones(app: Yaat) -> None:
    """RFC 9110 §15.5.6."""
    app.get("/")(lambda request: "Hello")
    response = ask(app, "POST")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["detail"] == "This path takes GET, HEAD, OPTIONS."


def test_a_path_without_a_slash_is_refused_where_it_is_written(app: Yaat) -> None:
    """With the path to write."""
    with pytest.raises(ConfigurationError) as caught:
        app.get("items")(lambda request: "")
    assert has(str(caught.value), "The path 'items' does not begin with '/'. Write '/items'.", HERE)


def test_malformed_json_is_told_line_and_column(app: Yaat) -> None:
    """It is the client's mistake: 400."""

    @app.post("/")
    async def index(request: Any) -> Any:
        return await request.json()

    response = ask(app, "POST", b'{"a": 1,\n "b" 2}')
    assert response.status_code == 400
    assert has(response.text, "The content is not JSON", "line 2, column 6")


def test_a_number_where_an_object_is_due_is_refused() -> None:
    """It is the client's mistake: 422, with what was expected."""
    app = Yaat(autoload=False, debug=True, plugins=["typed"])

    @app.post("/")
    async def add(request: Any, book: Book) -> str:
        return book.title

    response = ask(app, "POST", b"7")
    assert response.status_code == 422
    assert has(response.text, "Expected `object`, got `int`")


def test_a_static_folder_that_does_not_exist_is_refused(app: Yaat) -> None:
    """When the app is set up, and not by a 404 later on."""
    with pytest.raises(ConfigurationError) as caught:
        app.mount("/static", StaticFiles(directory="no-such-folder"))
    assert has(str(caught.value), "'no-such-folder' does not exist", HERE, 'Path(__file__).parent / "static"')


def test_a_plugin_that_is_not_installed_is_told_how_to_get_it() -> None:
    """And a slip in its name is noticed."""
    text = read_refusal(Yaat(autoload=False, plugins=["websokets"]))
    assert has(text, "plugins= names 'websokets'", "Did you mean 'websockets'?", "pip install yaat-websokets")


@pytest.mark.parametrize("middleware", [7, type("Odd", (), {"proces_request": None}), "gzip"])
def test_middleware_that_is_none_is_told_what_one_is(middleware: Any) -> None:
    """With the three forms there are."""
    app = Yaat(autoload=False, middleware=[middleware])
    assert has(read_refusal(app), "is no middleware", HERE, "a class with process_request", "an ASGI class")


def test_a_startup_that_raises_is_named(app: Yaat) -> None:
    """The function, what it raised, and its line."""

    @app.on_startup
    async def connect() -> None:
        raise OSError("no database")

    with pytest.raises(LifespanError) as caught, TestClient(app):
        pass  # pragma: no cover - the app does not start
    assert has(str(caught.value), "OSError: no database", "connect", "one of on_startup", HERE)


def test_a_websocket_route_without_the_package_is_told_which(app: Yaat) -> None:
    """With the line to write."""

    @app.websocket_route("/live")
    async def live(websocket: Any) -> None: ...

    assert has(read_refusal(app), "The route /live", HERE, "Install it: pip install yaat-websockets")
