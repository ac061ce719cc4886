"""The page for people."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from yaat_openapi.assets import ASSETS
from yaat_openapi.page import HEADERS, Page, format_redirect

EVIL = "<script>alert(1)</script>\"'&{x}"


def make_page(**values: Any) -> Page:
    """Return a page."""
    given = {
        "title": "Shop",
        "url": "openapi.json",
        "redirect": "docs/oauth2-redirect",
        "assets": dict.fromkeys(ASSETS, "x"),
    }
    return Page(**{**given, **values})


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


def test_page_says_what_to_show_in_attributes() -> None:
    """The script of its own reads them; so none stands in the page."""
    page = Reader(make_page(options={"filter": True}).format())
    assert ("data-url", "openapi.json") in page.attributes
    assert ("data-redirect", "docs/oauth2-redirect") in page.attributes
    assert ("data-options", json.dumps({"filter": True})) in page.attributes


def test_everything_is_escaped() -> None:
    """Nothing that an option says becomes a tag or leaves its attribute."""
    links = dict.fromkeys(ASSETS, EVIL)
    documents = {EVIL: EVIL, "b": "b"}
    page = make_page(title=EVIL, url=EVIL, redirect=EVIL, assets=links, options={EVIL: EVIL}, documents=documents)
    read = Reader(page.format())
    assert read.tags.count("script") == 2
    assert EVIL in read.text
    assert [name for name, value in read.attributes if value == EVIL] == [
        "href",
        "href",
        "href",
        "href",
        "href",
        "data-url",
        "data-redirect",
        "src",
        "src",
    ]
    [options] = [value for name, value in read.attributes if name == "data-options"]
    assert json.loads(options or "") == {EVIL: EVIL}


@pytest.mark.parametrize("page", [make_page().format(), format_redirect(dict.fromkeys(ASSETS, "x"))])
def test_no_script_and_no_style_stands_in_the_page(page: str) -> None:
    """What runs has an address of its own, and no attribute runs anything (CSP Level 3 §6.1)."""
    read = Reader(page)
    assert "style" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on") or name == "style"]
    assert page.count("<script src=") == page.count("<script")


def test_policy_allows_what_the_page_is_from_and_nothing_else() -> None:
    """Scripts, styles and requests go to the same origin; the icons of Swagger UI stand in its style."""
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }


@pytest.mark.parametrize(
    ("documents", "links"),
    [({}, []), ({"default": "docs"}, []), ({"default": "docs", "v1": "docs/v1"}, ["docs", "docs/v1"])],
)
def test_pages_lead_to_each_other(documents: dict[str, str], links: list[str]) -> None:
    """Where an app has several documents."""
    page = make_page(documents=documents, url="api").format()
    found = [value for name, value in Reader(page).attributes if name == "href" and value not in ("x", "api")]
    assert found == links
