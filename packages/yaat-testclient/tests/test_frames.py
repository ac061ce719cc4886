"""Where code stands."""

import asyncio
import contextlib
import sysconfig
import threading
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient.frames import (
    Place,
    find_app_place,
    find_caller,
    find_thread_place,
    find_waiting_place,
)

STDLIB_FILE = str(Path(sysconfig.get_path("stdlib")) / "asyncio" / "tasks.py")
INSTALLED_FILE = "/venv/lib/python3/site-packages/framework/routing.py"


class Awaitable:
    """Something that is awaited by its `__await__`."""

    def __await__(self) -> Generator[Any]:
        return wait_for_ever().__await__()


async def wait_for_ever() -> None:
    """Wait for what never comes."""
    await asyncio.Event().wait()  # in a coroutine


async def tick() -> AsyncIterator[int]:
    """Yield nothing, ever."""
    await asyncio.Event().wait()  # in an asynchronous generator
    yield 1


async def read_ticks() -> None:
    """Wait for the first tick."""
    async for _ in tick():
        pass


async def await_object() -> None:
    """Await an object instead of a coroutine."""
    await Awaitable()


@pytest.mark.parametrize(
    ("function", "comment"),
    [
        (wait_for_ever, "# in a coroutine"),
        (read_ticks, "# in an asynchronous generator"),
        (await_object, "# in a coroutine"),
    ],
)
def test_a_suspended_coroutine_is_found_at_its_innermost_line(function: Callable[[], Any], comment: str) -> None:
    """Through coroutines, asynchronous generators and `__await__` down to the line that waits."""

    async def main() -> Place | None:
        task = asyncio.create_task(function())
        await asyncio.sleep(0)
        place = find_waiting_place(task.get_coro())
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return place

    assert str(asyncio.run(main())).endswith(comment)


def test_a_thread_is_found_at_its_own_line() -> None:
    """What a blocked thread executes is told by the line of the app, not of the standard library."""
    entered, release = threading.Event(), threading.Event()

    def block() -> None:
        entered.set()
        release.wait()  # blocked here

    thread = threading.Thread(target=block)
    thread.start()
    entered.wait()
    place = None
    while place is None or not str(place).endswith("# blocked here"):
        place = find_thread_place(thread.ident or 0)
    release.set()
    thread.join()


def test_a_thread_that_has_ended_is_nowhere() -> None:
    """An unknown thread has no place."""
    assert find_thread_place(-1) is None


def test_the_caller_is_the_nearest_line_that_is_not_ours() -> None:
    """The line of this test, as nothing lies between."""
    assert "test_the_caller_is_the_nearest" in str(find_caller())


def test_the_app_goes_before_packages_and_those_before_the_standard_library() -> None:
    """The innermost line of the app is what its author knows."""
    app = Place("/home/me/app.py", 1, "handler")
    framework = Place(INSTALLED_FILE, 2, "route")
    sleep = Place(STDLIB_FILE, 3, "sleep")
    assert find_app_place([framework, app, framework, sleep]) is app
    assert find_app_place([framework, sleep]) is framework
    assert find_app_place([sleep]) is None


def test_a_place_without_source_is_told_without_it() -> None:
    """Generated code has no line to show."""
    assert str(Place("<string>", 7, "f")) == "<string>:7, in f"
