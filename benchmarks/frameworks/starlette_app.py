"""This file is Starlette's app for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.websockets import WebSocket

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

DISTRIBUTIONS = ("starlette",)
MISSING = {
    "json_get_msgspec": "no setting for the codec",
    "json_echo_msgspec": "no setting for the codec",
    "json_model": "no validation",
}


async def hello(request: Request) -> Response:
    return PlainTextResponse(GREETING)


def plaintext() -> Starlette:
    return Starlette(routes=[Route("/", hello)])


not_found = method_not_allowed = plaintext


def json_get() -> Starlette:
    async def show(request: Request) -> Response:
        return JSONResponse(payload())

    return Starlette(routes=[Route("/", show)])


def path_params() -> Starlette:
    async def order(request: Request) -> Response:
        name, number = request.path_params["name"], request.path_params["number"]
        return PlainTextResponse(f"{name} {number + 1}")

    return Starlette(routes=[Route("/users/{name}/orders/{number:int}", order)])


def query_params() -> Starlette:
    async def search(request: Request) -> Response:
        city, limit = request.query_params["city"], int(request.query_params["limit"])
        return PlainTextResponse(f"{city} {limit + 1}")

    return Starlette(routes=[Route("/", search)])


def json_echo() -> Starlette:
    async def echo(request: Request) -> Response:
        return JSONResponse(await request.json())

    return Starlette(routes=[Route("/", echo, methods=["POST"])])


def cookies() -> Starlette:
    async def visit(request: Request) -> Response:
        theme = request.cookies["theme"]
        response = PlainTextResponse(f"{theme} {request.headers['accept-language']}")
        response.set_cookie("theme", theme, httponly=True)
        return response

    return Starlette(routes=[Route("/", visit)])


def stream() -> Starlette:
    async def produce() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    async def show(request: Request) -> Response:
        return StreamingResponse(produce(), media_type="text/plain")

    return Starlette(routes=[Route("/", show)])


def template() -> Starlette:
    templates = Jinja2Templates(directory=TEMPLATES)

    async def show(request: Request) -> Response:
        return templates.TemplateResponse(request, "page.html", page())

    return Starlette(routes=[Route("/", show)])


def exception() -> Starlette:
    async def buy(request: Request) -> Response:
        raise OutOfStock

    async def out_of_stock(request: Request, error: Exception) -> Response:
        return PlainTextResponse(APOLOGY, status_code=409)

    return Starlette(routes=[Route("/", buy)], exception_handlers={OutOfStock: out_of_stock})


def static() -> Starlette:
    return Starlette(routes=[Mount("/static", StaticFiles(directory=STATIC))])


def websocket() -> Starlette:
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)

    return Starlette(routes=[WebSocketRoute("/ws", echo)])


class OwnMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request)


def middleware() -> Starlette:
    layers = [Middleware(OwnMiddleware) for _ in range(LAYERS)]
    return Starlette(routes=[Route("/", hello)], middleware=layers)


def asgi_middleware() -> Starlette:
    layers = [Middleware(PassThrough) for _ in range(LAYERS)]
    return Starlette(routes=[Route("/", hello)], middleware=layers)


def mounted() -> Starlette:
    routes: list[BaseRoute] = [Route("/hello", hello)]
    for prefix in ("/three", "/two", "/one"):
        routes = [Mount(prefix, Starlette(routes=routes))]
    return Starlette(routes=routes)
