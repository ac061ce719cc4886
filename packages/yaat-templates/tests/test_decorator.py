"""Handlers that return only what a template is filled in with."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Yaat
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors
from yaat.responses import RedirectResponse
from yaat_templates import template

FILES = {"a.html": "[{{ x }}]{% block b %}B{% endblock %}"}
App = Callable[..., Yaat]
Fetch = Callable[..., Any]


def test_function_stays_as_it_is() -> None:
    """A test calls the handler and looks at the mapping that it returns."""

    def index() -> dict[str, int]:
        return {"x": 1}

    assert template("a.html")(index) is index


def test_mapping_becomes_a_page(make_app: App, fetch: Fetch) -> None:
    """What the handler returns is the context."""
    app = make_app(FILES)

    @app.get("/")
    @template("a.html")
    async def index(request: Any) -> dict[str, Any]:
        return {"x": "<"}

    assert fetch(app).text == "[&lt;]B"


def test_decorator_may_stand_above_that_of_the_route(make_app: App, fetch: Fetch) -> None:
    """The order of the two decorators does not matter, so a wrong one cannot be silent."""
    app = make_app(FILES)

    @template("a.html", block="b")
    @app.get("/")
    def index(request: Any) -> dict[str, Any]:
        return {}

    assert fetch(app).text == "B"


@pytest.mark.parametrize(
    ("value", "status", "text"),
    [
        (None, 200, "[]B"),
        (({"x": 1}, 404), 404, "[1]B"),
        (RedirectResponse("/x", 303), 303, ""),
        ("text", 200, "text"),
        (RunAfterResponse({"x": 2}, BackgroundTask(list)), 200, "[2]B"),
    ],
)
def test_what_is_no_context_goes_its_own_way(make_app: App, fetch: Fetch, value: Any, status: int, text: str) -> None:
    """Nothing is an empty context, a status may stand behind it, and responses stay what they are."""
    app = make_app(FILES)

    @app.get("/")
    @template("a.html")
    async def index(request: Any) -> Any:
        return value

    answer = fetch(app)
    assert (answer.status, answer.text) == (status, text)


@pytest.mark.parametrize("is_instance", [False, True])
@pytest.mark.parametrize(("method", "text"), [("GET", "[1]B"), ("HEAD", ""), ("POST", '{"x":2}')])
def test_methods_of_a_view_class_can_be_marked(
    make_app: App, fetch: Fetch, method: str, text: str, is_instance: bool
) -> None:
    """Each method has its own template, or none; HEAD is answered as GET is."""
    app = make_app(FILES)

    class Items:
        @template("a.html")
        async def get(self, request: Any) -> Any:
            return {"x": 1}

        async def post(self, request: Any) -> Any:
            return {"x": 2}

    view: Any = Items() if is_instance else Items
    app.add_route("/", view)
    answer = fetch(app, method=method)
    assert (answer.status, answer.text.replace(" ", "")) == (200, text)
    assert answer.headers["content-type"].startswith("application/json" if method == "POST" else "text/html")


def test_view_with_its_own_head_is_left_alone_there(make_app: App, fetch: Fetch) -> None:
    """A mark on `get` says nothing of a `head` beside it."""
    app = make_app(FILES)

    class Items:
        @template("a.html")
        async def get(self, request: Any) -> Any:
            return {}

        async def head(self, request: Any) -> Any:
            return {}

    app.add_route("/", Items)
    assert fetch(app, method="HEAD").headers["content-type"] == "application/json"


def test_template_that_does_not_exist_stops_the_build(make_app: App) -> None:
    """A misspelt name is found before the first request, with the handler that asks for it."""
    app = make_app(FILES)

    @app.get("/")
    @template("b.html")
    async def index(request: Any) -> Any:
        return {}

    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    errors = getattr(caught.value, "exceptions", [caught.value])
    assert "There is no template 'b.html'." in str(errors[0])
    assert "test_decorator.py" in str(errors[0])


def test_handler_without_mark_is_not_wrapped(make_app: App, fetch: Fetch) -> None:
    """A dictionary of any other handler is JSON, as always."""
    app = make_app(FILES)

    @app.get("/")
    async def index(request: Any) -> Any:
        return {"x": 1}

    assert fetch(app).headers["content-type"] == "application/json"
