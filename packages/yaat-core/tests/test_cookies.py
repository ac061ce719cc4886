"""Cookies: read leniently, written strictly."""

from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.cookies import MAX_COOKIE_BYTES, InvalidCookie, format_set_cookie, parse_cookies
from yaat.http_date import parse_http_date

from .linearity import is_linear

PROPERTY = settings(deadline=None)
DATE = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;b=2", {"a": "1", "b": "2"}),
        ("  a = 1 \t;\tb=2  ", {"a": "1", "b": "2"}),
        ("a=", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1;;  ; b=2;", {"a": "1", "b": "2"}),
        ("A=1; a=2", {"A": "1", "a": "2"}),
        ("a=b c,d", {"a": "b c,d"}),
        ("XL=MAX", {"XL": "MAX"}),
        ("XL=X\xe9X", {"XL": "X\xe9X"}),
    ],
)
def test_cookies_are_read_by_name(header: str, cookies: dict[str, str]) -> None:
    """Names and values are read; blanks around them do not count."""
    assert parse_cookies(header) == cookies


@pytest.mark.parametrize("header", ["a", "=1", " =", "a; =1", ";", "\x00"])
def test_what_is_no_pair_is_left_out(header: str) -> None:
    """What has no name or no "=" is left out."""
    assert parse_cookies(f"{header}; ok=1") == {"ok": "1"}


@pytest.mark.parametrize("blank", ["\xa0", "\x85", "\x1c", "\x0b"])
def test_only_spaces_and_tabs_are_blanks(blank: str) -> None:
    """What only Python takes for a blank is part of a name: `__Host-a` with it around is another cookie."""
    assert parse_cookies(f"{blank}__Host-a=1; __Host-a{blank}=2;\t__Host-a = 3 ") == {
        f"{blank}__Host-a": "1",
        f"__Host-a{blank}": "2",
        "__Host-a": "3",
    }
    assert parse_cookies(f"a={blank}1") == {"a": f"{blank}1"}


def test_first_of_the_same_name_wins() -> None:
    """Of cookies with the same name the first counts, whose path is the closest."""
    assert parse_cookies('a=1; a=2; a="3"') == {"a": "1"}


@pytest.mark.parametrize(
    ("quoted", "value"),
    [
        ('""', ""),
        ('"a b"', "a b"),
        (r'"a\"b"', 'a"b'),
        (r'"a\\b"', r"a\b"),
        (r'"a\054b\073"', "a,b;"),
        (r'"\303\251"', "é"),
        (r'"\351"', "é"),
        (r'"\400\8"', "4008"),
        (r'"a\"', "a\\"),
    ],
)
def test_quotes_are_taken_off(quoted: str, value: str) -> None:
    """Quotes around a value are taken off, and escapes inside are undone."""
    assert parse_cookies(f"x=1; a={quoted} ;y=2") == {"x": "1", "a": value, "y": "2"}


@pytest.mark.parametrize("value", ['"', '"a', 'a"', 'a"b"', r"a\054"])
def test_half_quoted_value_stays_as_it_is(value: str) -> None:
    """A value that is not wholly in quotes stays as it is."""
    assert parse_cookies(f"a={value}") == {"a": value}


@pytest.mark.parametrize("value", ["é", "à", "€", "日本"])
def test_utf8_is_decoded(value: str) -> None:
    """A value that a script set arrives as UTF-8 and is decoded."""
    header = f"a={value}; b=1".encode().decode("latin-1")
    assert parse_cookies(header) == {"a": value, "b": "1"}


def test_what_is_not_utf8_stays_latin_1() -> None:
    """A value that is not UTF-8 is taken for ISO 8859-1; the others are decoded."""
    assert parse_cookies("a=\xe9; b=\xc3\xa9") == {"a": "\xe9", "b": "é"}


def test_text_that_was_never_bytes_stays() -> None:
    """Characters that no header can hold do no harm."""
    assert parse_cookies("a=€\ud800") == {"a": "€\ud800"}


@PROPERTY
@given(st.text() | st.text(st.sampled_from(' ;="\\0123\xc3\xa9a')))
def test_no_header_makes_reading_fail(header: str) -> None:
    """No header makes reading fail, and no cookie is without a name."""
    assert "" not in parse_cookies(header)


@PROPERTY
@given(st.dictionaries(st.text("abc", min_size=1), st.text("abc=/%")))
def test_plain_cookies_are_read_in_order(cookies: dict[str, str]) -> None:
    """What a client joins is read as it was, in the same order."""
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    assert list(parse_cookies(header).items()) == list(cookies.items())


def test_ten_thousand_cookies_are_read() -> None:
    """There is no limit to the number of cookies; the server limits the header."""
    assert len(parse_cookies("; ".join(f"a{i}={i}" for i in range(10_000)))) == 10_000


def test_many_cookies_take_linear_time() -> None:
    """Four times the cookies take about four times the time."""
    assert is_linear(lambda count: "; ".join(f"a{i}={i}" for i in range(count)), parse_cookies, count=2_000)


@pytest.mark.parametrize("unit", ["\\", '\\"', "\\054", "\\1", '"'])
def test_many_escapes_take_linear_time(unit: str) -> None:
    """Four times the escapes take about four times the time."""
    assert is_linear(lambda count: f'a="{unit * count}"', parse_cookies)


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({}, "; Path=/; SameSite=Lax"),
        ({"samesite": None, "path": None}, ""),
        ({"samesite": "Strict"}, "; Path=/; SameSite=Strict"),
        ({"path": "/a%20b"}, "; Path=/a%20b; SameSite=Lax"),
        ({"domain": "example.com"}, "; Domain=example.com; Path=/; SameSite=Lax"),
        ({"domain": ".example.com"}, "; Domain=.example.com; Path=/; SameSite=Lax"),
        ({"secure": True, "httponly": True}, "; Path=/; Secure; HttpOnly; SameSite=Lax"),
        ({"secure": True, "samesite": "none"}, "; Path=/; Secure; SameSite=None"),
        (
            {"secure": True, "partitioned": True},
            "; Path=/; Secure; SameSite=Lax; Partitioned",
        ),
        ({"max_age": 60}, "; Max-Age=60; Path=/; SameSite=Lax"),
        ({"max_age": 0}, "; Max-Age=0; Path=/; SameSite=Lax"),
        ({"max_age": -1}, "; Max-Age=-1; Path=/; SameSite=Lax"),
        ({"max_age": timedelta(days=1)}, "; Max-Age=86400; Path=/; SameSite=Lax"),
        ({"max_age": timedelta(microseconds=1)}, "; Max-Age=1; Path=/; SameSite=Lax"),
    ],
)
def test_attributes_are_written(attributes: dict[str, Any], text: str) -> None:
    """Each attribute is written in its place; Path=/ and SameSite=Lax unless told otherwise."""
    assert format_set_cookie("a", "1", **attributes) == f"a=1{text}"


@pytest.mark.parametrize("expires", [DATE, "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"], ids=repr)
def test_expires_takes_a_moment(expires: datetime | str) -> None:
    """``expires`` takes a datetime or an HTTP date and is written as IMF-fixdate."""
    text = format_set_cookie("a", expires=expires)
    assert text == "a=; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Path=/; SameSite=Lax"


def test_expires_takes_seconds_from_now() -> None:
    """``expires`` takes seconds from now."""
    before = datetime.now(UTC).replace(microsecond=0)
    text = format_set_cookie("a", expires=60, path=None, samesite=None)
    date = parse_http_date(text.removeprefix("a=; Expires="))
    assert date is not None
    assert before <= date - timedelta(seconds=60) <= datetime.now(UTC)


@pytest.mark.parametrize("expires", [0, -1])
def test_expires_in_the_past_is_long_ago(expires: int) -> None:
    """0 or less means 1970, so that the cookie goes by any clock."""
    text = format_set_cookie("a", expires=expires)
    assert "; Expires=Thu, 01 Jan 1970 00:00:00 GMT;" in text


def test_expires_in_a_second_is_not_long_ago() -> None:
    """The smallest number of seconds from now is a moment of its own."""
    assert "1970" not in format_set_cookie("a", expires=1)


def test_expires_in_the_far_future_is_a_century() -> None:
    """Any number of seconds can be named; browsers cut it to 400 days anyway."""
    assert "; Expires=" in format_set_cookie("a", expires=10**400)


@pytest.mark.parametrize("value", ["", "abc", "!#$%&'()*+-./:<=>?@[]^_`{|}~"])
def test_plain_value_is_written_as_it_is(value: str) -> None:
    """A value of allowed characters is written as it is."""
    assert format_set_cookie("a", value).startswith(f"a={value}; ")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a b", r'"a\040b"'),
        ("a;b,c", r'"a\073b\054c"'),
        ('"bar:baz"', r'"\"bar:baz\""'),
        ("\\", r'"\\"'),
        ("é", r'"\303\251"'),
        ("\r\n\x00", r'"\015\012\000"'),
    ],
)
def test_other_value_is_quoted(value: str, written: str) -> None:
    """Any other value is written in quotes, escaped as the standard library does, which is what clients know."""
    assert format_set_cookie("a", value).startswith(f"a={written}; ")


@PROPERTY
@given(st.text())
def test_any_value_comes_back(value: str) -> None:
    """Reading gives back any value that was written, and any text can be written, or is refused."""
    try:
        pair = format_set_cookie("a", value).partition("; Path")[0]
    except InvalidCookie:
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return
    assert pair.isascii()
    assert pair.isprintable()
    assert parse_cookies(f"x=1; {pair}; y=2") == {"x": "1", "a": value, "y": "2"}


@PROPERTY
@given(st.text(st.characters(max_codepoint=127)))
def test_the_standard_library_reads_it_too(value: str) -> None:
    """``http.cookies`` reads an ASCII value as it was written."""
    pair = format_set_cookie("a", value).partition("; Path")[0]
    try:
        read = SimpleCookie(pair)
    except CookieError:  # Newer versions refuse control characters, in quotes or not.
        assert not value.isprintable()
        return
    assert read["a"].value == value


@PROPERTY
@given(
    st.text(),
    st.fixed_dictionaries({}, optional={"path": st.text(), "domain": st.text(), "expires": st.text()}),
)
def test_no_part_can_add_another(name: str, attributes: dict[str, Any]) -> None:
    """Whatever the parts hold, no attribute and no header is smuggled in."""
    try:
        text = format_set_cookie(name, **attributes, samesite=None)
    except InvalidCookie:
        return
    assert text.isascii()
    assert text.isprintable()
    assert text.count(";") == len({"path": "/", **attributes})


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a;b", "a\n", "é", '"a"', "\ud800"])
def test_name_that_is_no_token_is_refused(name: str) -> None:
    """A name that is no token is refused; the message says what to use."""
    with pytest.raises(InvalidCookie, match="is not a token; use letters, digits"):
        format_set_cookie(name, "1")


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"value": "\ud800"}, "half a character"),
        ({"samesite": "lacks"}, "samesite='lacks': use 'lax', 'strict', 'none' or None"),
        ({"samesite": ""}, "samesite=''"),
        ({"samesite": "none"}, "samesite='none': it demands secure=True"),
        ({"partitioned": True}, "partitioned=True: it demands secure=True"),
        ({"max_age": True}, "max_age=True: use whole seconds"),
        ({"path": ""}, "path='': begin it with '/'"),
        ({"path": "a"}, "path='a': begin it with '/'"),
        ({"path": "/a;b"}, "percent-encode the rest"),
        ({"path": "/\r\nX: y"}, "percent-encode the rest"),
        ({"path": "/\x00"}, "percent-encode the rest"),
        ({"path": "/\x7f"}, "percent-encode the rest"),
        ({"path": "/é"}, "percent-encode the rest"),
        ({"domain": ""}, "use a host name in ASCII"),
        ({"domain": "a;b"}, "use a host name in ASCII"),
        ({"domain": "a\n"}, "use a host name in ASCII"),
        ({"domain": "é.com"}, "use a host name in ASCII"),
        ({"max_age": 1.5}, "max_age=1.5: use whole seconds or a timedelta"),
        ({"max_age": "1; Secure"}, "use whole seconds or a timedelta"),
        ({"expires": "soon"}, "expires='soon': use a datetime"),
        ({"expires": "Sun, 06 Nov 1994 08:49:37 GMT\n"}, "use a datetime"),
        ({"expires": 1.5}, "expires=1.5: use a datetime"),
        ({"expires": datetime(1994, 11, 6)}, r"use datetime.now(UTC)"),
    ],
    ids=repr,
)
def test_part_that_cannot_be_is_refused(attributes: dict[str, Any], message: str) -> None:
    """A part that cannot stand in the header is refused; the message names part and cure."""
    with pytest.raises(InvalidCookie) as caught:
        format_set_cookie("a", **attributes)
    assert "'a' cannot be set because of" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"value": "b" * 100 + "c\ud800"}, f"the value {'b' * 100!r}: it holds half a character"),
        ({"domain": "é"}, "domain='é': use a host name in ASCII, as 'example.com'"),
        (
            {"expires": "soon"},
            "expires='soon': use a datetime, whole seconds or a date as 'Sun, 06 Nov 1994 08:49:37 GMT'",
        ),
        ({"path": "p" * 200}, f"path='{'p' * 144}: begin it with '/' and percent-encode the rest"),
    ],
    ids=["value", "domain", "expires", "path"],
)
def test_message_names_the_cookie_the_part_and_the_cure(attributes: dict[str, Any], reason: str) -> None:
    """The message shows the beginning of what is long."""
    with pytest.raises(InvalidCookie) as caught:
        format_set_cookie("n" * 101, **attributes)
    assert str(caught.value) == f"The cookie {'n' * 100!r} cannot be set because of {reason}."


def test_message_about_a_name_shows_its_beginning() -> None:
    """The message says what names are made of."""
    with pytest.raises(InvalidCookie) as caught:
        format_set_cookie("é" * 101)
    assert str(caught.value) == (
        f"The cookie name {'é' * 100!r} is not a token; "
        "use letters, digits and any of !#$%&'*+-.^_`|~ (RFC 9110 §5.6.2)."
    )


@pytest.mark.parametrize("character", ["x", "-"])
def test_longest_cookie_can_be_written(character: str) -> None:
    """Name and value may be as long as browsers keep them."""
    value = character * (MAX_COOKIE_BYTES - 1)
    assert format_set_cookie("a", value).startswith(f"a={value}; ")


@pytest.mark.parametrize("value", ["x" * MAX_COOKIE_BYTES, " " * (MAX_COOKIE_BYTES // 4)])
def test_cookie_that_browsers_drop_is_refused(value: str) -> None:
    """A longer one is refused, counted as it is sent, because browsers would silently drop it."""
    with pytest.raises(InvalidCookie, match="browsers drop cookies over 4096 bytes"):
        format_set_cookie("a", value)


@pytest.mark.parametrize("prefix", ["__Secure-", "__Host-", "__host-", "__SECURE-"])
def test_prefix_demands_secure(prefix: str) -> None:
    """A cookie with a security prefix in any case must be secure."""
    with pytest.raises(InvalidCookie, match="its prefix: it demands secure=True"):
        format_set_cookie(f"{prefix}a")


@pytest.mark.parametrize("attributes", [{"path": "/a"}, {"path": None}, {"domain": "a.com"}])
def test_host_prefix_demands_the_whole_host(attributes: dict[str, Any]) -> None:
    """A cookie with the prefix ``__Host-`` is for the whole host and no other."""
    with pytest.raises(InvalidCookie, match="its prefix: it demands path='/' and no domain"):
        format_set_cookie("__Host-a", secure=True, **attributes)


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("__Host-a", {}), ("__Secure-a", {"path": "/a", "domain": "a.com"}), ("__a", {})],
    ids=repr,
)
def test_prefix_that_keeps_its_promise_is_written(name: str, attributes: dict[str, Any]) -> None:
    """A cookie that keeps the promise of its prefix is written."""
    assert format_set_cookie(name, secure=True, **attributes).startswith(f"{name}=; ")
