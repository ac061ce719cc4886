"""What an app can say about its document."""

import re
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat_openapi import OpenAPIOptions
from yaat_openapi.options import read_documents

GOOD: dict[str, Any] = {
    "title": "Shop",
    "version": "1",
    "description": "",
    "openapi_url": "/openapi.json",
    "docs_url": "/docs",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"version": 1},
        {"openapi_url": "openapi.json"},
        {"docs_url": ""},
        {"below": "v1"},
        {"below": "/v1/"},
        {"swagger_ui": {"filter": object()}},
        {"swagger_ui": 7},
    ],
)
def test_what_cannot_be_is_refused_with_its_name(wrong: dict[str, Any]) -> None:
    """Each option is checked when it is given, and the message names it."""
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        OpenAPIOptions(**{**GOOD, **wrong})


def test_pages_can_be_switched_off() -> None:
    """`None` in place of a path is no page, for both of them too."""
    options = OpenAPIOptions(**{**GOOD, "openapi_url": None, "docs_url": None})
    assert (options.openapi_url, options.docs_url) == (None, None)


@pytest.mark.parametrize(
    ("openapi_url", "docs_url", "yaml_url", "page_url"),
    [
        ("/openapi.json", "/docs", "/openapi.yaml", "/docs"),
        ("/schema", "/docs", None, "/docs"),
        ("/openapi.json", None, "/openapi.yaml", None),
        (None, "/docs", None, None),
    ],
)
def test_what_is_served_follows_from_the_paths(
    openapi_url: str | None, docs_url: str | None, yaml_url: str | None, page_url: str | None
) -> None:
    """YAML stands beside JSON; and a page shows a document that is served, or it is not there."""
    options = OpenAPIOptions(openapi_url=openapi_url, docs_url=docs_url)
    assert (options.yaml_url, options.page_url) == (yaml_url, page_url)


def test_other_documents_are_as_the_main_one_where_they_say_nothing() -> None:
    """Their paths have their name in them."""
    main = OpenAPIOptions(title="Shop", description="All of it", openapi_url="/api/openapi.json", docs_url="/help/")
    documents = read_documents(main, {"v1": {"version": "1.4", "below": "/v1"}, "internal": {"docs_url": None}})
    assert list(documents) == ["default", "v1", "internal"]
    first, internal = documents["v1"], documents["internal"]
    assert (first.title, first.version, first.description, first.below) == ("Shop", "1.4", "All of it", "/v1")
    assert (first.openapi_url, first.docs_url) == ("/api/openapi-v1.json", "/help/v1")
    assert (internal.openapi_url, internal.docs_url) == ("/api/openapi-internal.json", None)


def test_what_is_switched_off_for_the_main_one_is_off_for_the_others() -> None:
    """So nobody finds pages that nobody meant; each can say otherwise."""
    main = OpenAPIOptions(openapi_url=None, docs_url=None)
    documents = read_documents(main, {"a": {}, "b": {"openapi_url": "/b.json"}})
    assert (documents["a"].openapi_url, documents["a"].docs_url) == (None, None)
    assert documents["b"].openapi_url == "/b.json"


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ({"default": {}}, "not 'default'"),
        ({"a/b": {}}, "not 'a/b'"),
        ({"v1": {"titel": "x"}}, "'v1' has no option 'titel'. Did you mean 'title'"),
        ({"v1": {"zzz": "x"}}, "no option 'zzz'. It takes: below, description"),
        ({"v1": "x"}, "are a mapping, or {} for none; not 'x'"),
        ({"v1": {"openapi_url": "/openapi.json"}}, "openapi_url and openapi_url of the document 'v1' are both"),
        ({"v1": {"docs_url": "/openapi.json"}}, "openapi_url and docs_url of the document 'v1' are both"),
        ({"v1": {"version": ""}}, "version is a text"),
    ],
)
def test_documents_that_cannot_be_are_refused(documents: Any, message: str) -> None:
    """The message names the document, the option and what there is to choose from."""
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        read_documents(OpenAPIOptions(), documents)


def test_document_and_page_have_paths_of_their_own() -> None:
    """One cannot hide the other."""
    with pytest.raises(ConfigurationError, match="openapi_url and docs_url are both '/docs'"):
        read_documents(OpenAPIOptions(openapi_url="/docs"), {})
