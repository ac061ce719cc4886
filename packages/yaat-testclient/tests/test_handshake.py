"""What all WebSocket sessions share."""

from typing import Any

import pytest

from yaat_testclient import WebSocketDenied
from yaat_testclient.handshake import check_bytes, check_text, format_json


async def accept(scope: Any, receive: Any, send: Any) -> None:
    """Accept, and choose the last subprotocol that is offered."""
    await receive()
    chosen = scope["subprotocols"][-1] if scope["subprotocols"] else None
    headers = [(b"x-path", scope["path"].encode()), (b"set-cookie", b"seen=1")]
    await send({"type": "websocket.accept", "subprotocol": chosen, "headers": headers})
    await receive()


class Recorder:
    """An app that keeps the scope it is called with."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Accept."""
        self.scope = scope
        await accept(scope, receive, send)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the handshake."""
        return {name.decode(): value.decode() for name, value in self.scope["headers"]}


def test_a_handshake_has_the_headers_of_one(http: Any) -> None:
    """An app that looks for them finds them (RFC 6455 §4.1)."""
    app = Recorder()
    with http.TestClient(app).websocket_connect("/ws", subprotocols=["soap", "chat"]):
        pass
    assert app.headers["connection"] == "upgrade"
    assert app.headers["upgrade"] == "websocket"
    assert app.headers["sec-websocket-version"] == "13"
    assert app.headers["sec-websocket-key"] == "dGhlIHNhbXBsZSBub25jZQ=="
    assert app.headers["sec-websocket-protocol"] == "soap, chat"
    assert app.scope["subprotocols"] == ["soap", "chat"]


def test_a_handshake_is_a_request_of_the_client(http: Any) -> None:
    """Headers, cookies and authentication of the client go with it, and those given for it."""
    app = Recorder()
    client = http.TestClient(
        app, base_url="https://shop.test/v1", headers={"x-a": "1"}, cookies={"c": "2"}, auth=("me", "pw")
    )
    with client.websocket_connect("/ws", params={"room": "7"}, headers={"x-b": "3"}):
        pass
    assert (app.scope["scheme"], app.scope["path"], app.scope["query_string"]) == ("wss", "/v1/ws", b"room=7")
    assert (app.headers["host"], app.headers["x-a"], app.headers["x-b"]) == ("shop.test", "1", "3")
    assert (app.headers["cookie"], app.headers["authorization"]) == ("c=2", "Basic bWU6cHc=")


@pytest.mark.parametrize(
    ("url", "scheme"), [("ws://a.test/ws", "ws"), ("wss://a.test/ws", "wss"), ("https://a.test/ws", "wss")]
)
def test_a_url_may_have_the_scheme_of_a_websocket(http: Any, url: str, scheme: str) -> None:
    """Or that of the request that it begins with."""
    app = Recorder()
    with http.TestClient(app).websocket_connect(url):
        pass
    assert (app.scope["scheme"], app.headers["host"]) == (scheme, "a.test")


def test_what_the_app_answers_can_be_read(http: Any) -> None:
    """The subprotocol, the headers, and the cookies for later requests."""
    client = http.TestClient(accept)
    with client.websocket_connect("/ws", subprotocols=["soap", "chat"]) as websocket:
        assert websocket.accepted_subprotocol == "chat"
        assert websocket.accept_headers["x-path"] == "/ws"
        assert websocket.response.status_code == 101
    assert client.cookies["seen"] == "1"


def test_subprotocols_are_a_list(http: Any) -> None:
    """A text would be taken apart into letters."""
    with pytest.raises(TypeError, match=r"subprotocols must be a list, like \['chat'\]"):
        http.TestClient(accept).websocket_connect("/ws", subprotocols="chat")


async def close(scope: Any, receive: Any, send: Any) -> None:
    """Refuse by closing."""
    await receive()
    await send({"type": "websocket.close", "code": 4001, "reason": "no token"})


async def deny(scope: Any, receive: Any, send: Any) -> None:
    """Refuse with a response."""
    await receive()
    headers = [(b"www-authenticate", b"Basic")]
    await send({"type": "websocket.http.response.start", "status": 401, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b"who "})
    # The extension knows no more_body here, so this is the end.


def test_a_close_before_the_accept_is_a_denial(http: Any) -> None:
    """The client sees a 403; code and reason are for the test."""
    with pytest.raises(WebSocketDenied) as caught:
        http.TestClient(close).websocket_connect("/ws").__enter__()
    denied = caught.value
    assert (denied.response.status_code, denied.code, denied.reason) == (403, 4001, "no token")


def test_a_denial_has_its_response(http: Any) -> None:
    """With status, headers and body."""
    with pytest.raises(WebSocketDenied) as caught:
        http.TestClient(deny).websocket_connect("/ws").__enter__()
    response = caught.value.response
    assert (response.status_code, response.headers["www-authenticate"], response.text) == (401, "Basic", "who ")
    assert caught.value.code is None


def test_a_websocket_must_be_entered(http: Any) -> None:
    """It says how."""
    websocket = http.TestClient(accept).websocket_connect("/ws")
    with pytest.raises(RuntimeError, match=r"Enter it: with client\.websocket_connect"):
        websocket.send_text("a")
    with pytest.raises(RuntimeError, match="The WebSocket /ws is not connected"):
        _ = websocket.accept_headers


def test_a_websocket_is_entered_once(http: Any) -> None:
    """Another connection is another object."""
    websocket = http.TestClient(accept).websocket_connect("/ws")
    with websocket:
        pass
    with pytest.raises(RuntimeError, match="was connected already"):
        websocket.__enter__()


def test_a_closed_websocket_cannot_be_used(http: Any) -> None:
    """It says that the test has closed it."""
    with http.TestClient(accept).websocket_connect("/ws") as websocket:
        websocket.close()
        with pytest.raises(RuntimeError, match="was closed by the test"):
            websocket.receive()


def test_data_of_the_wrong_kind_is_refused() -> None:
    """In both directions, with what would be right."""
    assert (check_text("a"), check_bytes(b"a")) == ("a", b"a")
    with pytest.raises(TypeError, match="b'a' is no text"):
        check_text(b"a")
    with pytest.raises(TypeError, match="'a' is no bytes"):
        check_bytes("a")


def test_json_is_compact() -> None:
    """As it would travel."""
    assert format_json({"a": [1, "é"]}) == '{"a":[1,"é"]}'
