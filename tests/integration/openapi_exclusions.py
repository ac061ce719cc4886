"""What schemathesis leaves out, and why; it reads this file by `SCHEMATHESIS_HOOKS`."""

import string
from collections.abc import Callable
from typing import Any

import schemathesis

#: Blanks to Python, or to the regular expressions of JSON Schema (ECMA-262), and not to both.
ODD_BLANKS = frozenset("\x1c\x1d\x1e\x1f\x85\ufeff")


@schemathesis.hook
def filter_body(context: Any, body: Any) -> bool:
    """Leave out what is right or wrong by whom one asks.

    That is whole numbers that are written as `1.0`, which JSON Schema takes for whole and msgspec does not, and texts
    of nothing but blanks, some of them odd, which have something in them by the pattern `\\S` or have not.
    """
    return not holds(body, is_whole_float) and not holds(body, is_odd_blank)


@schemathesis.hook
def filter_cookies(context: Any, cookies: Any) -> bool:
    """Leave out cookies with a semicolon in them, which schemathesis sends as it is: it ends them."""
    return not any(";" in str(value) for value in (cookies or {}).values())


def holds(value: Any, is_odd: Callable[[Any], bool]) -> bool:
    """Return whether *value* is odd, or something in it is."""
    if isinstance(value, dict):
        return any(holds(each, is_odd) for each in value.values())
    if isinstance(value, list):
        return any(holds(each, is_odd) for each in value)
    return is_odd(value)


def is_whole_float(value: Any) -> bool:
    """Return whether *value* is a number like `1.0`."""
    return isinstance(value, float) and value.is_integer()


def is_odd_blank(value: Any) -> bool:
    """Return whether *value* is a text of blanks that not everybody takes for blanks."""
    return isinstance(value, str) and not ODD_BLANKS.isdisjoint(value) and {*value} <= ODD_BLANKS | {*string.whitespace}
