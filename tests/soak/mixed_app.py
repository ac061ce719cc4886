"""An app with work of every kind, and every plugin, for `test_leaks.py` and `test_soak.py`."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec

from yaat import HTTPException, Middleware, Request, Response, Router, Yaat
from yaat.asgi import ASGIApp, Receive, Scope, Send
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.responses import JSONResponse, RedirectResponse, StreamResponse, TextResponse
from yaat_cors import CORSPlugin
from yaat_forms import Forms
from yaat_staticfiles import FileResponse, StaticFiles
from yaat_templates import TemplateResponse, TemplatesPlugin
from yaat_typed import Header, Query, Use
from yaat_websockets import WebSocket

PAGE = "<ul>{% for number in numbers %}<li>{{ number }}</li>{% endfor %}</ul>"
#: Larger than what is sent in one piece.
FILE_BYTES = 300_000


class OnPurpose(Exception):
    """What a handler here raises."""


class Answered(Exception):
    """What a handler here raises, and another answers."""


class Book(msgspec.Struct):
    """A typed body."""

    title: str
    pages: int


def write_files(folder: Path) -> None:
    """Put into *folder* what the app serves."""
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").write_text(PAGE)
    (folder / "files").mkdir()
    (folder / "files" / "small.txt").write_text("small")
    (folder / "files" / "large.bin").write_bytes(b"x" * FILE_BYTES)


async def identify(token: Annotated[str, Header("x-token")] = "nobody") -> AsyncGenerator[str]:
    """A dependency that has something to do in the end."""
    yield token
    await asyncio.sleep(0)


async def make_parts(count: int) -> AsyncIterator[bytes]:
    for number in range(count):
        if number % 3 == 0:
            await asyncio.sleep(0)
        yield b"%d;" % number


def make_plain_parts(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield b"%d;" % number


async def wait_for_ever() -> AsyncIterator[bytes]:
    yield b"begin"
    await asyncio.Event().wait()


async def greet_by_hand(scope: Scope, receive: Receive, send: Send) -> None:
    """A mounted ASGI app."""
    await TextResponse("by hand")(scope, receive, send)


def pass_on(app: ASGIApp) -> ASGIApp:
    """Raw ASGI middleware that wraps both functions."""

    async def passing(scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_it() -> Any:
            return await receive()

        async def send_it(message: Any) -> None:
            await send(message)

        await app(scope, receive_it, send_it)

    return passing


async def wrap(request: Request[Any]) -> AsyncGenerator[Any, Response]:
    response = yield
    response.headers["x-wrapped"] = "1"


class Pair:
    """Middleware of two functions."""

    async def process_request(self, request: Request[Any]) -> Any:
        if request.headers.get("x-early"):
            return TextResponse("early")
        return None

    def process_response(self, request: Request[Any], response: Response) -> None:
        response.set_cookie("seen", "1")


class View:
    """A class-based view."""

    async def get(self, request: Request[Any], name: str) -> str:
        return name


def add_answers(app: Router) -> None:
    """Add the routes that answer with something whole."""

    @app.get("/text")
    async def text(request: Request[Any]) -> str:
        return "text"

    @app.get("/json")
    async def give_json(request: Request[Any]) -> dict[str, Any]:
        return {"query": request.query_params.multi_items(), "cookies": request.cookies, "url": str(request.url)}

    @app.get("/users/{name}/{number:int}")
    async def user(request: Request[Any], name: str, number: int) -> tuple[str, int]:
        return f"{name} {number}", 201

    @app.get("/thread")
    def thread(request: Request[Any]) -> str:
        return "thread"

    @app.get("/page")
    async def page(request: Request[Any]) -> TemplateResponse:
        return TemplateResponse("page.html", {"numbers": range(20)})

    @app.get("/away")
    async def away(request: Request[Any]) -> RedirectResponse:
        return RedirectResponse("/text")


def add_jobs(app: Router) -> None:
    """Add the routes that do more than answer."""

    @app.get("/search")
    async def search(words: list[str], limit: Annotated[int, Query(ge=1)] = 10) -> list[str]:
        return words[:limit]

    @app.get("/background")
    async def background(request: Request[Any]) -> RunAfterResponse:
        return RunAfterResponse("now", BackgroundTask(asyncio.sleep, 0))

    @app.get("/cancel", on_disconnect="cancel")
    async def cancel(request: Request[Any]) -> str:
        await asyncio.sleep(0)
        return "not cancelled"


def add_readers(app: Router) -> None:
    """Add the routes that read content."""

    @app.post("/echo")
    async def echo(request: Request[Any]) -> JSONResponse:
        return JSONResponse(await request.json())

    @app.post("/books")
    async def add_book(book: Book, owner: Annotated[str, Use(identify)]) -> Book:
        return Book(title=f"{book.title} of {owner}", pages=book.pages)

    @app.post("/form")
    async def form(request: Request[Any]) -> dict[str, Any]:
        form = await request.form()
        return {name: str(form[name]) for name in form}

    @app.post("/upload")
    async def upload(request: Request[Any]) -> dict[str, Any]:
        form = await request.form()
        return {name: len(await file.read()) for name, file in form.files.items()}

    @app.post("/read")
    async def read(request: Request[Any]) -> str:
        return str(sum([len(chunk) async for chunk in request.stream()]))


def add_failures(app: Router) -> None:
    """Add the routes that fail."""

    @app.get("/forbidden")
    async def forbidden(request: Request[Any]) -> None:
        raise HTTPException(403, "Not you.")

    @app.get("/fail")
    async def fail(request: Request[Any]) -> None:
        raise OnPurpose

    @app.get("/lost")
    async def lose(request: Request[Any]) -> None:
        other = asyncio.ensure_future(asyncio.Event().wait())
        asyncio.get_running_loop().call_soon(other.cancel)
        await other

    @app.get("/answered")
    async def answered(request: Request[Any]) -> None:
        raise Answered

    @app.get("/fail-late")
    async def fail_late(request: Request[Any]) -> StreamResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begin"
            raise OnPurpose

        return StreamResponse(parts())


def add_streams(app: Router, folder: Path) -> None:
    """Add the routes that answer in parts."""

    @app.get("/stream")
    async def stream(request: Request[Any]) -> StreamResponse:
        return StreamResponse(make_parts(10))

    @app.get("/plain-stream")
    async def plain_stream(request: Request[Any]) -> StreamResponse:
        return StreamResponse(make_plain_parts(3))

    @app.get("/endless")
    async def endless(request: Request[Any]) -> StreamResponse:
        return StreamResponse(wait_for_ever())

    @app.get("/file")
    async def file(request: Request[Any]) -> FileResponse:
        return FileResponse(folder / "files" / "large.bin")


def make_app(folder: Path) -> Yaat:
    """Return the app, which serves what `write_files` has put into *folder*."""
    app = Yaat(
        plugins=[TemplatesPlugin(folder / "templates"), CORSPlugin(allow_origins=["https://example.com"]), Forms()],
        exception_handlers={Answered: lambda request, error: ("answered", 418)},
    )
    add_answers(app)
    add_jobs(app)
    add_readers(app)
    add_failures(app)
    add_streams(app, folder)
    app.add_route("/views/{name}", View)
    app.mount("/static", StaticFiles(folder / "files"))
    app.mount("/hand", greet_by_hand)
    wrapped = Router(middleware=[wrap, Pair, Middleware(pass_on)])
    for add in (add_answers, add_jobs, add_readers, add_failures):
        add(wrapped)
    app.mount("/wrapped", wrapped)

    @app.websocket_route("/echo")
    async def talk(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        async for message in websocket:
            await websocket.send_text(str(message))

    @app.websocket_route("/fail")
    async def fail_to_talk(websocket: WebSocket[Any]) -> None:
        await websocket.accept()
        raise OnPurpose

    return app
