"""Targets: headers, cookies, ranges, conditions and preferences, each beside a naive model of what is right."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from yaat.conditional import evaluate
from yaat.cookies import InvalidCookie, format_set_cookie, parse_cookies
from yaat.etag import ETag, find_etags
from yaat.exceptions import HTTPException
from yaat.headers import Headers, InvalidHeader, MutableHeaders
from yaat.http_date import format_http_date, parse_http_date
from yaat_staticfiles.answer import decide
from yaat_staticfiles.multipart import ByteRanges
from yaat_staticfiles.ranges import MAX_RANGES, NotSatisfiable, parse_ranges
from yaat_staticfiles.representation import Representation

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"

# --- headers ---


def check_headers(data: bytes) -> None:
    """Headers are what a list of pairs would be, and hold nothing that could end one: each line is a change of them."""
    headers, model = MutableHeaders(), list[tuple[str, str]]()
    for line in data.decode("utf-8", "surrogateescape").split("\n")[:20]:
        verb, (name, _, value) = line[:1], line[1:].partition(":")
        try:
            change(headers, verb, name, value)
        except InvalidHeader:
            assert not re.fullmatch(TOKEN, name) or not is_value(value), line
        else:
            change_model(model, verb, name, value.strip(" \t"))
        assert headers.multi_items() == model
        assert headers.get_all(name) == [held for key, held in model if key == name.lower()]
        assert headers.get(name) == next(iter(headers.get_all(name)), None)
    assert not any(set(field) & {0, 10, 13} for pair in headers.raw for field in pair)


def change(headers: MutableHeaders, verb: str, name: str, value: str) -> None:
    """Make one change."""
    if verb == "+":
        headers.append(name, value)
    elif verb == "?":
        headers.setdefault(name, value)
    elif verb == "-":
        del headers[name]
    else:
        headers[name] = value


def change_model(model: list[tuple[str, str]], verb: str, name: str, value: str) -> None:
    """Make the same change in a list."""
    key = name.lower()
    places = [place for place, pair in enumerate(model) if pair[0] == key]
    if verb == "-":
        model[:] = [pair for pair in model if pair[0] != key]
    elif verb == "+" or not places:
        model.append((key, value))
    elif verb != "?":
        model[places[0]] = (key, value)
        model[:] = [pair for place, pair in enumerate(model) if place not in places[1:]]


def is_value(value: str) -> bool:
    """Return whether *value* may stand in a header (RFC 9110 §5.5)."""
    return all(each == "\t" or (" " <= each <= "\xff" and each != "\x7f") for each in value.strip(" \t"))


# --- cookies ---


def check_cookies(data: bytes) -> None:
    """A Cookie field is what its parts are, one by one; what Set-Cookie sets comes back as it was."""
    header = data.decode("latin-1")
    cookies = parse_cookies(header)
    assert cookies == parse_naively(header)
    # A cookie that has to be decoded must change nothing about the others.
    assert parse_cookies(header + '; last="\\101"') == {"last": "A", **cookies}
    name, _, value = data.decode("utf-8", "replace").partition("=")
    try:
        field = format_set_cookie(name, value)
    except InvalidCookie:
        assert re.fullmatch(TOKEN, name) is None or len(name) + 4 * len(value.encode()) > 4090 or name[:2] == "__"
        return
    pair, *attributes = field.split(";")
    assert attributes == [" Path=/", " SameSite=Lax"]
    assert field.isascii()
    assert field.isprintable()
    assert parse_cookies(pair) == {name: value}


def parse_naively(header: str) -> dict[str, str]:
    """Return the cookies of a field, by the words of `parse_cookies`."""
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        name, equals, value = part.partition("=")
        name = name.strip(" \t")
        if equals and name:
            cookies.setdefault(name, read_cookie_value(value.strip(" \t")))
    return cookies


def read_cookie_value(value: str) -> str:
    """Return the value without quotes and escapes, and as UTF-8 where it is that."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value, rest = "", value[1:-1]
        while rest:
            if octal := re.match(r"\\([0-3][0-7][0-7])", rest):
                value, rest = value + chr(int(octal[1], 8)), rest[4:]
            elif rest[0] == "\\" and len(rest) > 1:
                value, rest = value + rest[1], rest[2:]
            else:
                value, rest = value + rest[0], rest[1:]
    with suppress(UnicodeError):
        return value.encode("latin-1").decode()
    return value


# --- ranges ---

CHANGED = datetime(2020, 2, 29, 12, 30, tzinfo=UTC)


def check_range(data: bytes) -> None:
    """A Range gives exactly the bytes it asks for, in parts that do not touch, and never more than the file has."""
    size, field = data[0] if data else 0, data[1:].decode("latin-1")
    wanted = list_wanted(field, size)
    try:
        spans = parse_ranges(field, size)
    except NotSatisfiable:
        assert wanted == set()
        return
    if spans is None:
        assert wanted is None or size == 0
        return
    assert wanted == {place for span in spans for place in range(*span)}
    assert sum(stop - start for start, stop in spans) == len(wanted)
    edges = {edge for span in spans for edge in span}
    assert len(edges) == 2 * len(spans) <= 2 * MAX_RANGES
    pieces = ByteRanges(spans=spans, size=size, media_type="text/plain")
    content = b"".join(p if isinstance(p, bytes) else bytes(range(p.start, p.stop)) for p in pieces)
    assert len(content) == pieces.length
    assert content.count(b"\r\nContent-Range: bytes ") == len(spans)


def list_wanted(field: str, size: int) -> set[int] | None:
    """Return the places of the bytes that a Range asks for, or `None` where it does not count (RFC 9110 §14.1.1)."""
    unit, _, text = field.partition("=")
    members = [member.strip(" \t") for member in text.split(",")]
    members = [member for member in members if member]
    if unit.lower() != "bytes" or not members or text.count(",") >= MAX_RANGES:
        return None
    wanted: set[int] = set()
    for member in members:
        found = re.fullmatch("([0-9]*)-([0-9]*)", member)
        if found is None or member == "-":
            return None
        first, last = (min(int(digits[-4000:]), 10**6) if digits.strip("0") else 0 for digits in found.groups())
        if found[1] and found[2] and int(found[2]) < int(found[1]):
            return None
        if not found[1]:
            first, last = max(size - last, 0), size
        wanted.update(range(first, min(last + 1, size) if found[2] else size))
    return wanted


def check_conditions(data: bytes) -> None:
    """Conditions lead to 200, 206, 304, 412 or 416 and nothing else, as the RFC orders them: each line is a header."""
    fields = [line.partition(b":") for line in data.split(b"\n")[:8]]
    headers = Headers([(name.lower(), value.strip(b" \t")) for name, _, value in fields])
    etag = ETag("v1")
    file = Representation(size=10, etag=etag, modified=CHANGED.timestamp(), media_type="text/plain", fields=())
    status = evaluate("GET", headers, etag=etag, last_modified=CHANGED)
    try:
        decided = decide("GET", headers, file).status
    except HTTPException as error:
        decided = error.status_code
    assert decided == (status or decided)
    assert status or decided in (200, 206, 416)
    if decided in (206, 416):
        assert len(headers.get_all("range")) == 1
        assert headers.get("if-range") in (None, '"v1"') or parse_http_date(headers["if-range"]) == CHANGED
    check_etags(data.decode("latin-1"))
    check_evaluation(headers, status)


def check_etags(text: str) -> None:
    """Tags that are found in a list are in it; and a list of them alone gives them again."""
    tags = [*find_etags(text)]
    assert all(str(tag) in text for tag in tags)
    assert [*find_etags(", ,".join(map(str, tags)))] == tags
    moment = parse_http_date(text)
    if moment is not None:
        assert parse_http_date(format_http_date(moment)) == moment


def check_evaluation(headers: Headers, status: int | None) -> None:
    """The result is that of RFC 9110 §13.2.2, step by step."""
    match, none_match = (headers.get_all(name) for name in ("if-match", "if-none-match"))
    since, until = (headers.get_all(name) for name in ("if-modified-since", "if-unmodified-since"))
    expected: int | None = None
    if none_match:
        expected = 304 if names_version(none_match) else None
    elif len(since) == 1 and (moment := parse_http_date(since[0])) and moment >= CHANGED:
        expected = 304
    if match:
        expected = expected if names_version(match, is_strong=True) else 412
    elif len(until) == 1 and (moment := parse_http_date(until[0])) and moment < CHANGED:
        expected = 412
    assert status == expected


def names_version(values: list[str], *, is_strong: bool = False) -> bool:
    """Return whether a list is a star or names the version of the file."""
    text = ",".join(values)
    tags: list[Any] = [tag for tag in find_etags(text) if tag.value == "v1" and not (is_strong and tag.is_weak)]
    return bool(tags) or text.strip(" \t") == "*"
