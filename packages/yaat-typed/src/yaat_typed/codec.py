"""This file is JSON with msgspec, as strict as the core's codec in reading and several times as fast.

What msgspec does by itself: it refuses `NaN`, infinities, numbers that overflow, lone surrogates and what is not JSON.
What is added: a limit for nesting, a byte order mark is ignored, and every mistake is told with its line and column.

In writing, msgspec makes `null` of floats that are no numbers, as browsers do, and knows no other way. To look for
them costs as much as to write, so that is for development: see `encode_numbers`.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import msgspec

from yaat.json_codec import MAX_DEPTH, decode_json, decode_paused, is_deeper

_decode = msgspec.json.Decoder().decode


def simplify(value: Any) -> Any:
    """Return something like *value* that msgspec can write: what the standard library writes too, and mappings.

    Raises:
        TypeError: There is nothing like it.
    """
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value) if kind is not str else str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__qualname__} has no form in JSON")


#: Value → UTF-8 bytes. PERF: msgspec's own function; one in Python around it would cost a twentieth of a small response
#: (row "JSON GET, msgspec codec").
encode = msgspec.json.Encoder(enc_hook=simplify).encode


def encode_numbers(value: Any) -> bytes:
    """Return what `encode` does, but refuse floats that are no numbers.

    Raises:
        ValueError: One is NaN or an infinity, which JSON does not have (RFC 8259 §6); the message says where.
    """
    content = encode(value)
    if b"null" in content:
        for path, number in _find_floats("$", msgspec.to_builtins(value, enc_hook=simplify, str_keys=True)):
            if not isfinite(number):
                raise ValueError(f"{path} is {number}, and JSON has no such number (RFC 8259 §6)")
    return content


def _find_floats(path: str, value: Any) -> Iterator[tuple[str, float]]:
    """Yield each float in a value of the types that JSON has, and its JSONPath."""
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _find_floats(f"{path}.{name}", member)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _find_floats(f"{path}[{number}]", item)


def decode(content: bytes) -> Any:
    """Return the value that *content*, in UTF-8, writes.

    Raises:
        yaat.json_codec.InvalidJSON: It is no JSON, or holds a number or text that cannot be represented; with its line
            and column.
    """
    try:
        # PERF: as in `is_shallow`, without the call (row "POST JSON echo").
        if content.count(b"[") + content.count(b"{") <= MAX_DEPTH:
            return _decode(content)
        if not is_deeper(content, MAX_DEPTH):
            return decode_paused(_decode, content)
    except (ValueError, RecursionError):
        pass
    # It knows where the mistake is, and agrees on what is one.
    return decode_json(content)


def is_shallow(content: bytes) -> bool:
    """Return whether arrays and objects lie in each other no deeper than `yaat.json_codec.MAX_DEPTH`."""
    return content.count(b"[") + content.count(b"{") <= MAX_DEPTH or not is_deeper(content, MAX_DEPTH)
