"""Content that is served from bytes."""

from typing import Any

from yaat import Request
from yaat_openapi.representation import Representation

PAGE = Representation(b"content", "text/html", {"x-a": "1"})


def make_request(*fields: tuple[bytes, bytes]) -> Request[Any]:
    """Return a request with headers."""
    return Request({"type": "http", "method": "GET", "path": "/", "headers": list(fields)})


def test_content_is_sent_with_its_tag() -> None:
    """The first time a client gets everything, and is told to ask before using it again."""
    response = PAGE.respond(make_request())
    assert (response.status_code, response.body) == (200, b"content")
    assert dict(response.headers) == {
        "content-type": "text/html; charset=utf-8",
        "etag": str(PAGE.etag),
        "cache-control": "no-cache",
        "x-a": "1",
    }


def test_client_that_has_the_content_gets_304() -> None:
    """Nothing is sent again; the tag is, so that the client's copy stays known (RFC 9110 §15.4.5)."""
    response = PAGE.respond(make_request((b"if-none-match", str(PAGE.etag).encode())))
    assert (response.status_code, response.headers["etag"]) == (304, str(PAGE.etag))


def test_client_that_has_something_else_gets_the_content() -> None:
    """The tag of an older document is no reason to send nothing."""
    assert PAGE.respond(make_request((b"if-none-match", b'"old"'))).body == b"content"


def test_tag_in_a_second_field_counts() -> None:
    """Several fields of one name are one list (RFC 9110 §5.3)."""
    tag = str(PAGE.etag).encode()
    assert PAGE.respond(make_request((b"if-none-match", b'"old"'), (b"if-none-match", tag))).status_code == 304


def test_other_content_has_another_tag() -> None:
    """Whoever has the old content gets the new one."""
    assert Representation(b"other", "text/html").etag != PAGE.etag
