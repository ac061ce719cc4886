"""This file is Sanic's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

import itertools
from typing import Any

from sanic import HTTPResponse, Request, Sanic, text

from scale import make_sections

numbers = itertools.count()


def add_routes(app: Any, section: str) -> None:
    async def page(request: Request) -> HTTPResponse:
        return text(section)

    async def item(request: Request, number: int) -> HTTPResponse:
        return text(f"{section} {number}")

    app.add_route(page, f"/{section}/page", name=f"{section}_page")
    app.add_route(item, f"/{section}/items/<number:int>", name=f"{section}_item")


def build(count: int) -> Any:
    number = next(numbers)
    app: Any = Sanic(f"scale{number}", configure_logging=False)
    # Its start-up rewrites methods of its own classes for speed, and fails where that is done.
    app.config.TOUCHUP = number == 0
    for section in make_sections(count):
        add_routes(app, section)
    return app
