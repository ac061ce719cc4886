"""RFC 9110 §8.8: validator fields."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yaat import Request, Response
from yaat.conditional import InvalidETag, make_conditional, parse_etag
from yaat.http_date import parse_http_date

from ..asgi_driver import make_scope


def make_request() -> Request[Any]:
    """Return a GET without conditions."""
    return Request(make_scope("GET", "/"))


def test_8_8_2_1_last_modified_is_not_later_than_now() -> None:
    """§8.8.2.1: a server must not send a Last-Modified later than the time of the message."""
    future = datetime.now(UTC) + timedelta(hours=1)
    response = make_conditional(make_request(), Response(b"a"), last_modified=future)
    sent = parse_http_date(response.headers["last-modified"])
    assert sent is not None
    assert sent <= datetime.now(UTC)


@pytest.mark.parametrize("text", ['"xyzzy"', 'W/"xyzzy"', '""'])
def test_8_8_3_examples_are_read(text: str) -> None:
    """§8.8.3: the three examples are entity tags."""
    assert str(parse_etag(text)) == text


def test_8_8_3_weak_indicator_is_case_sensitive() -> None:
    """§8.8.3: the prefix of a weak entity tag is an upper-case W."""
    with pytest.raises(InvalidETag):
        parse_etag('w/"xyzzy"')


@pytest.mark.parametrize("octet", ["\x20", '"', "\x00", "\x1f", "\x7f"])
def test_8_8_3_octets_that_no_tag_may_hold(octet: str) -> None:
    """§8.8.3: etagc is %x21, %x23-7E and obs-text, so there is no blank, quote or control character in it."""
    with pytest.raises(InvalidETag):
        parse_etag(f'"a{octet}b"')


@pytest.mark.parametrize(
    ("one", "other", "strong", "weak"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', '"1"', True, True),
    ],
)
def test_8_8_3_2_comparison(one: str, other: str, strong: bool, weak: bool) -> None:
    """§8.8.3.2: the table of the strong and the weak comparison."""
    assert parse_etag(one).matches_strongly(parse_etag(other)) is strong
    assert parse_etag(one).matches_weakly(parse_etag(other)) is weak


def test_8_8_3_field_is_always_quoted() -> None:
    """§8.8.3: ETag = entity-tag, which has quotes."""
    assert make_conditional(make_request(), Response(b"a"), etag="xyzzy").headers["etag"] == '"xyzzy"'
