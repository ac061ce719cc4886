"""What the pages of how-to/ say about what stands around handlers."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from yaat_testclient import TestClient


def test_error_pages(load):
    with TestClient(load("error_pages.py").app, raise_server_exceptions=False) as client:
        assert client.get("/nowhere").text == "<h1>Nothing here</h1>"
        answer = client.get("/buy/tea")
        assert (answer.status_code, answer.json()) == (409, {"problem": "No tea left"})
        broken = client.get("/broken")
        assert (broken.status_code, broken.text) == (500, "<h1>That was our mistake</h1>")


def test_problems(load):
    with TestClient(load("problems.py").app) as client:
        answer = client.get("/account")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "3600"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Payment Required",
            "status": 402,
            "detail": "Your balance is too low.",
            "balance": 30,
            "price": 50,
        }


def test_middleware_pair(load):
    with TestClient(load("middleware_pair.py").app) as client:
        assert client.get("/").text == "Open"
        closed = client.get("/shop/cart")
        assert (closed.status_code, closed.headers["retry-after"]) == (503, "60")
        for path in ("/", "/nowhere"):
            assert client.get(path).headers["x-served-by"] == "yaat"
        assert "x-served-by" not in closed.headers


def test_middleware_around(load):
    with TestClient(load("middleware_around.py").app) as client:
        assert client.get("/").headers["server-timing"].startswith("app;dur=")
        assert "cache-control" not in client.get("/").headers
        assert client.get("/account/").headers["cache-control"] == "no-store"


def test_middleware_asgi(load):
    with TestClient(load("middleware_asgi.py").app) as client:
        assert client.get("/").json() == {"http": 1}


def test_background(load):
    sample = load("background.py")
    with TestClient(sample.app) as client:
        assert client.post("/orders").json() == {"order": 7}
        assert client.post("/accounts").text == "Done"
    assert sample.sent == [
        ("ada@example.com", "Thank you"),
        ("ada@example.com", "Welcome"),
        "new account",
    ]


def test_lifespan(load):
    with TestClient(load("lifespan.py").app) as client:
        assert client.get("/").json() == ["Emma"]


def test_startup(load):
    sample = load("startup.py")
    with TestClient(sample.app) as client:
        assert client.get("/").json() == ["start"]
    assert sample.events == ["start", "stop"]


def test_settings(load):
    sample = load("settings.py")
    assert sample.read_settings({}) == sample.Settings()
    assert sample.read_settings({"SHOP_TITLE": "Tea", "SHOP_DEBUG": "1"}).debug is True
    with pytest.raises(ValueError, match="SHOP_DEBUG is 'yes'"):
        sample.read_settings({"SHOP_DEBUG": "yes"})
    with TestClient(sample.make_app(sample.Settings(title="Tea"))) as client:
        assert client.get("/").json() == {"title": "Tea"}
        assert client.get("/openapi.json").json()["info"]["title"] == "Tea"


def test_log_requests(load, caplog):
    caplog.set_level(logging.INFO, "shop.requests")
    with TestClient(load("log_requests.py").app, raise_server_exceptions=False) as client:
        client.get("/")
        client.get("/broken")
    own = [record.getMessage() for record in caplog.records if record.name == "shop.requests"]
    assert [line.rpartition(" in ")[0] for line in own] == ["GET / → 200", "GET /broken → 500"]
    [error] = [record for record in caplog.records if record.name == "yaat.error"]
    assert "route /broken" in error.getMessage()
    assert error.exc_info is not None


def test_cors(load):
    theirs = {"origin": "https://app.example.com"}
    other = {"origin": "https://other.example"}
    with TestClient(load("cors.py").app) as client:
        allowed = "access-control-allow-origin"
        assert (
            client.get("/prices", headers=theirs).headers[allowed] == "https://app.example.com"
        )
        assert allowed not in client.get("/prices", headers=other).headers
        assert client.get("/fonts", headers=other).headers[allowed] == "*"
        assert allowed not in client.get("/private", headers=theirs).headers
        assert (
            client.get("/nowhere", headers=theirs).headers[allowed] == "https://app.example.com"
        )


def test_cross_site(load):
    with TestClient(load("cross_site.py").app) as client:
        form = {"amount": "10"}
        assert client.post("/transfer", data=form).text == "Sent 10"
        own = {"sec-fetch-site": "same-origin"}
        assert client.post("/transfer", data=form, headers=own).status_code == 200
        other = {"sec-fetch-site": "cross-site"}
        assert client.post("/transfer", data=form, headers=other).status_code == 403


def test_login(load):
    with TestClient(load("login.py").app) as client:
        refused = client.get("/me")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert client.get("/me", headers={"authorization": "Bearer wrong"}).status_code == 401
        known = {"authorization": "Bearer c2VjcmV0LW9mLWFkYQ"}
        assert client.get("/me", headers=known).json() == {"user": "ada"}


def test_security_headers(load):
    sample = load("security_headers.py")
    with TestClient(sample.app) as client:
        for path in ("/", "/nowhere"):
            headers = client.get(path).headers
            assert {name: headers[name] for name in sample.HEADERS} == sample.HEADERS
        assert client.get("/embed").headers["x-frame-options"] == "SAMEORIGIN"


def test_compress(load):
    with TestClient(load("compress.py").app) as client:
        answer = client.get("/", headers={"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.text == "Hello World " * 100


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
