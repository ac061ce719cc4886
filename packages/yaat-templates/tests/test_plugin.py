"""The plugin in an app."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yaat import Plugin, Request, Yaat, hookimpl
from yaat.plugins import PluginErrors
from yaat_templates import Renderer, TemplateResponse, Templates, TemplatesPlugin, template

App = Callable[..., Yaat]
Fetch = Callable[..., Any]


class Contributor(Plugin):
    """Gives whatever it is made with."""

    def __init__(self, name: str, *, loaders: Any = None, context: Any = None) -> None:
        self.name = name
        self._loaders = loaders
        self._context = context

    @hookimpl(optionalhook=True)
    def yaat_templates_loaders(self, app: Any) -> Any:
        return self._loaders

    @hookimpl(optionalhook=True)
    def yaat_templates_context(self, app: Any) -> Any:
        return self._context


def add_page(app: Yaat, name: str = "a.html", **context: Any) -> Yaat:
    """Let *app* answer with a template, and return it."""

    @app.get("/")
    async def index(request: Request) -> TemplateResponse:
        return TemplateResponse(name, context)

    return app


def read_errors(caught: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the messages of an error, those inside a group included."""
    errors = getattr(caught.value, "exceptions", [caught.value])
    return "\n".join(map(str, errors))


def test_returned_value_becomes_a_page(make_app: App, fetch: Fetch) -> None:
    """A handler names a template and what to fill in."""
    answer = fetch(add_page(make_app({"a.html": "<p>{{ x }}"}), x="<"))
    assert (answer.status, answer.text) == (200, "<p>&lt;")
    assert answer.headers == {"content-type": "text/html; charset=utf-8", "content-length": "7"}


def test_status_and_background_work_can_be_put_around_the_value(make_app: App, fetch: Fetch) -> None:
    """What holds for every value that a handler returns holds for this one."""
    app = make_app({"a.html": "gone"})

    @app.get("/")
    async def index(request: Request) -> Any:
        return TemplateResponse("a.html"), 410

    assert fetch(app).status == 410


def test_url_for_knows_where_the_app_is(make_app: App, fetch: Fetch) -> None:
    """Links lead below the root path that the server says."""
    app = add_page(make_app({"a.html": "{{ url_for('index', page=2) }}"}))
    assert fetch(app, root_path="/shop").text == "/shop/?page=2"


def test_request_is_there(make_app: App, fetch: Fetch) -> None:
    """A template can ask what is requested."""
    assert fetch(add_page(make_app({"a.html": "{{ request.method }}"}))).text == "GET"


def test_context_processors_are_called_for_every_page(make_app: App, fetch: Fetch) -> None:
    """They see the request; plain and asynchronous ones can be mixed."""

    async def find_user(request: Request) -> Mapping[str, Any]:
        return {"user": "Ada"}

    app = make_app(
        {"a.html": "{{ user }} {{ path }}"}, context_processors=[find_user, lambda request: {"path": request.path}]
    )
    assert fetch(add_page(app)).text == "Ada /"


def test_page_can_be_a_stream(make_app: App, fetch: Fetch) -> None:
    """A long page is sent in parts."""
    app = make_app({"a.html": "{% for n in range(20) %}{{ text }}{% endfor %}"})

    @app.get("/")
    async def index(request: Request) -> TemplateResponse:
        return TemplateResponse("a.html", {"text": "x" * 2000}, stream=True)

    answer = fetch(app)
    assert answer.text == "x" * 40_000
    assert len([part for part in answer.parts if part]) == 3
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("enable_async", [False, True])
def test_stream_for_head_runs_no_more_of_the_template(make_app: App, fetch: Fetch, enable_async: bool) -> None:
    """The headers alone are sent, and nothing is left running."""
    app = make_app({"a.html": "{{ text }}" * 2}, enable_async=enable_async)

    @app.get("/")
    async def index(request: Request) -> TemplateResponse:
        return TemplateResponse("a.html", {"text": "x" * 20_000}, stream=True)

    assert fetch(app, method="HEAD").text == ""


def test_debug_refuses_unknown_names(make_app: App, fetch: Fetch) -> None:
    """In debug a name that nobody gave is an error that says which."""
    answer = fetch(add_page(make_app({"a.html": "{{ nobody }}"}, debug=True)))
    assert answer.status == 500
    assert "UndefinedError: &#x27;nobody&#x27; is undefined" in answer.text or "'nobody' is undefined" in answer.text


def test_missing_template_is_an_error_that_helps(make_app: App, fetch: Fetch) -> None:
    """The page for the person who writes the app shows where was looked, and what was meant."""
    answer = fetch(add_page(make_app({"index.html": ""}, debug=True), "indx.html"))
    assert answer.status == 500
    assert "a mapping with 1 names" in answer.text
    assert "Did you mean" in answer.text


def test_plugin_gives_templates_and_the_app_overrides_them(tmp_path: Path, fetch: Fetch, make_app: App) -> None:
    """The app's folder comes before those of plugins, and they stand in their order."""
    (tmp_path / "stats").mkdir()
    (tmp_path / "stats" / "b.html").write_text("b of the first plugin", "utf-8")
    first = Contributor("first", loaders=tmp_path)
    second = Contributor(
        "second", loaders=[{"stats/b.html": "second"}, {"stats/c.html": "c of the second", "stats/a.html": "second"}]
    )
    text = "{% include 'stats/a.html' %}, {% include 'stats/b.html' %}, {% include 'stats/c.html' %}"
    app = make_app({"a.html": text, "stats/a.html": "a of the app"}, first, second)
    assert fetch(add_page(app)).text == "a of the app, b of the first plugin, c of the second"


def test_plugin_gives_names_to_every_template(make_app: App, fetch: Fetch) -> None:
    """A mapping is the same for every page, a function is asked for each; the handler wins over both."""
    plugin = Contributor("stats", context=[{"site": "Shop", "x": 0}, lambda request: {"path": request.path}])
    app = add_page(make_app({"a.html": "{{ site }} {{ path }} {{ x }}"}, plugin), x=1)
    assert fetch(app).text == "Shop / 1"


def test_app_has_the_last_word_on_names(make_app: App, fetch: Fetch) -> None:
    """What the app gives wins over what plugins give, also when two plugins disagree."""
    plugins = [Contributor("one", context={"x": 1}), Contributor("two", context={"x": 2})]
    assert fetch(add_page(make_app({"a.html": "{{ x }}"}, *plugins, context={"x": 3}))).text == "3"


def test_two_plugins_that_give_one_name_stop_the_build(make_app: App) -> None:
    """Neither wins in silence; the message names the plugins and the way out."""
    plugins = [Contributor("one", context={"x": 1}), Contributor("two", context={"x": 2})]
    with pytest.raises(PluginErrors) as caught:
        make_app({}, *plugins).build()
    assert "Two plugins give 'x' to all templates; those that give something are: one, two" in read_errors(caught)


def test_folder_of_a_plugin_that_does_not_exist_stops_the_build(make_app: App, tmp_path: Path) -> None:
    """A broken plugin shows before the first request."""
    with pytest.raises(PluginErrors) as caught:
        make_app({}, Contributor("one", loaders=tmp_path / "nowhere")).build()
    assert "There is no template folder" in read_errors(caught)


def test_renderer_is_there_for_pages_that_are_no_response(make_app: App) -> None:
    """Outside of a request `url_for` gives paths of the app, and plugins' names are there."""
    app = add_page(
        make_app({"mail.txt": "{{ site }} {{ url_for('index') }}"}, Contributor("one", context={"site": "S"}))
    )
    app.build()
    renderer = app.extensions["templates"]
    assert isinstance(renderer, Renderer)
    assert renderer.render("mail.txt") == "S /"


def test_folder_is_the_one_called_templates_if_the_app_does_not_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetch: Fetch
) -> None:
    """An installed plugin that nobody configures looks in `templates`."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("A", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert fetch(add_page(Yaat(autoload=False, plugins=[TemplatesPlugin()]))).text == "A"


def test_app_without_templates_is_built_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin disturbs nobody who does not use it."""
    monkeypatch.chdir(tmp_path)
    app = Yaat(autoload=False, plugins=[TemplatesPlugin()])
    app.build()
    assert app.extensions["templates"].loader.places == []


def test_one_plugin_object_serves_several_apps(fetch: Fetch) -> None:
    """Each app has its own engine, context and folders of plugins."""
    plugin = Templates({"a.html": "{{ site | default('none') }}"})
    one = add_page(Yaat(autoload=False, plugins=[plugin, Contributor("one", context={"site": "one"})]))
    two = add_page(Yaat(autoload=False, plugins=[plugin]))
    assert (fetch(one).text, fetch(two).text) == ("one", "none")


def test_mounted_app_has_its_own_templates(make_app: App, fetch: Fetch) -> None:
    """The innermost app around a route decides."""
    outer, inner = make_app({"a.html": "outer"}), make_app({"a.html": "inner"})
    outer.mount("/admin", add_page(inner))
    assert (fetch(add_page(outer)).text, fetch(outer, "/admin/").text) == ("outer", "inner")


def test_settings_reach_a_plugin_that_is_loaded_by_its_name(fetch: Fetch) -> None:
    """An installed plugin takes its options from the app's settings."""
    app = Yaat(autoload=False, plugins=["templates"], settings={"templates": {"directory": {"a.html": "A"}}})
    assert fetch(add_page(app)).text == "A"


def test_marked_handler_is_a_page_in_a_document_of_the_app() -> None:
    """The annotation of the handler tells its context; errors, and what the route says by itself, stay."""

    @template("a.html")
    async def show(request: Request) -> dict[str, Any]:
        return {}

    handlers = {"GET": SimpleNamespace(handler=SimpleNamespace(function=show))}
    route = SimpleNamespace(handlers=handlers, metadata={"responses": {404: "None"}})
    responses = {"200": {"description": "OK"}, "404": {"description": "None"}, "422": {"description": "No"}}
    operation: dict[str, Any] = {"responses": responses}
    TemplatesPlugin().yaat_openapi_operation(route, "GET", operation)
    assert operation["responses"] == {
        "200": {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}},
        "404": {"description": "None"},
        "422": {"description": "No"},
    }


def test_handler_without_mark_is_left_alone_in_a_document() -> None:
    """What another handler answers is not for this plugin to say."""
    handlers = {"": SimpleNamespace(handler=SimpleNamespace(function=print))}
    operation: dict[str, Any] = {}
    TemplatesPlugin().yaat_openapi_operation(SimpleNamespace(handlers=handlers, metadata={}), "", operation)
    assert operation == {}
