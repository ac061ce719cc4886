"""Media types: read strictly; preferences: read leniently, the best offer chosen."""

import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.media_type import (
    MAX_MEMBERS,
    InvalidMediaType,
    MediaType,
    choose_encoding,
    choose_language,
    choose_media_type,
    is_json,
    parse_accept,
    parse_media_range,
    parse_media_type,
    parse_weighted,
)

from .linearity import is_linear

PROPERTY = settings(deadline=None)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
TOKENS = st.text("abcXYZ019!#$%&'+-.^_`|~", min_size=1)
NAMES = st.text("abc019!#$%&'+-.^_`|~", min_size=1)
WEIRD = st.text(st.sampled_from('ab*/;,="\\ \tq01.-'), max_size=60)


def test_parts_of_a_media_type_are_read() -> None:
    """Type, subtype and parameters are read, their names in lower case."""
    media_type = parse_media_type("Text/HTML; Charset=UTF-8; a=B")
    assert (media_type.type, media_type.subtype) == ("text", "html")
    assert media_type.parameters == {"charset": "UTF-8", "a": "B"}


def test_essence_is_without_parameters() -> None:
    """The essence leaves the parameters out."""
    assert parse_media_type("text/html; charset=utf-8").essence == "text/html"


def test_charset_is_in_lower_case() -> None:
    """The charset is given in lower case, ``None`` if there is none."""
    assert parse_media_type('text/html; charset="UTF-8"').charset == "utf-8"
    assert parse_media_type("text/html").charset is None


def test_media_type_cannot_be_changed() -> None:
    """A media type is a value: it does not change and can be a key."""
    media_type = MediaType("text", "html")
    assert {media_type: 1}[parse_media_type("text/html")] == 1
    with pytest.raises(AttributeError):
        media_type.type = "image"  # type: ignore[misc]  # this is the mistake in question
    with pytest.raises(TypeError):
        media_type.parameters["a"] = "b"  # type: ignore[index]  # and this


def test_parameters_count_in_equality() -> None:
    """Two with other parameters are different."""
    assert parse_media_type("a/b;c=d") != parse_media_type("a/b")
    assert parse_media_type("a/b;c=d") == parse_media_type('A/B ; C="d"')


def test_text_of_a_media_type_quotes_what_needs_it() -> None:
    """As text, parameters are in quotes where they need it."""
    media_type = MediaType("a", "b", {"c": "d", "e": 'x "y\\', "f": ""})
    assert str(media_type) == r'a/b; c=d; e="x \"y\\"; f=""'


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("a/b", {}),
        (" a/b\t", {}),
        ("a/b;", {}),
        ("a/b ; ; c=d ;", {"c": "d"}),
        ("a/b;c=d;C=e", {"c": "d"}),
        ('a/b;c=""', {"c": ""}),
        (r'a/b;c="x;y=\"z\\"', {"c": r'x;y="z' + "\\"}),
        ("a/b;c='d'", {"c": "'d'"}),
        ('a/b;c="\xe9\t"', {"c": "\xe9\t"}),
    ],
)
def test_parameters_are_read(text: str, parameters: dict[str, str]) -> None:
    """Parameters are tokens or in quotes; of a repeated one the first counts."""
    assert parse_media_type(text).parameters == parameters


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a/",
        "/b",
        "a b/c",
        "a/b/c",
        "a/b c",
        "a/b;c",
        "a/b;c=",
        "a/b;c =d",
        "a/b;c= d",
        'a/b;c="d',
        'a/b;c="d\\"',
        'a/b;c="d"e',
        "a/b;c=d,e/f",
        "a/b\n",
        "a/b;c=d\n",
        'a/b;c="\x00"',
        'a/b;c="€"',
        "é/b",
        "text/*",
        "*/*",
    ],
)
def test_what_is_no_media_type_is_refused(text: str) -> None:
    """What is no media type is refused."""
    with pytest.raises(InvalidMediaType):
        parse_media_type(text)


def test_error_tells_what_does_not_fit() -> None:
    """The error shows what does not fit, where, and how to write it."""
    with pytest.raises(InvalidMediaType) as caught:
        parse_media_type("text/html; charset")
    assert "at position 11, 'charset' does not fit. Write it as 'text/html'" in str(caught.value)


def test_error_about_a_range_says_so() -> None:
    """The error about a range says that it is one."""
    with pytest.raises(InvalidMediaType, match=r"'text/\*' is a range"):
        parse_media_type("text/*")


def test_wildcard_type_with_a_subtype_is_refused() -> None:
    """A range of all types is one of all subtypes."""
    with pytest.raises(InvalidMediaType):
        parse_media_range("*/html")


@PROPERTY
@given(
    NAMES,
    NAMES,
    st.dictionaries(NAMES, st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]))),
)
def test_text_of_a_media_type_is_read_back(main: str, sub: str, parameters: dict[str, str]) -> None:
    """Reading the text of a media type gives the same media type."""
    media_type = MediaType(main, sub, parameters)
    assert parse_media_type(str(media_type)) == media_type


@PROPERTY
@given(st.text() | WEIRD)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text does anything but give a media range or InvalidMediaType."""
    try:
        media_range = parse_media_range(text)
    except InvalidMediaType:
        return
    assert parse_media_range(str(media_range)) == media_range


@pytest.mark.parametrize(
    ("media_type", "media_range"),
    [
        ("text/html", "*/*"),
        ("text/html", "text/*"),
        ("text/html", "text/html"),
        ("text/html;level=1", "text/html"),
        ("text/html;level=1;a=b", "text/html;a=B"),
        ("application/json", "application/json;charset=utf-8"),
    ],
)
def test_media_type_lies_within_a_range(media_type: str, media_range: str) -> None:
    """A media type lies within a range that is as wide or wider; charset may be missing."""
    assert parse_media_type(media_type).matches(parse_media_range(media_range))


@pytest.mark.parametrize(
    ("media_type", "media_range"),
    [
        ("text/html", "image/*"),
        ("text/html", "text/plain"),
        ("text/html", "text/html;level=1"),
        ("text/html;level=2", "text/html;level=1"),
        ("text/html;charset=utf-16", "text/html;charset=utf-8"),
    ],
)
def test_media_type_lies_outside_a_range(media_type: str, media_range: str) -> None:
    """A media type lies outside a range of other types or with other parameters."""
    assert not parse_media_type(media_type).matches(parse_media_range(media_range))


@pytest.mark.parametrize("essence", ["application/json", "application/problem+json", "a/b+json"])
def test_json_is_recognised(essence: str) -> None:
    """JSON is application/json and all that ends in +json."""
    assert is_json(essence)


@pytest.mark.parametrize("essence", ["text/json", "application/jsonx", "application/xml", "json"])
def test_anything_else_is_not_json(essence: str) -> None:
    """Nothing else is JSON."""
    assert not is_json(essence)


def test_ranges_have_weights() -> None:
    """Each range comes with its weight, 1 if it has none, in the order of the header."""
    assert parse_accept("text/html;level=1;q=0.5, */*;Q=0, a/b") == [
        (MediaType("text", "html", {"level": "1"}), 0.5),
        (MediaType("*", "*"), 0.0),
        (MediaType("a", "b"), 1.0),
    ]


@pytest.mark.parametrize(
    "member",
    [
        "",
        "text",
        "text/",
        "*/html",
        "a/b;q=2",
        "a/b;q=x",
        "a/b;q=0.1234",
        "a/b;q=-1",
        "a/b;q=1e1",
        "a/b;q=",
        '"a/b',
        "a/b;q=nan",
    ],
)
def test_malformed_member_is_left_out(member: str) -> None:
    """A member that makes no sense is left out, the others count."""
    assert parse_accept(f"c/d, {member}") == [(MediaType("c", "d"), 1.0)]
    assert choose_media_type(f"c/d, {member}", ["a/b", "c/d"]) == "c/d"


def test_comma_in_quotes_does_not_separate() -> None:
    """A comma inside quotes belongs to the value."""
    assert parse_accept(r'a/b;c="d,\",e";q=0.5,f/g') == [
        (MediaType("a", "b", {"c": 'd,",e'}), 0.5),
        (MediaType("f", "g"), 1.0),
    ]


def test_lone_star_means_everything() -> None:
    """What Java's client sends is understood: a lone star and a weight without its zero."""
    assert parse_accept("text/html, *; q=.2, */*; q=.2") == [
        (MediaType("text", "html"), 1.0),
        (MediaType("*", "*"), 0.2),
        (MediaType("*", "*"), 0.2),
    ]


def test_only_so_many_members_are_read() -> None:
    """What comes after the first hundred members is not looked at."""
    assert len(parse_accept("a/b," * (MAX_MEMBERS + 5))) == MAX_MEMBERS
    assert parse_accept("," * MAX_MEMBERS + "a/b") == []


@PROPERTY
@given(st.text() | WEIRD)
def test_no_header_makes_reading_preferences_fail(text: str) -> None:
    """No text makes reading preferences fail, and weights are always within 0 and 1."""
    weights = [weight for _, weight in [*parse_accept(text), *parse_weighted(text)]]
    assert all(0 <= weight <= 1 for weight in weights)


@pytest.mark.parametrize("unit", ['"', "\\", '"\\', ",", ";", " ", " ;", "a/b;", '"a', ";a=b", "a"])
def test_preferences_take_linear_time(unit: str) -> None:
    """Four times the text takes about four times the time, whatever it repeats."""

    def read(text: str) -> None:
        parse_accept(f'a/b;c="{text}')
        parse_accept(text)
        parse_weighted(text)

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("accept", [None, "", "  ", "nonsense", "*/*", "*/*;q=0.1"])
def test_without_a_preference_the_first_offer_is_chosen(accept: str | None) -> None:
    """Without a preference, or a sensible one, the first offer is chosen."""
    assert choose_media_type(accept, ["application/json", "text/html"]) == "application/json"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (BROWSER, "text/html"),
        ("application/json", "application/json"),
        ("text/*", "text/html"),
        ("text/html;q=0.5, application/json;q=0.6", "application/json"),
        ("text/html;q=0.5, */*;q=0.1", "text/html"),
        ("application/json;q=0, */*", "text/html"),
        ("text/html, application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
    ],
)
def test_client_likes_best_what_is_chosen(accept: str, chosen: str) -> None:
    """The offer with the highest weight is chosen, the first of equal ones."""
    assert choose_media_type(accept, ["application/json", "text/html"]) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/html;q=0, text/*;q=1, a/b"])
def test_nothing_acceptable_gives_none(accept: str) -> None:
    """If no offer is acceptable the answer is ``None``."""
    assert choose_media_type(accept, ["text/html"]) is None


def test_offer_is_given_as_it_was_written() -> None:
    """The chosen offer comes back as it was written."""
    assert choose_media_type("text/html", ["Text/HTML; charset=utf-8"]) == "Text/HTML; charset=utf-8"


def test_without_offers_there_is_nothing_to_choose() -> None:
    """Without offers the answer is ``None``."""
    assert choose_media_type("*/*", []) is None


def test_malformed_offer_is_a_mistake() -> None:
    """A malformed offer is a mistake of the caller and raises."""
    with pytest.raises(InvalidMediaType):
        choose_media_type("*/*", ["html"])


@PROPERTY
@given(st.text() | WEIRD, st.lists(st.sampled_from(["a/b", "a/a", "b/a", "b/b;a=b"])))
def test_only_an_offer_is_chosen(accept: str, offers: list[str]) -> None:
    """Whatever the header says, an offer or nothing is chosen."""
    assert choose_media_type(accept, offers) in [*offers, None]


def test_members_have_weights() -> None:
    """Each member comes in lower case with its weight, malformed ones are left out."""
    assert parse_weighted("GZIP;q=0.5,, br ; Q=1.000 ,*;q=0, a b, c;q=2, d;x=1") == [
        ("gzip", 0.5),
        ("br", 1.0),
        ("*", 0.0),
    ]


@pytest.mark.parametrize(
    ("accept_encoding", "chosen"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("X-GZIP", "gzip"),
        ("gzip;q=0.5, gzip;q=0", "gzip"),
        ("zstd", "identity"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("gzip;q=0", "identity"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("*;q=0, identity;q=0.5", "identity"),
        ("nonsense nonsense", "identity"),
    ],
)
def test_encoding_is_chosen(accept_encoding: str | None, chosen: str | None) -> None:
    """The coding with the highest weight is chosen, ``identity`` as the last resort."""
    assert choose_encoding(accept_encoding, ["br", "gzip"]) == chosen


def test_identity_can_be_offered_in_its_place() -> None:
    """``identity`` among the offers has the rank it is given there."""
    assert choose_encoding("*", ["identity", "gzip"]) == "identity"


@pytest.mark.parametrize(
    ("accept_language", "chosen"),
    [
        (None, "en"),
        ("", "en"),
        ("(?)", "en"),
        ("*", "en"),
        ("de", "de"),
        ("PT-br", "pt-BR"),
        ("pt", "pt-BR"),
        ("de-CH", "de"),
        ("de-CH, *;q=0.5", "de"),
        ("fr, de;q=0.1", "de"),
        ("de;q=0.5, pt;q=0.6", "pt-BR"),
        ("*, en;q=0", "de"),
        ("p", None),
        ("fr", None),
        ("d-CH", None),
    ],
)
def test_language_is_chosen(accept_language: str | None, chosen: str | None) -> None:
    """A range takes in the tags that begin with it, and is cut short if there are none."""
    assert choose_language(accept_language, ["en", "de", "pt-BR"]) == chosen


@pytest.mark.parametrize("text", ["text/html", 'text/plain; charset="a b"', "*/*"])
@pytest.mark.parametrize("take", [copy, deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_media_type_can_be_copied(text: str, take: Callable[[Any], Any]) -> None:
    """A copy is equal, its parameters included."""
    media_range = parse_media_range(text)
    assert take(media_range) == media_range
