"""This file is what can be chosen on every command line here: rows, frameworks, environments."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path

from frameworks import NAMES
from rows import BY_NAME


def choose_from(known: Collection[str]) -> Callable[[str], list[str]]:
    """Return a parser of names with commas between them, which refuses those it does not know."""

    def parse(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                choices = ", ".join(known)
                raise argparse.ArgumentTypeError(f"unknown name {name!r}; there are {choices}")
        return names

    return parse


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Give *parser* the options that all measurements share."""
    parser.add_argument(
        "--frameworks",
        type=choose_from(NAMES),
        metavar="NAME,…",
        help="those that are installed",
    )
    parser.add_argument(
        "--environments",
        type=Path,
        metavar="FOLDER",
        help="with a virtual environment called after each framework; one that has none is taken "
        "from the environment of the Python that runs this",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")


def add_rows(parser: argparse.ArgumentParser) -> None:
    """Give *parser* the option that chooses rows."""
    parser.add_argument("--rows", type=choose_from(BY_NAME), default=list(BY_NAME), metavar="ROW,…", help="all")


def find_python(framework: str, environments: Path | None) -> str:
    """Return the interpreter that has *framework*, or should have it."""
    own = environments / framework / "bin" / "python" if environments else None
    return str(own) if own is not None and own.exists() else sys.executable


def find_installed(environments: Path | None) -> list[str]:
    """Return the frameworks that can be imported."""
    return [name for name in NAMES if can_import(find_python(name, environments), name)]


def can_import(python: str, module: str) -> bool:
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", code], check=False).returncode == 0
