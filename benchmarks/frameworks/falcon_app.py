"""This file is Falcon's app (its ASGI side) for each row."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import falcon
import jinja2
from falcon.asgi import App, Request, Response, WebSocket

from content import APOLOGY, CHUNKS, GREETING, LAYERS, STATIC, TEMPLATES, OutOfStock, page, payload
from messages import PassThrough

FalconApp: TypeAlias = App[Request, Response]

DISTRIBUTIONS = ("falcon",)
MISSING = {
    "json_get_msgspec": "measured with its default codec",
    "json_echo_msgspec": "measured with its default codec",
    "json_model": "no validation of its own",
    "mounted": "no mounting of apps",
}


class Hello:
    async def on_get(self, request: Request, response: Response) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = GREETING


def plaintext() -> FalconApp:
    return serve("/", Hello())


def serve(template: str, resource: object) -> FalconApp:
    app = App()
    app.add_route(template, resource)
    return app


not_found = method_not_allowed = plaintext


class Show:
    async def on_get(self, request: Request, response: Response) -> None:
        response.media = payload()


def json_get() -> FalconApp:
    return serve("/", Show())


class Order:
    async def on_get(self, request: Request, response: Response, name: str, number: int) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = f"{name} {number + 1}"


def path_params() -> FalconApp:
    return serve("/users/{name}/orders/{number:int}", Order())


class Search:
    async def on_get(self, request: Request, response: Response) -> None:
        city = request.get_param("city", required=True)
        limit = request.get_param_as_int("limit", required=True)
        response.content_type = falcon.MEDIA_TEXT
        response.text = f"{city} {limit + 1}"


def query_params() -> FalconApp:
    return serve("/", Search())


class Echo:
    async def on_post(self, request: Request, response: Response) -> None:
        response.media = await request.get_media()


def json_echo() -> FalconApp:
    return serve("/", Echo())


class Visit:
    async def on_get(self, request: Request, response: Response) -> None:
        theme = request.cookies["theme"]
        response.content_type = falcon.MEDIA_TEXT
        response.text = f"{theme} {request.get_header('accept-language')}"
        response.set_cookie("theme", theme, path="/", secure=False, same_site="Lax")


def cookies() -> FalconApp:
    return serve("/", Visit())


class Stream:
    async def on_get(self, request: Request, response: Response) -> None:
        async def produce() -> AsyncIterator[bytes]:
            for chunk in CHUNKS:
                yield chunk

        response.content_type = falcon.MEDIA_TEXT
        response.stream = produce()


def stream() -> FalconApp:
    return serve("/", Stream())


class Page:
    def __init__(self) -> None:
        loader = jinja2.FileSystemLoader(TEMPLATES)
        self.templates = jinja2.Environment(loader=loader, autoescape=True)

    async def on_get(self, request: Request, response: Response) -> None:
        response.content_type = falcon.MEDIA_HTML
        response.text = self.templates.get_template("page.html").render(page())


def template() -> FalconApp:
    return serve("/", Page())


class Buy:
    async def on_get(self, request: Request, response: Response) -> None:
        raise OutOfStock


async def out_of_stock(
    request: Request, response: Response, error: OutOfStock, params: dict[str, Any], **kwargs: Any
) -> None:
    response.status = falcon.HTTP_409
    response.content_type = falcon.MEDIA_TEXT
    response.text = APOLOGY


def exception() -> FalconApp:
    app = serve("/", Buy())
    app.add_error_handler(OutOfStock, out_of_stock)
    return app


def static() -> FalconApp:
    app = App()
    app.add_static_route("/static", STATIC)
    return app


class EchoSocket:
    async def on_websocket(self, request: Request, socket: WebSocket) -> None:
        try:
            await socket.accept()
            while True:
                await socket.send_text(await socket.receive_text())
        except falcon.WebSocketDisconnected:
            pass


def websocket() -> FalconApp:
    return serve("/ws", EchoSocket())


class OwnMiddleware:
    async def process_request(self, request: Request, response: Response) -> None:
        pass

    async def process_response(
        self, request: Request, response: Response, resource: object, req_succeeded: object
    ) -> None:
        pass


def middleware() -> FalconApp:
    app = App(middleware=[OwnMiddleware() for _ in range(LAYERS)])
    app.add_route("/", Hello())
    return app


def asgi_middleware() -> Any:
    app: Any = plaintext()
    for _ in range(LAYERS):
        app = PassThrough(app)
    return app
