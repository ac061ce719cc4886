"""This file is a plugin for pytest: a test fails when one step of its event loop keeps all others waiting too long.

What counts is the time of the processor that the thread had in the step, so a machine that is busy with something else
changes little. `nox -s gaps` runs the tests of all packages with it: `pytest -p soak.gaps`.
"""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

#: The most that a step may take, whatever comes in: a tenth of a second.
LIMIT_SECONDS = float(os.environ.get("YAAT_GAP_SECONDS", "0.1"))
#: How many of the longest steps are told in the end.
SHOWN = 8
#: Tests with steps that are long for a reason: part of the test's id, and the reason.
KNOWN = {
    "readme": "its app is built, and what that needs is imported, on the event loop, as nothing is served yet",
    "yaat-cli/tests/dev/": "`yaat dev` serves one person, who waits for this very page",
}


class Gaps:
    """The longest step of the test that is under way, and the longest of all tests."""

    def __init__(self) -> None:
        self.test = ""
        self.longest = 0.0
        self.longest_of_all: list[tuple[float, str]] = []

    def begin(self, test: str) -> None:
        """Watch another test."""
        self.test, self.longest = test, 0.0

    def note(self, seconds: float) -> None:
        """Take note of a step."""
        self.longest = max(seconds, self.longest)
        if seconds > LIMIT_SECONDS / 10:
            self.longest_of_all = sorted([*self.longest_of_all, (seconds, self.test)], reverse=True)[:SHOWN]


_gaps = Gaps()


def pytest_configure() -> None:
    """Watch every step of every event loop that is written in Python; asyncio has no hook for that."""
    run = asyncio.Handle._run

    def run_watched(handle: asyncio.Handle) -> None:
        begin = time.thread_time()
        run(handle)
        _gaps.note(time.thread_time() - begin)

    setattr(asyncio.Handle, "_run", run_watched)  # noqa: B010  # a type checker would object to an assignment


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test with a step that is too long."""
    gc.freeze()  # Else the garbage collector would look at what all tests before have left.
    _gaps.begin(item.nodeid)
    result = yield
    if _gaps.longest > LIMIT_SECONDS and not any(each in item.nodeid for each in KNOWN):
        pytest.fail(f"A step of the event loop took {_gaps.longest * 1000:.0f} ms of the processor.", pytrace=False)
    return result


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell the longest steps."""
    terminalreporter.section("longest steps of an event loop")
    for seconds, test in _gaps.longest_of_all:
        terminalreporter.line(f"{seconds * 1000:5.0f} ms  {test}")
