"""WebSockets, and clients that leave, over the network: each server with each feature."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import yaat
import yaat_websockets

websockets = pytest.importorskip("websockets", reason="the client `websockets` is not installed")
connect = pytest.importorskip("websockets.asyncio.client").connect

#: For each server: the modules that it needs, its command, and what it logs when it listens.
SERVERS: dict[str, tuple[tuple[str, ...], list[str], str]] = {
    "uvicorn, websockets": (
        ("uvicorn", "websockets"),
        ["-m", "uvicorn", "websocket_app:app", "--ws", "websockets-sansio", "--port", "{port}"],
        "Uvicorn running",
    ),
    "uvicorn, wsproto": (
        ("uvicorn", "wsproto"),
        ["-m", "uvicorn", "websocket_app:app", "--ws", "wsproto", "--port", "{port}"],
        "Uvicorn running",
    ),
    # Its worker processes are not told that they will stop before their connections are cancelled; alone it is.
    "hypercorn": (
        ("hypercorn",),
        ["-m", "hypercorn", "websocket_app:app", "--workers", "0", "--bind", "127.0.0.1:{port}"],
        "Running on",
    ),
    "granian": (
        ("granian",),
        ["-m", "granian", "websocket_app:app", "--interface", "asgi", "--port", "{port}"],
        "Started worker",
    ),
}
#: Longer than anything here takes.
PATIENCE_SECONDS = 20


@dataclass
class Table:
    """What each server did for each feature."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, feature: str, server: str, seen: object) -> None:
        """Keep what was *seen*."""
        self.cells.setdefault(feature, {})[server] = str(seen)

    def format(self) -> str:
        """Return the table as text, a line for each feature."""
        servers = list(dict.fromkeys(server for row in self.cells.values() for server in row))
        rows = [["", *servers]]
        rows += [[feature, *(row.get(one, "–") for one in servers)] for feature, row in self.cells.items()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """The table of all servers; it is printed in the end."""
    made = Table()
    yield made
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    if capture is not None and made.cells:
        with capture.global_and_fixture_disabled():
            print(f"\n{made.format()}")


def start(name: str, port: int) -> "subprocess.Popen[str]":
    """Start a server, and return when it listens."""
    modules, command, ready = SERVERS[name]
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        pytest.skip(f"{name}: {', '.join(missing)} is not installed")
    folders = [Path(__file__).parent, *(Path(module.__file__ or "").parents[1] for module in (yaat, yaat_websockets))]
    server = subprocess.Popen(
        [sys.executable, *(part.format(port=port) for part in command)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    seen = []
    for line in server.stdout:
        seen.append(line)
        if ready in line:
            wait_until_connectable(port)
            return server
    raise AssertionError(f"{name} did not start:\n{''.join(seen)}")


def wait_until_connectable(port: int) -> None:
    """Return when *port* accepts connections: granian says that it has started a moment before it does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="module", params=SERVERS)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """A server that serves the app: its name and its port."""
    port = find_port()
    server = start(request.param, port)
    yield request.param, port
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=PATIENCE_SECONDS)


def find_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# The features. Each takes a port, and returns what was seen.


def expect(seen: Any, wanted: Any) -> Any:
    """Return what was *seen*, which must be as *wanted*."""
    assert seen == wanted
    return seen


async def try_text_and_bytes(port: int) -> Any:
    """Text and bytes come back as they were sent."""
    async with connect(f"ws://127.0.0.1:{port}/echo") as client:
        for message in ("héllo", b"\x00\xff", "", b"", "x" * 4000):
            await client.send(message)
            assert await client.recv() == message
    return "ok"


async def try_path_and_query(port: int) -> Any:
    """Path parameters are converted, and the query is there."""
    async with connect(f"ws://127.0.0.1:{port}/rooms/blue%20one/7?lang=de") as client:
        assert json.loads(await client.recv()) == {"room": "blue one", "seat": 7, "query": "de"}
    return "ok"


async def try_subprotocol(port: int) -> Any:
    """The subprotocol that the app chooses reaches the client."""
    async with connect(f"ws://127.0.0.1:{port}/subprotocol", subprotocols=["v2", "v1"]) as client:
        return expect(client.subprotocol, "v1")


async def try_headers(port: int) -> Any:
    """Headers of the acceptance reach the client, unless the server leaves them out."""
    async with connect(f"ws://127.0.0.1:{port}/subprotocol", subprotocols=["v1"]) as client:
        chosen = client.response.headers.get("x-chosen")
    assert chosen in ("v1", None)
    return "ok" if chosen else "left out"


async def find_denial(port: int, path: str) -> tuple[int, str]:
    """Return status and content with which *path* is denied."""
    with pytest.raises(websockets.exceptions.InvalidStatus) as caught:
        async with connect(f"ws://127.0.0.1:{port}{path}"):
            pass
    response = caught.value.response
    return response.status_code, (response.body or b"").decode()


async def try_denial(port: int) -> Any:
    """A denial is the response that the handler gave, or a 403 where the server cannot do that."""
    status, body = await find_denial(port, "/deny")
    assert (status, body) == (401, "Who are you?") or status == 403
    return status


async def try_unknown_path(port: int) -> Any:
    """An unknown path is a 404, or a 403 where the server cannot say that."""
    status, _ = await find_denial(port, "/nowhere")
    assert status in (404, 403)
    return status


async def try_refusal(port: int) -> Any:
    """A close before the acceptance is a 403 (ASGI spec, "Close")."""
    status, _ = await find_denial(port, "/refuse")
    assert status == 403
    return status


async def find_close(port: int, path: str, *messages: str | bytes) -> tuple[int, str]:
    """Return code and reason with which the app closes a connection to *path*."""
    async with connect(f"ws://127.0.0.1:{port}{path}") as client:
        for message in messages:
            await client.send(message)
        with suppress(websockets.exceptions.ConnectionClosed):
            while True:
                await client.recv()
    return client.close_code, client.close_reason


async def try_normal_end(port: int) -> Any:
    """A handler that returns has closed with 1000."""
    return expect(await find_close(port, "/rooms/a/1?lang=en"), (1000, ""))[0]


async def try_close(port: int) -> Any:
    """Code and reason of the app reach the client."""
    return expect(await find_close(port, "/close"), (4001, "See you — soon."))[0]


async def try_http_error(port: int) -> Any:
    """An HTTP error after the acceptance closes with 1008 and its detail."""
    return expect(await find_close(port, "/forbidden"), (1008, "Not your room."))[0]


async def try_unexpected_error(port: int) -> Any:
    """An unexpected error closes with 1011, and tells nothing."""
    return expect(await find_close(port, "/broken"), (1011, "Internal Server Error"))[0]


async def try_message_too_big(port: int) -> Any:
    """A message over the limit of the route closes with 1009."""
    reason = "The message is over the limit of 4096 bytes."
    return expect(await find_close(port, "/echo", "x" * 5000), (1009, reason))[0]


async def try_close_by_client(port: int) -> Any:
    """The app learns the code with which the client closes, and its reason from servers of ASGI 2.4 on."""
    async with connect(f"ws://127.0.0.1:{port}/note-ending") as client:
        await client.close(4002, "bye")
    async with connect(f"ws://127.0.0.1:{port}/tell-ending") as client:
        ending = json.loads(await client.recv())
    assert ending["reason"] in ("bye", "")
    return f"{ending['code']} {ending['reason']}".rstrip()


async def try_order(port: int) -> Any:
    """A thousand messages arrive in their order, in both directions."""
    async with connect(f"ws://127.0.0.1:{port}/flood/1000") as client:
        assert [await client.recv() for _ in range(1000)] == [str(number) for number in range(1000)]
    async with connect(f"ws://127.0.0.1:{port}/echo") as client:
        for number in range(1000):
            await client.send(str(number))
        assert [await client.recv() for _ in range(1000)] == [str(number) for number in range(1000)]
    return "ok"


async def try_plain_http(port: int) -> Any:
    """Plain HTTP on a path of WebSockets is told to upgrade (RFC 9110 §15.5.22)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/echo")
    response = connection.getresponse()
    connection.close()
    assert (response.status, response.headers["upgrade"]) == (426, "websocket")
    return response.status


async def try_leaving(port: int) -> Any:
    """What was to be sent to a client that has left is ended, whatever it waits for."""
    for path in ("/stream", "/busy-stream", "/cancelled", "/asking"):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            await asyncio.sleep(0.2)
    ended: list[str] = []
    while len(ended) < 4:
        await asyncio.sleep(0.05)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        connection.request("GET", "/ended")
        ended = json.load(connection.getresponse())
        connection.close()
    expect(ended, ["asking", "busy stream", "cancelled", "stream"])
    return "ok"


FEATURES: list[Callable[[int], Coroutine[Any, Any, Any]]] = [
    try_text_and_bytes,
    try_path_and_query,
    try_subprotocol,
    try_headers,
    try_denial,
    try_unknown_path,
    try_refusal,
    try_normal_end,
    try_close,
    try_http_error,
    try_unexpected_error,
    try_message_too_big,
    try_close_by_client,
    try_order,
    try_plain_http,
    try_leaving,
]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.__name__.removeprefix("try_"))
def test_feature(feature: Callable[[int], Coroutine[Any, Any, Any]], served: tuple[str, int], table: Table) -> None:
    """Each feature works on each server, as far as the server has it."""
    name, port = served
    seen = asyncio.run(asyncio.wait_for(feature(port), PATIENCE_SECONDS))
    table.note(feature.__name__.removeprefix("try_").replace("_", " "), name, seen)


@pytest.mark.parametrize("name", SERVERS)
def test_open_connections_do_not_hold_a_stop_up(name: str, table: Table) -> None:
    """A server that is asked to stop does, and clients that were listening learn of it."""
    port = find_port()
    server = start(name, port)

    async def listen() -> int:
        async with connect(f"ws://127.0.0.1:{port}/listen") as client:
            assert await client.recv() == "listening"
            server.send_signal(signal.SIGTERM)
            with pytest.raises(websockets.exceptions.ConnectionClosed) as caught:
                await client.recv()
        return caught.value.rcvd.code if caught.value.rcvd is not None else 1006

    code = asyncio.run(asyncio.wait_for(listen(), PATIENCE_SECONDS))
    output, _ = server.communicate(timeout=PATIENCE_SECONDS)
    table.note("stop", name, code)
    assert "yaat_websockets" not in output, output
    # Granian may be gone before it has sent what it was told to send; then the connection just breaks off.
    assert code == 1001 or (name == "granian" and code == 1006)
