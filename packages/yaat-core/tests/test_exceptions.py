"""Exceptions that are answers: the phrase that each status has."""

from http import HTTPStatus

import pytest

from yaat.exceptions import find_phrase

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
