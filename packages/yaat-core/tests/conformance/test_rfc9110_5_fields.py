"""RFC 9110 §5: fields, their names and values."""

import string
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from yaat.headers import Headers, InvalidHeader, MutableHeaders, encode_name, encode_value
from yaat.http_date import format_http_date, parse_http_date
from yaat.media_type import InvalidMediaType, parse_media_type

TCHARS = "!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters


def is_accepted(encode: Callable[[bytes], bytes], text: bytes) -> bool:
    """Return whether *encode* takes *text* for a name or value."""
    try:
        encode(text)
    except InvalidHeader:
        return False
    return True


def test_5_1_names_are_the_same_in_any_case() -> None:
    """§5.1: field names are case-insensitive."""
    assert Headers([(b"content-type", b"text/html")])["Content-TYPE"] == "text/html"


def test_5_2_lines_of_one_name_keep_their_order() -> None:
    """§5.2: lines of the same name keep the order in which they came."""
    headers = Headers([(b"example-field", b"Foo, Bar"), (b"a", b"b"), (b"example-field", b"Baz")])
    assert headers.get_all("Example-Field") == ["Foo, Bar", "Baz"]


def test_5_3_set_cookie_is_never_combined() -> None:
    """§5.3: Set-Cookie stands on a line for each cookie."""
    headers = MutableHeaders()
    headers.append("Set-Cookie", "a=1")
    headers.append("Set-Cookie", "b=2")
    assert headers.raw == [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]


def test_5_3_order_of_different_names_has_no_meaning() -> None:
    """§5.3: headers in which only different names have changed places are equal."""
    assert Headers([(b"a", b"1"), (b"b", b"2")]) == Headers([(b"b", b"2"), (b"a", b"1")])


@pytest.mark.parametrize("character", ["\r", "\n", "\x00"])
def test_5_5_cr_lf_and_nul_are_refused(character: str) -> None:
    """§5.5: CR, LF and NUL are invalid and dangerous anywhere in a value."""
    for value in (f"{character}a", f"a{character}b", f"a{character}"):
        with pytest.raises(InvalidHeader):
            encode_value(value)


def test_5_5_visible_characters_blanks_and_obs_text_make_a_value() -> None:
    """§5.5: visible characters, SP, HTAB and obs-text make a value, and nothing else does."""
    allowed = {code for code in range(256) if is_accepted(encode_value, bytes([0x61, code, 0x61]))}
    assert allowed == {9, *range(0x20, 0x7F), *range(0x80, 0x100)}


def test_5_5_value_excludes_the_blanks_around_it() -> None:
    """§5.5: a field value does not include whitespace at its ends."""
    assert encode_value(" \ta b\t ") == b"a b"


def test_5_6_2_token_characters_make_a_name() -> None:
    """§5.6.2: token characters make a name, and nothing else does."""
    allowed = {code for code in range(256) if is_accepted(encode_name, bytes([code]))}
    assert allowed == {*TCHARS.encode()}


def test_5_6_4_quoted_pairs_are_undone() -> None:
    """§5.6.4: a backslash in a quoted string stands for the character after it."""
    assert parse_media_type(r'a/b; c="\"\\\d"').parameters == {"c": '"\\d'}


def test_5_6_6_quotes_make_no_difference() -> None:
    """§5.6.6: a value means the same as token and as quoted string."""
    assert parse_media_type("a/b;c=d") == parse_media_type('a/b;c="d"')


def test_5_6_6_parameter_names_are_the_same_in_any_case() -> None:
    """§5.6.6: parameter names are case-insensitive."""
    assert parse_media_type("a/b;Charset=x").charset == "x"


@pytest.mark.parametrize("text", ["a/b;c =d", "a/b;c= d", "a/b;c = d"])
def test_5_6_6_no_blanks_around_the_equals_sign(text: str) -> None:
    """§5.6.6: there are no blanks around the "=" of a parameter."""
    with pytest.raises(InvalidMediaType):
        parse_media_type(text)


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_5_6_7_three_forms_of_dates_are_read(text: str) -> None:
    """§5.6.7: the examples of the three forms name the same moment."""
    assert parse_http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


def test_5_6_7_dates_are_written_as_imf_fixdate() -> None:
    """§5.6.7: a date is written as IMF-fixdate."""
    assert format_http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


def test_5_6_7_dates_are_case_sensitive() -> None:
    """§5.6.7: dates are case-sensitive and have no other blanks."""
    assert parse_http_date("sun, 06 nov 1994 08:49:37 gmt") is None
    assert parse_http_date("Sun,  06 Nov 1994 08:49:37 GMT") is None


def test_5_6_7_two_digit_year_over_fifty_years_ahead_is_past() -> None:
    """§5.6.7: a year of two digits over 50 years in the future is the last past year of them."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    date = parse_http_date("Friday, 01-Jan-77 00:00:00 GMT", now=now)
    assert date == datetime(1977, 1, 1, tzinfo=UTC)
