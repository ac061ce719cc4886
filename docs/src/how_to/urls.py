from yaat import Yaat
from yaat.responses import RedirectResponse

app = Yaat()


@app.get("/books/{book_id}", name="book")
async def show_book(request, book_id: int):
    return {"id": book_id}


@app.get("/links")
async def links(request):
    path = request.url_for("book", book_id=7)
    return {
        "path": path,
        "with_query": request.url_for("book", book_id=7, page=2),
        "absolute": path.absolute(request),
    }


@app.get("/newest")
async def newest(request):
    return RedirectResponse(request.url_for("book", book_id=9), 303)
