"""This file is many WebSockets at a time: whether messages are lost or reordered, and what slow clients cost.

``python benchmarks/websocket_load.py`` serves its own app under uvicorn in another process and drives it with the
`websockets` client; ``--help`` says what can be chosen. Memory is read from /proc, so it needs Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from yaat import Yaat
from yaat_websockets import Channel, QueueLimit, WebSocket, WebSocketsPlugin, sending
from yaat_websockets.bounded_queue import WhenFull

PORT = 18765
#: Connections that are opened at a time: more would only fill the queue of the listening socket.
OPENED_AT_A_TIME = 50

app = Yaat(plugins=[WebSocketsPlugin()], autoload=False)
news = Channel()


@app.websocket_route("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


@app.websocket_route("/listen/{when_full}")
async def listen(websocket: WebSocket, when_full: WhenFull) -> None:
    limit = QueueLimit(max_messages=100, when_full=when_full)
    await websocket.accept()
    async with news.subscribe("news", limit=limit) as subscription, sending(websocket, subscription):
        await websocket.send_text("listening")
        async for _ in websocket:
            pass


@app.post("/publish/{count:int}/{size:int}")
async def publish(count: int, size: int) -> dict[str, float]:
    before = read_memory("VmRSS")
    forget_peak()
    began = time.perf_counter()
    for number in range(count):
        await news.publish("news", f"{number:010}" + "x" * (size - 10))
    return {
        "seconds": time.perf_counter() - began,
        "before": before,
        "peak": read_memory("VmHWM"),
    }


def forget_peak() -> None:
    """Let VmHWM begin anew (proc(5))."""
    Path("/proc/self/clear_refs").write_text("5")


def read_memory(name: str) -> float:
    """Return a figure of /proc/self/status in MiB."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
    return int(line.split()[1]) / 1024


@contextmanager
def serving() -> Iterator[None]:
    """Serve the app in another process."""
    here = Path(__file__)
    command = [sys.executable, "-m", "uvicorn", f"{here.stem}:app", "--app-dir", str(here.parent)]
    server = subprocess.Popen([*command, "--port", str(PORT), "--log-level", "error", "--ws-ping-interval", "0"])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", PORT)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait()


@asynccontextmanager
async def open_many(path: str, count: int, **options: Any) -> AsyncIterator[list[ClientConnection]]:
    """Keep *count* connections to *path* open."""
    async with AsyncExitStack() as stack:
        slots = asyncio.Semaphore(OPENED_AT_A_TIME)

        async def open_one() -> ClientConnection:
            async with slots:
                client = connect(f"ws://127.0.0.1:{PORT}{path}", open_timeout=60, compression=None, **options)
                return await stack.enter_async_context(client)

        yield list(await asyncio.gather(*(open_one() for _ in range(count))))


async def exchange(client: ClientConnection, count: int) -> int:
    """Send *count* numbers, and return how many came back in their place."""
    for number in range(count):
        await client.send(str(number))
    return sum([await client.recv() == str(number) for number in range(count)])


async def try_many(connections: int, messages: int) -> None:
    began = time.perf_counter()
    async with open_many("/echo", connections) as clients:
        opened = time.perf_counter()
        correct = sum(await asyncio.gather(*(exchange(client, messages) for client in clients)))
        seconds = time.perf_counter() - opened
    total = connections * messages
    print(f"{connections} connections, opened in {opened - began:.1f} s; {messages} messages each:")
    print(f"  {total} sent, {correct} came back in their order, {total - correct} lost or reordered")
    print(f"  {seconds:.1f} s, {total / seconds:.0f} echoes per second (client and server on one machine)")
    if correct != total:
        sys.exit("Messages were lost or reordered.")


async def ask_to_publish(count: int, size: int) -> dict[str, float]:
    """Let the app publish, and return what it says of that."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(f"POST /publish/{count}/{size} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    figures: dict[str, float] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return figures


async def drain(client: ClientConnection) -> tuple[list[int], int | None]:
    """Return the numbers that wait for *client*, and the code with which it was closed if it was."""
    numbers: list[int] = []
    try:
        while True:
            numbers.append(int((await asyncio.wait_for(client.recv(), 2))[:10]))
    except TimeoutError:
        return numbers, None
    except ConnectionClosed:
        return numbers, client.close_code


async def try_slow(when_full: str, clients: int, published: int, size: int) -> None:
    # One message is read ahead, then the client's side stops reading, and so does the network in between.
    async with open_many(f"/listen/{when_full}", clients, max_queue=1, close_timeout=1) as slow:
        for client in slow:
            await client.recv()
        figures = await ask_to_publish(published, size)
        ends = await asyncio.gather(*(drain(client) for client in slow[:20]))
    volume = clients * published * size / 1024**2
    print(f"{clients} clients that do not read, {published} messages of {size} bytes published, {when_full}:")
    before, peak = figures["before"], figures["peak"]
    print(f"  {volume:.0f} MiB would have waited for them; the server grew from {before:.0f} to {peak:.0f} MiB")
    print(f"  publishing took {figures['seconds']:.1f} s")
    numbers, code = ends[0]
    print(f"  one client then read {len(numbers)} messages, up to number {numbers[-1]}, and was closed with {code}")
    if any(found != sorted(set(found)) for found, _ in ends):
        sys.exit("Messages were reordered or doubled.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Many WebSockets at a time.")
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--published", type=int, default=5000)
    parser.add_argument("--size", type=int, default=1024)
    chosen = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))
    with serving():
        asyncio.run(try_many(chosen.connections, chosen.messages))
    for when_full in ("drop_oldest", "close"):
        with serving():
            asyncio.run(try_slow(when_full, chosen.slow, chosen.published, chosen.size))


if __name__ == "__main__":
    main()
