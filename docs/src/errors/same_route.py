from yaat import Yaat

app = Yaat()


@app.get("/books/{book_id}")
async def book(request, book_id):
    return {"id": book_id}


@app.get("/books/{title}")
async def book_by_title(request, title):
    return {"title": title}
