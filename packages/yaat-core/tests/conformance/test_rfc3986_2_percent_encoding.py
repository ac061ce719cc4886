"""RFC 3986 §2: characters, and when they are percent-encoded."""

import string

import pytest

from yaat.query import parse_urlencoded, percent_decode
from yaat.url import URL, encode_path, parse_url

UNRESERVED = string.ascii_letters + string.digits + "-._~"


def test_2_1_escapes_are_written_in_upper_case() -> None:
    """§2.1: the hexadecimal digits of an escape are written in upper case."""
    assert encode_path("\xff", safe="") == "%C3%BF"


@pytest.mark.parametrize("escape", ["%3a", "%3A"])
def test_2_1_escapes_are_read_in_any_case(escape: str) -> None:
    """§2.1: the hexadecimal digits of an escape mean the same in any case."""
    assert percent_decode(escape.encode()) == b":"


def test_2_3_unreserved_characters_are_never_encoded() -> None:
    """§2.3: letters, digits, "-", ".", "_" and "~" are not percent-encoded."""
    assert encode_path(UNRESERVED, safe="") == UNRESERVED


@pytest.mark.parametrize("character", ["/", "?", "#", "[", "]", "%", " ", '"', "<", "\\", "^"])
def test_2_2_delimiters_in_data_are_encoded(character: str) -> None:
    """§2.2: data that looks like a delimiter of the component is percent-encoded."""
    assert encode_path(character, safe="") == f"%{ord(character):02X}"


def test_2_4_nothing_is_encoded_twice() -> None:
    """§2.4: what is encoded already is not encoded again."""
    assert URL(path="/a%20b") == "/a%20b"
    assert parse_url(URL(path="/a b")).path == "/a%20b"


def test_2_4_nothing_is_decoded_twice() -> None:
    """§2.4: an encoded "%" decodes to "%" and no further."""
    assert parse_urlencoded(b"a=%2541") == [("a", "%41")]


def test_2_4_components_are_separated_before_they_are_decoded() -> None:
    """§2.4: an encoded delimiter does not delimit."""
    assert parse_urlencoded(b"a=1%262%3D3&b=4") == [("a", "1&2=3"), ("b", "4")]
    assert parse_url("/a%3Fb%23c").path == "/a%3Fb%23c"


def test_2_5_characters_are_encoded_as_utf8() -> None:
    """§2.5: characters are encoded as UTF-8; the examples of the section."""
    assert [encode_path(text, safe="") for text in ("A", "À", "ア")] == ["A", "%C3%80", "%E3%82%A2"]
