"""This file is the clock: what an app costs as a multiple of raw, side by side in one process.

It counts the CPU time of all threads, so what else the machine does is not in the figures.
"""

from __future__ import annotations

import gc
import statistics
from dataclasses import dataclass
from time import process_time

from exchange import make_call
from messages import App
from row import Row

#: Calls are made ready in batches, outside the time: few enough to be in the cache when used.
BATCH = 64


@dataclass(frozen=True, slots=True)
class Ratio:
    """What *app* costs, in multiples of what raw costs.

    Attributes:
        median: Of the ratios of all rounds.
        low, high: Between them lies the middle half of the ratios: the noise.
        raw_nanoseconds: What one raw request took of CPU, to judge the machine by.
    """

    median: float
    low: float
    high: float
    raw_nanoseconds: float


async def time_requests(app: App, row: Row, count: int) -> float:
    """Return the seconds of CPU that *count* requests took, without the making of their scopes."""
    seconds = 0.0
    for start in range(0, count, BATCH):
        calls = [make_call(row) for _ in range(min(BATCH, count - start))]
        began = process_time()
        for scope, receive, send in calls:
            await app(scope, receive, send)
        seconds += process_time() - began
    return seconds


async def calibrate(app: App, row: Row, seconds: float) -> int:
    """Return how many requests take about *seconds*; this also warms up the interpreter."""
    count = 1
    while (taken := await time_requests(app, row, count)) < seconds / 2:
        count *= 2
    return max(1, round(count * seconds / taken))


async def compare(app: App, raw: App, row: Row, *, rounds: int, round_seconds: float) -> Ratio:
    """Return what *app* costs against *raw*, in turns: a busy moment of the machine hits both."""
    counts = {id(each): await calibrate(each, row, round_seconds) for each in (raw, app)}
    # What is there by now is not looked at again, or raw would pay for the framework's size.
    gc.collect()
    gc.freeze()
    ratios = []
    raw_times = []
    for number in range(rounds):
        order = (raw, app) if number % 2 else (app, raw)
        times = {id(each): await time_requests(each, row, counts[id(each)]) / counts[id(each)] for each in order}
        ratios.append(times[id(app)] / times[id(raw)])
        raw_times.append(times[id(raw)])
    low, median, high = quartiles(ratios)
    return Ratio(median, low, high, statistics.median(raw_times) * 1e9)


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, median, high
