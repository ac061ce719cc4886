"""This file is the benchmark: every framework that is installed, against raw, as a Markdown table.

``python benchmarks/run.py --help`` says what can be chosen.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from choices import add_choices, add_rows, find_installed, find_python
from rows import BY_NAME
from table import Results, find_over_limit, format_report

WORKER = Path(__file__).parent / "worker.py"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure frameworks against raw ASGI functions.")
    add_choices(parser)
    add_rows(parser)
    parser.add_argument("--rounds", type=int, default=25, help="per row and framework (25)")
    parser.add_argument("--milliseconds", type=float, default=12, help="per round and app (12)")
    parser.add_argument("--check", action="store_true", help="fail when a row of Yaat is wrong or costs too much")
    return parser.parse_args()


def run_worker(framework: str, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield what the process that measures *framework* prints, as it comes.

    Raises:
        subprocess.CalledProcessError: It did not reach its end.
    """
    order = {
        "framework": framework,
        "rows": arguments.rows,
        "rounds": arguments.rounds,
        "round_seconds": arguments.milliseconds / 1000,
    }
    command = [find_python(framework, arguments.environments), str(WORKER), json.dumps(order)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def measure(framework: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return all figures of *framework*, and print why a row has none."""
    lines = run_worker(framework, arguments)
    about = next(lines)
    rows = {}
    for line in lines:
        name = line.pop("row")
        rows[name] = line
        reason = line.get("skipped") or line.get("wrong")
        note = f"no figure: {reason}" if reason else f"{line['median']:.2f} × raw"
        print(f"{framework}: {BY_NAME[name].title}: {note}", file=sys.stderr)
    return about | {"rows": rows}


def main() -> int:
    arguments = parse_arguments()
    frameworks = arguments.frameworks or find_installed(arguments.environments)
    if not frameworks:
        print("No framework is installed: pip install yaat, or see peers.txt", file=sys.stderr)
        return 1
    results: Results = {name: measure(name, arguments) for name in frameworks}
    print(format_report(results, arguments.rows))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    if not arguments.check:
        return 0
    mistakes = find_over_limit(results.get("yaat", {"rows": {}})["rows"])
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
