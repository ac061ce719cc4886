"""This file is the report of the benchmark behind servers: figures in, Markdown out, and whether Yaat kept its goal."""

from __future__ import annotations

import statistics
from typing import Any

from rows import BY_NAME
from table import format_table
from timing import quartiles

#: ``python``, ``connections``, ``versions`` and, by server, row and framework, ``servers``.
Results = dict[str, Any]

#: The CPU time of a request that Yaat may take, as a multiple of raw's.
MOST = 1.10


def summarise(mine: list[dict[str, float]], raw: list[dict[str, float]]) -> dict[str, Any]:
    """Return the medians of the rounds of a framework, beside those of raw.

    CPU time and rate are compared round by round, because the machine may have been busier in one than in another.
    """
    low, median, high = quartiles([one["cpu"] / other["cpu"] for one, other in zip(mine, raw, strict=True)])
    return {
        "cpu": {"low": low, "median": median, "high": high},
        "rate": statistics.median(one["rate"] / other["rate"] for one, other in zip(mine, raw, strict=True)),
        "cpu_microseconds": statistics.median(one["cpu"] for one in mine) * 1e6,
        "requests_per_second": statistics.median(one["rate"] for one in mine),
        "median_milliseconds": statistics.median(one["median"] for one in mine),
        "slowest_milliseconds": statistics.median(one["slowest"] for one in mine),
    }


def format_report(results: Results) -> str:
    """Return a table of CPU times, one of what a client sees for each row, and what they were measured with."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    about = f"Python {results['python']}, {results['connections']} connections; {versions}."
    return "\n\n".join([format_cpu(results), *format_clients(results), about])


def format_cpu(results: Results) -> str:
    """Return the table of the CPU time that a request takes, × raw."""
    lines = []
    frameworks: list[str] = []
    for server, rows in results["servers"].items():
        for row, cells in rows.items():
            frameworks = [name for name in cells if name != "raw"]
            raw = f"{cells['raw']['cpu_microseconds']:.1f}"
            lines.append([f"{server}: {BY_NAME[row].title}", *(format_ratio(cells[name]) for name in frameworks), raw])
    return format_table(["server CPU per request, × raw", *frameworks, "raw, µs"], lines)


def format_clients(results: Results) -> list[str]:
    """Return a table for each server and row: requests per second, × raw, and how long a client waits."""
    tables = []
    for server, rows in results["servers"].items():
        for row, cells in rows.items():
            header = [f"{server}: {BY_NAME[row].title}", "requests/s, × raw", "requests/s", "p50, ms", "p99, ms"]
            tables.append(format_table(header, [[name, *format_client(cell)] for name, cell in cells.items()]))
    return tables


def format_ratio(cell: dict[str, Any]) -> str:
    """Return a cell: the median, and half the width of the middle half of all rounds in percent."""
    if "wrong" in cell:
        return "–"
    cpu = cell["cpu"]
    return f"{cpu['median']:.3f} ±{(cpu['high'] - cpu['low']) / 2 / cpu['median']:.1%}"


def format_client(cell: dict[str, Any]) -> list[str]:
    if "wrong" in cell:
        return ["–"] * 4
    waits = [f"{cell[name]:.2f}" for name in ("median_milliseconds", "slowest_milliseconds")]
    return [f"{cell['rate']:.2f}", f"{cell['requests_per_second']:,.0f}", *waits]


def find_over_limit(results: Results) -> list[str]:
    """Return a sentence for each row that Yaat answers wrongly, or for which it takes more than it may."""
    mistakes = []
    for server, rows in results["servers"].items():
        for row, cells in rows.items():
            cell = cells.get("yaat", {})
            if "wrong" in cell:
                mistakes.append(f"{server}: {row} is answered wrongly: {cell['wrong']}")
            elif cell and cell["cpu"]["median"] > MOST:
                mistakes.append(f"{server}: {row} takes {cell['cpu']['median']:.3f} × raw's CPU, not {MOST:g} at most")
    return mistakes


def find_ahead(results: Results) -> list[str]:
    """Return a sentence for each peer whose requests take the server less CPU time than Yaat's do."""
    sentences = []
    for server, rows in results["servers"].items():
        for row, cells in rows.items():
            costs = {name: cell["cpu"]["median"] for name, cell in cells.items() if "cpu" in cell and name != "raw"}
            own = costs.get("yaat", 0.0)
            for name, cost in costs.items():
                if cost < own:
                    sentences.append(f"{server}: {row} takes {name} {cost:.3f} × raw's CPU, Yaat {own:.3f}")
    return sentences
