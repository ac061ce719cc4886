"""This file is muffin's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from muffin import Application, Request, Response, ResponseText

from scale import make_sections


def add_routes(app: Application, section: str) -> None:
    @app.route(f"/{section}/page")
    async def page(request: Request) -> Response:
        return ResponseText(section)

    @app.route(f"/{section}/items/{{number:int}}")
    async def item(request: Request) -> Response:
        return ResponseText(f"{section} {request.path_params['number']}")


def build(count: int) -> Application:
    app = Application()
    for section in make_sections(count):
        add_routes(app, section)
    return app
