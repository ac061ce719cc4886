"""Whatever a client sends as a form, it gets exactly one well-formed answer, in bounded time, and nothing is left.

`YAAT_FUZZ_EXAMPLES=10000 pytest tests/test_hostile.py` looks longer.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yaat import Yaat
from yaat_forms import FormLimits
from yaat_forms.framing import Framing

App = Callable[..., Yaat]
Build = Callable[..., bytes]
Send = Callable[..., Awaitable[Any]]

HOSTILE = settings(
    deadline=None,
    max_examples=int(os.environ.get("YAAT_FUZZ_EXAMPLES", "150")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
#: What forms are made of, whole and broken.
PIECES = st.sampled_from(
    [
        b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n',
        b"--b\r\nContent-Disposition: form-data; name=a; filename*=utf-8''%ff\r\n",
        b"Content-Type: text/plain; charset=utf-16\r\n\r\n",
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"\r\n--b",
        b"\r\n--b--",
        b"--b--",
        b"\r\n",
        b"\r",
        b"\n",
        b"\x00",
        b"\xff\xfe",
        b"value",
        b"x" * 300,
    ]
)
BODIES = st.lists(PIECES | st.binary(max_size=5), max_size=25)
CONTENT_TYPES = st.sampled_from(
    [
        "multipart/form-data; boundary=b",
        'multipart/form-data; boundary="b"; charset=utf-16',
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xff",
        "multipart/form-data; boundary*0=b",
        "multipart/form-data;;;boundary=b",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ]
)


@HOSTILE
@given(body=BODIES, content_type=CONTENT_TYPES, client_stays=st.booleans(), path=st.sampled_from(["/", "/parts"]))
def test_every_form_gets_one_answer_and_leaves_nothing(
    *,
    make_app: App,
    send: Send,
    list_open: Callable[[Path], list[str]],
    body: list[bytes],
    content_type: str,
    client_stays: bool,
    path: str,
) -> None:
    """It is read, or refused with 400, 413 or 415; the app lives on, and no file is open."""
    chunks = [chunk for chunk in body if chunk]
    with tempfile.TemporaryDirectory() as folder:
        limits = {"max_fields": 5, "max_files": 5, "max_field_bytes": 500, "max_file_bytes": 500}
        app = make_app(spool_bytes=0, spool_folder=folder, max_header_bytes=300, **limits)

        async def exchange() -> None:
            sent = chunks if client_stays else [*chunks, None]
            answer = await send(app, sent, content_type=content_type, path=path)
            assert answer.status in ({200, 400, 413, 415} if client_stays else {0, 200, 400, 413, 415})
            assert (await send(app, [b"--b--"])).text == "[]"
            app.extensions["forms"].threads.close()

        asyncio.run(exchange())
        assert list_open(Path(folder)) == []


async def test_form_may_come_byte_by_byte(make_app: App, send: Send, build: Build) -> None:
    """How the network cuts a form changes nothing."""
    content = build(('name="ü"', b"1"), ("name=f; filename=x", b"\r\n--\r\n-b"), ("name=c", b""))
    for path in ("/", "/parts"):
        whole = await send(make_app(), [content], path=path)
        assert whole.status == 200
        assert await send(make_app(), [content[at : at + 1] for at in range(len(content))], path=path) == whole


async def test_content_length_that_lies_is_not_believed(make_app: App, send: Send, build: Build) -> None:
    """Neither less nor more than was said changes what is read; only what arrives counts."""
    content = build(("name=a", b"1"))
    for length in (b"0", b"5", b"100000"):
        answer = await send(make_app(), [content], headers=[(b"content-length", length)])
        assert answer.text == '[["a","1"]]'


async def test_content_without_a_length_is_limited(make_app: App, send: Send) -> None:
    """A body that goes on and on ends at the limit, not when the memory does."""
    head = b"--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n"
    answer = await send(make_app(max_total_bytes=1_000_000), [head, *([b"x" * 10_000] * 200)])
    assert answer.status == 413


async def test_two_content_types_are_refused(make_app: App, send: Send, build: Build) -> None:
    """Somebody in front of the app may have looked at the other one."""
    types = ["multipart/form-data; boundary=b", "multipart/form-data; boundary=c"]
    assert (await send(make_app(), [build(("name=a", b"1"))], content_type=types)).status == 400


async def test_million_tiny_parts_are_refused_at_the_limit(make_app: App, send: Send) -> None:
    """The part that is one too many ends it; those behind it are not looked at."""
    part = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
    answer = await send(make_app(), [part * 1_000_000])
    assert answer.status == 400
    assert "more than 1000 fields" in answer.text


PART = b"--b\r\nContent-Disposition: form-data; name=a\r\n"


@pytest.mark.parametrize(
    ("begin", "unit", "chunk_bytes"),
    [
        pytest.param(b"", PART + b"\r\n\r\n", 65_536, id="parts"),
        pytest.param(PART + b"\r\n", b"\r\n--", 65_536, id="half delimiters"),
        pytest.param(PART + b"\r\n", b"\r", 65_536, id="half line ends"),
        pytest.param(PART + b"\r\n", b"\r\n--", 3, id="small chunks"),
        pytest.param(b"", b"\r\n--a", 65_536, id="preamble"),
        pytest.param(b"", PART + b"X: " + b"x" * 500 + b"\r\n x" * 100 + b"\r\n\r\n\r\n", 65_536, id="folded headers"),
        pytest.param(b"--b--", b"\r\n--b", 65_536, id="epilogue"),
        pytest.param(b"", PART[:-2] + b'; a="' + b'\\"' * 200 + b'"\r\n\r\n\r\n', 65_536, id="quotes"),
    ],
)
def test_time_is_linear_in_the_content(begin: bytes, unit: bytes, chunk_bytes: int) -> None:
    """Four times as much takes about four times as long, whatever it is made of."""
    limits = FormLimits(max_fields=1 << 30, max_field_bytes=1 << 30)

    def measure(content: bytes) -> float:
        framing = Framing("b", limits)
        start = time.process_time()
        for place in range(0, len(content), chunk_bytes):
            for _ in framing.feed(content[place : place + chunk_bytes]):
                pass
        return time.process_time() - start

    count = max(1, (40_000 if chunk_bytes < 10 else 150_000) // len(unit))
    small, large = begin + unit * count, begin + unit * (4 * count)
    # Tried a few times, because others use the machine too.
    assert any(measure(large) < 6 * max(measure(small), 1e-4) for _ in range(8))
