"""This file is the path converters every app starts with.

The law here: ASCII only, a bounded length before any number is made, and time linear in the text.

PERF: the build imports it, so that `import yaat` does not pay for `uuid` and `datetime` (figure "import, CPU").
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from ..provenance import CORE
from ..records import PathConverter
from .converters import parse_int, parse_path, parse_text

T = TypeVar("T")

#: Longer than the longest shortest-round-trip text of a double without an exponent that people put in a path.
MAX_FLOAT_DIGITS = 32

_FLOAT = re.compile(rf"-?[0-9]{{1,{MAX_FLOAT_DIGITS}}}(?:\.[0-9]{{1,{MAX_FLOAT_DIGITS}}})?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")


def _fullmatch(pattern: re.Pattern[str], make: Callable[[str], T]) -> Callable[[str], T]:
    """Return a parser that refuses what *pattern* does not match from end to end."""

    def parse(text: str) -> T:
        if pattern.fullmatch(text) is None:
            raise ValueError(text)
        return make(text)

    return parse


def format_iso(value: date | datetime | str) -> str:
    """Return a date or time in the form its converter reads."""
    return value if isinstance(value, str) else value.isoformat()


def format_float(value: float) -> str:
    """Return *value* without an exponent, as the `float` converter reads it.

    Raises:
        ValueError: It has more digits than are read.
    """
    text = repr(float(value))
    if "e" in text:
        text = f"{float(value):.{MAX_FLOAT_DIGITS}f}".rstrip("0").rstrip(".")
    if float(text) != value:
        raise ValueError(text)
    return text


#: By name, in no order that matters: priority between them is the route table's business.
BUILT_IN: tuple[PathConverter, ...] = (
    PathConverter(name="str", parse=parse_text, annotation=str, example="text", owner=CORE),
    PathConverter(name="path", parse=parse_path, example="a/b", owner=CORE),
    PathConverter(name="int", parse=parse_int, annotation=int, example="1", owner=CORE),
    PathConverter(
        name="float",
        parse=_fullmatch(_FLOAT, float),
        format=format_float,
        annotation=float,
        example="1.5",
        owner=CORE,
    ),
    PathConverter(
        name="uuid",
        parse=_fullmatch(_UUID, UUID),
        annotation=UUID,
        example="123e4567-e89b-12d3-a456-426614174000",
        owner=CORE,
    ),
    PathConverter(
        name="date",
        parse=_fullmatch(_DATE, date.fromisoformat),
        format=format_iso,
        annotation=date,
        example="2020-02-29",
        owner=CORE,
    ),
    PathConverter(
        name="datetime",
        parse=_fullmatch(_DATETIME, datetime.fromisoformat),
        format=format_iso,
        annotation=datetime,
        example="2020-02-29T12:30:00",
        owner=CORE,
    ),
)
