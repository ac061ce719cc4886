import os
from asyncio import to_thread

from yaat import HTTPException, Yaat
from yaat.responses import RedirectResponse
from yaat_templates import TemplateResponse
from yaat_websockets import Channel, sending

from api import router
from books import NewBook, Shelf


async def lifespan(app):
    url = os.environ.get("DATABASE_URL", "sqlite:///shelf.db")
    shelf = await to_thread(Shelf, url)
    yield {"shelf": shelf, "news": Channel()}
    shelf.close()


app = Yaat(
    lifespan=lifespan,
    settings={
        "staticfiles": {"directory": "static"},
        "openapi": {"title": "Shelf", "version": "1.0"},
    },
)
app.mount(router, name="api")


@app.get("/", has_schema=False)
def index(request):
    return TemplateResponse("index.html", {"books": request.state.shelf.list()})


@app.post("/", has_schema=False)
async def add(request):
    form = await request.form()
    title = form.fields.get("title", "").strip()
    author = form.fields.get("author", "").strip()
    shelf = request.state.shelf
    if not title or not author:
        error = "Please write a title and an author."
        context = {"books": await to_thread(shelf.list), "error": error}
        return TemplateResponse("index.html", context, status_code=422)
    book = await to_thread(shelf.add, NewBook(title, author))
    await request.state.news.publish("books", book)
    return RedirectResponse(request.url_for("index"), 303)


@app.get("/books/{book_id}", has_schema=False)
def book(request, book_id: int):
    found = request.state.shelf.find(book_id)
    if found is None:
        raise HTTPException(404, f"There is no book {book_id}.")
    return TemplateResponse("book.html", {"book": found})


@app.websocket_route("/live")
async def live(websocket):
    async with websocket.state.news.subscribe("books") as books:
        await websocket.accept()
        async with sending(websocket, books):
            async for _ in websocket:  # Nothing is expected; this ends when they leave.
                pass
