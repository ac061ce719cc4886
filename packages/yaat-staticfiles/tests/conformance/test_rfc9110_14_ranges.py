"""RFC 9110 §14: range requests."""

import asyncio
from email import message_from_bytes
from typing import Any

import pytest


def test_ranges_are_offered(site: Any) -> None:
    """§14.3: Accept-Ranges says that parts can be had."""
    assert site.ask().headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("field", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=500-", 500, None),
        ("bytes=-500", -500, None),
        ("bytes=0-99999999999999999999999", 0, None),
        ("bytes=-99999999999999999999999", 0, None),
    ],
)
def test_a_single_part(site: Any, field: str, start: int, stop: int | None) -> None:
    """§14.1.2, §15.3.7.1: the part, its place, and its own length."""
    answer = site.ask(range=field)
    assert answer.status_code == 206
    assert answer.content == site.content[start:stop]
    first, last, _ = slice(start, stop).indices(site.size)
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{site.size}"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"] == site.etag
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_several_parts(site: Any) -> None:
    """§14.6, §15.3.7.2: each part tells its place; the head tells none."""
    answer = site.ask(range="bytes=500-501,0-1,-2")
    assert answer.status_code == 206
    assert "content-range" not in answer.headers
    assert answer.headers["content-length"] == str(len(answer.content))
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    payload = message_from_bytes(head + answer.content).get_payload()
    places = [part["content-range"] for part in payload]  # type: ignore[index]  # it is a list of parts
    size = site.size
    assert places == [f"bytes 500-501/{size}", f"bytes 0-1/{size}", f"bytes {size - 2}-{size - 1}/{size}"]


def test_parts_that_overlap_are_merged(site: Any) -> None:
    """§15.3.7.2: what is left as one part is a single part, without boundaries."""
    answer = site.ask(range="bytes=0-9,5-19,20-29")
    assert answer.status_code == 206
    assert answer.content == site.content[:30]
    assert answer.headers["content-range"] == f"bytes 0-29/{site.size}"


@pytest.mark.parametrize("field", ["bytes={}-", "bytes={}-{}", "bytes=-0"])
@pytest.mark.usefixtures("is_tight")
def test_ranges_beyond_the_end(site: Any, field: str) -> None:
    """§15.5.17: the refusal tells how long the file is."""
    answer = site.ask(range=field.format(site.size, site.size + 5))
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{site.size}"


@pytest.mark.parametrize("field", ["pages=1-2", "bytes=5-4", "bytes=x", "bytes", "bytes=0-1,a"])
def test_ranges_that_make_no_sense_are_ignored(site: Any, field: str) -> None:
    """§14.2: another unit, or a malformed range, leads to the whole file."""
    answer = site.ask(range=field)
    assert (answer.status_code, answer.content) == (200, site.content)


def test_only_get_has_ranges(site: Any) -> None:
    """§14.2: a Range field of another method is ignored."""
    answer = site.ask("HEAD", range="bytes=0-1")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(site.size)


@pytest.mark.usefixtures("is_tight")
def test_a_flood_of_ranges_makes_no_work(site: Any) -> None:
    """§14.2, §17.15: hundreds of ranges, overlapping or not, never lead to more than the file."""
    for members in (["0-"] * 99, ["0-0,-1"] * 300, [f"{n}-{n}" for n in range(0, 20_000, 2)]):
        answer = site.ask(range="bytes=" + ",".join(members))
        assert answer.status_code in (200, 206)
        assert len(answer.content) <= site.size


def test_a_repeated_range_field_is_ignored(site: Any) -> None:
    """§5.3: Range is no list, so two of them make no sense."""
    assert _get_status(site.app, (b"range", b"bytes=0-1"), (b"range", b"bytes=2-3")) == 200


def test_a_repeated_if_range_field_is_no_match(site: Any) -> None:
    """§13.1.5: nor is If-Range a list."""
    etag = (b"if-range", site.etag.encode())
    assert _get_status(site.app, (b"range", b"bytes=0-1"), etag) == 206
    assert _get_status(site.app, (b"range", b"bytes=0-1"), etag, etag) == 200


def _get_status(app: Any, *headers: tuple[bytes, bytes]) -> int:
    """Return the status of a response; some clients would join fields of one name."""
    messages: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "GET", "path": "/files/a.txt", "raw_path": b"/files/a.txt", "root_path": ""}
    asyncio.run(app({**scope, "query_string": b"", "http_version": "1.1", "headers": list(headers)}, receive, send))
    status: int = messages[0]["status"]
    return status
