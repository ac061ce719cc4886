"""This file is Litestar's app for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Litestar, MediaType, Request, Response, Router, WebSocket, get, post
from litestar import websocket as on_websocket
from litestar.datastructures import Cookie
from litestar.exceptions import WebSocketDisconnect
from litestar.middleware import ASGIMiddleware
from litestar.params import CookieParameter, FromPath, FromQuery, HeaderParameter, JSONBody
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Stream, Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

DISTRIBUTIONS = ("litestar", "msgspec")
MISSING = {
    "json_get_msgspec": "its only codec is msgspec: see json_get",
    "json_echo_msgspec": "its only codec is msgspec: see json_echo",
}


@get("/", media_type=MediaType.TEXT)
async def hello() -> str:
    return GREETING


def plaintext() -> Litestar:
    return Litestar([hello])


not_found = method_not_allowed = plaintext


def json_get() -> Litestar:
    @get("/")
    async def show() -> dict[str, Any]:
        return payload()

    return Litestar([show])


def path_params() -> Litestar:
    @get("/users/{name:str}/orders/{number:int}", media_type=MediaType.TEXT)
    async def order(name: FromPath[str], number: FromPath[int]) -> str:
        return f"{name} {number + 1}"

    return Litestar([order])


def query_params() -> Litestar:
    @get("/", media_type=MediaType.TEXT)
    async def search(city: FromQuery[str], limit: FromQuery[int]) -> str:
        return f"{city} {limit + 1}"

    return Litestar([search])


def json_echo() -> Litestar:
    @post("/", status_code=200)
    async def echo(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
        return data

    return Litestar([echo])


class Order(msgspec.Struct):
    number: int
    name: str
    price: float
    tags: list[str]
    paid: bool


def json_model() -> Litestar:
    @post("/", status_code=200)
    async def create(data: JSONBody[Order]) -> Order:
        data.number += 1
        return data

    return Litestar([create])


def cookies() -> Litestar:
    @get("/", media_type=MediaType.TEXT)
    async def visit(
        theme: Annotated[str, CookieParameter(name="theme")],
        language: Annotated[str, HeaderParameter(name="accept-language")],
    ) -> Response[str]:
        cookie = Cookie(key="theme", value=theme, httponly=True)
        return Response(f"{theme} {language}", cookies=[cookie])

    return Litestar([visit])


def stream() -> Litestar:
    async def produce() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    @get("/")
    async def show() -> Stream:
        return Stream(produce(), media_type="text/plain")

    return Litestar([show])


def template() -> Litestar:
    @get("/")
    async def show() -> Template:
        return Template(template_name="page.html", context=page(), media_type="text/html")

    config = TemplateConfig(directory=TEMPLATES, engine=JinjaTemplateEngine)
    return Litestar([show], template_config=config)


def exception() -> Litestar:
    def out_of_stock(request: Request[Any, Any, Any], error: OutOfStock) -> Response[str]:
        return Response(APOLOGY, status_code=409, media_type=MediaType.TEXT)

    @get("/", media_type=MediaType.TEXT)
    async def buy() -> str:
        raise OutOfStock

    return Litestar([buy], exception_handlers={OutOfStock: out_of_stock})


def static() -> Litestar:
    return Litestar([create_static_files_router(path="/static", directories=[STATIC])])


def websocket() -> Litestar:
    @on_websocket("/ws")
    async def echo(socket: WebSocket[Any, Any, Any]) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnect:
            pass

    return Litestar([echo])


class OwnMiddleware(ASGIMiddleware):
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        await next_app(scope, receive, send)


def middleware() -> Litestar:
    return Litestar([hello], middleware=[OwnMiddleware() for _ in range(LAYERS)])


def asgi_middleware() -> Litestar:
    layer: Any = PassThrough
    return Litestar([hello], middleware=[layer] * LAYERS)


def mounted() -> Litestar:
    @get("/hello", media_type=MediaType.TEXT)
    async def show() -> str:
        return GREETING

    inner: ControllerRouterHandler = show
    for prefix in ("/three", "/two", "/one"):
        inner = Router(prefix, route_handlers=[inner])
    return Litestar([inner])
