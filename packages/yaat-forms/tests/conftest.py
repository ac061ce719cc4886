"""What these tests share: coroutine tests, forms to send, and an app to send them to, message by message."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import iscoroutinefunction
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from yaat import Yaat
from yaat.threads import ThreadLimiter
from yaat_forms import FormsPlugin

#: Far more than any of them takes; one that hangs fails instead.
SECONDS = 60


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine function, and take down what its event loop complains of."""
    if not iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    complaints: list[str] = []
    asyncio.run(_run(pyfuncitem.obj(**arguments), complaints))
    assert not complaints, complaints
    return True


async def _run(test: Awaitable[None], complaints: list[str]) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
    async with asyncio.timeout(SECONDS):
        await test


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an app sent; a status of 0 when it sent nothing."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The whole content."""
        return self.body.decode()


@pytest.fixture
def build() -> Callable[..., bytes]:
    """A function that makes the content of a form from its parts.

    A part is the parameters of its Content-Disposition, its content, and more header lines.
    """

    def build_form(*parts: tuple[Any, ...], boundary: str = "b", end: str = "--\r\n") -> bytes:
        content = b""
        for parameters, value, *lines in parts:
            head = "".join(f"{line}\r\n" for line in (f"Content-Disposition: form-data; {parameters}", *lines))
            content += f"--{boundary}\r\n{head}\r\n".encode() + value + b"\r\n"
        return content + f"--{boundary}{end}".encode()

    return build_form


@pytest.fixture
def threads() -> Iterator[ThreadLimiter]:
    """Threads, gone behind the test."""
    limiter = ThreadLimiter("test", max_threads=2)
    yield limiter
    limiter.close()


@pytest.fixture
def send() -> Callable[..., Awaitable[Answer]]:
    """A function that sends chunks of a form to an app, and returns what comes back.

    The last chunk may be `None`, for a client that leaves.
    """

    async def exchange(
        app: Any,
        chunks: Iterable[bytes | None],
        *,
        content_type: str | list[str] = "multipart/form-data; boundary=b",
        path: str = "/",
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> Answer:
        waiting = chain(chunks, [b""])
        sent: list[Any] = []
        is_over = False

        async def receive() -> Any:
            nonlocal is_over
            if is_over:
                await asyncio.Event().wait()
            chunk = next(waiting)
            is_over = not chunk
            if chunk is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": chunk, "more_body": not is_over}

        async def keep(message: Any) -> None:
            sent.append(message)

        types = [content_type] if isinstance(content_type, str) else content_type
        fields = [(b"host", b"testserver"), *((b"content-type", value.encode("latin-1")) for value in types), *headers]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": fields,
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        await app(scope, receive, keep)
        if not sent:
            return Answer(status=0, body=b"")
        assert [message["type"] for message in sent[:2]] == ["http.response.start", "http.response.body"]
        return Answer(status=sent[0]["status"], body=b"".join(message.get("body", b"") for message in sent[1:]))

    return exchange


@pytest.fixture
def make_app() -> Callable[..., Yaat]:
    """A function that makes an app whose `/` tells what it was sent, and `/parts` the same from a stream.

    Options of the route come with `route`; all others go to the plugin.
    """

    def make(*, route: dict[str, Any] | None = None, **options: Any) -> Yaat:
        app = Yaat(autoload=False, plugins=[FormsPlugin(**options)], max_body_bytes=1 << 30)

        @app.post("/", **(route or {}))
        async def read_form(request: Any) -> Any:
            form = await request.form()
            return [
                [name, value]
                if isinstance(value, str)
                else [name, value.filename, (await value.read()).decode("utf-8", "replace")]
                for name, value in form.multi_items()
            ]

        @app.post("/parts", **(route or {}))
        async def read_parts(request: Any) -> Any:
            return [
                [part.name, part.filename, (await part.read()).decode("utf-8", "replace")]
                if part.is_file
                else [part.name, await part.text()]
                async for part in request.multipart()
            ]

        return app

    return make


@pytest.fixture
def list_open() -> Callable[[Path], list[str]]:
    """A function that lists the files in a folder that this process has open, also those without a name."""
    links = Path("/proc/self/fd")
    if not links.is_dir():
        pytest.skip("Only Linux shows which files are open.")

    def list_files(folder: Path) -> list[str]:
        opened = []
        for link in links.iterdir():
            try:
                target = str(link.readlink())
            except FileNotFoundError:  # It was the one that lists the folder.
                continue
            if target.startswith(str(folder)):
                opened.append(target)
        return opened

    return list_files


@pytest.fixture
def list_names() -> Callable[[Path], list[str]]:
    """A function that lists the names in a folder."""
    return lambda folder: sorted(path.name for path in folder.iterdir())
