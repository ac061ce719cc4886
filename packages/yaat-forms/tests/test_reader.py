"""Forms of requests, whole and in parts."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.exceptions import ContentTooLarge
from yaat_forms import Form, FormLimits, FormReader, InvalidForm, PartTooLarge, TooManyParts

Build = Callable[..., bytes]
Send = Callable[..., Awaitable[Any]]

MULTIPART = b"multipart/form-data; boundary=b"
URLENCODED = b"application/x-www-form-urlencoded"


def make_request(content: bytes, content_type: bytes = MULTIPART) -> Request:
    """Return a request outside any app."""

    async def receive() -> Any:
        return {"type": "http.request", "body": content}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", content_type)]}
    return Request(scope, receive)


async def test_reader_works_without_an_app(build: Build) -> None:
    """A form of any request can be read, with limits of its own."""
    request = make_request(build(("name=a", b"1")))
    assert await FormReader().read_multipart(request) == Form([("a", "1")])
    request = make_request(build(("name=a", b"1")))
    with pytest.raises(TooManyParts):
        await FormReader(limits=FormLimits(max_fields=0)).read_multipart(request)


async def test_files_are_closed_with_their_request(build: Build) -> None:
    """A file is there as long as its request is."""
    request = make_request(build(("name=f; filename=x", b"12345")))
    form = await FormReader(spool_bytes=0).read_multipart(request)
    upload = form.files["f"]
    assert await upload.read() == b"12345"
    request.close()
    with pytest.raises(ValueError, match="closed"):
        await upload.read()


async def test_form_can_be_read_from_content_that_was_read(build: Build) -> None:
    """What has read the whole content first, such as a check of its signature, is not in the way."""
    request = make_request(build(("name=a", b"1")))
    await request.body()
    assert await FormReader().read_multipart(request) == {"a": "1"}


def test_stream_without_a_boundary_is_refused_at_once() -> None:
    """Nothing of the content needs to be read for that."""
    with pytest.raises(InvalidForm, match="no boundary"):
        FormReader().stream(make_request(b"", b"multipart/form-data"))


async def test_form_in_the_query_notation_is_a_form_too() -> None:
    """Both kinds of forms look the same to a handler."""
    form = await FormReader().read_urlencoded(make_request(b"a=1&a=%C3%BC+x&b", URLENCODED))
    assert isinstance(form, Form)
    assert form.getlist("a") == ["1", "ü x"]
    assert form["b"] == ""


async def test_form_in_the_query_notation_leaves_the_content() -> None:
    """It is small enough to be kept for who wants it as it came."""
    request = make_request(b"a=1", URLENCODED)
    await FormReader().read_urlencoded(request)
    assert await request.body() == b"a=1"


async def test_route_for_large_uploads_takes_no_large_form_in_the_query_notation(
    make_app: Callable[..., Yaat], send: Send
) -> None:
    """What is kept in memory has a limit of its own, which holds while the content arrives."""
    app = make_app(max_memory_bytes=10)
    given = 0

    def give() -> Iterator[bytes]:
        nonlocal given
        while given < 1000:
            given += 1
            yield b"aaaa&"

    answer = await send(app, give(), content_type=URLENCODED.decode())
    assert (answer.status, given) == (413, 3)
    assert (await send(app, [b"a=1", b"2&b"], content_type=URLENCODED.decode())).text == '[["a","12"],["b",""]]'


async def test_form_in_the_query_notation_is_limited() -> None:
    """The same limits hold for both kinds of forms, where both have what is limited."""
    reader = FormReader(limits=FormLimits(max_fields=1))
    with pytest.raises(TooManyParts, match="more than 1 fields"):
        await reader.read_urlencoded(make_request(b"a&b", URLENCODED))
    reader = FormReader(limits=FormLimits(max_field_bytes=2))
    with pytest.raises(PartTooLarge, match="The field 'b' is over the limit of 2 bytes"):
        await reader.read_urlencoded(make_request(b"a=12&b=%C3%BC1", URLENCODED))
    reader = FormReader(limits=FormLimits(max_memory_bytes=2))
    with pytest.raises(ContentTooLarge, match="2 bytes"):
        await reader.read_urlencoded(make_request(b"a=1", URLENCODED))
    reader = FormReader(limits=FormLimits(max_total_bytes=1))
    with pytest.raises(ContentTooLarge, match="1 bytes"):
        await reader.read_urlencoded(make_request(b"a=1", URLENCODED))


async def test_route_has_limits_of_its_own(make_app: Callable[..., Yaat], send: Send, build: Build) -> None:
    """A route that needs more, or less, says so."""
    content = build(("name=a", b"1"), ("name=b", b"2"))
    app = make_app(max_fields=1, route={"form_limits": {"max_fields": 2}})
    assert (await send(app, [content])).status == 200
    assert (await send(app, [content], path="/parts")).status == 200
    app = make_app(max_fields=2, route={"form_limits": FormLimits(max_fields=1)})
    assert (await send(app, [content])).status == 400
