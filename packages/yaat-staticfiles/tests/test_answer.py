"""What a request for a file gets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat.etag import ETag
from yaat.exceptions import HTTPException
from yaat.headers import Headers
from yaat_staticfiles.answer import WISHES, Decision, answer, decide, make_response
from yaat_staticfiles.ranges import Span
from yaat_staticfiles.representation import Loaded, Representation, load

Put = Callable[..., Path]

CONTENT = b"0123456789" * 5
#: 2023-11-14 22:13:20, and a part of a second.
CHANGED = 1_700_000_000.5
FILE = Representation(
    size=len(CONTENT),
    etag=ETag("v1"),
    modified=CHANGED,
    media_type="text/plain",
    fields=((b"content-type", b"text/plain"), (b"etag", b'"v1"'), (b"cache-control", b"no-cache")),
    body=CONTENT,
)

ETAGS = st.sampled_from(['"v1"', 'W/"v1"', '"v2"', "*", '"v2", "v1"', "v1", "", '"', ","])
DATES = st.sampled_from(
    ["Tue, 14 Nov 2023 22:13:19 GMT", "Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:13:21 GMT", "", "0", "now"]
)
RANGES = st.sampled_from(["bytes=0-4", "bytes=-5", "bytes=90-", "bytes=0-0,2-3", "bytes=5-4", "x=1-2", "bytes=0-,0-"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "if-match": ETAGS,
        "if-none-match": ETAGS,
        "if-modified-since": DATES,
        "if-unmodified-since": DATES,
        "if-range": st.one_of(ETAGS, DATES),
        "range": RANGES,
    },
)


def make_headers(fields: dict[str, str]) -> Headers:
    """Return the headers of a request."""
    return Headers([(name.encode(), value.encode("latin-1")) for name, value in fields.items()])


def find_outcome(method: str, headers: Headers) -> int:
    """Return the status that a request gets."""
    try:
        return decide(method, headers, FILE).status
    except HTTPException as error:
        return error.status_code


@given(FIELDS, st.sampled_from(["GET", "HEAD"]))
def test_any_request_gets_one_of_five_answers(fields: dict[str, str], method: str) -> None:
    """Whatever is combined leads to the file, to parts of it, or to a 304, 412 or 416, each for its own reason."""
    outcome = find_outcome(method, make_headers(fields))
    if outcome in (304, 412):
        asked = {304: {"if-none-match", "if-modified-since"}, 412: {"if-match", "if-unmodified-since"}}[outcome]
        assert asked & fields.keys()
    elif outcome in (206, 416):
        assert method == "GET"
        assert "range" in fields
    else:
        assert outcome == 200


@given(FIELDS)
def test_content_is_as_long_as_it_says(fields: dict[str, str]) -> None:
    """The parts of any answer are bytes of the file, and the length is right."""
    try:
        response = answer("GET", make_headers(fields), Loaded(representation=FILE), FILE.fields)
    except HTTPException:
        return
    sent = dict(response.make_fields(len(response.body)))
    if response.status_code == 304:
        assert response.body == b""
        assert sent == {b"etag": b'"v1"', b"cache-control": b"no-cache"}
    else:
        assert int(sent[b"content-length"]) == len(response.body)
        assert response.status_code == 206 or response.body == CONTENT
        assert (b"content-range" in sent) == (response.status_code == 206 and b"multipart" not in sent[b"content-type"])


@given(st.dictionaries(st.sampled_from(sorted(WISHES)), st.text(st.characters(max_codepoint=255), max_size=50)))
def test_no_field_makes_it_fail(fields: dict[bytes, str]) -> None:
    """Any text in any of the fields leads to an answer."""
    headers = Headers([(name, value.encode("latin-1")) for name, value in fields.items()])
    assert find_outcome("GET", headers) in (200, 206, 304, 412, 416)


@pytest.mark.parametrize("modified", [None, CHANGED])
def test_a_file_without_a_date_has_no_part_by_date(modified: float | None) -> None:
    """If-Range with a date needs a date to compare with."""
    file = Representation(size=50, etag=ETag("v1"), modified=modified, media_type="x/y", fields=())
    headers = make_headers({"range": "bytes=0-1", "if-range": "Tue, 14 Nov 2023 22:13:20 GMT"})
    assert decide("GET", headers, file).status == (200 if modified is None else 206)


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("fields", [{"if-match": '"x"'}, {"range": "bytes=999999999-"}, {"if-none-match": "*"}])
def test_an_answer_without_content_closes_the_file(put: Put, large: bytes, fields: dict[str, str]) -> None:
    """What is not sent is not held open."""
    loaded, _ = load(str(put("a", large)), media_type="x/y")
    try:
        response = answer("GET", make_headers(fields), loaded, ())
    except HTTPException:
        return
    assert response.status_code == 304


def test_several_parts_have_a_type_of_their_own() -> None:
    """The type of the file stands in each part, that of the whole names the boundary."""
    decision = Decision(206, [Span(0, 2), Span(8, 10)])
    response = make_response(decision, Loaded(representation=FILE), FILE.fields)
    assert response.headers.get_all("content-type")[0].startswith("multipart/byteranges; boundary=")
    assert len(response.headers.get_all("content-type")) == 1
    assert response.body.count(b"Content-Type: text/plain\r\n") == 2
