"""The plugin finds steps that are too long, and no others."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

STEPS = """
import asyncio
import time


def use_processor(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def work(seconds, turns):
    for _ in range(turns):
        use_processor(seconds / turns)
        await asyncio.sleep(0)


def test_one_long_step():
    asyncio.run(work(0.2, 1))


def test_many_short_steps():
    asyncio.run(work(0.2, 20))


def test_without_a_loop():
    use_processor(0.2)
"""


def test_long_step_fails_its_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step of 200 ms is too long; twenty of 10 ms are not, and nobody is kept waiting where no event loop runs."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    pytester.makepyfile(STEPS)
    done = pytester.runpytest_subprocess("-p", "soak.gaps", "-p", "no:cacheprovider")
    done.assert_outcomes(failed=1, passed=2)
    done.stdout.fnmatch_lines(["A step of the event loop took * ms of the processor."])
