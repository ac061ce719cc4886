"""What how-to/ says about what stands beside handlers: sockets, templates, apps, servers."""

import subprocess
import sys
from pathlib import Path

import pytest
from yaat_testclient import TestClient


def test_chat(load):
    with TestClient(load("chat.py").app) as client:
        with (
            client.websocket_connect("/chat/tea?name=Ada") as ada,
            client.websocket_connect("/chat/tea?name=Eve") as eve,
            client.websocket_connect("/chat/coffee?name=Bob") as bob,
        ):
            ada.send_text("Hello")
            assert eve.receive_text() == "Ada: Hello"
            assert ada.receive_text() == "Ada: Hello"
            bob.send_text("Anybody?")
            assert bob.receive_text() == "Bob: Anybody?"


def test_chat_denies(load):
    from yaat_testclient import WebSocketDenied

    with TestClient(load("chat.py").app) as client:
        with pytest.raises(WebSocketDenied) as denied, client.websocket_connect("/chat/tea"):
            pass
        assert denied.value.response.status_code == 403


def test_websocket_view(load):
    sample = load("websocket_view.py")
    with TestClient(sample.app) as client:
        with client.websocket_connect("/game/ada") as game:
            game.send_json([1, 2, 3])
            assert game.receive_json() == {"total": 6}
            assert sample.players == {"ada"}
        assert sample.players == set()


def test_templates(load):
    with TestClient(load("templates.py").app) as client:
        page = client.get("/prices", headers={"x-user": "Ada"}).text
        assert "<h1>Tea &amp; Co</h1>" in page
        assert "<p>coffee: 4.50 € for Ada</p>" in page
        rows = client.get("/prices/rows").text
        assert "<h1>" not in rows
        assert "<p>tea: 3.00 € for guest</p>" in rows


def test_database(load, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/notes.db")
    with TestClient(load("database.py").app, raise_server_exceptions=False) as client:
        assert client.post("/notes/milk").status_code == 201
        assert client.post("/notes/bad").status_code == 500
        assert client.get("/notes").json() == ["milk"]


def test_http_client(load):
    import httpx

    def answer(request):
        if request.url.params["town"] == "Bath":
            return httpx.Response(200, json={"sky": "grey"})
        return httpx.Response(500)

    with TestClient(load("http_client.py").app) as client:
        fake = httpx.AsyncClient(
            base_url="https://api.example.com", transport=httpx.MockTransport(answer)
        )
        with client.override(state={"client": fake}):
            assert client.get("/weather/Bath").json() == {"sky": "grey"}
            assert client.get("/weather/Rome").status_code == 502


def test_mount_asgi(load):
    with TestClient(load("mount_asgi.py").app) as client:
        assert client.get("/old/hello").text == "Hello from /old"
        assert client.get("/old/new").text == "Beside the mount"


def test_mount_wsgi(load):
    with TestClient(load("mount_wsgi.py").app) as client:
        assert client.get("/legacy/cart").text == "WSGI at /cart"


def test_openapi(load):
    with TestClient(load("openapi.py").app) as client:
        document = client.get("/api/openapi.json").json()
        assert document["info"] == {
            "title": "Shop",
            "version": "2.1",
            "description": "Tea and coffee.",
        }
        assert set(document["paths"]) == {"/prices", "/old-prices"}
        prices = document["paths"]["/prices"]["get"]
        assert (prices["summary"], prices["responses"]["503"]) == (
            "List prices",
            {"description": "Closed"},
        )
        assert document["paths"]["/old-prices"]["get"]["deprecated"] is True
        assert client.get("/api/docs", headers={"accept": "text/html"}).status_code == 200
        assert client.get("/docs").status_code == 404


def test_proxy(load):
    with TestClient(
        load("proxy.py").app, root_path="/shop", base_url="https://example.com"
    ) as client:
        answer = client.get("/whoami").json()
        assert answer == {
            "client": "testclient",
            "url": "https://example.com/shop/whoami",
            "path": "/shop/whoami",
        }


def test_suite(load):
    """The tests that the page shows pass, run as its reader runs them."""
    folder = Path(__file__).parent / "suite"
    done = subprocess.run(
        [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={folder}",
            f"--confcutdir={folder}",
            "-c",
            "/dev/null",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "6 passed" in done.stdout, done.stdout
    load("suite/shop.py")


def test_files_of_servers():
    folder = Path(__file__).parent
    unit = (folder / "shop.service").read_text()
    assert "ExecStart=/srv/shop/.venv/bin/yaat run --host 127.0.0.1 --port 8000" in unit
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in (folder / "nginx.conf").read_text()


def test_cancel(load):
    """A client that leaves before there is an answer cancels the handler."""
    import asyncio

    sample = load("cancel.py")
    begun = asyncio.Event()

    class Events(list):
        def append(self, event):
            super().append(event)
            begun.set()

    sample.events = Events()

    async def receive():
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        raise AssertionError(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/report",
        "raw_path": b"/report",
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(asyncio.wait_for(sample.app(scope, receive, send), 5))
    assert sample.events == ["begun", "cancelled"]
