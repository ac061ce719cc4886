from yaat import HTTPException, Yaat

app = Yaat()
books = {1: "Emma", 2: "Persuasion"}


@app.get("/books/{book_id}")
async def book(request, book_id: int):
    if book_id not in books:
        raise HTTPException(404, f"There is no book {book_id}.")
    return {"title": books[book_id]}
