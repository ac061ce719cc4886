"""Text of fields, in the charsets that forms are sent in."""

import pytest

from yaat_forms import InvalidForm
from yaat_forms.charset import CHARSETS, decode_text, find_codec


@pytest.mark.parametrize("name", CHARSETS)
def test_each_charset_is_one_that_python_decodes(name: str) -> None:
    """No name in the table is a dead one."""
    assert decode_text("A".encode(find_codec(name)), find_codec(name), "x") == "A"


def test_name_of_a_charset_is_in_any_case() -> None:
    """Names of charsets are case-insensitive (RFC 2046 §4.1.2)."""
    assert find_codec(" UTF-8 ") == "utf-8"


@pytest.mark.parametrize("name", ["utf-7", "punycode", "idna", "rot13", "base64", "unicode_escape", "", "x" * 5000])
def test_charset_that_is_none_is_refused(name: str) -> None:
    """Codecs that are no charsets, and those that are dangerous, are not offered to clients."""
    with pytest.raises(InvalidForm, match="is not read here") as caught:
        find_codec(name)
    assert len(str(caught.value)) < 200


def test_bytes_that_are_no_text_are_refused_with_their_place() -> None:
    """What a field holds is text; nothing is replaced or guessed."""
    with pytest.raises(InvalidForm, match="'x' is no text in UTF-8: at byte 1, invalid start byte"):
        decode_text(b"a\xff", "utf-8", "x")
