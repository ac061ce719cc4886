"""What a second worker brings: `yaat run --workers 1` and `2`, by turns, with work that needs the processor.

`python benchmarks/workers.py` prints requests per second, their ratio, and which share the busier of two workers had.
On two processors that nobody else uses 2.0 would be perfect; the client takes a little of that. `--server=granian` is
for another server. Connections are opened one after the other: of many at once, uvicorn gives all to one worker.
"""

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

ROUNDS = 5
SECONDS = 3.0
WARM_UP_SECONDS = 3.0
CONNECTIONS = 24
APP = """
import os

from yaat import Yaat

app = Yaat(autoload=False)


@app.get("/")
async def work(request):
    sum(range(100_000))
    return str(os.getpid())
"""
REQUEST = b"GET / HTTP/1.1\r\nhost: bench\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="uvicorn")
    server = parser.parse_args().server
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "app.py").write_text(APP)
        rates: dict[int, list[float]] = {1: [], 2: []}
        shares = []
        for _ in range(ROUNDS):
            for workers, measured in rates.items():
                rate, share = measure(folder, workers, server)
                measured.append(rate)
                shares.append(share)
    for workers, measured in rates.items():
        print(f"{workers} worker(s): {median(measured):7.0f} requests/s  ({min(measured):.0f} to {max(measured):.0f})")
    ratios = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    print(f"2 ÷ 1: {median(ratios):.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"share of the busier worker: {median(shares[1::2]):.0%}")


def measure(folder: str, workers: int, server_name: str) -> tuple[float, float]:
    """Return how many requests a second so many workers answer, and the share of the busiest."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = [f"--port={port}", f"--workers={workers}", f"--server={server_name}", "--log-level=warning"]
    server = subprocess.Popen(
        [sys.executable, "-m", "yaat_cli", "run", *options],
        cwd=folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return asyncio.run(count(port))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


async def count(port: int) -> tuple[float, float]:
    """Return how many requests a second are answered over several connections, and the share of the busiest worker."""
    await wait_until_served(port)
    connections = []
    for _ in range(CONNECTIONS):
        connections.append(await asyncio.open_connection("127.0.0.1", port))
        await ask(*connections[-1])
    end = time.monotonic() + SECONDS
    answered = sum(await asyncio.gather(*[ask_until(end, *each) for each in connections]), Counter())
    for _, writer in connections:
        writer.close()
    return answered.total() / SECONDS, max(answered.values()) / answered.total()


async def wait_until_served(port: int) -> None:
    """Return when the server has had time to start all of its workers."""
    end = time.monotonic() + 30
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await asyncio.sleep(WARM_UP_SECONDS)
            return


async def ask_until(end: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Counter[bytes]:
    """Ask again and again, and return how often each worker has answered."""
    answered: Counter[bytes] = Counter()
    while time.monotonic() < end:
        answered[await ask(reader, writer)] += 1
    return answered


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Ask, and return the content of the answer."""
    writer.write(REQUEST)
    head = await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))


if __name__ == "__main__":
    main()
