"""Conditional requests: what to answer a client that names the versions it knows."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yaat import HTTPException, Request, Response, Yaat
from yaat.asgi import Receive, Scope, Send
from yaat.conditional import ETag, InvalidETag, check_preconditions, evaluate, make_conditional, make_etag
from yaat.exceptions import ResponseError
from yaat.headers import Headers
from yaat.http_date import format_http_date
from yaat.responses import JSONResponse, StreamResponse, TextResponse

from .asgi_driver import ask, make_scope

PROPERTY = settings(deadline=None)
NOW = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OLD, NEW = format_http_date(NOW - SECOND), format_http_date(NOW + SECOND)
SAME = format_http_date(NOW)


def make_headers(fields: Mapping[str, str]) -> Headers:
    """Return the headers of a request."""
    return Headers([(name.encode(), value.encode("latin-1")) for name, value in fields.items()])


def make_request(method: str = "GET", **fields: str) -> Request[Any]:
    """Return a request; an underscore stands for the hyphen in the name of a header."""
    return Request(make_scope(method, "/", headers=[(name.replace("_", "-"), value) for name, value in fields.items()]))


# --- deciding ---


def test_request_without_conditions_is_carried_on() -> None:
    """A request that names no versions is answered as always."""
    assert evaluate("GET", make_headers({}), etag=ETag("a"), last_modified=NOW) is None


def test_timestamp_is_a_moment_too() -> None:
    """The moment of the last change may be a POSIX timestamp, as a file has it."""
    assert evaluate("GET", make_headers({"if-modified-since": SAME}), last_modified=NOW.timestamp()) == 304


def test_moment_without_time_zone_is_refused() -> None:
    """A moment without a time zone is refused, even when the request has no conditions."""
    with pytest.raises(ValueError, match="no time zone"):
        evaluate("GET", make_headers({}), last_modified=datetime(2026, 11, 6))


def judge_naively(  # noqa: C901  # the steps of the RFC, in one place as there
    method: str,
    fields: Mapping[str, str],
    etag: tuple[str, bool] | None,
    is_newer_than_old: bool | None,
    exists: bool,
) -> int | None:
    """Read RFC 9110 §13.2.2 step by step, for the few values that the property test uses.

    Args:
        etag: Value and whether it is weak.
        is_newer_than_old: Whether the last change was after `OLD`; it never was after `NEW`. `None`: nobody knows.
    """

    def names(text: str, *, strongly: bool) -> bool:
        if text == "*":
            return exists
        if not exists or etag is None or (strongly and etag[1]):
            return False
        members = [member.strip() for member in text.split(",")]
        return f'"{etag[0]}"' in members or (not strongly and f'W/"{etag[0]}"' in members)

    def is_after(text: str) -> bool | None:
        return {OLD: is_newer_than_old, NEW: None if is_newer_than_old is None else False}.get(text)

    if method == "OPTIONS":
        return None
    if "if-match" in fields:  # step 1
        if not names(fields["if-match"], strongly=True):
            return 412
    elif is_after(fields.get("if-unmodified-since", "")):  # step 2
        return 412
    if "if-none-match" in fields:  # step 3
        if names(fields["if-none-match"], strongly=False):
            return 304 if method in ("GET", "HEAD") else 412
    elif method in ("GET", "HEAD") and is_after(fields.get("if-modified-since", "")) is False:  # step 4
        return 304
    return None


LISTS = st.sampled_from(["*", '"a"', 'W/"a"', '"b"', 'W/"b", "a"', 'W/"a", W/"b"', "a", ""])
DATES = st.sampled_from([OLD, NEW, "yesterday", f"{OLD}, {OLD}"])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={"if-match": LISTS, "if-none-match": LISTS, "if-modified-since": DATES, "if-unmodified-since": DATES},
)


@PROPERTY
@given(
    st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "QUERY", "OPTIONS"]),
    CONDITIONS,
    st.none() | st.tuples(st.sampled_from(["a", "b"]), st.booleans()),
    st.none() | st.booleans(),
    st.booleans(),
)
@example("GET", {"if-none-match": '"b"', "if-modified-since": NEW}, ("a", False), True, True)
def test_decision_is_that_of_the_rfc(
    method: str, fields: dict[str, str], etag: tuple[str, bool] | None, is_newer_than_old: bool | None, exists: bool
) -> None:
    """Whatever the conditions, the decision is what the steps of RFC 9110 §13.2.2 lead to."""
    last_modified = {None: None, True: NOW, False: NOW - SECOND}[is_newer_than_old]
    decision = evaluate(
        method,
        make_headers(fields),
        etag=etag and ETag(*etag),
        last_modified=last_modified,
        exists=exists,
    )
    assert decision == judge_naively(method, fields, etag, is_newer_than_old, exists)


# --- before a change ---


def test_change_of_the_known_version_may_go_on() -> None:
    """A change goes on when the client names the version of now."""
    check_preconditions(make_request("PUT", if_match='"v1"'), etag="v1")


def test_change_of_another_version_is_refused() -> None:
    """A change of a version that is no longer there ends with 412, so nobody's work is lost."""
    with pytest.raises(HTTPException, match="412 A condition of the request does not hold"):
        check_preconditions(make_request("PUT", if_match='"v1"'), etag="v2")


def test_creation_of_what_is_there_is_refused() -> None:
    """If-None-Match: * lets a PUT create, not overwrite."""
    request = make_request("PUT", if_none_match="*")
    check_preconditions(request, exists=False)
    with pytest.raises(HTTPException):
        check_preconditions(request)


def test_change_after_a_moment_is_refused() -> None:
    """If-Unmodified-Since refuses a change of what was changed since."""
    with pytest.raises(HTTPException):
        check_preconditions(make_request("DELETE", if_unmodified_since=OLD), last_modified=NOW)


def test_known_version_does_not_stop_a_read() -> None:
    """A read that could end with 304 goes on here; ending it is `make_conditional`'s part."""
    check_preconditions(make_request("GET", if_none_match='"v1"'), etag="v1")


# --- a response ---


@pytest.mark.parametrize(
    ("etag", "field"),
    [("v1", '"v1"'), ('"v1"', '"v1"'), ('W/"v1"', 'W/"v1"'), (ETag("v1", is_weak=True), 'W/"v1"')],
)
def test_etag_is_set_with_quotes(etag: Any, field: str) -> None:
    """The ETag of a response is always sent in quotes, however it was given."""
    assert make_conditional(make_request(), Response(b"a"), etag=etag).headers["etag"] == field


def test_etag_is_made_from_the_content_when_asked() -> None:
    """`etag=True` makes a strong ETag from the content, of JSON too."""
    response = make_conditional(make_request(), JSONResponse({"a": 1}), etag=True)
    assert response.headers["etag"] == str(make_etag(b'{"a":1}'))


def test_last_modified_is_set() -> None:
    """The moment of the last change is sent as a date."""
    assert make_conditional(make_request(), Response(b"a"), last_modified=NOW).headers["last-modified"] == SAME


def test_future_is_no_time_of_a_change() -> None:
    """A last change in the future is sent as now (RFC 9110 §8.8.2.1)."""
    future = datetime.now(UTC) + timedelta(days=1)
    response = make_conditional(make_request(), Response(b"a"), last_modified=future)
    assert response.headers["last-modified"] != format_http_date(future)


@pytest.mark.parametrize("fields", [{"if_none_match": 'W/"v1"'}, {"if_none_match": "*"}, {"if_modified_since": SAME}])
def test_known_version_is_answered_without_content(fields: dict[str, str]) -> None:
    """A client that has the version already gets a 304."""
    assert make_conditional(make_request(**fields), Response(b"a"), etag="v1", last_modified=NOW).status_code == 304


@pytest.mark.parametrize("fields", [{}, {"if_none_match": '"v0"'}, {"if_modified_since": OLD}])
def test_other_version_is_sent(fields: dict[str, str]) -> None:
    """A client that has another version, or none, gets the content."""
    response = make_conditional(make_request(**fields), Response(b"a"), etag="v1", last_modified=NOW)
    assert (response.status_code, response.body) == (200, b"a")


def test_validators_of_the_response_itself_count() -> None:
    """A response that has its validators already needs no others."""
    response = Response(b"a", headers={"etag": '"v1"', "last-modified": SAME})
    assert make_conditional(make_request(if_none_match='"v1"'), response).status_code == 304


def test_etag_without_quotes_in_the_response_is_told() -> None:
    """An ETag header that somebody set without quotes is a mistake, and is told."""
    with pytest.raises(InvalidETag, match="v1"):
        make_conditional(make_request(), Response(b"a", headers={"etag": "v1"}))


def test_condition_that_does_not_hold_is_refused() -> None:
    """A GET of a version that is no longer there ends with 412, in the app's own form of errors."""
    with pytest.raises(HTTPException) as raised:
        make_conditional(make_request(if_match='"v0"'), Response(b"a"), etag="v1")
    assert raised.value.status_code == 412


def test_304_keeps_what_is_not_about_the_content() -> None:
    """A 304 keeps cookies, caching and Vary, and drops what describes the content it does not have."""
    response = TextResponse(
        "a",
        headers={
            "cache-control": "max-age=1",
            "content-encoding": "gzip",
            "content-language": "en",
            "content-location": "/a",
            "content-security-policy": "default-src 'self'",
            "vary": "accept",
        },
    )
    response.set_cookie("a", "b")
    make_conditional(make_request(if_none_match="*"), response, etag="v1", last_modified=NOW)
    assert sorted(response.headers) == [
        "cache-control",
        "content-location",
        "content-security-policy",
        "etag",
        "set-cookie",
        "vary",
    ]


def test_304_without_etag_keeps_last_modified() -> None:
    """Last-Modified stays where there is no ETag, for it is all that the cache can go by."""
    response = make_conditional(make_request(if_modified_since=SAME), Response(b"a"), last_modified=NOW)
    assert dict(response.headers) == {"last-modified": SAME}


@pytest.mark.parametrize("status_code", [300, 304, 404, 412, 500])
def test_response_that_is_no_success_stays_as_it_is(status_code: int) -> None:
    """Conditions are about the content of a success; an error is sent whatever the client knows."""
    response = make_conditional(make_request(if_none_match="*"), Response(b"a", status_code), etag="v1")
    assert (response.status_code, dict(response.headers)) == (status_code, {})


@pytest.mark.parametrize("fields", [{"if_match": '"v0"'}, {"if_none_match": '"v1"'}])
def test_response_to_a_change_gets_its_validators_and_no_more(fields: dict[str, str]) -> None:
    """What a PUT has done cannot be refused any more, so its response only says which version there is now."""
    response = make_conditional(make_request("PUT", **fields), Response(b"a"), etag="v1")
    assert (response.status_code, response.headers["etag"]) == (200, '"v1"')


class Unwanted:
    """A stream that must not run."""

    is_closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise AssertionError("The stream is run.")

    async def aclose(self) -> None:
        """Note that nobody wants it any more."""
        self.is_closed = True


def test_stream_has_no_content_to_make_an_etag_from() -> None:
    """An ETag cannot be made from a stream, and the message says what to do instead."""
    with pytest.raises(ResponseError, match="StreamResponse, which is not known before it is sent. Name one"):
        make_conditional(make_request(), StreamResponse(Unwanted()), etag=True)


# --- in an app ---


def test_stream_that_the_client_has_is_not_run() -> None:
    """A stream is answered with 304 too, and is closed without being run."""
    app = Yaat(autoload=False)
    stream = Unwanted()

    @app.get("/")
    async def export(request: Request[Any]) -> Response:
        return make_conditional(request, StreamResponse(stream, headers={"content-length": "5"}), etag="v1")

    answer = ask(app, "GET", "/", headers=[("if-none-match", '"v1"')])
    assert (answer.status, answer.headers, answer.body) == (304, [("etag", '"v1"')], b"")
    assert stream.is_closed


class Conditional:
    """Middleware that makes every response conditional."""

    def process_response(self, request: Request[Any], response: Response) -> Response:
        """Add an ETag made from the content."""
        return make_conditional(request, response, etag=True)


@pytest.mark.parametrize(
    ("field", "status"), [(("if-none-match", "*"), 304), (("if-none-match", '"v0"'), 200), (("if-match", '"v0"'), 412)]
)
def test_every_response_of_an_app_can_be_conditional(field: tuple[str, str], status: Literal[200, 304, 412]) -> None:
    """Middleware makes the responses of all handlers conditional, values that became JSON included."""
    app = Yaat(autoload=False, middleware=[Conditional])

    @app.get("/")
    async def show() -> dict[str, int]:
        return {"a": 1}

    answer = ask(app, "GET", "/", headers=[field])
    assert answer.status == status
    assert (answer.body == b"") is (status == 304)


class ByHeader:
    """Middleware that heeds the validators that responses have already."""

    def process_response(self, request: Request[Any], response: Response) -> Response:
        """Leave out what the client has."""
        return make_conditional(request, response)


async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer, as an ASGI app that knows nothing of conditions."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"v1"'), (b"content-length", b"1")]}
    )
    await send({"type": "http.response.body", "body": b"a"})


@pytest.mark.parametrize(("etag", "status", "body"), [('"v1"', 304, b""), ('"v0"', 200, b"a")])
def test_response_of_a_mounted_app_can_be_conditional(etag: str, status: int, body: bytes) -> None:
    """Middleware makes the responses of a mounted ASGI app conditional; the content of a 304 is held back."""
    app = Yaat(autoload=False, middleware=[ByHeader])
    app.mount("/foreign", foreign)
    answer = ask(app, "GET", "/foreign", headers=[("if-none-match", etag)])
    assert (answer.status, answer.body, answer["etag"]) == (status, body, '"v1"')
