"""This file is Yaat's app of many routes."""

from __future__ import annotations

from scale import make_sections
from yaat import Request, Response, Yaat
from yaat.responses import TextResponse


def add_routes(app: Yaat, section: str) -> None:
    @app.get(f"/{section}/page")
    async def page(request: Request) -> Response:
        return TextResponse(section)

    @app.get(f"/{section}/items/{{number}}")
    async def item(request: Request, number: int) -> Response:
        return TextResponse(f"{section} {number}")


def build(count: int) -> Yaat:
    app = Yaat()
    for section in make_sections(count):
        add_routes(app, section)
    return app
