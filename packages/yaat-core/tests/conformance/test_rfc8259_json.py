"""RFC 8259: JSON."""

import pytest

from yaat.json_codec import InvalidJSON, decode_json, encode_json


@pytest.mark.parametrize("content", [b'"text"', b"1", b"true", b"null", b"[]", b"{}"])
def test_2_any_value_is_a_text(content: bytes) -> None:
    """§2: a JSON text is any serialized value, not only an object or array."""
    assert encode_json(decode_json(content)) == content


@pytest.mark.parametrize("white_space", [b"\x20", b"\x09", b"\x0a", b"\x0d"])
def test_2_white_space_is_insignificant(white_space: bytes) -> None:
    """§2: insignificant white space is allowed before and after any structural character."""
    assert decode_json(white_space.join([b"", b"[", b"1", b",", b"{", b"}", b"]", b""])) == [1, {}]


@pytest.mark.parametrize("white_space", ["\x0b", "\x0c", "\xa0", "\u2028", "\ufeff"])
def test_2_nothing_else_is_white_space(white_space: str) -> None:
    """§2: white space is the space, tab, line feed and carriage return."""
    with pytest.raises(InvalidJSON):
        decode_json(f"[1,{white_space}2]".encode())


@pytest.mark.parametrize("content", [b"True", b"NULL", b"nil", b"undefined", b"[true false]"])
def test_3_literal_names_are_lower_case(content: bytes) -> None:
    """§3: the literal names must be lowercase; no other literal names are allowed."""
    with pytest.raises(InvalidJSON):
        decode_json(content)


@pytest.mark.parametrize("content", [b"{1: 2}", b"{'a': 1}", b"{a: 1}", b'{"a" 1}', b'{"a": 1,}', b'{"a"}'])
def test_4_names_are_strings(content: bytes) -> None:
    """§4: a name is a string, a colon separates it from the value, a comma members."""
    with pytest.raises(InvalidJSON):
        decode_json(content)


def test_4_last_of_equal_names_counts() -> None:
    """§4: names should be unique; of those that are not, the last counts, as in many implementations."""
    assert decode_json(b'{"a": 1, "a": [2]}') == {"a": [2]}


@pytest.mark.parametrize("content", [b"[1,]", b"[,1]", b"[1,,2]", b"[1 2]", b"[1", b"1]"])
def test_5_elements_are_separated_by_commas(content: bytes) -> None:
    """§5: a single comma separates a value from the following one."""
    with pytest.raises(InvalidJSON):
        decode_json(content)


@pytest.mark.parametrize(
    "content",
    [b"01", b"-", b"+1", b".5", b"1.", b"1.e1", b"1e", b"1e+", b"0x1", b"1_000", "\u0661".encode(), b"--1", b"- 1"],
)
def test_6_numbers_have_one_notation(content: bytes) -> None:
    """§6: leading zeros, and other notations than that of the grammar, are not allowed."""
    with pytest.raises(InvalidJSON):
        decode_json(content)


@pytest.mark.parametrize(
    ("content", "value"), [(b"-0", 0), (b"1E+2", 100.0), (b"1e-2", 0.01), (b"-1.50", -1.5), (b"9" * 100, 10**100 - 1)]
)
def test_6_numbers_of_the_grammar_are_read(content: bytes, value: float) -> None:
    """§6: an integer, with or without fraction and exponent."""
    assert decode_json(content) == value


@pytest.mark.parametrize("content", [b"NaN", b"Infinity", b"-Infinity", b"[nan]"])
def test_6_numbers_without_digits_are_not_permitted(content: bytes) -> None:
    """§6: numeric values that cannot be represented in the grammar, such as Infinity and NaN, are not permitted."""
    with pytest.raises(InvalidJSON):
        decode_json(content)


@pytest.mark.parametrize("code", [*range(0x20)])
def test_7_control_characters_are_escaped(code: int) -> None:
    """§7: U+0000 through U+001F must be escaped."""
    with pytest.raises(InvalidJSON):
        decode_json(b'"' + bytes([code]) + b'"')
    assert decode_json(encode_json(chr(code))) == chr(code)
    assert bytes([code]) not in encode_json(chr(code))


@pytest.mark.parametrize("escape", [r"\x41", r"\a", r"\'", r"\u12", r"\u12G4", r"\U0041", "\\"])
def test_7_other_escapes_are_refused(escape: str) -> None:
    """§7: the grammar names the escapes."""
    with pytest.raises(InvalidJSON):
        decode_json(f'"{escape}"'.encode())


def test_7_escapes_of_the_grammar_are_read() -> None:
    """§7: the two-character escapes, six-character ones, and pairs of them beyond the Basic Multilingual Plane."""
    assert decode_json(rb'"\"\\\/\b\f\n\r\t\u00e4\uD834\uDD1E"') == '"\\/\b\f\n\r\tä\U0001d11e'


def test_8_1_texts_are_utf_8() -> None:
    """§8.1: JSON text exchanged between systems must be encoded using UTF-8."""
    assert encode_json("ä") == b'"\xc3\xa4"'
    with pytest.raises(InvalidJSON):
        decode_json('"ä"'.encode("latin-1"))


def test_8_1_byte_order_mark_is_not_added() -> None:
    """§8.1: implementations must not add a byte order mark; parsers may ignore one."""
    assert not encode_json("a").startswith(b"\xef\xbb\xbf")
    assert decode_json(b"\xef\xbb\xbf1") == 1


def test_8_2_strings_are_unicode() -> None:
    """§8.2: a string with half of a surrogate pair makes receivers differ; it is refused in both directions."""
    with pytest.raises(InvalidJSON):
        decode_json(rb'"\uDEAD"')
    with pytest.raises(ValueError, match="surrogates"):
        encode_json("\udead")


def test_9_depth_is_limited() -> None:
    """§9: an implementation may set limits on the maximum depth of nesting."""
    with pytest.raises(InvalidJSON, match="Nested deeper than 100"):
        decode_json(b"[" * 101 + b"]" * 101)
