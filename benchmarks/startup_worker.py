"""This file is one process of ``startup.py``: ``python startup_worker.py TASK FRAMEWORK``.

It prints one line of JSON. Before the clock starts it imports next to nothing, because what a
framework imports is its own cost.
"""

import asyncio  # noqa: F401  # What every server has imported: not the framework's cost.
import importlib
import json
import sys
from time import process_time
from typing import Any


def load(framework: str) -> Any:
    """Import the module that builds an app of *framework* with any number of routes."""
    return importlib.import_module(f"scale.{framework}_routes")


def measure_cpu(framework: str) -> dict[str, float]:
    """Return the CPU seconds to import *framework*, and to get the first answer of 100 routes."""
    start = process_time()
    module = load(framework)
    imported = process_time()
    scale_tasks = importlib.import_module("scale.tasks")
    harness = process_time()
    scale_tasks.run(scale_tasks.build_and_ask(module, 100))
    done = process_time()
    return {"import": imported - start, "ready": imported - start + done - harness}


def measure_size(framework: str) -> dict[str, Any]:
    """Return what 1,000 routes take to build, to keep and to search."""
    scale_tasks = importlib.import_module("scale.tasks")
    figures: dict[str, Any] = scale_tasks.run(scale_tasks.measure_size(load(framework)))
    return figures


TASKS = {"cpu": measure_cpu, "size": measure_size}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](sys.argv[2])))
