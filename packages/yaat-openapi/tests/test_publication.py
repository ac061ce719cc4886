"""What is served."""

import pytest

from yaat.exceptions import ConfigurationError
from yaat_openapi import OpenAPIOptions, Publication


def make(openapi_url: str | None = "/openapi.json", docs_url: str | None = "/docs") -> Publication:
    """Return a publication of nothing yet."""
    return Publication(
        OpenAPIOptions(title="Shop", version="1", description="", openapi_url=openapi_url, docs_url=docs_url)
    )


def test_document_before_the_build_says_what_is_missing() -> None:
    """Asking too early is an error that names the way out."""
    with pytest.raises(ConfigurationError, match=r"Call app.build\(\) first"):
        _ = make().document


def test_document_that_json_cannot_hold_is_refused_when_the_app_is_built() -> None:
    """Not the first request finds the mistake, and the message says where to look."""
    with pytest.raises(ConfigurationError, match="cannot be written as JSON.*openapi= and responses="):
        make().publish({"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/": object()}})
