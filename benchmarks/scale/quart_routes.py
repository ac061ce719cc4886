"""This file is Quart's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from quart import Quart
from quart.typing import ResponseReturnValue

from scale import make_sections

TEXT = {"content-type": "text/plain; charset=utf-8"}


def add_routes(app: Quart, section: str) -> None:
    async def page() -> ResponseReturnValue:
        return section, TEXT

    async def item(number: int) -> ResponseReturnValue:
        return f"{section} {number}", TEXT

    app.add_url_rule(f"/{section}/page", f"{section}_page", page)
    app.add_url_rule(f"/{section}/items/<int:number>", f"{section}_item", item)


def build(count: int) -> Quart:
    app = Quart(__name__)
    for section in make_sections(count):
        add_routes(app, section)
    return app
