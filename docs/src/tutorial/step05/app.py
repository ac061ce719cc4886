from yaat import HTTPException, Yaat
from yaat.responses import RedirectResponse
from yaat_templates import TemplateResponse

from api import router
from books import NewBook, Shelf

app = Yaat(settings={"staticfiles": {"directory": "static"}})
app.mount(router, name="api")
app.state.shelf = Shelf()
app.state.shelf.add(NewBook("Emma", "Jane Austen"))


@app.get("/")
async def index(request):
    return TemplateResponse("index.html", {"books": app.state.shelf.list()})


@app.post("/")
async def add(request):
    form = await request.form()
    title = form.fields.get("title", "").strip()
    author = form.fields.get("author", "").strip()
    if not title or not author:
        error = "Please write a title and an author."
        context = {"books": app.state.shelf.list(), "error": error}
        return TemplateResponse("index.html", context, status_code=422)
    app.state.shelf.add(NewBook(title, author))
    return RedirectResponse(request.url_for("index"), 303)


@app.get("/books/{book_id}")
async def book(request, book_id: int):
    found = app.state.shelf.find(book_id)
    if found is None:
        raise HTTPException(404, f"There is no book {book_id}.")
    return TemplateResponse("book.html", {"book": found})
