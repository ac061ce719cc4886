"""Apps of Starlette, tested with these clients."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from yaat_testclient import LifespanError, WebSocketDenied, WebSocketDisconnect

pytest.importorskip("starlette", reason="starlette is not installed")

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException, WebSocketException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute

STORY: list[str] = []


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Tell start and stop, and give the requests a state."""
    STORY.append("start")
    yield {"shop": "open"}
    STORY.append("stop")


async def state(request: Any) -> Any:
    """Answer with the state of the lifespan."""
    return PlainTextResponse(request.state.shop)


async def echo(request: Any) -> Any:
    """Answer with what came."""
    return JSONResponse({"query": dict(request.query_params), "body": (await request.body()).decode()})


async def ticks(request: Any) -> Any:
    """Stream for ever."""

    async def tick() -> AsyncIterator[str]:
        try:
            number = 0
            while True:
                yield f"data: {number}\n\n"
                number += 1
        finally:
            STORY.append("left")

    return StreamingResponse(tick(), media_type="text/event-stream")


async def work(request: Any) -> Any:
    """Answer, then work."""
    return PlainTextResponse("ok", background=BackgroundTask(STORY.append, "worked"))


async def fail(request: Any) -> Any:
    """Fail."""
    raise ValueError("mine")


async def talk(websocket: Any) -> None:
    """Send back what comes, in the subprotocol that is offered."""
    await websocket.accept(subprotocol="chat" if websocket.scope["subprotocols"] else None)
    async for text in websocket.iter_text():
        if text == "bye":
            await websocket.close(4000, "bye")
            return
        await websocket.send_text(text)


async def refuse(websocket: Any) -> None:
    """Refuse, with a response or without."""
    if "response" in websocket.query_params:
        raise HTTPException(401, "who are you?")
    raise WebSocketException(4001)


async def pass_on(request: Any, call_next: Any) -> Any:
    """Do nothing, in a task group of the middleware."""
    return await call_next(request)


ROUTES = [
    Route("/state", state),
    Route("/echo", echo, methods=["GET", "POST"]),
    Route("/ticks", ticks),
    Route("/work", work),
    Route("/fail", fail),
    Route("/old", lambda request: RedirectResponse("/state")),
    WebSocketRoute("/talk", talk),
    WebSocketRoute("/refuse", refuse),
]


@pytest.fixture(params=["plain", "middleware"])
def app(request: pytest.FixtureRequest) -> Any:
    """The app, with and without a middleware that runs it in a task of its own."""
    STORY.clear()
    middleware = [Middleware(BaseHTTPMiddleware, dispatch=pass_on)]
    routes = [Mount("/mounted", routes=ROUTES), *ROUTES]
    return Starlette(routes=routes, lifespan=lifespan, middleware=middleware if request.param == "middleware" else [])


def test_the_lifespan_gives_its_state_to_the_requests(http: Any, app: Any) -> None:
    """In the app and in what is mounted in it."""
    with http.TestClient(app) as client:
        assert client.get("/state").text == "open"
        assert client.get("/old").text == "open"
        assert client.get("/mounted/state").text == "open"
    assert STORY == ["start", "stop"]


def test_requests_are_answered(http: Any, app: Any) -> None:
    """With query and body; HEAD and 404 too."""
    client = http.TestClient(app)
    assert client.post("/echo?a=1", content="é").json() == {"query": {"a": "1"}, "body": "é"}
    assert client.head("/echo").headers["content-length"] == "22"
    assert client.get("/nowhere").status_code == 404


def test_an_endless_stream_can_be_left(http: Any, app: Any) -> None:
    """Starlette leaves its generator to the loop, which closes it at its end."""
    with http.TestClient(app, lifespan="off") as client, client.stream("GET", "/ticks") as response:
        assert next(response.iter_lines()) == "data: 0"
    assert STORY == ["left"]


def test_background_tasks_end_before_the_call(http: Any, app: Any) -> None:
    """So their effect can be tested."""
    http.TestClient(app).get("/work")
    assert STORY == ["worked"]


def test_errors_are_raised_in_the_test(http: Any, app: Any) -> None:
    """Or answered with a 500."""
    with pytest.raises(ValueError, match="mine"):
        http.TestClient(app).get("/fail")
    client = http.TestClient(app, raise_server_exceptions=False)
    assert client.get("/fail").status_code == 500


def test_websockets_talk(http: Any, app: Any) -> None:
    """With subprotocol and close code."""
    client = http.TestClient(app)
    with client.websocket_connect("/talk", subprotocols=["chat"]) as websocket:
        assert websocket.accepted_subprotocol == "chat"
        websocket.send_text("a")
        assert websocket.receive_text() == "a"
        websocket.send_text("bye")
        with pytest.raises(WebSocketDisconnect) as caught:
            websocket.receive_text()
    assert (caught.value.code, caught.value.reason) == (4000, "bye")


@pytest.mark.parametrize(("query", "status"), [("", 403), ("?response", 401)])
def test_websockets_are_refused(http: Any, app: Any, query: str, status: int) -> None:
    """By a close or with a response."""
    with pytest.raises(WebSocketDenied) as caught:
        http.TestClient(app).websocket_connect(f"/refuse{query}").__enter__()
    assert caught.value.response.status_code == status


def test_a_failed_start_is_told(http: Any) -> None:
    """With the error as its cause."""

    @contextlib.asynccontextmanager
    async def broken(app: Any) -> AsyncIterator[Any]:
        yield {"pool": 1}["database"]

    with (
        pytest.raises(LifespanError, match="KeyError: 'database'") as caught,
        http.TestClient(Starlette(lifespan=broken)),
    ):
        pass
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.anyio
async def test_all_of_it_on_the_loop_of_the_test(http: Any, app: Any) -> None:
    """The asynchronous client does the same."""
    async with http.AsyncTestClient(app) as client:
        assert (await client.get("/mounted/state")).text == "open"
        await client.get("/work")
        async with client.stream("GET", "/ticks") as response:
            assert await anext(response.aiter_lines()) == "data: 0"
        with pytest.raises(ValueError, match="mine"):
            await client.get("/fail")
        async with client.websocket_connect("/talk") as websocket:
            await websocket.send_text("a")
            assert await websocket.receive_text() == "a"
    assert STORY[:2] == ["start", "worked"]
    assert STORY[-1] == "stop"
