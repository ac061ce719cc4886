"""Check that a distribution is alone where it is installed: what it does not declare cannot be imported.

Run it with the interpreter of that environment, which needs nothing else:
``python -I tests/checks/isolation.py --module yaat_cors --absent yaat_forms httpx``.
"""

import argparse
import importlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec


def find_faults(modules: list[str], absent: list[str]) -> Iterator[str]:
    """Yield what is wrong, one sentence each."""
    for name in absent:
        if find_spec(name) is not None:
            yield f"{name} is importable, and nothing declares it"
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError as error:
            yield f"{name} cannot be imported with what it declares: {error}"
    for name in absent:
        if name in sys.modules:
            yield f"importing {modules} has imported {name}"


def main() -> str | None:
    """Return the faults, or nothing when there is none."""
    parser = argparse.ArgumentParser(description="Check what can be imported.")
    parser.add_argument("--module", nargs="+", default=[], help="what must be importable")
    parser.add_argument("--absent", nargs="*", default=[], help="what must not be")
    options = parser.parse_args()
    return "\n".join(find_faults(options.module, options.absent)) or None


if __name__ == "__main__":
    sys.exit(main())
