"""RFC 6265 §4.2 and §5.4: what a user agent sends in Cookie."""

from yaat.cookies import parse_cookies


def test_4_2_1_pairs_are_separated_by_semicolon_and_space() -> None:
    """§4.2.1: pairs are separated by "; "."""
    assert parse_cookies("SID=31d4d96e407aad42; lang=en-US") == {
        "SID": "31d4d96e407aad42",
        "lang": "en-US",
    }


def test_4_2_2_names_are_case_sensitive() -> None:
    """§4.2.2: names that differ in case are different cookies."""
    assert parse_cookies("lang=en; Lang=de") == {"lang": "en", "Lang": "de"}


def test_5_2_value_begins_after_the_first_equals_sign() -> None:
    """§5.2: the value is all after the first "="."""
    assert parse_cookies("a=b=c==") == {"a": "b=c=="}


def test_5_4_cookie_of_the_longest_path_comes_first() -> None:
    """§5.4: cookies with longer paths come first, so the first of a name is the one meant."""
    assert parse_cookies("a=of /shop/cart; a=of /") == {"a": "of /shop/cart"}


def test_5_4_octets_are_tried_as_utf8() -> None:
    """§5.4: the header is octets, not characters; UTF-8 is tried, and need not succeed."""
    assert parse_cookies("a=\xc3\xa9; b=\xff") == {"a": "\xe9", "b": "\xff"}
