"""This file finds the line of the app that a mistake is to be mended in."""

import os
import sys
from pathlib import Path
from types import FrameType

import yaat
from yaat.provenance import Source

_OWN_FOLDERS = tuple(str(Path(str(file)).parent) + os.sep for file in (__file__, yaat.__file__))


def find_caller() -> Source:
    """Return the nearest line on the stack that is outside of Yaat."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OWN_FOLDERS):
        frame = frame.f_back
    return Source("<unknown>", 0) if frame is None else Source(frame.f_code.co_filename, frame.f_lineno)
