"""The plugin in an app."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from yaat import Yaat
from yaat.background import BackgroundTask
from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors
from yaat.responses import TextResponse
from yaat_forms import FormReader, Forms, FormsPlugin
from yaat_testclient import TestClient

App = Callable[..., Yaat]
Build = Callable[..., bytes]
Send = Callable[..., Awaitable[Any]]
ListOpen = Callable[[Path], list[str]]


def read_errors(caught: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the messages of an error, those inside a group included."""
    errors = getattr(caught.value, "exceptions", [caught.value])
    return "\n".join(map(str, errors))


def test_clients_send_forms_and_files(make_app: App) -> None:
    """What a client sends as fields and files arrives as such, whole and in parts."""
    data, file = {"a": ["1", "ü"]}, ("../pä th.txt", "€".encode(), "text/plain")
    expected = [["a", "1"], ["a", "ü"], ["f", "../pä th.txt", "€"]]
    with TestClient(make_app()) as client:
        assert client.post("/", data=data, files={"f": file}).json() == expected
        assert client.post("/parts", data=data, files={"f": file}).json() == expected
        assert client.post("/", data=data).json() == expected[:2]


def test_several_files_may_have_one_name(make_app: App) -> None:
    """An input for several files gives them all, in their order."""
    files = [("f", ("a", b"1")), ("f", ("b", b"2")), ("g", ("", b""))]
    with TestClient(make_app()) as client:
        assert client.post("/", files=files).json()[:2] == [["f", "a", "1"], ["f", "b", "2"]]


def test_form_in_the_query_notation_comes_in_no_parts(make_app: App) -> None:
    """Only what has parts can be read part by part."""
    with TestClient(make_app()) as client:
        assert client.post("/parts", data={"a": "1"}).status_code == 415


def test_installed_plugin_takes_its_settings() -> None:
    """Limits come as settings where nobody writes the plugin down."""
    app = Yaat(settings={"forms": {"max_fields": 1}})
    app.build()
    reader: FormReader = app.extensions["forms"]
    assert reader.limits.max_fields == 1


def test_plugin_has_a_short_name() -> None:
    """`Forms` is enough where it is listed."""
    assert Forms is FormsPlugin


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"max_files": -1}, "max_files is a whole number from 0 up, not -1"),
        ({"max_file_bytes": "5 MB"}, "max_file_bytes is a whole number from 0 up or None, not '5 MB'"),
        ({"spool_bytes": None}, "spool_bytes is a whole number from 0 up, not None"),
        ({"spool_folder": "/nowhere/at/all"}, "There is no folder '/nowhere/at/all'"),
    ],
)
def test_option_that_cannot_be_meant_stops_the_app(options: dict[str, Any], reason: str) -> None:
    """A limit that limits nothing is found before the first request."""
    with pytest.raises(ConfigurationError, match=reason):
        FormsPlugin(**options)


def test_settings_that_cannot_be_meant_stop_the_app() -> None:
    """The same holds for settings, and the error names the plugin."""
    with pytest.raises((ConfigurationError, PluginErrors, ExceptionGroup)) as caught:
        Yaat(settings={"forms": {"max_files": -1}}).build()
    assert "max_files is a whole number from 0 up, not -1" in read_errors(caught)


def test_misspelt_limit_of_a_route_stops_the_app(make_app: App) -> None:
    """A route whose limit nobody knows is named, with the line that added it."""
    app = make_app(route={"form_limits": {"max_file": 1}})
    with pytest.raises((ConfigurationError, ExceptionGroup)) as caught:
        app.build()
    assert "form_limits= has 'max_file'" in read_errors(caught)
    assert "The route / was added at" in read_errors(caught)
    assert "conftest.py" in read_errors(caught)


# --- what is left behind ---


@pytest.mark.parametrize("path", ["/", "/parts"])
async def test_finished_request_leaves_nothing(
    make_app: App, send: Send, build: Build, tmp_path: Path, list_open: ListOpen, path: str
) -> None:
    """Behind a form that was read no file is open."""
    app = make_app(spool_bytes=0, spool_folder=tmp_path)
    answer = await send(app, [build(("name=f; filename=x", b"1"), ("name=f; filename=y", b"2"))], path=path)
    assert answer.status == 200
    assert list_open(tmp_path) == []


@pytest.mark.parametrize(
    "end",
    [
        pytest.param([b"\r\n--bc\r\n"], id="malformed"),
        pytest.param([b"x" * 100], id="too large"),
        pytest.param([], id="cut off"),
        pytest.param([None], id="client gone"),
        pytest.param([b"\r\n--b\r\nContent-Disposition: form-data; name=f; filename=y\r\n\r\n", None], id="gone later"),
    ],
)
async def test_failed_request_leaves_nothing(
    make_app: App, send: Send, build: Build, tmp_path: Path, list_open: ListOpen, end: list[bytes | None]
) -> None:
    """Whatever ends an upload early, the client gets one answer, if it is there, and the disk is as it was."""
    app = make_app(spool_bytes=0, spool_folder=tmp_path, max_file_bytes=50)
    begin = build(("name=e; filename=x", b"1"), ("name=f; filename=x", b"2"), end="")[:-5]
    answer = await send(app, [begin, *end])
    assert answer.status == (0 if None in end else 413 if end == [b"x" * 100] else 400)
    assert list_open(tmp_path) == []


async def test_failing_handler_leaves_nothing(send: Send, build: Build, tmp_path: Path, list_open: ListOpen) -> None:
    """A handler that fails with a form in its hands closes it all the same."""
    app = Yaat(autoload=False, plugins=[FormsPlugin(spool_bytes=0, spool_folder=tmp_path)])

    @app.post("/")
    async def fail(request: Any) -> None:
        await request.form()
        assert len(list_open(tmp_path)) == 1
        raise LookupError("as if")

    assert (await send(app, [build(("name=f; filename=x", b"1"))])).status == 500
    assert list_open(tmp_path) == []


async def test_cancelled_request_leaves_nothing(
    make_app: App, build: Build, tmp_path: Path, list_open: ListOpen
) -> None:
    """A request that is cancelled while its file arrives closes it."""
    app = make_app(spool_bytes=0, spool_folder=tmp_path)
    messages = [{"type": "http.request", "body": build(("name=f; filename=x", b"1" * 99))[:-20], "more_body": True}]
    is_waiting = asyncio.Event()

    async def receive() -> Any:
        if messages:
            return messages.pop()
        is_waiting.set()
        return await asyncio.Event().wait()

    async def send_nothing(message: Any) -> None:
        raise AssertionError(message)

    scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "root_path": "", "query_string": b""}
    scope["headers"] = [(b"host", b"x"), (b"content-type", b"multipart/form-data; boundary=b")]
    request = asyncio.create_task(app(scope, receive, send_nothing))
    await is_waiting.wait()
    assert len(list_open(tmp_path)) == 1
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert list_open(tmp_path) == []


async def test_background_work_still_has_the_files(
    send: Send, build: Build, tmp_path: Path, list_open: ListOpen
) -> None:
    """Files live until background work is done, and no longer."""
    app = Yaat(autoload=False, plugins=[FormsPlugin(spool_bytes=0, spool_folder=tmp_path)])
    read: list[bytes] = []

    @app.post("/")
    async def accept(request: Any) -> Any:
        upload = (await request.form())["f"]

        async def work() -> None:
            read.append(await upload.read())

        return TextResponse("later", background=BackgroundTask(work))

    assert (await send(app, [build(("name=f; filename=x", b"12345"))])).text == "later"
    assert read == [b"12345"]
    assert list_open(tmp_path) == []


async def test_request_leaves_no_circle(make_app: App, send: Send, build: Build) -> None:
    """A form goes when its request does, not when the garbage collector comes."""
    app = make_app(spool_bytes=0)
    content = build(("name=a", b"1"), ("name=f; filename=x", b"2"))
    await send(app, [content])
    gc.collect()
    gc.disable()
    try:
        await send(app, [content])
        uploads = [each for each in gc.get_objects() if type(each).__name__ in {"UploadFile", "Form", "Spool"}]
    finally:
        gc.enable()
    assert uploads == []


async def test_threads_end_with_the_app(make_app: App) -> None:
    """A plugin's threads are its own, and stop when the app does."""
    app = make_app()
    with TestClient(app) as client:
        assert client.post("/", files={"f": ("x", b"y" * 1_000_000)}).status_code == 200
        assert app.extensions["forms"].threads._executor is not None
    assert app.extensions["forms"].threads._executor is None


async def test_disk_that_cannot_be_written_is_an_error_of_the_server(
    make_app: App, send: Send, build: Build, tmp_path: Path
) -> None:
    """The client is not to blame for a folder that went away, and gets one answer."""
    folder = tmp_path / "spool"
    folder.mkdir()
    app = make_app(spool_bytes=0, spool_folder=folder)
    folder.rmdir()
    content = build(("name=f; filename=x", b"1"))
    assert (await send(app, [content])).status == 500
    folder.mkdir()
    assert (await send(app, [content])).status == 200


async def test_handler_may_answer_before_the_form_is_over(send: Send, build: Build) -> None:
    """Who has seen enough answers; the rest of the form is left to the server."""
    app = Yaat(autoload=False, plugins=[FormsPlugin()])

    @app.post("/")
    async def look(request: Any) -> str:
        async for part in request.multipart():
            return str(part.name)
        return "empty"

    content = build(("name=a", b"1"), ("name=b", b"2"))
    assert (await send(app, [content[:60], content[60:]])).text == "a"


async def test_form_is_read_once_and_given_to_all_who_ask(send: Send, build: Build) -> None:
    """Middleware may look at a form before the handler does."""
    app = Yaat(autoload=False, plugins=[FormsPlugin()])
    seen: list[Any] = []

    class Look:
        async def process_request(self, request: Any) -> None:
            seen.append(await request.form())

    app.add_middleware(Look)

    @app.post("/")
    async def tell(request: Any) -> str:
        assert await request.form() is seen[0]
        return str((await request.form())["a"])

    assert (await send(app, [build(("name=a", b"1"))])).text == "1"
