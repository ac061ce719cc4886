"""What return annotations say."""

from inspect import Signature
from typing import Any, TypedDict

import pytest

from yaat.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamResponse,
    TextResponse,
)
from yaat_openapi.responses import describe_given, describe_returns


class Book(TypedDict):
    id: int


class Page:
    """Stands for what a plugin has a response type for."""

    media_type = "text/html"


@pytest.mark.parametrize(
    ("returns", "status", "media_types"),
    [
        (None, "204", []),
        (str, "200", ["text/plain"]),
        (bytes, "200", ["application/octet-stream"]),
        (dict, "200", ["application/json"]),
        (dict[str, int], "200", ["application/json"]),
        (list[Book], "200", ["application/json"]),
        (Book, "200", ["application/json"]),
        (RedirectResponse, "3XX", []),
        (HTMLResponse, "default", ["text/html"]),
        (JSONResponse, "default", ["application/json"]),
        (TextResponse, "default", ["text/plain"]),
        (Page, "default", ["text/html"]),
        (Response, "default", []),
        (StreamResponse, "default", []),
        (object, "default", []),
        (Any, "default", []),
        (Book | None, "default", []),
        (Signature.empty, "default", []),
    ],
)
def test_annotation_tells_status_and_media_type_as_far_as_they_are_known(
    returns: Any, status: str, media_types: list[str]
) -> None:
    """A plain value is a 200, nothing a 204; the status of a response that the handler makes is open."""
    [(described, response)] = describe_returns(returns).items()
    assert described == status
    assert list(response.get("content", {})) == media_types
    assert response["description"]


def test_plain_values_have_a_schema() -> None:
    """What is JSON is described as far as the annotation goes."""
    content = describe_returns(list[int])["200"]["content"]
    assert content == {"application/json": {"schema": {"type": "array", "items": {"type": "integer"}}}}


def test_responses_can_be_given_as_sentences_or_in_full() -> None:
    """A route names what else it answers; the keys become texts, as JSON has them."""
    full = {"description": "Gone", "headers": {}}
    assert describe_given({404: "No such book", "410": full}) == {"404": {"description": "No such book"}, "410": full}
