"""What the pages of the tutorial say of each step."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from yaat_testclient import TestClient

EMMA = {"title": "Emma", "author": "Jane Austen"}


@pytest.fixture(autouse=True)
def database(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/shelf.db")


def test_step_1_a_page(load):
    with TestClient(load("step01/app.py").app) as client:
        page = client.get("/")
        assert "<h1>Shelf</h1>" in page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert client.get("/about").text == "A shelf for books, made with Yaat."


def test_step_2_templates(load):
    with TestClient(load("step02/app.py").app) as client:
        page = client.get("/").text
        assert '<li><a href="/books/0">Emma</a></li>' in page
        assert "<title>Shelf</title>" in page
        book = client.get("/books/1").text
        assert "<title>Middlemarch</title>" in book
        assert "by George Eliot" in book
        assert client.get("/books/2").status_code == 404


def test_step_2_escapes(load):
    sample = load("step02/app.py")
    sample.books.append({"title": "<b>", "author": "Eve"})
    with TestClient(sample.app) as client:
        assert "&lt;b&gt;" in client.get("/").text


def test_step_3_static_files(load):
    with TestClient(load("step03/app.py").app) as client:
        page = client.get("/").text
        url = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        assert url.startswith("/static/shelf.css?v=")
        style = client.get(url)
        assert "font-family" in style.text
        assert "immutable" in style.headers["cache-control"]


def test_step_4_a_form(load):
    with TestClient(load("step04/app.py").app) as client:
        added = client.post(
            "/",
            data={"title": "Silas Marner", "author": "George Eliot"},
            follow_redirects=False,
        )
        assert (added.status_code, added.headers["location"]) == (303, "/")
        assert "Silas Marner" in client.get("/").text
        refused = client.post("/", data={"title": " "})
        assert refused.status_code == 422
        assert "Please write a title and an author." in refused.text
        file = client.post("/", files={"title": ("title.txt", b"Emma")})
        assert file.status_code == 422


def test_step_5_an_api(load):
    load("step05/books.py")
    load("step05/api.py")
    with TestClient(load("step05/app.py").app) as client:
        assert client.get("/api/books").json() == [{**EMMA, "id": 1}]
        added = client.post(
            "/api/books", json={"title": "Silas Marner", "author": "George Eliot"}
        )
        assert (added.status_code, added.json()["id"]) == (201, 2)
        assert client.get("/api/books/2").json()["title"] == "Silas Marner"
        assert client.get("/api/books/3").json()["detail"] == "There is no book 3."
        refused = client.post("/api/books", json={"title": ""})
        assert refused.status_code == 422
        assert refused.json()["errors"] == [
            {"in": "body", "pointer": "#/title", "detail": "Expected `str` of length >= 1"},
            {"in": "body", "pointer": "#/author", "detail": "Required, but missing"},
        ]
        assert "Silas Marner" in client.get("/").text


def test_step_6_a_page_for_the_api(load):
    load("step06/api.py")
    with TestClient(load("step06/app.py").app) as client:
        document = client.get("/openapi.json").json()
        assert document["info"] == {"title": "Shelf", "version": "1.0"}
        assert set(document["paths"]) == {"/api/books", "/api/books/{book_id}"}
        add = document["paths"]["/api/books"]["post"]
        assert (add["summary"], add["tags"]) == ("Put a book on the shelf.", ["books"])
        assert "application/json" in add["requestBody"]["content"]
        one = document["paths"]["/api/books/{book_id}"]["get"]
        assert one["responses"]["404"]["description"] == "There is no such book"
        page = client.get("/docs", headers={"accept": "text/html"})
        assert (page.status_code, "Shelf" in page.text) == (200, True)


def test_step_7_a_database(load):
    load("step07/books.py")
    load("step07/api.py")
    app = load("step07/app.py").app
    with TestClient(app) as client:
        assert client.post("/api/books", json=EMMA).json() == {**EMMA, "id": 1}
        assert client.get("/books/1").status_code == 200
        assert (
            client.post(
                "/", data={"title": "Silas Marner", "author": "George Eliot"}
            ).status_code
            == 200
        )
    with TestClient(app) as client:  # Started again, it has what it had.
        assert [book["title"] for book in client.get("/api/books").json()] == [
            "Emma",
            "Silas Marner",
        ]


def test_step_8_a_live_page(load):
    load("step08/api.py")
    with TestClient(load("step08/app.py").app) as client:
        with client.websocket_connect("/live") as live:
            client.post("/api/books", json=EMMA)
            assert live.receive_json() == {**EMMA, "id": 1}
            client.post("/", data={"title": "Silas Marner", "author": "George Eliot"})
            assert live.receive_json()["title"] == "Silas Marner"
        assert "live.js?v=" in client.get("/").text


def test_step_9_tests(load):
    """The tests of the step pass, run as its reader runs them."""
    folder = Path(__file__).parent / "step09"
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout
    for name in ("step09/app.py", "step09/api.py", "step09/books.py"):
        load(name)


def test_step_10_deployment():
    """The container has what the app requires, and starts it where `yaat run` finds it."""
    folder = Path(__file__).parent
    dockerfile = (folder / "step10" / "Dockerfile").read_text()
    assert 'CMD ["yaat", "run", "--host", "0.0.0.0"]' in dockerfile
    settings = tomllib.loads((folder / "step09" / "pyproject.toml").read_text())
    assert settings["tool"]["yaat"]["app"] == "app:app"
    for requirement in settings["project"]["dependencies"]:
        assert f'"{requirement}"' in dockerfile
