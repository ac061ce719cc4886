"""Yaat's command line: `yaat new`, `yaat dev`, `yaat run`, and commands that look at an app."""

from .errors import CommandFailed
from .finding import Target, find_target
from .loading import load_app

__all__ = ["CommandFailed", "Target", "find_target", "load_app"]
