"""JSON with the standard library, as strict as RFC 8259 in both directions."""

import gc
import json
import sys
from math import isinf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import json_codec
from yaat.json_codec import (
    LARGE_LENGTH,
    MAX_DEPTH,
    MAX_SEARCHED,
    InvalidJSON,
    decode_json,
    encode_json,
    has_lone_surrogate,
    is_deeper,
)

PROPERTY = settings(deadline=None)
#: Marks in texts have to be told from those around them.
TEXTS = st.text() | st.text('[]{}"\\,:')
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


def decode_error(content: bytes, **options: Any) -> InvalidJSON:
    """Return the error that decoding *content* raises."""
    with pytest.raises(InvalidJSON) as raised:
        decode_json(content, **options)
    return raised.value


# --- decode ---


def test_document_is_decoded() -> None:
    """UTF-8 text becomes Python values."""
    assert decode_json('{"a": [1, 2.5, true, null, "ä"]}'.encode()) == {"a": [1, 2.5, True, None, "ä"]}


@pytest.mark.parametrize("content", [b" {}", b"{}\n", b"\t\r\n {} \n"])
def test_white_space_around_is_ignored(content: bytes) -> None:
    """White space may stand before and after the value."""
    assert decode_json(content) == {}


def test_byte_order_mark_is_ignored() -> None:
    """A byte order mark, which some editors add, is ignored."""
    assert decode_json(b"\xef\xbb\xbf[1]") == [1]


def test_last_of_members_with_the_same_name_counts() -> None:
    """Of members with the same name the last one counts."""
    assert decode_json(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"", 1, 1),
        (b"{", 1, 2),
        (b"[1 2]", 1, 4),
        (b"[1] x", 1, 5),
        (b"{'a': 1}", 1, 2),
        (b'{\n  "a": tru\n}', 2, 8),
        (b'["\n"]', 1, 3),
    ],
)
def test_mistake_is_told_with_its_place(content: bytes, line: int, column: int) -> None:
    """What is no JSON raises an error with line and column."""
    error = decode_error(content)
    assert (error.line, error.column) == (line, column)
    assert str(error).endswith(f" at line {line}, column {column}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('["ä NaN",\n  NaN]', "NaN is not JSON (RFC 8259 §6) at line 2, column 3"),
        ("[\n-Infinity]", "-Infinity is not JSON (RFC 8259 §6) at line 2, column 1"),
        ('{"a": Infinity}', "Infinity is not JSON (RFC 8259 §6) at line 1, column 7"),
        ("[1, 1e400]", "The number 1e400 is too large at line 1, column 5"),
        ("[-1.0e999]", "The number -1.0e999 is too large at line 1, column 2"),
        ("[1, " + "9" * 5000 + "]", "A number has too many digits at line 1, column 5"),
        (
            r'["\ud83d\ude00", "\ud83d"]',
            "A text holds half of a surrogate pair, which is no character at line 1, column 18",
        ),
    ],
)
def test_what_cannot_be_represented_is_told_with_its_place(content: str, message: str) -> None:
    """`NaN`, infinities, numbers that overflow and halves of surrogate pairs are refused, with line and column."""
    assert str(decode_error(content.encode())) == message


def test_place_is_found_behind_any_number_of_brackets() -> None:
    """What stands before the mistake does not matter for its place."""
    assert decode_error(b"[" + b"[],{}," * 200 + b"NaN]").column == 1 + 6 * 200 + 1


def test_place_is_not_looked_for_in_a_long_text() -> None:
    """In a very long text the error stays without a place: looking for it would take too long."""
    error = decode_error(b"[NaN" + b" " * MAX_SEARCHED + b"]")
    assert (str(error), error.line, error.column) == ("NaN is not JSON (RFC 8259 §6)", 0, 0)


def test_long_number_is_shortened_in_the_message() -> None:
    """The message shows the first 40 characters of a number."""
    assert f"The number {'9' * 40} is too large" in str(decode_error(b"9" * 400 + b".0"))


def test_small_numbers_become_zero() -> None:
    """A number that is too small for a double becomes zero."""
    assert decode_json(b"1e-400") == 0.0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a":\n "\xff"}', "Not UTF-8: byte 0xff at line 2, column 3"),
        (b'\xef\xbb\xbf"\xc3\xa4\xff"', "Not UTF-8: byte 0xff at line 1, column 3"),
        (b'"\xed\xa0\x80"', "Not UTF-8: byte 0xed at line 1, column 2"),
        ('"a"'.encode("utf-16"), "Not UTF-8: byte 0xff at line 1, column 1"),
    ],
)
def test_other_encodings_than_utf_8_are_refused(content: bytes, message: str) -> None:
    """Bytes that are not UTF-8 are refused; the place counts characters."""
    assert str(decode_error(content)) == message


@pytest.mark.parametrize(
    "text", [r'"\ud800"', r'"\uDC00"', r'"\ud83d \ude00"', r'"\ud83d\ud83d\ude00"', r'"\ude00\ud83d"']
)
def test_halves_of_surrogate_pairs_are_refused(text: str) -> None:
    """Half of a surrogate pair is no character and is refused, in upper and lower case."""
    assert "half of a surrogate pair" in str(decode_error(text.encode()))


def test_half_behind_an_escaped_backslash_is_refused() -> None:
    """A text that only looks like the first half does not make a pair with a real second half."""
    assert "half of a surrogate pair" in str(decode_error(rb'"\\ud83d\ude00"'))


def test_what_looks_like_a_half_is_a_text() -> None:
    """A backslash, written as two, before `ud800` is text like any other."""
    assert decode_json(rb'"\\ud800"') == r"\ud800"


def test_pairs_are_one_character() -> None:
    """A whole surrogate pair is the character it stands for."""
    assert decode_json(rb'"\ud83d\ude00\uD83D\uDE00"') == "\U0001f600" * 2


# --- depth ---


def nest(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    """Return arrays, or what else the texts open and close, in each other."""
    return (opening * depth + "1" + closing * depth).encode()


def test_greatest_depth_is_accepted() -> None:
    """As many arrays and objects may lie in each other as the limit says."""
    value = decode_json(nest(MAX_DEPTH))
    for _ in range(MAX_DEPTH):
        [value] = value
    assert value == 1


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (nest(MAX_DEPTH + 1), MAX_DEPTH + 1),
        (nest(MAX_DEPTH + 1, '{"a":', "}"), MAX_DEPTH * 5 + 1),
        (b"[" * 1_000_000, MAX_DEPTH + 1),
    ],
)
def test_greater_depth_is_refused(content: bytes, column: int) -> None:
    """One more is refused, with the place where it is opened, and so is a text that opens and never closes."""
    assert str(decode_error(content)) == f"Nested deeper than {MAX_DEPTH} at line 1, column {column}"


def test_depth_can_be_chosen() -> None:
    """The caller may choose another limit."""
    assert decode_json(b"[[1]]", max_depth=2) == [[1]]
    assert "Nested deeper than 1" in str(decode_error(b"[[1]]", max_depth=1))


def test_depth_beyond_the_stack_is_refused() -> None:
    """Where the limit is higher than the interpreter's own, that one is told in the same way."""
    depth = 1_000_000
    assert str(decode_error(b"[" * depth, max_depth=depth)) == "Nested too deeply"


def test_breadth_is_no_depth() -> None:
    """Arrays beside each other do not count, however many they are."""
    content = json.dumps([{"a": [index]} for index in range(1000)]).encode()
    assert decode_json(content)[999] == {"a": [999]}


def test_brackets_in_texts_are_no_depth() -> None:
    """Brackets in texts do not count, not even behind quotes and backslashes that are escaped."""
    value = ["[" * 200, '"' + "[" * 200, "\\" + '"{' * 200, "]" * 200, ""]
    assert decode_json(encode_json(value)) == value


@PROPERTY
@given(VALUES, st.integers(0, 4))
def test_depth_is_that_of_the_value(value: Any, limit: int) -> None:
    """A text is deeper than a limit if, and only if, its value is."""

    def measure(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if inner is None else 1 + max(map(measure, inner), default=0)

    assert is_deeper(json.dumps(value).encode(), limit) is (measure(value) > limit)


# --- encode ---


def test_value_is_encoded_without_white_space() -> None:
    """Values become UTF-8 text without white space."""
    assert encode_json({"a": [1, 2.5, True, None, "ä\n"]}) == '{"a":[1,2.5,true,null,"ä\\n"]}'.encode()


def test_order_of_members_is_kept() -> None:
    """Members are written in the order in which a dict has them."""
    assert encode_json({"b": 1, "a": 2}) == b'{"b":1,"a":2}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), {float("nan"): 1}, "\ud800"])
def test_what_json_does_not_have_is_not_encoded(value: Any) -> None:
    """`NaN`, infinities and halves of surrogate pairs are refused, so nobody is sent what is no JSON."""
    with pytest.raises(ValueError, match=r"JSON|float|surrogates"):
        encode_json([value])


@pytest.mark.parametrize("value", [object(), {1}, b"bytes", {(1, 2): 3}])
def test_other_types_are_not_encoded(value: Any) -> None:
    """A type that has no form in JSON is refused."""
    with pytest.raises(TypeError):
        encode_json(value)


def test_value_that_holds_itself_is_not_encoded() -> None:
    """A value that holds itself is refused."""
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueError, match="holds itself"):
        encode_json(value)


# --- properties ---


@PROPERTY
@given(VALUES)
def test_decoding_gives_back_what_was_encoded(value: Any) -> None:
    """Decoding what was encoded gives the same value."""
    assert decode_json(encode_json(value)) == value


@PROPERTY
@given(VALUES)
def test_ascii_text_is_decoded_to_the_same(value: Any) -> None:
    """A document with everything escaped has the same value."""
    assert decode_json(json.dumps(value, indent=1).encode()) == value


@PROPERTY
@given(st.binary() | st.text(r'[]{}",:\ud8E0tNafI1e9.- \n', max_size=40).map(str.encode))
def test_no_bytes_make_decoding_fail_otherwise(content: bytes) -> None:
    """Whatever the bytes, decoding gives a value that can be encoded, or raises the one error with a place."""
    try:
        value, line = decode_json(content), 1
    except InvalidJSON as error:
        value, line = None, error.line
    assert line > 0
    assert decode_json(encode_json(value)) == value


@PROPERTY
@given(st.lists(st.sampled_from([r"\ud83d", r"\ude00", r"\\", "ud83d", "a", r"\"", r"A"])))
def test_lone_surrogates_are_found_as_the_parser_sees_them(parts: list[str]) -> None:
    """Halves of surrogate pairs are found exactly where the parser would make one."""
    content = f'"{"".join(parts)}"'.encode()
    text = json.loads(content)
    assert has_lone_surrogate(content) is any("\ud800" <= character <= "\udfff" for character in text)


@PROPERTY
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_exact(number: float) -> None:
    """Every double comes back as the same double."""
    decoded = decode_json(encode_json(number))
    assert decoded == number
    assert not isinf(decoded)


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="about the encoder in C")
def test_encoder_in_c_is_used() -> None:
    """The encoder in C is there; without it the same code would be slow, and nothing else would tell."""
    assert json_codec._make_encoder is not None


@pytest.mark.parametrize("end", [b"]", b"}"])
def test_collector_pauses_while_a_large_text_is_read(end: bytes) -> None:
    """The garbage collector goes through none of what is read, and is back afterwards, also when reading fails."""
    passes: list[str] = []
    gc.callbacks.append(lambda phase, _: passes.append(phase))
    try:
        content = b"[" + b"[]," * LARGE_LENGTH + b"0" + end
        if end == b"]":
            assert len(decode_json(content)) == LARGE_LENGTH + 1
        else:
            with pytest.raises(InvalidJSON):
                decode_json(content)
    finally:
        gc.callbacks.pop()
    assert gc.isenabled()
    assert len(passes) <= 6  # A pass begins and ends; of the three generations each may have one afterwards.


def test_collector_that_is_off_stays_off() -> None:
    """Who has switched the garbage collector off finds it so."""
    gc.disable()
    try:
        decode_json(b'"' + b"x" * LARGE_LENGTH + b'"')
        assert not gc.isenabled()
    finally:
        gc.enable()
