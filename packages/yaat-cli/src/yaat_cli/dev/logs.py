"""This file is what the serving process of `yaat dev` writes to the terminal: few lines, the user's own code first."""

import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from ..brief import format_brief

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class BriefFormatter(logging.Formatter):
    """Writes a record, and below it what was raised, in a few lines.

    Args:
        folder: Of the project.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("%(message)s")
        self._folder = folder

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - so the standard library calls it
        """Return what was raised, in a few lines of the user's own code."""
        return format_brief(ei[1], self._folder) if ei[1] is not None else ""


def set_up_logging(folder: Path) -> None:
    """Send what Yaat, the server and the app log to the terminal."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(BriefFormatter(folder))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # What a lifespan raises is told by the stage, once.
    logging.getLogger("yaat.lifespan").propagate = False


class AccessFormatter(logging.Formatter):
    """Writes one request: `GET /items 200`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record of `uvicorn.access`."""
        args: Any = record.args
        _, method, path, _, status = args
        color = "green" if status < 400 else "yellow" if status < 500 else "red"
        shown = click.style(str(status), fg=color) if sys.stderr.isatty() else status
        return f"{method} {path} {shown}"


def log_accesses() -> None:
    """Write a line for each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AccessFormatter())
    logger = logging.getLogger("uvicorn.access")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)
