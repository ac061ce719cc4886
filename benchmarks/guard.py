"""This file is the guard of speed: it fails when a row of Yaat has become dearer than what was recorded for it.

``python benchmarks/guard.py --record`` records what the rows cost now; say in the commit why. The records hold for the
Python and the packages of the session ``perf_guard``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
RECORDS = HERE / "recorded.toml"
#: By how much a row may cost more. Time is noisy on a machine that does other things too.
TOLERANCE = {"instructions": 0.02, "time": 0.15}
SCRIPTS = {"instructions": ("instructions.py", "ratio"), "time": ("run.py", "median")}

#: By measure and row: multiples of raw.
Figures = dict[str, dict[str, float]]


def measure(kind: str, rows: Iterable[str] = ()) -> dict[str, float]:
    """Return what each of *rows* costs now; without them, each there is."""
    script, key = SCRIPTS[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        command = [sys.executable, str(HERE / script), "--frameworks", "yaat", "--json", str(path)]
        if chosen := ",".join(rows):
            command.append(f"--rows={chosen}")
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = json.loads(path.read_text())["yaat"]
    found = found.get("rows", found)
    return {row: round(figures[key], 3) for row, figures in found.items() if key in figures}


def compare(kind: str, recorded: dict[str, float], measured: dict[str, float]) -> list[str]:
    """Return what is wrong: rows that cost too much, that are not measured any more, or were never recorded."""
    mistakes = []
    for row, cost in measured.items():
        if row not in recorded:
            mistakes.append(f"{row}: {kind} {cost:.3f} × raw, and nothing is recorded; run guard.py --record")
        elif is_dearer(kind, cost, recorded[row]):
            more = cost / recorded[row] - 1
            mistakes.append(f"{row}: {kind} {cost:.3f} × raw, recorded {recorded[row]:.3f}: {more:+.1%}")
    mistakes += [f"{row}: {kind} could not be measured" for row in recorded if row not in measured]
    return mistakes


def measure_again(recorded: dict[str, float], measured: dict[str, float]) -> dict[str, float]:
    """Return what the rows whose time was too long cost when they are measured once more."""
    dear = [row for row, time in measured.items() if row in recorded and is_dearer("time", time, recorded[row])]
    return measure("time", dear) if dear else {}


def is_dearer(kind: str, cost: float, recorded: float) -> bool:
    return cost > recorded * (1 + TOLERANCE[kind])


def write_records(figures: Figures) -> None:
    """Record *figures*."""
    lines = ["# Multiples of raw, by row. Written by guard.py --record."]
    for kind, rows in figures.items():
        lines += ["", f"[{kind}]", *(f"{row} = {cost}" for row, cost in rows.items())]
    RECORDS.write_text("\n".join(lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Fail when a row of Yaat has become dearer.")
    parser.add_argument("--record", action="store_true", help="record what the rows cost now")
    parser.add_argument("--only", choices=SCRIPTS, help="leave the other measure out")
    arguments = parser.parse_args()
    kinds = [arguments.only] if arguments.only else list(SCRIPTS)
    figures = {kind: measure(kind) for kind in kinds}
    recorded: Figures = tomllib.loads(RECORDS.read_text()) if RECORDS.exists() else {}
    if arguments.record:
        write_records({**recorded, **figures})
        return 0
    if "time" in kinds:
        # A second look: what was dear by chance is not so twice.
        figures["time"] |= measure_again(recorded.get("time", {}), figures["time"])
    mistakes = [mistake for kind in kinds for mistake in compare(kind, recorded.get(kind, {}), figures[kind])]
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    count = sum(map(len, figures.values()))
    print(f"{count - len(mistakes)} of {count} figures are as recorded")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
