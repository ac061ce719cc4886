"""The servers of these tests: pages at one origin, an API at another. The environment says where the other one is."""

import os
from pathlib import Path
from typing import Any

from yaat import Request, Yaat
from yaat.responses import HTMLResponse, JSONResponse, TextResponse
from yaat_cors import CORS, CORSPlugin
from yaat_forms import FormsPlugin, UploadFile
from yaat_openapi import OpenAPIPlugin
from yaat_staticfiles import StaticFilesPlugin
from yaat_templates import TemplateResponse, TemplatesPlugin
from yaat_websockets import WebSocket, WebSocketsPlugin

EMPTY = "<!doctype html><meta charset=utf-8><title>Empty</title>"
UPLOAD = f"""{EMPTY}<form action="/upload" method="post" enctype="multipart/form-data">
<input name="title"><input name="file" type="file" multiple><button>Send</button></form>"""


def make_pages() -> Yaat:
    """Return the app with the pages, of all packages that have to do with pages."""
    folder = Path(__file__).parent / "pages"
    app = Yaat(
        autoload=False,
        plugins=[
            FormsPlugin(),
            OpenAPIPlugin(title="Browser <tests>"),
            StaticFilesPlugin(os.environ["YAAT_BROWSER_FILES"]),
            TemplatesPlugin(folder),
            WebSocketsPlugin(drain_grace_seconds=1),
        ],
    )
    app.add_route("/", show_empty)
    app.add_route("/favicon.ico", show_nothing)
    app.add_route("/form", show_form)
    app.add_route("/upload", upload, ["POST"])
    app.add_route("/hello/{name}", greet)
    app.add_websocket_route("/echo", echo)
    app.add_websocket_route("/listen", listen)
    return app


def make_api() -> Yaat:
    """Return the app that pages of another origin use."""
    policy = CORSPlugin(
        allow_origins=[os.environ["YAAT_BROWSER_PAGES"]],
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=["X-Token"],
        allow_credentials=True,
        expose_headers=["X-Total"],
    )
    app = Yaat(autoload=False, plugins=[policy, FormsPlugin(), StaticFilesPlugin(os.environ["YAAT_BROWSER_FILES"])])
    app.add_route("/items", list_items)
    app.add_route("/items", put_item, ["PUT"])
    app.add_route("/items", put_item, ["DELETE"])
    app.add_route("/login", log_in, ["POST"])
    app.add_route("/me", show_user)
    app.add_route("/broken", fail)
    app.add_route("/small", read, ["POST"], max_body_bytes=10)
    app.add_route("/upload", upload, ["POST"])
    app.add_route("/public", list_items, middleware=[CORS(allow_origins=["*"])])
    app.add_route("/closed", list_items, middleware=[CORS()])
    return app


async def show_empty(request: Request) -> HTMLResponse:
    return HTMLResponse(EMPTY)


async def show_nothing(request: Request) -> None:
    """Browsers ask for an icon where a page names none."""


async def show_form(request: Request) -> HTMLResponse:
    return HTMLResponse(UPLOAD)


async def upload(request: Request) -> JSONResponse:
    form = await request.form()
    files: list[UploadFile] = form.get_all("file")
    seen = [{"name": each.filename, "type": each.content_type, "text": (await each.read()).decode()} for each in files]
    return JSONResponse({"title": form["title"], "files": seen})


async def greet(request: Request, name: str) -> TemplateResponse:
    return TemplateResponse("hello.html", {"name": name, "numbers": range(3)})


async def list_items(request: Request) -> TextResponse:
    return TextResponse("items", headers={"X-Total": "2", "X-Secret": "hidden"})


async def put_item(request: Request) -> JSONResponse:
    return JSONResponse({"token": request.headers.get("x-token"), "item": await request.json()})


async def log_in(request: Request) -> TextResponse:
    response = TextResponse("in")
    response.set_cookie("user", "Ada", httponly=True)
    return response


async def show_user(request: Request) -> str:
    return request.cookies.get("user", "nobody")


async def fail(request: Request) -> str:
    raise LookupError("on purpose")


async def read(request: Request) -> bytes:
    return await request.body()


async def echo(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    async for message in websocket:
        if message == "close":
            await websocket.close(4001, "See you.")
        elif isinstance(message, str):
            await websocket.send_text(message)
        else:
            await websocket.send_bytes(message)


async def listen(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    await websocket.send_text("listening")
    await websocket.receive_text()
