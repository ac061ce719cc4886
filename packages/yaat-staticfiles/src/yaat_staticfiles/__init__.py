"""Static files for Yaat: files from handlers, folders below a prefix, and URLs that may be kept for ever."""

from importlib import import_module
from typing import Any

from .manifest import Manifest, UnknownFile
from .plugin import StaticFilesPlugin

#: Where the names stand that bring what serves files: an app that serves none does not import it.
_LAZY = {"FileBroken": "large_file", "FileResponse": "file_response", "StaticFiles": "staticfiles"}

__all__ = [
    "FileBroken",
    "FileResponse",
    "Manifest",
    "StaticFiles",
    "StaticFilesPlugin",
    "UnknownFile",
]


def __getattr__(name: str) -> Any:
    """Return what is imported when somebody asks for it (PEP 562); type checkers look into `__init__.pyi`."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    return value
