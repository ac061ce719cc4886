"""What a real browser lets a page of one origin do at another."""

import json

import pytest

from .watching import WatchedPage

BLOCKED = ("blocked by CORS policy", "net::ERR_FAILED")


@pytest.fixture
def stranger(pages: str, page: WatchedPage) -> WatchedPage:
    """A page of an origin that the API does not know: another name is another origin."""
    page.open(pages.replace("127.0.0.1", "localhost"))
    return page


@pytest.fixture
def friend(pages: str, page: WatchedPage) -> WatchedPage:
    """A page of the origin that the API allows."""
    page.open(pages)
    return page


def test_allowed_page_reads_an_answer(friend: WatchedPage, api: str) -> None:
    """And the headers that are exposed, but no others."""
    answer = friend.fetch(f"{api}/items")
    assert (answer["status"], answer["text"], answer["headers"]["x-total"]) == (200, "items", "2")
    assert "x-secret" not in answer["headers"]


def test_other_page_reads_nothing(stranger: WatchedPage, api: str) -> None:
    """The browser keeps the answer from it, and says so."""
    with stranger.expect_complaint(*BLOCKED):
        assert stranger.fetch(f"{api}/items") is None


def test_page_without_an_origin_reads_nothing(friend: WatchedPage, api: str) -> None:
    """A sandboxed frame, which any site can make, sends `Origin: null`."""
    with friend.expect_complaint(*BLOCKED):
        outcome = friend.run(
            """([url]) => new Promise(resolve => {
                const frame = document.createElement("iframe");
                addEventListener("message", event => resolve(event.data));
                frame.sandbox = "allow-scripts";
                frame.srcdoc = `<script>fetch("${url}").then(
                    () => parent.postMessage("read", "*"), () => parent.postMessage("blocked", "*"))</script>`;
                document.body.append(frame);
            })""",
            f"{api}/items",
        )
    assert outcome == "blocked"


def test_preflight_lets_an_allowed_request_come(friend: WatchedPage, api: str) -> None:
    """A method, a header and a media type that need one."""
    headers = {"Content-Type": "application/json", "X-Token": "t"}
    answer = friend.fetch(f"{api}/items", method="PUT", headers=headers, body='{"a": 1}')
    assert json.loads(answer["text"]) == {"token": "t", "item": {"a": 1}}
    assert [status for status, url in friend.responses if url == f"{api}/items"] == [200]


@pytest.mark.parametrize(
    "options",
    [
        {"method": "DELETE"},
        {"method": "PUT", "headers": {"X-Other": "x"}},
    ],
    ids=["method", "header"],
)
def test_preflight_keeps_other_requests_away(friend: WatchedPage, api: str, options: dict[str, object]) -> None:
    """The request itself is never sent."""
    with friend.expect_complaint(*BLOCKED):
        assert friend.fetch(f"{api}/items", **options) is None


def test_preflight_keeps_other_pages_away(stranger: WatchedPage, api: str) -> None:
    """What the API allows is for the pages that it knows."""
    with stranger.expect_complaint(*BLOCKED):
        assert stranger.fetch(f"{api}/items", method="PUT", body="{}") is None


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/nowhere", {}, 404),
        ("/login", {}, 405),
        ("/small", {"method": "POST", "body": "more than ten bytes"}, 413),
        ("/broken", {}, 500),
    ],
)
def test_allowed_page_reads_errors(
    friend: WatchedPage, api: str, path: str, options: dict[str, object], status: int
) -> None:
    """It can tell its user what went wrong: errors say who may read them like any answer."""
    with friend.expect_complaint(f"the server responded with a status of {status}"):
        answer = friend.fetch(f"{api}{path}", headers={"Accept": "application/json"}, **options)
    assert answer["status"] == status
    assert json.loads(answer["text"])["status"] == status


def test_other_page_does_not_even_read_an_error(stranger: WatchedPage, api: str) -> None:
    """Not that nothing is there."""
    with stranger.expect_complaint(*BLOCKED):
        assert stranger.fetch(f"{api}/nowhere") is None


def test_cookies_come_along_where_that_is_allowed(friend: WatchedPage, api: str) -> None:
    """A page logs in at the API, and is known there."""
    assert friend.fetch(f"{api}/login", method="POST", credentials="include")["text"] == "in"
    assert friend.fetch(f"{api}/me", credentials="include")["text"] == "Ada"
    assert friend.fetch(f"{api}/me", credentials="omit")["text"] == "nobody"


def test_public_route_is_for_every_page(stranger: WatchedPage, api: str) -> None:
    """The policy of a route comes before that of its app."""
    assert stranger.fetch(f"{api}/public")["text"] == "items"


def test_public_route_is_not_for_credentials(friend: WatchedPage, api: str) -> None:
    """`*` never goes with cookies."""
    with friend.expect_complaint(*BLOCKED):
        assert friend.fetch(f"{api}/public", credentials="include") is None


def test_closed_route_is_for_nobody(friend: WatchedPage, api: str) -> None:
    """Nor is it after a preflight."""
    for options in ({}, {"headers": {"X-Token": "t"}}):
        with friend.expect_complaint(*BLOCKED):
            assert friend.fetch(f"{api}/closed", **options) is None


def test_allowed_page_uploads_a_form(friend: WatchedPage, api: str) -> None:
    """A form from another origin arrives with its file."""
    text = friend.run(
        """async ([url]) => {
            const form = new FormData();
            form.append("title", "Größe");
            form.append("file", new Blob(["a\\r\\nb"], {type: "text/plain"}), 'q"ü.txt');
            return (await fetch(url, {method: "POST", body: form})).text();
        }""",
        f"{api}/upload",
    )
    [file] = json.loads(text)["files"]
    assert json.loads(text)["title"] == "Größe"
    assert file == {"name": 'q"ü.txt', "type": "text/plain", "text": "a\r\nb"}
