"""A to-do list for the Todo-Backend specification (https://todobackend.com): JSON over HTTP, used from other origins.

Start it with `uvicorn app:app`.
"""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from yaat import HTTPException, Request, Yaat
from yaat_cors import CORSPlugin

#: What a client may write, and of which type it must be.
FIELDS: dict[str, type] = {"title": str, "completed": bool, "order": int}


async def lifespan(app: Yaat) -> AsyncIterator[dict[str, Any]]:
    """Begin with an empty list. What is yielded here is `request.state`."""
    yield {"todos": {}, "numbers": count(1)}


cors = CORSPlugin(allow_origins=["*"], allow_methods=["*"], allow_headers=["content-type"])
app = Yaat(plugins=[cors], lifespan=lifespan)


@app.route("/", name="todos")
class Todos:
    """The whole list."""

    async def get(self, request: Request) -> list[dict[str, Any]]:
        return [show(request, number) for number in request.state.todos]

    async def post(self, request: Request) -> tuple[dict[str, Any], int]:
        changes = await read_changes(request)
        if "title" not in changes:
            raise HTTPException(422, "A to-do needs a title.")
        number = next(request.state.numbers)
        request.state.todos[number] = {"completed": False, **changes}
        return show(request, number), 201

    async def delete(self, request: Request) -> None:
        request.state.todos.clear()


@app.route("/{number:int}", name="todo")
class Todo:
    """One to-do."""

    async def get(self, request: Request, number: int) -> dict[str, Any]:
        return show(request, number)

    async def patch(self, request: Request, number: int) -> dict[str, Any]:
        todo = find(request, number)
        todo.update(await read_changes(request))
        return show(request, number)

    async def delete(self, request: Request, number: int) -> None:
        find(request, number)
        del request.state.todos[number]


async def read_changes(request: Request) -> dict[str, Any]:
    """Return what the client wants written; what is none of a to-do's fields is left out."""
    data = await request.json()
    if not isinstance(data, dict):
        raise HTTPException(422, f"Send an object, not {type(data).__name__}.")
    changes = {name: value for name, value in data.items() if name in FIELDS}
    for name, value in changes.items():
        if type(value) is not FIELDS[name]:
            raise HTTPException(422, f"The {name} must be {FIELDS[name].__name__}, not {type(value).__name__}.")
    return changes


def find(request: Request, number: int) -> dict[str, Any]:
    """Return the to-do of this number."""
    todo: dict[str, Any] | None = request.state.todos.get(number)
    if todo is None:
        raise HTTPException(404, f"There is no to-do {number}.")
    return todo


def show(request: Request, number: int) -> dict[str, Any]:
    """Return a to-do as clients see it, with the URL they reach it by."""
    return {**find(request, number), "url": str(request.url_for("todo", number=number).absolute(request))}
