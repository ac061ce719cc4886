"""The referee: it finds what an app may not send."""

from typing import Any

import pytest

from .asgi_driver import make_scope
from .referee import Referee


def start(*headers: tuple[bytes, bytes], status: Any = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: Any = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more}


LENGTH = (b"content-length", b"2")


@pytest.mark.parametrize(
    ("method", "messages"),
    [
        ("GET", [start(), body(b"a", more=True), body()]),
        ("GET", [{"type": "http.response.early_hint", "links": []}, start(LENGTH), body(b"ab")]),
        ("GET", [start((b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")), body()]),
        ("GET", [start(LENGTH, status=304), body()]),
        ("HEAD", [start(LENGTH), body()]),
    ],
)
def test_well_formed_responses_pass(method: str, messages: list[Any]) -> None:
    """What ASGI and HTTP allow is no foul."""
    referee = Referee(make_scope(method, "/"))
    for message in messages:
        referee.see(message)
    referee.conclude()


@pytest.mark.parametrize(
    ("method", "messages", "foul"),
    [
        ("GET", [body()], "when the connection was new"),
        ("GET", [start(), start()], "when the connection was started"),
        ("GET", [start(), body(), body()], "when the connection was done"),
        ("GET", [start()], "returned when the connection was started"),
        ("GET", [], "returned when the connection was new"),
        ("GET", [start(status=100), body()], "the status 100"),
        ("GET", [start(status="200"), body()], "the status '200'"),
        ("GET", [start((b"X-Upper", b"1")), body()], "the headers .*b'X-Upper'"),
        ("GET", [start((b"x", b"a\r\nb: c")), body()], "the headers .*b'x'"),
        ("GET", [start((b"x", b" padded ")), body()], "the headers .*b'x'"),
        ("GET", [start((b"x", "text")), body()], "the headers .*b'x'"),  # type: ignore[arg-type]  # the foul
        ("GET", [start(None), body()], r"the headers \[None\]"),  # type: ignore[arg-type]  # the foul
        ("GET", [start(LENGTH, LENGTH), body(b"ab")], "the headers"),
        ("GET", [start((b"transfer-encoding", b"chunked")), body()], "the headers"),
        ("GET", [start(LENGTH), body(b"abc")], "sent 3 bytes and the Content-Length 2"),
        ("GET", [start(LENGTH), body(b"a", more=True), body()], "sent 1 bytes and the Content-Length 2"),
        ("GET", [start(LENGTH, status=204), body()], "a Content-Length with a 204"),
        ("GET", [start(status=304), body(b"a")], "sent content with GET and 304"),
        ("HEAD", [start(LENGTH), body(b"ab")], "sent content with HEAD and 200"),
        ("GET", [start(), body("text")], "sent the body 'text'"),
    ],
)
def test_malformed_responses_are_fouls(method: str, messages: list[Any], foul: str) -> None:
    """Order, types, header bytes and lengths are held against the specification."""
    referee = Referee(make_scope(method, "/"))
    for message in messages:
        referee.see(message)
    with pytest.raises(AssertionError, match=foul):
        referee.conclude()


def test_a_broken_exchange_need_not_be_complete() -> None:
    """A client that left, or an app that raised, excuses the end of the response."""
    referee = Referee(make_scope("GET", "/"))
    referee.see(start())
    referee.conclude(is_complete=False)


def test_the_lifespan_has_its_turns() -> None:
    """The start-up is answered once, and before the shutdown."""
    referee = Referee({"type": "lifespan"})
    referee.see({"type": "lifespan.shutdown.complete"})
    with pytest.raises(AssertionError, match=r"lifespan: the app sent lifespan\.shutdown\.complete"):
        referee.conclude(is_complete=False)


def test_other_protocols_are_not_its_business() -> None:
    """Connections of a type that it does not know pass."""
    referee = Referee({"type": "echo"})
    referee.see({"type": "echo.close"})
    referee.conclude()
