from yaat import HTTPException, Yaat
from yaat.responses import RedirectResponse
from yaat_templates import TemplateResponse

app = Yaat(settings={"staticfiles": {"directory": "static"}})

books = [
    {"title": "Emma", "author": "Jane Austen"},
    {"title": "Middlemarch", "author": "George Eliot"},
]


@app.get("/")
async def index(request):
    return TemplateResponse("index.html", {"books": books})


@app.post("/")
async def add(request):
    form = await request.form()
    title = form.fields.get("title", "").strip()
    author = form.fields.get("author", "").strip()
    if not title or not author:
        context = {"books": books, "error": "Please write a title and an author."}
        return TemplateResponse("index.html", context, status_code=422)
    books.append({"title": title, "author": author})
    return RedirectResponse(request.url_for("index"), 303)


@app.get("/books/{number}")
async def book(request, number: int):
    if number >= len(books):
        raise HTTPException(404, f"There is no book {number}.")
    return TemplateResponse("book.html", {"book": books[number]})
