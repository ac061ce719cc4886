from yaat import Yaat

app = Yaat()


@app.get("/books/{book_id}")
async def book(request, book_id):
    return {"id": book_id}


@app.get("/")
async def index(request):
    return request.url_for("book", id=7)
