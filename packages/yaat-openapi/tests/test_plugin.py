"""The plugin in an app."""

import json
import re
from collections.abc import Callable
from typing import Any, TypedDict
from urllib.parse import urljoin

import pytest
import yaml
from openapi_spec_validator import validate

from yaat import Yaat
from yaat_openapi import OpenAPI

App = Callable[..., Yaat]
Fetch = Callable[..., Any]


async def index(request: Any) -> None:
    pass


def test_document_is_served_as_json(make_app: App, fetch: Fetch) -> None:
    """What a client gets is a valid document of the app's routes, without those of the plugin itself."""
    app = make_app(title="Shöp")
    app.add_route("/", index)
    answer = fetch(app, "/openapi.json")
    document = json.loads(answer.content)
    validate(document)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert (document["info"]["title"], list(document["paths"])) == ("Shöp", ["/"])


def test_page_is_served_with_its_policy(make_app: App, fetch: Fetch) -> None:
    """People get a page, and browsers are told what it may do."""
    answer = fetch(make_app(title="Shop"), "/docs")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<title>Shop</title>" in answer.content
    assert answer.headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' data:;")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_all_that_a_page_loads_is_there(make_app: App, fetch: Fetch) -> None:
    """It is served by the app itself, and may be kept for ever."""
    app = make_app()
    links = read_links(fetch(app, "/docs").content)
    assert len(links) == 5
    for link in links:
        answer = fetch(app, urljoin("/docs", link))
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
        assert fetch(app, urljoin("/docs", link)).content == answer.content


@pytest.mark.parametrize("name", ["x", "swagger-ui.css", "..%2Fpage.css", "page.000000000000.css"])
def test_nothing_else_is_there(make_app: App, fetch: Fetch, name: str) -> None:
    """A file that was of another release is gone."""
    assert fetch(make_app(), f"/docs/assets/{name}").status == 404


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, "/docs"),
        ({"docs_url": "/"}, "/"),
        ({"docs_url": "/docs/"}, "/docs/"),
        ({"docs_url": "/a/b/docs", "openapi_url": "/x/openapi.json"}, "/a/b/docs"),
        ({"documents": {"v1": {}}}, "/docs/v1"),
    ],
)
def test_links_of_a_page_are_right_wherever_it_is(
    make_app: App, fetch: Fetch, options: dict[str, Any], path: str
) -> None:
    """They are relative, so they work below a mount and a root path as well."""
    app = make_app(**options)
    page = fetch(app, path).content
    [url] = re.findall(rb'data-url="([^"]*)"', page)
    [redirect] = re.findall(rb'data-redirect="([^"]*)"', page)
    for link in [*read_links(page), url.decode(), redirect.decode()]:
        assert fetch(app, urljoin(path, link)).status == 200
    end = urljoin(path, redirect.decode())
    [script] = read_links(fetch(app, end).content)
    assert fetch(app, urljoin(end, script)).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_links_are_right_with_a_slash_and_without(fetch: Fetch, path: str) -> None:
    """An app that does not tell these apart serves the page at both."""
    app = Yaat(autoload=False, plugins=[OpenAPI()], trailing_slash="match")
    for link in read_links(fetch(app, path).content):
        assert fetch(app, urljoin(path, link)).status == 200


def test_page_of_a_mounted_app_is_its_own(make_app: App, fetch: Fetch) -> None:
    """Its links stay below the mount."""
    outer, inner = make_app(), make_app(title="Inner")
    outer.mount("/admin", inner)
    page = fetch(outer, "/admin/docs").content
    assert b"<title>Inner</title>" in page
    for link in read_links(page):
        assert fetch(outer, urljoin("/admin/docs", link)).status == 200


def test_document_is_served_as_yaml(make_app: App, fetch: Fetch) -> None:
    """Beside the one in JSON, with the same content."""
    app = make_app(title="Shöp")
    answer = fetch(app, "/openapi.yaml", root_path="/below")
    assert answer.headers["content-type"] == "application/yaml"
    assert yaml.safe_load(answer.content) == json.loads(fetch(app, "/openapi.json", root_path="/below").content)


def test_several_documents_are_served(make_app: App, fetch: Fetch) -> None:
    """Each with its own routes, at its own path, with a name to link to it."""
    app = make_app(documents={"internal": {"title": "Inside"}, "v1": {"below": "/v1"}})
    app.add_route("/all", index)
    app.add_route("/secret", index, documents=["internal"])
    app.add_route("/v1/books", index)
    paths = {url: list(json.loads(fetch(app, url).content)["paths"]) for url in URLS}
    assert paths == {
        "/openapi.json": ["/all", "/v1/books"],
        "/openapi-internal.json": ["/all", "/secret", "/v1/books"],
        "/openapi-v1.json": ["/v1/books"],
    }
    assert str(app.url_for("openapi:docs:v1")) == "/docs/v1"
    assert str(app.url_for("openapi:yaml:internal")) == "/openapi-internal.yaml"


URLS = ("/openapi.json", "/openapi-internal.json", "/openapi-v1.json")


class One(TypedDict):
    id: int


class Two(TypedDict):
    name: str


One.__name__ = Two.__name__ = "Book"
One.__module__, One.__qualname__ = "shop.one", "Book"
Two.__module__, Two.__qualname__ = "shop.two", "Book"


def test_types_with_one_name_are_reported(make_app: App, fetch: Fetch, caplog: pytest.LogCaptureFixture) -> None:
    """The log names them, and the names that they have in the document."""
    app = make_app()
    app.add_route("/a", index, responses={200: One, 201: Two})
    app.build()
    [message] = [record.getMessage() for record in caplog.records]
    assert (
        "are called 'Book' in the OpenAPI document 'default': they are shown as shop.one.Book, shop.two.Book" in message
    )
    assert app.extensions["openapi"].collisions["default"] == {"Book": ["shop.one.Book", "shop.two.Book"]}


def read_links(page: bytes) -> list[str]:
    """Return what a page loads."""
    return [link.decode() for link in re.findall(rb'<(?:link|script)[^>]+(?:href|src)="([^"]*)"', page)]


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_both_are_sent_once_to_a_client_that_keeps_them(make_app: App, fetch: Fetch, path: str) -> None:
    """A client that shows the tag of what it has gets 304 and nothing else."""
    app = make_app()
    tag = fetch(app, path).headers["etag"]
    again = fetch(app, path, headers=[(b"if-none-match", tag.encode())])
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_both_answer_head(make_app: App, fetch: Fetch, path: str) -> None:
    """The headers are those of GET."""
    app = make_app()
    whole, head = fetch(app, path), fetch(app, path, method="HEAD")
    assert (head.headers, head.content) == (whole.headers, b"")


def test_page_can_be_switched_off_and_the_document_goes_on(make_app: App, fetch: Fetch) -> None:
    """`None` serves nothing there."""
    app = make_app(docs_url=None)
    assert (fetch(app, "/docs").status, fetch(app, "/openapi.json").status) == (404, 200)


def test_document_can_be_switched_off_and_takes_its_page_along(make_app: App, fetch: Fetch) -> None:
    """Nothing of it is served; to look at, it is still there."""
    app = make_app(openapi_url=None)
    assert {fetch(app, path).status for path in ("/docs", "/openapi.json", "/openapi.yaml")} == {404}
    assert app.extensions["openapi"].document["openapi"] == "3.1.0"


def test_document_tells_the_root_path_of_the_server(make_app: App, fetch: Fetch) -> None:
    """Behind a proxy that adds a prefix, the document says so; each root path has its own tag."""
    app = make_app()
    plain, below = fetch(app, "/openapi.json"), fetch(app, "/openapi.json", root_path="/shop")
    assert json.loads(below.content)["servers"] == [{"url": "/shop"}]
    assert "servers" not in json.loads(plain.content)
    assert below.headers["etag"] != plain.headers["etag"]


def test_routes_have_names_to_link_to(make_app: App) -> None:
    """A template of the app can lead to both."""
    app = make_app()
    assert (str(app.url_for("openapi:json")), str(app.url_for("openapi:docs"))) == ("/openapi.json", "/docs")


def test_settings_reach_a_plugin_that_is_loaded_by_its_name(fetch: Fetch) -> None:
    """An installed plugin takes its options from the app's settings."""
    app = Yaat(autoload=False, plugins=["openapi"], settings={"openapi": {"title": "Shop", "docs_url": None}})
    assert json.loads(fetch(app, "/openapi.json").content)["info"]["title"] == "Shop"


def test_app_may_answer_in_place_of_the_page(make_app: App, fetch: Fetch) -> None:
    """The app's own route wins when it says that it replaces the plugin's."""
    app = make_app()

    @app.get("/docs", replaces=True)
    async def docs(request: Any) -> str:
        return "mine"

    assert fetch(app, "/docs").content == b"mine"
