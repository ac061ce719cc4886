"""RFC 7578, "Returning Values from Forms: multipart/form-data", section by section."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from yaat import Yaat

App = Callable[..., Yaat]
Build = Callable[..., bytes]
Send = Callable[..., Awaitable[Any]]


async def test_4_1_parts_are_divided_by_the_boundary_of_the_content_type(
    make_app: App, send: Send, build: Build
) -> None:
    """The parts are delimited with a boundary delimiter, constructed with CRLF, "--", and the parameter (§4.1)."""
    content = build(("name=a", b"--b\r\n--c"), boundary="----WebKitFormBoundary7MA4")
    answer = await send(make_app(), [content], content_type="multipart/form-data; boundary=----WebKitFormBoundary7MA4")
    assert answer.text == '[["a","--b\\r\\n--c"]]'


async def test_4_1_boundary_is_required(make_app: App, send: Send, build: Build) -> None:
    """The boundary parameter is required (§4.1, §8)."""
    answer = await send(make_app(), [build(("name=a", b"1"))], content_type="multipart/form-data")
    assert answer.status == 400
    assert "names no boundary" in answer.text


async def test_4_2_each_part_must_have_a_disposition(make_app: App, send: Send) -> None:
    """Each part MUST contain a Content-Disposition header field where the disposition type is "form-data" (§4.2)."""
    assert (await send(make_app(), [b"--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--"])).status == 400
    other = b"--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--b--"
    assert (await send(make_app(), [other])).status == 400


async def test_4_2_each_part_must_have_a_name(make_app: App, send: Send, build: Build) -> None:
    """The Content-Disposition header field MUST also contain an additional parameter of "name" (§4.2)."""
    answer = await send(make_app(), [build(("filename=a", b"1"))])
    assert answer.status == 400
    assert "has no name" in answer.text


async def test_4_2_name_may_be_percent_encoded_in_utf8(make_app: App, send: Send, build: Build) -> None:
    """Of percent-encoding, what browsers do is undone: quotes and line ends; the rest could be meant (§4.2)."""
    answer = await send(make_app(), [build(('name="a%22%0D%0A"; filename="%41.txt"', b"1"))])
    assert answer.text == '[["a\\"\\r\\n","%41.txt","1"]]'


async def test_4_2_filename_need_not_be_there(make_app: App, send: Send, build: Build) -> None:
    """For form data that is not from a file, "filename" is not there: it is a field (§4.2)."""
    assert (await send(make_app(), [build(("name=a", b"1"))])).text == '[["a","1"]]'


async def test_4_2_filename_is_not_used_blindly(make_app: App, send: Send, build: Build) -> None:
    """Do not use the file name blindly; check and possibly change it, do not use directory paths (§4.2)."""
    app = make_app()

    @app.post("/safe")
    async def tell(request: Any) -> str:
        return str((await request.form())["f"].safe_filename)

    answer = await send(app, [build(('name=f; filename="/etc/../.pass:wd"', b""))], path="/safe")
    assert answer.text == "pass_wd"


async def test_4_3_several_files_have_one_name(make_app: App, send: Send, build: Build) -> None:
    """Each file in its own part, all with the same "name" parameter (§4.3)."""
    content = build(('name="f"; filename="1"', b"x"), ('name="f"; filename="2"', b"y"))
    assert (await send(make_app(), [content])).text == '[["f","1","x"],["f","2","y"]]'


async def test_4_3_nested_files_are_not_taken_apart(make_app: App, send: Send, build: Build) -> None:
    """The deprecated multipart/mixed within a part stays what it is: content (§4.3)."""
    nested = b"--c\r\n\r\n1\r\n--c--"
    answer = await send(make_app(), [build(("name=f", nested, "Content-Type: multipart/mixed; boundary=c"))])
    assert answer.text == '[["f","--c\\r\\n\\r\\n1\\r\\n--c--"]]'


@pytest.mark.parametrize(
    ("lines", "content_type"), [([], "application/octet-stream"), (["Content-Type: image/png"], "image/png")]
)
async def test_4_4_type_of_a_file_is_what_it_says(
    make_app: App, send: Send, build: Build, lines: list[str], content_type: str
) -> None:
    """A file should be labelled with its media type, or as application/octet-stream if it is not known (§4.4)."""
    app = make_app()

    @app.post("/type")
    async def tell(request: Any) -> str:
        return str((await request.form())["f"].content_type)

    assert (await send(app, [build(("name=f; filename=x", b"", *lines))], path="/type")).text == content_type


async def test_4_5_field_has_the_charset_it_says(make_app: App, send: Send, build: Build) -> None:
    """A text/plain part may have a "charset" parameter (§4.5)."""
    content = build(("name=a", b"\xe4", "Content-Type: text/plain;charset=windows-1250"))
    assert (await send(make_app(), [content])).text == '[["a","ä"]]'


async def test_4_6_form_has_the_charset_that_a_field_says(make_app: App, send: Send, build: Build) -> None:
    """The value of `_charset_` is the default charset of parts that have none (§4.6)."""
    content = build(('name="_charset_"', b"iso-8859-1"), ('name="a"', b"\xe4"))
    assert (await send(make_app(), [content])).text == '[["_charset_","iso-8859-1"],["a","ä"]]'


@pytest.mark.parametrize(("encoding", "status"), [("binary", 200), ("8bit", 200), ("base64", 415)])
async def test_4_7_content_is_not_encoded(make_app: App, send: Send, build: Build, encoding: str, status: int) -> None:
    """Senders SHOULD NOT generate any parts with a Content-Transfer-Encoding header field (§4.7)."""
    content = build(("name=a", b"MQ==", f"Content-Transfer-Encoding: {encoding}"))
    assert (await send(make_app(), [content])).status == status


async def test_4_8_other_headers_are_ignored(make_app: App, send: Send, build: Build) -> None:
    """Other header fields MUST be ignored (§4.8)."""
    content = build(("name=a", b"1", "Content-Language: de", "Content-Range: bytes 1-2/3", "X-A: b"))
    assert (await send(make_app(), [content])).text == '[["a","1"]]'


async def test_5_1_names_and_values_are_utf8(make_app: App, send: Send, build: Build) -> None:
    """Field names and values are UTF-8 unless something else is said (§5.1.2, §5.1.3)."""
    content = build(('name="größe"; filename="маленький.txt"', "€".encode()))
    assert (await send(make_app(), [content])).text == '[["größe","маленький.txt","€"]]'
    content = content.replace("ö".encode(), b"\xf6")
    assert (await send(make_app(), [content])).status == 400


async def test_5_2_order_and_repetitions_are_kept(make_app: App, send: Send, build: Build) -> None:
    """Form parts with identical names are allowed, and order is preserved (§5.2)."""
    content = build(("name=a", b"1"), ("name=b", b"2"), ("name=a", b"3"))
    assert (await send(make_app(), [content])).text == '[["a","1"],["b","2"],["a","3"]]'
