"""This file answers with the status that is asked for."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from yaat import HTTPException, Request, Response, Router
from yaat.responses import TextResponse

from .methods import ANY_METHOD

router = Router()

REALM = 'Basic realm="Yaat"'
IMAGE_TYPES = ("image/webp", "image/svg+xml", "image/jpeg", "image/png", "image/*")
TEAPOT = r"""
            ( (
             ) )
           ........
        .--|      |
       |   |      |--.
        '--|      |  /
            \    /_.'
             '--'
    short and stout
"""


@dataclass(frozen=True)
class Custom:
    """What a status usually comes with."""

    content: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


REDIRECT = Custom(headers={"location": "/redirect/1"})
CUSTOMS: Mapping[int, Custom] = {
    **dict.fromkeys((301, 302, 303, 305, 307), REDIRECT),
    401: Custom(headers={"www-authenticate": REALM}),
    402: Custom(
        "First the money, then the page.", {"x-more-info": "https://www.rfc-editor.org/rfc/rfc9110#status.402"}
    ),
    406: Custom(
        json.dumps({"message": "There is nothing here of a type you accept.", "accept": IMAGE_TYPES}),
        {"content-type": "application/json"},
    ),
    407: Custom(headers={"proxy-authenticate": REALM}),
    418: Custom(TEAPOT, {"x-more-info": "https://www.rfc-editor.org/rfc/rfc2324"}),
}


def make_response(status: int) -> Response:
    """Return a response of this status with what usually comes with it."""
    custom = CUSTOMS.get(status, Custom())
    return TextResponse(custom.content, status, custom.headers)


@router.route("/status/{codes}", ANY_METHOD)
async def answer_with(request: Request, codes: str) -> Response:
    """Answer with one status, or with one of several: `200:3,500` is three times as often 200."""
    choices = [parse_choice(choice) for choice in codes.split(",")]
    statuses, weights = zip(*choices, strict=True)
    if not sum(weights):
        raise HTTPException(400, "At least one status needs a weight above 0.")
    return make_response(random.choices(statuses, weights)[0])


def parse_choice(choice: str) -> tuple[int, float]:
    """Return a status and its weight, as `200` or `200:0.5` has them."""
    code, colon, weight = choice.partition(":")
    # What is below 200 is no answer: the client would go on waiting for one (RFC 9110 §15.2).
    if not (len(code) == 3 and code.isascii() and code.isdigit() and code >= "200"):
        raise HTTPException(400, f"A status is a number from 200 to 999, not {code[:100]!r}.")
    return int(code), parse_weight(weight) if colon else 1.0


def parse_weight(text: str) -> float:
    """Return the weight that *text* is."""
    try:
        weight = float(text[:100])
    except ValueError:
        weight = -1.0
    if not 0 <= weight < 1e9:
        raise HTTPException(400, f"A weight is a number that is not negative, not {text[:100]!r}.")
    return weight
