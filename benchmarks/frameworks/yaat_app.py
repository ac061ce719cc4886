"""This file is Yaat's app for each row, through its public names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough
from yaat import Request, Response, Yaat
from yaat.responses import JSONResponse, StreamResponse, TextResponse
from yaat_staticfiles import StaticFiles
from yaat_templates import TemplateResponse, TemplatesPlugin
from yaat_typed import TypedPlugin
from yaat_websockets import WebSocket, WebSocketsPlugin

DISTRIBUTIONS = ("yaat-core", "yaat-staticfiles", "yaat-templates", "yaat-typed", "yaat-websockets")
MISSING: dict[str, str] = {}


def plaintext() -> Yaat:
    app = Yaat()

    @app.get("/")
    async def hello(request: Request) -> Response:
        return TextResponse(GREETING)

    return app


not_found = method_not_allowed = plaintext


def json_get() -> Yaat:
    app = Yaat(block=["typed"])  # Or its codec would be msgspec's.

    @app.get("/")
    async def show(request: Request) -> Response:
        return JSONResponse(payload())

    return app


def path_params() -> Yaat:
    app = Yaat()

    @app.get("/users/{name}/orders/{number}")
    async def order(request: Request, name: str, number: int) -> Response:
        return TextResponse(f"{name} {number + 1}")

    return app


def query_params() -> Yaat:
    app = Yaat(plugins=[TypedPlugin()])

    @app.get("/")
    async def search(city: str, limit: int) -> Response:
        return TextResponse(f"{city} {limit + 1}")

    return app


def json_echo() -> Yaat:
    app = Yaat(block=["typed"])  # Or its codec would be msgspec's.

    @app.post("/")
    async def echo(request: Request) -> Response:
        return JSONResponse(await request.json())

    return app


def json_get_msgspec() -> Yaat:
    app = Yaat(plugins=[TypedPlugin()])

    @app.get("/")
    async def show(request: Request) -> Response:
        return JSONResponse(payload())

    return app


def json_echo_msgspec() -> Yaat:
    app = Yaat(plugins=[TypedPlugin()])

    @app.post("/")
    async def echo(document: dict[str, Any]) -> Response:
        return JSONResponse(document)

    return app


class Order(msgspec.Struct):
    number: int
    name: str
    price: float
    tags: list[str]
    paid: bool


def json_model() -> Yaat:
    app = Yaat(plugins=[TypedPlugin()])

    @app.post("/")
    async def create(order: Order) -> Order:
        order.number += 1
        return order

    return app


def cookies() -> Yaat:
    app = Yaat()

    @app.get("/")
    async def visit(request: Request) -> Response:
        theme = request.cookies["theme"]
        response = TextResponse(f"{theme} {request.headers['accept-language']}")
        response.set_cookie("theme", theme, httponly=True, samesite="lax")
        return response

    return app


def stream() -> Yaat:
    app = Yaat()

    async def produce() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    @app.get("/")
    async def show(request: Request) -> Response:
        return StreamResponse(produce(), media_type="text/plain")

    return app


def template() -> Yaat:
    app = Yaat(plugins=[TemplatesPlugin(TEMPLATES)])

    @app.get("/")
    async def show(request: Request) -> TemplateResponse:
        return TemplateResponse("page.html", page())

    return app


def static() -> Yaat:
    app = Yaat()
    app.mount("/static", StaticFiles(STATIC))
    return app


def websocket() -> Yaat:
    app = Yaat(plugins=[WebSocketsPlugin()])

    @app.websocket_route("/ws")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        async for text in socket:
            await socket.send_text(text)

    return app


def exception() -> Yaat:
    app = Yaat()

    @app.exception_handler(OutOfStock)
    async def out_of_stock(request: Request, error: OutOfStock) -> Response:
        return TextResponse(APOLOGY, status_code=409)

    @app.get("/")
    async def buy(request: Request) -> Response:
        raise OutOfStock

    return app


class OwnMiddleware:
    def process_request(self, request: Request) -> None:
        pass

    def process_response(self, request: Request, response: Response) -> None:
        pass


def middleware() -> Yaat:
    app = plaintext()
    for _ in range(LAYERS):
        app.add_middleware(OwnMiddleware)
    return app


def asgi_middleware() -> Yaat:
    app = plaintext()
    for _ in range(LAYERS):
        app.add_middleware(PassThrough)
    return app


def mounted() -> Yaat:
    app = Yaat()

    @app.get("/hello")
    async def hello(request: Request) -> Response:
        return TextResponse(GREETING)

    for prefix in ("/three", "/two", "/one"):
        outer = Yaat()
        outer.mount(prefix, app)
        app = outer
    return app
