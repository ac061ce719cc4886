"""This file is the app that the requests of faults are for."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated, Any

from yaat import Request, Yaat
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.records import Middleware
from yaat.responses import Response, StreamResponse, TextResponse
from yaat_cors import CORSPlugin
from yaat_forms import FormsPlugin, UploadFile
from yaat_staticfiles import FileResponse, StaticFiles, StaticFilesPlugin
from yaat_templates import TemplateResponse, TemplatesPlugin
from yaat_typed import File, TypedPlugin, Use

from .driving import Ledger, pause
from .requests import LARGE


class Refused(Exception):
    """What a handler raises, and another answers."""


def make_folder(folder: Path) -> Path:
    """Fill *folder* with what apps serve from it, and return it."""
    for name, content in {"small.txt": b"small", "lines.txt": b"one\ntwo\n", "large.bin": LARGE}.items():
        (folder / "static" / name).parent.mkdir(exist_ok=True)
        (folder / "static" / name).write_bytes(content)
    for name in ("spool", "saved"):
        (folder / name).mkdir(exist_ok=True)
    return folder


def make_app(ledger: Ledger, folder: Path, **options: Any) -> Yaat:
    """Return the app that all of these requests are for."""
    app = make_part(ledger, folder, **options)
    app.mount("/mounted", make_part(ledger, folder))
    app.mount("/asgi", make_asgi_app(ledger))
    surrounded = make_part(ledger, folder)
    surrounded.mount("/asgi", make_asgi_app(ledger))
    middleware = [make_around(ledger), make_plain_around(ledger), Pair(), Middleware(wrap_asgi)]
    app.mount("/surrounded", surrounded, middleware=middleware)
    app.build()
    return app


def make_part(ledger: Ledger, folder: Path, **options: Any) -> Yaat:
    """Return an app with all of the routes."""
    templates = TemplatesPlugin({"page.html": "<p>{{ wait() }}</p>"}, enable_async=True)
    plugins = [
        CORSPlugin(allow_origins=["https://there.example"]),
        FormsPlugin(spool_bytes=10, spool_folder=folder / "spool"),
        StaticFilesPlugin(),
        templates,
        TypedPlugin(),
    ]
    app = Yaat(autoload=False, plugins=plugins, **options)
    app.mount("/static", StaticFiles(folder / "static", cache_bytes=0))
    add_handlers(app, ledger)
    add_readers(app, ledger)
    add_streams(app, ledger, folder)
    add_uploads(app, ledger)
    add_savers(app, folder)
    add_dependencies(app, ledger)
    return app


def add_handlers(app: Yaat, ledger: Ledger) -> None:
    """Add handlers that wait."""

    @app.get("/coroutine")
    async def wait(request: Request) -> str:
        async with ledger.hold_slowly("handler"):
            await pause()
        return "done"

    @app.get("/thread")
    def work(request: Request) -> str:
        with ledger.hold("handler"):
            return "done"

    @app.get("/error")
    async def fail(request: Request) -> str:
        raise Refused

    @app.exception_handler(Refused)
    async def answer(request: Request, error: Exception) -> Any:
        async with ledger.hold_slowly("exception handler"):
            return "done", 418

    @app.get("/background")
    async def work_later(request: Request) -> Response:
        async def work() -> None:
            async with ledger.hold_slowly("background"):
                await pause()

        return TextResponse("done", background=BackgroundTask(work))


def add_readers(app: Yaat, ledger: Ledger) -> None:
    """Add handlers that receive."""

    @app.post("/body")
    async def read(request: Request) -> bytes:
        async with ledger.hold_slowly("handler"):
            return await request.body()

    @app.post("/content")
    async def read_stream(request: Request) -> bytes:
        with ledger.hold("handler"):
            return b"".join([chunk async for chunk in request.stream()])

    @app.get("/hints")
    async def hint(request: Request) -> str:
        await request.send_early_hints("</app.css>; rel=preload")
        return "left" if await request.is_disconnected() else "done"

    @app.post("/cancel", on_disconnect="cancel")
    async def read_until_left(request: Request) -> bytes:
        async with ledger.hold_slowly("handler"):
            return await request.body()


def add_streams(app: Yaat, ledger: Ledger, folder: Path) -> None:
    """Add responses that take their time."""

    async def generate() -> AsyncIterator[str]:
        async with ledger.hold_slowly("stream"):
            yield "one "
            await pause()
            yield "two "

    def generate_plainly() -> Iterator[str]:
        with ledger.hold("stream"):
            yield "one "
            yield "two "

    app.add_route("/stream", lambda request: StreamResponse(generate()))
    app.add_route("/plain-stream", lambda request: StreamResponse(generate_plainly()))

    @app.get("/lines")
    async def read_lines(request: Request) -> Response:
        return StreamResponse((folder / "static" / "lines.txt").open("rb"))

    app.add_route("/file", lambda request: FileResponse(folder / "static" / "large.bin"))
    app.add_route("/cancel-stream", lambda request: StreamResponse(generate()), on_disconnect="cancel")

    async def wait() -> str:
        async with ledger.hold_slowly("template"):
            return "done"

    app.add_route("/page", lambda request: TemplateResponse("page.html", {"wait": wait}))
    app.add_route("/page-stream", lambda request: TemplateResponse("page.html", {"wait": wait}, stream=True))


def add_uploads(app: Yaat, ledger: Ledger) -> None:
    """Add what reads files."""

    @app.post("/form")
    async def read_form(request: Request) -> str:
        with ledger.hold("handler"):
            form = await request.form()
            return " ".join([str(len(await file.read())) for file in form.files.values()])

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        async def generate() -> AsyncIterator[bytes]:
            with ledger.hold("stream"):
                async for chunk in request.stream():
                    yield chunk

        return StreamResponse(generate())

    @app.post("/typed")
    async def take(a: Annotated[UploadFile, File()]) -> str:
        with ledger.hold("handler"):
            return str(len(await a.read()))

    @app.post("/parts")
    async def read_parts(request: Request) -> str:
        with ledger.hold("handler"):
            return " ".join([part.name async for part in request.multipart()])


def add_savers(app: Yaat, folder: Path) -> None:
    """Add what keeps files."""

    @app.post("/save")
    async def save(request: Request) -> str:
        form = await request.form()
        for name, file in form.files.multi_items():
            await file.save(folder / "saved" / name)
        return "saved"

    @app.post("/save-part")
    async def save_part(request: Request) -> str:
        async for part in request.multipart():
            await part.save(folder / "saved" / part.name)
        return "saved"


def add_dependencies(app: Yaat, ledger: Ledger) -> None:
    """Add handlers whose arguments leave something behind."""

    async def connect() -> AsyncIterator[str]:
        async with ledger.hold_slowly("outer dependency"):
            yield "do"

    async def begin(outer: Annotated[str, Use(connect)]) -> AsyncIterator[str]:
        async with ledger.hold_slowly("inner dependency"):
            yield f"{outer}ne"

    def connect_plainly() -> Iterator[str]:
        with ledger.hold("dependency of a thread"):
            yield "done"

    @app.get("/dependencies")
    async def use(inner: Annotated[str, Use(begin)]) -> str:
        await pause()
        return inner

    @app.get("/thread-dependencies")
    def use_plainly(value: Annotated[str, Use(connect_plainly)]) -> str:
        with ledger.hold("handler"):
            return value


def make_asgi_app(ledger: Ledger) -> ASGIApp:
    """Return an ASGI app of somebody else's."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async with ledger.hold_slowly("ASGI app"):
            content = b""
            while True:
                await asyncio.sleep(0)
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                assert message["type"] == "http.request"
                content += message["body"]
                if not message["more_body"]:
                    break
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": content, "more_body": True})
            await send({"type": "http.response.body"})

    return app


def make_around(ledger: Ledger) -> Any:
    """Return asynchronous middleware that stands around the handler."""

    async def around(request: Request) -> AsyncIterator[None]:
        async with ledger.hold_slowly("middleware"):
            yield
            await pause()

    return around


def make_plain_around(ledger: Ledger) -> Any:
    """Return plain middleware that stands around the handler."""

    def around(request: Request) -> Iterator[None]:
        with ledger.hold("plain middleware"):
            yield

    return around


class Pair:
    """Middleware that waits before the handler, and behind it."""

    async def process_request(self, request: Request) -> None:
        await pause()

    async def process_response(self, request: Request, response: Response) -> None:
        await pause()


def wrap_asgi(app: ASGIApp) -> ASGIApp:
    """Return *app* in ASGI middleware."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope}, receive, send)

    return wrapped
