"""This file is JSON with the standard library, as strict as RFC 8259 in both directions.

Neither direction lets through what other parsers refuse or read differently: `NaN`, infinities, numbers that overflow,
lone surrogates, and nesting deep enough to exhaust a stack.
"""

import gc
import json
import re
from collections.abc import Callable, Iterable
from json import encoder as _json_encoder
from math import isinf
from typing import Any, TypeVar

C = TypeVar("C", bytes, str)

#: Far deeper than any document people write, far less than Python's own recursion limit.
MAX_DEPTH = 100
#: In longer texts a number or text that cannot be represented is refused without saying where it stands: looking for it
#: would keep the event loop for too long.
MAX_SEARCHED = 1_000_000

#: From here on a text is read with the garbage collector paused.
LARGE_LENGTH = 65_536

_BOM = b"\xef\xbb\xbf"
_TO_SQUARE = bytes.maketrans(b"{}", b"[]")
_UNMARKED = bytes(set(range(256)) - set(b'"[]{}'))
#: Brackets that are counted before they are looked at one by one.
_RUN = 64
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
# PERF: `re` compiles these when they are first needed, and keeps them (figure "import, CPU").
_TOKEN = r'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|[^ \t\n\r\[\]{}",:]++'
_PAIR = rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"


class InvalidJSON(ValueError):
    """The text is not JSON as RFC 8259 has it.

    Attributes:
        line: The line of the mistake, from 1; 0 where it was not looked for.
        column: Its column, from 1; 0 where it was not looked for.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f" at line {line}, column {column}" if line else ""
        super().__init__(f"{message}{where}")
        self.line = line
        self.column = column


def decode_json(content: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """Return the value that *content*, in UTF-8, writes.

    Of members with the same name the last one counts, as in most other parsers (RFC 8259 §4).

    Args:
        content: The whole text; a byte order mark is ignored (RFC 8259 §8.1).
        max_depth: How many arrays and objects may lie in each other.

    Raises:
        InvalidJSON: It is no JSON, or holds a number or text that cannot be represented.
    """
    try:
        text = content.decode("utf-8-sig" if content.startswith(_BOM) else "utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        raise _locate(before, len(before), f"Not UTF-8: byte {error.object[error.start]:#04x}") from None
    try:
        if content.count(b"[") + content.count(b"{") <= max_depth:
            value = _decode(text)
        else:
            value = _decode_branching(text, content, max_depth)
        # PERF: nearly no text has a backslash, which is quicker to find out (row "POST JSON echo").
        if b"\\" in content and _SURROGATE.search(content) is not None and has_lone_surrogate(content):
            raise _Unrepresentable(_HALF)
    except json.JSONDecodeError as error:
        raise InvalidJSON(error.msg, error.lineno, error.colno) from None
    except _Unrepresentable as error:
        raise _locate(text, _find_flaw(text, max_depth), str(error)) from None
    except ValueError:  # `int` takes 4,300 digits and no more, for its time is quadratic.
        raise _locate(text, _find_flaw(text, max_depth), "A number has too many digits") from None
    except RecursionError:
        raise InvalidJSON("Nested too deeply") from None
    return value


def decode_paused(decode: Callable[[C], Any], content: C) -> Any:
    """Return what *decode* makes of *content*, with the garbage collector paused where that is long.

    A value of JSON holds no circle, and yet the collector would go through all of it, again and again while it grows:
    16 MiB of small arrays would take 3 s of which 2 are the collector's, and 16 MiB of records half as long again.
    The pause is that of the whole process; who reads in another thread meanwhile may have it end early, no more.
    """
    if len(content) < LARGE_LENGTH or not gc.isenabled():
        return decode(content)
    gc.disable()
    try:
        return decode(content)
    finally:
        gc.enable()


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


def is_deeper(content: bytes, max_depth: int) -> bool:
    """Return whether brackets outside strings lie in each other deeper than *max_depth*.

    PERF: bytes are only moved by C here, and brackets counted in runs; looking at each string and bracket would take
    three times as long as parsing (a document of 1,000 objects).
    """
    if b"\\" in content:
        content = content.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Of the strings only the quotes are left, which go in pairs; those with brackets between them stay.
    marks = content.translate(_TO_SQUARE, _UNMARKED).replace(b'""', b"")
    brackets = b"".join(marks.split(b'"')[::2])
    depth = 0
    for start in range(0, len(brackets), _RUN):
        run = brackets[start : start + _RUN]
        opened = run.count(b"[")
        if depth + opened > max_depth and _climbs_over(max_depth - depth, run):
            return True
        depth += 2 * opened - len(run)
    return False


def _climbs_over(limit: int, run: bytes) -> bool:
    """Return whether the brackets of *run* lie deeper in each other than *limit*."""
    depth = 0
    for bracket in run:
        depth += 1 if bracket == ord("[") else -1
        if depth > limit:
            return True
    return False


def has_lone_surrogate(content: bytes) -> bool:
    """Return whether a string names half of a surrogate pair, which is no character (RFC 8259 §8.2)."""
    return _SURROGATE.search(re.sub(_PAIR, b"", content.replace(b"\\\\", b"__"))) is not None


class _Unrepresentable(ValueError):
    """Something that the grammar allows, or Python's parser, but not this module."""


_HALF = "A text holds half of a surrogate pair, which is no character"


def _refuse_constant(name: str) -> Any:
    """Raise for `NaN` and infinities, which Python's parser would let through."""
    raise _Unrepresentable(f"{name} is not JSON (RFC 8259 §6)")


def _parse_float(text: str) -> float:
    """Return the number, refusing one that a double cannot hold."""
    value = float(text)
    if isinf(value):
        raise _Unrepresentable(f"The number {text[:40]} is too large")
    return value


def _find_flaw(text: str, max_depth: int) -> int | None:
    """Return the offset of the first thing in *text* that cannot be represented, unless the search would take long."""
    depth = 0
    for token in re.finditer(_TOKEN, text) if len(text) <= MAX_SEARCHED else ():
        word = token[0]
        depth += (word in "[{") - (word in "]}")
        if depth > max_depth or (word not in "[]{}" and _is_flawed(word)):
            return token.start()
    return None


def _is_flawed(word: str) -> bool:
    """Return whether *word*, a string, number or name, cannot be represented."""
    try:
        _SCAN(word, 0)
    except (ValueError, StopIteration):
        return True
    return word[0] == '"' and has_lone_surrogate(word.encode())


def _locate(text: str, offset: int | None, message: str) -> InvalidJSON:
    """Return the error for what stands at *offset* of *text*."""
    if offset is None:
        return InvalidJSON(message)
    return InvalidJSON(message, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _decode(text: str) -> Any:
    """Return the value of *text*.

    PERF: asking the scanner directly saves `JSONDecoder.decode` two pattern matches for white space, a quarter of
    the time of a small document (row "POST JSON echo"). What it does not take from end to end goes the long way.
    """
    try:
        value, end = _SCAN(text, 0)
    except StopIteration:
        return _DECODER.decode(text)
    return _DECODER.decode(text) if text[end:].strip(" \t\n\r") else value


def _decode_branching(text: str, content: bytes, max_depth: int) -> Any:
    """Return the value of *text*, which has more brackets than arrays and objects may lie in each other.

    Raises:
        _Unrepresentable: They do.
    """
    if is_deeper(content, max_depth):
        raise _Unrepresentable(f"Nested deeper than {max_depth}")
    return decode_paused(_decode, text)


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
