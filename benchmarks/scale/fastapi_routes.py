"""This file is FastAPI's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from scale import make_sections


def add_routes(app: FastAPI, section: str) -> None:
    @app.get(f"/{section}/page")
    async def page() -> PlainTextResponse:
        return PlainTextResponse(section)

    @app.get(f"/{section}/items/{{number}}")
    async def item(number: int) -> PlainTextResponse:
        return PlainTextResponse(f"{section} {number}")


def build(count: int) -> FastAPI:
    app = FastAPI()
    for section in make_sections(count):
        add_routes(app, section)
    return app
