"""What resolvers give, and the error for what a client sent."""

from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.arguments import InvalidInput

from .asgi_driver import ask

ONE = {"in": "query", "pointer": "#/n", "detail": "Expected a number"}


@pytest.mark.parametrize(
    ("errors", "detail"),
    [
        ([], "The request is not valid."),
        ([ONE], "The request is not valid: query #/n: Expected a number."),
        ([ONE, ONE], "The request is not valid: query #/n: Expected a number. There is one more mistake."),
        ([ONE] * 3, "The request is not valid: query #/n: Expected a number. There are 2 more mistakes."),
        ([{"detail": "Odd"}], "The request is not valid: : Odd."),
    ],
)
def test_one_sentence_sums_all_errors_up(errors: list[Any], detail: str) -> None:
    """The first in full, the others by their number."""
    assert InvalidInput(errors).detail == detail


def test_invalid_input_is_answered_with_all_errors() -> None:
    """A problem document with the member `errors`, and the status 422 (RFC 9110 §15.5.21)."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def handler(request: Request) -> None:
        raise InvalidInput([ONE])

    answer = ask(app, "GET", "/")
    assert (answer.status, answer["content-type"]) == (422, "application/problem+json")
    assert '"errors":[{"in":"query","pointer":"#/n","detail":"Expected a number"}]' in answer.text
