"""What the headers of a part say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat.exceptions import HTTPException, UnsupportedMediaType
from yaat_forms import InvalidForm
from yaat_forms.head import read_head
from yaat_forms.part_head import PartHead


def read(disposition: str, *more: tuple[str, str]) -> PartHead:
    return read_head([("Content-Disposition", disposition), *more])


def test_field_has_a_name() -> None:
    """A part without a filename is a field, and plain text when it says nothing."""
    head = read('form-data; name="title"')
    assert (head.name, head.filename, head.is_file, head.content_type) == ("title", None, False, "text/plain")


def test_file_has_a_filename_too() -> None:
    """A part with a filename is a file; it says what it is, or is bytes."""
    head = read('form-data; name="f"; filename="a.jpg"', ("Content-Type", "image/jpeg"))
    assert (head.name, head.filename, head.is_file, head.content_type) == ("f", "a.jpg", True, "image/jpeg")
    assert read('form-data; name="f"; filename="a.jpg"').content_type == "application/octet-stream"


def test_file_input_that_nobody_used_is_a_file_without_a_name() -> None:
    """Browsers send an empty filename when no file was chosen."""
    head = read('form-data; name="f"; filename=""')
    assert (head.filename, head.is_file, head.safe_filename) == ("", True, "file")


def test_filename_is_kept_as_it_came() -> None:
    """The raw name is there to be shown, a safe one beside it to be used."""
    head = read('form-data; name="f"; filename="..\\..\\a.txt"')
    assert (head.filename, head.safe_filename) == ("..\\..\\a.txt", "a.txt")


@pytest.mark.parametrize(
    "disposition",
    [
        "form-data; name=x",
        'FORM-DATA; NAME="x"',
        'form-data;name="x"',
        'form-data ; name="x" ;',
        'form-data; foo="bar"; name="x"; other=1',
    ],
)
def test_notation_may_vary_where_the_grammar_allows_it(disposition: str) -> None:
    """Case, blanks, quotes and other parameters change nothing (RFC 2183 §2)."""
    assert read(disposition).name == "x"


@pytest.mark.parametrize(
    ("quoted", "name"),
    [
        ('"a%22b"', 'a"b'),
        ('"a%0D%0Ab"', "a\r\nb"),
        ('"a\\"b"', 'a"b'),
        ('"a\\b"', "a\\b"),
        ('"100%"', "100%"),
        ('"ü €"', "ü €"),
        ('"a; filename=b"', "a; filename=b"),
        ('""', ""),
    ],
)
def test_names_are_quoted_as_browsers_do(quoted: str, name: str) -> None:
    """Quotes and line ends are percent-encoded, and nothing else (HTML, "multipart form data")."""
    head = read(f"form-data; name={quoted}")
    assert (head.name, head.filename) == (name, None)


@pytest.mark.parametrize(
    "disposition",
    [
        "",
        "form-data",
        "attachment; name=x",
        "form-datax; name=x",
        'form-data; filename="a"',
        'form-data; name="x',
        'form-data; name="x"y',
        'form-data; name="x" filename="y"',
        'form-data; name="a"b"',
        'form-data; name="a\\"',
        "form-data; name=a b",
        "form-data; name",
        "form-data; name = x",
        "form-data; name=ü",
        'form-data, name="x"',
    ],
)
def test_malformed_disposition_is_refused(disposition: str) -> None:
    """What a part is called is never guessed."""
    with pytest.raises(InvalidForm):
        read(disposition)


@pytest.mark.parametrize(
    "disposition",
    ["form-data; name=a; name=b", "form-data; name=a; NAME=b", "form-data; name=a; filename=b; filename=c"],
)
def test_parameter_that_comes_twice_is_refused(disposition: str) -> None:
    """Whoever looked before may have taken the other one."""
    with pytest.raises(InvalidForm, match="twice in its Content-Disposition"):
        read(disposition)


@pytest.mark.parametrize("name", ["Content-Disposition", "Content-Type", "Content-Transfer-Encoding"])
def test_header_that_comes_twice_is_refused(name: str) -> None:
    """What a part is, it says once."""
    value = "form-data; name=x"
    with pytest.raises(InvalidForm, match=f"the header {name.lower()} twice"):
        read_head([("Content-Disposition", value), (name, value), (name, value)])


@pytest.mark.parametrize("character", ["\x00", "\r", "\n", "\x1b", "\x7f"])
def test_control_character_is_refused(character: str) -> None:
    """A lone line end or NUL in a header is read differently elsewhere."""
    with pytest.raises(InvalidForm, match="control character"):
        read(f'form-data; name="x{character}"')


@pytest.mark.parametrize(
    "extended", ["filename*=utf-8''evil.php", "filename*0=evil; filename*1=.php", "name*=utf-8''role", "filename*=%"]
)
def test_plain_parameters_count_alone(extended: str) -> None:
    """Others never look at the extended ones, which no form may have (RFC 7578 §4.2); .NET sends both."""
    head = read(f'form-data; name="f"; filename="a.txt"; {extended}')
    assert (head.name, head.filename) == ("f", "a.txt")


@pytest.mark.parametrize("extended", ["filename*=utf-8''a.txt", "FILENAME*=utf-8''a.txt", "filename*0=a; filename*1=b"])
def test_extended_filename_alone_is_refused(extended: str) -> None:
    """It is a file to some and a field to others."""
    with pytest.raises(InvalidForm, match="Send filename, in UTF-8"):
        read(f'form-data; name="f"; {extended}')


@pytest.mark.parametrize("encoding", ["7bit", "8BIT", "binary"])
def test_encoding_that_changes_nothing_is_allowed(encoding: str) -> None:
    """Some clients say that a part is sent as it is."""
    assert read("form-data; name=x", ("Content-Transfer-Encoding", encoding)).name == "x"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-gzip"])
def test_part_that_is_encoded_is_unsupported(encoding: str) -> None:
    """Taking encoded content for content would be silent damage (RFC 7578 §4.7)."""
    with pytest.raises(UnsupportedMediaType, match="Forms are sent as they are"):
        read("form-data; name=x", ("Content-Transfer-Encoding", encoding))


def test_charset_of_a_field_is_its_own_or_the_default() -> None:
    """A field says its charset in its Content-Type, if at all (RFC 7578 §4.5)."""
    assert read("form-data; name=x").find_codec("utf-8") == "utf-8"
    assert read("form-data; name=x", ("Content-Type", "text/plain")).find_codec("cp1252") == "cp1252"
    head = read("form-data; name=x", ("Content-Type", "text/plain; charset=ISO-8859-2"))
    assert head.find_codec("utf-8") == "iso8859-2"


def test_malformed_content_type_of_a_field_is_refused() -> None:
    """Its charset could be anything."""
    with pytest.raises(InvalidForm, match="The Content-Type of the part 'x' is malformed"):
        read("form-data; name=x", ("Content-Type", "text")).find_codec("utf-8")


def test_headers_are_there_in_any_case() -> None:
    """All headers of a part can be read, those without a meaning in forms too."""
    head = read("form-data; name=x", ("X-Checksum", "12 "))
    assert head.headers["x-checksum"] == head.headers["X-Checksum"] == "12"


#: What can come out of UTF-8.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT)
def test_whatever_a_disposition_says_is_read_or_refused(disposition: str, encoding: str) -> None:
    """No text makes an error that is not an answer."""
    try:
        read(f"form-data; name=x{disposition}", ("Content-Transfer-Encoding", encoding)).find_codec("utf-8")
    except HTTPException as error:
        if error.status_code not in (400, 415):
            raise
