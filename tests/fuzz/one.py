"""Runs one target with atheris: `python -m tests.fuzz.one TARGET [OPTION of libFuzzer ...] [FOLDER ...]`.

New inputs that reach new code go into the first folder. `-merge=1 KEPT NEW` adds to what is kept only those of the new
ones that reach more, the small ones first.
"""

import sys
from importlib import import_module

#: Whose code is watched: what new inputs reach of it shows whether they are worth anything.
WATCHED = ["yaat", "yaat_forms", "yaat_staticfiles", "yaat_typed", "yaat_websockets", "multipart", "tests.fuzz"]


def main() -> None:
    """Feed the target until libFuzzer ends the process."""
    atheris = import_module("atheris")  # It ships no types, and is only where somebody fuzzes.
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=WATCHED):
        target = import_module("tests.fuzz.targets").TARGETS[name]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
