"""This file is JSON with the standard library, as strict as RFC 8259 in both directions.

Neither direction lets through what other parsers refuse or read differently: `NaN`, infinities, numbers that overflow,
lone surrogates, and nesting deep enough to exhaust a stack.
"""

import json
import re
from collections.abc import Callable, Iterable
from itertools import accumulate
from json import encoder as _json_encoder
from math import isinf
from typing import Any

#: Far deeper than any document people write, far less than Python's own recursion limit.
MAX_DEPTH = 100

_STRING_OR_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[^\[\]{}"]+', re.DOTALL)
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class InvalidJSON(ValueError):
    """The text is not JSON as RFC 8259 has it.

    Attributes:
        line: The line of the mistake, from 1; 0 when it concerns the whole text.
        column: Its column, from 1; 0 when it concerns the whole text.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f" at line {line}, column {column}" if line else ""
        super().__init__(f"{message}{where}")
        self.line = line
        self.column = column


def decode_json(content: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """Return the value that *content*, in UTF-8, writes.

    Args:
        content: The whole text; a byte order mark is ignored (RFC 8259 §8.1).
        max_depth: How many arrays and objects may lie in each other.

    Raises:
        InvalidJSON: It is no JSON, or holds a number or text that cannot be represented.
    """
    try:
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")
        if content.count(b"[") + content.count(b"{") > max_depth:
            _check_depth(content, max_depth)
        value = _decode(text)
    except json.JSONDecodeError as error:
        raise InvalidJSON(error.msg, error.lineno, error.colno) from None
    except UnicodeDecodeError as error:
        raise InvalidJSON(f"Not UTF-8: byte {content[error.start]:#04x} at offset {error.start}") from None
    except RecursionError:
        raise InvalidJSON(f"Nested deeper than {max_depth}") from None
    except ValueError as error:
        raise InvalidJSON(str(error)) from None
    if _SURROGATE.search(content) is not None:
        _check_surrogates(value)
    return value


def encode_json(value: Any) -> bytes:
    """Return *value* as JSON in UTF-8 without white space.

    Raises:
        TypeError: Something in it has no form in JSON.
        ValueError: It holds `NaN`, an infinity, a lone surrogate, or itself.
    """
    try:
        return _encode(value).encode()
    except RecursionError:
        raise ValueError("The value holds itself or is nested too deeply for JSON.") from None


def _refuse_constant(name: str) -> Any:
    """Raise for `NaN` and infinities, which Python's parser would let through."""
    raise ValueError(f"{name} is not JSON (RFC 8259 §6)")


def _parse_float(text: str) -> float:
    """Return the number, refusing one that a double cannot hold."""
    value = float(text)
    if isinf(value):
        raise ValueError(f"The number {text[:40]} is too large")
    return value


def _check_depth(content: bytes, max_depth: int) -> None:
    """Raise when brackets outside strings lie deeper than *max_depth*."""
    brackets = _STRING_OR_TEXT.sub(b"", content)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > max_depth:
        raise ValueError(f"Nested deeper than {max_depth}")


def _check_surrogates(value: Any) -> None:
    """Raise when a text in *value* cannot be written as UTF-8."""
    try:
        encode_json(value)
    except UnicodeEncodeError:
        raise InvalidJSON("A text holds half of a surrogate pair, which is no character") from None


def _decode(text: str) -> Any:
    """Return the value of *text*.

    PERF: asking the scanner directly saves `JSONDecoder.decode` two pattern matches for white space, a quarter of
    the time of a small document (row "POST JSON echo"). What it does not take from end to end goes the long way.
    """
    try:
        value, end = _SCAN(text, 0)
    except StopIteration:
        return _DECODER.decode(text)
    return value if end == len(text) else _DECODER.decode(text)


def _encode(value: Any) -> str:
    """Return *value* as JSON text.

    PERF: a kept C encoder halves the time of `JSONEncoder.encode`, which makes a new one (row "JSON GET").
    """
    return "".join(_MAKE_CHUNKS(value, 0))


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_parse_float)
_SCAN: Callable[[str, int], tuple[Any, int]] = vars(_DECODER)["scan_once"]
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
#: Its arguments: markers (for circles, which end in RecursionError), default, string encoder, indent, separators, sort
#: keys, skip keys, allow NaN. Other interpreters than CPython have no C encoder.
_make_encoder: Any = vars(_json_encoder)["c_make_encoder"]
_MAKE_CHUNKS: Callable[[Any, int], Iterable[str]] = (
    _make_encoder(None, _ENCODER.default, _json_encoder.encode_basestring, None, ":", ",", False, False, False)
    if _make_encoder is not None
    else lambda value, _: _ENCODER.iterencode(value)
)
