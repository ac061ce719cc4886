"""Check a distribution where it is installed: that what it promises is there, and works.

Run it with the interpreter of that environment.
"""

import argparse
import importlib
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from importlib.resources import files


def find_faults(name: str, modules: list[str], exactly: list[str]) -> Iterator[str]:
    """Yield what is wrong, one sentence each."""
    installed = distribution(name)
    shipped = [str(path) for path in installed.files or ()]
    for licence in ("LICENSE", "COPYING"):
        if not any(path.endswith(f".dist-info/licenses/{licence}") for path in shipped):
            yield f"{name} ships no {licence}"
    commands = {entry.name for entry in installed.entry_points.select(group="console_scripts")}
    for path in shipped:
        top, name_of_file = path.partition("/")[0], path.rpartition("/")[2]
        is_command = top == ".." and name_of_file.removesuffix(".exe") in commands
        if top not in modules and not top.endswith(".dist-info") and not is_command:
            yield f"{name} ships {path}, which is in none of its import packages {modules}"
    for module in modules:
        importlib.import_module(module)
        if not files(module).joinpath("py.typed").is_file():
            yield f"{module} ships no py.typed"
    yield from find_broken_plugins(installed)
    found = sorted(other.name for other in distributions())
    if exactly and found != sorted(exactly):
        yield f"installing {name} brings {found}, not {sorted(exactly)}"


def find_broken_plugins(installed: Distribution) -> Iterator[str]:
    """Yield each of its entry points for Yaat that cannot be loaded."""
    for entry_point in installed.entry_points.select(group="yaat"):
        try:
            entry_point.load()
        except (ImportError, AttributeError) as error:
            yield f"the entry point {entry_point.name} = {entry_point.value!r} fails: {error}"


def main() -> str | None:
    """Return the faults, or nothing when there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="the distribution")
    parser.add_argument("--module", action="append", default=[], help="an import package of it")
    parser.add_argument("--exactly", nargs="+", default=[], help="all that may be installed")
    options = parser.parse_args()
    faults = find_faults(options.name, options.module, options.exactly)
    return "\n".join(faults) or None


if __name__ == "__main__":
    sys.exit(main())
