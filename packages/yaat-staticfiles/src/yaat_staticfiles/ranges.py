"""This file is byte ranges: which parts of a file a client asks for (RFC 9110 §14)."""

import re
import sys
from collections.abc import Iterable
from typing import NamedTuple

#: A request for more parts gets the whole file: that is less work than so many parts (RFC 9110 §14.2).
MAX_RANGES = 100

_MEMBER = re.compile(r"([0-9]*+)-([0-9]*+)")


class NotSatisfiable(ValueError):
    """None of the ranges lies within the file (RFC 9110 §14.1.2)."""


class Span(NamedTuple):
    """A part of a file: from the byte *start* up to, and without, the byte *stop*."""

    start: int
    stop: int


def parse_ranges(field: str, size: int) -> list[Span] | None:
    """Return the parts of a file that a Range field asks for, or `None` for the whole of it.

    Parts that overlap or touch are one, so together they never have more bytes than the file. Each stands where its
    first piece stood (RFC 9110 §15.3.7.2). The whole file is the answer to a field that is malformed, in another unit
    than bytes or too long, as such a field does not count.

    Args:
        field: Such as `bytes=0-499,-100`.
        size: Of the file, in bytes.

    Raises:
        NotSatisfiable: The field is fine, but the file ends before any of its ranges begins.
    """
    unit, _, text = field.partition("=")
    if unit.lower() != "bytes" or text.count(",") >= MAX_RANGES:
        return None
    members = [member for member in (piece.strip(" \t") for piece in text.split(",")) if member]
    bounds = [_parse_member(member) for member in members]
    if not bounds or None in bounds:
        return None
    spans = [span for bound in bounds if bound and (span := _place(*bound, size))]
    if not spans:
        raise NotSatisfiable(field)
    # An empty file has an end, but no byte that Content-Range could name.
    return _merge(spans) if size else None


def _parse_member(member: str) -> tuple[int | None, int | None] | None:
    """Return the first and the last byte that a range names, or `None` for what is no range (RFC 9110 §14.1.1)."""
    found = _MEMBER.fullmatch(member)
    if found is None or member == "-":
        return None
    first, last = (_read_number(digits) if digits else None for digits in found.groups())
    is_backwards = first is not None and last is not None and last < first
    return None if is_backwards else (first, last)


def _read_number(digits: str) -> int:
    """Return the number that *digits* write; one beyond any file is cut, as reading it takes more than linear time."""
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= 18 else sys.maxsize


def _place(first: int | None, last: int | None, size: int) -> Span | None:
    """Return the part of a file of *size* bytes that a range names, or `None` if there is none."""
    if first is None:
        return Span(max(size - last, 0), size) if last else None
    if first >= size:
        return None
    return Span(first, size if last is None else min(last + 1, size))


def _merge(spans: Iterable[Span]) -> list[Span]:
    """Return *spans* with those that overlap or touch made one, in the order in which they first occur."""
    merged: list[tuple[int, Span]] = []
    for index, span in sorted(enumerate(spans), key=lambda item: item[1]):
        if merged and span.start <= merged[-1][1].stop:
            first, before = merged[-1]
            merged[-1] = min(first, index), Span(before.start, max(before.stop, span.stop))
        else:
            merged.append((index, span))
    return [span for _, span in sorted(merged)]
