"""This file cuts content into parts: bytes in, events out, whatever the chunks in which the bytes come.

It is the only place that drives the parser of the package `multipart`. The first form imports it, which takes 2 ms
behind a server; an app that is never sent one goes without.

The law here: nothing that grows with the content is kept, and the same bytes give the same events in whatever chunks
they come.
"""

import re
from collections.abc import Iterator

from multipart import (  # type: ignore[import-untyped]  # it ships no types
    MultipartError,
    MultipartSegment,
    ParserError,
    ParserLimitReached,
    PushMultipartParser,
)

from .exceptions import InvalidForm, PartTooLarge, TooManyParts
from .head import read_head
from .limits import FormLimits
from .part_head import Event, PartHead

#: A part has two or three headers (RFC 7578 §4.8); some clients add their own.
MAX_HEADERS = 16

#: What a line of a header begins with: a name and its colon, or the blank of a line that goes on (RFC 5322 §2.2).
_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++:|[ \t]")


class _Parser(PushMultipartParser):  # type: ignore[misc]  # it ships no types
    """The parser of `multipart`, without what it forgives.

    It takes blanks off the names of headers, and line feeds too: but only if the end of the line came in the same
    chunk. Others see two lines there, or no such header.
    """

    def _on_segment_headerline(self, line: bytes) -> None:
        if b":" in line and _LINE.match(line) is None:
            raise ParserError("Invalid segment header name")
        super()._on_segment_headerline(line)


class Framing:
    """Cuts the content of one request into parts.

    Blanks behind a delimiter that is not the last are refused. RFC 2046 §5.1.1 has gateways of mail in mind, which may
    add them; no client of HTTP does, and where parsers disagree about such a line, one of them is fooled.

    Args:
        boundary: What divides them.
        limits: Counted here are fields and files, their bytes, and those of their headers.
    """

    def __init__(self, boundary: str, limits: FormLimits) -> None:
        self._limits = limits
        # One line may be a whole block of headers.
        self._parser = _Parser(boundary, max_header_size=limits.max_header_bytes, max_header_count=MAX_HEADERS)
        self._delimiter = b"\r\n--" + boundary.encode()
        self._is_begun = self._is_broken = False
        # The first delimiter stands at the beginning of a line, be it the first.
        self._kept = b"\r\n"
        self._counts = {False: 0, True: 0}
        # Of the part at hand:
        self._what = ""
        self._max_bytes: int | None = None
        self._bytes = 0
        self._beginning = b""

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Yield the events that *chunk* completes. They must be taken all before the next chunk is fed.

        Raises:
            InvalidForm: The content is malformed, or was before.
            TooManyParts: There are more fields or files than the limit.
            PartTooLarge: A part, or its headers, are over the limit.
            UnsupportedMediaType: A part is encoded, as in a mail.
        """
        if self._is_broken:
            raise InvalidForm("Reading this form has failed before.")
        # Where an error has ended the parsing of a chunk, what follows could be taken for something else.
        self._is_broken = True
        yield from self._cut(self._kept + chunk)
        self._is_broken = False

    def _cut(self, data: bytes) -> Iterator[Event]:
        """Yield the events that *data* completes, and keep what is left."""
        self._kept = b""
        if not self._is_begun:
            data = self._skip_preamble(data)
        # The parser shall never see half a line end: it would count one byte more in a header.
        if data.endswith(b"\r"):
            data, self._kept = data[:-1], b"\r"
        if not data:
            return
        try:
            for event in self._parser.parse(data):
                yield self._check(event)
        except ParserLimitReached:
            raise self._explain_headers() from None
        except MultipartError as error:
            raise InvalidForm(f"The multipart content is malformed: {error.args[0]}.") from error
        finally:
            self._forget_error()

    def finish(self) -> None:
        """Say that there is no more.

        Raises:
            InvalidForm: The last delimiter is missing: something was cut off (RFC 2046 §5.1.1).
        """
        try:
            self._parser.close()
        except MultipartError as error:
            error.with_traceback(None)  # It leads to a frame that keeps the error.
            what = "is cut off: its last delimiter is missing" if self._is_begun else "has no delimiter"
            raise InvalidForm(f"The multipart content {what} (RFC 2046 §5.1.1).") from None
        finally:
            self._forget_error()

    def _forget_error(self) -> None:
        """Let the parser go without its error, whose traceback leads back here: a circle for the garbage collector."""
        self._parser.error = None

    def _skip_preamble(self, data: bytes) -> bytes:
        """Return what of *data* is behind the preamble; while it lasts, keep what may be half a delimiter.

        The parser of `multipart` could do it, but what it makes of a preamble depends on the chunks.
        """
        place = data.find(self._delimiter)
        self._is_begun = place >= 0
        if self._is_begun:
            return data[place + 2 :]
        self._kept = data[1 - len(self._delimiter) :]
        return b""

    def _check(self, event: MultipartSegment | bytes | None) -> Event:
        """Return an event of the parser as one of ours, counted."""
        if event is None:
            return None
        if isinstance(event, bytes):
            self._count(event)
            return event
        return self._begin(event.headerlist)

    def _begin(self, fields: list[tuple[str, str]]) -> PartHead:
        """Return the head of a part that begins."""
        size = 0
        for name, value in fields:
            size += len(name) + len(value.encode()) + 4  # with colon, blank and line end
        if size > self._limits.max_header_bytes:
            raise self._explain_headers()
        head = read_head(fields)
        self._counts[head.is_file] += 1
        kind = "files" if head.is_file else "fields"
        limit = self._limits.max_files if head.is_file else self._limits.max_fields
        if self._counts[head.is_file] > limit:
            raise TooManyParts(kind, limit)
        self._what = f"The {kind[:-1]} {head.name[:100]!r}"
        self._max_bytes = self._limits.max_file_bytes if head.is_file else self._limits.max_field_bytes
        self._bytes = 0
        self._beginning = b""
        return head

    def _count(self, content: bytes) -> None:
        """Count content of the part at hand."""
        self._bytes += len(content)
        if self._max_bytes is not None and self._bytes > self._max_bytes:
            raise PartTooLarge(self._what, self._max_bytes)
        # A part without content may go without the empty line (RFC 2046 §5.1.1, "body-part"); then its delimiter looks
        # like content, and the parts behind it too.
        if len(self._beginning) < len(self._delimiter) - 2:
            self._beginning += content[: len(self._delimiter)]
            if self._beginning.startswith(self._delimiter[2:]):
                raise InvalidForm(f"{self._what} begins with the boundary. Put an empty line behind its headers.")

    def _explain_headers(self) -> PartTooLarge:
        """Return the error for headers that are over their limit."""
        return PartTooLarge(f"The header of a part, with at most {MAX_HEADERS} lines,", self._limits.max_header_bytes)
