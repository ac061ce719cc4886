"""RFC 9110 §12: content negotiation."""

import pytest

from yaat.headers import MutableHeaders
from yaat.media_type import (
    choose_encoding,
    choose_language,
    choose_media_type,
    parse_accept,
    parse_weighted,
)


def rank(accept: str, offers: list[str]) -> list[str]:
    """Return the offers in the order in which they are chosen."""
    ranking: list[str] = []
    while chosen := choose_media_type(accept, [o for o in offers if o not in ranking]):
        ranking.append(chosen)
    return ranking


@pytest.mark.parametrize(
    ("weight", "value"),
    [("0", 0), ("0.", 0), ("0.5", 0.5), ("0.123", 0.123), ("1", 1), ("1.", 1), ("1.000", 1)],
)
def test_12_4_2_weights_are_read(weight: str, value: float) -> None:
    """§12.4.2: a weight is a number from 0 to 1 with up to three digits after the point."""
    assert parse_weighted(f"a;q={weight}") == [("a", value)]


@pytest.mark.parametrize("weight", ["1.001", "2", "-1", "0.1234", "1.0000", "00", "a", "", "1e0"])
def test_12_4_2_anything_else_is_no_weight(weight: str) -> None:
    """§12.4.2: a member with any other weight is malformed and left out."""
    assert parse_weighted(f"a;q={weight}") == []
    assert parse_accept(f"a/b;q={weight}") == []


def test_12_4_2_weight_is_one_unless_told() -> None:
    """§12.4.2: without a weight it is 1."""
    assert parse_weighted("a") == [("a", 1)]


def test_12_4_2_weight_zero_is_not_acceptable() -> None:
    """§12.4.2: weight 0 means not acceptable."""
    assert choose_media_type("a/b;q=0, */*", ["a/b"]) is None


def test_12_4_3_wildcard_takes_in_what_is_not_named() -> None:
    """§12.4.3: "*" stands for all values that are not named."""
    assert choose_encoding("*;q=0.5, br;q=0.4", ["br", "gzip"]) == "gzip"


def test_12_5_1_audio_example() -> None:
    """§12.5.1: "I prefer audio/basic, but send me any audio type"."""
    accept = "audio/*; q=0.2, audio/basic"
    assert rank(accept, ["audio/ogg", "audio/basic", "text/html"]) == ["audio/basic", "audio/ogg"]


def test_12_5_1_elaborate_example() -> None:
    """§12.5.1: text/html and text/x-c are equally preferred, then text/x-dvi, then text/plain."""
    accept = "text/plain; q=0.5, text/html,\ttext/x-dvi; q=0.8, text/x-c"
    offers = ["text/plain", "text/x-c", "text/x-dvi", "text/html"]
    assert rank(accept, offers) == ["text/x-c", "text/html", "text/x-dvi", "text/plain"]


def test_12_5_1_the_most_specific_range_counts() -> None:
    """§12.5.1: the ranges of the example have the quality values of its table."""
    accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    offers = [
        "text/html",
        "text/html;level=3",
        "text/plain;format=fixed",
        "image/jpeg",
        "text/plain",
        "text/plain;format=flowed",
    ]
    assert rank(accept, offers) == [
        "text/plain;format=flowed",
        "text/plain",
        "image/jpeg",
        "text/plain;format=fixed",
        "text/html",
        "text/html;level=3",
    ]


def test_12_5_1_weight_counts_wherever_it_stands() -> None:
    """§12.5.1: a parameter "q" is the weight, whatever follows it."""
    [(media_range, weight)] = parse_accept("text/html;q=0.5;level=1")
    assert (media_range.parameters, weight) == ({"level": "1"}, 0.5)


def test_12_5_1_types_are_the_same_in_any_case() -> None:
    """§8.3.1: types and subtypes are case-insensitive."""
    assert choose_media_type("TEXT/HTML", ["text/html"]) == "text/html"


def test_12_5_1_without_accept_anything_is_acceptable() -> None:
    """§12.5.1: without the header any media type is acceptable."""
    assert choose_media_type(None, ["a/b"]) == "a/b"


@pytest.mark.parametrize(
    ("accept_encoding", "chosen"),
    [
        ("compress, gzip", "gzip"),
        ("", "identity"),
        ("*", "gzip"),
        ("compress;q=0.5, gzip;q=1.0", "gzip"),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip"),
    ],
)
def test_12_5_3_examples(accept_encoding: str, chosen: str) -> None:
    """§12.5.3: the examples of the section."""
    assert choose_encoding(accept_encoding, ["gzip", "compress"]) == chosen


@pytest.mark.parametrize("accept_encoding", ["gzip;q=0", "compress", "x;q=0, y"])
def test_12_5_3_identity_is_acceptable_unless_excluded(accept_encoding: str) -> None:
    """§12.5.3: no coding at all is acceptable unless it is excluded."""
    assert choose_encoding(accept_encoding, ["gzip"]) == "identity"


@pytest.mark.parametrize("accept_encoding", ["identity;q=0", "*;q=0", "identity;q=0, gzip;q=0"])
def test_12_5_3_identity_can_be_excluded(accept_encoding: str) -> None:
    """§12.5.3: "identity;q=0" excludes it, and so does "*;q=0" where it is not named."""
    assert choose_encoding(accept_encoding, ["gzip"]) is None


def test_12_5_3_x_gzip_is_gzip() -> None:
    """§8.4.1.3: "x-gzip" is equivalent to "gzip"."""
    assert choose_encoding("x-gzip", ["gzip"]) == "gzip"


@pytest.mark.parametrize(("offers", "chosen"), [(["en-GB", "en", "da"], "da"), (["en", "en-GB"], "en-GB")])
def test_12_5_4_example(offers: list[str], chosen: str) -> None:
    """§12.5.4: "I prefer Danish, but will accept British English and other types of English"."""
    assert choose_language("da, en-gb;q=0.8, en;q=0.7", offers) == chosen


def test_12_5_5_vary_names_are_the_same_in_any_case() -> None:
    """§12.5.5: Vary is a list of field names, which are case-insensitive, or "*"."""
    headers = MutableHeaders()
    headers.add_vary("Accept-Encoding", "accept-encoding")
    assert headers["vary"] == "Accept-Encoding"
    headers.add_vary("*")
    assert headers["vary"] == "*"
