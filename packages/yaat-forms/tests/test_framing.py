"""Content cut into parts, whatever the chunks."""

import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat.exceptions import HTTPException
from yaat_forms import FormLimits, InvalidForm, PartTooLarge, TooManyParts
from yaat_forms.framing import MAX_HEADERS, Framing
from yaat_forms.part_head import PartHead

Build = Callable[..., bytes]
#: Name, filename and content of each part.
Cut = list[tuple[str, str | None, bytes]]


def cut(chunks: Iterable[bytes], *, boundary: str = "b", **limits: Any) -> Cut:
    """Return the parts that *chunks* are."""
    framing = Framing(boundary, FormLimits(**limits))
    parts: list[tuple[str, str | None, list[bytes]]] = []
    for chunk in chunks:
        for event in framing.feed(chunk):
            if isinstance(event, PartHead):
                parts.append((event.name, event.filename, []))
            elif event is not None:
                assert event, "A piece of content is never empty."
                parts[-1][2].append(event)
    framing.finish()
    return [(name, filename, b"".join(content)) for name, filename, content in parts]


def cut_or_refuse(chunks: Iterable[bytes], **limits: Any) -> Cut | None:
    """Return the parts, or `None` for what is refused."""
    try:
        return cut(chunks, **limits)
    except HTTPException as error:
        if error.status_code not in (400, 413, 415):
            raise
        return None


def split(content: bytes, places: Iterable[int]) -> list[bytes]:
    """Return *content* in chunks that end at *places*."""
    ends = sorted({place % (len(content) + 1) for place in places} | {len(content)})
    return [content[start:end] for start, end in zip([0, *ends], ends, strict=False)]


# --- parts ---


def test_parts_come_in_their_order(build: Build) -> None:
    """Fields and files, equal names included, come as they were sent."""
    content = build(('name="a"', b"1"), ('name="f"; filename="x"', b"\r\n--\r\n"), ('name="a"', b""))
    assert cut([content]) == [("a", None, b"1"), ("f", "x", b"\r\n--\r\n"), ("a", None, b"")]


def test_form_without_parts_is_one(build: Build) -> None:
    """The last delimiter may be the first."""
    assert cut([build()]) == []


def test_any_chunks_give_the_same_parts(build: Build) -> None:
    """Each place where content can be cut in two, and each byte alone, gives the same."""
    content = b"preamble\r\n" + build(
        ("name=a", b"1\r\n--c\r\r\n"), ("name=f; filename=x", b"\r\n-\r\n--"), ("name=a", b"")
    )
    content += b"epilogue\r\n--b\r\n"
    whole = cut([content])
    assert len(whole) == 3
    for place in range(len(content)):
        assert cut([content[:place], content[place:]]) == whole
    assert cut(content[place : place + 1] for place in range(len(content))) == whole


PARTS = st.lists(
    st.tuples(
        st.text("abc", min_size=1, max_size=3),
        st.none() | st.text("xyz.", max_size=5),
        # Bytes of which delimiters are made, to come near them.
        st.binary(max_size=20) | st.text("\r\n-bc", max_size=12).map(str.encode),
    ),
    max_size=5,
)
PLACES = st.lists(st.integers(min_value=0), max_size=12)


@given(PARTS, PLACES, st.sampled_from(["c", "-", "b-b", "bcb"]))
def test_what_is_sent_is_what_comes(parts: Cut, places: list[int], boundary: str) -> None:
    """A form that is written and read again is the same, in whatever chunks it comes."""
    content = b""
    for name, filename, value in parts:
        if b"--" + boundary.encode() in value:
            return  # A boundary is chosen so that it is in no part.
        extra = "" if filename is None else f'; filename="{filename}"'
        content += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode()
        content += value + b"\r\n"
    content += f"--{boundary}--".encode()
    assert cut(split(content, places), boundary=boundary) == parts


PIECES = st.sampled_from(
    [
        b"--b",
        b"\r\n--b",
        b"--b--",
        b"\r\n",
        b"\r",
        b"\n",
        b"--",
        b"x",
        b" ",
        b":",
        b"Content-Disposition: form-data; name=a\r\n",
        b'Content-Disposition: form-data; name="a"; filename="',
        b"Content-Type: text/plain\r\n",
        b"Content-Length: 3\r\n",
        b"\r\n\r\n",
        b"x" * 50,
        b"\xff\x00",
    ]
)


@given(st.lists(PIECES, max_size=30).map(b"".join), PLACES)
def test_malformed_content_is_refused_in_any_chunks(content: bytes, places: list[int]) -> None:
    """What is refused whole is refused in pieces, and the other way round; there is no other kind of error."""
    limits = {"max_header_bytes": 100, "max_field_bytes": 30, "max_fields": 4}
    whole = cut_or_refuse([content], **limits)
    assert cut_or_refuse(split(content, places), **limits) == whole
    assert cut_or_refuse((content[place : place + 1] for place in range(len(content))), **limits) == whole


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "has no delimiter"),
        (b"nothing", "has no delimiter"),
        (b"x--b--", "has no delimiter"),
        (b"x\n--b--", "has no delimiter"),
        (b"--b", "is cut off"),
        (b"--b\r\n", "is cut off"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue", "is cut off"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--b", "is cut off"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--b-", "is cut off"),
        (b"--b\nContent-Disposition: form-data; name=a\n\nvalue\n--b--\n", "Invalid line break"),
        (b"--bc\r\n", "Unexpected byte"),
        (b"--b \r\n", "Unexpected byte"),
        (b"--b\r\n\r\nvalue\r\n--b--", "Missing Content-Disposition"),
        (b"--b\r\nContent-Disposition: attachment; name=a\r\n\r\nvalue\r\n--b--", "Wrong type"),
        (b"--b\r\nno colon\r\n\r\nvalue\r\n--b--", "Malformed segment header"),
        (b"--b\r\nBad Name: x\r\n\r\nvalue\r\n--b--", "Invalid segment header name"),
        (b"--b\r\n\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--b--", "Invalid segment header name"),
        (b"--b\r\nContent-Disposition : form-data; name=a\r\n\r\nvalue\r\n--b--", "Invalid segment header name"),
        (b"--b\r\nX: \xff\r\n\r\nvalue\r\n--b--", "failed to decode"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--bc\r\n", "Unexpected bytes"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--b \r\n", "Unexpected bytes"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Length: 4\r\n\r\nvalue\r\n--b--", "exceeded"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Length: 6\r\n\r\nvalue\r\n--b--", "match"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Length: -1\r\n\r\nvalue\r\n--b--", "Length"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b\r\n", "begins with the boundary"),
    ],
)
def test_malformed_content_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    """Each way to be no form has its sentence."""
    with pytest.raises(InvalidForm, match=reason):
        cut([content])


def test_parser_that_has_refused_goes_on_refusing() -> None:
    """Who feeds on after an error gets one again, and no parts."""
    framing = Framing("b", FormLimits())
    with pytest.raises(InvalidForm):
        list(framing.feed(b"--bc\r\n"))
    with pytest.raises(InvalidForm):
        list(framing.feed(b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"))


# --- limits ---


def test_limits_allow_what_they_say(build: Build) -> None:
    """A limit is the most that is allowed, not the least that is refused."""
    content = build(("name=a", b"12345"), ("name=f; filename=x", b"1234567"))
    assert cut([content], max_fields=1, max_files=1, max_field_bytes=5, max_file_bytes=7)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_fields": 1}, "more than 1 fields"),
        ({"max_files": 0}, "more than 0 files"),
        ({"max_field_bytes": 4}, "The field 'a' is over the limit of 4 bytes"),
        ({"max_file_bytes": 6}, "The file 'f' is over the limit of 6 bytes"),
        ({"max_header_bytes": 30}, "The header of a part, .* is over the limit of 30 bytes"),
    ],
)
def test_each_limit_is_told(build: Build, limits: dict[str, Any], reason: str) -> None:
    """Who sends too much learns what was too much, and how much is allowed."""
    content = build(("name=a", b"12345"), ("name=b", b""), ("name=f; filename=x", b"1234567"))
    with pytest.raises((TooManyParts, PartTooLarge), match=reason):
        cut([content], **limits)


def test_limit_of_a_part_holds_before_the_part_is_over() -> None:
    """Nobody waits for the end of a file that is too large."""
    framing = Framing("b", FormLimits(max_file_bytes=10))
    list(framing.feed(b"--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n"))
    list(framing.feed(b"x" * 10))
    with pytest.raises(PartTooLarge):
        list(framing.feed(b"x"))


@pytest.mark.parametrize("chunk", [b"x" * 100, b"X: y\r\n", b" fold\r\n", b"X: " + b" " * 97 + b"\r\n"])
def test_headers_without_an_end_are_refused_early(chunk: bytes) -> None:
    """A header that never ends is refused once it is over its limit, with no more kept than that."""
    framing = Framing("b", FormLimits(max_header_bytes=1000))
    list(framing.feed(b"--b\r\nContent-Disposition: form-data; name=a\r\n"))

    def feed_on() -> None:
        for _ in range(1000):
            list(framing.feed(chunk))

    with pytest.raises(PartTooLarge, match=f"at most {MAX_HEADERS} lines"):
        feed_on()


def test_header_at_its_limit_is_allowed_in_any_chunks() -> None:
    """Half a line end does not count."""
    line = b"Content-Disposition: form-data; name=a"
    content = b"--b\r\n" + line + b"\r\n\r\n\r\n--b--"
    limit = len(line) + 2
    for place in range(len(content)):
        assert cut([content[:place], content[place:]], max_header_bytes=limit) == [("a", None, b"")]
        with pytest.raises(PartTooLarge):
            cut([content[:place], content[place:]], max_header_bytes=limit - 1)


@pytest.mark.parametrize("content", [b"--b\r\n", b"--b\r\nwrong\r\n\r\n"], ids=["cut off", "malformed"])
def test_what_has_read_a_broken_form_is_freed_at_once(content: bytes) -> None:
    """Its error does not hold it, so nothing is left for the garbage collector."""
    framing = Framing("b", FormLimits())
    with suppress(InvalidForm):
        list(framing.feed(content))
        framing.finish()
    reference = weakref.ref(framing)
    del framing
    assert reference() is None
