"""What the pages of how-to/ say about routes, requests and responses."""

import hashlib

import pytest
from yaat_testclient import TestClient


def test_routers(load):
    with TestClient(load("routers.py").app) as client:
        assert client.get("/shop/books").json() == ["Emma", "Persuasion"]
        assert client.get("/shop/books/3").json() == {"id": 3, "url": "/shop/books/3"}


def test_view(load):
    with TestClient(load("view.py").app) as client:
        assert client.get("/notes/milk").status_code == 404
        assert client.put("/notes/milk", json={"litres": 2}).status_code == 204
        assert client.get("/notes/milk").json() == {"litres": 2}
        assert client.delete("/notes/milk").status_code == 204
        wrong = client.post("/notes/milk")
        assert (wrong.status_code, wrong.headers["allow"]) == (
            405,
            "DELETE, GET, HEAD, OPTIONS, PUT",
        )


def test_converter(load):
    with TestClient(load("converter.py").app) as client:
        assert client.get("/paint/teal").json() == {"colour": "#088"}
        assert client.get("/paint/pink").status_code == 404
        assert client.get("/files/a/b/c.txt").json() == {"path": "a/b/c.txt"}
        assert client.get("/days/2026-12-24").json() == {"weekday": "Thursday"}
        assert client.get("/days/2026-02-30").status_code == 404


def test_urls(load):
    app = load("urls.py").app
    with TestClient(app) as client:
        assert client.get("/links").json() == {
            "path": "/books/7",
            "with_query": "/books/7?page=2",
            "absolute": "http://testserver/books/7",
        }
        answer = client.get("/newest", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/books/9")
    assert app.url_for("book", book_id=7) == "/books/7"


def test_hosts(load):
    app = load("hosts.py").app
    answers = {
        "api.example.com": '{"api":true}',
        "tea.example.com": "The site of tea",
        "elsewhere.org": "The site",
    }
    for host, answer in answers.items():
        with TestClient(app, base_url=f"http://{host}") as client:
            assert client.get("/").text == answer


def test_json_values(load):
    with TestClient(load("json_values.py").app) as client:
        assert client.get("/invoice").json() == {
            "number": 7,
            "due": "2026-12-24",
            "amount": "19.90",
        }
        assert client.get("/vendor").headers["content-type"] == "application/vnd.api+json"
        assert client.post("/echo", json=[1, 2]).json() == {"got": [1, 2]}
        assert client.post("/echo", content=b"[1, 2]").status_code == 415
        kind = {"content-type": "application/json"}
        wrong = client.post("/echo", content=b"[1, 2", headers=kind)
        assert (wrong.status_code, "JSON" in wrong.json()["detail"]) == (400, True)


def test_typed_parameters(load):
    with TestClient(load("typed_parameters.py").app) as client:
        answer = client.get(
            "/search?word=sea&tags=a&tags=b&limit=5", headers={"accept-language": "fr"}
        )
        assert answer.json() == {
            "word": "sea",
            "tags": ["a", "b"],
            "limit": 5,
            "order": "title",
            "language": "fr",
            "theme": "light",
        }
        wrong = client.get("/search?limit=500&order=size").json()
        assert [(error["in"], error["pointer"]) for error in wrong["errors"]] == [
            ("query", "#/word"),
            ("query", "#/limit"),
            ("query", "#/order"),
        ]


def test_typed_models(load):
    with TestClient(load("typed_models.py").app) as client:
        order = {"address": {"street": "Lane 1", "city": "Bath"}, "items": ["tea"], "notes": {}}
        answer = client.post("/orders", json=order)
        assert (answer.status_code, answer.json()) == (201, order)
        wrong = client.post(
            "/orders", json={"address": {"street": 1, "city": ""}, "items": []}
        ).json()
        assert [error["pointer"] for error in wrong["errors"]] == [
            "#/address/street",
            "#/address/city",
        ]
        assert client.post("/sign-up", data={"name": "Ada", "age": "36"}).text == "Ada is 36"
        assert client.post("/sign-up", data={"name": "Ada", "age": "old"}).status_code == 422


def test_dependencies(load):
    sample = load("dependencies.py")
    token = {"x-token": "secret"}
    with TestClient(sample.app) as client:
        assert client.get("/me", headers=token).json() == {"user": "ada"}
        assert client.get("/rows").status_code == 401
        assert sample.log == []
        assert client.get("/rows", headers=token).json() == {"user": "ada", "rows": 3}
        assert sample.log == ["open", "handle", "close"]
        with sample.app.extensions["typed"].override(sample.get_user, lambda: "eve"):
            assert client.get("/me").json() == {"user": "eve"}


def test_cookies(load):
    with TestClient(load("cookies.py").app, base_url="https://testserver") as client:
        assert client.get("/").json() == {"theme": "light"}
        answer = client.post("/theme/dark")
        assert answer.headers["set-cookie"] == (
            "theme=dark; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Lax"
        )
        assert client.get("/").json() == {"theme": "dark"}
        client.delete("/theme")
        assert client.get("/").json() == {"theme": "light"}


def test_signed_cookie(load, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "kept-for-tests-alone")
    with TestClient(load("signed_cookie.py").app, base_url="https://testserver") as client:
        assert client.get("/me").status_code == 401
        client.post("/login/ada")
        assert client.get("/me").text == "ada"
        client.cookies.set(
            "user", client.cookies["user"].replace("a", "b"), domain="testserver.local"
        )
        assert client.get("/me").status_code == 401


def test_uploads(load):
    with TestClient(load("uploads.py").app) as client:
        files = [("photo", ("../sea.png", b"123")), ("photo", ("sun.png", b"4567"))]
        answer = client.post("/photos", files=files, data={"title": "Holidays"})
        assert answer.json() == {
            "title": "Holidays",
            "photos": [{"name": "sea.png", "bytes": 3}, {"name": "sun.png", "bytes": 4}],
        }
        assert client.post("/photos", files=files * 2).status_code == 400
        assert (
            client.post("/photos", files=[("photo", ("big", b"0" * 5_000_001))]).status_code
            == 413
        )
        assert client.post("/photos", data={"title": "None"}).status_code == 422


def test_upload_stream(load):
    with TestClient(load("upload_stream.py").app) as client:
        answer = client.post("/backup", files={"file": ("a.bin", b"0" * 100_000)})
        assert answer.json() == {"a.bin": hashlib.sha256(b"0" * 100_000).hexdigest()}
        assert client.put("/raw", content=b"0" * 100_000).json() == {"bytes": 100_000}


def test_static_files(load):
    with TestClient(load("static_files.py").app) as client:
        style = client.get("/static/app.css")
        assert style.headers["content-type"].startswith("text/css")
        etag = {"if-none-match": style.headers["etag"]}
        assert client.get("/static/app.css", headers=etag).status_code == 304
        assert client.get("/static/app.css", headers={"range": "bytes=0-3"}).text == "body"
        assert client.get("/static/../static_files.py").status_code == 404
        report = client.get("/report")
        assert report.headers["content-disposition"] == 'attachment; filename="Report 2026.txt"'
        assert client.get("/downloads/report.txt").text == "Report\n"
        assert client.get("/downloads/..%2Fstatic_files.py").status_code == 404


def test_streaming(load):
    with TestClient(load("streaming.py").app) as client:
        answer = client.get("/squares.csv")
        assert answer.text == "number,square\n1,1\n2,4\n3,9\n"
        assert "content-length" not in answer.headers


def test_events(load):
    with TestClient(load("events.py").app) as client:
        answer = client.get("/events")
        assert answer.text.startswith("event: tick\ndata: 1\n\nevent: tick\n")
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_caching(load):
    with TestClient(load("caching.py").app) as client:
        answer = client.get("/prices")
        assert answer.headers["cache-control"] == "public, max-age=60"
        again = client.get("/prices", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_precondition(load):
    with TestClient(load("precondition.py").app) as client:
        etag = client.get("/note").headers["etag"]
        assert (
            client.put("/note", json={"text": "Tea"}, headers={"if-match": etag}).status_code
            == 200
        )
        late = client.put("/note", json={"text": "Coffee"}, headers={"if-match": etag})
        assert late.status_code == 412
        assert client.get("/note").json() == {"version": 2, "text": "Tea"}


@pytest.mark.parametrize(("path", "status"), [("/small/note", 413), ("/small/big", 200)])
def test_limits(load, path, status):
    with TestClient(load("limits.py").app) as client:
        assert client.post(path, content=b"0" * 11).status_code == status
        assert client.post(path, content=b"0" * 1001).status_code == 413
