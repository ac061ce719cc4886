"""This file measures what an app costs before and beside its requests: imports, routes, memory.

``python benchmarks/startup.py --help`` says what can be chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from choices import add_choices, find_installed, find_python
from table import format_table

WORKER = Path(__file__).parent / "startup_worker.py"

#: What Yaat may cost: figure, title, goal, unit of the plain figures.
FIGURES = (
    ("import", "import, CPU", "0.6 → 0.3", 1e3, "ms"),
    ("ready", "import, 100 routes, first answer, CPU", "0.7 → 0.4", 1e3, "ms"),
    ("build", "1,000 routes, first answer, CPU", "", 1e3, "ms"),
    ("megabytes", "memory per 1,000 routes", "2.5 → 1.5 MB", 1, "MB"),
    ("last_static", "1,000 routes against 10, last static", "1.05 → 1", 1, "×"),
    ("last_parameter", "1,000 routes against 10, last parameter", "1.05 → 1", 1, "×"),
    ("miss", "1,000 routes against 10, miss", "1.05 → 1", 1, "×"),
)
#: Figures whose goal is a share of Starlette's.
SHARES = ("import", "ready")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure imports, many routes and memory.")
    add_choices(parser)
    parser.add_argument("--rounds", type=int, default=9, help="fresh processes for imports (9)")
    return parser.parse_args()


def run_task(task: str, framework: str, environments: Path | None, bytecode: str) -> dict[str, float]:
    """Return the figures of one fresh process.

    Args:
        bytecode: Where compiled modules are kept between processes, as they are after an installation.
    """
    command = [find_python(framework, environments), str(WORKER), task, framework]
    variables = os.environ | {"PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=variables)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure(frameworks: list[str], arguments: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return the figures of all *frameworks*; imports are measured in turns."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in frameworks}
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as bytecode:
        # One more than asked for: the first compiles.
        for _ in range(arguments.rounds + 1):
            for name in frameworks:
                rounds[name].append(run_task("cpu", name, arguments.environments, bytecode))
        for name in frameworks:
            figures = run_task("size", name, arguments.environments, bytecode)
            for key in SHARES:
                figures[key] = statistics.median(one[key] for one in rounds[name][1:])
            results[name] = figures
    return results


def format_cell(key: str, figures: dict[str, float], results: dict[str, Any]) -> str:
    _, _, _, scale, unit = next(figure for figure in FIGURES if figure[0] == key)
    text = f"{figures[key] * scale:.2f} {unit}"
    if key in SHARES and "starlette" in results:
        text += f" ({figures[key] / results['starlette'][key]:.2f})"
    return text


def format_report(results: dict[str, dict[str, float]]) -> str:
    lines = [
        [title, *(format_cell(key, figures, results) for figures in results.values()), goal]
        for key, title, goal, _, _ in FIGURES
    ]
    header = ["(÷ Starlette's)", *results, "Yaat: at most → aim"]
    return format_table(header, lines)


def main() -> int:
    arguments = parse_arguments()
    frameworks = arguments.frameworks or find_installed(arguments.environments)
    results = measure(frameworks, arguments)
    print(format_report(results))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
