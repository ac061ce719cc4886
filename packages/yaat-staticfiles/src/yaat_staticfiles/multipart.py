"""This file is the content of an answer with several parts of a file (RFC 9110 §14.6)."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .ranges import Span


def make_boundary() -> str:
    """Return a boundary that no file can be made to contain, as nobody knows it beforehand (RFC 2046 §5.1.1)."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRanges:
    """Several parts of a file, with what stands between them.

    Attributes:
        spans: At least two.
        size: Of the whole file.
        media_type: Of the file, as in its Content-Type.
        boundary: Stands between the parts.
    """

    spans: Sequence[Span]
    size: int
    media_type: str
    boundary: str = field(default_factory=make_boundary)

    @property
    def content_type(self) -> str:
        """The Content-Type of the whole."""
        return f"multipart/byteranges; boundary={self.boundary}"

    @property
    def length(self) -> int:
        """The number of bytes of the whole."""
        return sum(len(piece) if isinstance(piece, bytes) else piece.stop - piece.start for piece in self)

    def __iter__(self) -> Iterator[bytes | Span]:
        """Yield the pieces in their order: bytes as they are, and parts of the file."""
        for number, span in enumerate(self.spans):
            head = (
                f"--{self.boundary}\r\n"
                f"Content-Type: {self.media_type}\r\n"
                f"Content-Range: {format_content_range(span, self.size)}\r\n\r\n"
            )
            # A line end before a boundary belongs to that (RFC 2046 §5.1.1).
            yield (f"\r\n{head}" if number else head).encode("latin-1")
            yield span
        yield f"\r\n--{self.boundary}--\r\n".encode()


def format_content_range(span: Span, size: int) -> str:
    """Return the Content-Range of one part: `bytes 0-499/1234` (RFC 9110 §14.4)."""
    return f"bytes {span.start}-{span.stop - 1}/{size}"
