"""What `yaat_staticfiles` offers, for type checkers: some of it is imported when somebody asks for it."""

from .file_response import FileResponse
from .large_file import FileBroken
from .manifest import Manifest, UnknownFile
from .plugin import StaticFilesPlugin
from .staticfiles import StaticFiles

__all__ = [
    "FileBroken",
    "FileResponse",
    "Manifest",
    "StaticFiles",
    "StaticFilesPlugin",
    "UnknownFile",
]
