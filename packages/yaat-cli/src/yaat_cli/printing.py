"""This file is what commands print: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

#: Wide enough for any path, where nobody looks at the lines: in a pipe or a file.
_PIPE_WIDTH = 1000


def print_json(value: Any) -> None:
    """Print *value* as JSON, for programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print *rows* below the names of their columns; each cell stands on one line in a pipe."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def join_paths(paths: Iterable[str]) -> str:
    """Return paths in words, without those that lie below another."""
    found = list(dict.fromkeys(paths))
    tops = [path for path in found if not any(path.startswith(f"{other}/") for other in found)]
    return " and ".join([*([", ".join(tops[:-1])] if len(tops) > 1 else []), *tops[-1:]])
