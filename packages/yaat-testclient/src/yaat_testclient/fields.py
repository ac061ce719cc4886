"""This file is what HTTP demands of header fields, as plain checks.

A check returns the problem in words, or `None`. Nothing here knows of messages or raises.
"""

import re
from collections.abc import Iterable
from typing import Any

#: A field name (RFC 9110 §5.1) as ASGI wants it: a token in lower case.
FIELD_NAME = re.compile(rb"[a-z0-9!#$%&'*+.^_`|~-]+")
#: What ends a field, or the whole message, too early (RFC 9110 §5.5).
FORBIDDEN = re.compile(rb"[\r\n\0]")


def find_fields_problem(fields: Any) -> str | None:
    """Say what is wrong with the value of a ``headers`` key, if anything is.

    Returns:
        A clause that follows "its headers" as "are" or "hold" does, or `None`.
    """
    if not isinstance(fields, Iterable) or isinstance(fields, str | bytes):
        return f"are {fields!r}; they must be a list of (name, value) pairs"
    if iter(fields) is fields:
        # An iterator would be empty for whoever reads it next, a middleware or the server.
        return f"are {fields!r}, which can be read only once; they must be a list"
    return next(filter(None, map(find_field_problem, fields)), None)


def find_field_problem(field: Any) -> str | None:
    """Say what is wrong with one (name, value) pair, if anything is."""
    if not isinstance(field, tuple | list) or len(field) != 2:
        return f"hold {field!r}; each must be a (name, value) pair"
    name, value = field
    if not isinstance(name, bytes) or not isinstance(value, bytes):
        return f"hold {(name, value)!r}; name and value must be bytes"
    return find_name_problem(name) or find_value_problem(name, value)


def find_name_problem(name: bytes) -> str | None:
    """Say what is wrong with a field name, if anything is."""
    if FIELD_NAME.fullmatch(name):
        return None
    if name.startswith(b":"):
        return f"hold the pseudo-header {name!r}; those are the server's to make"
    if FIELD_NAME.fullmatch(name.lower()):
        return f"hold {name!r}; names must be in lower case: {name.lower()!r}"
    return f"hold the name {name!r}, which is no token (RFC 9110 §5.1)"


def find_value_problem(name: bytes, value: bytes) -> str | None:
    """Say what is wrong with the value of the field *name*, if anything is."""
    if FORBIDDEN.search(value):
        return f"hold {name!r} with CR, LF or NUL in its value {value!r} (RFC 9110 §5.5)"
    if value != value.strip(b" \t"):
        return f"hold {name!r} with white space around its value {value!r} (RFC 9110 §5.5)"
    return None
