"""JSON: what others had to mend in theirs, sent to ours."""

import pytest

from yaat import Request, Yaat
from yaat_typed import TypedPlugin

from .asking import ask, is_linear


def make_app() -> Yaat:
    """Return an app that takes JSON in both ways."""
    app = Yaat(autoload=False, plugins=[TypedPlugin()])

    @app.post("/plain")
    async def plain(request: Request) -> int:
        return len(await request.json())

    @app.post("/typed")
    async def typed(body: dict[str, int]) -> int:
        return len(body)

    return app


@pytest.mark.parametrize("path", ["/plain", "/typed"])
@pytest.mark.parametrize(
    "type", [b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=b", b""]
)
def test_json_of_another_site_is_refused(path: str, type: bytes) -> None:
    """A form can send any text with the cookies of a visitor, but not as JSON; so JSON has to say what it is."""
    types = [(b"content-type", type)] if type else []
    assert ask(make_app(), path, method="POST", headers=types, chunks=[b'{"a":1}']).status == 415
    said = [(b"content-type", b"application/json")]
    assert ask(make_app(), path, method="POST", headers=said, chunks=[b'{"a":1}']).text == "1"


@pytest.mark.parametrize("path", ["/plain", "/typed"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_json_in_another_encoding_is_refused(path: str, encoding: str) -> None:
    """JSON is UTF-8; nothing is tried that would make a text of a multiple of its size (RFC 8259 §8.1)."""
    content = '{"a":1}'.encode(encoding)
    said = [(b"content-type", b"application/json")]
    assert ask(make_app(), path, method="POST", headers=said, chunks=[content]).status == 400


@pytest.mark.parametrize("path", ["/plain", "/typed"])
@pytest.mark.parametrize("unit", [b"[", b'{"a":', b"\x00", b"\xff", b'"', b"9", b"\\"])
def test_hostile_json_takes_linear_time(path: str, unit: bytes) -> None:
    """Depth, digits and stray bytes end in a 400 at once."""
    app, said = make_app(), [(b"content-type", b"application/json")]

    def send(content: bytes) -> None:
        assert ask(app, path, method="POST", headers=said, chunks=[content]).status == 400

    assert is_linear(lambda count: unit * count, send)
