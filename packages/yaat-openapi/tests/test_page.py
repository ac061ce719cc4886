"""The page for people."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from yaat_openapi.page import format_page, list_page_headers

EVIL = "<script>alert(1)</script>\"'&{x}"


def make_document(**operation: Any) -> dict[str, Any]:
    """Return a document with one operation."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1", "description": "About"},
        "paths": {"/books/{id}": {"get": operation}},
    }


class Reader(HTMLParser):
    """Reads a page: its text, its tags and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_shows_every_operation_with_what_is_known_of_it() -> None:
    """Method, path, summary, description, parameters and responses are there."""
    document = make_document(
        summary="Show a book",
        description="In detail",
        parameters=[{"name": "id", "in": "path", "schema": {"type": "string", "format": "uuid"}, "description": "Its"}],
        responses={"200": {"description": "Fine", "content": {"application/json": {}}}, "404": {"description": "None"}},
    )
    text = Reader(format_page(document, None)).text
    for shown in (
        "Shop",
        "About",
        "GET",
        "/books/{id}",
        "Show a book",
        "In detail",
        "string uuid, Its",
        "200",
        "Fine, application/json",
        "404",
    ):
        assert shown in text


def test_operations_stand_under_their_tags() -> None:
    """Those without a tag come first, then the tags in the order in which they occur."""
    document = make_document(tags=["zoo"])
    document["paths"]["/a"] = {"get": {"tags": ["animals"]}, "post": {}}
    document["x-websockets"] = [{"path": "/live", "tags": ["zoo"]}]
    page = format_page(document, None)
    assert re.findall(r"<h2>(\w+)</h2>|<b>(\w+)</b> <code>(.*?)</code>", page) == [
        ("", "POST", "/a"),
        ("zoo", "", ""),
        ("", "GET", "/books/{id}"),
        ("", "WEBSOCKET", "/live"),
        ("animals", "", ""),
        ("", "GET", "/a"),
    ]


def test_deprecated_operation_is_struck_out() -> None:
    """What should not be used any more looks so."""
    assert "<s><code>/books/{id}</code></s>" in format_page(make_document(deprecated=True), None)


def test_everything_is_escaped() -> None:
    """Nothing that a route or an option says becomes a tag or leaves its attribute."""
    document = make_document(
        summary=EVIL,
        description=EVIL,
        tags=[EVIL],
        parameters=[{"name": EVIL, "schema": {"type": EVIL}, "description": EVIL}],
        responses={EVIL: {"description": EVIL, "content": {EVIL: {}}}},
    )
    document["info"] = {"title": EVIL, "version": EVIL, "description": EVIL}
    document["paths"][EVIL] = {"get": {}, "x-additional-operations": {EVIL: {}}}
    reader = Reader(format_page(document, EVIL))
    assert "script" not in reader.tags
    assert reader.text.count(EVIL) == 16
    assert ("href", EVIL) in reader.attributes


def test_page_fetches_nothing_and_runs_nothing() -> None:
    """There is no script, no handler, and nothing that loads from anywhere: the page works offline."""
    reader = Reader(format_page(make_document(), "openapi.json"))
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(reader.tags)
    assert {name for name, _ in reader.attributes} <= {"lang", "charset", "name", "content", "href"}
    assert [value for name, value in reader.attributes if name == "href"] == ["openapi.json"]


@pytest.mark.parametrize("link", [None, "openapi.json"])
def test_link_is_there_when_a_document_is(link: str | None) -> None:
    """A page without a served document leads nowhere."""
    assert ("OpenAPI document" in format_page(make_document(), link)) is (link is not None)


def test_policy_allows_the_style_of_the_page_and_nothing_else() -> None:
    """The browser is told to hold the page to that (CSP Level 3)."""
    [style] = re.findall(r"<style>(.*?)</style>", format_page(make_document(), None), re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in list_page_headers()["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
