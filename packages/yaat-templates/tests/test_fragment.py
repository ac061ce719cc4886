"""One block of a template, without the rest of the page."""

import asyncio
from collections.abc import Mapping
from typing import Any

import jinja2
import pytest

from yaat_templates import BlockMissing
from yaat_templates.fragment import generate_block, generate_block_async

BASE = "<head>{{ fail() }}{% block title %}Site{% endblock %}</head>{% block body %}{% endblock %}"
MACROS = "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}"


def render(files: Mapping[str, str], block: str, **context: Any) -> str:
    """Return a block of `page.html`, which must be the same in both ways of rendering."""
    texts = []
    for enable_async in (False, True):
        environment = jinja2.Environment(
            loader=jinja2.DictLoader(files),
            autoescape=True,
            enable_async=enable_async,
            undefined=jinja2.StrictUndefined,
        )
        template = environment.get_template("page.html")
        if enable_async:
            texts.append(asyncio.run(_join(template, context, block)))
        else:
            texts.append("".join(generate_block(template, context, block)))
    assert texts[0] == texts[1]
    return texts[0]


async def _join(template: jinja2.Template, context: dict[str, Any], block: str) -> str:
    return "".join([piece async for piece in generate_block_async(template, context, block)])


def test_block_alone_is_rendered() -> None:
    """What stands around the block, other blocks included, is neither shown nor run."""
    page = "{% block a %}A{{ x }}{% endblock %}{{ fail() }}{% block b %}{{ fail() }}{% endblock %}"
    assert render({"page.html": page}, "a", x=1) == "A1"


def test_block_is_escaped_as_in_the_page() -> None:
    """Autoescaping holds for parts of pages too."""
    assert render({"page.html": "{% block a %}{{ x }}{% endblock %}"}, "a", x="<") == "&lt;"


def test_block_of_a_template_that_extends_another_leaves_the_other_alone() -> None:
    """Nothing of the parent is run once its output begins."""
    files = {"base.html": BASE, "page.html": "{% extends 'base.html' %}{% block body %}B{% endblock %}"}
    assert render(files, "body") == "B"


@pytest.mark.parametrize("page", ["{% block a %}{% for n in numbers %}{{ n }}{% endfor %}{% endblock %}", ""])
def test_block_runs_once(page: str) -> None:
    """What can be read once only is there whole, also in a block that stands at the top or in the parent alone."""
    parent = "{% block a %}{% for n in numbers %}{{ n }}{% endfor %}{% endblock %}"
    files = {"base.html": parent, "page.html": "{% extends 'base.html' %}" + page}
    for name in ("base.html", "page.html"):
        environment = jinja2.Environment(loader=jinja2.DictLoader(files), autoescape=True)
        pieces = generate_block(environment.get_template(name), {"numbers": iter([1, 2])}, "a")
        assert "".join(pieces) == "12"


def test_block_can_call_super() -> None:
    """What the parent has in the block is there."""
    files = {
        "base.html": "<head>{% block title %}Site{% endblock %}</head>",
        "page.html": "{% extends 'base.html' %}{% block title %}Page of {{ super() }}{% endblock %}",
    }
    assert render(files, "title") == "Page of Site"


def test_block_that_only_the_parent_has_is_found() -> None:
    """A page has the blocks of what it extends."""
    files = {"base.html": "<p>{% block title %}Site{% endblock %}", "page.html": "{% extends 'base.html' %}"}
    assert render(files, "title") == "Site"


@pytest.mark.parametrize("extends", ["", "{% extends layout %}"])
def test_block_can_use_what_the_top_of_the_file_defines(extends: str) -> None:
    """Imports and values that stand before any output are known in the block, whatever is extended."""
    top = extends + "\n{% from 'macros.html' import bold %}\n{% set name = 'Ada' %}\n"
    files = {
        "base.html": "<p>{% block a %}{% endblock %}",
        "macros.html": MACROS,
        "page.html": top + "{% block a %}{{ bold(name) }}{% endblock %}",
    }
    assert render(files, "a", layout="base.html") == "<b>Ada</b>"


def test_missing_block_names_the_template_and_its_blocks() -> None:
    """The error suggests a block that is there, one of the parent included."""
    files = {"base.html": "<p>{% block title %}{% endblock %}", "page.html": "{% extends 'base.html' %}"}
    with pytest.raises(BlockMissing, match=r"'page.html' has no block 'titel'. Did you mean 'title'\?"):
        render(files, "titel")


@pytest.mark.parametrize("enable_async", [False, True])
def test_error_in_a_block_points_at_the_line_of_the_template(enable_async: bool) -> None:
    """The traceback shows the template, as for a whole page."""
    files = {"page.html": "\n\n{% block a %}{{ 1 / 0 }}{% endblock %}"}
    loader = jinja2.DictLoader(files)
    template = jinja2.Environment(loader=loader, autoescape=True, enable_async=enable_async).get_template("page.html")

    def run() -> object:
        return asyncio.run(_join(template, {}, "a")) if enable_async else list(generate_block(template, {}, "a"))

    with pytest.raises(ZeroDivisionError) as caught:
        run()
    assert caught.traceback[-1].lineno + 1 == 3
