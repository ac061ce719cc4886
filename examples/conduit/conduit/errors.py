"""This file is errors, in the form that the specification wants: texts, by what they are about."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from yaat import HTTPException, Request, Response
from yaat.arguments import InvalidInput
from yaat.responses import JSONResponse

from .schemas import Errors

BLANK = "can't be blank"
TAKEN = "has already been taken"
#: What `yaat-typed` says of values that are missing, null or empty.
_BLANK_ENDINGS = ("missing", "got `null`", r"regex '\\S'")

#: What an operation may be refused with, for the OpenAPI document.
INVALID = {422: Errors}
UNAUTHORIZED = {401: Errors, **INVALID}
NOT_FOUND = {404: Errors, **INVALID}


class Refusal(HTTPException):
    """An error that says what it is about."""

    def __init__(self, status_code: int, **errors: str) -> None:
        super().__init__(status_code, errors={subject: [text] for subject, text in errors.items()})


class Missing(Refusal):
    """There is no such thing."""

    def __init__(self, subject: str) -> None:
        super().__init__(404, **{subject: "not found"})


class Forbidden(Refusal):
    """It belongs to somebody else."""

    def __init__(self, subject: str) -> None:
        super().__init__(403, **{subject: "forbidden"})


async def respond(request: Request, error: HTTPException) -> Response:
    """Return the response for any error that clients are told."""
    status, errors = error.status_code, error.extensions.get("errors")
    if isinstance(error, InvalidInput):
        errors = collect_mistakes(error)
    elif status in (400, 415):  # The specification knows one status for content that cannot be used.
        status, errors = 422, {"body": [error.detail]}
    elif errors is None:
        errors = {"path" if status == 404 else "request": [HTTPStatus(status).phrase.lower()]}
    return JSONResponse({"errors": errors}, status, error.headers)


def collect_mistakes(error: InvalidInput) -> dict[str, list[str]]:
    """Return the mistakes of a request by the name of the field they are in."""
    errors: dict[str, list[str]] = {}
    for mistake in error.errors:
        texts = errors.setdefault(name_field(mistake), [])
        text = BLANK if mistake["detail"].endswith(_BLANK_ENDINGS) else f"is invalid: {mistake['detail']}"
        if text not in texts:
            texts.append(text)
    return errors


def name_field(mistake: Mapping[str, Any]) -> str:
    """Return which field a mistake is in: the last name of its JSON pointer."""
    names = [step for step in mistake["pointer"].split("/")[1:] if not step.isdigit()]
    return unquote(names[-1]) if names else str(mistake["in"])
