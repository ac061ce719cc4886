"""The app that servers serve in ``test_websocket_servers.py``: one path for each feature."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from yaat import HTTPException, Request, Yaat
from yaat.responses import StreamResponse
from yaat_websockets import Channel, WebSocket, WebSocketDisconnect, WebSocketsPlugin

app = Yaat(plugins=[WebSocketsPlugin(max_message_bytes=4096, drain_grace_seconds=1)], autoload=False)
news = Channel()
endings: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
ended: list[str] = []


@app.websocket_route("/echo")
async def echo(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    async for message in websocket:
        if isinstance(message, str):
            await websocket.send_text(message)
        else:
            await websocket.send_bytes(message)


@app.websocket_route("/rooms/{room}/{seat:int}")
async def room(websocket: WebSocket[Any], room: str, seat: int) -> None:
    await websocket.accept()
    await websocket.send_json({"room": room, "seat": seat, "query": websocket.query_params["lang"]})


@app.websocket_route("/subprotocol")
async def subprotocol(websocket: WebSocket[Any]) -> None:
    await websocket.accept(websocket.subprotocols[-1], {"x-chosen": websocket.subprotocols[-1]})


@app.websocket_route("/deny")
async def deny(websocket: WebSocket[Any]) -> None:
    await websocket.deny(401, "Who are you?", {"www-authenticate": "Bearer"})


@app.websocket_route("/refuse")
async def refuse(websocket: WebSocket[Any]) -> None:
    await websocket.close()


@app.websocket_route("/forbidden")
async def forbidden(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    raise HTTPException(403, "Not your room.")


@app.websocket_route("/broken")
async def broken(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    raise LookupError("password=hunter2")


@app.websocket_route("/close")
async def close(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    await websocket.close(4001, "See you — soon.")


@app.websocket_route("/note-ending")
async def note_ending(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    try:
        await websocket.receive_text()
    except WebSocketDisconnect as error:
        endings.put_nowait({"code": error.code, "reason": error.reason})


@app.websocket_route("/tell-ending")
async def tell_ending(websocket: WebSocket[Any]) -> None:
    await websocket.accept()
    await websocket.send_json(await endings.get())


@app.websocket_route("/flood/{count:int}")
async def flood(websocket: WebSocket[Any], count: int) -> None:
    await websocket.accept()
    for number in range(count):
        await websocket.send_text(str(number))


@app.websocket_route("/listen")
async def listen(websocket: WebSocket[Any]) -> None:
    """Wait for what never comes, without receiving: the hardest case for a shutdown."""
    await websocket.accept()
    async with news.subscribe("news") as subscription:
        await websocket.send_text("listening")
        async for message in subscription:
            await websocket.send_text(message)


# --- plain HTTP ---


@contextmanager
def noted(name: str) -> Iterator[None]:
    """Note that the block has ended before it was done."""
    try:
        yield
    except BaseException:
        ended.append(name)
        raise


@app.get("/stream")
async def stream(request: Request) -> StreamResponse:
    async def wait() -> AsyncIterator[bytes]:
        with noted("stream"):
            yield b"begun"
            await asyncio.sleep(3600)

    return StreamResponse(wait())


@app.get("/busy-stream")
async def busy_stream(request: Request) -> StreamResponse:
    async def tick() -> AsyncIterator[bytes]:
        with noted("busy stream"):
            while True:
                yield b"tick"
                await asyncio.sleep(0.01)

    return StreamResponse(tick())


@app.get("/cancelled", on_disconnect="cancel")
async def cancelled(request: Request) -> None:
    with noted("cancelled"):
        await asyncio.sleep(3600)


@app.get("/asking")
async def asking(request: Request) -> None:
    while not await request.is_disconnected():  # noqa: ASYNC110 - it is the asking that is tried
        await asyncio.sleep(0.01)
    ended.append("asking")


@app.get("/ended")
async def tell_ended(request: Request) -> list[str]:
    return sorted(ended)
