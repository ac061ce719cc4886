"""The Range field: what is read, what is ignored, and what is merged."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat_staticfiles.ranges import MAX_RANGES, NotSatisfiable, Span, parse_ranges

SIZES = st.integers(0, 300)
NUMBERS = st.integers(0, 400)
MEMBERS = st.one_of(
    st.builds("{}-{}".format, NUMBERS, NUMBERS),
    st.builds("{}-".format, NUMBERS),
    st.builds("-{}".format, NUMBERS),
)


@pytest.mark.parametrize(
    ("field", "spans"),
    [
        ("bytes=0-0", [Span(0, 1)]),
        ("bytes=0-499", [Span(0, 100)]),
        ("bytes=90-", [Span(90, 100)]),
        ("bytes=-10", [Span(90, 100)]),
        ("bytes=-1000", [Span(0, 100)]),
        ("BYTES=5-6", [Span(5, 7)]),
        ("bytes= 5-6 , ,\t8-9,", [Span(5, 7), Span(8, 10)]),
        ("bytes=50-60,0-9", [Span(50, 61), Span(0, 10)]),
    ],
)
def test_parts_are_read(field: str, spans: list[Span]) -> None:
    """First and last byte, an open end, and the last so many bytes name a part (RFC 9110 §14.1.2)."""
    assert parse_ranges(field, 100) == spans


@pytest.mark.parametrize(
    "field",
    [
        "lines=1-2",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=0-4,x",
        "bytes=--5",
        "bytes=-5-10",
        "bytes=٣-٤",
        "bytes=+1-2",
        "bytes=1-2-3",
        "bytes =1-2",
        "bytes=1-2\xa0",
        "bytes=X1-2",
    ],
)
def test_fields_that_make_no_sense_are_ignored(field: str) -> None:
    """Another unit, or a malformed range anywhere in the list, leads to the whole file (RFC 9110 §14.2)."""
    assert parse_ranges(field, 100) is None


@pytest.mark.parametrize("field", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=100-,200-300"])
def test_ranges_beyond_the_end_cannot_be_satisfied(field: str) -> None:
    """A file that ends before all ranges begin has none of them (RFC 9110 §14.1.2)."""
    with pytest.raises(NotSatisfiable):
        parse_ranges(field, 100)


def test_the_error_names_the_field() -> None:
    """Whoever logs it sees what was asked for."""
    with pytest.raises(NotSatisfiable, match=r"^bytes=100-,200-300$"):
        parse_ranges("bytes=100-,200-300", 100)


def test_ranges_beyond_the_end_do_not_count_beside_others() -> None:
    """One range that the file has is enough."""
    assert parse_ranges("bytes=500-,5-6", 100) == [Span(5, 7)]


def test_an_empty_file_has_a_last_part_but_no_first() -> None:
    """Of an empty file, the last bytes are all of it, while no byte can be the first (RFC 9110 §14.1.2)."""
    assert parse_ranges("bytes=-5", 0) is None
    with pytest.raises(NotSatisfiable):
        parse_ranges("bytes=0-", 0)


@pytest.mark.parametrize(
    ("field", "spans"),
    [
        ("bytes=0-5,3-9", [Span(0, 10)]),
        ("bytes=0-4,5-9", [Span(0, 10)]),
        ("bytes=0-99,5-9", [Span(0, 100)]),
        ("bytes=50-60,20-29,55-70", [Span(50, 71), Span(20, 30)]),
        ("bytes=20-29,90-,0-5,15-22", [Span(15, 30), Span(90, 100), Span(0, 6)]),
    ],
)
def test_parts_that_overlap_or_touch_are_one(field: str, spans: list[Span]) -> None:
    """Merged parts stand where the first of them stood (RFC 9110 §15.3.7.2)."""
    assert parse_ranges(field, 100) == spans


def test_more_ranges_than_the_limit_are_ignored() -> None:
    """Asking for hundreds of parts is no way to make work (RFC 9110 §14.2)."""
    at_limit = ",".join(f"{2 * number}-{2 * number}" for number in range(MAX_RANGES))
    assert parse_ranges(f"bytes={at_limit}", 1000) is not None
    assert parse_ranges(f"bytes={at_limit},999-", 1000) is None


def test_numbers_beyond_any_file_are_read_in_linear_time() -> None:
    """A number of a hundred thousand digits is just beyond the end; zeros before a number mean nothing."""
    assert parse_ranges(f"bytes=5-{'9' * 100_000}", 100) == [Span(5, 100)]
    assert parse_ranges(f"bytes={'0' * 100_000}5-6", 100) == [Span(5, 7)]
    assert parse_ranges(f"bytes=-{sys.maxsize}", 100) == [Span(0, 100)]


@given(st.lists(MEMBERS, min_size=1, max_size=MAX_RANGES), SIZES)
def test_parts_are_the_bytes_that_were_asked_for(members: list[str], size: int) -> None:
    """Whatever is merged, each byte that a range names is in just one part, and no other is."""
    wanted: set[int] = set()
    is_valid = True
    for member in members:
        first, _, last = member.partition("-")
        is_valid = is_valid and not (first and last and int(last) < int(first))
        if first:
            wanted.update(range(int(first), size if not last else min(int(last) + 1, size)))
        else:
            wanted.update(range(max(size - int(last), 0), size))
    try:
        spans = parse_ranges("bytes=" + ",".join(members), size)
    except NotSatisfiable:
        assert is_valid
        assert not wanted
        return
    if not is_valid or not size:
        assert spans is None
        return
    got = [byte for span in spans or () for byte in range(*span)]
    assert sorted(got) == sorted(wanted)


@given(st.text(max_size=200), SIZES)
def test_no_field_makes_it_fail(text: str, size: int) -> None:
    """Anything at all is a list of parts within the file, or not to be satisfied, or ignored."""
    for field in (text, f"bytes={text}"):
        try:
            spans = parse_ranges(field, size)
        except NotSatisfiable:
            continue
        assert all(0 <= span.start < span.stop <= size for span in spans or ())
