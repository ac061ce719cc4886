"""ASGI HTTP & WebSocket message format 2.5, "HTTP"."""

from typing import Any

import pytest

from yaat_testclient import ASGIViolation

START = {"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}
MORE = {"type": "http.response.body", "body": b"a", "more_body": True}
LAST = {"type": "http.response.body", "body": b"b"}
REQUEST = {"type": "http.request", "body": b"", "more_body": False}
OFFERED: dict[str, Any] = {
    name: {}
    for name in (
        "http.response.trailers",
        "http.response.push",
        "http.response.zerocopysend",
        "http.response.pathsend",
        "http.response.early_hint",
        "http.response.debug",
    )
}


@pytest.mark.parametrize(
    "messages",
    [
        [("<", REQUEST), (">", START), (">", LAST)],
        [(">", START), (">", "http.response.body")],
        [(">", START), (">", MORE), (">", MORE), (">", LAST), ("<", "http.disconnect")],
        [("<", {**REQUEST, "more_body": True}), ("<", REQUEST), (">", START), (">", LAST)],
        [(">", START), ("<", "http.disconnect"), (">", MORE)],
        [("<", "http.disconnect"), ("<", "http.disconnect")],
    ],
    ids=["whole", "empty", "streamed", "upload", "left in the middle", "left"],
)
def test_a_right_exchange_passes(play: Any, messages: list[Any]) -> None:
    """Start, then body until one has no more_body; the request at any time."""
    play("http", *messages, returns=True)


@pytest.mark.parametrize(
    ("messages", "what"),
    [
        ([(">", LAST)], "'http.response.body' out of turn: no response has been started"),
        ([(">", START), (">", START)], "out of turn: the response has been started"),
        ([(">", START), (">", LAST), (">", LAST)], "out of turn: the response is complete"),
        ([(">", START), (">", LAST), (">", START)], "out of turn: the response is complete"),
        ([("<", REQUEST), ("<", REQUEST)], "out of turn: the request body has been given whole"),
        ([("<", "http.disconnect"), ("<", REQUEST)], "out of turn: the client has left"),
        ([(">", "websocket.accept")], "which is no message of this connection"),
        ([(">", "http.request")], "which is no message of this connection"),
        ([("<", START)], "which is no message of this connection"),
        ([(">", {"status": 200})], "which is no message of this connection"),
        ([(">", b"http.response.start")], "which is no message of this connection"),
    ],
    ids=str,
)
def test_a_message_out_of_turn_is_a_violation(play: Any, messages: list[Any], what: str) -> None:
    """An invalid event should raise out of `send` (ASGI, "Error Handling")."""
    with pytest.raises(ASGIViolation, match=what):
        play("http", *messages)


@pytest.mark.parametrize(
    ("messages", "what"),
    [
        ([], "returned too early: no response has been started"),
        ([(">", START)], "returned too early: the response has been started"),
        ([(">", START), (">", MORE)], "returned too early: the response has been started"),
    ],
    ids=["nothing", "start only", "more announced"],
)
def test_an_app_must_complete_its_response(play: Any, messages: list[Any], what: str) -> None:
    """A start "needs to be followed by at least one response content message"."""
    with pytest.raises(ASGIViolation, match=what):
        play("http", *messages, returns=True)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "200"),
        ("status", 103),
        ("headers", [("x-a", "1")]),
        ("headers", [(b"X-A", b"1")]),
        ("headers", [(b"x-a", b"1\r\n")]),
        ("trailers", "yes"),
    ],
)
def test_a_malformed_start_is_a_violation(play: Any, key: str, value: Any) -> None:
    """Status is an int, header names are lower-case bytes ("Response Start")."""
    with pytest.raises(ASGIViolation, match=f"malformed 'http.response.start': its '{key}' "):
        play("http", (">", {**START, key: value}))


@pytest.mark.parametrize(("key", "value"), [("body", "text"), ("body", None), ("more_body", 1)])
def test_a_malformed_body_is_a_violation(play: Any, key: str, value: Any) -> None:
    """Body is bytes, more_body a bool ("Response Body")."""
    with pytest.raises(ASGIViolation, match=f"malformed 'http.response.body': its '{key}' "):
        play("http", (">", START), (">", {**LAST, key: value}))


def test_a_malformed_request_is_the_mistake_of_who_gave_it(play: Any) -> None:
    """Middleware in front of an app is held to the specification too ("Request")."""
    with pytest.raises(ASGIViolation, match="The app was given a malformed 'http.request'"):
        play("http", ("<", {**REQUEST, "body": "text"}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("method", "get"),
        ("path", b"/x"),
        ("query_string", "a=1"),
        ("http_version", 1.1),
        ("asgi", "3.0"),
        ("scheme", ""),
        ("client", "127.0.0.1:80"),
        ("server", ["localhost", "80"]),
        ("raw_path", "/x"),
        ("state", []),
        ("extensions", []),
    ],
)
def test_a_malformed_scope_is_a_violation(play: Any, key: str, value: Any) -> None:
    """Each key of the scope has its type ("HTTP Connection Scope")."""
    with pytest.raises(ASGIViolation, match=f"The scope is malformed: its '{key}' is "):
        play("http", **{key: value})


@pytest.mark.parametrize(
    ("status", "length", "body", "what"),
    [
        (200, b"1", b"ab", "2 bytes were sent, and Content-Length says 1"),
        (200, b"3", b"ab", "the body ended after 2 bytes, and Content-Length says 3"),
        (200, b"two", b"ab", "its Content-Length is b'two', which is no number"),
        (204, b"0", b"", "a Content-Length, which a 204 must not have"),
        (304, b"2", b"ab", "a body of 2 bytes was sent, and a 304 has none"),
    ],
)
def test_content_length_must_be_true(play: Any, status: int, length: bytes, body: bytes, what: str) -> None:
    """A server that frames by Content-Length would break the connection (RFC 9110 §8.6)."""
    start = {**START, "status": status, "headers": [(b"content-length", length)]}
    with pytest.raises(ASGIViolation, match=what):
        play("http", (">", start), (">", {**LAST, "body": body}))


def test_content_length_of_head_needs_no_body(play: Any) -> None:
    """A response to HEAD has the fields of the GET and no content (RFC 9110 §9.3.2)."""
    start = {**START, "headers": [(b"content-length", b"3")]}
    play("http", (">", start), (">", "http.response.body"), returns=True, method="HEAD")


@pytest.mark.parametrize("last", ["http.response.pathsend", "http.response.zerocopysend"])
def test_content_from_a_file_is_not_counted(play: Any, last: str) -> None:
    """The size of a file that the server is to send is not known ("Zero Copy Send")."""
    start = {**START, "headers": [(b"content-length", b"3")]}
    message = {"type": last, "path": "/srv/file", "file": object()}
    play("http", (">", start), (">", message), returns=True, extensions=OFFERED)


def test_a_file_may_be_mixed_with_content(play: Any) -> None:
    """Zero-copy messages and body messages make one response ("Zero Copy Send")."""
    part = {"type": "http.response.zerocopysend", "file": object(), "count": 3, "more_body": True}
    play("http", (">", START), (">", MORE), (">", part), (">", LAST), returns=True, extensions=OFFERED)


def test_trailers_that_were_announced_are_due(play: Any) -> None:
    """After the last body message comes the one with the trailers ("HTTP Trailers")."""
    start = {**START, "trailers": True}
    with pytest.raises(ASGIViolation, match="the trailers announced by the start are due"):
        play("http", (">", start), (">", LAST), returns=True, extensions=OFFERED)


def test_trailers_may_come_in_parts(play: Any) -> None:
    """The last part has no more_trailers ("HTTP Trailers")."""
    start = {**START, "trailers": True}
    part = {"type": "http.response.trailers", "headers": [(b"x-sum", b"1")], "more_trailers": True}
    end = {**part, "more_trailers": False}
    messages = [(">", start), (">", MORE), (">", LAST), (">", part), (">", end)]
    play("http", *messages, returns=True, extensions=OFFERED)


def test_trailers_that_were_not_announced_are_a_violation(play: Any) -> None:
    """The server waits for trailers only if the start says so ("HTTP Trailers")."""
    trailers = {"type": "http.response.trailers", "headers": []}
    with pytest.raises(ASGIViolation, match="out of turn: the response is complete"):
        play("http", (">", START), (">", LAST), (">", trailers), extensions=OFFERED)


@pytest.mark.parametrize("before", [[], [(">", START)]], ids=["before the start", "after the start"])
def test_early_hints_come_before_the_end(play: Any, before: list[Any]) -> None:
    """They are links, as bytes ("Early Hints")."""
    hint = {"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]}
    rest = [(">", START), (">", LAST)][len(before) :]
    play("http", *before, (">", hint), *rest, returns=True, extensions=OFFERED)


def test_a_push_comes_before_the_end(play: Any) -> None:
    """A push promise belongs to a response that is not complete ("HTTP/2 Server Push")."""
    push = {"type": "http.response.push", "path": "/a.css", "headers": []}
    play("http", (">", START), (">", push), (">", LAST), returns=True, extensions=OFFERED)


def test_debug_information_comes_before_the_start(play: Any) -> None:
    """It is for test clients only ("Debug")."""
    debug = {"type": "http.response.debug", "info": {"template": "a.html"}}
    play("http", (">", debug), (">", START), (">", LAST), returns=True, extensions=OFFERED)


@pytest.mark.parametrize("name", OFFERED)
def test_an_extension_must_have_been_offered(play: Any, name: str) -> None:
    """A server that has not offered an extension does not know its messages ("Extensions")."""
    message = {"type": name, "headers": [], "path": "/", "file": 1, "links": [], "info": {}}
    with pytest.raises(ASGIViolation, match=f"needs the extension '{name}'"):
        play("http", (">", message))


def test_trailers_must_have_been_offered_before_they_are_announced(play: Any) -> None:
    """A server without the extension would not wait for them ("HTTP Trailers")."""
    with pytest.raises(ASGIViolation, match=r"needs the extension 'http\.response\.trailers'"):
        play("http", (">", {**START, "trailers": True}))
