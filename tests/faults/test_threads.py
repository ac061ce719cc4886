"""An app whose threads are all busy lets further requests wait: in their order, each until it is served or given up."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import pytest

from yaat import Request, Yaat
from yaat.asgi import Message
from yaat.responses import StreamResponse
from yaat_staticfiles import FileResponse
from yaat_typed import TypedPlugin, Use

from .requests import Case

SECONDS = 20


class Gate:
    """Handlers that begin are let through one by one.

    Attributes:
        begun: What each of them was called with, in the order in which they began.
        events: The same, and what was left, as the event loop learns of it.
    """

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.events: asyncio.Queue[str] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._permits = threading.Semaphore(0)

    def note(self, event: str) -> None:
        """Tell the event loop."""
        self._loop.call_soon_threadsafe(self.events.put_nowait, event)

    def pass_through(self, name: str) -> str:
        """Wait to be let through; for threads."""
        self.begun.append(name)
        self.note(f"+{name}")
        assert self._permits.acquire(timeout=SECONDS)
        self.note(f"-{name}")
        return name

    def let_through(self, count: int = 1) -> None:
        """Let so many go on."""
        self._permits.release(count)

    async def see(self, *expected: str) -> None:
        """Wait for what happens next."""
        assert [await self.events.get() for _ in expected] == [*expected]


@asynccontextmanager
async def open_gate(max_threads: int, folder: Path = Path()) -> AsyncIterator[tuple[Yaat, Gate]]:
    """Give an app whose handlers wait at a gate, in so many threads."""
    gate = Gate()
    app = Yaat(autoload=False, plugins=[TypedPlugin()], max_threads=max_threads)
    add_threads(app, gate)
    add_others(app, folder)
    async with asyncio.timeout(SECONDS):
        yield app, gate
    gate.let_through(1000)
    app.threads.close()


def add_threads(app: Yaat, gate: Gate) -> None:
    """Add handlers that take a thread each."""

    def connect(name: str) -> Iterator[str]:
        gate.note(f"enter {name}")
        try:
            yield name
        finally:
            gate.note(f"leave {name}")

    @app.get("/wait/{name}")
    def wait(request: Request, name: str) -> str:
        return gate.pass_through(name)

    @app.get("/cancel/{name}", on_disconnect="cancel")
    def wait_until_left(request: Request, name: str) -> str:
        return gate.pass_through(name)

    @app.get("/hold/{name}")
    def hold(request: Request, name: str, held: Annotated[str, Use(connect)]) -> str:
        return gate.pass_through(held)


def add_others(app: Yaat, folder: Path) -> None:
    """Add handlers that take none."""

    async def generate() -> AsyncIterator[str]:
        yield "stream"

    @app.get("/coroutine")
    async def answer(request: Request) -> str:
        return "coroutine"

    @app.get("/stream")
    async def stream(request: Request) -> StreamResponse:
        return StreamResponse(generate())

    @app.get("/file")
    async def send_file(request: Request) -> FileResponse:
        return FileResponse(folder / "file")


def ask(app: Yaat, path: str, **options: Any) -> "asyncio.Task[bytes]":
    """Begin a request, and return what will be its content."""
    return asyncio.create_task(_ask(app, path, **options))


async def _ask(app: Yaat, path: str, left: asyncio.Event | None = None) -> bytes:
    sent: list[Message] = []

    async def receive() -> Message:
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(Case(path=path).make_scope(), receive, send)
    return b"".join(message.get("body", b"") for message in sent)


async def be_asked() -> None:
    """Let requests come as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_requests_that_wait_are_served_in_their_order() -> None:
    """However many wait for one thread, each is served, and none before another that came earlier."""

    async def main() -> None:
        async with open_gate(1) as (app, gate):
            names = [f"{number}" for number in range(50)]
            requests = [ask(app, f"/wait/{name}") for name in names]
            gate.let_through(len(names))
            assert await asyncio.gather(*requests) == [name.encode() for name in names]
            assert gate.begun == names

    asyncio.run(main())


def test_no_more_run_than_there_are_threads() -> None:
    """Only so many run at a time; each that ends makes room for one."""

    async def main() -> None:
        async with open_gate(3) as (app, gate):
            requests = [ask(app, f"/wait/{number}") for number in range(9)]
            for number in range(3):
                assert await gate.events.get() == f"+{gate.begun[number]}"
            for number in range(3, 9):
                assert len(gate.begun) == number
                gate.let_through()
                assert {(await gate.events.get())[0] for _ in range(2)} == {"+", "-"}
            gate.let_through(3)
            await asyncio.gather(*requests)
            assert sorted(gate.begun) == [f"{number}" for number in range(9)]

    asyncio.run(main())


@pytest.mark.parametrize("path", ["/coroutine", "/stream", "/file"])
def test_what_needs_no_thread_of_handlers_goes_on(path: str, tmp_path: Path) -> None:
    """Coroutines, streams and files are served while every thread for plain handlers is busy."""
    (tmp_path / "file").write_text("file")

    async def main() -> None:
        async with open_gate(1, tmp_path) as (app, gate):
            busy = [ask(app, f"/wait/{name}") for name in "ab"]
            await gate.see("+a")
            assert await ask(app, path) == path[1:].encode()
            gate.let_through(2)
            assert await asyncio.gather(*busy) == [b"a", b"b"]

    asyncio.run(main())


@pytest.mark.parametrize("kind", ["wait", "hold"])
def test_a_request_that_is_cancelled_gives_its_place_up(kind: str) -> None:
    """What waits for a thread and is cancelled never begins, and those behind it move up."""

    async def main() -> None:
        async with open_gate(1) as (app, gate):
            requests = [ask(app, f"/wait/{name}") for name in "abc"]
            await gate.see("+a")
            waiting = ask(app, f"/{kind}/d")
            await be_asked()
            for request in (requests[1], waiting):
                request.cancel()
            await asyncio.wait([requests[1], waiting])
            assert requests[1].cancelled()
            assert waiting.cancelled()
            gate.let_through(2)
            assert await asyncio.gather(*requests[::2]) == [b"a", b"c"]
            assert gate.begun == ["a", "c"]

    asyncio.run(main())


def test_a_client_that_leaves_gives_its_place_up() -> None:
    """The same is so for a client that leaves a route which is cancelled then."""

    async def main() -> None:
        async with open_gate(1) as (app, gate):
            busy, left = ask(app, "/wait/a"), asyncio.Event()
            await gate.see("+a")
            waiting = ask(app, "/cancel/b", left=left)
            await be_asked()
            left.set()
            assert await waiting == b""
            following = ask(app, "/wait/c")
            gate.let_through(2)
            assert [await busy, await following] == [b"a", b"c"]
            assert gate.begun == ["a", "c"]

    asyncio.run(main())


def test_a_thread_that_is_no_longer_waited_for_keeps_its_place() -> None:
    """A handler in a thread cannot be stopped: its request ends, and the next one begins when the thread is done."""

    async def main() -> None:
        async with open_gate(1) as (app, gate):
            request, following = ask(app, "/wait/a"), ask(app, "/wait/b")
            await gate.see("+a")
            request.cancel()
            await asyncio.wait([request])
            assert request.cancelled()
            await be_asked()
            assert gate.begun == ["a"]
            gate.let_through()
            assert {await gate.events.get(), await gate.events.get()} == {"-a", "+b"}
            gate.let_through()
            assert await following == b"b"

    asyncio.run(main())


def test_what_a_thread_uses_is_not_taken_from_it() -> None:
    """A handler in a thread has its dependencies until it is done, though its request was cancelled, even twice."""

    async def main() -> None:
        async with open_gate(1) as (app, gate):
            request = ask(app, "/hold/a")
            await gate.see("enter a", "+a")
            for _ in range(2):
                request.cancel()
                await be_asked()
            assert not request.done()
            gate.let_through()
            await gate.see("-a", "leave a")
            await asyncio.wait([request])
            assert request.cancelled()

    asyncio.run(main())


def test_a_stop_waits_for_no_thread_and_loses_none() -> None:
    """When the app lets its threads go, the requests that wait for one are served by those that are left."""

    async def main() -> None:
        async with open_gate(2) as (app, gate):
            requests = [ask(app, f"/wait/{number}") for number in range(6)]
            for _ in range(2):
                await gate.events.get()
            app.threads.close()
            later = ask(app, "/wait/later")
            gate.let_through(7)
            assert await asyncio.gather(*requests) == [f"{number}".encode() for number in range(6)]
            assert await later == b"later"

    asyncio.run(main())
