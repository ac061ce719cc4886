"""What return annotations say."""

from http import HTTPStatus
from inspect import Signature
from typing import Any, Literal, TypedDict

import pytest

from yaat.arguments import Output
from yaat.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamResponse,
    TextResponse,
)
from yaat_openapi.definitions import Wishes
from yaat_openapi.responses import describe_given, describe_outputs, describe_returns, move_status


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
        (Signature.empty, "default", []),
    ],
)
def test_annotation_tells_status_and_media_type_as_far_as_they_are_known(
    returns: Any, status: str, media_types: list[str]
) -> None:
    """A plain value is a 200, nothing a 204; the status of a response that the handler makes is open."""
    [(described, response)] = describe_returns(returns, Wishes()).items()
    assert described == status
    assert list(response.get("content", {})) == media_types
    assert response["description"]


@pytest.mark.parametrize(
    ("returns", "told"),
    [
        (str | None, {"200": ["text/plain"], "default": []}),
        (str | Book, {"200": ["text/plain", "application/json"]}),
        (Book | HTMLResponse, {"200": ["application/json"], "default": ["text/html"]}),
        (tuple[str, int], {"default": ["text/plain"]}),
        (tuple[str, HTTPStatus], {"default": ["text/plain"]}),
        (tuple[Book, Literal[200, 404]], {"200": ["application/json"], "404": ["application/json"]}),
        (tuple[str, str], {"default": []}),
    ],
)
def test_annotation_of_several_values_tells_each(returns: Any, told: dict[str, list[str]]) -> None:
    """One of several values, or one with its status."""
    found = describe_returns(returns, Wishes())
    assert {status: list(response.get("content", {})) for status, response in found.items()} == told


class Events(StreamResponse):
    """A stream of one kind."""

    media_type = "text/event-stream"


def test_stream_of_a_kind_of_its_own_is_told() -> None:
    """A class that always sends the same kind of content says so."""
    assert list(describe_returns(Events, Wishes())["default"]["content"]) == ["text/event-stream"]


def test_plain_values_ask_for_their_schema() -> None:
    """What is JSON is described as far as the annotation goes."""
    wishes = Wishes()
    describe_returns(list[int], wishes)
    assert wishes.kinds == [(list[int], None)]


def test_responses_can_be_given_as_sentences_in_full_or_as_types() -> None:
    """A route names what else it answers; the keys become texts, as JSON has them."""
    full = {"description": "Gone", "headers": {}}
    known = {"404": {"description": "Not Found", "content": {}}, "410": {"description": "Known", "content": {}}}
    assert describe_given({404: "No such book", "410": full, 409: Book, 499: Book}, known, Wishes()) == {
        "404": {"description": "No such book", "content": {}},
        "410": full,
        "409": {"description": "Conflict", "content": {"application/json": {"schema": {}}}},
        "499": {"description": "As declared", "content": {"application/json": {"schema": {}}}},
    }


def test_outputs_with_one_status_are_one_response() -> None:
    """What several declare comes together; the first one's words stay."""
    outputs = [
        Output(status_code=200, type=Book, description="A book"),
        Output(status_code=200, type=str, media_type="text/plain"),
        Output(status_code=202, type=None),
        Output(status_code=422, type=dict, media_type="application/problem+json"),
    ]
    assert describe_outputs(outputs, Wishes()) == {
        "200": {"description": "A book", "content": {"application/json": {}, "text/plain": {}}},
        "202": {"description": "Accepted"},
        "422": {
            "description": "Unprocessable Content",
            "content": {"application/problem+json": {"schema": {}}},
        },
    }


def test_declared_value_takes_the_statuses_of_the_annotation() -> None:
    """`tuple[Book, Literal[201]]` is no 200; a value without a status stays where it is."""
    responses = {"200": {"description": "OK"}, "422": {"description": "No"}}
    assert list(move_status(responses, tuple[Book, Literal[201]])) == ["201", "422"]
    assert move_status(responses, Book) is responses
    assert move_status({"202": {}}, tuple[Book, int]) == {"202": {}}
