"""Safe names made of the filenames that clients send."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat_forms.filename import MAX_NAME_BYTES, NAMELESS, make_safe_filename


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("photo.jpg", "photo.jpg"),
        ("Übersicht 2024.pdf", "Übersicht 2024.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("/etc/passwd", "passwd"),
        (".htaccess", "htaccess"),
        ("a.txt. . ", "a.txt"),
        ("a\x00.php\x00.jpg", "a.php.jpg"),
        ("a\r\nb.txt", "ab.txt"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("file.txt:stream", "file.txt_stream"),
        ('<>"|?*', "______"),
        ("CON", "_CON"),
        ("lpt1.txt", "_lpt1.txt"),
        ("nul .txt", "_nul .txt"),
        ("nul x.txt", "nul x.txt"),
        ("console.txt", "console.txt"),
        ("u\u0308.txt", "ü.txt"),
    ],
)
def test_name_stays_in_its_folder_and_is_regular(sent: str, safe: str) -> None:
    """Path, control characters, devices, streams and hidden files are gone; what is readable stays."""
    assert make_safe_filename(sent) == safe


@pytest.mark.parametrize("sent", [None, "", ".", "..", "../", "a/", "\u200b", " . "])
def test_name_of_which_nothing_is_left_is_a_name_all_the_same(sent: str | None) -> None:
    """It is never empty, so it never is the folder itself."""
    assert make_safe_filename(sent) == NAMELESS


def test_long_name_keeps_its_ending() -> None:
    """A name is cut at the end of its stem, between characters."""
    name = make_safe_filename("ü" * 300 + ".jpeg")
    assert name == "ü" * 125 + ".jpeg"


def test_ending_that_is_too_long_is_no_ending() -> None:
    """What follows the last dot of a sentence is no file type."""
    assert make_safe_filename("a." + "x" * 300) == "a." + "x" * 253


def test_device_with_a_long_name_stays_short_enough() -> None:
    """What is put in front does not make it too long."""
    assert make_safe_filename("con." + "x" * 300) == "_con." + "x" * 250


@given(st.text(max_size=400))
def test_whatever_is_sent_gives_a_name_that_is_safe(sent: str) -> None:
    """No text leads out of a folder, hides, is too long, or changes when it is made safe again."""
    name = make_safe_filename(sent)
    assert name
    assert not set(name) & set('/\\:<>"|?*\0')
    assert name[0] not in ". "
    assert name[-1] not in ". "
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs"} for character in name)
    assert make_safe_filename(name) == name
