"""The rim: where a client's requests meet its app."""

import asyncio
import contextvars
import threading
from typing import Any

import pytest

from yaat_testclient import AppLeftBehindWarning, LifespanError, WebSocketDisconnect

START = {"type": "http.response.start", "status": 200, "headers": []}
LAST = {"type": "http.response.body", "body": b"hello"}


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Say hello."""
    await send(START)
    await send(LAST)


async def life(scope: Any, receive: Any, send: Any) -> None:
    """Start, and fail to stop."""
    if scope["type"] == "http":
        await hello(scope, receive, send)
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.failed", "message": "still busy"})


def count_threads() -> int:
    """Return how many loops of clients are alive."""
    return sum(thread.name == "yaat-testclient" for thread in threading.enumerate())


def test_a_client_has_one_thread_from_its_first_request_to_its_close(http: Any) -> None:
    """It is made when it is needed, and only once."""
    client = http.TestClient(hello)
    assert count_threads() == 0
    client.get("/")
    client.get("/")
    assert count_threads() == 1
    client.close()
    assert count_threads() == 0
    client.close()


def test_a_client_that_is_not_used_has_no_thread(http: Any) -> None:
    """There is nothing to close either."""
    http.TestClient(hello).close()
    client = http.TestClient(hello)
    client.finish_background()
    assert count_threads() == 0


def test_a_closed_client_cannot_be_used(http: Any) -> None:
    """It says so."""
    with http.TestClient(hello, lifespan="off") as client:
        client.get("/")
    with pytest.raises(RuntimeError, match="the client has been closed"):
        client.get("/")
    with pytest.raises(RuntimeError, match="Cannot reopen a client instance"):
        client.__enter__()


def test_a_failed_start_leaves_no_thread(http: Any) -> None:
    """The block is not entered."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(LifespanError, match="no database"), http.TestClient(app):
        pytest.fail("the block was entered")
    assert count_threads() == 0


def test_a_failed_stop_is_raised_at_the_end_of_the_block(http: Any) -> None:
    """And leaves no thread."""
    with pytest.raises(LifespanError, match="still busy"), http.TestClient(life) as client:
        client.get("/")
    assert count_threads() == 0


def test_a_failed_test_matters_more_than_a_failed_stop(http: Any) -> None:
    """The stop becomes a note on what failed in the block."""
    with pytest.raises(AssertionError) as caught, http.TestClient(life):
        raise AssertionError
    assert caught.value.__notes__ == [
        "Closing the client failed too: LifespanError('The app failed to stop: still busy')"
    ]


@pytest.mark.anyio
async def test_a_failed_test_matters_more_in_an_asynchronous_block_too(http: Any) -> None:
    """As in a synchronous one."""
    with pytest.raises(AssertionError) as caught:
        async with http.AsyncTestClient(life):
            raise AssertionError
    assert len(caught.value.__notes__) == 1


def test_an_app_that_blocks_its_loop_is_told_with_its_line(http: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even code that does not await cannot hang a synchronous test."""
    monkeypatch.setattr("yaat_testclient.loop_thread.BLOCKED_SECONDS", 0.05)
    release = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        release.wait()  # not awaited

    with http.TestClient(app, lifespan="off", timeout_seconds=0.05) as client:
        with pytest.raises(http.LIBRARY.ReadTimeout, match="The app blocks its event loop") as caught:
            client.get("/")
        assert "# not awaited" in str(caught.value)
    release.set()


def test_a_thread_of_the_app_that_goes_on_is_warned_of(http: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop cannot end before the threads it has started; it is not waited for any longer."""
    monkeypatch.setattr("yaat_testclient.loop_thread.CLOSE_SECONDS", 0.05)
    release = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asyncio.get_running_loop().run_in_executor(None, release.wait)
        await hello(scope, receive, send)

    client = http.TestClient(app)
    client.get("/")
    with pytest.warns(AppLeftBehindWarning, match="a thread that the app has started"):
        client.close()
    release.set()


def test_a_synchronous_client_works_where_another_loop_runs(http: Any) -> None:
    """The app has a loop of its own; the other one stands still meanwhile."""

    async def main() -> str:
        with http.TestClient(hello, lifespan="off") as client:
            text: str = client.get("/").text
            return text

    assert asyncio.run(main()) == "hello"


def test_a_client_can_be_shared_by_threads(http: Any) -> None:
    """Their requests are answered at the same time."""
    met: list[str] = []
    both_are_here = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        met.append(scope["path"])
        if len(met) == 2:
            both_are_here.set()
        await both_are_here.wait()
        await hello(scope, receive, send)

    with http.TestClient(app, lifespan="off") as client:
        other = threading.Thread(target=client.get, args=["/other"])
        other.start()
        client.get("/one")
        other.join()
    assert sorted(met) == ["/one", "/other"]


def test_an_app_cannot_use_the_client_that_calls_it(http: Any) -> None:
    """It would wait for itself; that is told instead of hanging."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        client.get("/again")

    client = http.TestClient(app)
    with pytest.raises(RuntimeError, match="used by its own app"):
        client.get("/")
    client.close()


def test_an_app_sees_the_context_of_the_test(http: Any) -> None:
    """Each call carries the context variables of the code that makes it."""
    variable = contextvars.ContextVar("variable", default="unset")
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())
        await hello(scope, receive, send)

    with http.TestClient(app, lifespan="off") as client:
        client.get("/")
        variable.set("by the test")
        client.get("/")
    assert seen == ["unset", "by the test"]


def test_work_in_the_background_can_be_waited_for_later(http: Any) -> None:
    """It goes on while the test does something else."""
    started, done = threading.Event(), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await hello(scope, receive, send)
        await asyncio.to_thread(started.wait)
        done.append(True)

    with http.TestClient(app, lifespan="off", wait_for_background=False) as client:
        client.get("/")
        assert done == []
        started.set()
        client.finish_background()
        assert done == [True]


@pytest.mark.parametrize("body", [b"", b"a=1"], ids=["without body", "with body"])
def test_a_small_body_is_given_whole(http: Any, body: bytes) -> None:
    """One message has all of it."""
    messages = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        messages.append(await receive())
        await hello(scope, receive, send)

    http.TestClient(app).post("/", content=body)
    assert messages == [{"type": "http.request", "body": body, "more_body": False}]


def test_hints_trailers_and_debug_information_are_in_the_extensions(http: Any) -> None:
    """What HTTP has beside head and body can be tested too."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.debug", "info": {"template": "a.html"}})
        await send({"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]})
        await send({**START, "trailers": True})
        await send(LAST)
        await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"1")]})

    response = http.TestClient(app).get("/")
    assert response.text == "hello"
    assert response.extensions["http.response.debug"] == {"template": "a.html"}
    assert response.extensions["http.response.early_hint"] == [b"</a.css>; rel=preload"]
    assert response.extensions["http.response.trailers"] == [(b"x-sum", b"1")]
    assert response.http_version == "HTTP/1.1"


@pytest.mark.parametrize("url", ["ws://testserver/ws", "ftp://testserver/"])
def test_a_scheme_that_is_not_http_is_refused(http: Any, url: str) -> None:
    """With the right thing to do for a WebSocket."""
    with pytest.raises(http.LIBRARY.UnsupportedProtocol, match=r"for a WebSocket, websocket_connect\(\)"):
        http.TestClient(hello).get(url)


def test_an_asynchronous_client_needs_asyncio(http: Any) -> None:
    """Under another library it says so, and how to change that."""
    trio = pytest.importorskip("trio", reason="trio is not installed")
    with pytest.raises(RuntimeError, match="AsyncTestClient needs asyncio"):
        trio.run(http.AsyncTestClient(hello).__aenter__)


def test_a_websocket_is_reached_through_the_thread(http: Any) -> None:
    """Its messages cross over and back."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        message = await receive()
        await send({"type": "websocket.send", "text": message["text"].upper()})
        await send({"type": "websocket.close"})

    with http.TestClient(app).websocket_connect("/ws") as websocket:
        websocket.send_text("a")
        assert websocket.receive_text() == "A"
        with pytest.raises(WebSocketDisconnect):
            websocket.receive_text()
