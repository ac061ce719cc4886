"""This file is where code stands: the lines of an app that is running, waiting or blocked."""

import gc
import linecache
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any

#: Where code lives that is never the app's own: the standard library, and this package.
STDLIB = sysconfig.get_path("stdlib")
PACKAGE = str(Path(__file__).parent) + os.sep
#: Where other people's packages live; the app is found there only if nowhere else.
INSTALLED = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code that is being executed."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        source = linecache.getline(self.file, self.line).strip()
        return f"{self.file}:{self.line}, in {self.function}" + (f": {source}" if source else "")


def make_place(frame: FrameType) -> Place:
    """Return the place at which *frame* stands."""
    return Place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_qualname)


def is_installed(place: Place) -> bool:
    """Tell whether *place* is in an installed package."""
    return any(folder in place.file for folder in INSTALLED)


def is_foreign(place: Place) -> bool:
    """Tell whether *place* is in the standard library or in this package."""
    return place.file.startswith((PACKAGE, "<frozen")) or (place.file.startswith(STDLIB) and not is_installed(place))


def find_app_place(places: Iterable[Place]) -> Place | None:
    """Return the last of *places* that is in the app, else the last in any installed package."""
    candidates = [place for place in places if not is_foreign(place)]
    own = [place for place in candidates if not is_installed(place)]
    return next(reversed(own or candidates), None)


def walk_back(frame: FrameType | None) -> Iterator[Place]:
    """Yield the places of a running stack, innermost first."""
    while frame is not None:
        yield make_place(frame)
        frame = frame.f_back


def find_caller() -> Place | None:
    """Return the innermost line running now that is not in this package or the standard library."""
    return next((place for place in walk_back(sys._getframe()) if not is_foreign(place)), None)


def find_thread_place(thread_id: int) -> Place | None:
    """Return the line of the app that a thread is executing."""
    frame = sys._current_frames().get(thread_id)
    return find_app_place(reversed(list(walk_back(frame))))


def find_waiting_place(awaitable: Any) -> Place | None:
    """Return the line of the app at which a suspended coroutine waits."""
    return find_app_place(walk_awaits(awaitable))


def walk_awaits(awaitable: Any) -> Iterator[Place]:
    """Yield the places of a suspended coroutine and of what it awaits, outermost first."""
    while awaitable is not None:
        match awaitable:
            case CoroutineType():
                frame, inner = awaitable.cr_frame, awaitable.cr_await
            case AsyncGeneratorType():
                frame, inner = awaitable.ag_frame, awaitable.ag_await
            case GeneratorType():
                frame, inner = awaitable.gi_frame, awaitable.gi_yieldfrom
            case _:
                frame, inner = None, find_wrapped(awaitable)
        if frame is not None:
            yield make_place(frame)
        awaitable = inner


def find_wrapped(awaitable: Any) -> Any:
    """Return what an `__anext__()` or an `__await__()` drives, if *awaitable* is one of those.

    These objects of the interpreter name what they drive to the garbage collector only.
    """
    if type(awaitable).__name__ not in {"async_generator_asend", "coroutine_wrapper"}:
        return None
    kinds = (CoroutineType, AsyncGeneratorType)
    return next((found for found in gc.get_referents(awaitable) if isinstance(found, kinds)), None)
