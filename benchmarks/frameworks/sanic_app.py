"""This file is Sanic's app, in its ASGI mode, for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

import itertools
from typing import Any, TypeAlias

import jinja2
from sanic import Blueprint, HTTPResponse, Request, Sanic, Websocket, html, json, text
from sanic.response import ResponseStream

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

App: TypeAlias = Sanic[Any, Any]

DISTRIBUTIONS = ("sanic",)
MISSING = {
    "json_get_msgspec": "measured with its default codec",
    "json_echo_msgspec": "measured with its default codec",
    "json_model": "no validation without sanic-ext",
}
numbers = itertools.count()


def make_app() -> App:
    """Return an app with a name of its own: Sanic keeps all of a process in one register."""
    number = next(numbers)
    app = Sanic(f"row{number}", configure_logging=False)
    # Its start-up rewrites methods of its own classes for speed, and fails where that is done.
    app.config.TOUCHUP = number == 0
    return app


def plaintext() -> App:
    app = make_app()

    @app.get("/")
    async def hello(request: Request) -> HTTPResponse:
        return text(GREETING)

    return app


not_found = method_not_allowed = plaintext


def json_get() -> App:
    app = make_app()

    @app.get("/")
    async def show(request: Request) -> HTTPResponse:
        return json(payload())

    return app


def path_params() -> App:
    app = make_app()

    @app.get("/users/<name:str>/orders/<number:int>")
    async def order(request: Request, name: str, number: int) -> HTTPResponse:
        return text(f"{name} {number + 1}")

    return app


def query_params() -> App:
    app = make_app()

    @app.get("/")
    async def search(request: Request) -> HTTPResponse:
        city, limit = request.args.get("city"), int(request.args.get("limit"))
        return text(f"{city} {limit + 1}")

    return app


def json_echo() -> App:
    app = make_app()

    @app.post("/")
    async def echo(request: Request) -> HTTPResponse:
        return json(request.json)

    return app


def cookies() -> App:
    app = make_app()

    @app.get("/")
    async def visit(request: Request) -> HTTPResponse:
        theme = str(request.cookies.get("theme"))
        response = text(f"{theme} {request.headers['accept-language']}")
        response.add_cookie("theme", theme, httponly=True, secure=False)
        return response

    return app


def stream() -> App:
    app = make_app()

    async def produce(response: Any) -> None:
        for chunk in CHUNKS:
            await response.write(chunk)

    @app.get("/")
    async def show(request: Request) -> ResponseStream:
        return ResponseStream(produce, content_type="text/plain; charset=utf-8")

    return app


def template() -> App:
    app = make_app()
    loader = jinja2.FileSystemLoader(TEMPLATES)
    templates = jinja2.Environment(loader=loader, autoescape=True)

    @app.get("/")
    async def show(request: Request) -> HTTPResponse:
        return html(templates.get_template("page.html").render(page()))

    return app


def exception() -> App:
    app = make_app()

    @app.exception(OutOfStock)
    async def out_of_stock(request: Request, error: OutOfStock) -> HTTPResponse:
        return text(APOLOGY, status=409)

    @app.get("/")
    async def buy(request: Request) -> HTTPResponse:
        raise OutOfStock

    return app


def static() -> App:
    app = make_app()
    app.static("/static", STATIC)
    return app


def websocket() -> App:
    app = make_app()

    @app.websocket("/ws")
    async def echo(request: Request, socket: Websocket) -> None:
        while (message := await socket.recv()) is not None:
            await socket.send(message)

    return app


def middleware() -> App:
    app = plaintext()

    def make_layer() -> None:
        async def before(request: Request) -> Any:
            pass

        async def after(request: Request, response: Any) -> Any:
            pass

        app.register_middleware(before, "request")
        app.register_middleware(after, "response")

    for _ in range(LAYERS):
        make_layer()
    return app


def asgi_middleware() -> Any:
    app: Any = plaintext()
    for _ in range(LAYERS):
        app = PassThrough(app)
    return app


def mounted() -> App:
    inner = Blueprint("leaf")

    @inner.get("/hello")
    async def hello(request: Request) -> HTTPResponse:
        return text(GREETING)

    group = Blueprint.group(inner, url_prefix="/three")
    for prefix in ("/two", "/one"):
        group = Blueprint.group(group, url_prefix=prefix)
    app = make_app()
    app.blueprint(group)
    return app
