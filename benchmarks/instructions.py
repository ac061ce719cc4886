"""This file counts the processor's instructions per request: a busy machine does not change them.

``python benchmarks/instructions.py --help`` says what can be chosen. It needs valgrind.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import ChainMap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from callgrind import read_count, watch
from choices import add_choices, add_rows, find_installed, find_python
from instructions_worker import COUNTED
from rows import BY_NAME
from table import format_table

WORKER = Path(__file__).parent / "instructions_worker.py"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Count instructions per request.")
    add_choices(parser)
    add_rows(parser)
    return parser.parse_args()


def count(framework: str, rows: list[str], environments: Path | None) -> dict[str, dict[str, Any]]:
    """Return by row the figures of *framework*, or why there are none."""
    command = [find_python(framework, environments), str(WORKER), json.dumps({"framework": framework, "rows": rows})]
    figures: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for found in watch(command, folder):
            row = found.pop("row")
            figures[row] = found if "skipped" in found else count_row(folder, **found)
            print(f"{framework}: {BY_NAME[row].title}: {figures[row]}", file=sys.stderr)
    return figures


def count_row(folder: Path, raw: int, app: int) -> dict[str, float]:
    """Return the figures of the processes *raw* and *app*: instructions per request."""
    figures = {"raw": read_count(folder, raw) / COUNTED, "app": read_count(folder, app) / COUNTED}
    return figures | {"ratio": figures["app"] / figures["raw"]}


def count_all(frameworks: list[str], arguments: argparse.Namespace) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the figures of all *frameworks*, counted on all processors, each of them at some of the rows."""
    processors = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(processors) as pool:
        parts = {
            name: [
                pool.submit(count, name, arguments.rows[first::processors], arguments.environments)
                for first in range(min(processors, len(arguments.rows)))
            ]
            for name in frameworks
        }
        found = {name: [part.result() for part in futures] for name, futures in parts.items()}
    merged = {name: dict(ChainMap(*results)) for name, results in found.items()}
    return {name: {row: figures[row] for row in arguments.rows} for name, figures in merged.items()}


def format_report(results: dict[str, dict[str, dict[str, Any]]], rows: list[str]) -> str:
    lines = []
    for name in rows:
        cells = [figures[name] for figures in results.values()]
        raws = [cell["raw"] for cell in cells if "raw" in cell]
        ratios = [f"{cell['ratio']:.3f}" if "ratio" in cell else "–" for cell in cells]
        lines.append([BY_NAME[name].title, *ratios, f"{raws[0]:,.0f}" if raws else "–"])
    return format_table(["instructions, × raw", *results, "raw"], lines)


def main() -> int:
    arguments = parse_arguments()
    if shutil.which("valgrind") is None:
        print("valgrind is not on PATH; install it, e.g. apt-get install valgrind", file=sys.stderr)
        return 1
    results = count_all(arguments.frameworks or find_installed(arguments.environments), arguments)
    print(format_report(results, arguments.rows))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
