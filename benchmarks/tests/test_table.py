"""The report tells what was measured, and whether Yaat kept its goals."""

from __future__ import annotations

from typing import Any

from table import find_over_limit, format_report


def figures(median: float) -> dict[str, Any]:
    return {"median": median, "low": median * 0.98, "high": median * 1.02, "raw_nanoseconds": 410}


def test_the_report_has_a_line_per_row_with_its_noise() -> None:
    """A cell is the median and half the width of the middle half of the rounds."""
    results = {
        "yaat": {
            "python": "3.11.7",
            "loop": "asyncio",
            "versions": {"yaat-core": "0.2.0"},
            "rows": {"plaintext": figures(2.5), "json_model": {"skipped": "needs yaat-typed"}},
        }
    }
    assert format_report(results, ["plaintext", "json_model"]).splitlines()[2:] == [
        "| plaintext GET, 13 bytes | 2.50 ±2% | 2.8 → 2 | 410 |",
        "| POST JSON into a typed model of 5 fields, and back | – | 0.7 → 0.5 | – |",
        "",
        "Python 3.11.7, asyncio; yaat-core 0.2.0.",
    ]


def test_a_row_within_its_limit_passes() -> None:
    """The limit itself is allowed."""
    assert find_over_limit({"plaintext": figures(2.8)}) == []


def test_a_row_over_its_limit_is_told() -> None:
    """What costs too much is named with its cost and its limit."""
    assert find_over_limit({"plaintext": figures(2.81)}) == ["plaintext costs 2.81 × raw, not 2.8 at most"]


def test_a_limit_can_be_a_multiple_of_another_row() -> None:
    """A mounted app is held against Yaat's own plaintext."""
    rows = {"plaintext": figures(2.0), "mounted": figures(2.3)}
    assert find_over_limit(rows) == ["mounted costs 1.15 × plaintext, not 1.1 at most"]


def test_a_wrong_answer_is_told() -> None:
    """An app that answers wrongly does not pass for being quick."""
    assert find_over_limit({"plaintext": {"wrong": "the status is 500, not 200"}}) == [
        "plaintext is answered wrongly: the status is 500, not 200"
    ]


def test_a_row_without_a_figure_is_left_out() -> None:
    """What Yaat's installed packages cannot do is not held against it."""
    assert find_over_limit({"json_model": {"skipped": "needs yaat-typed"}}) == []
