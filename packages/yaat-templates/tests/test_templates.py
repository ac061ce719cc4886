"""`Jinja2Templates`, which stands alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat_templates import Jinja2Template, Jinja2Templates


def test_page_is_made_without_the_plugin(tmp_path: Path, fetch: Callable[..., Any]) -> None:
    """An app that has no plugin at all answers with a template."""
    (tmp_path / "index.html").write_text("<h1>{{ title }}</h1>", "utf-8")
    templates = Jinja2Templates(directory=tmp_path)
    app = Yaat(autoload=False)

    @app.get("/")
    async def index(request: Any) -> Any:
        return templates.TemplateResponse("index.html", {"title": "A & B"}, status_code=201)

    answer = fetch(app)
    assert (answer.status, answer.text) == (201, "<h1>A &amp; B</h1>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_names_of_the_first_yaat_are_understood(tmp_path: Path) -> None:
    """Who knows `Jinja2Template(directory=…).TemplateResponse(…)` finds it, now with escaping."""
    (tmp_path / "index.html").write_text("{{ x }}", "utf-8")
    response = Jinja2Template(directory=str(tmp_path)).TemplateResponse("index.html", {"x": "<"}, 404, {"x-a": "1"})
    assert (response.status_code, response.body, response.headers["x-a"]) == (404, b"&lt;", "1")


@pytest.mark.parametrize("is_in_context", [False, True])
def test_url_for_knows_the_request(fetch: Callable[..., Any], is_in_context: bool) -> None:
    """The request is given by keyword, or stands in the context, as people are used to."""
    templates = Jinja2Templates({"a.html": "{{ url_for('item', id=7) }}"})
    app = Yaat(autoload=False)

    @app.get("/items/{id:int}")
    async def item(request: Any, id: int) -> Any:
        if is_in_context:
            return templates.TemplateResponse("a.html", {"request": request})
        return templates.TemplateResponse("a.html", request=request)

    assert fetch(app, "/items/1", root_path="/shop").text == "/shop/items/7"


def test_url_for_without_a_request_says_what_is_missing() -> None:
    """Nothing can be known of the app then."""
    with pytest.raises(jinja2.TemplateRuntimeError, match="needs the request"):
        Jinja2Templates({"a.html": "{{ url_for('index') }}"}).render("a.html")


def test_request_in_front_is_an_error_that_shows_the_order() -> None:
    """The form of another framework is met with the form of this one."""
    templates = Jinja2Templates({"a.html": ""})
    with pytest.raises(TypeError, match="The name of a template comes first"):
        templates.TemplateResponse(object(), "a.html")  # type: ignore[arg-type]  # the mistake under test


def test_first_of_several_folders_wins() -> None:
    """A theme lies over the pages that it changes."""
    templates = Jinja2Templates([{"a.html": "theme"}, {"a.html": "plain", "b.html": "plain"}])
    assert (templates.render("a.html"), templates.render("b.html")) == ("theme", "plain")


def test_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The mistake shows where the object is made."""
    with pytest.raises(ConfigurationError, match="There is no template folder"):
        Jinja2Templates(tmp_path / "nowhere")


def test_environment_can_be_changed_before_the_first_page() -> None:
    """What Jinja offers is there to use."""
    templates = Jinja2Templates({"a.html": "{{ 2 | double }}"})
    templates.environment.filters["double"] = lambda value: value * 2
    assert templates.render("a.html") == "4"


def test_values_are_there_in_every_template() -> None:
    """What is given once need not be given by each handler."""
    assert Jinja2Templates({"a.html": "{{ site }}"}, context={"site": "Shop"}).render("a.html") == "Shop"
