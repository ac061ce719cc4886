"""The Todo-Backend specification, step by step."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient import TestClient

APP = Path(__file__).parents[2] / "examples" / "todo" / "app.py"
SITE = "https://www.todobackend.com"


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A client of an empty list."""
    spec = importlib.util.spec_from_file_location("todo_app", APP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with TestClient(module.app, base_url="https://todo.example:8443") as client:
        yield client


def add(client: TestClient, **fields: Any) -> dict[str, Any]:
    """Add a to-do and return what the app says of it."""
    response = client.post("/", json={"title": "walk the dog", **fields})
    assert response.status_code == 201
    added: dict[str, Any] = response.json()
    return added


def test_list_begins_empty(client: TestClient) -> None:
    assert client.get("/").json() == []


def test_what_is_added_is_listed(client: TestClient) -> None:
    todo = add(client, order=523)
    assert todo == {
        "title": "walk the dog",
        "completed": False,
        "order": 523,
        "url": "https://todo.example:8443/1",
    }
    assert client.get("/").json() == [todo]


def test_url_leads_to_the_todo(client: TestClient) -> None:
    todo = add(client)
    assert client.get(todo["url"]).json() == todo


def test_each_field_can_be_changed(client: TestClient) -> None:
    todo = add(client)
    changed = client.patch(todo["url"], json={"title": "wash the dog", "completed": True, "order": 95}).json()
    assert changed == {**todo, "title": "wash the dog", "completed": True, "order": 95}
    assert client.get("/").json() == [changed]


def test_todo_can_be_deleted(client: TestClient) -> None:
    todo = add(client)
    assert client.delete(todo["url"]).status_code == 204
    assert client.get(todo["url"]).status_code == 404
    assert client.get("/").json() == []


def test_all_can_be_deleted(client: TestClient) -> None:
    add(client)
    add(client)
    assert client.delete("/").status_code == 204
    assert client.get("/").json() == []


@pytest.mark.parametrize(
    "content", [[], {}, {"title": 5}, {"title": "a", "completed": 1}, {"title": "a", "order": True}]
)
def test_what_is_no_todo_is_refused(client: TestClient, content: Any) -> None:
    assert client.post("/", json=content).status_code == 422
    assert client.get("/").json() == []


def test_pages_of_other_origins_may_use_it(client: TestClient) -> None:
    question = {"origin": SITE, "access-control-request-method": "PATCH"}
    answer = client.options("/1", headers={**question, "access-control-request-headers": "content-type"})
    assert answer.status_code == 200
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert (
        client.get("/9", headers={"origin": "https://www.todobackend.com"}).headers["access-control-allow-origin"]
        == "*"
    )
