from yaat import HTTPException, Router

from books import Book, NewBook

router = Router(prefix="/api/books")


@router.get("")
async def find_books(request) -> list[Book]:
    return request.app.state.shelf.list()


@router.post("", status_code=201)
async def add_book(request, new: NewBook) -> Book:
    return request.app.state.shelf.add(new)


@router.get("/{book_id}")
async def find_book(request, book_id: int) -> Book:
    book = request.app.state.shelf.find(book_id)
    if book is None:
        raise HTTPException(404, f"There is no book {book_id}.")
    return book
