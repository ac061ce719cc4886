"""The app that `test_sigterm.py` stops under load. `SOAK_LEDGER` names the file in which it notes what has happened."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from typing import Any

from yaat import Request, Yaat
from yaat.asgi import Receive, Scope, Send
from yaat.background import BackgroundTask, RunAfterResponse
from yaat.responses import StreamResponse
from yaat_websockets import WebSocket, WebSocketsPlugin

#: How long what is slow takes.
SLOW_SECONDS = 0.2
PARTS = 20
#: How long a stop waits for what does not end by itself.
GRACE_SECONDS = 1

_ledger = os.open(os.environ["SOAK_LEDGER"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def note(event: str, number: str) -> None:
    """Write down what happened, to which request, and when; other processes may write to the same file."""
    os.write(_ledger, f"{event} {number} {time.monotonic()}\n".encode())


class NotedYaat(Yaat):
    """An app that notes which requests have reached it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            note("begun", scope["query_string"].decode())
        await super().__call__(scope, receive, send)


app = NotedYaat(
    autoload=False,
    plugins=[WebSocketsPlugin(drain_grace_seconds=GRACE_SECONDS)],
    background_grace_seconds=GRACE_SECONDS,
)


@app.get("/quick")
async def quick(request: Request[Any]) -> str:
    return "quick"


@app.get("/slow")
async def slow(request: Request[Any]) -> str:
    await asyncio.sleep(SLOW_SECONDS)
    return "slow"


@app.get("/thread")
def thread(request: Request[Any]) -> str:
    time.sleep(SLOW_SECONDS)
    return "thread"


@app.post("/upload")
async def upload(request: Request[Any]) -> str:
    return str(sum([len(chunk) async for chunk in request.stream()]))


async def make_parts() -> AsyncIterator[bytes]:
    for number in range(PARTS):
        await asyncio.sleep(SLOW_SECONDS / PARTS)
        yield b"%d;" % number


@app.get("/stream")
async def stream(request: Request[Any]) -> StreamResponse:
    return StreamResponse(make_parts())


async def wait_until_stopped(stopping: asyncio.Event) -> AsyncIterator[bytes]:
    yield b"hello;"
    await stopping.wait()
    yield b"goodbye"


@app.get("/endless")
async def endless(request: Request[Any]) -> StreamResponse:
    return StreamResponse(wait_until_stopped(app.stopping))


async def work(number: str, seconds: float) -> None:
    note("working", number)
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        note("cancelled", number)
        raise
    note("worked", number)


@app.get("/background")
async def background(request: Request[Any]) -> RunAfterResponse:
    return RunAfterResponse("background", BackgroundTask(work, request.scope["query_string"].decode(), SLOW_SECONDS))


@app.get("/endless-background")
async def endless_background(request: Request[Any]) -> RunAfterResponse:
    return RunAfterResponse("background", BackgroundTask(work, request.scope["query_string"].decode(), 3600))


@app.websocket_route("/echo")
async def echo(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    async for message in websocket:
        await websocket.send_text(str(message))


@app.websocket_route("/deaf")
async def deaf(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    await websocket.send_text("working")
    await work("websocket", 3600)
