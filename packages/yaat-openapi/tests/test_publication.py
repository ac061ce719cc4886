"""What is served."""

import pytest

from yaat.exceptions import ConfigurationError
from yaat_openapi import OpenAPIOptions, Publication
from yaat_openapi.document import Written
from yaat_openapi.options import read_documents


def test_document_before_the_build_says_what_is_missing() -> None:
    """Asking too early is an error that names the way out."""
    with pytest.raises(ConfigurationError, match=r"Call app.build\(\) first"):
        _ = Publication({"default": OpenAPIOptions()}).document


def test_document_that_json_cannot_hold_is_refused_when_the_app_is_built() -> None:
    """Not the first request finds the mistake, and the message says where to look."""
    wrong = Written(document={"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/": object()}})
    with pytest.raises(ConfigurationError, match="cannot be written as JSON.*openapi= and responses="):
        Publication({"default": OpenAPIOptions()}).publish({"default": wrong})


def test_collisions_can_be_looked_at() -> None:
    """For each document."""
    publication = Publication({"default": OpenAPIOptions()})
    publication.publish({"default": Written(document={}, collisions={"Book": ["a.Book", "b.Book"]})})
    assert publication.collisions == {"default": {"Book": ["a.Book", "b.Book"]}}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["json", "yaml", "docs", "oauth2-redirect", "asset"]),
        ({"docs_url": None}, ["json", "yaml"]),
        ({"openapi_url": None}, []),
        ({"openapi_url": "/schema", "docs_url": None}, ["json"]),
    ],
)
def test_only_what_is_wanted_is_served(options: dict[str, str | None], names: list[str]) -> None:
    """The files of the page come with a page."""
    publication = Publication({"default": OpenAPIOptions(**options)})  # type: ignore[arg-type]  # all of them are texts
    assert [name for name, _, _ in publication.list_places()] == names


def test_files_of_the_pages_are_served_once() -> None:
    """However many pages there are, so a browser loads them once."""
    documents = read_documents(OpenAPIOptions(), {"v1": {}, "v2": {}})
    places = [path for name, path, _ in Publication(documents).list_places() if name == "asset"]
    assert places == ["/docs/assets/{name}"]
