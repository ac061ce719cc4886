"""The renderer of an app without templates."""

from pathlib import Path
from typing import Any

import pytest

from yaat import Yaat
from yaat_templates import Renderer, SearchPath, TemplateMissing, TemplatesPlugin
from yaat_templates.late_renderer import LateRenderer


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make_renderer(*, debug: bool = False, **options: Any) -> Renderer:
    app = Yaat(autoload=False, plugins=[TemplatesPlugin(**options)], debug=debug)
    app.build()
    renderer = app.extensions["templates"]
    assert isinstance(renderer, Renderer)
    return renderer


def test_app_without_templates_can_render_what_is_in_no_file() -> None:
    """Its environment is the one that an app with templates has: debug is strict, and everything is escaped."""
    renderer = make_renderer(debug=True)
    assert isinstance(renderer, LateRenderer)
    assert renderer.engine.environment.from_string("{{ text }}").render(text="<") == "&lt;"
    assert renderer.engine.environment.undefined.__name__ == "StrictUndefined"
    assert isinstance(renderer.loader, SearchPath)
    assert renderer.engine is renderer.engine


def test_page_of_an_app_without_templates_says_what_is_missing() -> None:
    """As in any other app."""
    with pytest.raises(TemplateMissing, match="There is no folder to search: give one"):
        make_renderer().render("index.html")


def test_only_engine_and_loader_come_late() -> None:
    """Any other attribute is a mistake of its own."""
    with pytest.raises(AttributeError, match="'LateRenderer' object has no attribute 'enviroment'"):
        _ = make_renderer().enviroment  # type: ignore[attr-defined]  # the mistake under test


@pytest.mark.parametrize("options", [{"directory": {"a.html": ""}}, {"filters": {"x": len}}, {"autoescape": False}])
def test_whoever_says_something_of_templates_has_jinja_from_the_build_on(options: dict[str, Any]) -> None:
    """So no request has to import it."""
    assert not isinstance(make_renderer(**options), LateRenderer)


def test_options_that_jinja_does_not_know_are_told_at_the_build() -> None:
    """Though there is no template yet that they could spoil."""
    with pytest.raises(ExceptionGroup) as caught:
        make_renderer(options={"trim_blokcs": True})
    assert "trim_blokcs" in str(caught.value.exceptions[0])
