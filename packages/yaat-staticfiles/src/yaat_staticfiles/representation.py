"""This file is the representation: a file with what HTTP says about it (RFC 9110 §3.2)."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from yaat.etag import ETag
from yaat.headers import encode_value
from yaat.http_date import format_http_date

from .opening import open_regular, read_exactly

#: Larger files are sent in parts, as they are read; smaller ones are read at once, and may be kept in memory.
SMALL_FILE_BYTES = 128 * 1024

#: So long after a change another one may bear the same time: the coarsest clock is that of FAT.
CLOCK_SECONDS = 2.0

#: Ends the ETag of a file just changed, so that it is asked for again when no further change can hide.
FRESH = "fresh"

Field = tuple[bytes, bytes]
#: Tells contents apart: when it was changed, when anything about it was, its size and its place on the disk.
Signature = tuple[int, int, int, int]


def sign(status: os.stat_result) -> Signature:
    """Return what differs between two states of a file."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One content of a path, at one time.

    Attributes:
        size: In bytes.
        etag: Weak, and of another value, while a further change might go unnoticed.
        modified: When it was changed, as a POSIX timestamp; `None` where HTTP has no date for that.
        media_type: The whole Content-Type.
        fields: All header fields of a 200 but Content-Length.
        body: The content of a small file; of a large one it is not here.
        version: The query by which `static_url` names just this content; empty if nothing is to be said for ever.
    """

    size: int
    etag: ETag
    modified: float | None
    media_type: str
    fields: tuple[Field, ...]
    body: bytes = b""
    version: bytes = b""

    @property
    def has_strong_date(self) -> bool:
        """Whether no two contents can share the date (RFC 9110 §8.8.2.2)."""
        return self.modified is not None and not self.etag.is_weak


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A representation, and the open file if it is too large to be kept in memory.

    Attributes:
        path: Of the open file, absolute.
    """

    representation: Representation
    file: FileIO | None = None
    path: str = ""

    def close(self) -> None:
        """Close the file."""
        if self.file is not None:
            self.file.close()


def is_settled(status: os.stat_result, now: float) -> bool:
    """Return whether any change from now on will show in the time of the file.

    The clock of the disk may be another machine's, and a little ahead of this one's.
    """
    return abs(now - status.st_mtime) >= CLOCK_SECONDS


def make_etag_value(status: os.stat_result) -> str:
    """Return what names the content of a file without reading it."""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


def make_version(status: os.stat_result) -> str:
    """Return the query of a URL that leads to the content of a file as it is now."""
    return f"v={make_etag_value(status)}"


def load(path: str, *, media_type: str, flags: int = 0, **about: Any) -> tuple[Loaded, os.stat_result]:
    """Return the file at *path*, opened, and read if it is small. It is for threads.

    Args:
        media_type: With its charset.
        flags: As for `open_regular`.
        about: What else `represent` takes.

    Raises:
        OSError: It cannot be read, or is no regular file.
        ValueError: *path* cannot be one.
    """
    file, status = open_regular(path, flags=flags)
    is_small = status.st_size <= SMALL_FILE_BYTES
    try:
        body = read_exactly(file, status.st_size) if is_small else b""
        representation = represent(status, body, media_type, **about)
    except BaseException:
        file.close()
        raise
    if is_small:
        file.close()
        return Loaded(representation=representation), status
    return Loaded(representation=representation, file=file, path=str(Path(path).absolute())), status


def represent(
    status: os.stat_result,
    body: bytes,
    media_type: str,
    *,
    coding: str | None = None,
    original: os.stat_result | None = None,
    has_version: bool = False,
    more: Mapping[str, str] | None = None,
) -> Representation:
    """Return what HTTP says about a file.

    Args:
        status: Of the file as it was opened.
        body: Its content, if it is small.
        media_type: With its charset.
        coding: What it is encoded with, beside what its media type says.
        original: The file that it is an encoding of, whose version it has.
        has_version: Whether a URL with its version may be kept for ever.
        more: Further header fields.
    """
    now = time.time()
    is_fresh = not is_settled(status, now)
    endings = filter(None, (coding, FRESH if is_fresh else None))
    etag = ETag("-".join((make_etag_value(status), *endings)), is_weak=is_fresh)
    changed = min(status.st_mtime, now)  # A date in the future would make no sense (RFC 9110 §8.8.2.1).
    date = find_date(changed)
    fields = {
        "content-type": media_type,
        "accept-ranges": "bytes",
        "content-encoding": coding,
        "last-modified": date,
        "etag": str(etag),
        **(more or {}),
    }
    return Representation(
        size=status.st_size,
        etag=etag,
        modified=changed if date else None,
        media_type=media_type,
        fields=tuple((name.encode(), encode_value(value)) for name, value in fields.items() if value is not None),
        body=body,
        version=make_version(original or status).encode() if has_version and not is_fresh else b"",
    )


def add_charset(media_type: str) -> str:
    """Return *media_type* with the charset of all texts that name none."""
    is_open = media_type.startswith("text/") and "charset=" not in media_type.lower()
    return f"{media_type}; charset=utf-8" if is_open else media_type


def find_date(moment: float) -> str | None:
    """Return *moment* as HTTP writes it, or `None` where it cannot."""
    try:
        return format_http_date(moment)
    except ValueError:
        return None
