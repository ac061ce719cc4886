"""The benchmark behind servers compares frameworks round by round."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from server import rotate
from server_table import Results, find_over_limit, format_report, summarise

SCRIPT = Path(__file__).parents[1] / "server.py"


def one_round(cpu: float, rate: float) -> dict[str, float]:
    return {"requests": 1000, "cpu": cpu, "rate": rate, "median": 1.5, "slowest": 4.0}


def cell(cpu: float) -> dict[str, Any]:
    raw = [one_round(20e-6, 40_000)] * 3
    return summarise([one_round(20e-6 * cpu, 40_000 / cpu)] * 3, raw)


def results(yaat: dict[str, Any]) -> Results:
    return {
        "python": "3.11.7",
        "connections": 32,
        "versions": {"yaat-core": "0.2.0", "uvicorn": "0.54.0"},
        "servers": {"uvicorn": {"plaintext": {"raw": cell(1), "yaat": yaat}}},
    }


def test_rounds_are_compared_with_raw_in_the_same_round() -> None:
    """A round in which the machine was slow for both does not change the ratio."""
    raw = [one_round(20e-6, 40_000), one_round(40e-6, 20_000), one_round(20e-6, 40_000)]
    mine = [one_round(22e-6, 36_000), one_round(44e-6, 18_000), one_round(22e-6, 36_000)]
    figures = summarise(mine, raw)
    assert figures["cpu"] == pytest.approx({"low": 1.1, "median": 1.1, "high": 1.1})
    assert figures["rate"] == pytest.approx(0.9)
    assert figures["cpu_microseconds"] == pytest.approx(22)
    assert figures["requests_per_second"] == 36_000


def test_each_framework_has_each_place_in_the_order() -> None:
    """Nobody is always the first, or always behind the same one."""
    names = ["raw", "yaat", "falcon"]
    orders = [list(rotate(names, number)) for number in range(4)]
    assert orders == [
        ["raw", "yaat", "falcon"],
        ["raw", "falcon", "yaat"],
        ["falcon", "raw", "yaat"],
        ["falcon", "yaat", "raw"],
    ]


def test_the_report_has_the_cpu_time_and_what_clients_see() -> None:
    """First the ratios with their noise, then a table per server and row, then the versions."""
    assert format_report(results(cell(1.25))).splitlines() == [
        "| server CPU per request, × raw | yaat | raw, µs |",
        "| --- | --- | --- |",
        "| uvicorn: plaintext GET, 13 bytes | 1.250 ±0.0% | 20.0 |",
        "",
        "| uvicorn: plaintext GET, 13 bytes | requests/s, × raw | requests/s | p50, ms | p99, ms |",
        "| --- | --- | --- | --- | --- |",
        "| raw | 1.00 | 40,000 | 1.50 | 4.00 |",
        "| yaat | 0.80 | 32,000 | 1.50 | 4.00 |",
        "",
        "Python 3.11.7, 32 connections; yaat-core 0.2.0, uvicorn 0.54.0.",
    ]


def test_a_framework_without_figures_is_a_dash() -> None:
    """What could not be measured is in the table all the same."""
    report = format_report(results({"wrong": "the status is 500, not 200"}))
    assert "| uvicorn: plaintext GET, 13 bytes | – | 20.0 |" in report
    assert "| yaat | – | – | – | – |" in report


@pytest.mark.parametrize(
    ("yaat", "mistakes"),
    [
        (cell(1.1), []),
        (cell(1.11), ["uvicorn: plaintext takes 1.110 × raw's CPU, not 1.1 at most"]),
        ({"wrong": "it ended"}, ["uvicorn: plaintext is answered wrongly: it ended"]),
    ],
)
def test_what_is_over_the_limit_is_told(yaat: dict[str, Any], mistakes: list[str]) -> None:
    """Behind a server Yaat may take a tenth more than raw; a wrong answer never passes."""
    assert find_over_limit(results(yaat)) == mistakes


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not on PATH")
@pytest.mark.skipif(
    None in map(find_spec, ("uvicorn", "uvloop", "httptools", "starlette")), reason="a server or peer is not installed"
)
def test_a_row_is_measured(tmp_path: Path) -> None:
    """A real run prints the tables, and writes the figures that they are made of."""
    path = tmp_path / "figures.json"
    options = ["--frameworks=starlette", "--rows=plaintext", "--servers=uvicorn", "--rounds=1", f"--json={path}"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    command = [sys.executable, str(SCRIPT), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    figures = json.loads(path.read_text())
    assert figures["servers"]["uvicorn"]["plaintext"]["starlette"]["cpu_microseconds"] > 0
    assert format_report(figures) in done.stdout
