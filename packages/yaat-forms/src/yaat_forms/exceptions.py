"""This file is what is raised when a form cannot be read: each is an answer to the client."""

from yaat.exceptions import BadRequest, ContentTooLarge, HTTPException


class InvalidForm(BadRequest):
    """The content is no well-formed form (RFC 7578, RFC 2046 §5.1)."""


class TooManyParts(BadRequest):
    """A form has more fields or files than the limit allows.

    Args:
        kind: What there are too many of: `fields` or `files`.
        limit: How many are allowed.
    """

    def __init__(self, kind: str, limit: int) -> None:
        super().__init__(f"The form has more than {limit} {kind}.")


class PartTooLarge(ContentTooLarge):
    """Something in a form is over its limit (RFC 9110 §15.5.14).

    Args:
        what: It, as the subject of a sentence.
        max_bytes: The limit.
    """

    def __init__(self, what: str, max_bytes: int) -> None:
        HTTPException.__init__(self, 413, f"{what} is over the limit of {max_bytes} bytes.", max_bytes=max_bytes)
