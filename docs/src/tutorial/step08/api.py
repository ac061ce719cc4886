from asyncio import to_thread

from yaat import HTTPException, Router

from books import Book, NewBook

router = Router(prefix="/api/books")


@router.get("", tags=["books"])
def find_books(request) -> list[Book]:
    """List all books."""
    return request.state.shelf.list()


@router.post("", status_code=201, tags=["books"])
async def add_book(request, new: NewBook) -> Book:
    """Put a book on the shelf.

    The answer is the book with its number.
    """
    book = await to_thread(request.state.shelf.add, new)
    await request.state.news.publish("books", book)
    return book


@router.get("/{book_id}", tags=["books"], responses={404: "There is no such book"})
def find_book(request, book_id: int) -> Book:
    """Return one book."""
    book = request.state.shelf.find(book_id)
    if book is None:
        raise HTTPException(404, f"There is no book {book_id}.")
    return book
