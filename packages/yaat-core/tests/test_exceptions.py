"""Exceptions that are answers: the phrase that each status has, and what of them is sent."""

import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from http import HTTPStatus
from typing import Any

import pytest

from yaat import HTTPException, Yaat
from yaat.exceptions import ContentTooLarge, MethodNotAllowed, NotFound, find_phrase
from yaat.headers import MutableHeaders

from .asgi_driver import ask

#: Those that RFC 9110 calls otherwise than older Pythons do.
RENAMED = {413, 414, 416, 422}


@pytest.mark.parametrize("status", [each for each in HTTPStatus if each not in RENAMED])
def test_status_has_its_standard_phrase(status: HTTPStatus) -> None:
    """Every status that Python knows has the same phrase here."""
    assert find_phrase(status) == status.phrase


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (413, "Content Too Large"),
        (414, "URI Too Long"),
        (416, "Range Not Satisfiable"),
        (422, "Unprocessable Content"),
    ],
)
def test_phrase_is_that_of_the_newest_standard(status: int, phrase: str) -> None:
    """A status that RFC 9110 has given another phrase has that one, on every Python (RFC 9110 §15.5)."""
    assert find_phrase(status) == phrase


def test_unknown_status_has_no_phrase() -> None:
    """A status that nobody has registered has an empty phrase."""
    assert find_phrase(299) == ""


class Full(NotFound):
    """Takes another argument than its base."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is full.", name=name)


ERRORS = [
    HTTPException(404, "no", {"x-a": "1"}, more=[1]),
    NotFound("no"),
    MethodNotAllowed("GET"),
    ContentTooLarge(5),
    Full("disk"),
]


@pytest.mark.parametrize("take", [copy, deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize("error", ERRORS)
def test_answer_can_be_copied(error: HTTPException, take: Callable[[Any], Any]) -> None:
    """An answer comes out of a pool of processes as it was, whatever arguments its class takes."""
    taken = take(error)
    assert (type(taken), str(taken), taken.args) == (type(error), str(error), error.args)
    assert vars(taken) == vars(error)


@pytest.mark.parametrize("status", [200, 299, 600, 999, "404", None])
def test_what_is_no_status_of_an_error_is_refused(status: Any) -> None:
    """The detail may have been taken for the first argument."""
    with pytest.raises(ValueError, match=f"takes a status from 300 to 599, not {status!r}"):
        HTTPException(status)


def test_each_value_of_a_header_is_sent() -> None:
    """Headers with several values for one name are all part of the answer (RFC 9110 §11.6.1)."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> None:
        headers = MutableHeaders()
        headers.append("www-authenticate", "Basic")
        headers.append("www-authenticate", "Bearer")
        raise HTTPException(401, headers=headers)

    headers = ask(app, "GET", "/").headers
    assert [value for name, value in headers if name == "www-authenticate"] == ["Basic", "Bearer"]


def test_headers_that_were_given_are_not_changed() -> None:
    """An exception has a copy of the headers it was made with."""
    given = {"x-a": "1"}
    error = HTTPException(404, headers=given)
    given["x-a"] = "2"
    assert error.headers == {"x-a": "1"}
