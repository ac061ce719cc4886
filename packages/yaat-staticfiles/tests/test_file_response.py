"""`FileResponse`, from a handler."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yaat import Request, Response, Yaat
from yaat.background import BackgroundTask
from yaat.conditional import make_conditional
from yaat.exceptions import ResponseError
from yaat_staticfiles import FileResponse
from yaat_testclient import TestClient

Put = Callable[..., Path]
Fetch = Callable[..., Any]


def serve(make: Callable[[], Any], **options: Any) -> Yaat:
    """Return an app that answers `/` with what *make* gives."""
    app = Yaat(autoload=False, **options)

    @app.get("/")
    async def show(request: Request) -> Any:
        return make()

    return app


def test_a_handler_returns_a_file(put: Put) -> None:
    """The file comes with its type, its length and its validators, under the name that it is saved by."""
    path = put("a.txt", b"content")
    app = serve(lambda: FileResponse(path, filename="report.pdf"))
    with TestClient(app) as client:
        response = client.get("/")
    assert response.content == b"content"
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-length"] == "7"
    assert response.headers["content-disposition"] == 'attachment; filename="report.pdf"'
    assert response.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert response.headers["etag"].startswith('"')
    assert response.headers["accept-ranges"] == "bytes"


@pytest.mark.usefixtures("is_tight")
def test_a_large_file_is_sent_in_parts(put: Put, large: bytes, fetch: Fetch) -> None:
    """Nothing is held in memory as a whole."""
    path = put("a.bin", large)
    answer = fetch(serve(lambda: FileResponse(path)))
    assert answer.body == large
    assert len(answer.messages) > 3
    assert answer.headers["content-length"] == str(len(large))


class Redact:
    """Middleware that puts other content in the place of all."""

    def process_response(self, request: Request, response: Response) -> None:
        """Say nothing."""
        response.body = b"[...]"


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("is_large", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_content_put_in_the_place_of_a_file_is_sent(put: Put, large: bytes, method: str, *, is_large: bool) -> None:
    """Middleware may replace the content of a file, and what it was is not sent, whatever its size."""
    path = put("a.txt", large if is_large else b"content")
    with TestClient(serve(lambda: FileResponse(path), middleware=[Redact])) as client:
        response = client.request(method, "/")
    assert response.content == (b"[...]" if method == "GET" else b"")
    assert response.headers["content-length"] == "5"


def test_content_may_be_replaced_before_the_file_is_looked_for(tmp_path: Path) -> None:
    """A handler that sets the content of the response it returns has that sent."""

    def make() -> Response:
        response = FileResponse(tmp_path / "nowhere", headers={"x-a": "1"})
        response.body = b"instead"
        return response

    with TestClient(serve(make)) as client:
        response = client.get("/")
    assert (response.status_code, response.content, response.headers["x-a"]) == (200, b"instead", "1")


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("is_large", [True, False])
def test_a_client_that_has_the_file_gets_nothing(put: Put, large: bytes, fetch: Fetch, *, is_large: bool) -> None:
    """A 304 comes from handlers too, and keeps what a cache may want to renew (RFC 9110 §15.4.5)."""
    path = put("a.txt", large if is_large else b"content")
    app = serve(lambda: FileResponse(path, headers={"cache-control": "max-age=5"}))
    etag = fetch(app).headers["etag"]
    answer = fetch(app, "/", ("if-none-match", etag))
    assert answer.status == 304
    assert answer.body == b""
    assert answer.headers == {"etag": etag, "cache-control": "max-age=5"}


def test_parts_come_from_handlers_too(put: Put, fetch: Fetch) -> None:
    """A download that was broken off goes on where it was."""
    path = put("a.txt", b"0123456789")
    answer = fetch(serve(lambda: FileResponse(path)), "/", ("range", "bytes=4-"))
    assert answer.status == 206
    assert answer.body == b"456789"
    assert answer.headers["content-range"] == "bytes 4-9/10"


@pytest.mark.usefixtures("is_tight")
def test_several_parts_of_a_large_file(put: Put, large: bytes, fetch: Fetch) -> None:
    """Parts of a file that is not in memory are read one after the other."""
    path = put("a.txt", large)
    answer = fetch(serve(lambda: FileResponse(path, media_type="x/y")), "/", ("range", "bytes=0-1,-2"))
    assert answer.status == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.body.count(b"Content-Type: x/y\r\n") == 2


def test_head_gets_no_content(put: Put, fetch: Fetch) -> None:
    """HEAD is GET without content, and knows no ranges (RFC 9110 §14.2)."""
    path = put("a.txt", b"content")
    answer = fetch(serve(lambda: FileResponse(path)), "/", ("range", "bytes=0-1"), method="HEAD")
    assert answer.status == 200
    assert answer.body == b""
    assert answer.headers["content-length"] == "7"


@pytest.mark.parametrize("path", ["nowhere.txt", ".", "a\0b", "x" * 5000, "/dev/zero"])
@pytest.mark.usefixtures("is_tight")
def test_what_is_no_file_is_not_found(folder: Path, fetch: Fetch, path: str) -> None:
    """Whatever is wrong with a path is a 404 through the app's own error pages."""
    assert fetch(serve(lambda: FileResponse(f"{folder}/{path}" if path[0] != "/" else path))).status == 404


def test_other_statuses_send_the_whole_file(put: Put, fetch: Fetch) -> None:
    """An error page is no representation of what was asked for, so conditions and ranges are not about it (§13.2.1)."""
    path = put("a.html", b"<h1>Sorry")
    app = serve(lambda: FileResponse(path, status_code=503))
    answer = fetch(app, "/", ("range", "bytes=0-1"), ("if-none-match", "*"))
    assert (answer.status, answer.body) == (503, b"<h1>Sorry")


def test_own_headers_win(put: Put, fetch: Fetch) -> None:
    """What the handler says about the file is said, and conditions are about it."""
    path = put("a.txt", b"content")
    headers = {"ETag": '"v7"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "Content-Type": "x/y"}
    app = serve(lambda: FileResponse(path, headers=headers))
    answer = fetch(app)
    assert answer.headers["etag"] == '"v7"'
    assert answer.headers["content-type"] == "x/y"
    assert fetch(app, "/", ("if-none-match", '"v7"')).status == 304
    assert fetch(app, "/", ("if-modified-since", "Mon, 01 Jan 2024 00:00:00 GMT")).status == 304
    assert fetch(app, "/", ("if-modified-since", "Sun, 31 Dec 2023 23:59:59 GMT")).status == 200


def test_cookies_go_along(put: Put, fetch: Fetch) -> None:
    """It is a response like any other."""
    path = put("a.txt")

    def make() -> Response:
        response = FileResponse(path)
        response.set_cookie("seen", "1")
        return response

    assert fetch(serve(make)).headers["set-cookie"].startswith("seen=1")


def test_old_positions_work(put: Put, fetch: Fetch) -> None:
    """As in Yaat 0.1, the second argument is the name and the third the status."""
    path = put("a.txt")
    answer = fetch(serve(lambda: FileResponse(str(path), "b.pdf", 201)))
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/pdf"


def test_a_file_can_be_shown_under_a_name(put: Put, fetch: Fetch) -> None:
    """`inline` is for what a browser can show; a disposition may also go without a name."""
    path = put("a.pdf")
    inline = fetch(serve(lambda: FileResponse(path, "b.pdf", disposition="inline")))
    assert inline.headers["content-disposition"] == 'inline; filename="b.pdf"'
    assert (
        fetch(serve(lambda: FileResponse(path, disposition="attachment"))).headers["content-disposition"]
        == "attachment"
    )


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", ".env", "link", "a\0", "", "deep"])
def test_names_from_outside_stay_in_their_folder(put: Put, folder: Path, fetch: Fetch, name: str) -> None:
    """With a directory, no spelling and no link leads out of it."""
    (folder.parent / "secret").write_bytes(b"secret")
    put(".env")
    put("deep/file")
    (folder / "link").symlink_to("../secret")
    assert fetch(serve(lambda: FileResponse(name, directory=folder))).status == 404
    assert fetch(serve(lambda: FileResponse("deep/file", directory=folder))).status == 200


class Stamp:
    """Middleware that marks every response and notes its status."""

    statuses: list[int]

    def __init__(self) -> None:
        self.statuses = []

    def process_response(self, request: Request, response: Response) -> Response:
        self.statuses.append(response.status_code)
        response.headers["x-stamp"] = "1"
        return response


@pytest.mark.parametrize(
    ("fields", "status"),
    [((), 200), ((("if-none-match", "*"),), 304), ((("range", "bytes=0-1"),), 206), ((("range", "bytes=99-"),), 416)],
)
@pytest.mark.parametrize("is_large", [True, False])
@pytest.mark.usefixtures("is_tight")
def test_middleware_sees_what_is_sent(
    put: Put, large: bytes, fetch: Fetch, fields: tuple[Any, ...], status: int, *, is_large: bool
) -> None:
    """The status that depends on the request, and the head that goes with it, pass middleware like any other."""
    stamp = Stamp()
    path = put("a.txt", large if is_large else b"content")
    if is_large:
        fields = tuple((name, value.replace("99-", "99999999-")) for name, value in fields)
    answer = fetch(serve(lambda: FileResponse(path), middleware=[stamp]), "/", *fields)
    assert stamp.statuses == [answer.status] == [status]
    assert answer.headers["x-stamp"] == "1"


def test_middleware_sees_a_missing_file(folder: Path, fetch: Fetch) -> None:
    """Error responses pass middleware too, so request ids and CORS are on them."""
    stamp = Stamp()
    answer = fetch(serve(lambda: FileResponse(folder / "nope"), middleware=[stamp]))
    assert stamp.statuses == [answer.status] == [404]
    assert answer.headers["x-stamp"] == "1"


@pytest.mark.usefixtures("is_tight")
def test_middleware_may_send_something_else(put: Put, large: bytes, fetch: Fetch) -> None:
    """What takes the place of a file is sent, and the file is closed."""

    class Replace:
        def process_response(self, request: Request, response: Response) -> Response:
            return Response("other", background=BackgroundTask(done.append, 1))

    done: list[int] = []
    path = put("a.txt", large)
    assert fetch(serve(lambda: FileResponse(path), middleware=[Replace()])).body == b"other"
    assert done == [1]


def test_background_work_follows(put: Put, fetch: Fetch) -> None:
    """A file that was made for one request can be removed after it."""
    path = put("a.txt", b"content")
    assert fetch(serve(lambda: FileResponse(path, background=BackgroundTask(path.unlink)))).body == b"content"
    assert not path.exists()


def test_the_content_is_not_known_before(put: Put) -> None:
    """Asking for it says so, in place of giving nothing."""
    with pytest.raises(ResponseError, match="FileResponse"):
        _ = FileResponse(put("a.txt")).body


@pytest.mark.usefixtures("is_tight")
def test_a_response_broken_off_is_logged_once(
    put: Put, large: bytes, fetch: Fetch, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that becomes shorter while it is sent ends the connection, and the log tells why."""
    path = put("a.txt", large)

    async def shorten(scope: Any, receive: Any, send: Any) -> None:
        async def hook(message: Any) -> None:
            await send(message)
            if message.get("more_body"):
                os.truncate(path, 0)

        await app(scope, receive, hook)

    app = serve(lambda: FileResponse(path))
    with caplog.at_level(logging.ERROR), pytest.raises(ResponseError, match="made shorter"):
        fetch(shorten)
    assert len(caplog.records) == 1


def test_it_is_an_asgi_app_by_itself(put: Put, fetch: Fetch) -> None:
    """As any response, it can be called by ASGI middleware."""
    assert fetch(FileResponse(put("a.txt", b"content"))).body == b"content"


@pytest.mark.usefixtures("is_tight")
def test_a_request_that_is_cancelled_leaves_nothing_open(put: Put, large: bytes) -> None:
    """A server that gives up on a connection leaves no descriptor behind."""
    path = put("a.txt", large)
    app = serve(lambda: FileResponse(path))

    async def main() -> None:
        has_begun = asyncio.Event()

        async def receive() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            has_begun.set()
            await asyncio.Event().wait()

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
        scope |= {"raw_path": b"/", "root_path": "", "http_version": "1.1"}
        task = asyncio.create_task(app(scope, receive, send))
        await has_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_options_of_the_folder_are_those_of_its_path(put: Put, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative directory is that of the moment the response is made."""
    path = put("a.txt", b"content")
    monkeypatch.chdir(path.parent)
    app = serve(lambda: FileResponse("a.txt", directory="."))
    assert fetch(app).body == b"content"


def test_it_can_be_made_conditional_by_hand(put: Put, fetch: Fetch) -> None:
    """What `make_conditional` decides stays decided."""
    path = put("a.txt", b"content")
    app = Yaat(autoload=False)

    @app.get("/")
    async def show(request: Request) -> Response:
        return make_conditional(request, FileResponse(path), etag="v3")

    assert fetch(app).headers["etag"] == '"v3"'
    answer = fetch(app, "/", ("if-none-match", '"v3"'))
    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.usefixtures("is_tight")
def test_a_status_without_content_sends_none(put: Put, large: bytes, fetch: Fetch) -> None:
    """A 204 has no content, whatever the file has (RFC 9110 §15.3.5)."""
    path = put("a.txt", large)
    assert fetch(serve(lambda: FileResponse(path, status_code=204))).body == b""
