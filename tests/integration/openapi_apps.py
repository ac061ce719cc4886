"""Small apps whose documents schemathesis holds against what they do: one plain, one with typed handlers."""

from collections.abc import AsyncIterator
from datetime import date
from enum import Enum
from itertools import count
from typing import Annotated, Any, TypedDict
from uuid import UUID

import msgspec

from yaat import HTTPException, Request, Yaat
from yaat.exceptions import NotFound
from yaat.responses import RedirectResponse, TextResponse
from yaat_openapi import OpenAPI
from yaat_typed import Cookie, Form, Header, Path, Query, TypedPlugin, Use

# --- plain handlers: what is known is the path, the annotation of what is returned, and what the route says ---


class Place(TypedDict):
    """What a plain app answers with."""

    name: str
    number: int


async def open_places(app: Yaat) -> AsyncIterator[dict[str, Any]]:
    """Begin with ten places."""
    yield {"places": set(range(10))}


plain = Yaat(autoload=False, plugins=[OpenAPI(title="Plain")], lifespan=open_places)


@plain.get("/places/{number:int}", raises=[NotFound])
async def show_place(request: Request, number: int) -> Place:
    """Show a place."""
    if number not in request.state.places:
        raise NotFound(f"There is no place {number}.")
    return {"name": f"place {number}", "number": number}


@plain.get("/days/{day:date}")
async def show_day(request: Request, day: date) -> str:
    """Show a day."""
    return day.isoformat()


@plain.get("/things/{key:uuid}/{rest:path}")
async def show_thing(request: Request, key: UUID, rest: str) -> list[str]:
    """Show a thing and what is after it."""
    return [str(key), rest]


@plain.get("/scale/{factor:float}")
async def scale(request: Request, factor: float) -> dict[str, float]:
    """Show a number."""
    return {"factor": factor}


@plain.delete("/places/{number:int}")
async def drop_place(request: Request, number: int) -> None:
    """Forget a place."""
    request.state.places.discard(number)


@plain.get("/old")
async def old(request: Request) -> RedirectResponse:
    """Lead to a place."""
    return RedirectResponse("/places/1")


@plain.get("/legacy/{name}")
async def legacy(request: Request, name: str) -> Any:
    """
    summary: Greet somebody
    tags: [greetings]
    parameters:
      - name: name
        description: Whom
        example: Ada
    responses:
      200:
        description: A greeting
        content:
          text/plain:
            schema: {type: string}
    """
    return TextResponse(f"Hello {name}")


# --- typed handlers ---


class Kind(Enum):
    """Of a book."""

    NOVEL = "novel"
    ESSAY = "essay"


class NewBook(msgspec.Struct):
    """What a client sends."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80, examples=["Moby-Dick"])]
    pages: Annotated[int, msgspec.Meta(ge=1, le=10_000, examples=[635])]
    kind: Kind = Kind.NOVEL
    tags: list[str] = []


class Book(NewBook, kw_only=True):
    """What a client is answered."""

    id: int


class Search(msgspec.Struct):
    """A model of the query."""

    word: Annotated[str, msgspec.Meta(max_length=20, examples=["sea"])] = ""
    kind: Kind | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


async def lifespan(app: Yaat) -> AsyncIterator[dict[str, Any]]:
    """Begin without books."""
    yield {"books": {}, "numbers": count(1)}


def find_user(x_token: Annotated[str, Header(pattern="^[a-z]{1,8}$")] = "nobody") -> str:
    """Return who asks."""
    return x_token


typed = Yaat(autoload=False, plugins=[OpenAPI(title="Typed"), TypedPlugin()], lifespan=lifespan)


@typed.get("/books")
async def list_books(request: Request, search: Annotated[Search, Query()]) -> list[Book]:
    """List books."""
    found = [book for book in request.state.books.values() if search.word in book.title]
    return [book for book in found if search.kind in (None, book.kind)][: search.limit]


@typed.post("/books", status_code=201)
async def add_book(request: Request, book: NewBook, user: Annotated[str, Use(find_user)]) -> Book:
    """Add a book."""
    number = next(request.state.numbers)
    made = request.state.books[number] = Book(**msgspec.structs.asdict(book), id=number)
    return made


def find_book(request: Request, book_id: Annotated[int, Path(ge=1)]) -> Book:
    """Return the book of the path."""
    if book_id not in request.state.books:
        raise HTTPException(404, f"There is no book {book_id}.")
    book: Book = request.state.books[book_id]
    return book


@typed.get("/books/{book_id:int}", responses={404: "There is no such book"})
async def show_book(book: Annotated[Book, Use(find_book)]) -> Book:
    """Show a book."""
    return book


@typed.put("/books/{book_id:int}", responses={404: "There is no such book"})
async def change_book(request: Request, book: Annotated[Book, Use(find_book)], new: NewBook) -> Book:
    """Put another book in the place of one."""
    made = request.state.books[book.id] = Book(**msgspec.structs.asdict(new), id=book.id)
    return made


@typed.delete("/books/{book_id:int}", responses={404: "There is no such book"})
async def drop_book(request: Request, book: Annotated[Book, Use(find_book)]) -> None:
    """Remove a book."""
    del request.state.books[book.id]


@typed.get("/sums")
async def add_up(
    numbers: Annotated[list[int], Query(max_length=5, examples=[[1, 2]])],
    factor: Annotated[float, Query(ge=-10, le=10)] = 1,
    is_absolute: Annotated[bool, Query("absolute")] = False,
    session: Annotated[str | None, Cookie(pattern="^[a-z]*$")] = None,
) -> dict[str, float]:
    """Add numbers."""
    total = sum(numbers) * factor
    return {"total": abs(total) if is_absolute else total}


@typed.post("/notes")
async def add_note(
    text: Annotated[str, Form(min_length=1, max_length=100, examples=["Hello"])],
    stars: Annotated[int, Form(ge=1, le=5)] = 3,
) -> dict[str, str]:
    """Write a note with a form."""
    return {"text": text * stars}


@typed.get("/days/{day}")
async def count_days(day: date, since: date | None = None) -> dict[str, int]:
    """Count the days between two."""
    return {"days": (day - (since or day)).days}


# --- a liar, to see that lies are found ---


liar = Yaat(autoload=False, plugins=[OpenAPI(title="Liar")])


@liar.get("/number", openapi={"responses": {"200": {"description": "A number", "content": {"application/json": {}}}}})
async def tell(request: Request) -> str:
    """Say that it is JSON, and send text."""
    return "1"
