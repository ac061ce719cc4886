"""The specification of RealWorld, endpoint by endpoint: what is answered, to whom, and what is refused."""

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient import AsyncTestClient, TestClient

pytest.importorskip("jwt", reason="the example needs PyJWT")
pytest.importorskip("sqlalchemy", reason="the example needs SQLAlchemy")

FOLDER = Path(__file__).parents[2] / "examples" / "conduit"
BLANK = ["can't be blank"]

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def make_app() -> Any:
    """What makes an app, loaded as a server does it."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("conduit.application").make_app
    finally:
        sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def app(make_app: Any) -> Any:
    """An app that is started anew for each test, with a database of its own."""
    return make_app()


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    """A client of an app where nobody has written anything."""
    with TestClient(app) as client:
        yield client


class Member:
    """Somebody who has joined."""

    def __init__(self, client: TestClient, name: str) -> None:
        new = {"username": name, "email": f"{name}@example.com", "password": f"secret of {name}"}
        response = client.post("/api/users", json={"user": new})
        assert response.status_code == 201
        self.name = name
        self._client = client
        self._headers = {"authorization": f"Token {response.json()['user']['token']}"}

    def ask(self, method: str, path: str, content: Any = None, status: int = 200) -> Any:
        """Send a request, and return what the answer says."""
        response = self._client.request(method, f"/api{path}", json=content, headers=self._headers)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def publish(self, title: str, *tags: str) -> Any:
        """Publish an article."""
        article = {"title": title, "description": "about", "body": "text", "tagList": list(tags)}
        return self.ask("POST", "/articles", {"article": article}, 201)["article"]


@pytest.fixture
def ada(client: TestClient) -> Member:
    return Member(client, "ada")


@pytest.fixture
def bob(client: TestClient) -> Member:
    return Member(client, "bob")


def errors_of(response: Any, status: int) -> Any:
    """Return what a refusal is about."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()["errors"]


# --- users ---


def test_new_user_is_shown_with_a_token(client: TestClient) -> None:
    new = {"username": "eve", "email": "eve@example.com", "password": "secret"}
    user = client.post("/api/users", json={"user": new}).json()["user"]
    assert user.pop("token").count(".") == 2
    assert user == {"username": "eve", "email": "eve@example.com", "bio": None, "image": None}


@pytest.mark.parametrize("field", ["username", "email", "password"])
@pytest.mark.parametrize("value", ["", "  ", None, ...])
def test_user_without_a_field_is_refused(client: TestClient, field: str, value: Any) -> None:
    new = {"username": "eve", "email": "eve@example.com", "password": "secret", field: value}
    if value is ...:
        del new[field]
    assert errors_of(client.post("/api/users", json={"user": new}), 422) == {field: BLANK}


def test_taken_name_and_address_are_conflicts(client: TestClient, ada: Member) -> None:
    new = {"username": "ada", "email": "ada@example.com", "password": "secret"}
    taken = ["has already been taken"]
    assert errors_of(client.post("/api/users", json={"user": new}), 409) == {"username": taken, "email": taken}
    new["email"] = "other@example.com"
    assert errors_of(client.post("/api/users", json={"user": new}), 409) == {"username": taken}


def test_password_lets_in(client: TestClient, ada: Member) -> None:
    login = {"email": "ada@example.com", "password": "secret of ada"}
    response = client.post("/api/users/login", json={"user": login})
    assert (response.status_code, response.json()["user"]["username"]) == (200, "ada")


@pytest.mark.parametrize("login", [("ada@example.com", "wrong"), ("nobody@example.com", "secret of ada")])
def test_wrong_credentials_are_refused_without_telling_which(
    client: TestClient, ada: Member, login: tuple[str, str]
) -> None:
    email, password = login
    response = client.post("/api/users/login", json={"user": {"email": email, "password": password}})
    assert errors_of(response, 401) == {"credentials": ["invalid"]}


def test_what_is_left_out_stays_as_it_is(ada: Member) -> None:
    ada.ask("PUT", "/user", {"user": {"bio": "I count.", "image": "https://example.com/ada.png"}})
    user = ada.ask("PUT", "/user", {"user": {"username": "lady", "image": None}})["user"]
    assert (user["username"], user["email"], user["bio"], user["image"]) == (
        "lady",
        "ada@example.com",
        "I count.",
        None,
    )
    assert ada.ask("GET", "/user")["user"]["username"] == "lady"


def test_empty_bio_is_none(ada: Member) -> None:
    assert ada.ask("PUT", "/user", {"user": {"bio": ""}})["user"]["bio"] is None


def test_new_password_takes_the_place_of_the_old_one(client: TestClient, ada: Member) -> None:
    ada.ask("PUT", "/user", {"user": {"password": "another"}})
    statuses = [
        client.post("/api/users/login", json={"user": {"email": "ada@example.com", "password": word}}).status_code
        for word in ("another", "secret of ada")
    ]
    assert statuses == [200, 401]


@pytest.mark.parametrize("change", [{"username": ""}, {"email": None}, {"password": " "}])
def test_nobody_can_give_up_what_everybody_has(ada: Member, change: Any) -> None:
    assert ada.ask("PUT", "/user", {"user": change}, 422)["errors"] == dict.fromkeys(change, BLANK)


def test_somebody_elses_name_cannot_be_taken(ada: Member, bob: Member) -> None:
    errors = ada.ask("PUT", "/user", {"user": {"username": "bob"}}, 422)["errors"]
    assert errors == {"username": ["has already been taken"]}
    assert ada.ask("GET", "/user")["user"]["username"] == "ada"


def test_change_of_nothing_is_refused(ada: Member) -> None:
    assert ada.ask("PUT", "/user", {"user": {}}, 422)["errors"] == {"user": BLANK}


# --- tokens ---

NEEDS_TOKEN = [
    ("GET", "/user"),
    ("PUT", "/user"),
    ("POST", "/profiles/ada/follow"),
    ("DELETE", "/profiles/ada/follow"),
    ("GET", "/articles/feed"),
    ("POST", "/articles"),
    ("PUT", "/articles/none"),
    ("DELETE", "/articles/none"),
    ("POST", "/articles/none/comments"),
    ("DELETE", "/articles/none/comments/1"),
    ("POST", "/articles/none/favorite"),
    ("DELETE", "/articles/none/favorite"),
]


@pytest.mark.parametrize(("method", "path"), NEEDS_TOKEN)
def test_token_is_asked_for_before_anything_else(client: TestClient, method: str, path: str) -> None:
    assert errors_of(client.request(method, f"/api{path}"), 401) == {"token": ["is missing"]}


@pytest.mark.parametrize("token", ["Token", "Token x", "Token a.b.c", "Basic YTpi", "nonsense"])
@pytest.mark.parametrize("path", ["/user", "/articles", "/profiles/ada"])
def test_wrong_token_is_refused_even_where_none_is_needed(client: TestClient, path: str, token: str) -> None:
    response = client.get(f"/api{path}", headers={"authorization": token})
    assert errors_of(response, 401) == {"token": ["is invalid"]}


def test_token_of_another_server_is_refused(client: TestClient, make_app: Any) -> None:
    with TestClient(make_app()) as other:
        stranger = Member(other, "eve")
    response = client.get("/api/user", headers=stranger._headers)
    assert errors_of(response, 401) == {"token": ["is invalid"]}


def test_short_secret_is_refused(make_app: Any) -> None:
    with pytest.raises(ValueError, match="32 or more"):
        make_app(secret="secret")


# --- profiles ---


def test_profile_says_whether_one_follows(client: TestClient, ada: Member, bob: Member) -> None:
    profile = {"username": "bob", "bio": None, "image": None, "following": False}
    assert client.get("/api/profiles/bob").json() == {"profile": profile}
    for _ in range(2):  # Twice is once.
        assert ada.ask("POST", "/profiles/bob/follow")["profile"]["following"] is True
    assert ada.ask("GET", "/profiles/bob")["profile"]["following"] is True
    assert client.get("/api/profiles/bob").json() == {"profile": profile}
    for _ in range(2):
        assert ada.ask("DELETE", "/profiles/bob/follow")["profile"]["following"] is False


def test_unknown_profile_is_not_found(client: TestClient, ada: Member) -> None:
    assert errors_of(client.get("/api/profiles/nobody"), 404) == {"profile": ["not found"]}
    for method in ("POST", "DELETE"):
        assert ada.ask(method, "/profiles/nobody/follow", status=404)["errors"] == {"profile": ["not found"]}


# --- articles ---


def test_article_is_shown_whole(ada: Member) -> None:
    article = ada.publish("How to train your dragon!", "z", "a", "z")
    created, updated = article.pop("createdAt"), article.pop("updatedAt")
    assert created.endswith("Z")
    assert len(created) == len(updated) == len("2026-02-03T04:05:06.789Z")
    assert article == {
        "slug": "how-to-train-your-dragon",
        "title": "How to train your dragon!",
        "description": "about",
        "body": "text",
        "tagList": ["z", "a"],
        "favorited": False,
        "favoritesCount": 0,
        "author": {"username": "ada", "bio": None, "image": None, "following": False},
    }


def test_article_needs_no_tags(ada: Member) -> None:
    article = {"title": "A", "description": "d", "body": "b"}
    assert ada.ask("POST", "/articles", {"article": article}, 201)["article"]["tagList"] == []


@pytest.mark.parametrize("field", ["title", "description", "body"])
def test_article_without_a_field_is_refused(ada: Member, field: str) -> None:
    article = {"title": "A", "description": "d", "body": "b", field: ""}
    assert ada.ask("POST", "/articles", {"article": article}, 422)["errors"] == {field: BLANK}
    del article[field]
    assert ada.ask("POST", "/articles", {"article": article}, 422)["errors"] == {field: BLANK}


def test_all_mistakes_are_told_at_once(ada: Member) -> None:
    assert ada.ask("POST", "/articles", {"article": {"title": ""}}, 422)["errors"] == {
        "title": BLANK,
        "description": BLANK,
        "body": BLANK,
    }


def test_taken_title_is_a_conflict(ada: Member, bob: Member) -> None:
    ada.publish("Same")
    article = {"title": "same", "description": "d", "body": "b"}
    assert bob.ask("POST", "/articles", {"article": article}, 409)["errors"] == {"title": ["has already been taken"]}


@pytest.mark.parametrize("title", ["Feed", "!!!", "Привет, мир"])
def test_every_title_has_a_path(ada: Member, client: TestClient, title: str) -> None:
    article = ada.publish(title)
    assert client.get(f"/api/articles/{article['slug']}").json()["article"]["title"] == title


def test_new_title_makes_a_new_slug(client: TestClient, ada: Member) -> None:
    before = ada.publish("Old", "t")
    after = ada.ask("PUT", "/articles/old", {"article": {"title": "New"}})["article"]
    assert (after["slug"], after["body"], after["tagList"]) == ("new", "text", ["t"])
    assert after["createdAt"] == before["createdAt"]
    assert after["updatedAt"] >= before["updatedAt"]
    assert client.get("/api/articles/old").status_code == 404


def test_new_title_that_another_article_has_makes_another_slug(ada: Member) -> None:
    ada.publish("First")
    ada.publish("Second")
    slug = ada.ask("PUT", "/articles/second", {"article": {"title": "First"}})["article"]["slug"]
    assert slug.startswith("first-")


@pytest.mark.parametrize(("tags", "shown"), [(["b", "c"], ["b", "c"]), ([], [])])
def test_tags_are_replaced(ada: Member, tags: list[str], shown: list[str]) -> None:
    ada.publish("Tagged", "a", "b")
    assert ada.ask("PUT", "/articles/tagged", {"article": {"tagList": tags}})["article"]["tagList"] == shown
    assert ada.ask("GET", "/tags")["tags"] == shown


@pytest.mark.parametrize("change", [{"title": None}, {"body": ""}, {"tagList": None}])
def test_nothing_of_an_article_can_be_taken_away(ada: Member, change: Any) -> None:
    ada.publish("Mine")
    assert ada.ask("PUT", "/articles/mine", {"article": change}, 422)["errors"] == dict.fromkeys(change, BLANK)


def test_only_its_author_changes_an_article(ada: Member, bob: Member) -> None:
    ada.publish("Mine")
    for method, content in (("PUT", {"article": {"body": "his"}}), ("DELETE", None)):
        assert bob.ask(method, "/articles/mine", content, 403)["errors"] == {"article": ["forbidden"]}
    assert ada.ask("GET", "/articles/mine")["article"]["body"] == "text"


def test_deleted_article_takes_everything_with_it(client: TestClient, ada: Member, bob: Member) -> None:
    ada.publish("Mine", "t")
    bob.ask("POST", "/articles/mine/favorite")
    bob.ask("POST", "/articles/mine/comments", {"comment": {"body": "Nice."}}, 201)
    assert ada.ask("DELETE", "/articles/mine", status=204) is None
    assert errors_of(client.get("/api/articles/mine"), 404) == {"article": ["not found"]}
    assert client.get("/api/articles?favorited=bob").json() == {"articles": [], "articlesCount": 0}
    assert client.get("/api/tags").json() == {"tags": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/articles/none"),
        ("PUT", "/articles/none"),
        ("DELETE", "/articles/none"),
        ("GET", "/articles/none/comments"),
        ("POST", "/articles/none/comments"),
        ("DELETE", "/articles/none/comments/1"),
        ("POST", "/articles/none/favorite"),
        ("DELETE", "/articles/none/favorite"),
    ],
)
def test_unknown_article_is_not_found(ada: Member, method: str, path: str) -> None:
    content = {"article": {"body": "b"}, "comment": {"body": "b"}} if method in ("PUT", "POST") else None
    assert ada.ask(method, path, content, 404)["errors"] == {"article": ["not found"]}


# --- lists ---


def titles(answer: Any) -> list[str]:
    """Return what is listed."""
    return [article["title"] for article in answer["articles"]]


def test_newest_article_comes_first_and_without_its_body(ada: Member) -> None:
    for title in ("one", "two", "three"):
        ada.publish(title)
    answer = ada.ask("GET", "/articles")
    assert (titles(answer), answer["articlesCount"]) == (["three", "two", "one"], 3)
    assert "body" not in answer["articles"][0]


def test_page_is_a_part_of_all(ada: Member) -> None:
    for number in range(23):
        ada.publish(f"n{number}")
    first, second = ada.ask("GET", "/articles"), ada.ask("GET", "/articles?offset=1&limit=2")
    assert (len(first["articles"]), first["articlesCount"]) == (20, 23)
    assert (titles(second), second["articlesCount"]) == (["n21", "n20"], 23)
    assert titles(ada.ask("GET", "/articles?offset=30")) == []


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1", f"offset={10**30}"])
def test_page_that_cannot_be_is_refused(client: TestClient, query: str) -> None:
    name = query.partition("=")[0]
    assert list(errors_of(client.get(f"/api/articles?{query}"), 422)) == [name]


def test_lists_are_filtered(ada: Member, bob: Member) -> None:
    ada.publish("by ada", "red", "blue")
    bob.publish("by bob", "red")
    bob.ask("POST", "/articles/by-ada/favorite")
    find = partial(ada.ask, "GET")
    assert titles(find("/articles?author=ada")) == ["by ada"]
    assert titles(find("/articles?tag=red")) == ["by bob", "by ada"]
    assert titles(find("/articles?tag=red&author=bob")) == ["by bob"]
    assert titles(find("/articles?favorited=bob")) == ["by ada"]
    for nobody in ("author=x", "tag=x", "favorited=x"):
        assert find(f"/articles?{nobody}") == {"articles": [], "articlesCount": 0}


def test_feed_has_what_those_one_follows_have_written(ada: Member, bob: Member) -> None:
    ada.publish("by ada")
    for title in ("one", "two"):
        bob.publish(title)
    assert ada.ask("GET", "/articles/feed") == {"articles": [], "articlesCount": 0}
    ada.ask("POST", "/profiles/bob/follow")
    answer = ada.ask("GET", "/articles/feed?limit=1")
    assert (titles(answer), answer["articlesCount"]) == (["two"], 2)
    assert answer["articles"][0]["author"]["following"] is True


def test_favorites_are_counted_once_for_each_who_likes(client: TestClient, ada: Member, bob: Member) -> None:
    ada.publish("Liked")
    for member, total in ((ada, 1), (bob, 2), (bob, 2)):
        article = member.ask("POST", "/articles/liked/favorite")["article"]
        assert (article["favorited"], article["favoritesCount"], article["body"]) == (True, total, "text")
    seen = client.get("/api/articles/liked").json()["article"]
    assert (seen["favorited"], seen["favoritesCount"]) == (False, 2)
    for _ in range(2):
        article = ada.ask("DELETE", "/articles/liked/favorite")["article"]
        assert (article["favorited"], article["favoritesCount"]) == (False, 1)


def test_frequent_tags_come_first(client: TestClient, ada: Member) -> None:
    ada.publish("a", "rare", "common")
    ada.publish("b", "common")
    assert client.get("/api/tags").json() == {"tags": ["common", "rare"]}


# --- comments ---


def test_comments_are_listed_newest_first(client: TestClient, ada: Member, bob: Member) -> None:
    ada.publish("Said")
    for number in (1, 2):
        comment = bob.ask("POST", "/articles/said/comments", {"comment": {"body": f"No. {number}"}}, 201)["comment"]
        assert comment["author"]["username"] == "bob"
        assert isinstance(comment["id"], int)
    assert [each["body"] for each in client.get("/api/articles/said/comments").json()["comments"]] == ["No. 2", "No. 1"]


def test_only_its_author_deletes_a_comment(ada: Member, bob: Member) -> None:
    ada.publish("Said")
    ada.publish("Other")
    id = bob.ask("POST", "/articles/said/comments", {"comment": {"body": "Hm."}}, 201)["comment"]["id"]
    assert ada.ask("DELETE", f"/articles/said/comments/{id}", status=403)["errors"] == {"comment": ["forbidden"]}
    assert bob.ask("DELETE", f"/articles/other/comments/{id}", status=404)["errors"] == {"comment": ["not found"]}
    bob.ask("DELETE", f"/articles/said/comments/{id}", status=204)
    assert bob.ask("DELETE", f"/articles/said/comments/{id}", status=404)["errors"] == {"comment": ["not found"]}
    bob.ask("DELETE", f"/articles/said/comments/{'9' * 18}", status=404)


def test_empty_comment_is_refused(ada: Member) -> None:
    ada.publish("Said")
    assert ada.ask("POST", "/articles/said/comments", {"comment": {"body": ""}}, 422)["errors"] == {"body": BLANK}


# --- everything ---


@pytest.mark.parametrize(
    ("content", "kind"), [("{", "application/json"), ("{}", "text/plain"), ("[]", "application/json")]
)
def test_content_that_cannot_be_used_is_told_in_the_same_form(client: TestClient, content: str, kind: str) -> None:
    response = client.post("/api/users", content=content, headers={"content-type": kind})
    assert list(errors_of(response, 422)) == ["body"]


def test_path_that_is_none_is_told_in_the_same_form(client: TestClient) -> None:
    assert errors_of(client.get("/api/nothing"), 404) == {"path": ["not found"]}
    response = client.post("/api/tags")
    assert errors_of(response, 405) == {"request": ["method not allowed"]}
    assert "GET" in response.headers["allow"]


def test_feed_is_no_article(client: TestClient) -> None:
    response = client.request("PUT", "/api/articles/feed")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_pages_of_other_origins_may_use_it(client: TestClient) -> None:
    headers = {"origin": "https://conduit.example", "access-control-request-method": "PUT"}
    answer = client.options("/api/user", headers={**headers, "access-control-request-headers": "authorization"})
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert client.get("/api/user", headers=headers).headers["access-control-allow-origin"] == "*"


def test_many_can_write_at_once(app: Any) -> None:
    """More than there are threads, and more than there are connections to the database."""

    async def write(client: AsyncTestClient, number: int) -> int:
        article = {"title": f"No. {number}", "description": "d", "body": "b"}
        answer = await client.post("/api/articles", json={"article": article})
        return int(answer.status_code)

    async def write_all() -> list[int]:
        async with AsyncTestClient(app) as client:
            new = {"username": "ada", "email": "ada@example.com", "password": "secret"}
            token = (await client.post("/api/users", json={"user": new})).json()["user"]["token"]
            client.headers["authorization"] = f"Token {token}"
            return list(await asyncio.gather(*(write(client, number) for number in range(100))))

    assert set(asyncio.run(asyncio.wait_for(write_all(), 30))) == {201}


def test_document_tells_what_needs_a_token(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    secured = {
        (method.upper(), path.removeprefix("/api"))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation.get("security") == [{"Token": []}]
    }
    wanted = {(method, path.replace("ada", "{username}").replace("none", "{slug}")) for method, path in NEEDS_TOKEN}
    assert secured == {(method, path.replace("comments/1", "comments/{id}")) for method, path in wanted}
