"""Static files for Yaat: files from handlers, folders below a prefix, and URLs that may be kept for ever."""

from typing import TYPE_CHECKING

from .manifest import Manifest, UnknownFile
from .plugin import StaticFilesPlugin

if TYPE_CHECKING:
    from .file_response import FileResponse
    from .large_file import FileBroken
    from .staticfiles import StaticFiles
else:
    from importlib import import_module

    #: Where the names stand that bring what serves files: an app that serves none does not import it.
    _LATE = {"FileBroken": "large_file", "FileResponse": "file_response", "StaticFiles": "staticfiles"}

    def __getattr__(name):
        """Return what is imported when somebody asks for it (PEP 562)."""
        if name not in _LATE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{_LATE[name]}", __name__), name)
        return value


__all__ = [
    "FileBroken",
    "FileResponse",
    "Manifest",
    "StaticFiles",
    "StaticFilesPlugin",
    "UnknownFile",
]
