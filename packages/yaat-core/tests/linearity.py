"""Whether something takes time in proportion to its input: what the tests of parsers ask."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def is_linear(prepare: Callable[[int], T], run: Callable[[T], object], *, count: int = 10_000) -> bool:
    """Return whether four times the input takes about four times the time.

    It is tried a few times, because others use the machine too; what is quadratic takes sixteen times every time.
    """
    small, large = prepare(count), prepare(4 * count)
    return any(_measure(run, large) < 6 * _measure(run, small) + 0.0005 for _ in range(8))


def _measure(run: Callable[[T], object], value: T) -> float:
    """Return the seconds that *run* takes, at best."""
    timings = []
    for _ in range(3):
        start = time.process_time()
        run(value)
        timings.append(time.process_time() - start)
    return min(timings)
