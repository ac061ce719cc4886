"""Forms: what others had to mend in theirs, sent to ours."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.media_type import InvalidMediaType, parse_media_type
from yaat.query import parse_urlencoded
from yaat_forms import FormLimits, FormsPlugin, InvalidForm
from yaat_forms.framing import Framing
from yaat_forms.head import read_head

from .asking import Answer, ask, is_linear

CHUNK_BYTES = 65_536
#: For what is measured, and what no limit may end before that.
NO_LIMITS = FormLimits(max_field_bytes=1 << 40, max_fields=1 << 40)
FIELD = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"


def make_app(**limits: Any) -> Yaat:
    """Return an app that answers with what is in a form."""
    app = Yaat(autoload=False, plugins=[FormsPlugin(**limits)])

    @app.post("/")
    async def read(request: Request) -> list[list[str]]:
        form = await request.form()
        return [[name, getattr(value, "filename", value)] for name, value in form.multi_items()]

    return app


def send(
    app: Yaat,
    *chunks: bytes,
    type: bytes = b"multipart/form-data; boundary=b",
    more: Iterable[tuple[bytes, bytes]] = (),
) -> Answer:
    """Return what *app* answers to a form."""
    return ask(app, method="POST", headers=[(b"content-type", type), *more], chunks=chunks)


def feed(content: bytes) -> int:
    """Return how many bytes of parts are in *content*."""
    framing, count = Framing("b", NO_LIMITS), 0
    for place in range(0, len(content), CHUNK_BYTES):
        count += sum(len(event) for event in framing.feed(content[place : place + CHUNK_BYTES]) if type(event) is bytes)
    return count


@pytest.mark.parametrize(
    ("before", "after"), [(b"\r\n", b""), (b"\r", b""), (b"\n", b""), (b"", b"\r\n"), (b"", b"x"), (b"", b"\r\n--b--")]
)
def test_what_stands_around_a_form_takes_linear_time(before: bytes, after: bytes) -> None:
    """Line ends before the first part and anything behind the last are passed over, not looked at byte by byte."""

    def prepare(count: int) -> bytes:
        return before * count + b"\r\n" + FIELD + b"1\r\n--b--\r\n" + after * count

    assert is_linear(prepare, feed, count=100_000)


@pytest.mark.parametrize("content", [b"\r\n" * 1000 + FIELD + b"1\r\n--b--" + b"x" * 1000, b"--b\r\nX\r\n\r\n" * 1000])
def test_no_form_fills_the_log(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """The client is told what is wrong with its form; nobody else needs to know."""
    caplog.set_level(logging.DEBUG)
    assert send(make_app(), content).status in (200, 400)
    assert [record for record in caplog.records if record.name != "asyncio"] == []


@pytest.mark.parametrize("beginning", [b"\r", b"\n", b"\r\n", b"\r\n-", b"\r\n--"])
def test_content_that_begins_like_a_delimiter_is_passed_on_in_linear_time(beginning: bytes) -> None:
    """What cannot be a delimiter any more is given on at once, so nothing is kept and searched again."""
    framing = Framing("b", NO_LIMITS)
    events = [event for chunk in (FIELD + beginning, b"x" * 1_000_000) for event in framing.feed(chunk)]
    assert sum(len(event) for event in events if type(event) is bytes) > 999_900
    assert is_linear(lambda count: FIELD + beginning + b"x" * count, feed, count=1_000_000)


@pytest.mark.parametrize("unit", ['; a="b;c"', "; a=", '; a="\\"', ';"', " ", "\\", '; filename="'])
def test_parameters_take_linear_time(unit: str) -> None:
    """Neither a Content-Disposition nor a Content-Type makes its parser look again at what it has seen."""

    def read_both(text: str) -> None:
        with suppress(InvalidForm):
            read_head([("Content-Disposition", f"form-data{text}")])
        with suppress(InvalidMediaType):
            parse_media_type(f"multipart/form-data{text}")

    assert is_linear(lambda count: f"{unit * count}!", read_both, count=2_000)


@pytest.mark.parametrize("name", ["&", ";"])
def test_urlencoded_fields_take_linear_time(name: str) -> None:
    """A separator that is not there is not looked for again and again."""
    assert is_linear(lambda count: b"a;" * count, lambda raw: parse_urlencoded(raw, max_fields=1 << 40))


def test_semicolon_divides_no_fields() -> None:
    """Browsers and what stands before an app know `&` alone (URL standard, "application/x-www-form-urlencoded")."""
    content = b"role=user&x=;role=admin"
    for chunks in ([content], [content[at : at + 1] for at in range(len(content))]):
        answer = send(make_app(), *chunks, type=b"application/x-www-form-urlencoded")
        assert answer.text == '[["role","user"],["x",";role=admin"]]'
    assert parse_urlencoded(content) == [("role", "user"), ("x", ";role=admin")]


@pytest.mark.parametrize("length", [b"-1", b"-99999999999", b"+5", b"\xb2", b"1_0", b""])
def test_length_that_is_none_lifts_no_limit(length: bytes) -> None:
    """What arrives is counted, whatever was said of it."""
    content = FIELD + b"x" * 5000 + b"\r\n--b--\r\n"
    more = [(b"content-length", length)]
    assert send(make_app(), content, more=more).status == 200
    assert send(make_app(max_total_bytes=1000), content, more=more).status == 413


@pytest.mark.parametrize(
    "extended", ["name*=utf-8''role", "filename*=utf-8''evil.php", "filename*0=evil; filename*1=.php"]
)
def test_extended_parameters_smuggle_nothing(extended: str) -> None:
    """What looks at forms in front of an app sees the plain parameters, and so does the app (RFC 7578 §4.2)."""
    head = f'Content-Disposition: form-data; name="comment"; filename="safe.txt"; {extended}'
    content = f"--b\r\n{head}\r\n\r\n1\r\n--b--\r\n".encode()
    assert send(make_app(), content).text == '[["comment","safe.txt"]]'


@pytest.mark.parametrize(
    "line", [b"X: y\r\n" * 17, b"X: " + b"y" * 9000 + b"\r\n", b"X" * 9000 + b": y\r\n", b"X" * 9000]
)
def test_headers_of_a_part_are_limited(line: bytes) -> None:
    """In their number, and in their size, name and value alike; whether they come to an end or not."""
    answer = send(make_app(), FIELD[:-2] + line)
    assert answer.status == 413
    assert "The header of a part, with at most 16 lines, is over the limit of 8192 bytes." in answer.text


def test_no_check_is_an_assertion() -> None:
    """Python leaves `assert` out with `-O`; what keeps an app safe is an `if`."""
    sources = Path(__file__).parent.parent.parent.glob("packages/*/src/*/**/*.py")
    # What tests inherit, or what the template of an app begins with, is made of assertions.
    kept = [path for path in sources if "yaat_testclient" not in path.parts and "project" not in path.parts]
    assert len(kept) > 100
    assert [str(path) for path in kept if "\n    assert " in path.read_text("utf-8")] == []


def test_uploads_stay_in_their_folder(tmp_path: Path) -> None:
    """The name for the disk is the last part of what the client says, and never more."""
    app, folder = Yaat(autoload=False, plugins=[FormsPlugin()]), tmp_path / "uploads"
    folder.mkdir()

    @app.post("/")
    async def save(request: Request) -> str:
        upload = (await request.form())["a"]
        await upload.save(folder / upload.safe_filename)
        return str(upload.safe_filename)

    for name in ("../../evil.txt", "/etc/evil.txt", "..\\evil.txt", f"{tmp_path}/evil.txt", "C:\\evil.txt"):
        head = f'--b\r\nContent-Disposition: form-data; name=a; filename="{name}"\r\n\r\n'
        assert send(app, head.encode() + b"1\r\n--b--\r\n").text == "evil.txt"
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "uploads",
        "uploads/evil.txt",
    ]
