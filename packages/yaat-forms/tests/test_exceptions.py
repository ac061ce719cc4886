"""What the client is told of a form that cannot be read."""

from yaat.exceptions import BadRequest, ContentTooLarge
from yaat_forms import InvalidForm, PartTooLarge, TooManyParts


def test_malformed_form_is_a_bad_request() -> None:
    """Who catches `BadRequest` catches a form that is malformed."""
    assert issubclass(InvalidForm, BadRequest)


def test_too_many_parts_are_a_bad_request_that_names_the_limit() -> None:
    """Too many of something is 400, as too many parameters of a query are."""
    error = TooManyParts("files", 3)
    assert (error.status_code, error.detail) == (400, "The form has more than 3 files.")


def test_part_that_is_too_large_is_content_that_is_too_large() -> None:
    """A part over its limit is 413, and the limit stands in the problem document."""
    error = PartTooLarge("The file 'f'", 10)
    assert isinstance(error, ContentTooLarge)
    assert (error.status_code, error.detail) == (413, "The file 'f' is over the limit of 10 bytes.")
    assert error.extensions == {"max_bytes": 10}
