from yaat import HTTPException, Yaat
from yaat_templates import TemplateResponse

app = Yaat()

books = [
    {"title": "Emma", "author": "Jane Austen"},
    {"title": "Middlemarch", "author": "George Eliot"},
]


@app.get("/")
async def index(request):
    return TemplateResponse("index.html", {"books": books})


@app.get("/books/{number}")
async def book(request, number: int):
    if number >= len(books):
        raise HTTPException(404, f"There is no book {number}.")
    return TemplateResponse("book.html", {"book": books[number]})
