"""Query strings: read without complaint, written so that they read the same."""

from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.multidict import MultiDict
from yaat.query import (
    DEFAULT_MAX_FIELDS,
    STRAY_IN_QUERY,
    QueryParams,
    TooManyFields,
    format_query,
    parse_urlencoded,
    percent_decode,
    percent_encode,
)

from .linearity import is_linear

PROPERTY = settings(deadline=None)
TEXT = st.text(st.characters(codec="utf-8"))
NO_LIMIT = 10**9


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"", []),
        (b"a=1", [("a", "1")]),
        (b"a=1&b=2&a=3", [("a", "1"), ("b", "2"), ("a", "3")]),
        (b"a", [("a", "")]),
        (b"a=", [("a", "")]),
        (b"=1", [("", "1")]),
        (b"a=1=2", [("a", "1=2")]),
        (b"&&a=1&&", [("a", "1")]),
        (b"a=1;b=2", [("a", "1;b=2")]),
        (b"a=1+2", [("a", "1 2")]),
        (b"a+b=1", [("a b", "1")]),
        (b"a=%31%32", [("a", "12")]),
        (b"%61=1&&b=%26%3D", [("a", "1"), ("b", "&=")]),
        (b"a=%2B+", [("a", "+ ")]),
        (b"a=%C3%A9", [("a", "é")]),
        (b"a=\xc3\xa9", [("a", "é")]),
        (b"a=\xe2%82\xac", [("a", "€")]),
    ],
)
def test_fields_are_decoded(raw: bytes, pairs: list[tuple[str, str]]) -> None:
    """Names and values are percent-decoded, "+" is a space, empty fields are left out."""
    assert parse_urlencoded(raw) == pairs


@pytest.mark.parametrize(("raw", "value"), [(b"a=%", "%"), (b"a=%4", "%4"), (b"a=%zz", "%zz"), (b"a=%%41", "%A")])
def test_a_broken_escape_stays_as_it_is(raw: bytes, value: str) -> None:
    """A "%" without two hexadecimal digits stays as it is."""
    assert parse_urlencoded(raw) == [("a", value)]


@pytest.mark.parametrize("raw", [b"a=\xff", b"a=%FF", b"a=%ED%A0%80"])
def test_what_is_not_utf8_is_replaced(raw: bytes) -> None:
    """Bytes that are no UTF-8 become U+FFFD."""
    assert set(parse_urlencoded(raw)[0][1]) == {"\ufffd"}


def test_as_many_fields_as_the_limit_are_read() -> None:
    """The limit itself is allowed."""
    assert len(parse_urlencoded(b"&".join([b"a=1"] * 5), max_fields=5)) == 5


def test_more_fields_than_the_limit_are_refused() -> None:
    """One field more than the limit raises TooManyFields, which tells both numbers."""
    with pytest.raises(TooManyFields, match=r"6 fields came, at most 5 are allowed\. Raise max_"):
        parse_urlencoded(b"&".join([b"a=1"] * 6), max_fields=5)


def test_a_long_value_is_not_many_fields() -> None:
    """Only fields count, not their length."""
    assert parse_urlencoded(b"a=" + b"x" * 5000, max_fields=1) == [("a", "x" * 5000)]


def test_the_limit_is_a_thousand_fields_unless_told() -> None:
    """Without another limit, more than a thousand fields are refused."""
    with pytest.raises(TooManyFields, match="1001 fields"):
        parse_urlencoded(b"&" * DEFAULT_MAX_FIELDS)


@PROPERTY
@given(st.binary())
def test_any_bytes_are_read(raw: bytes) -> None:
    """No bytes make reading fail."""
    for name, value in parse_urlencoded(raw, max_fields=NO_LIMIT):
        assert (name + value).encode().decode() == name + value


@PROPERTY
@given(st.text(st.sampled_from("ab=&;é"), max_size=40))
def test_reading_plain_and_escaped_is_the_same(text: str) -> None:
    """Writing "a" as "%61" changes nothing in what is read."""
    plain = text.encode()
    assert parse_urlencoded(plain.replace(b"a", b"%61")) == parse_urlencoded(plain)


@PROPERTY
@given(st.text(st.sampled_from("aA1%&=+;~é")))
def test_the_standard_library_reads_the_same(text: str) -> None:
    """``urllib.parse`` reads the same fields."""
    pairs = parse_qsl(text, keep_blank_values=True)
    assert parse_urlencoded(text.encode(), max_fields=NO_LIMIT) == pairs


@PROPERTY
@given(st.lists(st.tuples(TEXT, TEXT)))
def test_what_was_written_is_read(pairs: list[tuple[str, str]]) -> None:
    """Reading what ``format_query`` wrote gives the same fields."""
    assert parse_urlencoded(format_query(pairs).encode(), max_fields=NO_LIMIT) == pairs


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"a": 1, "b": "x y"}, "a=1&b=x+y"),
        ([("a", 1), ("a", 2)], "a=1&a=2"),
        (MultiDict([("a", "1"), ("a", "2")]), "a=1&a=2"),
        ({"a": [1, 2], "b": ("x", "y")}, "a=1&a=2&b=x&b=y"),
        ({"a": []}, ""),
        ({"a": None, "b": [None, 1]}, "b=1"),
        ({"a": True, "b": [False]}, "a=true&b=false"),
        ({"a": Decimal("1.50")}, "a=1.50"),
        ({"a": b"\xff%"}, "a=%FF%25"),
        ({"a&b": "c=d#e?f/%20"}, "a%26b=c%3Dd%23e%3Ff%2F%2520"),
        ({"a": "é"}, "a=%C3%A9"),
        ({}, ""),
    ],
)
def test_values_are_written(fields: object, text: str) -> None:
    """Lists repeat the name, None is left out, a bool is lower case, the rest is ``str``."""
    assert format_query(fields) == text  # type: ignore[arg-type]  # each of the kinds it takes


def test_half_a_character_is_written_as_replacement() -> None:
    """A lone surrogate is written as U+FFFD, as browsers do."""
    assert format_query({"a": "x\ud800"}) == "a=x%EF%BF%BD"


@PROPERTY
@given(st.binary())
def test_percent_decoding_undoes_encoding(raw: bytes) -> None:
    """What was percent-encoded decodes to the same bytes."""
    encoded = percent_encode(raw.replace(b"%", b"\x00"), STRAY_IN_QUERY)
    assert percent_decode(encoded.encode()) == raw.replace(b"%", b"\x00")


@PROPERTY
@given(st.binary())
def test_encoding_twice_changes_nothing(raw: bytes) -> None:
    """What may stand in a query stays as it is, escapes included."""
    once = percent_encode(raw, STRAY_IN_QUERY)
    assert percent_encode(once, STRAY_IN_QUERY) == once


def test_query_params_show_the_last_value() -> None:
    """Of a repeated parameter the mapping shows the last value, ``get_all`` all."""
    query = QueryParams(b"a=1&a=2")
    assert (query["a"], query.get("a"), query.get_all("a")) == ("2", "2", ["1", "2"])


def test_query_params_equal_a_dict() -> None:
    """Parameters compare with a plain dict."""
    assert QueryParams(b"a=1&b=2") == {"b": "2", "a": "1"}


def test_query_params_can_be_empty() -> None:
    """Without a query there are no parameters."""
    assert list(QueryParams()) == []


def test_query_params_give_back_their_bytes() -> None:
    """``encode`` gives the query exactly as it came."""
    assert QueryParams(b"b=%zz&&a=\xff").encode() == b"b=%zz&&a=\xff"


def test_query_params_as_text_fit_into_a_url() -> None:
    """As text, what may not stand in a URL is percent-encoded, the rest stays as it came."""
    assert str(QueryParams(b'a=1+2%20&b=%zz"<\xff')) == "a=1+2%20&b=%25zz%22%3C%FF"


def test_query_params_show_their_source() -> None:
    """The representation shows the query as it came."""
    assert repr(QueryParams(b"a=1")) == "QueryParams(b'a=1')"


def test_query_params_are_parsed_when_they_are_read() -> None:
    """Too many fields are complained about when the parameters are read, not before."""
    query = QueryParams(b"a&b&c", max_fields=2)
    with pytest.raises(TooManyFields):
        query.get("a")


def test_many_fields_take_linear_time() -> None:
    """Four times the fields take about four times the time."""

    def read(raw: bytes) -> None:
        parse_urlencoded(raw, max_fields=NO_LIMIT)

    assert is_linear(lambda count: b"&".join([b"%61=%zz+%"] * count), read)
