"""Errors that routes name."""

from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest

from yaat import HTTPException
from yaat.exceptions import ConfigurationError, NotFound
from yaat_openapi.errors import has_plain_error, list_raised


class Lost(HTTPException):
    """The book is lost.

    And more.
    """

    status_code = 410

    def __init__(self, book: str) -> None:
        super().__init__(410, book)


class Bare(HTTPException):
    def __init__(self) -> None:
        super().__init__(409)


Bare.__doc__ = None


class Unclear(HTTPException):
    def __init__(self, book: str) -> None:
        super().__init__(410, book)


def test_errors_are_named_by_class_or_status() -> None:
    """The docstring of an app's own exception is the sentence; else it is the phrase of the status."""
    assert list_raised([Lost, NotFound, 418, Bare, 599], "here") == {
        410: "The book is lost.",
        404: "Not Found",
        418: HTTPStatus(418).phrase,
        409: "Conflict",
        599: "An error",
    }


@pytest.mark.parametrize("wrong", [Unclear, ValueError, "404", 200, NotFound()])
def test_error_that_does_not_tell_its_status_is_refused(wrong: Any) -> None:
    """Nothing is guessed; the message says what would do."""
    with pytest.raises(ConfigurationError, match="raises= of the route /x names .* which does not tell its status"):
        list_raised([wrong], "the route /x")


@pytest.mark.parametrize(
    ("key", "is_plain"),
    [
        (404, False),
        (NotFound, False),
        (HTTPException, False),
        (Exception, False),
        (500, True),
        (LookupError, True),
        (Unclear, True),
    ],
)
def test_error_that_the_app_answers_for_is_not_as_yaat_makes_it(key: Any, is_plain: bool) -> None:
    """By its status, by its class or by a wider one."""
    route = SimpleNamespace(exception_handlers=[SimpleNamespace(key=key)])
    assert has_plain_error(route, 404) is is_plain
