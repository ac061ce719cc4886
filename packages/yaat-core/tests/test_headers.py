"""Headers: found in any case, kept when repeated, checked when set."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.headers import Headers, InvalidHeader, MutableHeaders, encode_name, encode_value

PROPERTY = settings(deadline=None)
RAW = [(b"host", b"example.com"), (b"accept", b"a"), (b"x-id", b"1"), (b"accept", b"b")]
NAMES = st.text(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~", min_size=1)
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]))


@pytest.mark.parametrize("name", ["x-id", "X-Id", "X-ID"])
def test_name_is_found_in_any_case(name: str) -> None:
    """A name is found in any case."""
    assert Headers(RAW)[name] == "1"


def test_name_gives_its_first_value() -> None:
    """A repeated name gives its first value."""
    assert Headers(RAW)["accept"] == "a"


def test_missing_name_raises_key_error() -> None:
    """A missing name raises KeyError, as in a dict."""
    with pytest.raises(KeyError, match="'X-None'"):
        Headers(RAW)["X-None"]


def test_get_of_a_missing_name_gives_the_default() -> None:
    """``get`` gives the default for a missing name, ``None`` if there is no default."""
    headers = Headers(RAW)
    assert (headers.get("x-none"), headers.get("x-none", "d"), headers.get("x-id")) == (
        None,
        "d",
        "1",
    )


def test_get_all_gives_every_value_in_order() -> None:
    """``get_all`` gives all values of a name in their order."""
    assert Headers(RAW).get_all("Accept") == ["a", "b"]


def test_get_all_of_a_missing_name_is_empty() -> None:
    """``get_all`` of a missing name is an empty list."""
    assert Headers(RAW).get_all("x-none") == []


def test_multi_items_are_all_headers_in_order() -> None:
    """``multi_items`` gives all headers in their order."""
    assert Headers(RAW).multi_items() == [
        ("host", "example.com"),
        ("accept", "a"),
        ("x-id", "1"),
        ("accept", "b"),
    ]


def test_iteration_gives_each_name_once() -> None:
    """Iterating gives each name once, in lower case."""
    assert list(Headers([(b"B", b"1"), (b"a", b"2"), (b"b", b"3")])) == ["b", "a"]


def test_length_counts_distinct_names() -> None:
    """The length is the number of distinct names."""
    assert len(Headers(RAW)) == 3


def test_contains_looks_for_names_in_any_case() -> None:
    """``in`` looks for names in any case; nothing but text is a name."""
    headers = Headers(RAW)
    assert "HOST" in headers
    assert "x-none" not in headers
    other: object = b"host"
    assert other not in headers


def test_values_are_decoded_from_latin_1() -> None:
    """Each byte of a value is one character."""
    assert Headers([(b"a", b"\xe9\xff")])["a"] == "\xe9\xff"


def test_raw_is_the_list_it_was_made_of() -> None:
    """``raw`` is the very list of the scope, not a copy."""
    raw = [(b"a", b"1")]
    assert Headers(raw).raw is raw


def test_without_a_list_it_is_empty() -> None:
    """Without a list there are no headers."""
    assert not Headers()


def test_names_a_server_left_in_upper_case_are_found() -> None:
    """ASGI wants lower-case names; others are found all the same."""
    headers = Headers([(b"X-Id", b"1"), (b"X-ID", b"2")])
    assert (headers["x-id"], headers.get_all("x-id"), "X-Id" in headers) == ("1", ["1", "2"], True)


@pytest.mark.parametrize("name", ["é", "\ud800", ""])
def test_name_that_no_header_can_have_is_missing(name: str) -> None:
    """Looking for an impossible name finds nothing, and nothing else happens."""
    assert Headers(RAW).get(name) is None


def test_order_of_different_names_does_not_matter_to_equality() -> None:
    """Two are equal when each name has the same values in the same order."""
    assert Headers(RAW) == Headers([RAW[2], RAW[1], RAW[3], (b"HOST", b"example.com")])
    assert Headers(RAW) != Headers([RAW[0], RAW[3], RAW[2], RAW[1]])


def test_a_dict_counts_as_one_value_each() -> None:
    """A plain mapping equals headers that have each name once, in any case."""
    assert Headers([(b"a", b"1")]) == {"A": "1"}
    assert Headers([(b"a", b"1"), (b"a", b"1")]) != {"a": "1"}


def test_other_types_are_never_equal() -> None:
    """Nothing but a mapping can be equal."""
    assert Headers(RAW) != RAW


def test_repr_hides_secrets() -> None:
    """The representation does not show cookies and credentials, as it ends up in logs."""
    headers = Headers([(b"Cookie", b"session=1"), (b"authorization", b"Basic x"), (b"a", b"b")])
    assert repr(headers) == ("Headers([(b'Cookie', b'...'), (b'authorization', b'...'), (b'a', b'b')])")


@pytest.mark.parametrize("name", ["X-Request-Id", b"X-Request-Id"], ids=repr)
def test_name_is_encoded_in_lower_case(name: str | bytes) -> None:
    """A name, text or bytes, is encoded in lower case."""
    assert encode_name(name) == b"x-request-id"


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a:", "a\n", "\r\nx", "é", "\ud800", b"a\x00", b"\xff", "(a)", "a/b"],
    ids=repr,
)
def test_name_that_is_no_token_is_refused(name: str | bytes) -> None:
    """A name that is no token is refused; the message shows it and says what to use."""
    with pytest.raises(InvalidHeader, match="is not a token; use letters, digits"):
        encode_name(name)


def test_message_about_a_name_shows_its_beginning() -> None:
    """The message shows a hundred characters of what is long, and says what names are made of."""
    with pytest.raises(InvalidHeader) as caught:
        encode_name("é" * 101)
    assert str(caught.value) == (
        f"The header name {'é' * 100!r} is not a token; "
        "use letters, digits and any of !#$%&'*+-.^_`|~ (RFC 9110 §5.6.2)."
    )


def test_name_that_is_no_text_is_refused() -> None:
    """A name is text or bytes; the message says how to make it text."""
    with pytest.raises(InvalidHeader, match=r"name 5 is not str or bytes; use str"):
        encode_name(5)


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("", b""),
        ("text/plain; charset=utf-8", b"text/plain; charset=utf-8"),
        (b"text/plain", b"text/plain"),
        ("a\tb", b"a\tb"),
        ("\xe9\xa0\x80", b"\xe9\xa0\x80"),
        (b"\xe9\xff", b"\xe9\xff"),
    ],
)
def test_value_is_encoded_as_latin_1(value: str | bytes, raw: bytes) -> None:
    """A value, text or bytes, is encoded byte by character."""
    assert encode_value(value) == raw


@pytest.mark.parametrize("value", [" a", "a ", "\t a \t", b" a"], ids=repr)
def test_blanks_around_a_value_are_dropped(value: str | bytes) -> None:
    """Blanks around a value are dropped, as recipients do."""
    assert encode_value(value) == b"a"


@pytest.mark.parametrize("bad", ["\r", "\n", "\x00", "\x7f", "\x1f", "\x0b"])
@pytest.mark.parametrize("value", ["{}b", "a{}b", "a{}", "\xe9{}", " {} "])
def test_control_character_in_a_value_is_refused(bad: str, value: str) -> None:
    """Control characters other than tab are refused: no header is smuggled in."""
    with pytest.raises(InvalidHeader, match=r"at position \d; remove control characters"):
        encode_value(value.format(bad))


def test_message_shows_value_and_place_of_a_control_character() -> None:
    """The message shows the value, the character and its place."""
    with pytest.raises(InvalidHeader) as caught:
        encode_value("ok\r\nSet-Cookie: a=b")
    assert r"'ok\r\nSet-Cookie: a=b' holds '\r' at position 2" in str(caught.value)


@pytest.mark.parametrize("bad", ["\n", "€"])
def test_message_about_a_value_shows_its_beginning(bad: str) -> None:
    """The message shows a hundred characters of what is long, and the place of what is wrong."""
    with pytest.raises(InvalidHeader) as caught:
        encode_value("a" * 150 + bad)
    assert str(caught.value).startswith(f"The header value {'a' * 100!r} holds {bad!r} at position 150")


@pytest.mark.parametrize(("value", "shown"), [("€", "'€'"), ("a\ud800", r"'\ud800'")])
def test_character_beyond_latin_1_is_refused(value: str, shown: str) -> None:
    """A character beyond ISO 8859-1 is refused; the message says to percent-encode it."""
    with pytest.raises(InvalidHeader) as caught:
        encode_value(value)
    assert f"holds {shown} at position {len(value) - 1}" in str(caught.value)
    assert "percent-encode it" in str(caught.value)


def test_value_that_is_no_text_is_refused() -> None:
    """A number is no value; the message says how to make it text."""
    with pytest.raises(InvalidHeader, match=r"value 5 is not str or bytes; use str"):
        encode_value(5)  # type: ignore[arg-type]  # this is the mistake in question


@PROPERTY
@given(st.text() | st.binary())
def test_encoded_value_holds_no_control_character(value: str | bytes) -> None:
    """Whatever goes in, what comes out could be sent, or it is refused."""
    try:
        raw = encode_value(value)
    except InvalidHeader:
        return
    assert raw == raw.strip(b" \t")
    assert not {*range(9), *range(10, 32), 127} & {*raw}


@PROPERTY
@given(st.text() | st.binary())
def test_encoded_name_is_a_token(name: str | bytes) -> None:
    """Whatever goes in, what comes out is a token, or it is refused."""
    try:
        raw = encode_name(name)
    except InvalidHeader:
        return
    assert {*raw} <= {*b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"}
    assert raw


def test_setting_a_new_name_appends_it() -> None:
    """A name that was not there comes last."""
    headers = MutableHeaders([(b"a", b"1")])
    headers["B"] = "2"
    assert headers.raw == [(b"a", b"1"), (b"b", b"2")]


def test_setting_replaces_every_value_in_the_first_place() -> None:
    """Setting a name leaves one header of it, where the first one stood."""
    headers = MutableHeaders([(b"a", b"1"), (b"B", b"2"), (b"c", b"3"), (b"b", b"4")])
    headers["b"] = "5"
    assert headers.raw == [(b"a", b"1"), (b"b", b"5"), (b"c", b"3")]


def test_changes_are_made_in_the_list_it_was_made_of() -> None:
    """Changes are made in the very list, so that a response can send it as it is."""
    raw = [(b"a", b"1"), (b"a", b"2")]
    headers = MutableHeaders(raw)
    headers["a"] = "3"
    headers.append("b", "4")
    del headers["a"]
    assert raw == [(b"b", b"4")]


def test_deleting_removes_every_header_of_the_name() -> None:
    """Deleting a name removes all its headers, in any case."""
    headers = MutableHeaders([(b"a", b"1"), (b"b", b"2"), (b"A", b"3")])
    del headers["A"]
    assert headers.raw == [(b"b", b"2")]


def test_deleting_a_missing_name_is_no_error() -> None:
    """Deleting a name that is not there changes nothing."""
    headers = MutableHeaders([(b"a", b"1")])
    del headers["b"]
    assert headers.raw == [(b"a", b"1")]


def test_append_keeps_what_is_there() -> None:
    """``append`` adds a header beside those of the same name."""
    headers = MutableHeaders()
    headers.append("Set-Cookie", "a=1")
    headers.append("Set-Cookie", "b=2")
    assert headers.get_all("set-cookie") == ["a=1", "b=2"]


def test_setdefault_keeps_what_is_there() -> None:
    """``setdefault`` keeps and gives the value that is there."""
    headers = MutableHeaders([(b"a", b"")])
    assert headers.setdefault("A", "2") == ""
    assert headers.raw == [(b"a", b"")]


def test_setdefault_sets_what_is_missing() -> None:
    """``setdefault`` sets and gives the value if there was none."""
    headers = MutableHeaders()
    assert headers.setdefault("A", " 2 ") == "2"
    assert headers.raw == [(b"a", b"2")]


def test_update_sets_each_name() -> None:
    """``update`` sets each name of a mapping."""
    headers = MutableHeaders([(b"a", b"1"), (b"b", b"2")])
    headers.update({"B": "3", "C": "4"})
    assert headers == {"a": "1", "b": "3", "c": "4"}


def test_update_from_headers_keeps_repeated_ones() -> None:
    """``update`` from other headers takes all values of each name."""
    headers = MutableHeaders([(b"set-cookie", b"old=1"), (b"a", b"1")])
    headers.update(Headers([(b"set-cookie", b"b=1"), (b"set-cookie", b"c=2")]))
    assert headers.multi_items() == [("set-cookie", "b=1"), ("a", "1"), ("set-cookie", "c=2")]


@pytest.mark.parametrize(
    ("present", "names", "vary"),
    [
        ([], ["Origin"], ["Origin"]),
        ([], ["Origin", "Cookie"], ["Origin, Cookie"]),
        (["Accept"], ["Origin"], ["Accept, Origin"]),
        (["Accept, origin"], ["ORIGIN"], ["Accept, origin"]),
        (["Accept", " , Cookie,"], ["Origin"], ["Accept, Cookie, Origin"]),
        (["X-A ,\tX-B"], ["x-a", "X-C"], ["X-A, X-B, X-C"]),
        (["Accept"], ["*"], ["*"]),
        (["Accept, *"], ["Origin"], ["*"]),
        (["Accept"], [], ["Accept"]),
        ([], [], []),
    ],
)
def test_vary_is_merged(present: list[str], names: list[str], vary: list[str]) -> None:
    """Names are added to Vary once, in any case; ``*`` replaces them all."""
    headers = MutableHeaders([(b"vary", value.encode()) for value in present])
    headers.add_vary(*names)
    assert headers.get_all("vary") == vary


def test_blanks_in_vary_are_spaces_and_tabs() -> None:
    """No other white space is taken off what stands there (RFC 9110 §5.6.3)."""
    headers = MutableHeaders([(b"vary", b" \xa0a\t")])
    headers.add_vary("a")
    assert headers["vary"] == "\xa0a, a"


@pytest.mark.parametrize("name", ["Origin\r\nX: y", "a b", "a,b", ""])
def test_vary_takes_names_alone(name: str) -> None:
    """What is no name of a header cannot be added to Vary."""
    with pytest.raises(InvalidHeader):
        MutableHeaders().add_vary(name)


def test_error_tells_which_header_was_set() -> None:
    """The error about a value tells which header it was for."""
    with pytest.raises(InvalidHeader) as caught:
        MutableHeaders()["X-Name"] = "a\nb"
    assert caught.value.__notes__ == ["While setting the header 'X-Name'."]


@pytest.mark.parametrize(("name", "value"), [("a\r\nb", "c"), ("a", "b\r\nc")])
def test_nothing_is_set_when_it_is_refused(name: str, value: str) -> None:
    """A header that is refused leaves the others as they were."""
    headers = MutableHeaders([(b"a", b"1")])
    with pytest.raises(InvalidHeader):
        headers[name] = value
    with pytest.raises(InvalidHeader):
        headers.append(name, value)
    assert headers.raw == [(b"a", b"1")]


@PROPERTY
@given(st.lists(st.tuples(NAMES, VALUES)))
def test_what_was_set_is_read(fields: list[tuple[str, str]]) -> None:
    """What was set last for a name, in any case, is what it gives."""
    headers = MutableHeaders()
    for name, value in fields:
        headers[name] = value
    assert headers == {name.lower(): value.strip(" \t") for name, value in fields}


@PROPERTY
@given(st.lists(st.tuples(NAMES, VALUES)))
def test_what_was_appended_is_read_in_order(fields: list[tuple[str, str]]) -> None:
    """What was appended is read in the same order."""
    headers = MutableHeaders()
    for name, value in fields:
        headers.append(name, value)
    assert headers.multi_items() == [(name.lower(), value.strip(" \t")) for name, value in fields]
