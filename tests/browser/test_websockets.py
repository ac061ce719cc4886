"""WebSockets that a page opens."""

from collections.abc import Iterator

import pytest

from .serving import Server, listen, name_origin
from .watching import WatchedPage

#: Opens a WebSocket, sends what it is given, and tells what came back until it was closed.
CONVERSE = """([url, messages]) => new Promise(resolve => {
    const socket = new WebSocket(url), seen = [];
    socket.binaryType = "arraybuffer";
    socket.onopen = () => messages.forEach(
        message => socket.send(Array.isArray(message) ? new Uint8Array(message) : message));
    socket.onmessage = ({data}) => seen.push(typeof data === "string" ? data : [...new Uint8Array(data)]);
    socket.onclose = ({code, reason, wasClean}) => resolve({seen, code, reason, wasClean});
})"""


def name_socket(origin: str, path: str) -> str:
    """Return the URL of a WebSocket at *origin*."""
    return f"{origin.replace('http', 'ws', 1)}{path}"


@pytest.fixture
def short_lived(environment: dict[str, str]) -> Iterator[tuple[Server, str]]:
    """A server that a test may stop, and its origin."""
    with listen() as listener:
        server = Server("make_pages", listener, environment)
        yield server, name_origin(listener)
        server.stop()


def test_messages_go_both_ways(page: WatchedPage, pages: str) -> None:
    """Text and bytes come back as they were sent; the page sees the code and the reason of the end."""
    page.open(pages)
    heard = page.run(CONVERSE, name_socket(pages, "/echo"), ["Grüße ☃", [0, 255], "", "close"])
    assert heard == {"seen": ["Grüße ☃", [0, 255], ""], "code": 4001, "reason": "See you.", "wasClean": True}


def test_unknown_path_is_no_websocket(page: WatchedPage, pages: str) -> None:
    """The page sees a connection that never was."""
    page.open(pages)
    with page.expect_complaint("WebSocket connection to"):
        heard = page.run(CONVERSE, name_socket(pages, "/nowhere"), [])
    assert (heard["code"], heard["wasClean"]) == (1006, False)


def test_page_hears_that_the_server_stops(page: WatchedPage, short_lived: tuple[Server, str]) -> None:
    """A connection that is open then is closed with 1001, so the page knows to come back."""
    server, origin = short_lived
    page.open(origin)
    page.run(
        """([url]) => new Promise(resolve => {
            const socket = new WebSocket(url);
            socket.onmessage = resolve;
            window.closed_with = new Promise(done => { socket.onclose = event => done(event.code); });
        }).then(() => null)""",
        name_socket(origin, "/listen"),
    )
    server.stop()
    assert page.run("() => window.closed_with") == 1001
