"""Entity tags: written, read, and compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.etag import ETag, InvalidETag, find_etags, make_etag, parse_etag

PROPERTY = settings(deadline=None)
VALUES = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"', exclude_categories=["Cc"])
)
ETAGS = st.builds(ETag, VALUES, st.booleans())


@pytest.mark.parametrize(
    ("etag", "text"),
    [(ETag("v1"), '"v1"'), (ETag("v1", is_weak=True), 'W/"v1"'), (ETag(""), '""'), (ETag("ä,b"), '"ä,b"')],
)
def test_etag_is_written_with_quotes(etag: ETag, text: str) -> None:
    """An ETag stands in quotes, a weak one after W/, whatever else it holds."""
    assert str(etag) == text
    assert parse_etag(text) == etag


@pytest.mark.parametrize("value", ['v"1', "version 1", "v\t1", "v\r\nset-cookie: a=b", "v\x7f", "€", '"v1"'])
def test_value_that_cannot_stand_in_the_header_is_refused(value: str) -> None:
    """A value with quotes, blanks, control characters or beyond ISO 8859-1 is refused when it is made."""
    with pytest.raises(InvalidETag, match="neither quotes, blanks nor control characters"):
        ETag(value)


@pytest.mark.parametrize(
    "text", ["", "v1", '"v1', 'v1"', 'w/"v1"', "W/v1", 'W/ "v1"', ' "v1"', '"v1"\n', '"a" "b"', "*"]
)
def test_text_without_quotes_is_no_etag(text: str) -> None:
    """What is not in quotes, or has something around them, is no ETag."""
    with pytest.raises(InvalidETag, match="in double quotes"):
        parse_etag(text)


def test_content_makes_a_strong_etag() -> None:
    """The same content always makes the same strong ETag, other content another one."""
    assert make_etag(b"a") == make_etag(b"a") != make_etag(b"b")
    assert not make_etag(b"").is_weak


@pytest.mark.parametrize(
    ("text", "etags"),
    [
        ('"a"', ['"a"']),
        ('"a", W/"b" ,\t"c"', ['"a"', 'W/"b"', '"c"']),
        ('"a,b","c"', ['"a,b"', '"c"']),
        (', "a",, "b",', ['"a"', '"b"']),
        ('a, "b", "c', ['"b"']),
        ('w/"a", "b"', ['"b"']),
        ('"a" "b", "c"', ['"c"']),
        ("", []),
        ("*", []),
        ('*, "a"', ['"a"']),
    ],
)
def test_list_is_read(text: str, etags: list[str]) -> None:
    """The members of a list are found; those that are malformed are left out."""
    assert [str(etag) for etag in find_etags(text)] == etags


@PROPERTY
@given(st.lists(ETAGS, min_size=1), st.sampled_from([",", ", ", " ,", "\t,,  "]))
def test_list_is_read_as_it_was_written(etags: list[ETag], separator: str) -> None:
    """Reading a list gives the ETags it was written with."""
    assert list(find_etags(separator.join(map(str, etags)))) == etags


@PROPERTY
@given(st.text('"W/*, \ta€\x00') | st.text())
def test_no_list_makes_reading_fail(text: str) -> None:
    """No text makes reading a list fail, and none gives an ETag that is not in it."""
    assert all(str(etag) in text for etag in find_etags(text))


@pytest.mark.parametrize(
    ("one", "other", "strongly", "weakly"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', '"1"', True, True),
    ],
)
def test_weak_etags_match_weakly_alone(one: str, other: str, strongly: bool, weakly: bool) -> None:
    """Two ETags match weakly when their values are equal, and strongly when neither is weak either."""
    first, second = parse_etag(one), parse_etag(other)
    assert (first.matches_strongly(second), second.matches_strongly(first)) == (strongly, strongly)
    assert (first.matches_weakly(second), second.matches_weakly(first)) == (weakly, weakly)
