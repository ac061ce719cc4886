"""What callgrind wrote for each process becomes instructions per request."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from callgrind import read_count
from instructions import format_report

SCRIPT = Path(__file__).parents[1] / "instructions.py"


def test_what_is_between_the_marks_counts(tmp_path: Path) -> None:
    """Callgrind writes a file before each of the two marks, and one at the end: the second is what is looked for."""
    for suffix, total in ((".1", 1_000_000), (".2", 6_300), ("", 1_500)):
        (tmp_path / f"callgrind.7{suffix}").write_text(f"version: 1\n\ntotals: {total}\n")
    assert read_count(tmp_path, 7) == 6_300


@pytest.mark.parametrize("text", [None, "killed"], ids=["no file", "no total"])
def test_a_count_that_is_missing_is_told(tmp_path: Path, text: str | None) -> None:
    """A run of callgrind that went wrong does not become a figure."""
    if text is not None:
        (tmp_path / "callgrind.7.2").write_text(text)
    with pytest.raises(ValueError, match=f"no total for process 7: {text or ''!r}"):
        read_count(tmp_path, 7)


def test_the_report_has_a_line_per_row() -> None:
    """A row without a figure is a dash."""
    results: dict[str, dict[str, dict[str, Any]]] = {
        "yaat": {"plaintext": {"raw": 6300.0, "app": 15750.0, "ratio": 2.5}, "json_model": {"skipped": "x"}}
    }
    assert format_report(results, ["plaintext", "json_model"]).splitlines()[2:] == [
        "| plaintext GET, 13 bytes | 2.500 | 6,300 |",
        "| POST JSON into a typed model of 5 fields, and back | – | – |",
    ]


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not on PATH")
@pytest.mark.skipif(find_spec("starlette") is None, reason="starlette is not installed")
def test_a_row_is_counted(tmp_path: Path) -> None:
    """A real run gives a figure that can be: a peer needs more instructions than the raw function, which needs some."""
    path = tmp_path / "figures.json"
    options = ["--frameworks=starlette", "--rows=plaintext", f"--json={path}"]
    subprocess.run([sys.executable, str(SCRIPT), *options], check=True, capture_output=True)
    figures = json.loads(path.read_text())["starlette"]["plaintext"]
    assert figures["app"] > figures["raw"] > 1_000
