"""This file is an error in a few lines: what happened, and where in the user's own code."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from sysconfig import get_paths

from yaat.exceptions import ConfigurationError

#: As many as are read before the next look at the editor.
MAX_LINES = 6
#: Parts of paths to code that is installed, wherever that is.
_INSTALLED = ("site-packages", "dist-packages")
_MACHINERY = ("yaat_cli", "importlib")
_PURE = tuple({get_paths()[name] for name in ("stdlib", "platstdlib")})


def format_brief(error: BaseException, folder: Path, *, max_lines: int = MAX_LINES) -> str:
    """Return *error* in at most *max_lines* lines.

    Args:
        error: What was raised.
        folder: Of the project; code outside of it is somebody else's.
    """
    trace, others = error.__traceback__, 0
    while isinstance(error, BaseExceptionGroup):
        others += len(error.exceptions) - 1
        error = error.exceptions[0]
        trace = error.__traceback__ or trace
    message = [*_format_message(error), *([f"And {others} more: yaat check"] if others else [])]
    if isinstance(error, SyntaxError):
        return "\n".join(_cut(_format_syntax(error, folder), max_lines))
    stack = traceback.extract_tb(trace)
    own = [frame for frame in stack if is_own(frame.filename, folder)]
    room = max_lines - len(message)
    frames = own[-(room // 2) :] if room > 1 else []
    return "\n".join(_cut([*_format_frames(frames, folder), *message], max_lines))


def trim_traceback(error: BaseException) -> BaseException:
    """Return *error* without the frames that only led to the user's code: those of this package and of the import."""
    step = error.__traceback__
    while step is not None and step.tb_frame.f_globals.get("__name__", "").partition(".")[0] in _MACHINERY:
        step = step.tb_next
    return error.with_traceback(step)


def is_own(file: str, folder: Path) -> bool:
    """Return whether a file is of the project, rather than installed or of Python."""
    path = Path(file)
    inside = path.is_relative_to(folder) and not any(part in _INSTALLED for part in path.parts)
    return inside and not file.startswith(_PURE)


def _format_message(error: BaseException) -> Iterator[str]:
    """Yield the lines of what happened. Mistakes in the set-up say all themselves; of others the class helps."""
    text = str(error)
    if isinstance(error, ConfigurationError):
        yield from text.splitlines()
    else:
        name = type(error).__qualname__
        yield from (f"{name}: {text}" if text else name).splitlines()
    for note in getattr(error, "__notes__", ()):
        yield from note.splitlines()


def _format_syntax(error: SyntaxError, folder: Path) -> Iterator[str]:
    """Yield the place of what does not compile, the line with a caret, and why."""
    line = (error.text or "").rstrip("\n")
    shown = line.lstrip()
    yield f"{shorten(error.filename or '<unknown>', folder)}:{error.lineno}"
    if shown:
        yield f"    {shown.rstrip()}"
        column = max((error.offset or 1) - 1 - (len(line) - len(shown)), 0)
        yield f"    {' ' * column}^"
    yield f"{type(error).__name__}: {error.msg}"


def _format_frames(frames: list[traceback.FrameSummary], folder: Path) -> Iterator[str]:
    """Yield two lines for each frame: where, and the code."""
    for frame in frames:
        yield f"{shorten(frame.filename, folder)}:{frame.lineno} in {frame.name}"
        if frame.line:
            yield f"    {frame.line}"


def shorten(file: str, folder: Path) -> str:
    """Return *file* from the folder of the project, if it is in there."""
    path = Path(file)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else file


def _cut(lines: Iterator[str] | list[str], max_lines: int) -> list[str]:
    """Return at most *max_lines* of *lines*."""
    every = list(lines)
    return every if len(every) <= max_lines else [*every[: max_lines - 1], "…"]
