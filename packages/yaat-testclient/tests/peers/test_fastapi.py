"""Apps of FastAPI, tested with these clients."""

from typing import Any

import pytest

pytest.importorskip("fastapi", reason="fastapi is not installed")

from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket
from pydantic import BaseModel

from yaat_testclient import WebSocketDisconnect


class Item(BaseModel):
    """What is posted."""

    name: str
    price: float


def make_app(story: list[str]) -> Any:
    """Return an app that tells what happens in *story*."""
    app = FastAPI()

    async def session() -> Any:
        story.append("opened")
        yield "session"
        story.append("closed")

    @app.post("/items")
    async def create(item: Item, tasks: BackgroundTasks, session: str = Depends(session)) -> dict[str, Any]:
        tasks.add_task(story.append, "worked")
        return {"name": item.name, "session": session}

    @app.get("/items/{number}")
    def read(number: int) -> dict[str, int]:
        """In a thread of its own."""
        return {"number": number}

    @app.websocket("/ws")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(await websocket.receive_json())
        await websocket.close()

    return app


def test_requests_are_validated_and_answered(http: Any) -> None:
    """Dependencies end and background tasks run before the call returns."""
    story: list[str] = []
    client = http.TestClient(make_app(story))
    response = client.post("/items", json={"name": "tea", "price": 2.5})
    assert response.json() == {"name": "tea", "session": "session"}
    assert sorted(story) == ["closed", "opened", "worked"]
    assert client.post("/items", json={"name": "tea"}).status_code == 422


def test_plain_functions_run_in_threads(http: Any) -> None:
    """Their threads end with the client."""
    with http.TestClient(make_app([])) as client:
        assert client.get("/items/7").json() == {"number": 7}
        assert client.get("/openapi.json").status_code == 200


def test_websockets_talk(http: Any) -> None:
    """In JSON."""
    with http.TestClient(make_app([])).websocket_connect("/ws") as websocket:
        websocket.send_json({"a": 1})
        assert websocket.receive_json() == {"a": 1}
        with pytest.raises(WebSocketDisconnect):
            websocket.receive()


@pytest.mark.anyio
async def test_requests_run_on_the_loop_of_the_test(http: Any) -> None:
    """The asynchronous client does the same."""
    story: list[str] = []
    async with http.AsyncTestClient(make_app(story)) as client:
        response = await client.post("/items", json={"name": "tea", "price": 2.5})
        assert (response.status_code, sorted(story)) == (200, ["closed", "opened", "worked"])
        assert (await client.get("/items/7")).json() == {"number": 7}
