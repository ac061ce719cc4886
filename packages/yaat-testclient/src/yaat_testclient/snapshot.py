"""This file is what a plugin could change unseen: the variables of its modules, and those of the interpreter."""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType

#: A name, and something that differs when what it names has changed.
Snapshot = dict[str, object]


def take_snapshot(package: str) -> Snapshot:
    """Return what the modules of *package* hold now, and the settings of the interpreter."""
    snapshot: Snapshot = {
        "os.environ": dict(os.environ),
        "sys.path": list(sys.path),
        "sys.excepthook": sys.excepthook,
        "warnings.filters": list(warnings.filters),
        "the handlers of the root logger": list(logging.root.handlers),
        "the level of the root logger": logging.root.level,
    }
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if f"{name}.".startswith(f"{package}."):
            snapshot.update((f"{name}.{variable}", value) for variable, value in _list_variables(module))
    return snapshot


def find_changes(before: Snapshot, after: Snapshot) -> list[str]:
    """Return the names of what has changed. A module that was imported in between is no change."""
    return sorted(name for name, value in after.items() if name in before and before[name] != value)


def _list_variables(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the variables of *module*: what they are bound to, and how much is in those that can grow."""
    for name, value in list(vars(module).items()):
        if name.startswith("__") or isinstance(value, ModuleType):
            continue
        yield name, (id(value), len(value) if isinstance(value, dict | list | set) else 0)
