"""What more pages of how-to/ say."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from yaat_testclient import TestClient, WebSocketDenied


def test_api_versions(load):
    with TestClient(load("api_versions.py").app) as client:
        assert client.get("/v1/books").json() == ["Emma"]
        assert client.get("/v2/books").json() == [{"title": "Emma", "author": "Jane Austen"}]
        assert set(client.get("/openapi-v1.json").json()["paths"]) == {"/v1/books"}
        assert set(client.get("/openapi-v2.json").json()["paths"]) == {"/v2/books"}
        assert client.get("/docs/v2", headers={"accept": "text/html"}).status_code == 200


def test_single_page(load):
    browser = {"accept": "text/html"}
    with TestClient(load("single_page.py").app) as client:
        assert client.get("/api/prices").json() == {"tea": 3}
        assert '<div id="app">' in client.get("/", headers=browser).text
        assert '<div id="app">' in client.get("/cart/7", headers=browser).text
        assert client.get("/app.js").headers["content-type"].startswith("text/javascript")
        assert client.get("/missing.js", headers={"accept": "*/*"}).status_code == 404


def test_periodic(load, monkeypatch):
    sample = load("periodic.py")
    cleaned = asyncio.Event()

    async def clean(carts):
        carts.clear()
        cleaned.set()

    monkeypatch.setattr(sample, "clean", clean)
    with TestClient(sample.app) as client:
        assert client.get("/carts").json() == {}
    assert cleaned.is_set()


def test_periodic_goes_on_after_a_failure(load, monkeypatch, caplog):
    sample = load("periodic.py")
    monkeypatch.setenv("CLEAN_SECONDS", "0")
    calls = []

    async def clean(carts):
        calls.append(carts)
        raise OSError

    monkeypatch.setattr(sample, "clean", clean)
    with TestClient(sample.app) as client:
        while len(calls) < 2:
            client.get("/carts")
    assert "tried again" in caplog.text


def test_websocket_login(load):
    with TestClient(load("websocket_login.py").app) as client:
        with client.websocket_connect("/inbox?ticket=t-123") as inbox:
            inbox.send_text("Hello")
            assert inbox.receive_text() == "ada: Hello"
        with pytest.raises(WebSocketDenied) as denied, client.websocket_connect("/inbox"):
            pass
        assert denied.value.response.status_code == 401


def test_pagination(load):
    with TestClient(load("pagination.py").app) as client:
        first = client.get("/books").json()
        assert first["books"][-1] == "Book 10"
        assert first["next"] == "/books?page=2&size=10"
        url, books = "/books?size=4", []
        while url:
            page = client.get(url).json()
            url, books = page["next"], books + page["books"]
        assert books == [f"Book {number}" for number in range(1, 26)]
        assert client.get("/books?page=3").json() == {
            "books": [f"Book {number}" for number in range(21, 26)],
            "next": None,
        }
        assert client.get("/books?page=0").status_code == 422


def test_generated_file(load):
    with TestClient(load("generated_file.py").app) as client:
        answer = client.get("/prices.csv")
        assert answer.text == "name,price\r\ntea,3\r\ncoffee,4\r\n"
        assert answer.headers["content-disposition"] == 'attachment; filename="prices.csv"'


def test_health(load):
    with TestClient(load("health.py").app) as client:
        assert client.get("/alive").text == "OK"
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert answer.json() == {"database": "OK", "mail": "ConnectionError"}


def test_openapi_security(load):
    with TestClient(load("openapi_security.py").app) as client:
        document = client.get("/openapi.json").json()
        assert document["security"] == [{"token": []}]
        assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
        order = document["paths"]["/orders/{number}"]["get"]
        assert order["summary"] == "Return one order."
        assert order["description"] == "The number is on the invoice."
        assert {"200", "404"} <= set(order["responses"])
        assert document["paths"]["/prices"]["get"]["security"] == []


def test_debug(load):
    with TestClient(load("debug.py").app, raise_server_exceptions=False) as client:
        page = client.get("/prices/coffee", headers={"accept": "text/html"}).text
        assert "KeyError" in page
        assert "return prices[name]" in page
        for accept in ("*/*", "text/plain"):
            assert "debug.py" in client.get("/prices/coffee", headers={"accept": accept}).text
        assert client.get("/sum").json() == {"sum": 3}


def run_command(*words):
    done = subprocess.run(
        [sys.executable, "-B", "-m", "yaat_cli", *words],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_commands_that_the_page_about_debugging_shows():
    assert run_command("get", "--app", "debug:app", "/sum").strip() == '{"sum":3}'
    failed = run_command("get", "--app", "debug:app", "/prices/coffee")
    assert failed.startswith("500 KeyError: 'coffee'")
    assert "sum" in run_command("shell", "--app", "debug:app", "--code", 'print(get("/sum"))')
    routes = run_command("routes", "--app", "debug:app")
    assert "/prices/{name}" in routes
    explained = run_command("explain", "--app", "debug:app", "GET", "/prices/tea")
    assert "is answered by the route GET /prices/{name} (price)" in explained
