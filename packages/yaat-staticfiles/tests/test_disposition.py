"""Content-Disposition."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat.headers import encode_value
from yaat_staticfiles.disposition import format_disposition


@pytest.mark.parametrize(
    ("filename", "value"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("my report.pdf", 'attachment; filename="my report.pdf"'),
        ("é.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A9.pdf"),
        ('a"b.txt', "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ("../../etc/passwd", 'attachment; filename=".._.._etc_passwd"'),
        ("..\\x", 'attachment; filename=".._x"'),
        ("a\r\nSet-Cookie: x=1", 'attachment; filename="a__Set-Cookie: x=1"'),
        ("a\0b", 'attachment; filename="a_b"'),
        (None, "attachment"),
    ],
)
def test_names_are_written_for_old_and_new_clients(filename: str | None, value: str) -> None:
    """What a header cannot hold, or what would lead elsewhere, is replaced (RFC 6266 §4.3)."""
    assert format_disposition("attachment", filename) == value


def test_files_can_be_shown_under_a_name() -> None:
    """`inline` shows a file, and names it in case it is saved."""
    assert format_disposition("inline", "a.pdf") == 'inline; filename="a.pdf"'


@given(st.text(max_size=50))
def test_any_name_can_stand_in_a_header(filename: str) -> None:
    """No name breaks the header, and a new client learns it but for what is unsafe."""
    value = format_disposition("attachment", filename)
    encode_value(value)
    assert value.count('"') == 2
    _, found, extended = value.partition("filename*=UTF-8''")
    if found:
        assert extended.isascii()
        assert len(unquote(extended)) == len(filename)


@given(st.text(st.characters(codec=None), max_size=20))
def test_lone_surrogates_do_no_harm(filename: str) -> None:
    """Names of files that are no text on the disk can be sent too."""
    encode_value(format_disposition("attachment", filename))
