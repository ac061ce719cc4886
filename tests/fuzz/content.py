"""Targets: queries, forms and JSON, each beside a naive model of what is right."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from math import isinf
from typing import Any

import pytest

from yaat.exceptions import HTTPException
from yaat.json_codec import MAX_DEPTH, InvalidJSON, decode_json, encode_json
from yaat.query import QueryParams, TooManyFields, format_query, parse_urlencoded
from yaat_forms import FormLimits
from yaat_forms.boundary import read_boundary
from yaat_forms.filename import MAX_NAME_BYTES, make_safe_filename
from yaat_forms.framing import Framing
from yaat_forms.part_head import Event, PartHead
from yaat_typed import codec

from .preferences import parse_member

# --- queries, and forms in the same notation ---


def check_query(data: bytes) -> None:
    """The fields are those that the algorithm of the URL standard gives, byte by byte, within the limit."""
    expected = parse_naively(data)
    assert parse_urlencoded(data, max_fields=10_000) == expected
    params = QueryParams(data, max_fields=10_000)
    assert dict(params.items()) == dict(expected)
    assert params.multi_items() == expected
    assert parse_urlencoded(format_query(expected).encode()) == expected
    # What the query is as part of a URL is the same query.
    assert parse_urlencoded(str(params).encode(), max_fields=10_000) == expected
    assert str(params).isascii()
    count = data.count(b"&") + 1
    for limit in (1, 3):
        try:
            assert parse_urlencoded(data, max_fields=limit) == expected
            dict(QueryParams(data, max_fields=limit).items())
        except TooManyFields:
            assert count > limit
        else:
            assert count <= limit or not data


def parse_naively(raw: bytes) -> list[tuple[str, str]]:
    """Return the fields of *raw* (https://url.spec.whatwg.org/#urlencoded-parsing)."""
    pairs = []
    for field in raw.split(b"&"):
        if field:
            name, _, value = field.partition(b"=")
            pairs.append((decode_naively(name), decode_naively(value)))
    return pairs


def decode_naively(raw: bytes) -> str:
    """Return the text of a name or value."""
    octets, position = bytearray(), 0
    while position < len(raw):
        octet = raw[position : position + 1]
        if octet == b"%" and re.fullmatch(rb"[0-9A-Fa-f]{2}", raw[position + 1 : position + 3]):
            octet = bytes.fromhex(raw[position + 1 : position + 3].decode())
            position += 2
        octets += b" " if raw[position : position + 1] == b"+" else octet
        position += 1
    return octets.decode("utf-8", "replace")


# --- multipart ---

LIMITS = FormLimits(
    max_fields=4, max_files=4, max_field_bytes=60, max_file_bytes=90, max_header_bytes=200, max_memory_bytes=100
)


def check_multipart(data: bytes) -> None:
    """Content gives the same parts or the same error in whatever chunks it comes, and what is taken holds what it says.

    The first byte says how long the chunks are, and whether lines may end in a line feed alone in the sample.
    """
    length, content = (data[0] % 32 or 1) if data else 1, data[1:]
    if data and data[0] >= 128:
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    whole = read_parts([content])
    assert read_parts([content[at : at + length] for at in range(0, len(content), length)]) == whole
    assert read_parts([content[at : at + 1] for at in range(len(content))]) == whole
    if isinstance(whole, str):
        return
    assert [value for _, value in whole] == split_naively(content)[: len(whole)]
    assert len(whole) <= LIMITS.max_fields + LIMITS.max_files
    for head, _ in whole:
        name = make_safe_filename(head.filename)
        assert name not in ("", ".", "..")
        assert not re.search(r"[/\\\x00-\x1f]", name)
        assert len(name.encode()) <= MAX_NAME_BYTES
        assert make_safe_filename(name) == name
        head.headers.multi_items()
        with suppress(HTTPException):
            head.find_codec("utf-8")


def read_parts(chunks: list[bytes]) -> "list[tuple[PartHead, bytes]] | str":
    """Return the parts with their contents, or the name of the error they end in."""
    framing, events = Framing("b", LIMITS), list[Event]()
    try:
        for chunk in chunks:
            events += framing.feed(chunk)
        framing.finish()
    except HTTPException as error:
        return name_refusal(error, (400, 413, 415))
    parts: list[tuple[Any, bytes]] = []
    for event in events:
        if isinstance(event, PartHead):
            parts.append((Comparable(event), b""))
        elif event is not None:
            parts[-1] = (parts[-1][0], parts[-1][1] + event)
    return parts


def name_refusal(error: HTTPException, statuses: tuple[int, ...]) -> str:
    """Return what *error* is, which must be one of *statuses*."""
    assert error.status_code in statuses
    return f"{error.status_code} {type(error).__name__}"


class Comparable(PartHead):
    """A head that is equal to another one that says the same."""

    __slots__ = ()

    def __init__(self, head: PartHead) -> None:
        fields = [(name, value) for name, value in head.headers.multi_items()]
        super().__init__(head.name, head.filename, head.content_type, fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Comparable) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self.name)

    def _said(self) -> tuple[object, ...]:
        return self.name, self.filename, self.content_type, self._fields


def split_naively(content: bytes) -> list[bytes]:
    """Return the contents of the parts between the delimiters of well-formed content."""
    pieces = (b"\r\n" + content).split(b"\r\n--b")
    contents = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        contents.append(piece.partition(b"\r\n\r\n")[2])
    return contents


def check_boundary(data: bytes) -> None:
    """A Content-Type names one boundary as RFC 2046 has it, or is refused."""
    text = data.decode("latin-1")
    try:
        boundary = read_boundary([text])
    except HTTPException as error:
        name_refusal(error, (400,))
        return
    assert re.fullmatch(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]", boundary)
    parsed = parse_member(text.strip(" \t"))
    assert parsed is not None
    assert parsed[1]["boundary"] == boundary
    # Somebody who looks for the word alone finds it once: nobody in front of the app has seen another one.
    assert len(re.findall(r"(?i)[; \t]boundary[ \t]*=", text)) == 1


# --- JSON ---


class _Refused(ValueError):
    """The model takes no such text."""


def check_json(data: bytes) -> None:
    """Both codecs take what the model takes, and give the same; what they write they read again."""
    try:
        expected = decode_naively_json(data)
    except ValueError:
        for decode in (decode_json, codec.decode):
            check_refusal(decode, data)
        return
    assert repr(decode_json(data)) == repr(expected)
    assert repr(codec.decode(data)) == repr(expected)
    for encode in (encode_json, codec.encode):
        assert repr(decode_json(encode(expected))) == repr(expected)


def check_refusal(decode: Callable[[bytes], Any], data: bytes) -> None:
    """It is refused with one error, which is short and names a place in it."""
    with pytest.raises(InvalidJSON) as caught:
        decode(data)
    assert len(str(caught.value)) < 300
    assert 0 <= caught.value.line <= data.count(b"\n") + 1
    assert 0 <= caught.value.column <= len(data) + 1


def decode_naively_json(content: bytes) -> Any:
    """Return the value of *content*.

    Raises:
        ValueError: RFC 8259 has no such text, or it holds what cannot be represented.
    """
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")
    with suppress(RecursionError):
        value = json.loads(text, parse_constant=refuse, parse_float=parse_finite, object_pairs_hook=check_pairs)
        if measure_depth(value) <= MAX_DEPTH:
            json.dumps(value, ensure_ascii=False).encode()
            return value
    raise _Refused


def refuse(text: str) -> Any:
    """Raise for what is no JSON."""
    raise _Refused(text)


def parse_finite(text: str) -> float:
    """Return a number that a double can hold."""
    value = float(text)
    return refuse(text) if isinf(value) else value


def check_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of members with one name the last counts, and the others must be right as well."""
    for pair in pairs:
        json.dumps(pair, ensure_ascii=False).encode()
        if measure_depth(pair[1]) >= MAX_DEPTH:
            refuse("depth")
    return dict(pairs)


def measure_depth(value: Any) -> int:
    """Return how many arrays and objects lie in each other."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(measure_depth, value), default=0) if isinstance(value, list) else 0
