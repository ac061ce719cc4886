from dataclasses import dataclass
from typing import Annotated

from yaat import Request, Yaat
from yaat_typed import Query, Use

app = Yaat()
BOOKS = [f"Book {number}" for number in range(1, 26)]


@dataclass
class Page:
    number: int
    size: int

    def cut(self, items):
        begin = (self.number - 1) * self.size
        return items[begin : begin + self.size]


def get_page(
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Page:
    return Page(page, size)


@app.get("/books")
async def list_books(request: Request, page: Annotated[Page, Use(get_page)]):
    books = page.cut(BOOKS)
    has_more = page.number * page.size < len(BOOKS)
    query = {"page": page.number + 1, "size": page.size}
    following = request.url_for("list_books", **query) if has_more else None
    return {"books": books, "next": following}
