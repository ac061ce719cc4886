from yaat import Router, Yaat

books = Router(prefix="/books")


@books.get("")
async def list_books(request):
    return ["Emma", "Persuasion"]


@books.get("/{book_id}")
async def book(request, book_id: int):
    return {"id": book_id, "url": request.url_for("shop:book", book_id=book_id)}


app = Yaat()
app.mount("/shop", books, name="shop")
