"""This file reads arguments from the query; their names may be written in any case."""

import math
from collections.abc import Mapping

from yaat import HTTPException, Request

#: More digits than any argument here needs. `int` takes quadratic time, so its input is bounded.
MAX_DIGITS = 18


def find_argument(request: Request, name: str) -> str | None:
    """Return the last value of *name*, in whatever case it is written."""
    values = [value for key, value in request.query_params.multi_items() if key.lower() == name]
    return values[-1] if values else None


def is_true(request: Request, name: str) -> bool:
    """Return whether the argument says yes."""
    return (find_argument(request, name) or "").lower() in ("1", "t", "true")


def read_int(request: Request, name: str, default: int) -> int:
    """Return a whole number, or *default* where there is none."""
    text = find_argument(request, name)
    return default if text is None else parse_int(text, name)


def read_seconds(request: Request, name: str, default: float) -> float:
    """Return how long something is to take, or *default* where nothing is said."""
    text = find_argument(request, name)
    return default if text is None else parse_seconds(text, name)


def parse_int(text: str, name: str) -> int:
    """Return the whole number that *text* is; anything else is a 400."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise HTTPException(400, f"The {name} must be a whole number, not {text[:100]!r}.")
    return int(text)


def parse_seconds(text: str, name: str) -> float:
    """Return the number of seconds that *text* is; anything else, and what never ends, is a 400."""
    try:
        seconds = float(text[:100])
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise HTTPException(400, f"The {name} must be a number of seconds, not {text[:100]!r}.")
    return max(seconds, 0)


def join_repeated(values: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    """Return each name with its value, or with the list of its values where there are several."""
    return {name: several[0] if len(several) == 1 else several for name, several in values.items()}
