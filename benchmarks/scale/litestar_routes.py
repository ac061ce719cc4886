"""This file is Litestar's app of many routes."""
# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
# A peer is installed in an environment of its own; where types are checked all it gives is Any.

from __future__ import annotations

from typing import Any

from litestar import Litestar, MediaType, get
from litestar.params import FromPath

from scale import make_sections


def make_handlers(section: str) -> list[Any]:
    @get(f"/{section}/page", media_type=MediaType.TEXT)
    async def page() -> str:
        return section

    @get(f"/{section}/items/{{number:int}}", media_type=MediaType.TEXT)
    async def item(number: FromPath[int]) -> str:
        return f"{section} {number}"

    return [page, item]


def build(count: int) -> Litestar:
    return Litestar([handler for section in make_sections(count) for handler in make_handlers(section)])
