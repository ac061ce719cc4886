"""This file is who gave what: the owner and the source line that every record keeps."""

import os
import sys
from types import FrameType

from .record import frozen, set_field

# With the separator: the folders of extensions begin with the same letters.
_OWN_FOLDER = __file__[: __file__.rindex(os.sep) + 1]


@frozen
class Source:
    """A line of somebody's code."""

    file: str
    line: int

    def __init__(self, file: str, line: int) -> None:
        set_field(self, "file", file)
        set_field(self, "line", line)

    def __str__(self) -> str:
        return f"{_shorten(self.file)}:{self.line}"


@frozen
class Owner:
    """Who contributed a record: the app itself, or a plugin of a distribution."""

    plugin: str
    distribution: str | None = None
    version: str | None = None

    @property
    def is_app(self) -> bool:
        """Whether it is the app's own set-up rather than a plugin."""
        return self.plugin == "app"

    def __str__(self) -> str:
        if self.is_app:
            return "the app"
        origin = f" ({self.distribution} {self.version})" if self.distribution else ""
        return f"plugin {self.plugin!r}{origin}"


#: The owner of everything that is set up on the app object itself.
APP = Owner(plugin="app")
#: The owner of what the core brings.
CORE = Owner(plugin="core")


def find_caller() -> Source:
    """Return the nearest line on the stack that is outside Yaat's core: where the mistake would be mended."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OWN_FOLDER):
        frame = frame.f_back
    if frame is None:
        return Source("<unknown>", 0)
    return Source(frame.f_code.co_filename, frame.f_lineno)


def find_source(target: object) -> Source | None:
    """Return where a function or method begins, or `None` for what has no Python code."""
    code = getattr(getattr(target, "__func__", target), "__code__", None)
    return Source(code.co_filename, code.co_firstlineno) if code is not None else None


def format_origin(owner: Owner, source: Source | None) -> str:
    """Return who gave something, and where if that is known: `added at shop.py:3 by the app`."""
    return f"added at {source} by {owner}" if source else f"added by {owner}"


def _shorten(file: str) -> str:
    """Return *file* relative to the working folder where it lies below it."""
    try:
        # PERF: pathlib takes two milliseconds to import, with all that it imports (figure "import, CPU").
        return file.removeprefix(f"{os.getcwd()}{os.sep}")  # noqa: PTH109  # see PERF
    except OSError:  # There is no such folder any more.
        return file
