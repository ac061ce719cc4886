"""Another engine in Jinja's place: MiniJinja, by the hook."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import minijinja
import pytest

from yaat import Plugin, Request, Yaat, hookimpl
from yaat_templates import Engine, SearchPath, TemplateResponse
from yaat_templates.jinja import AsyncJinjaEngine, JinjaEngine


class MiniJinja:
    """MiniJinja behind the two methods that an engine has."""

    def __init__(self, loader: SearchPath) -> None:
        self._environment = minijinja.Environment(loader=loader.read)

    def render(self, name: str, context: Mapping[str, Any], block: str | None = None) -> str:
        return self._environment.render_template(name, **context)

    def stream(self, name: str, context: Mapping[str, Any], block: str | None = None) -> Iterable[str]:
        return [self.render(name, context, block)]


class MiniJinjaPlugin(Plugin):
    """What a package that brings MiniJinja would contain."""

    name = "minijinja"

    @hookimpl(optionalhook=True)
    def yaat_templates_engine(self, loader: SearchPath) -> Engine:
        return MiniJinja(loader)


class FolderPlugin(Plugin):
    """A plugin with a template, which knows nothing of engines."""

    name = "folder"

    @hookimpl(optionalhook=True)
    def yaat_templates_loaders(self, app: Any) -> Mapping[str, str]:
        return {"part.html": "{{ request.method }}"}


@pytest.mark.parametrize("stream", [False, True])
def test_engine_of_a_plugin_takes_the_place_of_jinja(
    make_app: Callable[..., Yaat], fetch: Callable[..., Any], stream: bool
) -> None:
    """Handlers, folders of plugins, the request and `url_for` stay what they are."""
    text = "{% include 'part.html' %} {{ x }} {{ url_for('index') }} {{ 'MINI'|lower }}"
    app = make_app({"a.html": text}, FolderPlugin(), MiniJinjaPlugin())

    @app.get("/")
    async def index(request: Request) -> TemplateResponse:
        return TemplateResponse("a.html", {"x": "<"}, stream=stream)

    assert fetch(app, root_path="/shop").text == "GET &lt; /shop/ mini".replace("/", "&#x2f;")
    assert isinstance(app.extensions["templates"].engine, MiniJinja)


@pytest.mark.parametrize("kind", [JinjaEngine, AsyncJinjaEngine, MiniJinja])
def test_engine_is_what_has_the_two_methods(kind: Any) -> None:
    """Nobody has to inherit anything."""
    assert issubclass(kind, Engine)


def test_answer_that_is_no_engine_is_refused(make_app: Callable[..., Yaat]) -> None:
    """A plugin that gives something else is named when the app is built."""

    class Wrong(Plugin):
        name = "wrong"

        @hookimpl(optionalhook=True)
        def yaat_templates_engine(self, loader: SearchPath) -> Any:
            return minijinja.Environment()

    with pytest.raises(ExceptionGroup) as caught:
        make_app({}, Wrong()).build()
    assert "Plugin 'wrong' gave" in str(caught.value.exceptions[0])
