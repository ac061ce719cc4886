"""What fields are read from."""

from typing import Annotated, Any

import pytest

from yaat import Request, Yaat
from yaat.exceptions import BadRequest
from yaat.query import DEFAULT_MAX_FIELDS
from yaat_typed import Form
from yaat_typed.sources import read_query


class Asked:
    """A connection with a query."""

    def __init__(self, query: bytes) -> None:
        self.scope = {"query_string": query}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (b"", {}),
        (b"a=1&b=2&a=3", {"a": "3", "b": "2"}),
        (b"a&&b=", {"a": "", "b": ""}),
        (b"a=x+y&b=%C3%A4", {"a": "x y", "b": "ä"}),
    ],
)
def test_the_last_of_each_name_counts(query: bytes, fields: dict[str, str]) -> None:
    """Whether it is read in the quick way or the other."""
    assert read_query(Asked(query)) == fields


def test_a_query_of_too_many_fields_is_refused() -> None:
    """As elsewhere."""
    with pytest.raises(BadRequest):
        read_query(Asked(b"a=+&" * (DEFAULT_MAX_FIELDS + 1)))


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", [], 200),
        (b"a=1", [], 415),
        (b"", [("content-type", "application/x-www-form-urlencoded")], 200),
        (b"", [("content-type", "text/plain")], 415),
    ],
)
def test_a_form_without_content_is_empty(app: Yaat, fetch: Any, content: bytes, headers: Any, status: int) -> None:
    """Content that does not say what it is, or says something else, is none."""

    @app.post("/")
    async def handler(request: Request, a: Annotated[str, Form()] = "none") -> Any:
        return [a]

    assert fetch(app, "POST /", content=content, headers=headers).status == status
