"""RFC 2046 §5.1, "Multipart Media Type", as far as forms use it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from yaat import Yaat

App = Callable[..., Yaat]
Build = Callable[..., bytes]
Send = Callable[..., Awaitable[Any]]

#: A form of one field, without what is around it.
FIELD = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--"


@pytest.mark.parametrize("boundary", ["0'()+_,-./:=?", "with space", "x" * 70, "-", "a"])
async def test_5_1_1_boundary_may_have_all_its_characters(
    make_app: App, send: Send, build: Build, boundary: str
) -> None:
    """bchars are digits, letters, '()+_,-./:=? and space, 1 to 70 of them (§5.1.1)."""
    content = build(("name=a", b"1"), boundary=boundary)
    answer = await send(make_app(), [content], content_type=f'multipart/form-data; boundary="{boundary}"')
    assert answer.text == '[["a","1"]]'


@pytest.mark.parametrize("boundary", ["x" * 71, "ends with space ", "a;b", "a@b"])
async def test_5_1_1_boundary_may_have_no_others(make_app: App, send: Send, build: Build, boundary: str) -> None:
    """Boundaries must be no longer than 70 characters, and not end with a space (§5.1.1)."""
    content = build(("name=a", b"1"), boundary=boundary)
    answer = await send(make_app(), [content], content_type=f'multipart/form-data; boundary="{boundary}"')
    assert answer.status == 400


@pytest.mark.parametrize("preamble", [b"", b"\r\n", b"Explanation.\r\n", b"no line -- --b\r\n", b"--c\r\n"])
async def test_5_1_1_preamble_is_ignored(make_app: App, send: Send, preamble: bytes) -> None:
    """What precedes the first delimiter is to be ignored (§5.1.1)."""
    assert (await send(make_app(), [preamble + FIELD])).text == '[["a","1"]]'


@pytest.mark.parametrize("epilogue", [b"", b"\r\n", b"\r\nmore", b"\r\n" + FIELD, b"\r\n" * 100_000])
async def test_5_1_1_epilogue_is_ignored(make_app: App, send: Send, epilogue: bytes) -> None:
    """What follows the last delimiter is to be ignored (§5.1.1)."""
    assert (await send(make_app(), [FIELD + epilogue])).text == '[["a","1"]]'
    assert (await send(make_app(), [FIELD, *([epilogue] if epilogue else [])])).text == '[["a","1"]]'


async def test_5_1_1_line_end_before_a_delimiter_belongs_to_it(make_app: App, send: Send, build: Build) -> None:
    """The CRLF preceding the delimiter line is conceptually attached to it; a part may end with one of its own."""
    assert (await send(make_app(), [build(("name=a", b"1\r\n"))])).text == '[["a","1\\r\\n"]]'


async def test_5_1_1_delimiter_stands_at_the_beginning_of_a_line(make_app: App, send: Send, build: Build) -> None:
    """A delimiter within a line is content (§5.1.1)."""
    assert (await send(make_app(), [build(("name=a", b"x--b--"))])).text == '[["a","x--b--"]]'


@pytest.mark.parametrize("line", [b"--bc", b"--b ", b"--b\n", b"--b-"])
async def test_5_1_1_delimiter_must_not_appear_in_a_part(make_app: App, send: Send, build: Build, line: bytes) -> None:
    """What begins with the delimiter and does not end like one is ambiguous, and refused (§5.1.1)."""
    assert (await send(make_app(), [build(("name=a", b"1\r\n" + line + b"\r\n2"))])).status == 400


async def test_5_1_1_last_delimiter_must_be_there(make_app: App, send: Send) -> None:
    """The last delimiter tells that no more parts follow; without it, something is missing (§5.1.1)."""
    for end in (1, 2, 3, 5):
        assert (await send(make_app(), [FIELD[:-end]])).status == 400


async def test_5_1_1_line_ends_are_cr_and_lf(make_app: App, send: Send) -> None:
    """Lines end with CRLF, and nothing else (§5.1.1, RFC 2046 §4.1.1)."""
    assert (await send(make_app(), [FIELD.replace(b"\r\n", b"\n")])).status == 400
    assert (await send(make_app(), [FIELD.replace(b"\r\n", b"\r")])).status == 400


async def test_5_1_1_headers_may_be_folded(make_app: App, send: Send) -> None:
    """A header goes on in a line that begins with a blank (§5.1.1, RFC 822 §3.1.1)."""
    folded = FIELD.replace(b"; name", b";\r\n\tname")
    assert (await send(make_app(), [folded])).text == '[["a","1"]]'


async def test_5_1_1_part_needs_an_empty_line(make_app: App, send: Send) -> None:
    """A part that has headers alone, which the grammar allows, would swallow the next one: it is refused."""
    headers = b"--b\r\nContent-Disposition: form-data; name=a\r\n"
    assert (await send(make_app(), [headers + b"\r\n" + FIELD])).status == 400


async def test_5_1_3_other_kinds_of_multipart_are_no_forms(make_app: App, send: Send) -> None:
    """multipart/mixed and its like are no forms, so nobody reads them as one (§5.1.3)."""
    assert (await send(make_app(), [FIELD], content_type="multipart/mixed; boundary=b")).status == 415
