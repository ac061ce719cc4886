"""What an app can say about its document."""

from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat_openapi import OpenAPIOptions

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
        {"docs_url": "/openapi.json"},
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
