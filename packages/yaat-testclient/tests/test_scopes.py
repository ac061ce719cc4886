"""How a request becomes a scope."""

from typing import Any

import httpx
import pytest

from yaat_testclient import Referee
from yaat_testclient.scopes import make_http_scope, make_lifespan_scope, make_websocket_scope


def facts(**changes: Any) -> dict[str, Any]:
    """What a scope says beside the request."""
    return {"client": ("testclient", 50000), "root_path": "", "state": {}, **changes}


def test_a_request_becomes_a_scope() -> None:
    """Everything a server tells an app is there."""
    request = httpx.Request(
        "get", "http://shop.test:81/caf%C3%A9/a%2Fb?q=%20x#top", headers=[("X-A", "1"), ("X-A", "2")]
    )
    assert make_http_scope(request, **facts(state={"db": 1})) == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/café/a/b",
        "raw_path": b"/caf%C3%A9/a%2Fb",
        "query_string": b"q=%20x",
        "root_path": "",
        "headers": [(b"host", b"shop.test:81"), (b"x-a", b"1"), (b"x-a", b"2")],
        "client": ("testclient", 50000),
        "server": ("shop.test", 81),
        "state": {"db": 1},
        "extensions": {
            "http.response.early_hint": {},
            "http.response.trailers": {},
            "http.response.debug": {},
            "yaat.unhandled": [],
        },
    }


@pytest.mark.parametrize(("url", "port"), [("http://a.test", 80), ("https://a.test", 443)])
def test_the_port_of_a_scheme_is_the_default(url: str, port: int) -> None:
    """A URL without a port has that of its scheme."""
    assert make_http_scope(httpx.Request("GET", url), **facts())["server"] == ("a.test", port)


def test_the_root_path_is_put_in_front() -> None:
    """`path` has the root path in it, as WSGI's SCRIPT_NAME and PATH_INFO together have."""
    scope = make_http_scope(httpx.Request("GET", "http://a.test/x?y"), **facts(root_path="/api"))
    assert (scope["root_path"], scope["path"], scope["raw_path"]) == ("/api", "/api/x", b"/api/x")


def test_the_state_is_a_shallow_copy() -> None:
    """What a request adds to the state no other request sees; what is in it is shared."""
    shared: list[int] = []
    state = {"shared": shared}
    scope = make_http_scope(httpx.Request("GET", "http://a.test"), **facts(state=state))
    scope["state"]["own"] = 1
    assert state == {"shared": shared}
    assert scope["state"]["shared"] is shared


@pytest.mark.parametrize(("url", "scheme"), [("http://a.test", "ws"), ("https://a.test", "wss")])
def test_a_handshake_becomes_the_scope_of_a_websocket(url: str, scheme: str) -> None:
    """It has subprotocols, the denial extension, and no method."""
    scope = make_websocket_scope(httpx.Request("GET", url), ("chat",), **facts())
    assert (scope["type"], scope["scheme"], scope["subprotocols"]) == ("websocket", scheme, ["chat"])
    assert scope["extensions"] == {"websocket.http.response": {}, "yaat.unhandled": []}
    assert "method" not in scope


def test_the_scopes_are_what_the_referee_wants() -> None:
    """All three pass the specification's tables."""
    request = httpx.Request("GET", "http://a.test")
    for scope in (
        make_http_scope(request, **facts()),
        make_websocket_scope(request, (), **facts()),
        make_lifespan_scope({}),
    ):
        assert Referee(scope).violation is None


def test_the_lifespan_gets_the_state_itself() -> None:
    """What the app puts there is for its requests."""
    state: dict[str, Any] = {}
    assert make_lifespan_scope(state)["state"] is state
