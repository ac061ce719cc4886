"""Counts of forked processes become instructions per request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from instructions import count_per_request, format_report


def write_totals(folder: Path, totals: dict[int, int]) -> None:
    """Write what callgrind would leave behind: a file per process."""
    for process, total in totals.items():
        (folder / f"callgrind.{process}").write_text(f"version: 1\nsummary: {total}\n\ntotals: {total}\n")


def test_start_up_and_the_parent_cancel_out(tmp_path: Path) -> None:
    """Only what grows with the requests counts, though the parent of the forks went on counting too."""
    start, growth, request = 1_000_000, 500, 6_300
    write_totals(
        tmp_path,
        {
            1: start + 100 * request,
            2: start + growth + 400 * request,
            3: start + 2 * growth + 100 * request,
        },
    )
    assert count_per_request(tmp_path, [(1, 100), (2, 400), (3, 100)]) == request


def test_a_file_without_a_total_is_told(tmp_path: Path) -> None:
    """A run of callgrind that went wrong does not become a figure."""
    for process in (1, 2, 3):
        (tmp_path / f"callgrind.{process}").write_text("killed")
    with pytest.raises(ValueError, match="no total for process 1: 'killed'"):
        count_per_request(tmp_path, [(1, 100), (2, 400), (3, 100)])


def test_the_report_has_a_line_per_row() -> None:
    """A row without a figure is a dash."""
    results: dict[str, dict[str, dict[str, Any]]] = {
        "yaat": {"plaintext": {"raw": 6300.0, "app": 15750.0, "ratio": 2.5}, "json_model": {"skipped": "x"}}
    }
    assert format_report(results, ["plaintext", "json_model"]).splitlines()[2:] == [
        "| plaintext GET, 13 bytes | 2.500 | 6,300 |",
        "| POST JSON into a typed model of 5 fields, and back | – | – |",
    ]
