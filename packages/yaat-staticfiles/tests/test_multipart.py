"""Several parts of a file as one content."""

from email import message_from_bytes
from email.message import Message

from hypothesis import given
from hypothesis import strategies as st

from yaat_staticfiles.multipart import ByteRanges, format_content_range, make_boundary
from yaat_staticfiles.ranges import NotSatisfiable, Span, parse_ranges

CONTENT = bytes(range(256)) * 2


def join(parts: ByteRanges) -> bytes:
    """Return the whole content."""
    return b"".join(piece if isinstance(piece, bytes) else CONTENT[piece.start : piece.stop] for piece in parts)


def parse(parts: ByteRanges) -> list[Message]:
    """Return the parts as Python's own parser sees them."""
    whole = message_from_bytes(f"Content-Type: {parts.content_type}\r\n\r\n".encode() + join(parts))
    payload = whole.get_payload()
    assert isinstance(payload, list)
    return [part for part in payload if isinstance(part, Message)]


def test_each_part_tells_its_place() -> None:
    """A part has the type of the file, and its place in it (RFC 9110 §14.6)."""
    parts = parse(ByteRanges(spans=[Span(65, 70), Span(0, 5)], size=512, media_type="text/plain"))
    assert [part["content-range"] for part in parts] == ["bytes 65-69/512", "bytes 0-4/512"]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/plain"]
    assert parts[0].get_payload() == "ABCDE"


def test_nothing_stands_around_the_boundaries() -> None:
    """The content begins with the first boundary and ends with the last (RFC 2046 §5.1.1)."""
    parts = ByteRanges(spans=[Span(0, 1), Span(5, 6)], size=512, media_type="text/plain", boundary="limit")
    assert join(parts) == (
        b"--limit\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-0/512\r\n\r\n\x00"
        b"\r\n--limit\r\nContent-Type: text/plain\r\nContent-Range: bytes 5-5/512\r\n\r\n\x05"
        b"\r\n--limit--\r\n"
    )


@given(st.lists(st.tuples(st.integers(0, 511), st.integers(0, 60)), min_size=2, max_size=20))
def test_length_is_that_of_all_pieces(pairs: list[tuple[int, int]]) -> None:
    """The Content-Length is known before anything is read."""
    field = "bytes=" + ",".join(f"{start}-{start + more}" for start, more in pairs)
    try:
        spans = parse_ranges(field, len(CONTENT))
    except NotSatisfiable:
        return
    parts = ByteRanges(spans=spans or [], size=len(CONTENT), media_type="image/png")
    assert len(join(parts)) == parts.length


def test_boundaries_cannot_be_foreseen() -> None:
    """Nobody can write a file that holds the boundary (RFC 2046 §5.1.1)."""
    assert make_boundary() != make_boundary()
    assert len(make_boundary()) >= 32


def test_content_range_names_the_last_byte() -> None:
    """Both ends are within the part (RFC 9110 §14.4)."""
    assert format_content_range(Span(0, 500), 1234) == "bytes 0-499/1234"
