EMMA = {"title": "Emma", "author": "Jane Austen"}


def test_a_new_shelf_is_empty(client):
    assert "The shelf is empty." in client.get("/").text


def test_a_book_is_added_by_the_form(client):
    page = client.post("/", data=EMMA)
    assert page.status_code == 200
    assert "Emma" in page.text


def test_a_book_without_author_is_refused(client):
    page = client.post("/", data={"title": "Emma"})
    assert page.status_code == 422
    assert "Please write a title and an author." in page.text


def test_the_api_tells_what_is_wrong(client):
    answer = client.post("/api/books", json={"title": ""})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/title", "#/author"]


def test_a_new_book_is_told_to_who_watches(client):
    with client.websocket_connect("/live") as live:
        client.post("/api/books", json=EMMA)
        assert live.receive_json() == {**EMMA, "id": 1}
