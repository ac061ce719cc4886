"""A server that is told to stop under load loses nothing that its app has begun. It prints a table.

`nox -s soak` does it more often, with more servers, and with the same work done by hand: what is lost there too, the
server loses.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest

from .load import UPLOAD, Ask, Load
from .serving import PATIENCE_SECONDS, SERVERS, Server

websockets = pytest.importorskip("websockets", reason="the client `websockets` is not installed")
connect = import_module("websockets.asyncio.client").connect

REQUESTS = int(os.environ.get("YAAT_SOAK_REQUESTS", "0"))
#: Without an argument once, for CI; a million requests are ten rounds.
ROUNDS = max(1, REQUESTS // 100_000)
APP, RAW = "soak.loaded_app:app", "soak.raw_app:app"
IN_CI = ["uvicorn", "granian", "hypercorn", "yaat run --workers 2"]
#: What each connection asks for, one after the other.
PLANS: list[list[str]] = [
    *[["quick"]] * 3,
    *[["slow"]] * 2,
    *[["thread"]] * 2,
    *[["upload"]] * 2,
    *[["stream"]] * 2,
    *[["background"]] * 2,
    *[["quick", "slow", "upload", "thread", "stream", "background"]] * 2,
]
#: What comes back.
CONTENTS = {
    "quick": b"quick",
    "slow": b"slow",
    "thread": b"thread",
    "upload": str(len(UPLOAD)).encode(),
    "stream": b"".join(b"%d;" % number for number in range(20)),
    "background": b"background",
    "endless": b"hello;goodbye",
}
#: They end their worker processes without telling the app before, and lose what those are at.
LOSES_ALL = "yaat run --server hypercorn --workers 2"
KEEPING = [name for name in SERVERS if name not in (LOSES_ALL, "hypercorn --workers 2")]
#: They may close a connection on which a request begins at the very moment of the stop.
LOSES_AFTER_THE_SIGNAL = {name for name in SERVERS if "hypercorn" in name}
#: With the signal that ended it, or its own zero.
STATUSES = {name: -15 if name in ("uvicorn", "yaat run") else 0 for name in SERVERS}
#: granian closes WebSockets itself at the same time, and may be first.
CLOSE_CODES = {name: {1001, 1005, 1006} if "granian" in name else {1001} for name in SERVERS}
#: Far more than the slowest request and the grace of an idle app take; a stream that nobody ends takes for ever.
STOP_SECONDS = 10


@dataclass
class Stop:
    """What a stop has led to.

    Attributes:
        signalled: When the signal was sent, on the clock of `time.monotonic`.
        begun: When each request reached the app, by its number.
        close_codes: Of the WebSockets.
    """

    signalled: float = 0.0
    seconds: float = 0.0
    status: int = 0
    asked: list[Ask] = field(default_factory=list)
    begun: dict[str, float] = field(default_factory=dict)
    events: dict[str, set[str]] = field(default_factory=dict)
    close_codes: list[int] = field(default_factory=list)

    @property
    def truncated(self) -> list[Ask]:
        """Responses that began and did not end."""
        return [ask for ask in self.asked if ask.content is None and ask.received]

    def find_lost(self, *, before: float) -> list[Ask]:
        """Return what the app had begun *before* some time, and what was not answered."""
        return [ask for ask in self.asked if ask.content is None and self.begun.get(str(ask.number), before) < before]

    def read_ledger(self, path: Path) -> None:
        """Take over what the app has noted."""
        for line in path.read_text().splitlines():
            event, number, seconds = line.split()
            self.events.setdefault(event, set()).add(number)
            if event == "begun":
                self.begun[number] = float(seconds)

    def format(self) -> str:
        """Return a line of the table."""
        lost, unread = len(self.find_lost(before=float("inf"))), len(self.asked) - len(self.begun)
        answered = sum(ask.content is not None for ask in self.asked)
        codes = " ".join(map(str, sorted(set(self.close_codes)))) or "–"
        row = f"{answered:8}  {len(self.truncated):9}  {lost:16}  {unread:11}  {codes:>14}  {self.status:6}"
        return f"{row}  {self.seconds:7.2f}"


HEAD = "answered  truncated  begun and lost  never begun  WebSockets by  status  seconds"


async def stop_under_load(server: Server, *, is_raw: bool) -> Stop:
    """Stop *server* while clients ask."""
    stop, load = Stop(), Load(server.port)
    clients = [asyncio.create_task(load.ask_until_closed(*plan)) for plan in PLANS]
    if not is_raw:
        clients += [asyncio.create_task(load.ask_until_closed("endless")) for _ in range(2)]
        clients += [asyncio.create_task(talk(server.port, stop.close_codes)) for _ in range(2)]
    await load.is_warm.wait()
    stop.signalled = time.monotonic()
    server.stop()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*clients)
    stop.asked = load.asked
    return stop


async def talk(port: int, close_codes: list[int]) -> None:
    """Send one message after the other over a WebSocket, until the other side closes it, and note its code."""
    async with connect(f"ws://127.0.0.1:{port}/echo", proxy=None) as client:
        with suppress(websockets.exceptions.ConnectionClosed):
            while True:
                await client.send("hello")
                await client.recv()
    close_codes.append(client.close_code)


def conclude(server: Server, stop: Stop, ledger: Path) -> None:
    """Wait for the end of *server*."""
    stop.status = server.wait()
    stop.seconds = time.monotonic() - stop.signalled
    stop.read_ledger(ledger)


Start = Callable[[str, str], Server]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Where the app notes what has happened."""
    return tmp_path / "ledger"


@pytest.fixture
def start(ledger: Path) -> Iterator[Start]:
    """Start a server; after the test it and all that it has started are gone."""
    servers: list[Server] = []

    def start_server(name: str, app: str) -> Server:
        servers.append(Server(name, app, ledger))
        return servers[-1]

    yield start_server
    for server in servers:
        server.kill()


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[dict[str, Stop]]:
    """What became of each server; it is printed in the end."""
    rows: dict[str, Stop] = {}
    yield rows
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    if capture is not None and rows:
        width = max(map(len, rows))
        with capture.global_and_fixture_disabled():
            print(f"\n{' ' * width}  {HEAD}")
            for name, stop in rows.items():
                print(f"{name:{width}}  {stop.format()}")


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("name", KEEPING if REQUESTS else IN_CI)
def test_stop_loses_nothing_that_was_begun(
    name: str, number: int, start: Start, ledger: Path, table: dict[str, Stop]
) -> None:
    """Whole answers to all of it, a goodbye for every stream and WebSocket, and background work is done."""
    server = start(name, APP)
    stop = table[f"{name}, {number + 1}"] = asyncio.run(stop_under_load(server, is_raw=False))
    conclude(server, stop, ledger)
    answered = [ask for ask in stop.asked if ask.content is not None]
    assert [(ask.kind, ask.content) for ask in answered if ask.content != CONTENTS[ask.kind]] == []
    assert stop.find_lost(before=stop.signalled) == stop.truncated == []
    assert stop.find_lost(before=float("inf")) == [] or name in LOSES_AFTER_THE_SIGNAL
    assert stop.events["working"] == stop.events["worked"]
    assert {str(ask.number) for ask in answered if ask.kind == "background"} <= stop.events["worked"]
    assert set(stop.close_codes) <= CLOSE_CODES[name]
    assert (stop.status, stop.seconds < STOP_SECONDS) == (STATUSES[name], True), server.log
    assert "Traceback" not in server.log, server.log


@pytest.mark.skipif(not REQUESTS, reason="compares servers, and holds nobody to anything; `nox -s soak` does it")
@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize(
    ("name", "app"),
    [("uvicorn", RAW), ("granian", RAW), ("hypercorn", RAW), ("hypercorn --workers 2", RAW), (LOSES_ALL, APP)],
)
def test_what_servers_lose(
    name: str, app: str, number: int, start: Start, ledger: Path, table: dict[str, Stop]
) -> None:
    """The same work by hand loses what the server loses; there is no more to learn than the rows of the table."""
    server = start(name, app)
    title = f"{name}, by hand, {number + 1}" if app == RAW else f"{name}, {number + 1}"
    stop = table[title] = asyncio.run(stop_under_load(server, is_raw=app == RAW))
    conclude(server, stop, ledger)
    assert stop.seconds < STOP_SECONDS


@pytest.mark.parametrize("name", KEEPING if REQUESTS else ["uvicorn", "granian"])
def test_what_does_not_end_is_cancelled_when_its_grace_is_over(name: str, start: Start, ledger: Path) -> None:
    """Background work and WebSockets for ever do not keep a server from ending."""
    server = start(name, APP)
    stop = asyncio.run(stop_with_work(server))
    conclude(server, stop, ledger)
    assert stop.events["cancelled"] == {"websocket", str(stop.asked[0].number)}
    assert (stop.status, stop.seconds < STOP_SECONDS) == (STATUSES[name], True), server.log
    assert "Traceback" not in server.log, server.log


async def stop_with_work(server: Server) -> Stop:
    """Stop *server* while background work and a WebSocket handler go on for ever."""
    stop, load = Stop(), Load(server.port)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    stop.asked = [await load.ask("endless-background", reader, writer)]
    writer.close()
    async with asyncio.timeout(PATIENCE_SECONDS), connect(f"ws://127.0.0.1:{server.port}/deaf", proxy=None) as client:
        assert await client.recv() == "working"
        stop.signalled = time.monotonic()
        server.stop()
        await client.wait_closed()
    return stop
