"""This file is Quart's app for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from quart import (
    Blueprint,
    Quart,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
)
from quart import websocket as socket
from quart.typing import ResponseReturnValue

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

DISTRIBUTIONS = ("quart", "werkzeug")
MISSING = {
    "json_get_msgspec": "measured with its default codec",
    "json_echo_msgspec": "measured with its default codec",
    "json_model": "no validation of its own",
}
TEXT = {"content-type": "text/plain; charset=utf-8"}


def plaintext() -> Quart:
    app = Quart(__name__)

    @app.get("/")
    async def hello() -> ResponseReturnValue:
        return GREETING, TEXT

    return app


not_found = method_not_allowed = plaintext


def json_get() -> Quart:
    app = Quart(__name__)

    @app.get("/")
    async def show() -> ResponseReturnValue:
        return payload()

    return app


def path_params() -> Quart:
    app = Quart(__name__)

    @app.get("/users/<name>/orders/<int:number>")
    async def order(name: str, number: int) -> ResponseReturnValue:
        return f"{name} {number + 1}", TEXT

    return app


def query_params() -> Quart:
    app = Quart(__name__)

    @app.get("/")
    async def search() -> ResponseReturnValue:
        city, limit = request.args["city"], int(request.args["limit"])
        return f"{city} {limit + 1}", TEXT

    return app


def json_echo() -> Quart:
    app = Quart(__name__)

    @app.post("/")
    async def echo() -> ResponseReturnValue:
        return jsonify(await request.get_json())

    return app


def cookies() -> Quart:
    app = Quart(__name__)

    @app.get("/")
    async def visit() -> ResponseReturnValue:
        theme = request.cookies["theme"]
        text = f"{theme} {request.headers['accept-language']}"
        response = await make_response(text, TEXT)
        response.set_cookie("theme", theme, httponly=True, samesite="Lax")
        return response

    return app


def stream() -> Quart:
    app = Quart(__name__)

    async def produce() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    @app.get("/")
    async def show() -> ResponseReturnValue:
        return Response(produce(), headers=TEXT)

    return app


def template() -> Quart:
    app = Quart(__name__, template_folder=str(TEMPLATES))

    @app.get("/")
    async def show() -> ResponseReturnValue:
        return await render_template("page.html", **page())

    return app


def exception() -> Quart:
    app = Quart(__name__)

    @app.errorhandler(OutOfStock)
    async def out_of_stock(error: OutOfStock) -> ResponseReturnValue:
        return APOLOGY, 409, TEXT

    @app.get("/")
    async def buy() -> ResponseReturnValue:
        raise OutOfStock

    return app


def static() -> Quart:
    return Quart(__name__, static_folder=str(STATIC), static_url_path="/static")


def websocket() -> Quart:
    app = Quart(__name__)

    @app.websocket("/ws")
    async def echo() -> None:
        while True:
            await socket.send(await socket.receive())

    return app


def middleware() -> Quart:
    app = plaintext()

    async def before() -> None:
        pass

    async def after(response: Response) -> Response:
        return response

    for _ in range(LAYERS):
        app.before_request(before)
        app.after_request(after)
    return app


def asgi_middleware() -> Any:
    app: Any = plaintext()
    for _ in range(LAYERS):
        app.asgi_app = PassThrough(app.asgi_app)
    return app


def mounted() -> Quart:
    inner = Blueprint("leaf", __name__)

    @inner.get("/hello")
    async def hello() -> ResponseReturnValue:
        return GREETING, TEXT

    for name in ("three", "two", "one"):
        outer = Blueprint(name, __name__)
        outer.register_blueprint(inner, url_prefix=f"/{name}")
        inner = outer
    app = Quart(__name__)
    app.register_blueprint(inner)
    return app
