"""What only folders of pages need."""

from types import SimpleNamespace

import pytest

from yaat_staticfiles.pages import SlashAdder, add_slash, wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/static/docs", b"", "./docs/"),
        ("/static/docs", b"a=1&b=2", "./docs/?a=1&b=2"),
        ("/static/a b", b"", "./a%20b/"),
        ("/static/javascript:x", b"", "./javascript:x/"),
        ("/evil.com\r\nX: y", b"", "./evil.com%0D%0AX:%20y/"),
        ("//evil.com", b"", "./evil.com/"),
        ("/\ud800", b"", "./%EF%BF%BD/"),
    ],
)
def test_a_redirect_stays_below_the_path(path: str, query: bytes, location: str) -> None:
    """It is relative, so it can lead to no other host and knows nothing of what stands before the path."""
    response = add_slash(SimpleNamespace(scope={"path": path, "query_string": query}))
    assert response.status_code == 307
    assert response.headers["location"] == location


@pytest.mark.parametrize(
    ("raw", "location"),
    [
        (b"/static/a%2Fb", "./a%2Fb/"),
        (b"/static/a%2Fb?x=1", "./a%2Fb/"),
        (b"/other/a%2Fb", "./b/"),
        (None, "./b/"),
    ],
)
def test_what_the_client_has_encoded_stays_encoded(raw: bytes | None, location: str) -> None:
    """A slash in a name leads back as it came, where the path as it was written is that of the request."""
    response = add_slash(SimpleNamespace(scope={"path": "/static/a/b", "raw_path": raw}))
    assert response.headers["location"] == location


@pytest.mark.parametrize(
    ("method", "route", "is_redirect"),
    [("GET", None, True), ("HEAD", None, True), ("POST", None, False), ("GET", "route", False)],
)
def test_only_the_prefix_itself_is_redirected(method: str, route: str | None, *, is_redirect: bool) -> None:
    """A request that has a route is for a file, and one that changes something is not redirected."""
    scope = {"path": "/docs", "query_string": b""}
    answer = SlashAdder().process_request(SimpleNamespace(method=method, route=route, scope=scope))
    assert (answer is not None) == is_redirect


@pytest.mark.parametrize(
    ("accept", "path", "is_wanted"),
    [
        (BROWSER, "users/7", True),
        (BROWSER, "users/john.doe", True),
        (None, "users/7", True),
        ("*/*", "users/7", True),
        ("*/*", "assets/app.js", False),
        (None, "assets/app.js", False),
        ("application/json", "users/7", False),
        ("text/css,*/*;q=0.1", "app.css", False),
        ("image/png", "users/7", False),
        ("text/html;q=0, application/json", "users/7", False),
    ],
)
def test_browsers_that_go_to_a_page_want_one(accept: str | None, path: str, *, is_wanted: bool) -> None:
    """What a page loads, and what programs ask for, is no page: a missing script is a 404, not HTML."""
    assert wants_page(accept, path) == is_wanted
