"""A guest book: a page with a form, a JSON API, live updates over a WebSocket, and a plugin that lives beside it.

Start it with `python serve.py`. The API is described at /docs.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from guestbook import Entry, GuestBook, InvalidEntry
from guestbook_stats import StatsPlugin

from yaat import HTTPException, Request, Response, Yaat
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.responses import JSONResponse, RedirectResponse
from yaat_templates import TemplateResponse, TemplatesPlugin, template
from yaat_websockets import Channel, WebSocket, sending

HERE = Path(__file__).parent


async def lifespan(app: Yaat) -> AsyncIterator[dict[str, Any]]:
    """Open the book before the first request. What is yielded here is `request.state`."""
    book = GuestBook()
    book.add("Yaat", "Welcome! Be the first to sign.")
    yield {"book": book, "news": Channel()}


# The plugins for WebSockets and OpenAPI are there because they are installed. These two are given by hand, one because
# it wants to know a folder, the other because it is not a package of its own.
app = Yaat(
    plugins=[TemplatesPlugin(HERE / "templates"), StatsPlugin()],
    settings={"openapi": {"title": "Guest book", "version": "1.0"}},
    lifespan=lifespan,
)


# --- the page ---


@app.get("/", tags=["pages"])
@template("index.html")
async def index(request: Request) -> dict[str, Any]:
    """Show the newest entries, and a form."""
    return {"entries": request.state.book.newest(20)}


@app.post("/", tags=["pages"])
async def sign(request: Request) -> Any:
    """Take what was written into the form, and lead back to the page.

    ---
    requestBody:
      required: true
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties:
              name: {type: string, maxLength: 60, pattern: \\S}
              message: {type: string, maxLength: 500, pattern: \\S}
            required: [name, message]
    responses:
      303: {description: The entry is written}
      415: {description: The content is no form}
      422: {description: The form again with what is wrong}
    """
    form = await request.form()
    name, message = form.get("name", ""), form.get("message", "")
    try:
        entry = request.state.book.add(name, message)
    except InvalidEntry as error:
        context = {"entries": request.state.book.newest(20), "name": name, "message": message, "error": str(error)}
        return TemplateResponse("index.html", context, status_code=422)
    return RunAfterResponse(RedirectResponse(request.url_for("index"), 303), tell(request, entry))


# --- the API ---


@app.route("/api/entries", name="entries", tags=["entries"])
class Entries:
    """A view class: one method for each method of HTTP."""

    async def get(self, request: Request) -> list[Entry]:
        """List all entries, the newest first."""
        newest: list[Entry] = request.state.book.newest()
        return newest

    async def post(self, request: Request) -> JSONResponse:
        """Add an entry.

        ---
        requestBody:
          required: true
          content:
            application/json:
              schema:
                type: object
                properties:
                  name: {type: string, maxLength: 60, pattern: \\S}
                  message: {type: string, maxLength: 500, pattern: \\S}
                required: [name, message]
        responses:
          201: {description: The entry is written}
          400: {description: The content is malformed}
          415: {description: The content is not JSON}
          422: {description: Something is missing or too long}
        """
        data = await request.json()
        if not isinstance(data, dict):
            raise HTTPException(422, "Send an object with 'name' and 'message'.")
        try:
            entry = request.state.book.add(data.get("name"), data.get("message"))
        except InvalidEntry as error:
            raise HTTPException(422, str(error)) from error
        location = str(request.url_for("entry", entry_id=entry["id"]))
        return JSONResponse(entry, 201, {"location": location}, background=tell(request, entry))


@app.route("/api/entries/{entry_id:int}", name="entry", tags=["entries"], responses={404: "There is no such entry"})
class OneEntry:
    """The number in the path is an argument of every method."""

    async def get(self, request: Request, entry_id: int) -> Entry:
        """Return one entry."""
        entry: Entry | None = request.state.book.find(entry_id)
        if entry is None:
            raise HTTPException(404, f"There is no entry {entry_id}.")
        return entry

    async def delete(self, request: Request, entry_id: int) -> None:
        """Remove an entry."""
        if not request.state.book.remove(entry_id):
            raise HTTPException(404, f"There is no entry {entry_id}.")


# --- live updates ---


@app.websocket_route("/live")
async def live(websocket: WebSocket) -> None:
    """Send every new entry, as JSON, to whoever has the page open."""
    async with websocket.state.news.subscribe("entries") as entries:
        await websocket.accept()
        async with sending(websocket, entries):
            async for _ in websocket:  # Nothing is expected from a visitor; this ends when they leave.
                pass


def tell(request: Request, entry: Entry) -> BackgroundTask:
    """Return what tells everybody of *entry*: a task for after the response."""
    return BackgroundTask(request.state.news.publish, "entries", entry)


@app.get("/live.js", has_schema=False)
async def live_script(request: Request) -> Response:
    """Send the script of the page."""
    return Response((HERE / "live.js").read_bytes(), media_type="text/javascript")
