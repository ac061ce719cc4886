"""This file counts the processor's instructions per request: a busy machine does not change them.

``python benchmarks/instructions.py --help`` says what can be chosen. It needs valgrind.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from choices import add_choices, add_rows, find_installed, find_python
from rows import BY_NAME
from table import format_table

WORKER = Path(__file__).parent / "instructions_worker.py"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Count instructions per request.")
    add_choices(parser)
    add_rows(parser)
    return parser.parse_args()


def read_count(folder: Path, process: int) -> int:
    """Return all the instructions of *process*, those before it was forked too."""
    text = (folder / f"callgrind.{process}").read_text()
    found = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"callgrind wrote no total for process {process}: {text[:200]!r}")
    return int(found[1])


def count_per_request(folder: Path, forks: list[tuple[int, int]]) -> float:
    """Return the instructions of one request from three forks, as (process, requests).

    Their parent goes on counting, by as much from the first to the second as from there to the third:
    halfway between the first and the third is what the second would be with as few requests.
    """
    (first, few), (second, many), (third, _) = forks
    start = (read_count(folder, first) + read_count(folder, third)) / 2
    return (read_count(folder, second) - start) / (many - few)


def count(framework: str, arguments: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row and its figures, or why it has none."""
    python = find_python(framework, arguments.environments)
    order = json.dumps({"framework": framework, "rows": arguments.rows})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outputs = f"--callgrind-out-file={folder}/callgrind.%p"
        command = ["valgrind", "--tool=callgrind", "--quiet", outputs, python, str(WORKER), order]
        # Sets and dicts of strings are ordered, and so searched, alike in each run.
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, text=True, env=environment) as process:
            assert process.stdout is not None
            for line in process.stdout:
                found = json.loads(line)
                row = found.pop("row")
                if "skipped" not in found:
                    raw = count_per_request(folder, found["raw"])
                    app = count_per_request(folder, found["app"])
                    found = {"raw": raw, "app": app, "ratio": app / raw}
                yield row, found
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)


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
    results: dict[str, dict[str, dict[str, Any]]] = {}
    for framework in arguments.frameworks or find_installed(arguments.environments):
        results[framework] = {}
        for row, figures in count(framework, arguments):
            results[framework][row] = figures
            print(f"{framework}: {BY_NAME[row].title}: {figures}", file=sys.stderr)
    print(format_report(results, arguments.rows))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
