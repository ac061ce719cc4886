"""What the pages in start/ say of their samples."""

from yaat_testclient import TestClient


def test_hello(load):
    with TestClient(load("hello.py").app) as client:
        assert client.get("/").text == "Hello World"
        assert client.get("/nowhere").status_code == 404


def test_values(load):
    with TestClient(load("values.py").app) as client:
        text = client.get("/text")
        assert (text.text, text.headers["content-type"]) == (
            "Just text",
            "text/plain; charset=utf-8",
        )
        assert client.get("/json").json() == {"title": "Emma", "pages": 474}
        assert client.get("/json").headers["content-type"] == "application/json"
        assert (client.get("/created").status_code, client.get("/created").json()) == (
            201,
            {"id": 7},
        )
        assert (client.get("/nothing").status_code, client.get("/nothing").content) == (
            204,
            b"",
        )


def test_path(load):
    with TestClient(load("path.py").app) as client:
        assert client.get("/hello/Ada").text == "Hello Ada"
        assert client.get("/double/21").json() == {"result": 42}
        assert client.get("/double/many").status_code == 404


def test_query(load):
    with TestClient(load("query.py").app) as client:
        assert client.get("/search?word=sea").json() == {"word": "sea", "length": 3}
        assert client.get("/search").json() == {"word": "", "length": 0}


def test_post(load):
    with TestClient(load("post.py").app) as client:
        assert client.post("/notes", json={"text": "Milk"}).status_code == 201
        assert client.get("/notes").json() == [{"text": "Milk"}]
        wrong = client.post(
            "/notes", content=b"{text", headers={"content-type": "application/json"}
        )
        assert (wrong.status_code, "line 1" in wrong.json()["detail"]) == (400, True)
        assert client.post("/notes", content=b"text=Milk").status_code == 415
        assert client.delete("/notes").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_missing(load):
    with TestClient(load("missing.py").app) as client:
        assert client.get("/books/1").json() == {"title": "Emma"}
        answer = client.get("/books/9")
        assert answer.status_code == 404
        assert answer.json() == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is no book 9.",
        }
        page = client.get("/books/9", headers={"accept": "text/html"})
        assert "<h1>404 Not Found</h1>" in page.text


def test_python(run):
    assert run("python_function.py") == "Hello Ada\nGood morning Ada\n"
    assert run("python_decorator.py") == "Bonjour\n"
    assert run("python_async.py") == "news from Paris\n['news from Rome', 'news from Oslo']\n"
    assert run("python_annotation.py") == "<class 'int'>\n"
    assert run("python_generator.py") == "3\n2\n1\n"
    assert run("python_with.py") == "open shop\ninside SHOP\nclose shop\n"
