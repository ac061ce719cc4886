"""This file is FastAPI's app for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

from fastapi import Body, Cookie, FastAPI, Header, Request, Response, WebSocket
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from fastapi.websockets import WebSocketDisconnect
from pydantic import BaseModel

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

DISTRIBUTIONS = ("fastapi", "starlette", "pydantic")
MISSING = {
    "json_get_msgspec": "no setting for the codec",
    "json_echo_msgspec": "no setting for the codec",
}


def plaintext() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def hello() -> Response:
        return PlainTextResponse(GREETING)

    return app


not_found = method_not_allowed = plaintext


def json_get() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def show() -> dict[str, Any]:
        return payload()

    return app


def path_params() -> FastAPI:
    app = FastAPI()

    @app.get("/users/{name}/orders/{number}")
    async def order(name: str, number: int) -> Response:
        return PlainTextResponse(f"{name} {number + 1}")

    return app


def query_params() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def search(city: str, limit: int) -> Response:
        return PlainTextResponse(f"{city} {limit + 1}")

    return app


def json_echo() -> FastAPI:
    app = FastAPI()

    @app.post("/")
    async def echo(document: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        return document

    return app


class Order(BaseModel):
    number: int
    name: str
    price: float
    tags: list[str]
    paid: bool


def json_model() -> FastAPI:
    app = FastAPI()

    @app.post("/")
    async def create(order: Order) -> Order:
        order.number += 1
        return order

    return app


def cookies() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def visit(
        theme: Annotated[str, Cookie()],
        accept_language: Annotated[str, Header()],
    ) -> Response:
        response = PlainTextResponse(f"{theme} {accept_language}")
        response.set_cookie("theme", theme, httponly=True)
        return response

    return app


def stream() -> FastAPI:
    app = FastAPI()

    async def produce() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    @app.get("/")
    async def show() -> StreamingResponse:
        return StreamingResponse(produce(), media_type="text/plain")

    return app


def template() -> FastAPI:
    app = FastAPI()
    templates = Jinja2Templates(directory=TEMPLATES)

    @app.get("/")
    async def show(request: Request) -> Response:
        return templates.TemplateResponse(request, "page.html", page())

    return app


def exception() -> FastAPI:
    app = FastAPI()

    @app.exception_handler(OutOfStock)
    async def out_of_stock(request: Request, error: OutOfStock) -> Response:
        return PlainTextResponse(APOLOGY, status_code=409)

    @app.get("/")
    async def buy() -> Response:
        raise OutOfStock

    return app


def static() -> FastAPI:
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


def websocket() -> FastAPI:
    app = FastAPI()

    @app.websocket("/ws")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnect:
            pass

    return app


async def own_middleware(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    return await call_next(request)


def middleware() -> FastAPI:
    app = plaintext()
    for _ in range(LAYERS):
        app.middleware("http")(own_middleware)
    return app


def asgi_middleware() -> FastAPI:
    app = plaintext()
    for _ in range(LAYERS):
        app.add_middleware(PassThrough)
    return app


def mounted() -> FastAPI:
    app = FastAPI()

    @app.get("/hello")
    async def hello() -> Response:
        return PlainTextResponse(GREETING)

    for prefix in ("/three", "/two", "/one"):
        outer = FastAPI()
        outer.mount(prefix, app)
        app = outer
    return app
