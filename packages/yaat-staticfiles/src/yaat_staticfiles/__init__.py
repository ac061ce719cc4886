"""Static files for Yaat: files from handlers, folders below a prefix, and URLs that may be kept for ever."""

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
