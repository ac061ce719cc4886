"""This file is BlackSheep's app for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import jinja2
from blacksheep import (
    Application,
    Cookie,
    CookieSameSiteMode,
    FromCookie,
    FromHeader,
    FromJSON,
    Request,
    Response,
    Router,
    StreamedContent,
    WebSocket,
    WebSocketDisconnectError,
    json,
    text,
)
from blacksheep.server.rendering.jinja2 import JinjaRenderer
from blacksheep.server.responses import view
from blacksheep.settings.html import html_settings

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import App, PassThrough

DISTRIBUTIONS = ("blacksheep",)
MISSING = {
    "json_get_msgspec": "measured with its default codec",
    "json_echo_msgspec": "measured with its default codec",
    "method_not_allowed": "answers 404",
    "mounted": "does not find a mount inside a mount",
}


def make_app() -> Application:
    # Without a router of its own, every app of the process shares one.
    return Application(router=Router())


def plaintext() -> Application:
    app = make_app()

    @app.router.get("/")
    async def hello() -> Response:
        return text(GREETING)

    return app


not_found = plaintext


def json_get() -> Application:
    app = make_app()

    @app.router.get("/")
    async def show() -> Response:
        return json(payload())

    return app


def path_params() -> Application:
    app = make_app()

    @app.router.get("/users/{name}/orders/{number}")
    async def order(name: str, number: int) -> Response:
        return text(f"{name} {number + 1}")

    return app


def query_params() -> Application:
    app = make_app()

    @app.router.get("/")
    async def search(city: str, limit: int) -> Response:
        return text(f"{city} {limit + 1}")

    return app


def json_echo() -> Application:
    app = make_app()

    @app.router.post("/")
    async def echo(request: Request) -> Response:
        return json(await request.json())

    return app


@dataclass
class Order:
    number: int
    name: str
    price: float
    tags: list[str]
    paid: bool


def json_model() -> Application:
    app = make_app()

    @app.router.post("/")
    async def create(order: FromJSON[Order]) -> Response:
        order.value.number += 1
        return json(order.value)

    return app


class Language(FromHeader[str]):
    name = "accept-language"


class Theme(FromCookie[str]):
    name = "theme"


def cookies() -> Application:
    app = make_app()

    @app.router.get("/")
    async def visit(theme: Theme, language: Language) -> Response:
        response = text(f"{theme.value} {language.value}")
        response.set_cookie(
            Cookie(
                "theme",
                theme.value,
                path="/",
                http_only=True,
                same_site=CookieSameSiteMode.LAX,
            )
        )
        return response

    return app


def stream() -> Application:
    app = make_app()

    async def produce() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    @app.router.get("/")
    async def show() -> Response:
        return Response(200, content=StreamedContent(b"text/plain; charset=utf-8", produce))

    return app


def template() -> Application:
    app = make_app()
    # Its renderer looks for names that end in .jinja.
    source = (TEMPLATES / "page.html").read_text()
    loader = jinja2.DictLoader({"page.jinja": source})
    html_settings.use(JinjaRenderer(loader=loader))

    @app.router.get("/")
    async def show() -> Response:
        return view("page", page())

    return app


def exception() -> Application:
    app = make_app()

    @app.exception_handler(OutOfStock)
    async def out_of_stock(app: Application, request: Request, error: OutOfStock) -> Response:
        return text(APOLOGY, status=409)

    @app.router.get("/")
    async def buy() -> Response:
        raise OutOfStock

    return app


def static() -> Application:
    app = make_app()
    app.serve_files(STATIC, root_path="static", extensions={".txt"})
    return app


def websocket() -> Application:
    app = make_app()

    @app.router.ws("/ws")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnectError:
            pass

    return app


def middleware() -> Application:
    app = plaintext()
    for _ in range(LAYERS):
        # One function of its own per layer: the list refuses the same one twice.
        app.middlewares.append(make_layer())
    return app


def make_layer() -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Any]:
    async def layer(request: Request, handler: Callable[[Request], Awaitable[Response]]) -> Response:
        return await handler(request)

    return layer


def asgi_middleware() -> App:
    app: App = plaintext()
    for _ in range(LAYERS):
        app = PassThrough(app)
    return app
