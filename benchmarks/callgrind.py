"""This file is callgrind: it runs a script, and says what the processes that the script forked have counted.

A forked process says itself what is to be counted: what it does between two calls of ``mark``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Before each call callgrind writes what it has counted since the last one. Any function of the C library would do
#: that has this name there too, costs next to nothing, and that nobody else calls.
mark = os.getppid


def watch(command: list[str], folder: Path) -> Iterator[Any]:
    """Run *command* under callgrind, which leaves its files in *folder*, and yield the JSON lines that it prints.

    Raises:
        subprocess.CalledProcessError: It did not reach its end.
    """
    options = [f"--callgrind-out-file={folder}/callgrind.%p", f"--dump-before={mark.__name__}"]
    tool = ["valgrind", "--tool=callgrind", "--quiet", *options]
    environment = make_environment(folder)
    # Once without it: what is imported is compiled then, quicker than it would be under callgrind.
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
    with subprocess.Popen([*tool, *command], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def make_environment(folder: Path) -> dict[str, str]:
    """Return the environment variables with which a script costs the same each time."""
    return os.environ | {
        # Sets and dicts of strings are ordered, and so searched, alike in each run.
        "PYTHONHASHSEED": "0",
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
        # Functions of C libraries are found when they are loaded, not when they are first called.
        "LD_BIND_NOW": "1",
    }


def read_count(folder: Path, process: int) -> int:
    """Return the instructions of *process* between its two marks.

    Raises:
        ValueError: It did not get there.
    """
    path = folder / f"callgrind.{process}.2"
    text = path.read_text() if path.exists() else ""
    found = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"callgrind wrote no total for process {process}: {text[:200]!r}")
    return int(found[1])
