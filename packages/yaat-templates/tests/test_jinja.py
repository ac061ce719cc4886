"""Jinja as it is set up here."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jinja2
import pytest

from yaat_templates import SearchPath, TemplateMissing
from yaat_templates.jinja import MAX_TEMPLATES, AsyncJinjaEngine, JinjaEngine, make_engine
from yaat_templates.options import JinjaOptions


def make(source: Any, *, debug: bool = False, **options: Any) -> Any:
    """Return an engine for one source."""
    return make_engine(SearchPath([source]), JinjaOptions(**options), debug=debug)


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xml", "a.txt", "a.j2", "a.html.jinja", "a"])
def test_every_name_is_escaped(name: str) -> None:
    """Escaping does not hang on how a file is called."""
    assert make({name: "{{ x }}"}).render(name, {"x": "<b>"}) == "&lt;b&gt;"


def test_template_can_opt_out_of_escaping() -> None:
    """A text that is no page says so itself."""
    engine = make({"a.txt": "{% autoescape false %}{{ x }}{% endautoescape %}"})
    assert engine.render("a.txt", {"x": "<b>"}) == "<b>"


def test_escaping_can_be_decided_by_name() -> None:
    """An app may choose for itself."""
    engine = make({"a.txt": "{{ x }}"}, autoescape=lambda name: name.endswith(".html"))
    assert engine.render("a.txt", {"x": "<b>"}) == "<b>"


def test_unknown_name_is_an_error_in_debug_and_empty_otherwise() -> None:
    """A typing mistake shows while the app is written, and does not break pages that are served."""
    files = {"a.html": "[{{ nobody_gave_this }}]"}
    assert make(files).render("a.html", {}) == "[]"
    with pytest.raises(jinja2.UndefinedError, match="nobody_gave_this"):
        make(files, debug=True).render("a.html", {})


def test_unknown_name_can_be_an_error_always() -> None:
    """What an undefined name is can be chosen."""
    with pytest.raises(jinja2.UndefinedError):
        make({"a.html": "{{ x }}"}, undefined=jinja2.StrictUndefined).render("a.html", {})


@pytest.mark.parametrize(("debug", "second"), [(True, "new"), (False, "old")])
def test_changed_file_is_read_again_in_debug_alone(tmp_path: Path, debug: bool, second: str) -> None:
    """While the app is written a page shows what the file says now; served pages do not look."""
    file = tmp_path / "a.html"
    file.write_text("old", "utf-8")
    engine = make(tmp_path, debug=debug)
    assert engine.render("a.html", {}) == "old"
    file.write_text("new", "utf-8")
    os.utime(file, (1, 1))
    assert engine.render("a.html", {}) == second


def test_compiled_templates_are_kept_between_starts(tmp_path: Path) -> None:
    """With a cache folder the next start finds templates compiled."""
    make({"a.html": "A"}, cache_folder=tmp_path).render("a.html", {})
    assert [path.suffix for path in tmp_path.iterdir()] == [".cache"]


def test_filters_tests_and_options_reach_the_environment() -> None:
    """Whatever Jinja can be told, it can be told here."""
    engine = make(
        {"a.html": "{% if x is small %}\n{{ x | double }}{% endif %}"},
        filters={"double": lambda value: value * 2},
        tests={"small": lambda value: value < 10},
        options={"trim_blocks": True},
    )
    assert engine.render("a.html", {"x": 2}) == "4"


def test_names_that_lead_to_one_file_do_not_fill_the_memory(tmp_path: Path) -> None:
    """Names may come from outside; only so many are kept."""
    (tmp_path / "a.html").write_text("A", "utf-8")
    engine = make(tmp_path)
    for count in range(MAX_TEMPLATES + 10):
        assert engine.render("/" * count + "a.html", {}) == "A"
    assert len(engine._find.__self__._found) == MAX_TEMPLATES


def test_macro_of_an_imported_file_says_how_it_comes_to_url_for() -> None:
    """Jinja gives imported files no context; where that is missed, the error says what to write."""
    files = {
        "m.html": "{% macro link() %}{{ url_for('index') }}{% endmacro %}",
        "a.html": "{% import 'm.html' as m %}{{ m.link() }}",
    }
    with pytest.raises(jinja2.TemplateRuntimeError, match=r"url_for\('index'\) needs the request.*with context"):
        make(files).render("a.html", {"url_for": str})


def test_engine_is_chosen_by_the_option() -> None:
    """Asynchronous rendering costs more, so it is there for those who ask for it."""
    assert isinstance(make({}), JinjaEngine)
    assert isinstance(make({}, enable_async=True), AsyncJinjaEngine)


async def count_slowly() -> AsyncIterator[int]:
    """Yield two numbers, with a wait between."""
    for number in (1, 2):
        await asyncio.sleep(0)
        yield number


def test_template_can_await() -> None:
    """With `enable_async` a loop takes what comes asynchronously, and a call gives what is awaited."""

    async def load() -> str:
        return "<Ada>"

    files = {"a.html": "{{ load() }}{% for n in numbers %}{{ n }}{% endfor %}{% block b %}{{ load() }}{% endblock %}"}
    engine = make(files, enable_async=True)

    async def render(block: str | None) -> str:
        text: str = await engine.render("a.html", {"load": load, "numbers": count_slowly()}, block)
        return text

    assert asyncio.run(render(None)) == "&lt;Ada&gt;12&lt;Ada&gt;"
    assert asyncio.run(render("b")) == "&lt;Ada&gt;"


@pytest.mark.parametrize("block", [None, "b"])
def test_pieces_make_up_the_page(block: str | None) -> None:
    """A stream gives what rendering gives, in pieces."""
    engine = make({"a.html": "{% block b %}{% for n in range(3) %}{{ n }}{% endfor %}{% endblock %}"})
    pieces = list(engine.stream("a.html", {}, block))
    assert "".join(pieces) == engine.render("a.html", {}, block) == "012"
    assert len(pieces) >= 3


@pytest.mark.parametrize("block", [None, "b"])
def test_asynchronous_pieces_make_up_the_page(block: str | None) -> None:
    """The same holds for templates that await."""
    engine = make({"a.html": "{% block b %}{% for n in numbers %}{{ n }}{% endfor %}{% endblock %}"}, enable_async=True)

    async def join() -> list[str]:
        return [piece async for piece in engine.stream("a.html", {"numbers": count_slowly()}, block)]

    assert "".join(asyncio.run(join())) == "12"


@pytest.mark.parametrize("enable_async", [False, True])
def test_missing_template_shows_before_the_first_piece(enable_async: bool) -> None:
    """A stream that cannot begin is refused when it is asked for."""
    with pytest.raises(TemplateMissing):
        make({}, enable_async=enable_async).stream("a.html", {})
