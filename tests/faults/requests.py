"""This file is the requests that faults meet: one for each way in which an app waits."""

from dataclasses import dataclass
from typing import Any

from yaat.asgi import ASGIApp, Message

from .exchange import Exchange

#: More than `yaat_staticfiles` reads at once.
LARGE = bytes(range(256)) * 2400
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="a"; filename="a.bin"\r\n\r\n0123456789abcdef\r\n',
    b'--b\r\nContent-Disposition: form-data; name="b"; filename="b.bin"\r\n\r\n0123456789',
    b"abcdef\r\n--b--\r\n",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request.

    Attributes:
        status: Of its answer when nothing goes wrong, like *body*.
        body: See there; `None` where it differs each time.
    """

    path: str
    method: str = "GET"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    chunks: tuple[bytes, ...] = ()
    status: int = 200
    body: bytes | None = b"done"

    def make_scope(self) -> dict[str, Any]:
        """Return the scope of the request."""
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.5"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"here.example"), *self.headers],
            "client": ("10.0.0.1", 50000),
            "server": ("10.0.0.2", 80),
            "extensions": {"http.response.early_hint": {}},
        }

    def list_messages(self) -> list[Message]:
        """Return what the app receives."""
        chunks = self.chunks or (b"",)
        last = len(chunks) - 1
        return [
            {"type": "http.request", "body": chunk, "more_body": number < last} for number, chunk in enumerate(chunks)
        ]

    async def visit(self, app: ASGIApp) -> Exchange:
        """Let *app* answer, and see that it does it well."""
        exchange = Exchange(self.make_scope(), self.list_messages())
        await exchange.serve(app)
        exchange.check(is_complete=True)
        status, body = exchange.outcome
        assert (status, body if self.body is not None else None) == (self.status, self.body), exchange.sent
        return exchange


_MULTIPART = ((b"content-type", b"multipart/form-data; boundary=b"),)
_UPLOAD: dict[str, Any] = {"method": "POST", "headers": _MULTIPART, "chunks": FORM}
CASES = {
    "coroutine": Case(path="/coroutine"),
    "thread": Case(path="/thread"),
    "error": Case(path="/error", status=418),
    "missing": Case(path="/missing", status=404, body=None),
    "body": Case(path="/body", method="POST", chunks=(b"do", b"", b"ne")),
    "content as a stream": Case(path="/content", method="POST", chunks=(b"do", b"", b"ne")),
    "early hints": Case(path="/hints"),
    "form": Case(path="/form", **_UPLOAD, body=b"16 16"),
    "form in parts": Case(path="/parts", **_UPLOAD, body=b"a b"),
    "saved upload": Case(path="/save", **_UPLOAD, body=b"saved"),
    "saved part": Case(path="/save-part", **_UPLOAD, body=b"saved"),
    "typed upload": Case(path="/typed", **_UPLOAD, body=b"16"),
    "stream": Case(path="/stream", body=b"one two "),
    "stream of a thread": Case(path="/plain-stream", body=b"one two "),
    "stream of what comes": Case(path="/echo", method="POST", chunks=(b"do", b"", b"ne")),
    "stream of lines": Case(path="/lines", body=b"one\ntwo\n"),
    "small static file": Case(path="/static/small.txt", body=b"small"),
    "large static file": Case(path="/static/large.bin", body=LARGE),
    "missing static file": Case(path="/static/none", status=404, body=None),
    "file": Case(path="/file", body=LARGE),
    "head of a file": Case(path="/file", method="HEAD", body=b""),
    "ranges of a file": Case(path="/file", headers=((b"range", b"bytes=0-9,300000-"),), status=206, body=None),
    "page": Case(path="/page", body=b"<p>done</p>"),
    "page as a stream": Case(path="/page-stream", body=b"<p>done</p>"),
    "dependencies": Case(path="/dependencies"),
    "dependencies in threads": Case(path="/thread-dependencies"),
    "mounted app": Case(path="/mounted/coroutine"),
    "mounted ASGI app": Case(path="/asgi/x", method="POST", chunks=(b"do", b"ne")),
    "middleware": Case(path="/surrounded/coroutine"),
    "middleware around a stream": Case(path="/surrounded/stream", body=b"one two "),
    "middleware around a page as a stream": Case(path="/surrounded/page-stream", body=b"<p>done</p>"),
    "middleware around a file": Case(path="/surrounded/file", body=LARGE),
    "middleware around an ASGI app": Case(path="/surrounded/asgi/x", method="POST", chunks=(b"do", b"ne")),
    "cancelled when left": Case(path="/cancel", method="POST", chunks=(b"do", b"ne")),
    "stream that is cancelled when left": Case(path="/cancel-stream", body=b"one two "),
    "background work": Case(path="/background"),
    "another origin": Case(path="/coroutine", headers=((b"origin", b"https://there.example"),)),
}
