"""What a test may catch."""

import httpx

from yaat_testclient import ASGIViolation, ClientDisconnected, WebSocketDenied, WebSocketDisconnect

RESPONSE = httpx.Response(401, request=httpx.Request("GET", "http://testserver/ws"))


def test_a_violation_says_what_where_and_how() -> None:
    """The three stand in this order, and apart."""
    violation = ASGIViolation("It is wrong.", where="on GET /x", fix="Mend it.")
    assert str(violation) == "It is wrong.\n  on GET /x\nMend it."
    assert (violation.what, violation.where, violation.fix) == ("It is wrong.", "on GET /x", "Mend it.")


def test_a_client_that_has_left_is_an_os_error() -> None:
    """So the specification wants it, and so frameworks look for it (ASGI HTTP 2.4)."""
    assert issubclass(ClientDisconnected, OSError)


def test_a_denial_says_with_what_response() -> None:
    """An app may refuse with a response of its own."""
    denied = WebSocketDenied(RESPONSE, code=None, reason="")
    assert str(denied) == "The app refused the WebSocket /ws with status 401, with a response of its own."


def test_a_denial_says_with_what_code() -> None:
    """An app that closes before accepting has a code and a reason."""
    denied = WebSocketDenied(RESPONSE, code=4001, reason="no token")
    assert str(denied).endswith("with status 401, by closing, 4001 'no token'.")


def test_a_disconnect_says_code_and_reason() -> None:
    """Both are attributes too."""
    disconnect = WebSocketDisconnect(1001, "going home")
    assert str(disconnect) == "The app closed the WebSocket with code 1001 and reason 'going home'."
    assert (disconnect.code, disconnect.reason) == (1001, "going home")
