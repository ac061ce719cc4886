"""This file is muffin's app for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import jinja2
from muffin import (
    Application,
    Request,
    Response,
    ResponseHTML,
    ResponseJSON,
    ResponseStream,
    ResponseText,
    ResponseWebSocket,
)

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

DISTRIBUTIONS = ("muffin", "asgi-tools")
MISSING = {
    "json_get_msgspec": "measured with its default codec",
    "json_echo_msgspec": "measured with its default codec",
    "json_model": "no validation of its own",
}


def plaintext() -> Application:
    app = Application()

    @app.route("/", methods=["GET"])
    async def hello(request: Request) -> Response:
        return ResponseText(GREETING)

    return app


not_found = method_not_allowed = plaintext


def json_get() -> Application:
    app = Application()

    @app.route("/")
    async def show(request: Request) -> Response:
        return ResponseJSON(payload())

    return app


def path_params() -> Application:
    app = Application()

    @app.route("/users/{name}/orders/{number:int}")
    async def order(request: Request) -> Response:
        name, number = request.path_params["name"], request.path_params["number"]
        return ResponseText(f"{name} {number + 1}")

    return app


def query_params() -> Application:
    app = Application()

    @app.route("/")
    async def search(request: Request) -> Response:
        city, limit = request.query["city"], int(request.query["limit"])
        return ResponseText(f"{city} {limit + 1}")

    return app


def json_echo() -> Application:
    app = Application()

    @app.route("/", methods=["POST"])
    async def echo(request: Request) -> Response:
        document: Any = await request.json()
        return ResponseJSON(document)

    return app


def cookies() -> Application:
    app = Application()

    @app.route("/")
    async def visit(request: Request) -> Response:
        theme = request.cookies["theme"]
        text = f"{theme} {request.headers['accept-language']}"
        response = ResponseText(text)
        response.cookies["theme"] = theme
        response.cookies["theme"]["path"] = "/"
        response.cookies["theme"]["httponly"] = True
        response.cookies["theme"]["samesite"] = "lax"
        return response

    return app


def stream() -> Application:
    app = Application()

    async def produce() -> AsyncGenerator[bytes, None]:
        for chunk in CHUNKS:
            yield chunk

    @app.route("/")
    async def show(request: Request) -> Response:
        return ResponseStream(produce(), content_type="text/plain")

    return app


def template() -> Application:
    app = Application()
    loader = jinja2.FileSystemLoader(TEMPLATES)
    templates = jinja2.Environment(loader=loader, autoescape=True)

    @app.route("/")
    async def show(request: Request) -> Response:
        return ResponseHTML(templates.get_template("page.html").render(page()))

    return app


def exception() -> Application:
    app = Application()

    @app.on_error(OutOfStock)
    async def out_of_stock(request: Request, error: OutOfStock) -> Response:
        return ResponseText(APOLOGY, status_code=409)

    @app.route("/")
    async def buy(request: Request) -> Response:
        raise OutOfStock

    return app


def static() -> Application:
    return Application(static_url_prefix="/static", static_folders=[STATIC])


def websocket() -> Application:
    app = Application()

    @app.route("/ws")
    async def echo(request: Request) -> None:
        async with ResponseWebSocket(request) as socket:
            while isinstance(message := await socket.receive(), str):
                await socket.send(message)

    return app


def middleware() -> Application:
    app = plaintext()

    def add_layer() -> None:
        # One function of its own per layer: the same one is taken only once.
        @app.middleware
        async def layer(handler: Any, request: Request, receive: Any, send: Any) -> Response:
            response: Response = await handler(request, receive, send)
            return response

    for _ in range(LAYERS):
        add_layer()
    return app


def asgi_middleware() -> Application:
    app = plaintext()
    for _ in range(LAYERS):
        app.middleware(PassThrough)
    return app


def mounted() -> Application:
    app = Application()

    @app.route("/hello", methods=["GET"])
    async def hello(request: Request) -> Response:
        return ResponseText(GREETING)

    for prefix in ("/three", "/two", "/one"):
        outer: Any = Application()
        outer.route(prefix)(app)
        app = outer
    return app
