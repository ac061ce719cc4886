"""The value that a handler returns in place of a page."""

from types import MappingProxyType
from typing import Any

import pytest

from yaat_templates import TemplateResponse


def test_two_that_say_the_same_are_equal() -> None:
    """A test can compare what a handler returned with what it should."""
    assert TemplateResponse("a.html", {"x": 1}) == TemplateResponse("a.html", {"x": 1})


@pytest.mark.parametrize(
    "other",
    [
        TemplateResponse("b.html", {"x": 1}),
        TemplateResponse("a.html", {"x": 2}),
        TemplateResponse("a.html", {"x": 1}, 404),
        TemplateResponse("a.html", {"x": 1}, headers={"x-a": "1"}),
        TemplateResponse("a.html", {"x": 1}, block="row"),
        TemplateResponse("a.html", {"x": 1}, stream=True),
        "a.html",
    ],
)
def test_two_that_differ_in_anything_are_not_equal(other: object) -> None:
    """Name, context, status, headers, block and way of sending all count."""
    assert TemplateResponse("a.html", {"x": 1}) != other


@pytest.mark.parametrize("name", [object(), None, {"a": 1}])
def test_name_that_is_no_text_is_refused_where_it_is_written(name: Any) -> None:
    """The request in front, as other frameworks want it, is an error that shows the right order."""
    with pytest.raises(TypeError, match=r"Write TemplateResponse\('index.html', "):
        TemplateResponse(name, {})


def test_context_that_is_no_mapping_is_refused_where_it_is_written() -> None:
    """The error names the template and what was given."""
    with pytest.raises(TypeError, match=r"context of the template 'a.html' .* not \[1\]"):
        TemplateResponse("a.html", [1])  # type: ignore[arg-type]  # the mistake under test


def test_context_can_be_any_mapping() -> None:
    """A mapping that is no dict will do."""
    assert TemplateResponse("a.html", MappingProxyType({"x": 1})).context["x"] == 1


def test_headers_and_cookies_can_be_set_before_there_is_a_page() -> None:
    """What is set on the value is on the response."""
    page = TemplateResponse("a.html")
    page.headers["x-a"] = "1"
    page.set_cookie("theme", "dark", httponly=True)
    page.delete_cookie("old")
    headers = page.fill("text").headers
    assert (headers["x-a"], len(headers.get_all("set-cookie"))) == ("1", 2)


def test_value_that_is_returned_again_is_not_changed_by_a_response() -> None:
    """A response made of it has headers of its own: what one client gets stays off the other's."""
    page = TemplateResponse("a.html", headers={"x-a": "1"})
    page.fill("first").headers["set-cookie"] = "secret=1"
    assert "set-cookie" not in page.fill("second").headers


def test_media_type_can_be_another() -> None:
    """A template makes feeds and texts too."""
    response = TemplateResponse("feed.xml", media_type="application/atom+xml").fill("<feed/>")
    assert response.headers["content-type"] == "application/atom+xml"


def test_value_shows_what_it_is() -> None:
    """Its text names status, template and block."""
    assert repr(TemplateResponse("a.html", status_code=404, block="row")) == (
        "<TemplateResponse 404 'a.html' block='row'>"
    )
