"""The JSON codec: msgspec, as strict as the core's."""

import enum
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.json_codec import InvalidJSON, decode_json
from yaat_typed import decode, encode
from yaat_typed.codec import encode_numbers


class Colour(enum.Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    y: int = 0


class Text(str):
    __slots__ = ()


class Whole(int): ...


class Number(float): ...


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, 2.5, None, True, "ä"]}, '{"a":[1,2.5,null,true,"ä"]}'),
        (Point(1), '{"x":1,"y":0}'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (datetime(2026, 1, 2, tzinfo=UTC), '"2026-01-02T00:00:00Z"'),
        (UUID(int=1), f'"{UUID(int=1)}"'),
        (Decimal("1.50"), '"1.50"'),
        (Colour.RED, '"red"'),
        ({1}, "[1]"),
        (b"a", '"YQ=="'),
        (Text("a"), '"a"'),
        (Whole(1), "1"),
        (Number(1.5), "1.5"),
        (OrderedDict(a=1), '{"a":1}'),
        (MappingProxyType({"a": 1}), '{"a":1}'),
        ({1: 2}, '{"1":2}'),
        (float("nan"), "null"),
        (2**70, str(2**70)),
    ],
)
def test_values_are_written(value: Any, text: str) -> None:
    """What the standard library writes, and many more; what is no number becomes null."""
    assert encode(value).decode() == text


@dataclass
class Order:
    prices: dict[str, list[float]]
    note: str | None = None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Order({"tea": [1.0, float("nan")]}), r"\$\.prices\.tea\[1\] is nan, and JSON has no such number"),
        ([MappingProxyType({"a": float("-inf")})], r"\$\[0\]\.a is -inf"),
        (Number("inf"), r"\$ is inf"),
    ],
)
def test_what_is_no_number_is_refused_on_demand(value: Any, message: str) -> None:
    """With its place; nothing else is."""
    with pytest.raises(ValueError, match=message):
        encode_numbers(value)
    for right in ([1.5, "a"], Order({"null": [1.5]})):
        assert encode_numbers(right) == encode(right)


def test_what_has_no_form_in_json_is_refused() -> None:
    """The message names the class."""
    with pytest.raises(TypeError, match="object has no form in JSON"):
        encode({"a": object()})


def test_a_lone_surrogate_is_not_written() -> None:
    """It is no character, so UTF-8 cannot hold it."""
    with pytest.raises(ValueError, match="surrogates not allowed"):
        encode("\ud800")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a":\n x}', "line 2, column 2"),
        (b"", "line 1, column 1"),
        (b"NaN", "NaN is not JSON"),
        (b"[1e999]", r"The number 1e999 is too large at line 1, column 2"),
        (b'["\\ud800"]', "half of a surrogate pair"),
        (b'["\xff"]', "Not UTF-8: byte 0xff"),
        (b"[" * 101 + b"]" * 101, "Nested deeper than 100"),
        (b"[" * 5000, "Nested deeper than 100"),
        (b"[" + b"9" * 5000 + b"]", "too many digits"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(content: bytes, message: str) -> None:
    """The core knows where the mistake is."""
    with pytest.raises(InvalidJSON, match=message):
        decode(content)


def test_a_byte_order_mark_is_ignored() -> None:
    """RFC 8259 §8.1 allows for that."""
    assert decode(b"\xef\xbb\xbf[1]") == [1]


def test_many_brackets_side_by_side_are_not_deep() -> None:
    """Nesting is limited, not size."""
    assert len(decode(b"[" + b"[]," * 500 + b"[]]")) == 501


def decode_as(read: Any, content: bytes) -> Any:
    """Return what *read* makes of *content*, or the class of its error."""
    try:
        return repr(read(content))
    except InvalidJSON:
        return InvalidJSON


TOKENS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b'"a"',
    b"1",
    b"-",
    b"0",
    b".5",
    b"e9",
    b"E999",
    b"true",
    b"null",
    b" ",
]
TOKENS += [
    b"\n",
    b"\\",
    b'"\\ud83d\\ude00"',
    b'"\\udc00"',
    b"\xff",
    "ä".encode(),
    b'"a":',
    b"NaN",
    b"\xef\xbb\xbf",
    b"1" * 30,
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=12).map(b"".join))
def test_it_agrees_with_the_core_on_anything(content: bytes) -> None:
    """The same values, and the same content refused."""
    assert decode_as(decode, content) == decode_as(decode_json, content)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_what_is_written_can_be_read(value: Any) -> None:
    """By itself and by any other parser."""
    try:
        written = encode(value)
    except UnicodeEncodeError:
        return
    assert decode(written) == json.loads(written)
