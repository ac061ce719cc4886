"""This file is the benchmark behind servers: what a request costs the server's process, and how long a client waits.

``python benchmarks/server.py --help`` says what can be chosen. It needs Linux, and wrk for the load.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from choices import add_choices, choose_from, find_installed, find_python
from rows import BY_NAME
from server_table import Results, find_ahead, find_over_limit, format_report, summarise
from serving import SERVERS, NotServed, Server, serving
from wrk import INSTALL, make_load

ROWS = ("plaintext", "json_get", "path_params")
VERSIONS = """
import json, sys, platform
from frameworks import find_version, find_versions
names = ("uvicorn", "httptools", "granian", "uvloop")
own = {} if sys.argv[1] == "raw" else find_versions(sys.argv[1])
print(json.dumps(own | {name: find_version(name) for name in names}))
"""


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure frameworks behind servers, against raw ASGI functions.")
    add_choices(parser)
    add_many(parser, "--rows", ROWS)
    add_many(parser, "--servers", tuple(SERVERS))
    parser.add_argument("--rounds", type=int, default=5, help="per row, server and framework (5)")
    parser.add_argument("--seconds", type=int, default=1, help="per round and framework (1)")
    parser.add_argument("--connections", type=int, default=32, help="that send requests at a time (32)")
    parser.add_argument("--check", action="store_true", help="fail when Yaat costs too much, or more than a peer")
    return parser.parse_args()


def add_many(parser: argparse.ArgumentParser, option: str, names: tuple[str, ...]) -> None:
    parser.add_argument(option, type=choose_from(names), default=list(names), metavar="NAME,…", help=", ".join(names))


def split_processors() -> tuple[str, str]:
    """Return the processors for the server and for the client: one each, where there are two."""
    first, *others = sorted(os.sched_getaffinity(0))
    return str(first), str(others[0] if others else first)


def measure(server: str, row: str, pythons: dict[str, str], arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of each framework, or why it has none: in turns, so that a busy moment hits all.

    Raises:
        NotServed: Raw is not served, to which all are compared.
    """
    own, client = split_processors()
    found: dict[str, Any] = {}
    running: dict[str, Server] = {}
    with ExitStack() as stack:
        for name, python in pythons.items():
            try:
                running[name] = stack.enter_context(serving(python, server, name, BY_NAME[row], cpus=own))
            except NotServed as reason:
                if name == "raw":
                    raise
                found[name] = {"wrong": str(reason)}
        options = {"connections": arguments.connections, "cpus": client}
        rounds: dict[str, list[dict[str, float]]] = {name: [] for name in running}
        for number in range(arguments.rounds):
            for name in rotate(list(running), number):
                before = running[name].read_cpu()
                load = make_load(BY_NAME[row], running[name].port, seconds=arguments.seconds, **options)
                cpu = (running[name].read_cpu() - before) / load.requests
                rounds[name].append(asdict(load) | {"cpu": cpu})
    figures = {name: summarise(mine, rounds["raw"]) for name, mine in rounds.items()}
    return {name: (found | figures)[name] for name in pythons}


def rotate(names: list[str], number: int) -> Iterator[str]:
    """Yield *names*, each round from another one on, and every second round backwards."""
    first = number % len(names)
    ordered = names[first:] + names[:first]
    return reversed(ordered) if number % 2 else iter(ordered)


def find_versions(pythons: dict[str, str]) -> dict[str, str]:
    """Return the versions of frameworks and servers."""
    versions: dict[str, str] = {}
    for name, python in pythons.items():
        command = [python, "-c", VERSIONS, name]
        folder = Path(__file__).parent
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        versions |= json.loads(done.stdout)
    return versions


def measure_all(pythons: dict[str, str], arguments: argparse.Namespace) -> Results:
    """Return all figures, and tell each as soon as it is there."""
    figures: dict[str, dict[str, Any]] = {}
    for server in arguments.servers:
        figures[server] = {}
        for row in arguments.rows:
            figures[server][row] = measure(server, row, pythons, arguments)
            for name, cell in figures[server][row].items():
                note = cell.get("wrong") or f"{cell['cpu']['median']:.3f} × raw's CPU, {cell['rate']:.2f} × raw's rate"
                print(f"{server}, {BY_NAME[row].title}: {name}: {note}", file=sys.stderr)
    return {
        "python": platform.python_version(),
        "connections": arguments.connections,
        "versions": find_versions(pythons),
        "servers": figures,
    }


def main() -> int:
    arguments = parse_arguments()
    if shutil.which("wrk") is None:
        print(INSTALL, file=sys.stderr)
        return 1
    # Or a benchmark that is ended would leave its servers behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    frameworks = arguments.frameworks or find_installed(arguments.environments)
    pythons = {"raw": sys.executable} | {name: find_python(name, arguments.environments) for name in frameworks}
    results = measure_all(pythons, arguments)
    print(format_report(results))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    mistakes = [*find_over_limit(results), *find_ahead(results)] if arguments.check else []
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
