"""This file is Starlette's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from scale import make_sections


def make_routes(section: str) -> list[Route]:
    async def page(request: Request) -> Response:
        return PlainTextResponse(section)

    async def item(request: Request) -> Response:
        return PlainTextResponse(f"{section} {request.path_params['number']}")

    return [
        Route(f"/{section}/page", page),
        Route(f"/{section}/items/{{number:int}}", item),
    ]


def build(count: int) -> Starlette:
    return Starlette(routes=[route for section in make_sections(count) for route in make_routes(section)])
