"""This file is BlackSheep's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from blacksheep import Application, Response, Router, text

from scale import make_sections


def add_routes(router: Router, section: str) -> None:
    @router.get(f"/{section}/page")
    async def page() -> Response:
        return text(section)

    @router.get(f"/{section}/items/{{number}}")
    async def item(number: int) -> Response:
        return text(f"{section} {number}")


def build(count: int) -> Application:
    router = Router()
    for section in make_sections(count):
        add_routes(router, section)
    return Application(router=router)
