"""This file drives an app by hand: each place where it waits is counted, and can be where it is cancelled."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import coroutine
from typing import Any, Generic, Literal, NamedTuple, TypeVar

A = TypeVar("A")
T = TypeVar("T")

#: How a cancellation meets what an app waits for: before it is there; when it is there and the app does not know yet;
#: before a thread has begun with it, which then never does; or once more, while the app cleans up.
How = Literal["waiting", "ready", "queued", "twice"]
HOWS: tuple[How, ...] = ("waiting", "ready", "queued", "twice")
#: Far more than anything that goes on by itself takes.
TURNS = 40


class TurnLoop(asyncio.SelectorEventLoop):
    """An event loop whose threads are turns of its own, so that the same happens every time.

    As in a thread, nothing interrupts a function that has begun, and its result is lost when nobody waits for it.

    Attributes:
        begins_late: Threads are taken when work is given to them, so what is cancelled at once never runs.
        complaints: What would have been logged of errors that nobody has looked at.
    """

    def __init__(self) -> None:
        super().__init__()
        self.begins_late = False
        self.complaints: list[str] = []
        self.set_exception_handler(lambda _, context: self.complaints.append(f"{context}"))

    def run_in_executor(self, executor: Any, function: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]  # that one is overloaded for other versions
        """Call *function* in the next turn."""
        future: asyncio.Future[T] = self.create_future()
        self.call_soon(self._work, future, function, args)
        return future

    def _work(self, future: "asyncio.Future[T]", function: Callable[..., T], args: tuple[Any, ...]) -> None:
        if future.cancelled() and self.begins_late:
            return
        try:
            result = function(*args)
        except Exception as error:
            if not future.cancelled():
                future.set_exception(error)
        else:
            if not future.cancelled():
                future.set_result(result)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Return what *main* returns, in a loop of its own that has nothing to complain of."""
    with asyncio.Runner(loop_factory=TurnLoop) as runner:
        loop = runner.get_loop()
        result = runner.run(_limit(main))
    assert isinstance(loop, TurnLoop)
    assert loop.complaints == []
    return result


async def _limit(main: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(5):
        return await main


async def pause() -> None:
    """Wait for something that comes in the next turn."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()
    loop.call_soon(_arrive, future)
    await future


def _arrive(future: "asyncio.Future[None]") -> None:
    """Let what was waited for be there, if anybody waits for it still."""
    if not future.done():
        future.set_result(None)


async def settle() -> set["asyncio.Task[Any]"]:
    """Let everything go on by itself, and return the tasks that have not ended."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
    return asyncio.all_tasks() - {asyncio.current_task()}


class Interruption:
    """Cancels what it drives at the place with the number *at*, counted from 0.

    Attributes:
        is_done: There was such a place.
    """

    def __init__(self, at: int, how: How) -> None:
        self.is_done = False
        self._at = at
        self._how = how
        self._count = 0

    @coroutine
    def drive(self, steps: Coroutine[Any, Any, Any]) -> Generator[Any, Any, None]:
        """Do what *steps* does, one step after the other."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, TurnLoop)
        loop.begins_late = self._how == "queued"
        try:
            waited_for = steps.send(None)
            while True:
                self._see(waited_for)
                try:
                    value = yield waited_for
                except BaseException as error:
                    waited_for = steps.throw(error)
                else:
                    waited_for = steps.send(value)
        except StopIteration:
            return

    def _see(self, waited_for: "asyncio.Future[Any] | None") -> None:
        """Cancel the task when this is the place."""
        count, self._count = self._count, self._count + 1
        if count == self._at or (self._how == "twice" and count == self._at + 1):
            task = asyncio.current_task()
            assert task is not None
            self.is_done = True
            if self._how == "ready" and waited_for is not None:
                # Called before the task is woken, which has added itself later.
                waited_for.add_done_callback(lambda _: task.cancel())
            else:
                task.cancel()


class Ledger:
    """What was entered, and what was left."""

    def __init__(self) -> None:
        self.entered: Counter[str] = Counter()
        self.left: Counter[str] = Counter()

    def list_open(self) -> dict[str, int]:
        """Return how often what was entered was not left, or was left too often."""
        return {
            name: self.entered[name] - self.left[name]
            for name in self.entered | self.left
            if self.entered[name] != self.left[name]
        }

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Enter *name*, and leave it."""
        self.entered[name] += 1
        try:
            yield
        finally:
            self.left[name] += 1

    @asynccontextmanager
    async def hold_slowly(self, name: str) -> AsyncIterator[None]:
        """Enter *name*, and wait on the way in and on the way out."""
        with self.hold(name):
            await pause()
            try:
                yield
            finally:
                await pause()


class Site(NamedTuple, Generic[A]):
    """An app, and what it works with."""

    app: A
    ledger: Ledger
    folder: Path


class Watch:
    """Sees to it that what goes on at a site leaves nothing behind."""

    def __init__(self, site: Site[Any]) -> None:
        self._site = site
        self._descriptors = list_descriptors()
        self._open = site.ledger.list_open()

    async def check(self, about: object) -> None:
        """Raise for what is left: a task, an open file, a file on the disk, or what was entered."""
        assert await settle() == set(), about
        assert self._site.ledger.list_open() == self._open, about
        assert list_descriptors() == self._descriptors, about
        assert [*self._site.folder.glob("spool/*"), *self._site.folder.glob("saved/.*")] == [], about


def list_descriptors() -> dict[str, str]:
    """Return what is open in this process, by the number of its descriptor."""
    found = {}
    for link in Path("/dev/fd").iterdir():
        try:
            found[link.name] = os.readlink(link)  # noqa: PTH115 - the folder itself is open, and its link is gone by now
        except OSError:
            continue
    return found
