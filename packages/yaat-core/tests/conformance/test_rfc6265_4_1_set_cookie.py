"""RFC 6265 §4.1 and RFC 6265bis §4.1.3: what a server writes into Set-Cookie."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.cookies import InvalidCookie, format_set_cookie, parse_cookies

#: The grammar of §4.1.1, with the dates that "Expires" takes and the attributes of RFC 6265bis.
GRAMMAR = re.compile(
    r"""
    [!#$%&'*+\-.^_`|~0-9A-Za-z]+ =
    (?: [!#-+\--:<-\[\]-~]* | "[!#-+\--:<-\[\]-~]*" )
    (?: ;\ Expires=(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\ [0-9]{2}\ [A-Z][a-z]{2}\ [0-9]{4}
              \ [0-9]{2}:[0-9]{2}:[0-9]{2}\ GMT
      | ;\ Max-Age=-?[0-9]+
      | ;\ Domain=[A-Za-z0-9.\-]+
      | ;\ Path=[\ -:<-~]+
      | ;\ (?:Secure|HttpOnly|Partitioned)
      | ;\ SameSite=(?:Lax|Strict|None)
    )*
    """,
    re.VERBOSE,
)


def store_as_a_browser(header: str) -> str:
    """Return what a browser sends back: name and value as §5.2 takes them from the header."""
    name, _, value = header.partition(";")[0].partition("=")
    return f"{name.strip()}={value.strip()}"


@pytest.mark.parametrize("samesite", ["lax", "strict", "none", None])
def test_4_1_1_output_follows_the_grammar(samesite: str | None) -> None:
    """§4.1.1: with all its attributes the header follows the grammar."""
    header = format_set_cookie(
        "id",
        "a1/b+c==",
        max_age=60,
        expires=datetime(2030, 1, 2, tzinfo=UTC),
        path="/a",
        domain="example.com",
        secure=True,
        httponly=True,
        samesite=samesite,  # type: ignore[arg-type]  # one of the literals
        partitioned=True,
    )
    assert GRAMMAR.fullmatch(header)


def test_4_1_1_no_attribute_comes_twice() -> None:
    """§4.1.1: no attribute is written twice."""
    header = format_set_cookie("a", max_age=1, expires=1, domain="a.com", secure=True)
    names = [part.partition("=")[0].lower() for part in header.split("; ")[1:]]
    assert len(names) == len(set(names))


def test_4_1_1_cookie_octets_are_written_as_they_are() -> None:
    """§4.1.1: a value holds no control character, blank, quote, comma, semicolon or backslash."""
    as_they_are = {
        character
        for character in map(chr, range(0x100))
        if format_set_cookie("a", character).startswith(f"a={character}; ")
    }
    assert as_they_are == {*map(chr, range(0x21, 0x7F))} - {*'",;\\'}


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_5_2_browser_gives_back_what_was_set(value: str) -> None:
    """§5.2, §5.4: what a browser stores and sends back reads as the value that was set."""
    assert parse_cookies(store_as_a_browser(format_set_cookie("a", value))) == {"a": value}


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("__Secure-SID", {"domain": "site.example"}),
        ("__Host-SID", {}),
        ("__Host-SID", {"secure": True, "domain": "site.example"}),
        ("__Host-SID", {"secure": True, "path": None}),
    ],
    ids=repr,
)
def test_4_1_3_prefix_that_browsers_would_reject(name: str, attributes: dict[str, str]) -> None:
    """RFC 6265bis §4.1.3: the examples that user agents reject are refused."""
    with pytest.raises(InvalidCookie):
        format_set_cookie(name, "12345", **attributes)  # type: ignore[arg-type]  # various


def test_4_1_3_prefix_that_browsers_would_accept() -> None:
    """RFC 6265bis §4.1.3.2: the example that user agents accept is written."""
    header = format_set_cookie("__Host-SID", "12345", secure=True, samesite=None)
    assert header == "__Host-SID=12345; Path=/; Secure"


def test_5_7_samesite_none_needs_secure() -> None:
    """RFC 6265bis §5.7: a cookie with SameSite=None that is not secure is rejected."""
    with pytest.raises(InvalidCookie):
        format_set_cookie("a", samesite="none")
