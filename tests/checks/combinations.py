"""Try the core with every subset of the extensions: the app builds with exactly those, and answers a request.

``python tests/checks/combinations.py FOLDER`` takes a folder in which each distribution is installed in a folder of its
own; what they need from others is where the interpreter finds it.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from itertools import chain, combinations
from pathlib import Path

#: What one interpreter does with one subset: it gets the names of the plugins that must be there.
PROGRAM = """
import asyncio, sys
from yaat import Yaat

app = Yaat()

@app.get("/")
async def index(request):
    return "Hello World"

app.build()
found, expected = sorted(app.manager.plugins), sorted(sys.argv[1:])
assert found == expected, f"active are {found}, and not {expected}"
assert app.report.explain("GET", "/").route is not None
sent = []

async def receive():
    return {"type": "http.request", "body": b"", "more_body": False}

async def send(message):
    sent.append(message)

scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
         "path": "/", "raw_path": b"/", "root_path": "", "query_string": b"", "headers": []}
asyncio.run(app(scope, receive, send))
assert sent[0]["status"] == 200 and sent[1]["body"] == b"Hello World", sent
"""
CORE = "yaat-core"


def list_plugins(folder: Path) -> list[str]:
    """Return the names of the plugins that the distribution in *folder* brings."""
    installed = distributions(path=[str(folder)])
    return [entry.name for each in installed for entry in each.entry_points.select(group="yaat")]


def list_subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield every subset of *names*, the smallest first."""
    return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))


def try_subset(folder: Path, extensions: Iterable[str]) -> str:
    """Return what goes wrong with these *extensions*, or an empty text."""
    names = list(extensions)
    libraries = [path.name for path in folder.iterdir() if path.name != CORE and not list_plugins(path)]
    path = os.pathsep.join(str(folder / name) for name in (CORE, *libraries, *names))
    plugins = [plugin for name in names for plugin in list_plugins(folder / name)]
    command = [sys.executable, "-W", "error", "-c", PROGRAM, *plugins]
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    return f"With {', '.join(names) or 'nothing'}:\n{done.stdout}{done.stderr}" if done.returncode else ""


def main() -> str | None:
    """Try them all, and return what goes wrong."""
    parser = argparse.ArgumentParser(description="Try the core with every subset of the extensions.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    extensions = sorted(path.name for path in folder.iterdir() if path.name != CORE and list_plugins(path))
    subsets = list(list_subsets(extensions))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = list(filter(None, pool.map(lambda subset: try_subset(folder, subset), subsets)))
    sys.stdout.write(f"{len(subsets)} subsets of {', '.join(extensions)}: {len(faults)} do not work.\n")
    return "\n".join(faults) or None


if __name__ == "__main__":
    sys.exit(main())
