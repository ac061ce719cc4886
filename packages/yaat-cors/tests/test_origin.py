"""Texts that name an origin, and texts that do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.exceptions import ConfigurationError
from yaat_cors.origin import MAX_ORIGIN_BYTES, check_origin, is_origin, mend_origin

#: The time of one example says more about the machine than about the code.
PROPERTY = settings(deadline=None)
ORIGINS = [
    "https://example.com",
    "http://localhost:8080",
    "http://127.0.0.1:5173",
    "http://[::1]:3000",
    "https://xn--mnchen-3ya.example",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "capacitor://localhost",
    "myapp://Some.Host",
]


@pytest.mark.parametrize("origin", [*ORIGINS, "*", "null"])
def test_what_browsers_send_may_be_listed(origin: str) -> None:
    """Origins of pages, extensions and apps are taken as they are; so are any origin, and none."""
    assert check_origin(origin) == origin


@pytest.mark.parametrize("origin", ORIGINS)
def test_what_browsers_send_is_an_origin(origin: str) -> None:
    """Nothing that a browser sends is refused for its form."""
    assert is_origin(origin.encode())


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"null",
        b"*",
        b"example.com",
        b"https://",
        b"https://example.com/",
        b"https://example.com\n",
        b"https://example.com\x00",
        b"https://a.example https://b.example",
        b"https://a.example, https://b.example",
        b"https://user@example.com",
        b"https://example.com:",
        b"https://example.com:123456",
        b"HTTPS://example.com",
        "https://münchen.example".encode("latin-1"),
        b"https://" + b"a" * MAX_ORIGIN_BYTES,
    ],
)
def test_anything_else_is_no_origin(value: bytes) -> None:
    """Paths, lists, users, blanks and control characters never get as far as a regular expression."""
    assert not is_origin(value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://example.com/", "https://example.com"),
        ("https://example.com/path?query#fragment", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:80/", "http://example.com"),
        ("HTTPS://Example.COM", "https://example.com"),
        ("example.com", "https://example.com"),
        ("localhost:3000", "https://localhost:3000"),
        (" https://example.com ", "https://example.com"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_what_no_browser_sends_is_mended_in_the_message(text: str, meant: str) -> None:
    """An origin that could never match is an error at once, and the error says what to write."""
    with pytest.raises(ConfigurationError) as caught:
        check_origin(text)
    assert f"Write {meant!r}." in str(caught.value)
    assert repr(text) in str(caught.value)
    assert check_origin(meant) == meant


def test_pattern_leads_to_the_option_for_patterns() -> None:
    """A `*` inside of an origin is not a pattern; the message shows the regular expression that is."""
    with pytest.raises(ConfigurationError, match="allow_origin_regex=r'https://"):
        check_origin("https://*.example.com")


@pytest.mark.parametrize("text", ["", "https://", "a b", "https://user@example.com", "https://ü" + "ä" * 100])
def test_what_cannot_be_mended_is_explained(text: str) -> None:
    """Where nothing can be guessed, the message shows the form."""
    with pytest.raises(ConfigurationError, match="Write scheme, host and port, such as"):
        check_origin(text)


@PROPERTY
@given(st.text())
def test_nothing_but_origins_and_errors(text: str) -> None:
    """Whatever is written, it is an origin or a `ConfigurationError`."""
    try:
        assert text in ("*", "null") or is_origin(check_origin(text).encode())
    except ConfigurationError:
        assert not is_origin(text.encode("utf-8", "replace")) or mend_origin(text) != text
