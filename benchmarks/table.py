"""This file is the report: figures in, Markdown out, and whether Yaat kept its goals."""

from __future__ import annotations

from typing import Any

from row import Goal
from rows import BY_NAME

#: Framework → what its worker printed: ``python``, ``loop``, ``versions`` and, by row, ``rows``.
Results = dict[str, dict[str, Any]]


def format_table(header: list[str], lines: list[list[str]]) -> str:
    """Return a Markdown table."""
    rule = ["---"] * len(header)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [header, rule, *lines])


def format_figures(figures: dict[str, Any]) -> str:
    """Return a cell: the median, and half the width of the middle half of all rounds in percent."""
    if "wrong" in figures:
        return "wrong answer"
    if "skipped" in figures:
        return "–"
    noise = (figures["high"] - figures["low"]) / 2 / figures["median"]
    return f"{figures['median']:.2f} ±{noise:.0%}"


def format_goal(goal: Goal) -> str:
    unit = "" if goal.of == "raw" else f" × {goal.of}"
    return f"{goal.at_most:g} → {goal.aim:g}{unit}"


def format_report(results: Results, rows: list[str]) -> str:
    """Return the table of all figures and, below it, what they were measured with."""
    header = ["work, × raw", *results, "Yaat: at most → aim", "raw, ns"]
    lines = []
    for name in rows:
        cells = [figures["rows"][name] for figures in results.values()]
        raw_times = [cell["raw_nanoseconds"] for cell in cells if "raw_nanoseconds" in cell]
        lines.append(
            [
                BY_NAME[name].title,
                *map(format_figures, cells),
                format_goal(BY_NAME[name].goal),
                f"{min(raw_times):.0f}" if raw_times else "–",
            ]
        )
    about = next(iter(results.values()))
    versions = [f"{name} {version}" for figures in results.values() for name, version in figures["versions"].items()]
    machine = f"Python {about['python']}, {about['loop']}"
    return f"{format_table(header, lines)}\n\n{machine}; {', '.join(dict.fromkeys(versions))}."


def find_cost(name: str, rows: dict[str, dict[str, Any]]) -> float | None:
    """Return what the row *name* costs in the unit of its goal, if it and that were measured."""
    goal = BY_NAME[name].goal
    unit = 1.0 if goal.of == "raw" else rows.get(goal.of, {}).get("median")
    median = rows[name].get("median")
    return None if unit is None or median is None else median / unit


def find_over_limit(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Return a sentence for each of Yaat's *rows* that is wrong or costs more than it may."""
    mistakes = []
    for name, figures in rows.items():
        goal = BY_NAME[name].goal
        cost = find_cost(name, rows)
        if "wrong" in figures:
            mistakes.append(f"{name} is answered wrongly: {figures['wrong']}")
        if cost is not None and cost > goal.at_most:
            mistakes.append(f"{name} costs {cost:.2f} × {goal.of}, not {goal.at_most:g} at most")
    return mistakes


def find_above_aim(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Return the titles of Yaat's *rows* that cost what they may, yet more than is aimed at."""
    costs = {name: find_cost(name, rows) for name in rows}
    goals = {name: BY_NAME[name].goal for name in rows}
    return [
        BY_NAME[name].title
        for name, cost in costs.items()
        if cost is not None and goals[name].aim < cost <= goals[name].at_most
    ]
