"""What the pages of how-to/ say about what stands around handlers."""

import logging

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
        assert (
            client.post(
                "/transfer", data=form, headers={"origin": "http://testserver"}
            ).status_code
            == 200
        )
        assert (
            client.post(
                "/transfer", data=form, headers={"origin": "http://evil.example"}
            ).status_code
            == 403
        )
        assert client.post("/transfer", data={"to": "ada"}).text == "Sent nothing"


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
