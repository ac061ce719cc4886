"""Time in proportion to the input, for all that the extensions read of what clients send, and of what people write.

That of the core is in its own tests, that of the framing of forms in theirs, and what peers had to mend in
`tests/security`. The command line reads no forwarded headers: what it gives to a server is the server's to read.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from yaat import Yaat
from yaat.exceptions import ConfigurationError, HTTPException
from yaat_cli.errors import CommandFailed
from yaat_cli.finding import parse_target
from yaat_cors import CORSPlugin
from yaat_cors.origin import check_origin
from yaat_forms.boundary import read_boundary
from yaat_forms.charset import decode_text, find_codec
from yaat_forms.filename import make_safe_filename
from yaat_forms.head import read_head
from yaat_openapi.docstring import read_docstring
from yaat_openapi.path import parse_path
from yaat_staticfiles.cache_rules import CacheRules, has_hash
from yaat_staticfiles.codings import list_codings
from yaat_staticfiles.disposition import format_disposition
from yaat_staticfiles.folder import split_path
from yaat_staticfiles.ranges import NotSatisfiable, parse_ranges
from yaat_typed import codec
from yaat_typed.mistakes import list_mistakes
from yaat_typed.text import list_members, make_list_parser, make_parser
from yaat_websockets.close_code import trim_reason
from yaat_websockets.opening import make_accept

from ..security.asking import ask, is_linear


def suppressed(function: Callable[[Any], object], *errors: type[Exception]) -> Callable[[Any], None]:
    """Return *function* as it is for hostile input: the errors it documents may come."""

    def run(value: Any) -> None:
        with suppress(*errors):
            function(value)

    return run


# --- forms ---


@pytest.mark.parametrize("unit", ["a", ";", "; boundary", "; boundary=b", '"', "\\", " ", "=", '; a="', "\t;"])
def test_content_types_of_forms(unit: str) -> None:
    """Of looking for the boundary."""
    read = suppressed(lambda text: read_boundary([f"multipart/form-data; boundary=b{text}"]), HTTPException)
    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize(
    "unit", ["a", '"', '\\"', "\\", "; a=b", '; a="b"', ";", " ", "\u0301", "/", ".", "<", "\u202e", "é"]
)
def test_heads_of_parts(unit: str) -> None:
    """Of the headers of a part, and of making a safe name of its filename."""

    def read(text: str) -> None:
        for fields in ([("Content-Disposition", f"form-data; name={text}")], [("X", text)] * 3):
            suppressed(read_head, HTTPException)(fields)
        make_safe_filename(text)
        make_safe_filename(f"{text}.{text}")

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", [b"a", b"\xff", b"\xc3\xa9", b"+AGE-", b"\x00"])
def test_texts_of_fields(unit: bytes) -> None:
    """Of a text in its charset, and of the name of a charset."""

    def read(content: bytes) -> None:
        for charset in ("utf-8", "latin-1", "utf-16", content.decode("latin-1")):
            suppressed(lambda charset: decode_text(content, find_codec(charset), "a"), HTTPException)(charset)

    assert is_linear(lambda count: unit * count, read)


# --- files ---


@pytest.mark.parametrize("unit", ["0-1,", "-", "1", ",", " ", "0-", "\t,", "=", "bytes="])
def test_ranges(unit: str) -> None:
    """Of a Range field."""
    read = suppressed(lambda text: parse_ranges(f"bytes={text}", 1000), NotSatisfiable)
    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", ["a", ".a", "/", "/a", ".", "-", "0a", "..", "\x00", "é", "con.", " "])
def test_paths_of_files(unit: str) -> None:
    """Of the path of a file: whether it may be one, how long it is kept, and what it is called when it is saved."""
    rules = CacheRules({"*.css": "public, max-age=60", "a/*/b*.js": "no-cache"})

    def read(text: str) -> None:
        for is_windows in (False, True):
            split_path(text, is_windows=is_windows)
        has_hash(text)
        rules.find(text)
        format_disposition("attachment", text)

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", [b"gzip,", b"gzip;q=1,", b",", b";", b" ", b'"', b"*"])
def test_codings(unit: bytes) -> None:
    """Of choosing among the compressed neighbours of a file."""
    assert is_linear(lambda count: unit * count, list_codings)


# --- CORS ---


@pytest.mark.parametrize("unit", ["a", "a.", "://", "/", ":", "[", " ", "*", "é"])
def test_origins(unit: str) -> None:
    """Of an Origin, in a request and in the settings."""
    app = Yaat(
        autoload=False, plugins=[CORSPlugin(allow_origins=["https://a.example"], allow_origin_regex="https://b")]
    )
    app.add_route("/", lambda request: "")

    def read(text: str) -> None:
        origin = f"https://{text}".encode()
        for more in ((), ((b"access-control-request-headers", origin), (b"access-control-request-method", origin))):
            ask(app, method="OPTIONS" if more else "GET", headers=[(b"origin", origin), *more])
        suppressed(check_origin, ConfigurationError)(f"https://{text}")

    assert is_linear(lambda count: unit * count, read)


# --- typed parameters ---


@pytest.mark.parametrize("unit", ["5", "-", "e5", ".5", "a", ",", "٣", " ", "0", '",'])
def test_typed_texts(unit: str) -> None:
    """Of making numbers, dates and lists of texts."""
    parsers = [parse for parse in map(make_parser, (int, float, bool, date, UUID, Decimal, int | None)) if parse]
    parse_all = make_list_parser(list[int])

    def read(text: str) -> None:
        for parse in parsers:
            suppressed(parse, ValueError)(text)
        suppressed(parse_all, ValueError)(text.split(","))
        list_members([(b"x", text.encode())], b"x")

    assert is_linear(lambda count: unit * count, read)


@pytest.mark.parametrize("unit", [b"[", b'{"a":', b'"', b"\\", b"[],", b"9", b"1e9,", b"\xff", b'"\\ud800",', b"-"])
def test_typed_json(unit: bytes) -> None:
    """Of JSON with msgspec, and of the search for what is wrong in it."""

    def read(content: bytes) -> None:
        for begin, end in ((b"", b""), (b"[", b"0]"), (b'["', b'"]')):
            suppressed(lambda raw: list_mistakes(codec.decode(raw), list[int], "body"), ValueError)(
                begin + content + end
            )

    assert is_linear(lambda count: unit * count, read)


# --- WebSockets ---


@pytest.mark.parametrize("unit", ["a", "é", "\U0001f600"])
def test_reasons(unit: str) -> None:
    """Of cutting a reason to what a close frame holds."""
    assert is_linear(lambda count: unit * count, trim_reason)


def test_subprotocols() -> None:
    """Of looking for a subprotocol among those that the client offers."""

    def answer(names: list[str]) -> None:
        suppressed(lambda names: make_accept({"subprotocols": names}, "none", ()), ValueError)(names)
        make_accept({"subprotocols": names}, names[-1], ())

    assert is_linear(lambda count: [f"p{number}" for number in range(count)], answer)


# --- what people write ---


@pytest.mark.parametrize("unit", ["---", "---\n", "--- \n", " ", "\n", "tags: ", "x-", "a\n\n", "- a\n", "\t\n"])
def test_docstrings(unit: str) -> None:
    """Of a docstring with or without an operation in it."""
    read = suppressed(lambda text: read_docstring(f"Say.\n\n{text}x", "here"), ConfigurationError)
    assert is_linear(lambda count: unit * count, read, count=2_000)


@pytest.mark.parametrize("unit", ["/{a}", "{", "}", "/{a:int}", "{a:", "/a"])
def test_document_paths(unit: str) -> None:
    """Of a path, as the document has it."""
    assert is_linear(lambda count: unit * count, parse_path)


@pytest.mark.parametrize("unit", ["a", ".", "a.", ":", "()", "é"])
def test_targets_of_the_command_line(unit: str) -> None:
    """Of what `--app` names."""
    read = suppressed(lambda text: parse_target(text, Path(), "--app"), CommandFailed)
    assert is_linear(lambda count: unit * count, read)
