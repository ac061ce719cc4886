"""The plugin in an app."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import validate

from yaat import Yaat

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
    app = make_app(title="Shop")
    app.add_route("/books", index)
    answer = fetch(app, "/docs")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<code>/books</code>" in answer.content
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["x-content-type-options"] == "nosniff"


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


def test_paths_can_be_others(make_app: App, fetch: Fetch) -> None:
    """The page leads to the document wherever both are."""
    app = make_app(openapi_url="/api/v1/openapi.json", docs_url="/help/api")
    assert fetch(app, "/api/v1/openapi.json").status == 200
    assert b'href="../api/v1/openapi.json"' in fetch(app, "/help/api").content


@pytest.mark.parametrize(("option", "path"), [("openapi_url", "/openapi.json"), ("docs_url", "/docs")])
def test_each_can_be_switched_off(make_app: App, fetch: Fetch, option: str, path: str) -> None:
    """`None` serves nothing there, and the other one goes on."""
    app = make_app(**{option: None})
    [other] = {"/openapi.json", "/docs"} - {path}
    assert (fetch(app, path).status, fetch(app, other).status) == (404, 200)


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
