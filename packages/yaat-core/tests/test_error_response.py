"""The plain error response: in the form that the client prefers, with nothing in it that could be misused."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import HTTPException, Request, Yaat
from yaat.error_response import OFFERS, choose_kind, make_error_response
from yaat.exceptions import BadRequest, NotFound

from .asgi_driver import Answer, ask, make_scope

PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def get(error: Exception | None, *accept: str, path: str = "/") -> Answer:
    app = Yaat(autoload=False)

    @app.get("/")
    async def fail(request: Request) -> None:
        if error is not None:
            raise error

    return ask(app, "GET", path, headers=[("host", "example"), *(("accept", value) for value in accept)])


# --- which form ---


@pytest.mark.parametrize("error", [NotFound(), BadRequest("More to say."), ValueError()], ids=["bare", "detail", "500"])
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ([], PROBLEM),
        (["*/*"], PROBLEM),
        (["application/*"], PROBLEM),
        (["application/problem+json"], PROBLEM),
        (["application/json"], PROBLEM),
        (["application/json, text/html;q=0.9"], PROBLEM),
        (["image/png"], PROBLEM),
        (["text/html;q=0, */*"], PROBLEM),
        (["not a media type"], PROBLEM),
        ([""], PROBLEM),
        ([BROWSER], HTML),
        (["text/html"], HTML),
        (["text/html;q=0.5, application/json;q=0.4"], HTML),
        (["text/*"], HTML),
        (["image/png", "text/html"], HTML),
        (["text/plain, text/html;q=0.5"], TEXT),
        (["TEXT/PLAIN"], TEXT),
    ],
)
def test_the_form_is_what_the_client_prefers(error: Exception, accept: list[str], media_type: str) -> None:
    """Browsers get a page, programs a problem document (RFC 9457), and who asks for it text (RFC 9110 §12.5.1)."""
    assert get(error, *accept)["content-type"] == media_type


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_every_error_is_negotiated(path: str) -> None:
    """Whether a handler raised it or nothing was found."""
    assert get(NotFound(), "text/html", path=path)["content-type"] == HTML


@pytest.mark.parametrize("error", [NotFound(), BadRequest("More to say.")], ids=["bare", "detail"])
@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_caches_learn_that_the_form_is_a_choice(error: Exception, path: str) -> None:
    """A cache may keep a 404; it must not give a browser what it has kept for a program (RFC 9110 §12.5.5, §15.1)."""
    assert "accept" in dict(get(error, "text/html", path=path).headers).get("vary", "").lower()


def test_a_long_accept_field_is_not_remembered() -> None:
    """What clients prefer is remembered for short fields alone, so nobody can fill the memory with it."""
    kept = choose_kind.__globals__["_choose_kind"].cache_info()
    accept = b"text/html, " + b"a/b, " * 200
    assert choose_kind(accept) == "text/html"
    assert get(NotFound(), accept.decode())["content-type"] == HTML
    assert choose_kind.__globals__["_choose_kind"].cache_info().currsize == kept.currsize


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=600))
def test_any_accept_field_will_do(accept: str) -> None:
    """Whatever the field says, it leads to one of the forms, or to none and with that to the first."""
    assert choose_kind(accept.encode("latin-1")) in (*OFFERS, None)


# --- what is in it ---


def test_a_problem_document_says_what_there_is_to_say() -> None:
    """Type, title and status always, the detail and other members where there are any (RFC 9457 §3)."""
    bare = {"type": "about:blank", "title": "Not Found", "status": 404}
    assert json.loads(get(NotFound()).body) == bare
    assert json.loads(get(NotFound("No such book.")).body) == {**bare, "detail": "No such book."}
    error = HTTPException(404, "Gone.", type="/problems/gone", since=[1999])
    assert json.loads(get(error).body) == {**bare, "detail": "Gone.", "type": "/problems/gone", "since": [1999]}


def test_members_alone_are_enough() -> None:
    """An error without a detail may have members."""
    assert json.loads(get(NotFound(id=5)).body)["id"] == 5
    assert b"detail" not in get(NotFound(id=5)).body


def test_text_is_a_line_or_two() -> None:
    """The status with its phrase, and the detail below it."""
    assert get(NotFound(), "text/plain").text == "404 Not Found\n"
    assert get(NotFound("No such book."), "text/plain").text == "404 Not Found\nNo such book.\n"


def test_a_page_says_the_same() -> None:
    """The page has title, status and detail."""
    text = get(NotFound("No such book."), "text/html").text
    assert "<title>404 Not Found</title>" in text
    assert "<p>No such book.</p>" in text


def test_a_page_is_escaped() -> None:
    """What a detail may have from a client cannot become markup."""
    text = get(BadRequest("<script>alert('1')</script> & \"x\""), "text/html").text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;x&quot;" in text


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain"])
def test_an_unexpected_error_tells_nothing(accept: str) -> None:
    """Of an error that nobody expected, the client learns the status."""
    answer = get(ValueError("the password is 12345"), accept)
    assert (answer.status, "12345" in answer.text, "ValueError" in answer.text) == (500, False, False)


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain"])
@pytest.mark.parametrize("detail", [None, "More."])
def test_headers_of_the_error_are_sent(accept: str, detail: str | None) -> None:
    """Such as `Retry-After` and `WWW-Authenticate`; they may change the type too."""
    error = HTTPException(503, detail, {"Retry-After": "120", "Content-Type": "application/x-own"})
    answer = get(error, accept)
    assert (answer["retry-after"], answer["content-type"]) == ("120", "application/x-own")


def test_headers_of_one_error_are_not_on_the_next() -> None:
    """Errors that are rendered once are sent with headers of their own each time."""
    get(HTTPException(404, headers={"x": "1"}))
    assert "x" not in dict(get(NotFound()).headers)


@pytest.mark.parametrize("status", [418, 450, 599])
def test_a_status_without_a_phrase_will_do(status: int) -> None:
    """Any status may be raised."""
    assert get(HTTPException(status), "text/plain").text.startswith(str(status))


@pytest.mark.parametrize("detail", ["", "Not Found"])
def test_a_detail_that_says_nothing_new_is_left_out(detail: str) -> None:
    """The phrase of the status need not be said twice."""
    request = Request(make_scope("GET", "/"))
    assert "detail" not in json.loads(make_error_response(request, 404, detail).body)
    extensions: dict[str, Any] = {"id": 1}
    assert "detail" not in json.loads(make_error_response(request, 404, detail, extensions=extensions).body)


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain"])
@pytest.mark.parametrize("detail", ["no file a\udcff.txt", {"field": "name"}, 7])
def test_any_detail_can_be_told(detail: Any, accept: str) -> None:
    """Half a character, as the name of a file may hold, and what is no text at all, are told in every form."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def show() -> None:
        raise HTTPException(404, detail)

    answer = ask(app, "GET", "/", headers=[("accept", accept)])
    assert answer.status == 404
    assert answer.text.count("?" if isinstance(detail, str) else "7" if detail == 7 else "name") == 1
