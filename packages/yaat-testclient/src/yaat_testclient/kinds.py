"""This file is the kinds of values that ASGI scopes and messages may carry, each as a check.

A check returns the problem in words that follow the name of the key, or `None`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Check = Callable[[Any], str | None]


def must_be(words: str, accepts: Callable[[Any], bool]) -> Check:
    """Return a check for what *accepts* accepts; *words* name it in the problem."""

    def find_problem(value: Any) -> str | None:
        return None if accepts(value) else f"is {value!r}; it must be {words}"

    return find_problem


def is_int(value: Any) -> bool:
    """Tell whether *value* is an integer; a boolean is none here."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_status(value: Any) -> bool:
    """Tell whether a response may start with this status: 1xx are interim (RFC 9110 §15.2)."""
    return is_int(value) and 200 <= value <= 599


def is_close_code(value: Any) -> bool:
    """Tell whether an endpoint may send this close code (RFC 6455 §7.4)."""
    return is_int(value) and (value in {1000, 1001, 1002, 1003} or 1007 <= value <= 1014 or 3000 <= value <= 4999)


def is_close_reason(value: Any) -> bool:
    """Tell whether *value* fits a close frame: 125 bytes, two for the code (RFC 6455 §5.5)."""
    return value is None or (isinstance(value, str) and len(value.encode(errors="replace")) <= 123)


def is_address(value: Any) -> bool:
    """Tell whether *value* is a [host, port] pair; a UNIX socket has no port."""
    return value is None or (
        isinstance(value, list | tuple)
        and len(value) == 2
        and isinstance(value[0], str)
        and (value[1] is None or is_int(value[1]))
    )


def is_list_of(kind: type, value: Any) -> bool:
    """Tell whether *value* holds only *kind* and can be read twice."""
    return (
        isinstance(value, Iterable)
        and not isinstance(value, str | bytes)
        and iter(value) is not value
        and all(isinstance(item, kind) for item in value)
    )


anything: Check = must_be("anything", lambda value: True)
a_bool: Check = must_be("a bool", lambda value: isinstance(value, bool))
a_dict: Check = must_be("a dict", lambda value: isinstance(value, Mapping))
a_dict_or_none: Check = must_be("a dict or None", lambda value: isinstance(value, Mapping | None))
a_str: Check = must_be("a str", lambda value: isinstance(value, str))
a_str_or_none: Check = must_be("a str or None", lambda value: isinstance(value, str | None))
an_int: Check = must_be("an int", is_int)
bytes_or_none: Check = must_be("bytes or None", lambda value: isinstance(value, bytes | None))
some_bytes: Check = must_be("bytes", lambda value: isinstance(value, bytes))

a_list_of_bytes: Check = must_be("a list of bytes", lambda value: is_list_of(bytes, value))
a_list_of_str: Check = must_be("a list of str", lambda value: is_list_of(str, value))
a_method: Check = must_be("a str in upper case", lambda value: isinstance(value, str) and value == value.upper() != "")
a_scheme: Check = must_be("a str that is not empty", lambda value: isinstance(value, str) and value != "")
a_status: Check = must_be("an int from 200 to 599", is_status)
a_version: Check = must_be("'1.0', '1.1', '2' or '3'", lambda value: value in ("1.0", "1.1", "2", "3"))
an_address: Check = must_be("a [host, port] pair or None", is_address)
a_close_code: Check = must_be("a close code one may send (RFC 6455 §7.4)", is_close_code)
a_close_reason: Check = must_be("a str of at most 123 bytes (RFC 6455 §5.5)", is_close_reason)
