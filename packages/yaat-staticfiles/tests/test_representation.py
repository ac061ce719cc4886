"""A file with what HTTP says about it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from yaat_staticfiles.representation import SMALL_FILE_BYTES, Representation, add_charset, find_date, load

Put = Callable[..., Path]


def describe(path: Path, **options: str) -> Representation:
    """Return the representation of a file."""
    loaded, _ = load(str(path), media_type="text/plain", **options)  # type: ignore[arg-type]  # texts alone
    loaded.close()
    return loaded.representation


def test_a_small_file_is_read_at_once(put: Put) -> None:
    """Nothing is open any more, and the content is there."""
    loaded, _ = load(str(put("a.txt", b"x" * SMALL_FILE_BYTES)), media_type="text/plain")
    assert loaded.file is None
    assert len(loaded.representation.body) == loaded.representation.size == SMALL_FILE_BYTES


def test_a_large_file_stays_open(put: Put) -> None:
    """It is not read before it is sent."""
    loaded, _ = load(str(put("a.txt", b"x" * (SMALL_FILE_BYTES + 1))), media_type="text/plain")
    assert loaded.file is not None
    assert not loaded.representation.body
    loaded.close()
    assert loaded.file.closed


def test_a_file_just_changed_has_weak_validators(put: Put) -> None:
    """Another change within the same tick of the clock would not show, so the ETag promises less (RFC 9110 §8.8.1)."""
    fresh = describe(put("a.txt", time=time.time()))
    assert fresh.etag.is_weak
    assert fresh.etag.value.endswith("-fresh")
    assert not fresh.has_strong_date
    settled = describe(put("a.txt"))
    assert not settled.etag.is_weak
    assert settled.has_strong_date


def test_a_date_in_the_future_is_not_passed_on(put: Put) -> None:
    """No response was modified after it was sent (RFC 9110 §8.8.2.1)."""
    before = int(time.time())
    future = describe(put("a.txt", time=time.time() + 1_000_000))
    assert future.modified is not None
    assert before <= future.modified <= time.time()
    assert not future.etag.is_weak


def test_a_date_that_http_cannot_name_is_left_out() -> None:
    """Some disks have dates before the year 1; the ETag is enough then."""
    assert find_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert find_date(-1e15) is None


def test_a_coding_is_part_of_the_etag(put: Put) -> None:
    """Two encodings of one file are two contents, even if they are of one size and time (RFC 9110 §8.8.3.3)."""
    path = put("a.txt")
    plain, encoded = describe(path), describe(path, coding="br")
    assert plain.etag != encoded.etag
    assert dict(encoded.fields)[b"content-encoding"] == b"br"


def test_fields_are_what_a_200_has(put: Put) -> None:
    """Type, validators and ranges; the rest is the caller's."""
    path = put("a.txt", b"abc", time=1_700_000_000)
    loaded, status = load(str(path), media_type="text/plain", more={"vary": "Accept"})
    assert loaded.representation.fields == (
        (b"content-type", b"text/plain"),
        (b"accept-ranges", b"bytes"),
        (b"last-modified", b"Tue, 14 Nov 2023 22:13:20 GMT"),
        (b"etag", f'"{status.st_mtime_ns:x}-3"'.encode()),
        (b"vary", b"Accept"),
    )


@pytest.mark.usefixtures("is_tight")
def test_a_file_that_ends_early_is_closed() -> None:
    """What is shorter than it claims to be is an error, and leaves nothing open."""
    liars = [path for path in Path("/sys/kernel").glob("*") if path.is_file() and os.access(path, os.R_OK)]
    if not liars:
        pytest.skip("this system has no files that claim to be longer than they are")
    with pytest.raises(OSError, match="ended"):
        load(str(liars[0]), media_type="text/plain")


def test_texts_are_utf_8_unless_they_say_otherwise() -> None:
    """Only texts have a charset, and one that is named stays."""
    assert add_charset("text/css") == "text/css; charset=utf-8"
    assert add_charset("text/css; Charset=latin-1") == "text/css; Charset=latin-1"
    assert add_charset("image/png") == "image/png"
