"""This file is Falcon's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from typing import Any

import falcon
from falcon.asgi import App, Request, Response

from scale import make_sections


class Page:
    def __init__(self, section: str) -> None:
        self.section = section

    async def on_get(self, request: Request, response: Response) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = self.section


class Item:
    def __init__(self, section: str) -> None:
        self.section = section

    async def on_get(self, request: Request, response: Response, number: int) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = f"{self.section} {number}"


def build(count: int) -> Any:
    app = App()
    for section in make_sections(count):
        app.add_route(f"/{section}/page", Page(section))
        app.add_route(f"/{section}/items/{{number:int}}", Item(section))
    return app
